"""Every widget that takes input has a name and a place in the tab order; labels show plain text only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answers_panel,
    ask,
    ask_place,
    buttons_in,
    document_pane,
    document_view,
    empty_view,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTableWidget,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qadesk.errors import DocumentError, PasswordNeeded
from qadesk.records import Document, Page, RecentDocument
from qadesk.ui.kit import theme
from qadesk.ui.kit.password_dialog import PasswordDialog
from qadesk.ui.kit.widgets import TextDialog
from qadesk.ui.settings.settings_dialog import SettingsDialog
from qadesk.ui.shell import actions
from qadesk.ui.shell.command_palette import CommandPalette
from qadesk.ui.shell.main_window import MainWindow
from qadesk.ui.shell.palette_entries import command_entries
from qadesk.ui.shell.shortcut_sheet import ShortcutSheet

USABLE = (QAbstractButton, QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QAbstractItemView)


def own(widget: QWidget) -> bool:
    """Whether the widget is one that we made, not a part that Qt puts into its own."""
    if widget.objectName().startswith("qt_"):
        return False
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractSpinBox | QComboBox | QTabBar | QMenu | QTableWidget | QTreeWidget):
            return False
        above = above.parentWidget()
    return True


def nameless(root: QWidget) -> list[str]:
    widgets = []
    for widget in root.findChildren(QWidget):
        if isinstance(widget, USABLE) and own(widget):
            name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            if not name.strip():
                widgets.append(repr(widget))
    return widgets


def window_with_answers(qtbot: QtBot, make_window: MakeWindow) -> MainWindow:
    window = make_window(ScriptedReader([("words", 0.6), ("Some", 0.1)]), text="Some words.")
    window.services.documents.show_document(
        Document("Some <b>words</b>.", "<i>a</i>.txt", "text", notes=("A <u>note</u>.",))
    )
    ask(qtbot, window, "Which?")
    window.report(DocumentError("Bad <b>file</b>.", "Mend it.", "detail"))
    document_pane(window).open_find()
    return window


def test_all_that_can_be_used_in_the_window_has_a_name(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    assert nameless(window) == []


@pytest.mark.parametrize("kind", ["settings", "shortcuts", "palette", "text", "password", "page"])
def test_all_that_can_be_used_in_the_dialogs_has_a_name(qtbot: QtBot, make_window: MakeWindow, kind: str) -> None:
    window = make_window(ScriptedReader())
    if kind == "page":
        document = Document("Some words.", "a.pdf", "pdf", pages=(Page(1, "1", 0, 11),))
        window.services.documents.show_document(document)
        window.run_command("go_to_page")
    makers = {
        "settings": lambda: SettingsDialog(window.settings, window.services.jobs, window),
        "shortcuts": lambda: ShortcutSheet(actions.ROWS, window),
        "palette": lambda: CommandPalette(command_entries(actions.ROWS, window.commands), window),
        "text": lambda: TextDialog(window, "Title", "Lead", "Text"),
        "password": lambda: PasswordDialog(PasswordNeeded("Locked."), window),
        "page": lambda: window.services.dialogs.current,
    }
    dialog = makers[kind]()
    assert isinstance(dialog, QDialog)
    assert dialog.windowTitle()
    assert nameless(dialog) == []


def test_labels_take_no_markup(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    labels = [label for label in window.findChildren(QLabel) if "<" in label.text()]
    assert {label.text() for label in labels} >= {"<i>a</i>.txt", "A <u>note</u>.", "Bad <b>file</b>."}
    in_cards = [label for card in answers_panel(window).cards for label in (card._text, card._context)]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels if label not in in_cards)


def test_a_card_shows_the_text_of_the_document_and_no_markup_in_it(qtbot: QtBot, make_window: MakeWindow) -> None:
    text = "The <img src=x> & <u>lamp</u> burns."
    window = make_window(ScriptedReader([("<u>lamp</u>", 0.9)]), text=text)
    ask(qtbot, window, "What burns?")
    card = answers_panel(window).cards[0]
    assert card._text.text() == "&lt;u&gt;lamp&lt;/u&gt;"
    assert card._context.text() == "The &lt;img src=x&gt; &amp; <b>&lt;u&gt;lamp&lt;/u&gt;</b> burns."


def test_tooltips_take_no_markup(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    recent = RecentDocument(1, "a <img src=x> & b.txt", "text", Path("/home/anna/a <img src=x> & b.txt"), 0.0)
    empty_view(window).set_recent([recent])
    (button,) = buttons_in(empty_view(window)._recent)
    assert button.text().splitlines()[0] == "a <img src=x> && b.txt"
    assert button.text().splitlines()[1].startswith("/home/anna · ")
    assert "a &lt;img src=x&gt; &amp; b.txt" in button.toolTip()
    empty_view(window).set_recent([replace(recent, title="long" * 60)])
    (button,) = buttons_in(empty_view(window)._recent)
    assert len(button.text().splitlines()[0]) <= 60


def test_tab_goes_from_the_question_through_everything_and_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    window.services.messages.dismiss()
    space = ask_place(window).view
    space.focus_question()
    order: list[QWidget | None] = []
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        order.append(QApplication.focusWidget())
        if order[-1] is space.ask_bar.field:
            break
    assert order[-1] is space.ask_bar.field
    stops = (
        space.ask_bar.button,
        space.pane.view,
        space.pane.find_bar.field,
        space.answers.cards[0],
        space.answers.label_buttons.accept,
        space.answers.cards[1],
    )
    assert [order.index(stop) for stop in stops] == sorted(order.index(stop) for stop in stops)


def test_focus_can_be_seen(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    space = ask_place(window).view
    for widget in (
        space.ask_bar.button,
        space.answers.cards[1],
        space.pane.find_bar.field,
        space.pane.find_bar.case,
        space.pane.view,
    ):
        space.ask_bar.field.setFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.grab().toImage() != before, widget


def test_the_answer_is_announced(qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: messages.append(event.message()))
    window = make_window(ScriptedReader([("words", 0.1)], 0.7), text="Some words.")
    ask(qtbot, window, "Which?")
    assert len(messages) == 1
    assert messages[0].startswith("Probably not in this document · 70")
    assert "Answer 1: words. Closest" in messages[0]


def test_nothing_is_cut_off_with_large_text(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("words", 0.6), ("Some", 0.1)]), text="Some words.", view__zoom=200)
    ask(qtbot, window, "Which?")
    panel = answers_panel(window)
    QApplication.processEvents()
    for card in panel.cards:
        assert card.width() <= panel.area.viewport().width()
        assert card.height() >= card.heightForWidth(card.width())
    end = panel.no_answer.geometry().bottom()
    assert end <= panel._ground.height() <= max(end + 40, panel.area.viewport().height())  # nothing empty to scroll to
    window.services.appearance.zoom_reset()


@pytest.mark.parametrize("at_start", [True, False])
def test_all_text_has_the_size_that_is_set(qtbot: QtBot, make_window: MakeWindow, at_start: bool) -> None:
    normal = QApplication.font().pointSizeF()
    window = make_window(ScriptedReader([("words", 0.6)]), text="Some words.", view__zoom=200 if at_start else 100)
    if not at_start:
        window._set("view.zoom", 200)
        window.services.appearance.apply()
    ask(qtbot, window, "Which?")
    small = [
        widget for widget in window.findChildren(QWidget) if own(widget) and widget.font().pointSizeF() < 1.9 * normal
    ]
    window.services.appearance.zoom_reset()
    assert small == []


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_the_appearance_is_applied_at_once(qtbot: QtBot, make_window: MakeWindow, appearance: str) -> None:
    window = make_window(ScriptedReader(), text="Some words.")
    window.show_settings()
    theme_field = window.services.dialogs.current.editors["view.theme"].field  # type: ignore[union-attr]
    theme_field.setCurrentIndex(theme_field.findData(appearance))
    assert theme.active().name == appearance
    picture = document_view(window).grab().toImage()
    assert picture.pixelColor(3, 3).name() == theme.active().surface
    theme_field.setCurrentIndex(1)

"""The table of actions: its keys, its menus, what is built from it, and the keys at work in the window."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from driving import MakeWindow, ScriptedReader, ask, document_view, question_field
from driving import document as document_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.app.models.manage import ListedModel
from qadesk.ui.kit import theme
from qadesk.ui.settings.settings_dialog import SettingsDialog
from qadesk.ui.shell import actions
from qadesk.ui.shell.command_palette import CommandPalette
from qadesk.ui.shell.main_window import MainWindow
from qadesk.ui.shell.shortcut_sheet import ShortcutSheet

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
CTRL_ALT = CTRL | Qt.KeyboardModifier.AltModifier


def opened_palette(window: MainWindow) -> CommandPalette:
    window.commands["show_palette"].trigger()
    palette = window.services.dialogs.current
    assert isinstance(palette, CommandPalette)
    return palette


def titles(palette: CommandPalette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


ROWS = actions.rows_with_places({"ask": "&Ask", "label": "&Label", "library": "Lib&rary", "history": "Histor&y"})


def test_no_two_actions_share_a_key() -> None:
    by_place: dict[str, list[str]] = {}
    for row in ROWS:
        place = "window" if row.name else row.menu
        by_place.setdefault(place, []).extend(QKeySequence(key).toString() for key in row.keys)
    window = by_place.pop("window")
    assert not [key for key, count in Counter(window).items() if count > 1]
    for place, keys in by_place.items():
        assert not set(keys) & set(window), place
        assert len(set(keys)) == len(keys), place


def test_every_key_is_one_that_qt_knows() -> None:
    for row in ROWS:
        for key in row.keys:
            assert QKeySequence(key).toString(), key


def test_no_two_letters_in_a_menu_are_the_same() -> None:
    for menu, rows in actions.by_menu(ROWS).items():
        letters = [row.text[row.text.index("&") + 1].lower() for row in rows if "&" in row.text]
        assert len(set(letters)) == len(letters), menu


def test_the_menus_and_the_sheet_hold_the_whole_table(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    assert set(window.commands) == {row.name for row in ROWS} - {"", actions.RECENT}
    for row in ROWS:
        if row.name and row.name != actions.RECENT:
            keys = [key.toString() for key in window.commands[row.name].shortcuts()]
            assert keys == [QKeySequence(key).toString() for key in row.keys]
    sheet = ShortcutSheet(ROWS)
    qtbot.addWidget(sheet)
    items = sheet.tree.findItems("*", Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive)
    assert [item.text(1) for item in items if item.text(1)] == [actions.keys_in_words(row) for row in ROWS if row.keys]


def test_the_palette_finds_and_does(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="Some words.")
    palette = opened_palette(window)
    assert "Go to page…" not in titles(palette)  # no pages here
    qtbot.keyClicks(palette.field, "larger interface")
    assert titles(palette) == ["Larger interface"]
    assert palette.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Larger interface, Ctrl+Alt++, Ctrl+Alt+="
    size = window.settings["view.zoom"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.settings["view.zoom"] == size + 10


def test_the_palette_finds_themes_and_settings(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), view__theme="light")
    palette = opened_palette(window)
    assert not [title for title in titles(palette) if title.startswith("Theme")]  # nothing was typed
    qtbot.keyClicks(palette.field, "dark")
    assert titles(palette)[:2] == ["Theme: Dark", "Pages of a PDF in the dark…"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.settings["view.theme"] == "dark"
    assert theme.active() is theme.DARK
    palette = opened_palette(window)
    qtbot.keyClicks(palette.field, "largest file")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, SettingsDialog)
    assert dialog.tabs.tabText(dialog.tabs.currentIndex()) == "Documents"
    assert dialog.focusWidget() is dialog.editors["documents.max_megabytes"].field


def test_the_palette_finds_recent_documents_and_says_when_nothing_fits(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="The lease of the house.")
    window.services.documents.paste("Other words.")
    qtbot.waitUntil(lambda: len(window.recent_menu.actions()) == 4)
    palette = opened_palette(window)
    qtbot.keyClicks(palette.field, "lease")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document_of(window).text == "The lease of the house.")
    palette = opened_palette(window)
    qtbot.keyClicks(palette.field, "xyzzy")
    assert not titles(palette)
    assert palette.nothing.text() == "No command, setting, document or model fits “xyzzy”."
    palette.all_button.click()
    assert titles(palette)


def test_the_palette_finds_models(home: Path, qtbot: QtBot, make_window: MakeWindow) -> None:
    folder = home / "mine"
    window = make_window(ScriptedReader())
    used: list[str] = []
    window.models.actions.use = lambda _folder, name: used.append(name)  # type: ignore[method-assign]
    palette = opened_palette(window)
    palette.field.setText("use the model")
    listed = [
        ListedModel("mine", folder, bundled=False),
        ListedModel("broken", folder, bundled=False, problem="It is."),
    ]
    window.models.actions.models_listed.emit(listed)
    assert titles(palette) == ["Use the model mine"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert used == ["mine"]


@pytest.mark.parametrize(
    ("key", "modifiers", "dialog"),
    [
        (Qt.Key.Key_F1, NONE, "Keyboard shortcuts"),
        (Qt.Key.Key_Slash, CTRL, "Keyboard shortcuts"),
        (Qt.Key.Key_Comma, CTRL, "Settings"),
        (Qt.Key.Key_P, CTRL | SHIFT, "All commands"),
    ],
)
def test_keys_open_dialogs_one_at_a_time(
    qtbot: QtBot, make_window: MakeWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier, dialog: str
) -> None:
    window = make_window(ScriptedReader())
    qtbot.keyClick(window, key, modifiers)
    assert window.services.dialogs.current is not None
    assert window.services.dialogs.current.windowTitle() == dialog
    window.show_about()
    visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget is not window]
    assert len(visible) == 1
    window.services.dialogs.current.close()
    assert window.services.dialogs.current is None


def test_the_question_has_the_focus_and_gets_it_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="Some words.")
    field = question_field(window)
    assert QApplication.focusWidget() is field
    for key in (Qt.Key.Key_K, Qt.Key.Key_L):
        document_view(window).setFocus()
        qtbot.keyClick(window, key, CTRL)
        assert QApplication.focusWidget() is field


@pytest.mark.slow
def test_the_size_of_the_interface_changes_everything_and_is_kept(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="Some words.")
    view, field = document_view(window), question_field(window)
    before = view.font().pointSizeF(), field.font().pointSizeF(), window.font().pointSizeF()
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL_ALT)
    qtbot.keyClick(window, Qt.Key.Key_Equal, CTRL_ALT)
    after = view.font().pointSizeF(), field.font().pointSizeF(), window.font().pointSizeF()
    assert list(after) == pytest.approx([size * 1.2 for size in before])
    assert view.document().defaultFont().pointSizeF() == view.font().pointSizeF()
    assert window.settings["view.zoom"] == 120
    qtbot.keyClick(window, Qt.Key.Key_Minus, CTRL_ALT)
    assert window.settings["view.zoom"] == 110
    qtbot.keyClick(window, Qt.Key.Key_0, CTRL_ALT)
    assert view.font().pointSizeF() == pytest.approx(before[0])
    window.services.appearance.zoom(-40)
    assert window.settings["view.zoom"] == 50
    window.services.appearance.zoom_reset()


def test_the_size_of_the_document_is_its_own_and_is_kept(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="Some words.")
    view, field = document_view(window), question_field(window)
    before = view.font().pointSizeF(), field.font().pointSizeF()
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_Equal, CTRL)
    assert view.font().pointSizeF() == pytest.approx(before[0] * 1.2)
    assert view.document().defaultFont().pointSizeF() == view.font().pointSizeF()
    assert field.font().pointSizeF() == before[1]
    assert (window.settings["view.text_zoom"], window.settings["view.zoom"]) == (120, 100)
    qtbot.keyClick(window, Qt.Key.Key_Minus, CTRL)
    assert window.settings["view.text_zoom"] == 110
    qtbot.keyClick(window, Qt.Key.Key_0, CTRL)
    assert view.font().pointSizeF() == before[0]


def test_the_chosen_answer_stays_in_view_when_the_text_grows(qtbot: QtBot, make_window: MakeWindow) -> None:
    text = "\n\n".join(f"Paragraph {number} of a text that goes on for a while." for number in range(60))
    window = make_window(ScriptedReader([("Paragraph 40", 0.9)]), text=text)
    ask(qtbot, window, "Which?")
    view = document_view(window)
    start = text.index("Paragraph 40")
    assert view.is_in_view(start, start + 12)
    window.services.appearance.zoom_text(10)
    qtbot.waitUntil(lambda: view.is_in_view(start, start + 12))
    view.show_at_top(0)
    window.services.appearance.zoom_text(-5)
    qtbot.wait(20)
    assert not view.is_in_view(start, start + 12)  # the user has scrolled away from it
    window.services.appearance.zoom_text_reset()


def test_full_screen_and_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert window.commands["toggle_full_screen"].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_space_and_ends_move_in_the_document(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="Some words.\n" * 500)
    view = document_view(window)
    view.setFocus()
    bar = view.verticalScrollBar()
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert bar.value() > 5
    assert window.services.status.position.text() != "0 %"
    qtbot.keyClick(view, Qt.Key.Key_Space, SHIFT)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_End, CTRL)
    assert bar.value() >= bar.maximum() - 1
    qtbot.keyClick(view, Qt.Key.Key_Home, CTRL)
    assert bar.value() == 0


def test_what_has_nothing_to_act_on_is_off(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    names = ("close_document", "open_find", "reload", "go_to_page", "next_answer", "copy_with_source")
    assert not [name for name in names if window.commands[name].isEnabled()]
    window.services.documents.paste("Some words.")
    assert [name for name in names if window.commands[name].isEnabled()] == ["close_document", "open_find"]

"""The outline of the open document: F9, jumping to headings, following the text, and where it is not shown."""

from __future__ import annotations

from driving import MakeWindow, ScriptedReader, ask_place, document_pane, document_view, label_place, label_session
from labels_driving import settle, with_store
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from qadesk.app.labelling import labels
from qadesk.documents.writer import Writer
from qadesk.records import OPEN, Document
from qadesk.settings import Settings
from qadesk.structure import OutlineEntry, outline_of
from qadesk.ui.document.outline_panel import OutlinePanel
from qadesk.ui.shell.main_window import MainWindow


def handbook(chapters: int = 12) -> Document:
    """Chapters with two sections each, long enough to scroll."""
    writer = Writer("handbook.html")
    for chapter in range(1, chapters + 1):
        for level, title in ((1, f"Chapter {chapter}"), (2, f"Section {chapter}.1"), (2, f"Section {chapter}.2")):
            writer.start_block("heading", level)
            writer.write(title)
            writer.start_block("paragraph")
            writer.write("Words of the handbook. " * 60)
    blocks = writer.blocks
    return Document(writer.text, "handbook.html", "html", blocks=blocks, outline=outline_of(writer.text, blocks))


def open_document(window: MainWindow, document: Document | None) -> None:
    ask_place(window)._services.documents.document_changed.emit(document)
    QApplication.processEvents()


def current(panel: OutlinePanel) -> str:
    item = panel.tree.currentItem()
    assert item is not None
    return item.text(0)


def item_of(panel: OutlinePanel, title: str) -> QTreeWidgetItem:
    [item] = panel.tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return item


def test_f9_shows_the_headings_and_hides_them(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    document = handbook()
    open_document(window, document)
    panel = document_pane(window).outlined.outline
    assert not panel.isVisible()
    assert window.commands["toggle_outline"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert panel.isVisible()
    assert panel.tree.hasFocus()
    assert panel.tree.accessibleName() == "Outline"
    assert item_of(panel, "Section 3.2").parent() is item_of(panel, "Chapter 3")
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert not panel.isVisible()
    assert document_view(window).hasFocus()


def test_a_heading_is_jumped_to_by_keys_and_by_the_mouse(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    document = handbook()
    open_document(window, document)
    window.run_command("toggle_outline")
    pane, view = document_pane(window), document_view(window)
    for _ in range(4):
        qtbot.keyClick(pane.outlined.outline.tree, Qt.Key.Key_Down)
    assert current(pane.outlined.outline) == "Section 2.1"
    qtbot.keyClick(pane.outlined.outline.tree, Qt.Key.Key_Return)
    assert view.top_offset() == document.text.index("Section 2.1")
    assert view._map.offset(view.textCursor().position()) == document.text.index("Section 2.1")
    assert pane.outlined.outline.tree.hasFocus()
    qtbot.keyClick(pane.outlined.outline.tree, Qt.Key.Key_Escape)
    assert view.hasFocus()
    item = item_of(pane.outlined.outline, "Chapter 7")
    pane.outlined.outline.tree.scrollToItem(item)
    point = pane.outlined.outline.tree.visualItemRect(item).center()
    qtbot.mouseClick(pane.outlined.outline.tree.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(point.x(), point.y()))
    assert view.top_offset() == document.text.index("Chapter 7")


def test_the_current_heading_is_that_of_the_text_on_the_screen(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    document = handbook()
    open_document(window, document)
    window.run_command("toggle_outline")
    pane, view = document_pane(window), document_view(window)
    view.setFocus()
    view.show_at_top(document.text.index("Section 5.2") + 300)
    assert current(pane.outlined.outline) == "Section 5.2"
    view.show_at_top(0)
    assert current(pane.outlined.outline) == "Chapter 1"


def test_a_document_without_headings_has_no_outline(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    open_document(window, handbook())
    window.run_command("toggle_outline")
    pane = document_pane(window)
    open_document(window, Document("No headings here.", "plain.txt", "text"))
    assert not pane.outlined.outline.isVisible()
    assert not pane.outlined.button.isVisible()
    assert not window.commands["toggle_outline"].isEnabled()
    window.run_command("toggle_outline")
    open_document(window, handbook(2))
    assert pane.outlined.outline.isVisible()  # as the user had it
    open_document(window, None)
    assert not pane.outlined.outline.isVisible()
    assert not window.commands["toggle_outline"].isEnabled()


def test_the_outline_is_kept_from_one_start_to_the_next(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    open_document(window, handbook())
    window.run_command("toggle_outline")
    document_pane(window).outlined.setSizes([300, 400])
    width = document_pane(window).outlined.outline.width()
    window.close()
    assert Settings()["state.outline"] is True
    later = make_window(ScriptedReader())
    open_document(later, handbook())
    assert document_pane(later).outlined.outline.isVisible()
    assert abs(document_pane(later).outlined.outline.width() - width) <= 2


def add_label(document: Document, question: str) -> None:
    with_store(lambda store: labels.add_questions(store, labels.keep_text(store, document), [question]))


def test_the_text_that_is_labelled_has_its_outline(qtbot: QtBot, make_window: MakeWindow) -> None:
    document = handbook()
    add_label(document, "Who?")
    add_label(Document("No headings here.", "plain.txt"), "What?")
    window = make_window(ScriptedReader((("handbook", 0.8),)))
    window.show_place("label")
    session, outlined = label_session(window), label_place(window).controller.view.outlined
    qtbot.waitUntil(lambda: session.marked_text == "handbook")  # what Enter accepts
    assert outlined.button.isVisible()
    assert not outlined.outline.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert outlined.outline.tree.hasFocus()
    outlined.outline.tree.setCurrentItem(item_of(outlined.outline, "Section 2.1"))
    qtbot.keyClick(outlined.outline.tree, Qt.Key.Key_Return)
    assert outlined.view.top_offset() == document.text.index("Section 2.1")
    for key in (Qt.Key.Key_N, Qt.Key.Key_S, Qt.Key.Key_Delete, Qt.Key.Key_1):
        qtbot.keyClick(outlined.outline.tree, key)  # no key of the list is one of the label view
    assert outlined.outline.tree.hasFocus()
    qtbot.keyClick(outlined.outline.tree, Qt.Key.Key_Escape)
    assert outlined.view.hasFocus()
    settle(qtbot, label_place(window)._labels)
    assert [(label.question, label.state) for label in with_store(labels.labels)] == [("Who?", OPEN), ("What?", OPEN)]


def test_a_label_to_a_text_without_headings_has_no_outline(qtbot: QtBot, make_window: MakeWindow) -> None:
    add_label(Document("No headings here.", "plain.txt"), "What?")
    add_label(handbook(2), "Who?")
    window = make_window(ScriptedReader())
    open_document(window, handbook())
    assert window.commands["toggle_outline"].isEnabled()
    window.show_place("label")
    session, view = label_session(window), label_place(window).controller.view
    qtbot.waitUntil(lambda: session.label is not None and session.label.question == "What?")
    assert not window.commands["toggle_outline"].isEnabled()
    assert not view.outlined.button.isVisible()
    view.next_question()
    qtbot.waitUntil(lambda: session.label is not None and session.label.question == "Who?")
    assert window.commands["toggle_outline"].isEnabled()
    window.run_command("toggle_outline")
    assert view.outlined.outline.isVisible()
    view.previous_question()
    qtbot.waitUntil(lambda: session.label is not None and session.label.question == "What?")
    assert not view.outlined.outline.isVisible()


def test_ten_thousand_headings_of_odd_levels_are_listed(qtbot: QtBot) -> None:
    panel = OutlinePanel()
    qtbot.addWidget(panel)
    levels = [1, 6, 3, 3, 1, 4, 2]
    panel.show_outline([OutlineEntry(f"Title {number}", levels[number % 7], number * 10) for number in range(10_000)])
    panel.show_position(54_325)
    assert current(panel) == "Title 5432"
    panel.show_outline([])
    panel.show_position(5)
    assert panel.tree.topLevelItemCount() == 0

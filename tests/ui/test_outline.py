"""The outline of the open document: F9, jumping to headings, following the text, and where it is not shown."""

from __future__ import annotations

from driving import MakeWindow, ScriptedReader, ask_place, document_pane, document_view, label_place
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from qadesk.documents.writer import Writer
from qadesk.records import Document
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
    panel = document_pane(window).outline
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
        qtbot.keyClick(pane.outline.tree, Qt.Key.Key_Down)
    assert current(pane.outline) == "Section 2.1"
    qtbot.keyClick(pane.outline.tree, Qt.Key.Key_Return)
    assert view.top_offset() == document.text.index("Section 2.1")
    assert view._map.offset(view.textCursor().position()) == document.text.index("Section 2.1")
    assert pane.outline.tree.hasFocus()
    qtbot.keyClick(pane.outline.tree, Qt.Key.Key_Escape)
    assert view.hasFocus()
    item = item_of(pane.outline, "Chapter 7")
    pane.outline.tree.scrollToItem(item)
    point = pane.outline.tree.visualItemRect(item).center()
    qtbot.mouseClick(pane.outline.tree.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(point.x(), point.y()))
    assert view.top_offset() == document.text.index("Chapter 7")


def test_the_current_heading_is_that_of_the_text_on_the_screen(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    document = handbook()
    open_document(window, document)
    window.run_command("toggle_outline")
    pane, view = document_pane(window), document_view(window)
    view.setFocus()
    view.show_at_top(document.text.index("Section 5.2") + 300)
    assert current(pane.outline) == "Section 5.2"
    view.show_at_top(0)
    assert current(pane.outline) == "Chapter 1"


def test_a_document_without_headings_has_no_outline(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    open_document(window, handbook())
    window.run_command("toggle_outline")
    pane = document_pane(window)
    open_document(window, Document("No headings here.", "plain.txt", "text"))
    assert not pane.outline.isVisible()
    assert not pane._outline_button.isVisible()
    assert not window.commands["toggle_outline"].isEnabled()
    window.run_command("toggle_outline")
    open_document(window, handbook(2))
    assert pane.outline.isVisible()  # as the user had it
    open_document(window, None)
    assert not pane.outline.isVisible()
    assert not window.commands["toggle_outline"].isEnabled()


def test_the_outline_is_kept_from_one_start_to_the_next(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    open_document(window, handbook())
    window.run_command("toggle_outline")
    document_pane(window).splitter.setSizes([300, 400])
    width = document_pane(window).outline.width()
    window.close()
    assert Settings()["state.outline"] is True
    later = make_window(ScriptedReader())
    open_document(later, handbook())
    assert document_pane(later).outline.isVisible()
    assert abs(document_pane(later).outline.width() - width) <= 2


def test_the_label_place_has_no_outline(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    open_document(window, handbook())
    window.show_place("label")
    assert label_place(window).widget.isVisible()
    assert not window.commands["toggle_outline"].isEnabled()


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

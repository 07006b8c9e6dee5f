"""Everything that can be done, in one table: menus, shortcuts, the palette and the sheet are made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do. ``name`` is the method that does it; a row without one is done by a widget with its keys."""

    menu: str
    text: str
    keys: tuple[str, ...] = ()
    name: str = ""
    checkable: bool = False
    apart: bool = False  # a line above it in its menu

    @property
    def title(self) -> str:
        """The text without the mark of its letter."""
        return self.text.replace("&", "")


RECENT = "recent"  # the submenu that the window fills

ROWS: tuple[Row, ...] = (
    Row("&File", "&Open…", ("Ctrl+O",), "open_dialog"),
    Row("&File", "Open &recent", (), RECENT),
    Row("&File", "Open the &sample", (), "open_sample"),
    Row("&File", "&Paste text as a document", ("Ctrl+V",), "paste"),
    Row("&File", "Re&load", ("F5",), "reload"),
    Row("&File", "&Close document", ("Ctrl+W",), "close_document", apart=True),
    Row("&File", "S&ettings…", ("Ctrl+,",), "show_settings", apart=True),
    Row("&File", "&Quit", ("Ctrl+Q",), "close", apart=True),
    Row("&Edit", "&Undo label", ("Ctrl+Z",), "undo"),
    Row("&Edit", "&Redo label", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Row("&Edit", "&Copy answer or selection", ("Ctrl+C",), "copy", apart=True),
    Row("&Edit", "Copy with &source", ("Ctrl+Shift+C",), "copy_with_source"),
    Row("&Edit", "&Find in document…", ("Ctrl+F", "/"), "open_find", apart=True),
    Row("&Edit", "Find &next", ("F3",), "find_next"),
    Row("&Edit", "Find &previous", ("Shift+F3",), "find_previous"),
    Row("&Answers", "Go to the &question", ("Ctrl+K", "Ctrl+L"), "focus_question"),
    Row("&Answers", "&Next answer", ("F4",), "next_answer", apart=True),
    Row("&Answers", "&Previous answer", ("Shift+F4",), "previous_answer"),
    Row("&Answers", "&Stop, then clear", ("Esc",), "stop", apart=True),
    Row("&Label", "&Right: keep this answer", ("Ctrl+Return", "Ctrl+Enter"), "label_right"),
    Row("&Label", "&Wrong: the selected words are right", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "label_correct"),
    Row("&Label", "&Not in this document", ("Ctrl+Shift+N",), "label_absent"),
    Row("&Label", "&Add questions…", (), "add_questions", apart=True),
    Row("&Label", "&Import labels…", (), "import_labels"),
    Row("&Label", "&Export labels…", (), "export_labels"),
    Row("&Model", "&Models…", ("Ctrl+Shift+M",), "show_models"),
    Row("&Model", "&Fine-tune…", ("Ctrl+T",), "fine_tune"),
    Row("&View", "&Ask", ("Ctrl+1",), "show_ask"),
    Row("&View", "&Label", ("Ctrl+2",), "show_label"),
    Row("&View", "Larger &text", ("Ctrl++", "Ctrl+="), "zoom_in", apart=True),
    Row("&View", "S&maller text", ("Ctrl+-",), "zoom_out"),
    Row("&View", "&Normal text size", ("Ctrl+0",), "zoom_reset"),
    Row("&View", "Go to &page…", ("Ctrl+G",), "go_to_page", apart=True),
    Row("&View", "&Full screen", ("F11",), "toggle_full_screen", checkable=True),
    Row("&Help", "&Keyboard shortcuts", ("F1", "Ctrl+/"), "show_shortcuts"),
    Row("&Help", "&All commands…", ("Ctrl+Shift+P",), "show_palette"),
    Row("&Help", "A&bout QADesk", (), "show_about", apart=True),
    Row("In the question", "Ask", ("Return",)),
    Row("In the question", "Earlier and later questions", ("Up", "Down")),
    Row("In the document", "A screen down, up", ("Space", "Shift+Space")),
    Row("In the document", "Beginning, end", ("Ctrl+Home", "Ctrl+End")),
    Row("In the document", "Select all", ("Ctrl+A",)),
    Row("In the answers", "Answer below, above", ("Down", "Up")),
    Row("In the label view", "Accept the marked words, go on", ("Return",)),
    Row("In the label view", "Question below, above", ("Down", "Up")),
    Row("In the label view", "Move the marked words by a word", ("Left", "Right")),
    Row("In the label view", "Move their end by a word", ("Shift+Left", "Shift+Right", "{", "}")),
    Row("In the label view", "Move their beginning by a word", ("[", "]")),
    Row("In the label view", "The same by a character", ("Alt+Left", "Alt+Right", "Alt+[", "Alt+]")),
    Row("In the label view", "Take the answer or suggestion with this number", ("1", "2", "3")),
    Row("In the label view", "One more answer", ("A",)),
    Row("In the label view", "Not in the text", ("N",)),
    Row("In the label view", "Skip", ("S",)),
    Row("In the label view", "Remove the answer", ("Del", "Backspace")),
    Row("In the label view", "Edit the question", ("E",)),
    Row("In the label view", "Write a note", ("M",)),
    Row("In the label view", "Delete the question", ("Ctrl+Del",)),
)


def menus() -> dict[str, list[Row]]:
    """The rows by menu, in the order of the table."""
    found: dict[str, list[Row]] = {}
    for row in ROWS:
        found.setdefault(row.menu, []).append(row)
    return found


def keys_in_words(row: Row) -> str:
    """The keys of ``row`` as the system writes them."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in row.keys)


def build(window: QMainWindow, verbs: Mapping[str, Callable[[], object]]) -> tuple[dict[str, QAction], QMenu]:
    """Fill the window's menu bar; each action calls the verb of its name. Returns the actions and 'Open recent'."""
    actions: dict[str, QAction] = {}
    recent = QMenu("Open &recent", window)
    for title, rows in menus().items():
        if not any(row.name for row in rows):
            continue
        menu = window.menuBar().addMenu(title)
        for row in rows:
            if row.apart:
                menu.addSeparator()
            if row.name == RECENT:
                menu.addMenu(recent)
            else:
                actions[row.name] = _action(window, row, verbs[row.name])
                menu.addAction(actions[row.name])
    return actions, recent


def _action(window: QMainWindow, row: Row, verb: Callable[[], object]) -> QAction:
    action = QAction(row.text, window)
    action.setShortcuts([QKeySequence(key) for key in row.keys])
    action.setCheckable(row.checkable)
    action.triggered.connect(lambda _checked: verb())
    return action

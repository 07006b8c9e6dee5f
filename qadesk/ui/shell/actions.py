"""Everything that can be done, in one table: menus, shortcuts, the palette and the sheet are made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True, slots=True)
class ActionRow:
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

ROWS: tuple[ActionRow, ...] = (
    ActionRow("&File", "&Open…", ("Ctrl+O",), "open_dialog"),
    ActionRow("&File", "Open &recent", (), RECENT),
    ActionRow("&File", "Open the &sample", (), "open_sample"),
    ActionRow("&File", "&Paste text as a document", ("Ctrl+V",), "paste"),
    ActionRow("&File", "Re&load", ("F5",), "reload"),
    ActionRow("&File", "&Close document", ("Ctrl+W",), "close_document", apart=True),
    ActionRow("&File", "S&ettings…", ("Ctrl+,",), "show_settings", apart=True),
    ActionRow("&File", "&Quit", ("Ctrl+Q",), "close", apart=True),
    ActionRow("&Edit", "&Undo label", ("Ctrl+Z",), "undo"),
    ActionRow("&Edit", "&Redo label", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionRow("&Edit", "&Copy answer or selection", ("Ctrl+C",), "copy", apart=True),
    ActionRow("&Edit", "Copy with &source", ("Ctrl+Shift+C",), "copy_with_source"),
    ActionRow("&Edit", "&Find in document…", ("Ctrl+F", "/"), "open_find", apart=True),
    ActionRow("&Edit", "Find &next", ("F3",), "find_next"),
    ActionRow("&Edit", "Find &previous", ("Shift+F3",), "find_previous"),
    ActionRow("&Answers", "Go to the &question", ("Ctrl+K", "Ctrl+L"), "focus_question"),
    ActionRow("&Answers", "&Next answer", ("F4",), "next_answer", apart=True),
    ActionRow("&Answers", "&Previous answer", ("Shift+F4",), "previous_answer"),
    ActionRow("&Answers", "&Stop, then clear", ("Esc",), "stop", apart=True),
    ActionRow("&Label", "&Right: keep this answer", ("Ctrl+Return", "Ctrl+Enter"), "label_right"),
    ActionRow(
        "&Label", "&Wrong: the selected words are right", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "label_correct"
    ),
    ActionRow("&Label", "&Not in this document", ("Ctrl+Shift+N",), "label_absent"),
    ActionRow("&Label", "&Add questions…", (), "add_questions", apart=True),
    ActionRow("&Label", "&Import labels…", (), "import_labels"),
    ActionRow("&Label", "&Export labels…", (), "export_labels"),
    ActionRow("&Model", "&Models…", ("Ctrl+Shift+M",), "show_models"),
    ActionRow("&Model", "&Fine-tune…", ("Ctrl+T",), "fine_tune"),
    ActionRow("&View", "&Ask", ("Ctrl+1",), "show_ask"),
    ActionRow("&View", "&Label", ("Ctrl+2",), "show_label"),
    ActionRow("&View", "Larger &text", ("Ctrl++", "Ctrl+="), "zoom_in", apart=True),
    ActionRow("&View", "S&maller text", ("Ctrl+-",), "zoom_out"),
    ActionRow("&View", "&Normal text size", ("Ctrl+0",), "zoom_reset"),
    ActionRow("&View", "Go to &page…", ("Ctrl+G",), "go_to_page", apart=True),
    ActionRow("&View", "&Full screen", ("F11",), "toggle_full_screen", checkable=True),
    ActionRow("&Help", "&Keyboard shortcuts", ("F1", "Ctrl+/"), "show_shortcuts"),
    ActionRow("&Help", "&All commands…", ("Ctrl+Shift+P",), "show_palette"),
    ActionRow("&Help", "A&bout QADesk", (), "show_about", apart=True),
    ActionRow("In the question", "Ask", ("Return",)),
    ActionRow("In the question", "Earlier and later questions", ("Up", "Down")),
    ActionRow("In the document", "A screen down, up", ("Space", "Shift+Space")),
    ActionRow("In the document", "Beginning, end", ("Ctrl+Home", "Ctrl+End")),
    ActionRow("In the document", "Select all", ("Ctrl+A",)),
    ActionRow("In the answers", "Answer below, above", ("Down", "Up")),
    ActionRow("In the label view", "Accept the marked words, go on", ("Return",)),
    ActionRow("In the label view", "Question below, above", ("Down", "Up")),
    ActionRow("In the label view", "Move the marked words by a word", ("Left", "Right")),
    ActionRow("In the label view", "Move their end by a word", ("Shift+Left", "Shift+Right", "{", "}")),
    ActionRow("In the label view", "Move their beginning by a word", ("[", "]")),
    ActionRow("In the label view", "The same by a character", ("Alt+Left", "Alt+Right", "Alt+[", "Alt+]")),
    ActionRow("In the label view", "Take the answer or suggestion with this number", ("1", "2", "3")),
    ActionRow("In the label view", "One more answer", ("A",)),
    ActionRow("In the label view", "Not in the text", ("N",)),
    ActionRow("In the label view", "Skip", ("S",)),
    ActionRow("In the label view", "Remove the answer", ("Del", "Backspace")),
    ActionRow("In the label view", "Edit the question", ("E",)),
    ActionRow("In the label view", "Write a note", ("M",)),
    ActionRow("In the label view", "Delete the question", ("Ctrl+Del",)),
)


def menus() -> dict[str, list[ActionRow]]:
    """The rows by menu, in the order of the table."""
    found: dict[str, list[ActionRow]] = {}
    for row in ROWS:
        found.setdefault(row.menu, []).append(row)
    return found


def keys_in_words(row: ActionRow) -> str:
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


def _action(window: QMainWindow, row: ActionRow, verb: Callable[[], object]) -> QAction:
    action = QAction(row.text, window)
    action.setShortcuts([QKeySequence(key) for key in row.keys])
    action.setCheckable(row.checkable)
    action.triggered.connect(lambda _checked: verb())
    return action

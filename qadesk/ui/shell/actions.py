"""All commands in one table: menus, shortcuts, the palette and the sheet of shortcuts are made of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A command. ``name`` is what the window or a part of it offers it by; without one a widget does it by its keys.

    ``needs`` names what there must be to act on, '' for nothing: see ``Place.available``.
    """

    menu: str
    text: str
    keys: tuple[str, ...] = ()
    name: str = ""
    needs: str = ""
    checkable: bool = False
    separated: bool = False  # by a line above it in its menu

    @property
    def title(self) -> str:
        """The text without the & before the letter that Alt takes."""
        return self.text.replace("&", "")


RECENT = "recent"  # the submenu that the window fills
PLACES = "places"  # a row for each place is put here

ROWS: tuple[ActionRow, ...] = (
    ActionRow("&File", "&Open…", ("Ctrl+O",), "open_dialog"),
    ActionRow("&File", "Open &recent", (), RECENT),
    ActionRow("&File", "Open the &sample", (), "open_sample"),
    ActionRow("&File", "&Paste text as a document", ("Ctrl+V",), "paste"),
    ActionRow("&File", "Reco&gnise the text of pictures, or pause", ("Ctrl+R",), "recognize", needs="scans"),
    ActionRow("&File", "Re&load", ("F5",), "reload", needs="file"),
    ActionRow("&File", "Read in another e&ncoding…", (), "choose_encoding", needs="encoding"),
    ActionRow("&File", "E&xport answers…", ("Ctrl+Shift+S",), "export_answers", needs="exportable", separated=True),
    ActionRow("&File", "Pr&int…", ("Ctrl+P",), "print_document", needs="document"),
    ActionRow("&File", "&Close document", ("Ctrl+W",), "close_document", needs="document", separated=True),
    ActionRow("&File", "S&ettings…", ("Ctrl+,",), "show_settings", separated=True),
    ActionRow("&File", "&Quit", ("Ctrl+Q",), "close", separated=True),
    ActionRow("&Edit", "&Undo label", ("Ctrl+Z",), "undo", needs="undo"),
    ActionRow("&Edit", "&Redo label", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", needs="redo"),
    ActionRow("&Edit", "&Copy answer or selection", ("Ctrl+C",), "copy", needs="copyable", separated=True),
    ActionRow("&Edit", "Copy with &source", ("Ctrl+Shift+C",), "copy_with_source", needs="answers"),
    ActionRow("&Edit", "&Find in document…", ("Ctrl+F", "/"), "open_find", needs="text", separated=True),
    ActionRow("&Edit", "Find &next", ("F3",), "find_next", needs="matches"),
    ActionRow("&Edit", "Find &previous", ("Shift+F3",), "find_previous", needs="matches"),
    ActionRow("&Answers", "Go to the &question", ("Ctrl+K", "Ctrl+L"), "focus_question"),
    ActionRow("&Answers", "&Next answer", ("F4",), "next_answer", needs="answers", separated=True),
    ActionRow("&Answers", "&Previous answer", ("Shift+F4",), "previous_answer", needs="answers"),
    ActionRow("&Answers", "&Stop, then clear", ("Esc",), "stop", separated=True),
    ActionRow("&Label", "&Right: keep this answer", ("Ctrl+Return", "Ctrl+Enter"), "label_right", needs="span"),
    ActionRow(
        "&Label",
        "&Wrong: the selected words are right",
        ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        "label_correct",
        needs="question",
    ),
    ActionRow("&Label", "&Not in this document", ("Ctrl+Shift+N",), "label_absent", needs="question"),
    ActionRow("&Label", "&Add questions…", (), "add_questions", separated=True),
    ActionRow("&Label", "&Import labels…", (), "import_labels"),
    ActionRow("&Label", "&Export labels…", (), "export_labels"),
    ActionRow("Li&brary", "Add a &folder…", ("Ctrl+Shift+O",), "library_add_folder"),
    ActionRow("Li&brary", "Add fi&les…", (), "library_add_files"),
    ActionRow("Li&brary", "&Open the answer in its document", ("Ctrl+Down",), "library_open", needs="library_answers"),
    ActionRow("Li&brary", "&Read on: more passages", ("Ctrl+Shift+R",), "library_read_on", needs="more_passages"),
    ActionRow("Li&brary", "As&k again", ("Ctrl+F5",), "library_ask_again", needs="library_question"),
    ActionRow("Li&brary", "F&iles, or the answers", ("Ctrl+Shift+F",), "library_files", needs="library"),
    ActionRow("Li&brary", "Re&name the collection…", (), "library_rename", needs="collection", separated=True),
    ActionRow("Li&brary", "Add a folder &to the collection…", (), "library_extend", needs="collection"),
    ActionRow("Li&brary", "Re&move the collection", (), "library_remove", needs="collection"),
    ActionRow("Li&brary", "&Pause indexing, or go on", (), "library_pause", needs="library", separated=True),
    ActionRow("Li&brary", "Look through the folders &again", (), "library_rescan", needs="library"),
    ActionRow("Li&brary", "Rea&d again what could not be read", (), "library_retry", needs="library"),
    ActionRow("Li&brary", "Reco&gnise the text of pictures", (), "library_recognize", needs="library"),
    ActionRow("Hi&story", "&Open the answer in its document", (), "history_open", needs="entry"),
    ActionRow("Hi&story", "&Ask again", ("Ctrl+Shift+A",), "history_ask_again", needs="entry"),
    ActionRow("Hi&story", "Ask again with another &model…", (), "history_other_model", needs="entry"),
    ActionRow("Hi&story", "&Star, or remove the star", ("Ctrl+D",), "history_star", needs="entry", separated=True),
    ActionRow("Hi&story", "&Copy the question with its answers", (), "history_copy", needs="entry"),
    ActionRow("Hi&story", "&Export the question…", (), "history_export", needs="entry"),
    ActionRow("Hi&story", "Export a&ll that is listed…", ("Ctrl+Shift+E",), "history_export_all"),
    ActionRow("Hi&story", "&Forget the question", (), "history_forget", needs="entry", separated=True),
    ActionRow("Hi&story", "Forget all &to its document or library", (), "history_forget_source", needs="entry"),
    ActionRow("Hi&story", "Fo&rget all…", (), "history_forget_all"),
    ActionRow("&Model", "&Models…", ("Ctrl+Shift+M",), "show_models"),
    ActionRow("&Model", "&Fine-tune…", ("Ctrl+T",), "fine_tune"),
    ActionRow("&View", "", (), PLACES),
    ActionRow("&View", "Larger &text or pages", ("Ctrl++", "Ctrl+="), "zoom_in", separated=True),
    ActionRow("&View", "S&maller text or pages", ("Ctrl+-",), "zoom_out"),
    ActionRow("&View", "&Normal size of the document", ("Ctrl+0",), "zoom_reset"),
    ActionRow("&View", "Lar&ger interface", ("Ctrl+Alt++", "Ctrl+Alt+="), "interface_larger", separated=True),
    ActionRow("&View", "Smaller interfa&ce", ("Ctrl+Alt+-",), "interface_smaller"),
    ActionRow("&View", "Normal si&ze of the interface", ("Ctrl+Alt+0",), "interface_reset"),
    ActionRow("&View", "Show or hide the &outline", ("F9",), "toggle_outline", needs="outline", separated=True),
    ActionRow("&View", "Go to &page…", ("Ctrl+G",), "go_to_page", needs="pages"),
    ActionRow("&View", "Pages as pr&inted, or the text", ("F8",), "toggle_pages", needs="paged", separated=True),
    ActionRow("&View", "Small pages &beside the pages", ("Ctrl+F8",), "toggle_page_strip", needs="shown_pages"),
    ActionRow("&View", "Pages as &wide as the window", (), "fit_width", needs="shown_pages"),
    ActionRow("&View", "W&hole pages", ("Ctrl+Alt+9",), "fit_page", needs="shown_pages"),
    ActionRow("&View", "T&urn the pages", ("Ctrl+Alt+R",), "turn_pages", needs="shown_pages"),
    ActionRow("&View", "Back to where a jump began", ("Ctrl+Alt+Left",), "go_back", needs="shown_pages"),
    ActionRow("&View", "Forward again", ("Ctrl+Alt+Right",), "go_forward", needs="shown_pages"),
    ActionRow("&View", "&Full screen", ("F11",), "toggle_full_screen", checkable=True),
    ActionRow("&Help", "&Keyboard shortcuts", ("F1", "Ctrl+/"), "show_shortcuts"),
    ActionRow("&Help", "&All commands…", ("Ctrl+Shift+P",), "show_palette"),
    ActionRow("&Help", "A&bout QADesk", (), "show_about", separated=True),
    ActionRow("In the question", "Ask", ("Return",)),
    ActionRow("In the question", "Earlier and later questions", ("Up", "Down")),
    ActionRow("In the document", "A screen down, up", ("Space", "Shift+Space")),
    ActionRow("In the document", "Beginning, end", ("Ctrl+Home", "Ctrl+End")),
    ActionRow("In the document", "Select all", ("Ctrl+A",)),
    ActionRow("On pages", "Select by characters, by words", ("Shift+Right", "Ctrl+Shift+Right")),
    ActionRow("In the outline", "Go to the heading (Esc goes back to the text)", ("Return",)),
    ActionRow("In the answers", "Answer below, above", ("Down", "Up")),
    ActionRow("In the library", "Open the answer, or the file", ("Return",)),
    ActionRow("In the library", "Answer below, above", ("Down", "Up")),
    ActionRow("In the history", "Open the answer in its document", ("Return",)),
    ActionRow("In the history", "Question below, above", ("Down", "Up")),
    ActionRow("In the history", "Forget the question", ("Del",)),
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


def rows_with_places(place_titles: Mapping[str, str]) -> list[ActionRow]:
    """The rows of the table, with one for each place; ``place_titles`` are by the names of the places."""
    places = [
        ActionRow("&View", title, (f"Ctrl+{number}",), f"show_{name}")
        for number, (name, title) in enumerate(place_titles.items(), 1)
    ]
    return [row for table_row in ROWS for row in (places if table_row.name == PLACES else [table_row])]


def by_menu(rows: Iterable[ActionRow]) -> dict[str, list[ActionRow]]:
    """The rows by menu, in their order."""
    menus: dict[str, list[ActionRow]] = {}
    for row in rows:
        menus.setdefault(row.menu, []).append(row)
    return menus


def keys_in_words(row: ActionRow) -> str:
    """The keys of ``row`` as the system writes them."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in row.keys)


def build(
    window: QMainWindow, rows: Iterable[ActionRow], run: Callable[[str], object]
) -> tuple[dict[str, QAction], QMenu]:
    """Fill the window's menu bar; each action calls ``run`` with its name. Returns the actions and 'Open recent'."""
    actions: dict[str, QAction] = {}
    recent = QMenu("Open &recent", window)
    for title, menu_rows in by_menu(rows).items():
        if not any(row.name for row in menu_rows):
            continue
        menu = window.menuBar().addMenu(title)
        for row in menu_rows:
            if row.separated:
                menu.addSeparator()
            if row.name == RECENT:
                menu.addMenu(recent)
            else:
                actions[row.name] = _action(window, row, run)
                menu.addAction(actions[row.name])
    return actions, recent


def enable(actions: Mapping[str, QAction], rows: Iterable[ActionRow], available: Container[str]) -> None:
    """Switch the actions on that need nothing, or what is ``available``."""
    for row in rows:
        if row.name in actions:
            actions[row.name].setEnabled(not row.needs or row.needs in available)


def _action(window: QMainWindow, row: ActionRow, run: Callable[[str], object]) -> QAction:
    action = QAction(row.text, window)
    action.setShortcuts([QKeySequence(key) for key in row.keys])
    action.setCheckable(row.checkable)
    action.triggered.connect(lambda _checked: run(row.name))
    return action

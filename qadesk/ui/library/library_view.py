"""The view of the Library place: collections on the left, the question above, answers or files below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from qadesk.ui.kit.file_drops import FileDrops
from qadesk.ui.kit.saved_state import state_from, state_text
from qadesk.ui.library.collections_panel import CollectionsPanel
from qadesk.ui.library.files_page import FilesPage
from qadesk.ui.library.indexing_strip import IndexingStrip
from qadesk.ui.library.library_answers_panel import LibraryAnswersPanel
from qadesk.ui.library.library_bar import LibraryBar
from qadesk.ui.library.library_empty import LibraryEmptyView
from qadesk.ui.services.library_service import LibraryService

ANSWERS, FILES = range(2)


class LibraryView(QWidget):
    """Lays out the parts; the controllers fill them. ``drops`` takes what is dropped on the view."""

    def __init__(self, library: LibraryService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = LibraryEmptyView()
        self.collections = CollectionsPanel()
        self.bar = LibraryBar()
        self.answers = LibraryAnswersPanel()
        self.files = FilesPage(library.files)
        self.strip = IndexingStrip(library)
        self.drops = FileDrops(self)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Answers or files")
        self.tabs.setExpanding(False)
        self.tabs.addTab("Answers")
        self.tabs.addTab("Files")
        self._pages = QStackedWidget()
        self._stack = QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)

    def _lay_out(self) -> None:
        for page in (self.answers, self.files):
            self._pages.addWidget(page)
        head = QFrame()
        head.setObjectName("places")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 0, 16, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, head, self._pages, self.strip):
            column.addWidget(widget, 1 if widget is self._pages else 0)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.collections)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([240, 860])
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.splitter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def show_library(self, has_collections: bool) -> None:
        """Show the library, or the empty view."""
        self._stack.setCurrentWidget(self.splitter if has_collections else self.empty)

    @property
    def shows_files(self) -> bool:
        """Whether the files are shown, and not the answers."""
        return self.tabs.currentIndex() == FILES

    def show_files(self, shown: bool) -> None:
        """Show the files, or the answers."""
        self.tabs.setCurrentIndex(FILES if shown else ANSWERS)

    def focus(self) -> None:
        """Put the keyboard into what is shown: the files, or the question."""
        if self.shows_files and self._stack.currentWidget() is self.splitter:
            self.files.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.focus_question()

    def focus_question(self) -> None:
        """Put the keyboard into the question, or the button that begins a library."""
        if self._stack.currentWidget() is self.empty:
            self.empty.folder_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.bar.focus_question()

    def restore_layout(self, layout: str) -> None:
        """Divide the view as ``saved_layout`` gave it; Qt ignores what makes no sense."""
        if layout:
            self.splitter.restoreState(state_from(layout))

    def saved_layout(self) -> str:
        """How the view is divided, as text."""
        return state_text(self.splitter.saveState())

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        for part in (self.empty, self.collections, self.bar, self.answers, self.files):
            part.restyle()

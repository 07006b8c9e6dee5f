"""The files of a collection: a table with their states, and what can be done with one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qadesk.app.library import captions
from qadesk.documents.open_file import without_surrogates
from qadesk.records import FileState, LibraryCounts, LibraryFile, Scope
from qadesk.ui.kit.folder_view import show_in_folder
from qadesk.ui.kit.widgets import font, plain_label
from qadesk.ui.library.files_model import CHANGED, FOLDER, NAME, PAGES, SIZE, STATE, FilesModel, ReadFiles

_COUNTED: dict[FileState, str] = {
    "indexed": "indexed", "waiting": "waiting", "pictures": "pictures", "failed": "failed", "left out": "left_out",
    "missing": "missing",
}  # fmt: skip


class FilesTable(QTableView):
    """The table. ``file_opened`` gives the row that was double-clicked, or in which Enter was pressed."""

    file_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("files")
        self.setAccessibleName("Files")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.doubleClicked.connect(lambda index: self.file_opened.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current file."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.file_opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the width anew."""
        super().resizeEvent(event)
        self.lay_out_columns()

    def lay_out_columns(self) -> None:
        """Give the columns their widths by the size of the text; in a narrow table some are left out."""
        header, letter = self.horizontalHeader(), max(1, self.fontMetrics().averageCharWidth())
        letters = self.viewport().width() // letter
        for column, width, least in ((FOLDER, 20, 80), (CHANGED, 18, 130), (PAGES, 9, 105), (SIZE, 15, 60)):
            self.setColumnWidth(column, width * letter)
            self.setColumnHidden(column, letters < least)
        self.setColumnWidth(STATE, max(20, round(0.3 * letters)) * letter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(6 * letter)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.8))


class FilesPage(QWidget):
    """``file_opened`` gives a path; ``retry_requested`` those of files to read again, none for all that failed;
    ``recognize_requested`` those of files whose pictures are to be recognised.
    """

    retry_requested = Signal(list)
    recognize_requested = Signal(list)
    file_opened = Signal(object)

    def __init__(self, read: ReadFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FilesModel(read, self)
        self._scope = Scope()
        self._counts = LibraryCounts()
        self.state = QComboBox()
        self.state.setAccessibleName("Show files")
        self.state.setMaxVisibleItems(12)
        self.summary = plain_label(tone="muted")
        self.table = FilesTable()
        self.table.setModel(self.model)
        self._detail = QFrame()
        self._detail.setObjectName("verdict")
        self.name = plain_label()
        self.reason = plain_label()
        self.hint = plain_label(tone="muted")
        self.open_button = _button("Open", self._open_current)
        self.folder_button = _button("Show the folder", self._show_folder)
        self.retry_button = _button("Read again", self._retry_selected)
        self.recognize_button = _button("Recognise its text", self._recognize_selected)
        self.retry_all = _button("Read all of them again", self._retry_all)
        self._lay_out()
        self._fill_states()
        self.state.currentIndexChanged.connect(self._show)
        self.table.file_opened.connect(self._open_row)
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._show_current())
        self.model.modelReset.connect(self._show_current)
        self.model.dataChanged.connect(lambda *_: self._show_current())
        self._show_current()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.state)
        head.addWidget(self.summary, 1)
        head.addWidget(self.retry_all)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.open_button, self.folder_button, self.retry_button, self.recognize_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside = QVBoxLayout(self._detail)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(6)
        for label in (self.name, self.reason, self.hint):
            inside.addWidget(label)
        inside.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._detail)

    def _fill_states(self) -> None:
        self.state.addItem("All files", None)
        for state, title in captions.STATE_TITLES.items():
            self.state.addItem(title, state)

    @property
    def current(self) -> LibraryFile | None:
        """The file in the current row."""
        row = self.table.currentIndex().row()
        return self.model.files[row] if 0 <= row < len(self.model.files) else None

    @property
    def selected(self) -> list[LibraryFile]:
        """The files in the selected rows."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.files[row] for row in rows]

    def show_scope(self, scope: Scope) -> None:
        """List the files of ``scope``."""
        if scope != self._scope or not self.model.files:
            self._scope = scope
            self._show()

    def show_state(self, state: FileState | None) -> None:
        """List the files in ``state`` alone."""
        self.state.setCurrentIndex(max(0, self.state.findData(state)))

    def show_counts(self, counts: LibraryCounts) -> None:
        """Say how many files there are in each state."""
        self._counts = counts
        self.summary.setText(captions.counts_line(counts))
        self.state.setItemText(0, f"All files ({counts.files:,})")
        for index in range(1, self.state.count()):
            state: FileState = self.state.itemData(index)
            self.state.setItemText(index, f"{captions.STATE_TITLES[state]} ({getattr(counts, _COUNTED[state]):,})")
        self.retry_all.setVisible(self.state.currentData() == "failed" and counts.failed > 0)

    def refresh(self) -> None:
        """Read the files again: some may be in another state by now."""
        self.model.refresh()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.name.setFont(font(strong=True))
        self.table.lay_out_columns()

    def _show(self) -> None:
        self.retry_all.setVisible(self.state.currentData() == "failed" and self._counts.failed > 0)
        self.model.show(self._scope, self.state.currentData())

    def _show_current(self) -> None:
        file = self.current
        self._detail.setVisible(file is not None)
        if file is None:
            return
        self.name.setText(without_surrogates(str(file.path)))
        self.reason.setText(captions.file_reason(file))
        self.hint.setText(file.hint)
        self.hint.setVisible(bool(file.hint))
        self.open_button.setEnabled(file.state not in ("left out", "missing"))
        self.retry_button.setVisible(file.state == "failed")
        self.recognize_button.setVisible(file.state == "pictures")

    def _open_row(self, row: int) -> None:
        self.table.setCurrentIndex(self.model.index(row, 0))
        self._open_current()

    def _open_current(self) -> None:
        if self.current:
            self.file_opened.emit(self.current.path)

    def _show_folder(self) -> None:
        if self.current:
            show_in_folder(self.current.path)

    def _retry_selected(self) -> None:
        self.retry_requested.emit(self._selected_paths("failed"))

    def _recognize_selected(self) -> None:
        self.recognize_requested.emit(self._selected_paths("pictures"))

    def _selected_paths(self, state: FileState) -> list[Path]:
        files = self.selected or [file for file in (self.current,) if file]
        return [file.path for file in files if file.state == state]

    def _retry_all(self) -> None:
        self.retry_requested.emit([])


def _button(text: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked: act())
    return button

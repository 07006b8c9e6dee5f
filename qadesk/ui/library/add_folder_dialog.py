"""What is in a folder, before it is added to the library: how many files of which kinds, and how large."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.app.library import captions
from qadesk.progress import Progress, megabytes
from qadesk.records import Collection, FolderSurvey
from qadesk.ui.kit.widgets import Field, elided_middle, font, plain_label

_NEW = "A new collection"


class AddFolderDialog(QDialog):
    """Shows the survey of ``folder``. ``confirmed`` gives a name and a collection to add it to, None for a new one.

    ``target`` is the collection that is offered first, None for a new one.
    """

    confirmed = Signal(str, object)

    def __init__(
        self,
        folder: Path,
        collections: Sequence[Collection],
        target: Collection | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._taken = {collection.name.casefold() for collection in collections}
        self.setWindowTitle("Add a folder")
        self._lead = plain_label(elided_middle(captions.shown_name(folder)))
        self.summary = plain_label("Looking at what is in it…", tone="muted")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self.kinds = _table()
        self.others = plain_label(tone="muted")
        self.question = plain_label()
        self._ask_frame = QFrame()
        self._ask_frame.setObjectName("verdict")
        self.target = QComboBox()
        self.target.setAccessibleName("Add it to")
        self.target.addItem(_NEW, None)
        for collection in collections:
            self.target.addItem(collection.name, collection)
        self.name = Field(free_name(captions.shown_name(folder), collections))
        self.problem = plain_label(tone="error")
        self.name.setAccessibleName("Name of the collection")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add_button: QPushButton = self._buttons.addButton("Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self.add_button.setProperty("kind", "main")
        self.add_button.setEnabled(False)
        self._lay_out(bool(collections))
        self.target.setCurrentIndex(1 + collections.index(target) if target in collections else 0)
        self._buttons.accepted.connect(self._confirm)
        self._buttons.rejected.connect(self.reject)
        self.target.currentIndexChanged.connect(self._show_target)
        self.name.textChanged.connect(self._show_target)
        self._survey: FolderSurvey | None = None

    def _lay_out(self, has_collections: bool) -> None:
        self._lead.setFont(font(1.15, strong=True))
        inside = QVBoxLayout(self._ask_frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self.question)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for widget in (self._lead, self.summary, self._bar):
            column.addWidget(widget)
        column.addWidget(self.kinds, 1)
        column.addWidget(self.others)
        column.addWidget(self._ask_frame)
        for title, field in (("Add it &to", self.target), ("&Name of the collection", self.name)):
            label = QLabel(title)
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
            if field is self.target:
                label.setVisible(has_collections)
                field.setVisible(has_collections)
            else:
                self._name_label = label
        column.addWidget(self.problem)
        column.addStretch(0)
        column.addWidget(self._buttons)
        self._ask_frame.hide()
        self.others.hide()
        self.resize(560, 560)

    def show_progress(self, progress: Progress) -> None:
        """Show how many files were seen so far."""
        self.summary.setText(f"Looking at what is in it: {phrases.counted(progress.done, 'file')} so far")

    def show_survey(self, survey: FolderSurvey, many: int) -> None:
        """Show what is in the folder; with more than ``many`` files the user is asked once more."""
        self._survey = survey
        self._bar.hide()
        self.summary.setText(captions.survey_line(survey))
        self.kinds.setRowCount(len(survey.kinds))
        for row, (title, count, size) in enumerate(survey.kinds):
            for column, text in enumerate((title, f"{count:,}", megabytes(size))):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.kinds.setItem(row, column, item)
        self.kinds.setVisible(bool(survey.kinds))
        self.others.setText(captions.survey_others(survey))
        self.others.setVisible(bool(self.others.text()))
        self.question.setText(captions.many_files(survey))
        self._ask_frame.setVisible(survey.files > many)
        self._show_target()
        if survey.files > many:
            self.add_button.setText(f"Add {survey.files:,} documents")
        elif not survey.files:
            self.add_button.setText("Add it anyway")
        button = self.add_button if survey.files else self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        button.setDefault(True)
        button.setFocus()

    def _show_target(self) -> None:
        is_new = self.target.currentData() is None
        self.name.setVisible(is_new)
        self._name_label.setVisible(is_new)
        name = self.name.text().strip()
        is_taken = is_new and name.casefold() in self._taken
        self.problem.setText(f"There is a collection '{name}' already. Choose another name." if is_taken else "")
        self.problem.setVisible(is_taken)
        has_name = not is_new or (bool(name) and not is_taken)
        self.add_button.setEnabled(self._survey is not None and has_name)

    def _confirm(self) -> None:
        self.confirmed.emit(self.name.text().strip(), self.target.currentData())
        self.accept()


def free_name(base: str, collections: Sequence[Collection]) -> str:
    """``base`` as the name of a new collection, with a number where it is taken."""
    base = base or "Files"
    names = {collection.name.casefold() for collection in collections}
    numbered = (f"{base} {number}" for number in range(2, len(names) + 3))
    return base if base.casefold() not in names else next(name for name in numbered if name.casefold() not in names)


def _table() -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setAccessibleName("What is in the folder")
    table.setHorizontalHeaderLabels(["Kind", "Files", "Size"])
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setHighlightSections(False)
    for column in (1, 2):
        header = table.horizontalHeaderItem(column)
        if header:
            header.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    left = table.horizontalHeaderItem(0)
    if left:
        left.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table

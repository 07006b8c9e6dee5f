"""The dialog that shows what is wrong with a file of labels, and asks what the choices of its annotators mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.ui.kit.widgets import add_copy_button, elided_middle, plain_label, plain_tip, text_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qadesk.labels.label_files import AnnotatorChoice, ParsedLabels

_LISTED = 2000  # problems
_MAX_CHOICES = 50  # that can be ticked
_CHOICES_HEIGHT = 160  # pixels, before they scroll


class ImportProblems(QDialog):
    """Shows the problems of ``file``, to read and to copy, and the choices of its annotators; accept it to import."""

    def __init__(self, file: ParsedLabels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import labels")
        self.boxes = {choice.words: _choice_box(choice) for choice in file.choices[:_MAX_CHOICES]}
        self._known = {choice.words for choice in file.choices if choice.means_none}
        problems = [f"{problem.where}: {problem.what}" for problem in file.problems]
        self.text = "\n".join(problems)
        self.list = text_view("Problems")
        self.list.setPlainText("\n".join(problems[:_LISTED]))
        if len(problems) > _LISTED:
            self.list.appendPlainText(f"… and {len(problems) - _LISTED:,} more: copy them to see all.")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(plain_label(_lead(elided_middle(Path(file.file).name), file.label_count, len(problems))))
        if problems:
            column.addWidget(self.list, 1)
        if self.boxes:
            column.addWidget(plain_label("Annotators chose these. Tick what means “not in the text”:"))
            column.addWidget(_scrolled(list(self.boxes.values())))
        column.addWidget(self._buttons(file.label_count))
        self.resize(720, 460 if problems else 280)

    @property
    def no_answer(self) -> list[str]:
        """The choices that the user says mean 'not in the text', beside those that are known."""
        return [words for words, box in self.boxes.items() if box.isChecked() and words not in self._known]

    def _buttons(self, count: int) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        if self.text:
            add_copy_button(buttons, lambda: self.text)
        self.import_button = buttons.addButton(
            f"Import {phrases.counted(count, 'label')}" if count else "Nothing to import",
            QDialogButtonBox.ButtonRole.AcceptRole,
        )
        self.import_button.setProperty("kind", "main")
        self.import_button.setEnabled(bool(count))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons


def _choice_box(choice: AnnotatorChoice) -> QCheckBox:
    """A box for ``choice``; one that is known to mean 'not in the text' is ticked and stays so."""
    times = "once" if choice.count == 1 else f"{choice.count:,} times"
    box = QCheckBox(f"{elided_middle(choice.words)} ({times})".replace("&", "&&"))
    box.setAccessibleName(f"{choice.words} means not in the text")
    box.setToolTip(plain_tip(choice.words))
    box.setChecked(choice.means_none)
    box.setEnabled(not choice.means_none)
    return box


def _scrolled(boxes: Sequence[QCheckBox]) -> QScrollArea:
    """``boxes`` below one another, which scroll where there are many."""
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, 0, 0, 0)
    for box in boxes:
        column.addWidget(box)
    area = QScrollArea()
    area.setAccessibleName("Choices of annotators")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(ground)
    area.setFixedHeight(min(_CHOICES_HEIGHT, ground.sizeHint().height()))
    return area


def _lead(file: str, count: int, problems: int) -> str:
    if not problems and not count:
        return f"There are no labels in {file}."
    notes = f"{phrases.counted(problems, 'thing')} to look at. " if problems else ""
    labels = f"{phrases.counted(count, 'label')} can be imported." if count else "Nothing can be imported."
    return f"{file}: {notes}{labels} Nothing has been changed yet."

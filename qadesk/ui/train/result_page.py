"""Page 5: is it better? The verdict first, then the marks, then every question that says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QTabWidget

from qadesk.progress import rough_duration
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.answers_table import AnswersTable, Column, gain, golds, said
from qadesk.ui.train.threshold import Threshold
from qadesk.ui.train.training_monitor import TrainingMonitor
from qadesk.ui.train.wizard_page import Headline, Notes, WizardPage, quiet

if TYPE_CHECKING:
    from qadesk.app.training.outcome import Outcome, QuestionOutcome, SetComparison

_EXAMPLES = 10
_PARTS = {"own": "Yours", "general": "General"}
_CHANGED: tuple[Column, ...] = (
    ("Question", 28, lambda row: row.question),
    ("Before", 19, lambda row: said(row.before)),
    ("After", 19, lambda row: said(row.after)),
    ("Right", 20, golds),
    ("It is", 10, gain),
    ("Set", 9, lambda row: _PARTS[row.part]),
)
_SINGLE: tuple[Column, ...] = (
    ("Question", 38, lambda row: row.question),
    ("It says", 24, lambda row: said(row.after)),
    ("Right", 24, golds),
    ("F1", 7, lambda row: f"{100 * row.f1_after:.0f}"),
    ("Loss", 7, lambda row: "–" if row.loss_after is None else f"{row.loss_after:.1f}"),
)


class ResultPage(WizardPage):
    """``label_wanted`` gives the key of a label to look at."""

    label_wanted = Signal(str)

    def __init__(self, run: TrainingMonitor) -> None:
        super().__init__("Result")
        self._run = run
        self.verdict = Headline(1.25)
        self.notes = Notes("•")
        self.marks = Marks()
        self.changed = AnswersTable("Questions whose answer changed", _CHANGED)
        self.worst = AnswersTable("The worst of your evaluation part", _SINGLE)
        self.best = AnswersTable("The best of your evaluation part", _SINGLE)
        self.threshold = Threshold()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("What the verdict is made of")
        self.tabs.setDocumentMode(True)
        self.first = self.tabs.tabBar()
        for table, title in ((self.changed, "&Changed"), (self.worst, "&Worst"), (self.best, "B&est")):
            table.label_wanted.connect(self.label_wanted)
            self.tabs.addTab(table, title)
        self.tabs.addTab(self.threshold, "No-answer &threshold")
        for widget in (self.verdict, self.notes, self.marks):
            self.column.addWidget(widget)
        self.column.addWidget(self.tabs, 1)

    def initializePage(self) -> None:
        """Show what came of the run."""
        outcome = self._run.outcome
        assert outcome
        self.verdict.setText(outcome.verdict.text)
        self.notes.show_texts((_how(outcome), *(note.text for note in outcome.notes)))
        self.marks.show_outcome(outcome)
        changed = [row for row in outcome.rows if row.is_changed]
        ranked = sorted((row for row in outcome.rows if row.part == "own"), key=_badness, reverse=True)
        self.changed.show_rows(_interesting_first(changed))
        self.worst.show_rows(ranked[:_EXAMPLES])
        self.best.show_rows(ranked[::-1][:_EXAMPLES])
        self.tabs.setTabText(0, f"&Changed ({len(changed)})")
        self.threshold.show_outcome(outcome)


class Marks(QFrame):
    """Exact match and F1, before and after, on the user's evaluation part and on the general set."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.setAccessibleName("Marks before and after")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 10, 14, 10)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(5, 1)
        for column, title in enumerate(("", "Exact match", "", "F1", "")):
            if title:
                self._grid.addWidget(quiet(title), 0, column, 1, 2, Qt.AlignmentFlag.AlignRight)
        for column, title in enumerate(("before", "after", "before", "after"), 1):
            self._grid.addWidget(quiet(title), 1, column, Qt.AlignmentFlag.AlignRight)
        self.cells: list[list[str]] = []
        self._rows = [[plain_label(wrap=False) for _ in range(5)] for _ in range(2)]
        for row, labels in enumerate(self._rows, 2):
            for column, label in enumerate(labels):
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                self._grid.addWidget(label, row, column, side)

    def show_outcome(self, outcome: Outcome) -> None:
        """Show the marks of ``outcome``."""
        pairs = (("Your evaluation part", outcome.own), ("General questions", outcome.general))
        self.cells = [_cells(title, pair) for title, pair in pairs]
        for labels, texts in zip(self._rows, self.cells, strict=True):
            for label, text in zip(labels, texts, strict=True):
                label.setText(text)
        self.setAccessibleDescription(
            " ".join(
                f"{name}: exact match {exact_before}, now {exact_after}; F1 {f1_before}, now {f1_after}."
                for name, exact_before, exact_after, f1_before, f1_after in self.cells
            )
        )


def _cells(title: str, pair: SetComparison) -> list[str]:
    before, after = pair.before, pair.after
    marks = (before.exact, after.exact, before.f1, after.f1)
    return [f"{title} ({after.total})", *(f"{mark:.1f}" for mark in marks)]


def _how(outcome: Outcome) -> str:
    how = f"{outcome.train_count} labels, {outcome.steps} steps, {rough_duration(outcome.seconds)} on {outcome.device}."
    if not outcome.best_step:
        how += " No step made it better than it was."
    elif outcome.best_step < outcome.steps:
        how += f" The best was after step {outcome.best_step}: that one is kept."
    return how


def _badness(row: QuestionOutcome) -> tuple[float, float]:
    return -row.f1_after, row.loss_after or 0.0


def _interesting_first(rows: Sequence[QuestionOutcome]) -> list[QuestionOutcome]:
    """The user's own before the general ones, the largest change first."""
    return sorted(rows, key=lambda row: (row.part != "own", -abs(row.f1_after - row.f1_before)))

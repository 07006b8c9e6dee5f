"""Page 5: the verdict, the metrics before and after, and the questions that they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QTabWidget

from qadesk.progress import rough_duration
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.answers_table import AnswersTable, Column, change, golds, prediction_text, taught_state
from qadesk.ui.train.threshold import ThresholdView
from qadesk.ui.train.training_monitor import TrainingMonitor
from qadesk.ui.train.wizard_page import Headline, Notes, WizardPage, row_label

if TYPE_CHECKING:
    from qadesk.app.training.outcome import Outcome, QuestionOutcome, SetComparison

_MAX_EXAMPLES = 10
_SET_TITLES = {"own": "Yours", "taught": "Taught", "general": "General"}


def _set_title(row: QuestionOutcome) -> str:
    return "Made" if row.is_made else _SET_TITLES[row.part]


_CHANGED: tuple[Column, ...] = (
    ("Question", 28, lambda row: row.question),
    ("Before", 19, lambda row: prediction_text(row.before)),
    ("After", 19, lambda row: prediction_text(row.after)),
    ("Right", 20, golds),
    ("It is", 10, change),
    ("Set", 9, _set_title),
)
_TAUGHT: tuple[Column, ...] = (
    ("Question", 30, lambda row: row.question),
    ("Before", 19, lambda row: prediction_text(row.before)),
    ("After", 19, lambda row: prediction_text(row.after)),
    ("Right", 19, golds),
    ("It is", 13, taught_state),
)
_SINGLE: tuple[Column, ...] = (
    ("Question", 38, lambda row: row.question),
    ("It says", 24, lambda row: prediction_text(row.after)),
    ("Right", 24, golds),
    ("F1", 7, lambda row: f"{100 * row.f1_after:.0f}"),
    ("Loss", 7, lambda row: "–" if row.loss_after is None else f"{row.loss_after:.1f}"),
)


class ResultPage(WizardPage):
    """The outcome of the run. ``label_requested`` gives the key of a label to show."""

    label_requested = Signal(str)

    def __init__(self, monitor: TrainingMonitor) -> None:
        super().__init__("Result")
        self._monitor = monitor
        self.verdict = Headline(1.25)
        self.notes = Notes("•")
        self.metrics = MetricsTable()
        self.changed = AnswersTable("Questions whose answer changed", _CHANGED)
        self.taught = AnswersTable("The labels that it learned from", _TAUGHT)
        self.worse = AnswersTable("What became worse", _CHANGED)
        self.worst = AnswersTable("The worst of your evaluation part", _SINGLE)
        self.best = AnswersTable("The best of your evaluation part", _SINGLE)
        self.threshold = ThresholdView()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("What the verdict is made of")
        self.tabs.setDocumentMode(True)
        self.initial_focus = self.tabs.tabBar()
        self._titles = (
            (self.taught, "T&aught"), (self.worse, "Became wo&rse"), (self.changed, "&Changed"),
            (self.worst, "&Worst"), (self.best, "B&est"),
        )  # fmt: skip
        for table, title in self._titles:
            table.label_requested.connect(self.label_requested)
            self.tabs.addTab(table, title)
        self.tabs.addTab(self.threshold, "No-answer &threshold")
        for widget in (self.verdict, self.notes, self.metrics):
            self.column.addWidget(widget)
        self.column.addWidget(self.tabs, 1)

    def initializePage(self) -> None:
        """Show the outcome."""
        outcome = self._monitor.outcome
        assert outcome
        self.verdict.setText(outcome.verdict.text)
        self.notes.show_texts((*_sentences(outcome), *(note.text for note in outcome.notes)))
        self.metrics.show_outcome(outcome)
        ranked = sorted((row for row in outcome.rows if row.part == "own"), key=_badness, reverse=True)
        self.taught.show_rows(sorted(outcome.taught, key=_taught_order))
        self.worse.show_rows(_by_change([row for row in outcome.rows if row.is_worse]))
        self.changed.show_rows(_by_change([row for row in outcome.rows if row.is_changed]))
        self.worst.show_rows(ranked[:_MAX_EXAMPLES])
        self.best.show_rows(ranked[::-1][:_MAX_EXAMPLES])
        for number, (table, title) in enumerate(self._titles[:3]):
            self.tabs.setTabText(number, f"{title} ({table.rowCount()})")
        self.threshold.show_outcome(outcome)


class MetricsTable(QFrame):
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
                self._grid.addWidget(row_label(title), 0, column, 1, 2, Qt.AlignmentFlag.AlignRight)
        for column, title in enumerate(("before", "after", "before", "after"), 1):
            self._grid.addWidget(row_label(title), 1, column, Qt.AlignmentFlag.AlignRight)
        self.cells: list[list[str]] = []
        self._rows = [[plain_label(wrap=False) for _ in range(5)] for _ in range(2)]
        for row, labels in enumerate(self._rows, 2):
            for column, label in enumerate(labels):
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                self._grid.addWidget(label, row, column, side)

    def show_outcome(self, outcome: Outcome) -> None:
        """Show the metrics of ``outcome``."""
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
    metrics = (before.exact, after.exact, before.f1, after.f1)
    return [f"{title} ({after.total})", *(f"{metric:.1f}" for metric in metrics)]


def _sentences(outcome: Outcome) -> list[str]:
    """How the run went, and what the numbers are made of."""
    from qadesk.app.training.outcome import taught_text

    sentences = [_summary(outcome)]
    if outcome.taught:
        sentences.append(taught_text(outcome))
    made = [row for row in outcome.rows if row.is_made]
    if made:
        before, after = sum(row.was_right for row in made), sum(row.is_right for row in made)
        noun = "question" if len(made) == 1 else "questions"
        sentences.append(
            f"Your evaluation part has {len(made)} made {noun}: to other texts, put to these, which do not "
            f"answer them. {after} refused now, {before} before."
        )
    return sentences


def _summary(outcome: Outcome) -> str:
    """How the run went."""
    text = (
        f"{outcome.train_count} labels, {outcome.steps} steps, {rough_duration(outcome.seconds)} on {outcome.device}."
    )
    if not outcome.best_step:
        text += " No step made it better than it was."
    elif outcome.best_step < outcome.steps:
        text += f" The best was after step {outcome.best_step}{': that one is kept' if outcome.has_model else ''}."
    return text


def _badness(row: QuestionOutcome) -> tuple[float, float]:
    """A sort key: the worse the answer, the higher; the loss decides between equal F1."""
    return -row.f1_after, row.loss_after or 0.0


def _taught_order(row: QuestionOutcome) -> tuple[bool, bool, bool]:
    """A sort key: what became worse, what is still wrong, what was mended, what was right before."""
    return not row.is_worse, row.is_right, row.was_right


def _by_change(rows: Sequence[QuestionOutcome]) -> list[QuestionOutcome]:
    """``rows`` by part, the user's own first, and the largest change of F1 first in each."""
    parts = list(_SET_TITLES)
    return sorted(rows, key=lambda row: (parts.index(row.part), -abs(row.f1_after - row.f1_before)))

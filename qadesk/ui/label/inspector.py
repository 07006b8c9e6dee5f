"""The loss inspector: how the loss of a label comes about, and what the model would predict beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qadesk.ui.kit.widgets import font, plain_label, plain_tip, scroll_ground
from qadesk.ui.label.probability_strip import StripArea, in_per_cent

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Inspection, ScoredSpan
    from qadesk.errors import QadeskError

_LEAD = (
    "How the loss of a label comes about: what training sees of it, and what the model would predict. "
    "First the question needs an answer, or the word that it has none."
)
_EXPLANATION = (
    "Training looks only at the probability of the right start and of the right end, each among all tokens of this "
    "part of the text. It never looks at the span that the model predicts, so even a right prediction has a loss."
)
_LEGEND = (
    "Above the words: the probability of the start; below: of the end. L in a square is the label, M in a circle the "
    "model's own span. [CLS] stands for no answer."
)
_TABLE_HELP = (
    "Sum is S·Tᵢ + E·Tⱼ, in logits: the model predicts the span with the greatest. It also has the greatest "
    "P = P(start) × P(end)."
)
_COLUMNS = ("#", "Span", "Start", "End", "Sum", "P")
_SPAN = 1  # the column of words
_LEAST_CHARACTERS = 11
_COLUMN_HELP = (
    "Rank; L is an answer of the label, M the model's own span",
    "The words of the span",
    "S·Tᵢ: the start score, in logits",
    "E·Tⱼ: the end score, in logits",
    "S·Tᵢ + E·Tⱼ: the model predicts the span with the greatest sum",
    "P(start) × P(end): the greatest sum has the greatest product",
)


class Inspector(QWidget):
    """Shows an ``Inspection``. ``wanted`` asks for the one of the label that is open."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Loss inspector")
        self.said = plain_label(_LEAD, tone="muted")
        self.button = QPushButton("Show the loss")
        self.button.clicked.connect(self._ask)
        self.headline = plain_label()
        self.start_part, self.end_part = plain_label(), plain_label()
        self.own = plain_label()
        self.strip_area = StripArea()
        self.strip = self.strip_area.strip
        self.here = plain_label()
        self.table = SpanTable()
        self.notes = plain_label(tone="muted")
        self._titles = [plain_label("The probabilities"), plain_label("The ten best spans")]
        self._details = QWidget()
        self._lay_out()
        self.strip.told.connect(self.here.setText)
        self.table.currentItemChanged.connect(self._follow)
        self.restyle()
        self.show_inspection(None)

    def _lay_out(self) -> None:
        details = QVBoxLayout(self._details)
        details.setContentsMargins(0, 0, 0, 0)
        details.setSpacing(8)
        parts: list[QWidget] = [self.headline, self.start_part, self.end_part, plain_label(_EXPLANATION, tone="muted")]
        parts += [self.own, self._titles[0], plain_label(_LEGEND, tone="muted"), self.strip_area, self.here]
        parts += [self._titles[1], plain_label(_TABLE_HELP, tone="muted"), self.table, self.notes]
        for widget in parts:
            details.addWidget(widget)
        ground = scroll_ground()
        column = QVBoxLayout(ground)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.said)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._details)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(ground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.headline.setFont(font(1.25, strong=True))
        for title in self._titles:
            title.setFont(font(strong=True))
        self.strip.update()

    def show_working(self) -> None:
        """Say that the label is being looked at."""
        self._say("Looking at what the label costs…", may_ask=False)

    def show_problem(self, error: QadeskError) -> None:
        """Say why there is nothing to show."""
        self._say(str(error), may_ask=True)

    def show_inspection(self, inspection: Inspection | None) -> None:
        """Show ``inspection``, or for None how to get one."""
        if inspection is None:
            self._say(_LEAD, may_ask=True)
            return
        self.said.hide()
        self.button.hide()
        self._details.show()
        self.headline.setText(_headline(inspection))
        self.start_part.setText(_part("start", inspection, inspection.gold.first, inspection.start_loss))
        self.end_part.setText(_part("end", inspection, inspection.gold.last, inspection.end_loss))
        self.own.setText(_own(inspection))
        self.notes.setText(_notes(inspection))
        self.table.show_spans(inspection)
        self.strip.show_inspection(inspection)
        self.strip_area.centre()

    def _say(self, words: str, *, may_ask: bool) -> None:
        self.said.setText(words)
        self.said.show()
        self.button.setEnabled(may_ask)
        self.button.show()
        self._details.hide()

    def _ask(self) -> None:
        self.wanted.emit()

    def _follow(self, item: QTreeWidgetItem | None) -> None:
        """Go to where the span of the row begins."""
        if item:
            self.strip.go_to(item.data(0, Qt.ItemDataRole.UserRole))


class SpanTable(QTreeWidget):
    """The best spans of an inspection, as high as it needs to be."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The ten best spans")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHeaderLabels(_COLUMNS)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(_SPAN, QHeaderView.ResizeMode.Fixed)
        for column, words in enumerate(_COLUMN_HELP):
            self.headerItem().setToolTip(column, plain_tip(words))
            self.headerItem().setTextAlignment(column, _alignment(column))

    def show_spans(self, inspection: Inspection) -> None:
        """Show the best spans of ``inspection``."""
        self.clear()
        for rank, span in enumerate(inspection.best, 1):
            self.addTopLevelItem(_row(rank, span))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the words of the spans the room that the numbers leave, but never too little: then it scrolls."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        numbers = sum(self.columnWidth(column) for column in range(len(_COLUMNS)) if column != _SPAN)
        least = self.fontMetrics().averageCharWidth() * _LEAST_CHARACTERS
        self.setColumnWidth(_SPAN, max(least, self.viewport().width() - numbers))
        scrolls = self.columnWidth(_SPAN) + numbers > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls else 0
        rows = self.topLevelItemCount() * self.sizeHintForRow(0)
        self.setFixedHeight(self.header().sizeHint().height() + rows + bar + 4)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column <= _SPAN else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _row(rank: int, span: ScoredSpan) -> QTreeWidgetItem:
    marks = " ".join(["L"] * span.is_right + ["M"] * (rank == 1))
    cells = (
        f"{rank} {marks}".strip(),
        _words(span),
        _score(span.start_score),
        _score(span.end_score),
        _score(span.score),
        in_per_cent(span.probability).replace("under", "<"),
    )
    item = QTreeWidgetItem(list(cells))
    item.setData(0, Qt.ItemDataRole.UserRole, span.first)
    item.setToolTip(1, plain_tip(_words(span)))
    item.setData(1, Qt.ItemDataRole.AccessibleTextRole, _words(span) + ", accepted by the label" * span.is_right)
    for column in range(len(cells)):
        item.setTextAlignment(column, _alignment(column))
    return item


def _headline(found: Inspection) -> str:
    return f"Loss {found.loss:.2f} = ({found.start_loss:.2f} + {found.end_loss:.2f}) / 2"


def _part(side: str, found: Inspection, index: int, loss: float) -> str:
    """One half of the sum: 'Start “nineteen”: −log P(start) = −log 0.440 = 0.82'."""
    position = found.positions[index]
    chance = position.start_probability if side == "start" else position.end_probability
    named = f"“{position.text}”" if index else "no answer, [CLS]"
    return f"{side.capitalize()}, {named}: −log P({side}) = −log {_chance(chance)} = {loss:.2f}"


def _own(found: Inspection) -> str:
    """What the model would say, beside what the label is."""
    best, gold = found.best[0], found.gold
    scores = f"S·Tᵢ + E·Tⱼ = {_sum(best)}"
    if (best.first, best.last) == (gold.first, gold.last):
        return f"The model's own maximum scoring span is the label's: {scores}."
    also = ", another accepted answer" if best.is_right else ""
    own = f"The model's own maximum scoring span is {_quoted(best)}{also}: {scores}."
    return f"{own} The label's span {_quoted(gold)} scores {_sum(gold)} {_place(found)}."


def _place(found: Inspection) -> str:
    if found.rank is not None:
        return f"and is number {found.rank:,} of all spans"
    if found.gold.text:
        return "and is longer than the longest answer that the reader looks for"
    return "and cannot be predicted: this model always gives an answer"


def _notes(found: Inspection) -> str:
    notes = ["log is the natural logarithm."]
    if found.windows > 1:
        chosen = (
            "the one in which the answer has the most words around it"
            if found.gold.text
            else "of those that are closest to the question, the one that costs most"
        )
        notes.append(f"This is part {found.window:,} of {found.windows:,} of the text, {chosen}.")
    if found.answers > 1:
        notes.append(f"The label has {found.answers} accepted answers. Training asks for the first.")
    if max(found.elsewhere) >= 0.001:
        start, end = (in_per_cent(each) for each in found.elsewhere)
        notes.append(
            f"The question and the separators, which are not shown, have {start} of the start, {end} of the end."
        )
    return " ".join(notes)


def _words(span: ScoredSpan) -> str:
    return " ".join(span.text.split()) or "no answer [CLS]"


def _quoted(span: ScoredSpan) -> str:
    return f"“{_words(span)}”" if span.text else "no answer, [CLS]"


def _score(score: float) -> str:
    return f"{score:.2f}".replace("-", "−")


def _sum(span: ScoredSpan) -> str:
    sign = "−" if span.end_score < 0 else "+"
    return f"{_score(span.start_score)} {sign} {abs(span.end_score):.2f} = {_score(span.score)}"


def _chance(probability: float) -> str:
    """A probability with at least two digits that count: '0.440', '0.0031'."""
    if probability >= 0.1:
        return f"{probability:.3f}"
    return f"{probability:#.2g}" if probability >= 0.0001 else f"{probability:.1e}"

"""The loss inspector: the parts of a label's loss, beside what the model predicts."""

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
_SPAN = 1  # the column of the text
_MIN_CHARACTERS = 11  # of that column
_COLUMN_HELP = (
    "Rank; L is an answer of the label, M the model's own span",
    "The words of the span",
    "S·Tᵢ: the start score, in logits",
    "E·Tⱼ: the end score, in logits",
    "S·Tᵢ + E·Tⱼ: the model predicts the span with the greatest sum",
    "P(start) × P(end): the greatest sum has the greatest product",
)


class Inspector(QWidget):
    """Shows an ``Inspection``; ``inspection_requested`` is for the one of the current label."""

    inspection_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Loss inspector")
        self.message = plain_label(_LEAD, tone="muted")
        self.button = QPushButton("Show the loss")
        self.button.clicked.connect(lambda _checked: self.inspection_requested.emit())
        self.headline = plain_label()
        self.start_loss, self.end_loss = plain_label(), plain_label()
        self.prediction = plain_label()
        self.strip_area = StripArea()
        self.strip = self.strip_area.strip
        self.position = plain_label()
        self.table = SpanTable()
        self.notes = plain_label(tone="muted")
        self._titles = [plain_label("The probabilities"), plain_label("The ten best spans")]
        self._details = QWidget()
        self._lay_out()
        self.strip.position_described.connect(self.position.setText)
        self.table.currentItemChanged.connect(self._go_to_start)
        self.restyle()
        self.show_inspection(None)

    def _lay_out(self) -> None:
        details = QVBoxLayout(self._details)
        details.setContentsMargins(0, 0, 0, 0)
        details.setSpacing(8)
        parts: list[QWidget] = [self.headline, self.start_loss, self.end_loss, plain_label(_EXPLANATION, tone="muted")]
        parts += [self.prediction, self._titles[0], plain_label(_LEGEND, tone="muted"), self.strip_area, self.position]
        parts += [self._titles[1], plain_label(_TABLE_HELP, tone="muted"), self.table, self.notes]
        for widget in parts:
            details.addWidget(widget)
        ground = scroll_ground()
        column = QVBoxLayout(ground)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.message)
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
        """Apply the theme's colours and text size."""
        self.headline.setFont(font(1.25, strong=True))
        for title in self._titles:
            title.setFont(font(strong=True))
        self.strip.update()

    def show_working(self) -> None:
        """Show that the inspection is being made."""
        self._show_message("Looking at what the label costs…", can_request=False)

    def show_problem(self, error: QadeskError) -> None:
        """Show why there is no inspection."""
        self._show_message(str(error), can_request=True)

    def show_inspection(self, inspection: Inspection | None) -> None:
        """Show ``inspection``; for None show how to get one."""
        if inspection is None:
            self._show_message(_LEAD, can_request=True)
            return
        self.message.hide()
        self.button.hide()
        self._details.show()
        self.headline.setText(_headline(inspection))
        self.start_loss.setText(_half("start", inspection, inspection.gold.first, inspection.start_loss))
        self.end_loss.setText(_half("end", inspection, inspection.gold.last, inspection.end_loss))
        self.prediction.setText(_prediction(inspection))
        self.notes.setText(_notes(inspection))
        self.table.show_spans(inspection)
        self.strip.show_inspection(inspection)
        self.strip_area.centre()

    def _show_message(self, sentence: str, *, can_request: bool) -> None:
        self.message.setText(sentence)
        self.message.show()
        self.button.setEnabled(can_request)
        self.button.show()
        self._details.hide()

    def _go_to_start(self, item: QTreeWidgetItem | None) -> None:
        """Make the first position of the row's span the current one of the strip."""
        if item:
            self.strip.go_to(item.data(0, Qt.ItemDataRole.UserRole))


class SpanTable(QTreeWidget):
    """The best spans of an inspection; as high as all its rows."""

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
        for column, help_text in enumerate(_COLUMN_HELP):
            self.headerItem().setToolTip(column, plain_tip(help_text))
            self.headerItem().setTextAlignment(column, _alignment(column))

    def show_spans(self, inspection: Inspection) -> None:
        """Show the best spans of ``inspection``."""
        self.clear()
        for rank, span in enumerate(inspection.best, 1):
            self.addTopLevelItem(_row(rank, span))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the text the width that the numbers leave, at least 11 characters: else it scrolls."""
        numbers = sum(self.columnWidth(column) for column in range(len(_COLUMNS)) if column != _SPAN)
        min_width = self.fontMetrics().averageCharWidth() * _MIN_CHARACTERS
        self.setColumnWidth(_SPAN, max(min_width, self.viewport().width() - numbers))
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
        _span_text(span),
        _score(span.start_score),
        _score(span.end_score),
        _score(span.score),
        in_per_cent(span.probability).replace("under", "<").replace("over", ">"),
    )
    item = QTreeWidgetItem(list(cells))
    item.setData(0, Qt.ItemDataRole.UserRole, span.first)
    item.setToolTip(1, plain_tip(_span_text(span)))
    item.setData(1, Qt.ItemDataRole.AccessibleTextRole, _span_text(span) + ", accepted by the label" * span.is_right)
    for column in range(len(cells)):
        item.setTextAlignment(column, _alignment(column))
    return item


def _headline(inspection: Inspection) -> str:
    return f"Loss {inspection.loss:.2f} = ({inspection.start_loss:.2f} + {inspection.end_loss:.2f}) / 2"


def _half(side: str, inspection: Inspection, index: int, loss: float) -> str:
    """One half of the loss: 'Start, “nineteen”: −log P(start) = −log 0.440 = 0.82'."""
    position = inspection.positions[index]
    probability = position.start_probability if side == "start" else position.end_probability
    name = f"“{position.text}”" if index else "no answer, [CLS]"
    return f"{side.capitalize()}, {name}: −log P({side}) = −log {_probability(probability)} = {loss:.2f}"


def _prediction(inspection: Inspection) -> str:
    """What the model predicts, compared with the label."""
    best, gold = inspection.best[0], inspection.gold
    scores = f"S·Tᵢ + E·Tⱼ = {_sum(best)}"
    if (best.first, best.last) == (gold.first, gold.last):
        return f"The model's own maximum scoring span is the label's: {scores}."
    also = ", another accepted answer" if best.is_right else ""
    own = f"The model's own maximum scoring span is {_quoted(best)}{also}: {scores}."
    return f"{own} The label's span {_quoted(gold)} scores {_sum(gold)} {_rank(inspection)}."


def _rank(inspection: Inspection) -> str:
    if inspection.rank is not None:
        return f"and is number {inspection.rank:,} of all spans"
    if inspection.gold.text:
        return "and is longer than the longest answer that the reader looks for"
    return "and cannot be predicted: this model always gives an answer"


def _notes(inspection: Inspection) -> str:
    notes = ["log is the natural logarithm."]
    if inspection.windows > 1:
        choice = (
            "the one in which the answer has the most words around it"
            if inspection.gold.text
            else "of those that are closest to the question, the one that costs most"
        )
        notes.append(f"This is part {inspection.window:,} of {inspection.windows:,} of the text, {choice}.")
    if inspection.answers > 1:
        notes.append(f"The label has {inspection.answers} accepted answers. Training asks for the first.")
    if max(inspection.elsewhere) >= 0.001:
        start, end = (in_per_cent(probability) for probability in inspection.elsewhere)
        notes.append(
            f"The question and the separators, which are not shown, have {start} of the start, {end} of the end."
        )
    return " ".join(notes)


def _span_text(span: ScoredSpan) -> str:
    return " ".join(span.text.split()) or "no answer [CLS]"


def _quoted(span: ScoredSpan) -> str:
    return f"“{_span_text(span)}”" if span.text else "no answer, [CLS]"


def _score(score: float) -> str:
    return f"{score:.2f}".replace("-", "−")


def _sum(span: ScoredSpan) -> str:
    sign = "−" if span.end_score < 0 else "+"
    return f"{_score(span.start_score)} {sign} {abs(span.end_score):.2f} = {_score(span.score)}"


def _probability(probability: float) -> str:
    """A probability with at least two significant digits: '0.440', '0.0031'."""
    if probability >= 0.1:
        return f"{probability:.3f}"
    return f"{probability:#.2g}" if probability >= 0.0001 else f"{probability:.1e}"

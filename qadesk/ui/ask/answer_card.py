"""The card of one answer: its words, likelihood and location, and the confidence of its start and end."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from qadesk.app import phrases
from qadesk.ui.kit import icons
from qadesk.ui.kit.cards import AnswerWords, AnswerWordsCard, card_label
from qadesk.ui.kit.widgets import font, tool_button

_SHORT = 100
"""Characters of the sentence or row around an answer that a small card shows: a cell alone says little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText(AnswerWords):
    """What a card shows. Confidences are probabilities, 0 to 1."""

    location: str
    origin: str  # 'read by text recognition', or ''
    start: float
    end: float

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        location = ", ".join(filter(None, (self.location, self.origin)))
        return (
            f"{self.spoken_answer}. {location}. "
            f"Start confidence {phrases.per_cent(self.start)}, end confidence {phrases.per_cent(self.end)}."
        )


class AnswerCard(AnswerWordsCard):
    """Small, or opened when it is chosen."""

    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._small = card_label("muted")
        self._origin = card_label("muted")
        self._copy = tool_button("Copy this answer", self.copy_requested.emit, "Ctrl+C")
        self._bars = {"start": ConfidenceBar("Start"), "end": ConfidenceBar("End")}
        self._details = QWidget()
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        self._add_button(self._copy)
        bars = QGridLayout(self._details)
        bars.setContentsMargins(0, 4, 0, 0)
        bars.setHorizontalSpacing(10)
        bars.setVerticalSpacing(4)
        bars.setColumnStretch(1, 1)
        for row, bar in enumerate(self._bars.values()):
            bar.put_in(bars, row)
        self._column.setContentsMargins(14, 12, 12, 12)
        for widget in (self._text, self._context, self._small, self._origin, self._details):
            self._column.addWidget(widget)
        self._details.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_answer(self, card: CardText, *, opened: bool) -> None:
        """Show ``card``, with all its details where ``opened``."""
        is_short = len(card.around.text) <= _SHORT
        self.show_words(card, chosen=opened, with_context=opened or is_short)
        self.setAccessibleName(card.spoken)
        self._small.setText(f"Start {phrases.per_cent(card.start)} · End {phrases.per_cent(card.end)}")
        self._bars["start"].show_value(card.start)
        self._bars["end"].show_value(card.end)
        self._text.setFont(font(1.2 if opened else 1.05))
        self._small.setVisible(not opened)
        self._origin.setText(phrases.capitalized(card.origin))
        self._origin.setVisible(bool(card.origin))
        for widget in (self._details, self._copy):
            widget.setVisible(opened)
        self._show_aside(card.location)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        super().restyle()
        self._text.setFont(font(1.2 if self.isChecked() else 1.05))
        self._copy.setIcon(icons.icon("copy"))


class ConfidenceBar:
    """A named confidence: its name, a bar, its number."""

    def __init__(self, name: str) -> None:
        self._name = QLabel(f"{name} confidence")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 100)
        self._bar.setMinimumWidth(40)
        self._bar.setAccessibleName(f"{name} confidence")
        self._number = QLabel()
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)

    def put_in(self, grid: QGridLayout, row: int) -> None:
        """Take a row of ``grid``."""
        for column, widget in enumerate((self._name, self._bar, self._number)):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)

    def show_value(self, probability: float) -> None:
        """Show ``probability``, 0 to 1."""
        self._bar.setValue(round(probability * 100))
        self._number.setText(phrases.per_cent(probability))

"""The card of an answer as it was given: its words, likelihood, sentence and document."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qadesk.records import HistoryAnswer
from qadesk.ui.history.entry_text import PastAnswerText, answer_source
from qadesk.ui.kit.cards import AnswerWordsCard, CardRow, card_label, show_card_rows
from qadesk.ui.kit.widgets import elided_middle, font


class PastAnswerCard(AnswerWordsCard):
    """``other_opened`` gives the same answer in another document."""

    other_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = card_label("accent")
        self._others = QVBoxLayout()
        self._others.setSpacing(4)
        for widget in (self._text, self._context, self._source):
            self._column.addWidget(widget)
        self._column.addLayout(self._others)
        self.setToolTip("Open the document at these words")
        self.restyle()

    def show_answer(self, card: PastAnswerText, *, chosen: bool) -> None:
        """Show ``card``."""
        self.show_words(card, chosen=chosen)
        self.setAccessibleName(card.spoken)
        self._source.setText(elided_middle(card.source))
        self._show_others(card.others)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        super().restyle()
        self._text.setFont(font(1.1))

    def _show_others(self, answers: Sequence[HistoryAnswer]) -> None:
        names = [answer_source(answer) for answer in answers]
        rows = [
            CardRow(f"Also in {name}", name, str(answer.path or ""), partial(self.other_opened.emit, answer))
            for name, answer in zip(names, answers, strict=True)
        ]
        show_card_rows(self._others, rows)

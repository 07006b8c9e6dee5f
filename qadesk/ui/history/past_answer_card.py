"""The card of an answer as it was given: its words, likelihood, sentence and document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.records import HistoryAnswer
from qadesk.ui.history.entry_text import PastAnswerText, answer_source
from qadesk.ui.kit.cards import Card, NumberBadge, card_label, card_lines, emphasised
from qadesk.ui.kit.widgets import clear, elided_middle, font, plain_tip

_MOST_OTHERS = 5


class PastAnswerCard(Card):
    """``other_opened`` gives the same answer in another document."""

    other_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = NumberBadge()
        self._headline = card_label()
        self._source = card_label("accent", wrap=False)
        self._text = card_label()
        self._sentence = card_label("muted")
        for label in (self._text, self._sentence):
            label.setTextFormat(Qt.TextFormat.RichText)  # all that is shown in them is escaped
        self._others = QVBoxLayout()
        self._others.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._number, alignment=Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._headline, 1)
        head.addWidget(self._source, alignment=Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addWidget(self._sentence)
        column.addLayout(self._others)
        self.restyle()

    def show_answer(self, card: PastAnswerText, *, chosen: bool) -> None:
        """Show ``card``."""
        self.setChecked(chosen)
        self.setAccessibleName(card.spoken)
        self.setToolTip("Open the document at these words")
        self._number.show_number(card.number, strong=chosen)
        self._headline.setText(card.headline)
        self._source.setText(elided_middle(card.source))
        self._text.setText(card_lines(card.text))
        self._sentence.setText(emphasised(card.around))
        self._sentence.setVisible("\n" not in card.text and card.around.text.strip() not in ("", card.text))
        self._show_others(card.others)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._headline.setFont(font(strong=True))
        self._text.setFont(font(1.1))
        self._number.updateGeometry()
        self.update()

    def _show_others(self, answers: Sequence[HistoryAnswer]) -> None:
        clear(self._others)
        for answer in answers[:_MOST_OTHERS]:
            button = QPushButton(elided_middle(f"Also in {answer_source(answer)}").replace("&", "&&"))
            button.setProperty("kind", "row")
            button.setAccessibleName(f"Open {answer_source(answer)}")
            button.setToolTip(plain_tip(str(answer.path or "")))
            button.clicked.connect(lambda _=False, answer=answer: self.other_opened.emit(answer))
            self._others.addWidget(button)
        if len(answers) > _MOST_OTHERS:
            more = card_label("muted")
            more.setText(f"… and {len(answers) - _MOST_OTHERS:,} more")
            self._others.addWidget(more)

"""The card of one answer of the library: its words, likelihood and sentence, its document, and other documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.app.excerpts import Excerpt
from qadesk.app.library import captions
from qadesk.qa.clauses import asks_for_clause
from qadesk.records import AnswerPlace, LibraryAnswer, LibraryAnswers
from qadesk.ui.kit import icons
from qadesk.ui.kit.cards import Card, NumberBadge, card_label, card_lines, emphasised
from qadesk.ui.kit.widgets import clear, elided_middle, font, plain_tip, tool_button

_MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class LibraryCardText:
    """What a card shows. ``folder`` is that of the file, ``others`` are places in other documents."""

    number: int
    headline: str  # 'Likely · 82 %'
    text: str
    around: Excerpt
    is_clause: bool
    source: str  # 'Contract.pdf, page 3'
    path: str
    folder: str
    others: Sequence[AnswerPlace]

    @property
    def also(self) -> str:
        """In how many documents more: 'also in 3 documents'; '' for none."""
        return f"also in {captions.counted(len(self.others), 'document')}" if self.others else ""

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        headline = self.headline.replace(" · ", ", ")
        parts = (f"Answer {self.number}: {self.text}. {headline}. {self.source}", self.also, self.around.text)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


def library_card_text(answers: LibraryAnswers, answer: LibraryAnswer, index: int, below: float) -> LibraryCardText:
    """What the card of ``answer`` says, number ``index`` of ``answers``; ``below`` is where doubt begins."""
    place = answer.places[0]
    text = "\n".join(captions.shown_lines(answer))
    sentence, start, end = place.sentence, place.shown_start, place.shown_end
    around = Excerpt(sentence[:start], sentence[start:end], sentence[end:]) if sentence else Excerpt("", text, "")
    return LibraryCardText(
        number=index + 1,
        headline=captions.likelihood_of(answers, index, below),
        text=text,
        around=around,
        is_clause=not answer.items and asks_for_clause(answers.read_as or answers.question),
        source=captions.place_name(place),
        path=str(place.path),
        folder=place.path.parent.name,
        others=captions.other_documents(answer),
    )


class LibraryCard(Card):
    """Shows the sentence always, the other documents when it is chosen. ``place_opened`` gives one of these."""

    copy_requested = Signal()
    place_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = NumberBadge()
        self._headline = card_label()
        self._text = card_label()
        self._sentence = card_label()
        for label in (self._text, self._sentence):
            label.setTextFormat(Qt.TextFormat.RichText)  # all that is shown in them is escaped
        self._source = card_label("accent")
        self._also = card_label("muted", wrap=False)
        self._copy = tool_button("Copy this answer", self.copy_requested.emit, "Ctrl+C")
        self._others = QVBoxLayout()
        self._shown: LibraryCardText | None = None
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._number, alignment=Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._headline, 1)
        head.addWidget(self._also, alignment=Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._copy, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._others.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 12)
        column.setSpacing(6)
        column.addLayout(head)
        for widget in (self._text, self._sentence, self._source):
            column.addWidget(widget)
        column.addLayout(self._others)

    def show_answer(self, card: LibraryCardText, *, opened: bool) -> None:
        """Show ``card``, with the other documents where ``opened``."""
        if card == self._shown and opened == self.isChecked():
            return
        self._shown = card
        self.setChecked(opened)
        self.setAccessibleName(card.spoken)
        self._number.show_number(card.number, strong=opened)
        self._headline.setText(card.headline)
        self._text.setText(emphasised(card.around) if card.is_clause else card_lines(card.text))
        self._sentence.setText(emphasised(card.around))
        is_list = "\n" in card.text
        self._sentence.setVisible(not (card.is_clause or is_list) and card.around.text.strip() != card.text)
        self._source.setText(f"{card.source}   ·   {card.folder}" if card.folder else card.source)
        self.setToolTip(plain_tip(card.path))
        self._also.setText(card.also)
        self._also.setVisible(bool(card.also))
        self._copy.setVisible(opened)
        self._show_others(card.others if opened else ())

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._headline.setFont(font(strong=True))
        self._text.setFont(font(1.2))
        self._copy.setIcon(icons.icon("copy"))
        self._number.updateGeometry()
        self.update()

    def _show_others(self, places: Sequence[AnswerPlace]) -> None:
        clear(self._others)
        for place in places[:_MOST_OTHERS]:
            button = QPushButton(elided_middle(captions.place_name(place)).replace("&", "&&"))
            button.setProperty("kind", "row")
            button.setAccessibleName(f"Open {captions.place_name(place)}")
            button.setToolTip(plain_tip(str(place.path)))
            button.clicked.connect(lambda _=False, place=place: self.place_opened.emit(place))
            self._others.addWidget(button)
        if len(places) > _MOST_OTHERS:
            more = card_label("muted")
            more.setText(f"… and {len(places) - _MOST_OTHERS:,} more")
            self._others.addWidget(more)

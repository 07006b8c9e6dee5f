"""The card of one answer of the library: its words, likelihood and sentence, its document, and other documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.app.excerpts import Excerpt, excerpt_in
from qadesk.app.library import captions
from qadesk.qa.clauses import asks_for_clause
from qadesk.records import AnswerPlace, LibraryAnswer, LibraryAnswers
from qadesk.ui.kit import icons
from qadesk.ui.kit.cards import AnswerWords, AnswerWordsCard, CardRow, card_label, show_card_rows
from qadesk.ui.kit.widgets import font, plain_tip, tool_button


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryCardText(AnswerWords):
    """What a card shows. ``folder`` is that of the file, ``others`` are places in other documents."""

    source: str  # 'Contract.pdf, page 3'
    path: str
    folder: str
    others: Sequence[AnswerPlace]

    @property
    def also(self) -> str:
        """In how many documents more: 'also in 3 documents'; '' for none."""
        return f"also in {phrases.counted(len(self.others), 'document')}" if self.others else ""

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        parts = (self.spoken_answer, self.source, self.also, self.around.text)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


def library_card_text(answers: LibraryAnswers, answer: LibraryAnswer, index: int, below: float) -> LibraryCardText:
    """What the card of ``answer`` says, number ``index`` of ``answers``; ``below`` is where doubt begins."""
    place = answer.places[0]
    text = "\n".join(captions.shown_lines(answer))
    sentence = excerpt_in(place.sentence, place.shown_start, place.shown_end)
    return LibraryCardText(
        number=index + 1,
        headline=captions.likelihood_of(answers, index, below),
        text=text,
        around=sentence if sentence.text else Excerpt("", text, ""),
        is_clause=not answer.items and asks_for_clause(answers.read_as or answers.question),
        source=captions.place_name(place),
        path=str(place.path),
        folder=place.path.parent.name,
        others=captions.other_documents(answer),
    )


class LibraryCard(AnswerWordsCard):
    """Shows the sentence always, the other documents when it is chosen. ``place_opened`` gives one of these."""

    copy_requested = Signal()
    place_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, context_tone="")
        self._source = card_label("accent")
        self._copy = tool_button("Copy this answer", self.copy_requested.emit, "Ctrl+C")
        self._others = QVBoxLayout()
        self._shown: LibraryCardText | None = None
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        self._add_button(self._copy)
        self._others.setSpacing(4)
        for widget in (self._text, self._context, self._source):
            self._column.addWidget(widget)
        self._column.addLayout(self._others)

    def show_answer(self, card: LibraryCardText, *, opened: bool) -> None:
        """Show ``card``, with the other documents where ``opened``."""
        if card == self._shown and opened == self.isChecked():
            return
        self._shown = card
        self.show_words(card, chosen=opened)
        self.setAccessibleName(card.spoken)
        self._source.setText(f"{card.source}   ·   {card.folder}" if card.folder else card.source)
        self.setToolTip(plain_tip(card.path))
        self._copy.setVisible(opened)
        self._show_aside(card.also)
        self._show_others(card.others if opened else ())

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        super().restyle()
        self._text.setFont(font(1.2))
        self._copy.setIcon(icons.icon("copy"))

    def _show_others(self, places: Sequence[AnswerPlace]) -> None:
        names = [captions.place_name(place) for place in places]
        rows = [
            CardRow(name, name, str(place.path), partial(self.place_opened.emit, place))
            for name, place in zip(names, places, strict=True)
        ]
        show_card_rows(self._others, rows)

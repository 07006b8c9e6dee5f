"""The answers: one card for each, below a headline where one is needed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.app.excerpts import excerpt
from qadesk.qa.clauses import asks_for_clause
from qadesk.records import Answers, Document
from qadesk.ui.ask.answer_card import AnswerCard, CardText
from qadesk.ui.ask.ask_session import AskSession
from qadesk.ui.ask.label_buttons import LabelButtons
from qadesk.ui.kit.cards import order_tabs
from qadesk.ui.kit.stale_bar import StaleBar
from qadesk.ui.kit.widgets import clear, font, plain_label, push_button, scroll_ground
from qadesk.ui.kit.wrapping_button import WrappingButton

_BACK = {"library": "‹ All answers of the library", "history": "‹ Back to the history"}
_NARROW = 280  # pixels


class AnswersPanel(QWidget):
    """``answer_chosen`` gives the index of an answer, ``question_clicked`` a sample question.

    ``all_requested`` asks for the unlikely answers too, ``back_requested`` for the place that this one is from,
    ``elsewhere_requested`` for the question to be put to other documents.
    """

    answer_chosen = Signal(int)
    question_clicked = Signal(str)
    copy_requested = Signal()
    all_requested = Signal()
    back_requested = Signal()
    elsewhere_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answersPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.cards: list[AnswerCard] = []
        self._count = 0
        self._title = plain_label("Answers")
        self.read_as = plain_label(tone="muted")
        self._headline_frame = QFrame()
        self._headline_frame.setObjectName("verdict")
        self.headline = plain_label()
        self.detail = plain_label(tone="muted")
        self.hint = plain_label(tone="muted")
        self.no_answer = plain_label(tone="muted")
        self._chips = QVBoxLayout()
        self._list = QVBoxLayout()
        self.label_buttons = LabelButtons()
        self.unlikely = push_button("", self.all_requested)
        self.unlikely.setProperty("kind", "row")
        self.elsewhere = push_button("Open another document…", self.elsewhere_requested)
        self.elsewhere.setProperty("kind", "row")
        self.stale = StaleBar()
        self.back = push_button(_BACK["library"], self.back_requested, kind="quiet")
        self._lay_out()
        self.restyle()
        self.show_nothing("")

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._headline_frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(4)
        inside.addWidget(self.headline)
        inside.addWidget(self.detail)
        self._chips.setSpacing(8)
        self._list.setSpacing(10)
        self._ground = scroll_ground()
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.back, alignment=Qt.AlignmentFlag.AlignLeft)
        for widget in (self.stale, self._title, self.read_as, self._headline_frame, self.hint):
            column.addWidget(widget)
        column.addLayout(self._chips)
        column.addLayout(self._list)
        column.addWidget(self.unlikely)
        column.addWidget(self.elsewhere)
        self._list.addWidget(self.label_buttons)
        column.addWidget(self.no_answer)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._ground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its words allow in their size: they are never cut off at the side."""
        width = self._ground.minimumSizeHint().width() + self.area.verticalScrollBar().sizeHint().width()
        return QSize(max(_NARROW, width), 0)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.headline.setFont(font(strong=True))
        self._title.setFont(font(1.1, strong=True))
        for card in self.cards:
            card.restyle()
        self.updateGeometry()

    def show_nothing(self, hint: str, questions: Sequence[str] = ()) -> None:
        """Show no answers, but a hint and questions to click."""
        self._show_cards(())
        self.label_buttons.hide()
        self.back.hide()
        self.unlikely.hide()
        self.elsewhere.hide()
        self.stale.hide()
        self.read_as.hide()
        self._set_headline("", "")
        self.no_answer.hide()
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._set_chips(questions)

    def show_answers(self, document: Document, answers: Answers, session: AskSession, doubtful_below: float) -> None:
        """Show those of ``answers`` that ``session`` lists, the chosen one opened."""
        self.hint.hide()
        self.back.setText(_BACK[session.origin or "library"])
        self.back.setVisible(session.origin is not None)
        self._set_chips(())
        self.read_as.setText(phrases.read_as(answers))
        self.read_as.setVisible(bool(answers.read_as))
        headline = phrases.headline(answers, doubtful_below)
        self._set_headline(*_headline_and_detail(answers, headline, working=session.is_working))
        cards = [_card(document, answers, index, doubtful_below) for index in range(len(session.visible_answers))]
        self._show_cards(cards, session.selected)
        self.label_buttons.accept.setEnabled(bool(session.visible_answers))
        self.label_buttons.show()
        self.unlikely.setText(f"Show {phrases.unlikely(session.unlikely_count)}")
        self.unlikely.setVisible(bool(session.unlikely_count) and not session.is_working)
        if answers.is_answered and answers.no_answer is not None:
            self.no_answer.setText(f"Chance that the document has no answer: {phrases.per_cent(answers.no_answer)}")
        self.no_answer.setVisible(answers.is_answered and answers.no_answer is not None)

    def offer_elsewhere(self, text: str) -> None:
        """Offer to look elsewhere, in the words of ``text``; '' does not."""
        self.elsewhere.setText(text or self.elsewhere.text())
        self.elsewhere.setVisible(bool(text))

    def has_focus(self) -> bool:
        """Whether the keyboard is in here."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _set_headline(self, headline: str, detail: str) -> None:
        self.headline.setText(headline)
        self.detail.setText(detail)
        self.headline.setVisible(bool(headline))
        self.detail.setVisible(bool(detail))
        self._headline_frame.setVisible(bool(headline or detail))

    def _set_chips(self, questions: Sequence[str]) -> None:
        clear(self._chips)
        for question in questions:
            chip = WrappingButton(question)
            chip.setAccessibleName(f"Ask: {question}")
            chip.clicked.connect(lambda _=False, question=question: self.question_clicked.emit(question))
            self._chips.addWidget(chip)

    def _show_cards(self, texts: Sequence[CardText], selected: int = 0) -> None:
        while len(self.cards) < len(texts):
            self._add_card()
        for index, card in enumerate(self.cards):
            card.setVisible(index < len(texts))
            if index < len(texts):
                card.show_answer(texts[index], opened=index == selected)
        self._count = len(texts)
        self._position_label_buttons(selected)
        chosen, others = self.cards[: selected + 1], self.cards[selected + 1 :]
        order_tabs([*chosen, *self.label_buttons.in_order, *others], self.unlikely)
        self.updateGeometry()

    def _position_label_buttons(self, selected: int) -> None:
        """Put the buttons for labels below the chosen card."""
        index = selected + 1 if self._count else 0
        if self._list.indexOf(self.label_buttons) != index:
            self._list.removeWidget(self.label_buttons)
            self._list.insertWidget(index, self.label_buttons)

    def _add_card(self) -> None:
        card = AnswerCard()
        index = len(self.cards)
        card.clicked.connect(lambda: self.answer_chosen.emit(index))
        card.stepped.connect(lambda step: self._step(index + step))
        card.copy_requested.connect(self.copy_requested)
        self.cards.append(card)
        self._list.addWidget(card)

    def _step(self, index: int) -> None:
        if 0 <= index < self._count:
            self.cards[index].setFocus(Qt.FocusReason.TabFocusReason)
            self.answer_chosen.emit(index)

    def reveal(self, index: int) -> None:
        """Scroll to the card at ``index``."""
        self.area.ensureWidgetVisible(self.cards[index], 0, 16)


def _headline_and_detail(answers: Answers, headline: str, *, working: bool) -> tuple[str, str]:
    """A headline and a detail, both empty where the first card says it all."""
    parts = f"{answers.read:,} of {answers.windows:,} parts"
    if working:
        return "", f"The best so far, after {parts}."
    stopped = f"Stopped after {parts}: better answers may be in the rest." if answers.is_partial else ""
    where = "in the part that was read" if answers.is_partial else "in this document"
    if not answers.spans:
        return f"No answer was found {where}", stopped
    if headline == "No answer":
        chance = f" · {phrases.per_cent(answers.no_answer)}" if answers.no_answer is not None else ""
        detail = "Below is what comes closest." if answers.likely else ""
        return f"Probably not {where}{chance}", f"{detail} {stopped}".strip()
    if headline == "Doubtful":
        return "", f"{phrases.doubt(answers)} {stopped}".strip()
    return "", stopped


def _card(document: Document, answers: Answers, index: int, doubtful_below: float) -> CardText:
    answer = answers[index]
    around = excerpt(document, answer.start, answer.end)
    return CardText(
        number=index + 1,
        headline=phrases.rank_and_chance(index, answer.confidence, doubtful_below, is_answered=answers.is_answered),
        text=phrases.answer_text(document, answer),
        location=phrases.capitalized(phrases.answer_location(document, answer)),
        origin=phrases.answer_origin(document, answer),
        around=around,
        is_clause=not answer.items and asks_for_clause(answers.read_as or answers.question),
        start=answer.start_confidence,
        end=answer.end_confidence,
    )

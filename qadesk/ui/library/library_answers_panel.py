"""The answers of all documents in one list: a headline where no answer is likely, cards, and how much was read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.app.library import captions
from qadesk.records import LibraryAnswers
from qadesk.ui.kit.cards import order_tabs
from qadesk.ui.kit.stale_bar import StaleBar
from qadesk.ui.kit.widgets import font, plain_label, push_button, scroll_ground
from qadesk.ui.library.library_card import LibraryCard, LibraryCardText, library_card_text
from qadesk.ui.library.library_session import LibrarySession

_WIDTH = 860  # pixels at most for a card: longer lines are hard to read


class LibraryAnswersPanel(QScrollArea):
    """``answer_opened`` gives the index of an answer, ``place_opened`` one of its other places.

    ``step_requested`` gives the index to choose without opening it.
    """

    answer_opened = Signal(int)
    step_requested = Signal(int)
    place_opened = Signal(object)
    copy_requested = Signal()
    all_requested = Signal()
    more_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cards: list[LibraryCard] = []
        self._count = 0
        self.stale = StaleBar()
        self.newer = StaleBar()
        self.newer.button.setToolTip("Ask the same question of all files that are searchable now (Ctrl+F5)")
        self.hint = plain_label(tone="muted")
        self.read_as = plain_label(tone="muted")
        self._frame = QFrame()
        self._frame.setObjectName("verdict")
        self.headline = plain_label()
        self.detail = plain_label(tone="muted")
        self._list = QVBoxLayout()
        self.unlikely = push_button("", self.all_requested)
        self.unlikely.setProperty("kind", "row")
        self.searched = plain_label(tone="muted")
        self.more = push_button("Read on", self.more_requested)
        self.more.setToolTip("Read more passages, for answers that stand less plainly in the text")
        self._ground = scroll_ground()
        self._lay_out()
        self.show_nothing("")

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(4)
        inside.addWidget(self.headline)
        inside.addWidget(self.detail)
        self._list.setSpacing(10)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.searched, 1)
        foot.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(12)
        for widget in (self.stale, self.newer, self.hint, self.read_as, self._frame):
            column.addWidget(widget)
        column.addLayout(self._list)
        column.addWidget(self.unlikely)
        column.addLayout(foot)
        column.addStretch(1)
        self._middle = QWidget()
        self._middle.setMaximumWidth(_WIDTH)
        self._middle.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self._ground)
        row.setContentsMargins(16, 16, 16, 16)
        row.addWidget(self._middle, 100)
        row.addStretch(1)
        self.setWidget(self._ground)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its words allow in their size."""
        width = self._ground.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(280, width), 0)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.headline.setFont(font(strong=True))
        self._middle.setMaximumWidth(round(_WIDTH * max(1.0, self.fontMetrics().height() / 17)))
        for card in self.cards:
            card.restyle()
        self.updateGeometry()

    def show_nothing(self, hint: str) -> None:
        """Show no answers, but a hint."""
        self._show_cards((), 0)
        for widget in (self.stale, self.newer, self.read_as, self._frame, self.unlikely, self.searched, self.more):
            widget.hide()
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def show_answers(self, answers: LibraryAnswers, session: LibrarySession, doubtful_below: float) -> None:
        """Show those of ``answers`` that ``session`` lists, the chosen one opened."""
        self.hint.hide()
        self.read_as.setText(phrases.read_as(answers))
        self.read_as.setVisible(bool(answers.read_as))
        working = session.is_working
        headline = "" if working else captions.no_answer_line(answers)
        detail = "Below is what comes closest." if headline and session.visible_answers else ""
        self.headline.setText(headline)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self._frame.setVisible(bool(headline))
        shown = session.visible_answers
        cards = [library_card_text(answers, answer, index, doubtful_below) for index, answer in enumerate(shown)]
        self._show_cards(cards, session.selected)
        self.unlikely.setText(f"Show {phrases.unlikely(session.unlikely_count)}")
        self.unlikely.setVisible(bool(session.unlikely_count) and not working)
        self.searched.setText("The best so far." if working else captions.searched_line(answers))
        self.searched.setVisible(bool(self.searched.text()) and (bool(shown) or not working))
        self.more.setVisible(session.can_read_on)

    def reveal(self, index: int) -> None:
        """Scroll to the card at ``index``."""
        if index < self._count:
            self.ensureWidgetVisible(self.cards[index], 0, 16)

    def focus_card(self, index: int) -> None:
        """Put the keyboard into the card at ``index``."""
        if index < self._count:
            self.cards[index].setFocus(Qt.FocusReason.TabFocusReason)

    def has_focus(self) -> bool:
        """Whether the keyboard is in a card."""
        return any(card.hasFocus() for card in self.cards)

    def _show_cards(self, texts: Sequence[LibraryCardText], selected: int) -> None:
        while len(self.cards) < len(texts):
            self._add_card()
        for index, card in enumerate(self.cards):
            if index < len(texts):
                card.show_answer(texts[index], opened=index == selected)
            card.setVisible(index < len(texts))
        order_tabs(self.cards, self.unlikely)
        self._count = len(texts)

    def _add_card(self) -> None:
        card = LibraryCard()
        index = len(self.cards)
        card.clicked.connect(lambda: self.answer_opened.emit(index))
        card.stepped.connect(lambda step: self._step(index + step))
        card.copy_requested.connect(self.copy_requested)
        card.place_opened.connect(self.place_opened)
        self.cards.append(card)
        self._list.addWidget(card)

    def _step(self, index: int) -> None:
        if 0 <= index < self._count:
            self.step_requested.emit(index)
            self.focus_card(index)

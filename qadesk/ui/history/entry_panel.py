"""The right side of the history: one question with all its answers, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.app.export.entry_words import asked_of, asked_with, no_answer_in_words, on_line
from qadesk.records import HistoryEntry
from qadesk.ui.history.entry_text import STAR, card_texts
from qadesk.ui.history.past_answer_card import PastAnswerCard
from qadesk.ui.kit.cards import order_tabs
from qadesk.ui.kit.flow_layout import FlowLayout
from qadesk.ui.kit.widgets import font, plain_label, push_button, scroll_ground

_WIDTH = 860  # pixels at most for a card: longer lines are hard to read


class EntryPanel(QWidget):
    """``answer_opened`` gives the index of an answer, ``other_opened`` the same answer in another document."""

    answer_opened = Signal(int)
    other_opened = Signal(object)
    open_requested = Signal()
    again_requested = Signal()
    other_model_requested = Signal()
    star_toggled = Signal()
    copy_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answersPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.cards: list[PastAnswerCard] = []
        self.chosen = 0
        self._entry: HistoryEntry | None = None
        self._doubtful_below = 0.4
        self._shows_unlikely = False
        self.question = plain_label()
        self.about = plain_label(tone="muted")
        self.options = plain_label(tone="muted")
        self.open = push_button("Open", self.open_requested, kind="main")
        self.again = push_button("Ask again", self.again_requested)
        self.other_model = push_button("Ask another model…", self.other_model_requested)
        self.other_model.setToolTip("Ask again with another model, and see what changes")
        self.star = push_button("☆ Star", self.star_toggled)
        self.copy = push_button("Copy", self.copy_requested)
        self.export = push_button("Export…", self.export_requested)
        self.forget = QPushButton("Forget")
        self._frame = QFrame()
        self._frame.setObjectName("verdict")
        self.no_answer = plain_label()
        self._list = QVBoxLayout()
        self.unlikely = QPushButton()
        self.unlikely.setProperty("kind", "row")
        self.unlikely.clicked.connect(lambda _checked: self.show_unlikely())
        self._ground = scroll_ground()
        self.area = QScrollArea()
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self.no_answer)
        self._list.setSpacing(10)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.question, self.about):
            column.addWidget(widget)
        column.addLayout(self._button_row())
        column.addWidget(self._frame)
        column.addLayout(self._list)
        column.addWidget(self.unlikely)
        column.addWidget(self.options)
        column.addStretch(1)
        row = QHBoxLayout(self._ground)
        row.setContentsMargins(20, 16, 20, 16)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._ground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def _button_row(self) -> FlowLayout:
        row = FlowLayout(8)
        for button in (self.open, self.again, self.other_model, self.star, self.copy, self.export, self.forget):
            row.addWidget(button)
        return row

    def set_forget_menu(self, rows: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """What the button Forget offers."""
        menu = QMenu(self.forget)
        for text, act in rows:
            menu.addAction(text).triggered.connect(lambda _checked=False, act=act: act())
        self.forget.setMenu(menu)

    def show_entry(self, entry: HistoryEntry | None, doubtful_below: float) -> None:
        """Show ``entry``, or nothing."""
        if entry is None or self._entry is None or entry.id != self._entry.id:
            self.chosen = 0
            self._shows_unlikely = False
            self.area.verticalScrollBar().setValue(0)
        self._entry, self._doubtful_below = entry, doubtful_below
        self._ground.setVisible(entry is not None)
        if entry is None:
            return
        self.question.setText(on_line(entry.question))
        when, seconds = phrases.date_and_time(entry.asked), phrases.duration(entry.seconds)
        self.about.setText(" · ".join(filter(None, (asked_of(entry), on_line(entry.model), when, seconds))))
        self.star.setText(f"{STAR} Starred" if entry.is_starred else "☆ Star")
        self.star.setAccessibleName("Remove the star" if entry.is_starred else "Star")
        self.no_answer.setText("" if entry.is_answered else no_answer_in_words(entry) or "There is no answer.")
        self._frame.setVisible(not entry.is_answered)
        options = asked_with(entry)
        self.options.setText(f"Asked with: {options}." if options else "")
        self.open.setText("Open" if entry.answers else "Open the document")
        self.open.setEnabled(bool(entry.answers) or not entry.library)
        self._show_cards()

    @property
    def count(self) -> int:
        """How many answers are listed: the likely ones, at least the best, or all if the user wants to see them."""
        if self._entry is None:
            return 0
        return len(self._entry.answers if self._shows_unlikely else self._entry.likely)

    def show_unlikely(self) -> None:
        """List the unlikely answers too, and go to the first of them."""
        first = self.count
        self._shows_unlikely = True
        self.choose(first)

    def choose(self, index: int) -> None:
        """Choose the answer at ``index``, wrapping around."""
        if self.count:
            self.chosen = index % self.count
            self._show_cards()
            card = self.cards[self.chosen]
            card.setFocus(Qt.FocusReason.TabFocusReason)
            self.area.ensureWidgetVisible(card, 0, 16)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.question.setFont(font(1.3, strong=True))
        for card in self.cards:
            card.restyle()

    def _show_cards(self) -> None:
        entry = self._entry
        texts = card_texts(entry, self._doubtful_below)[: self.count] if entry else []
        hidden = len(entry.answers) - self.count if entry else 0
        self.unlikely.setText(f"Show {phrases.unlikely(hidden)}")
        self.unlikely.setVisible(hidden > 0)
        while len(self.cards) < len(texts):
            self._add_card()
        for index, card in enumerate(self.cards):
            if index < len(texts):
                card.show_answer(texts[index], chosen=index == self.chosen)
            card.setVisible(index < len(texts))
        order_tabs(self.cards, self.unlikely)

    def _add_card(self) -> None:
        card = PastAnswerCard()
        index = len(self.cards)
        card.clicked.connect(lambda: self._open(index))
        card.stepped.connect(lambda step: self._step(index + step))
        card.other_opened.connect(self.other_opened)
        self.cards.append(card)
        self._list.addWidget(card)

    def _open(self, index: int) -> None:
        self.choose(index)
        self.answer_opened.emit(index)

    def _step(self, index: int) -> None:
        if 0 <= index < self.count:
            self.choose(index)

"""Cards: buttons with several labels, of which one is chosen, and what the cards of answers have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qadesk.app.excerpts import Excerpt
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import clear, elided_middle, font, plain_label, plain_tip

_MOST_ROWS = 5


class Card(QAbstractButton):
    """A card that can be chosen. ``stepped`` asks for the card after (1) or before (-1)."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go to the neighbours; Enter chooses."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing it."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card's background, with a border that shows whether it is chosen or has the focus."""
        strong = self.isChecked() or self.hasFocus()
        edge = "accent" if strong else "edge"
        width = 2.0 if self.hasFocus() else 1.0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour(edge), width))
            painter.setBrush(theme.colour("accent_soft" if self.underMouse() else "raised"))
            inset = width / 2  # whole pixels: a line between two would have half of its contrast
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)


class NumberBadge(QWidget):
    """The number of an answer, as it stands in the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._strong = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_number(self, number: int, *, strong: bool) -> None:
        """Show ``number``; filled where ``strong``."""
        self._number, self._strong = number, strong
        self.update()

    def _font(self) -> QFont:
        bold = font(0.85)
        bold.setBold(True)
        return bold

    def sizeHint(self) -> QSize:
        """Room for two digits."""
        metrics = QFontMetricsF(self._font())
        height = round(metrics.height()) + 2
        return QSize(max(height, round(metrics.horizontalAdvance("20")) + 8), height)

    def minimumSizeHint(self) -> QSize:
        """The same: a number is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The number on its ground."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setPen(QPen(theme.colour("mark_line"), 1))
            painter.setBrush(theme.colour("mark_line" if self._strong else "surface"))
            painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
            painter.setPen(theme.colour("surface" if self._strong else "mark_line"))
            painter.setFont(self._font())
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(self._number))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWords:
    """What the card of any answer shows: the answer, one line for each item of a list, and the sentence around it.

    ``is_clause``: the sentence is the answer, with the words of ``text`` emphasised.
    """

    number: int
    headline: str  # 'Likely · 82 %'
    text: str
    around: Excerpt
    is_clause: bool = False

    @property
    def has_context(self) -> bool:
        """Whether the sentence says more than the answer."""
        is_list = "\n" in self.text
        return not (self.is_clause or is_list) and self.around.text.strip() not in ("", self.text)

    @property
    def spoken_answer(self) -> str:
        """The number, the answer and the headline for a screen reader: 'Answer 1: 800 pounds. Likely, 82 %'."""
        text, headline = "; ".join(self.text.splitlines()), self.headline.replace(" · ", ", ")
        return f"Answer {self.number}: {text.rstrip('.')}. {headline}"


class AnswerWordsCard(Card):
    """A card of an answer. Its ``_head`` begins with the number, the headline and what ``_show_aside`` is given; what
    else is in it and below it, the words and their ``_context`` with the rest, is laid out by each kind of card.
    """

    def __init__(self, parent: QWidget | None = None, *, context_tone: str = "muted") -> None:
        super().__init__(parent)
        self._number = NumberBadge()
        self._headline = card_label()
        self._text = card_label()
        self._context = card_label(context_tone)
        self._aside, self._aside_below = card_label("muted", wrap=False), card_label("muted")
        for label in (self._text, self._context):
            label.setTextFormat(Qt.TextFormat.RichText)  # all that is shown in them is escaped
        self._buttons: list[QWidget] = []  # at the end of the head
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self._number, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._head.addWidget(self._headline, 1)
        self._head.addWidget(self._aside, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 12, 12)
        self._column.setSpacing(6)
        self._column.addLayout(self._head)
        self._column.addWidget(self._aside_below)
        self._show_aside("")

    def _add_button(self, button: QWidget) -> None:
        """Put ``button`` at the end of the head."""
        self._buttons.append(button)
        self._head.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)

    def _show_aside(self, text: str) -> None:
        """Show ``text``, such as the page, at the right of the headline, or below it where it has no room there."""
        for label in (self._aside, self._aside_below):
            label.setText(text)
        self._fit_aside()

    def _fit_aside(self) -> None:
        widths = [self._headline.fontMetrics().horizontalAdvance(self._headline.text())]
        widths += [part.sizeHint().width() for part in (self._number, self._aside)]
        widths += [button.sizeHint().width() for button in self._buttons if not button.isHidden()]
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self._head.spacing() * (len(widths) - 1)
        is_beside, has_text = sum(widths) <= room, bool(self._aside.text())
        self._aside.setVisible(has_text and is_beside)
        self._aside_below.setVisible(has_text and not is_beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what stands beside the headline below it where there is no room."""
        super().resizeEvent(event)
        self._fit_aside()

    def show_words(self, words: AnswerWords, *, chosen: bool, with_context: bool = True) -> None:
        """Show ``words``, the sentence ``with_context`` alone, and whether the card is the one that is ``chosen``."""
        self.setChecked(chosen)
        self._number.show_number(words.number, strong=chosen)
        self._headline.setText(words.headline)
        self._text.setText(emphasised(words.around) if words.is_clause else card_lines(words.text))
        self._context.setText(emphasised(words.around))
        self._context.setVisible(with_context and words.has_context)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._headline.setFont(font(strong=True))
        self._number.updateGeometry()
        self.update()


class CardRow(NamedTuple):
    """A button on a card that opens a document: its text, the document's name and path, and what it does."""

    text: str
    name: str
    path: str
    act: Callable[[], object]


def show_card_rows(column: QBoxLayout, rows: Sequence[CardRow]) -> None:
    """Show the first of ``rows`` in ``column``, and how many there are more."""
    clear(column)
    for row in rows[:_MOST_ROWS]:
        button = QPushButton(elided_middle(row.text).replace("&", "&&"))
        button.setProperty("kind", "row")
        button.setAccessibleName(f"Open {row.name}")
        button.setToolTip(plain_tip(row.path))
        button.clicked.connect(lambda _=False, act=row.act: act())
        column.addWidget(button)
    if len(rows) > _MOST_ROWS:
        more = card_label("muted")
        more.setText(f"… and {len(rows) - _MOST_ROWS:,} more")
        column.addWidget(more)


def emphasised(around: Excerpt) -> str:
    """A sentence with the answer in bold type, as markup."""
    return f"{escape(around.before)}<b>{escape(around.answer)}</b>{escape(around.after)}"


def order_tabs(cards: Iterable[QWidget], last: QWidget) -> None:
    """Let Tab go through ``cards`` and the buttons in them, and then to ``last``, wherever they were made."""
    before = last
    for card in cards:
        for widget in (card, *card.findChildren(QAbstractButton)):
            QWidget.setTabOrder(before, widget)
            before = widget
    if before is not last:
        QWidget.setTabOrder(before, last)


def card_label(tone: str = "", *, wrap: bool = True) -> QLabel:
    """A label on a card, which takes no clicks from it."""
    label = plain_label(tone=tone, wrap=wrap)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label


def card_lines(text: str) -> str:
    """An answer, or the items of a list below each other, as markup."""
    lines = text.splitlines()
    return "<br>".join(f"•&nbsp;{escape(line)}" for line in lines) if len(lines) > 1 else escape(text)

"""What the pages of the wizard are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from qadesk.ui.kit.widgets import clear, font, plain_label, scroll_ground


class WizardPage(QWizardPage):
    """A page of a title, a sentence, and a column of widgets that can be scrolled: text can be large.

    ``first`` has the focus when one comes to the page.
    """

    def __init__(self, title: str, lead: str = "") -> None:
        super().__init__()
        self.setTitle(title)
        self.first: QWidget = self
        ground = scroll_ground()
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(9, 2, 10, 2)  # below the title, which stands a little to the right
        self.column.setSpacing(10)
        if lead:
            self.column.addWidget(plain_label(lead, tone="muted"))
        self.area = QScrollArea()
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(ground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)


class Headline(QLabel):
    """A sentence that matters, in larger and stronger letters. It takes what it is given as text."""

    def __init__(self, scale: float = 1.15) -> None:
        super().__init__()
        self._scale = scale
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._size()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size of the window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # a new style sheet comes with each text size
            self._size()

    def _size(self) -> None:
        wanted = font(self._scale, strong=True)
        if self.font() != wanted:
            self.setFont(wanted)


class Notes(QWidget):
    """Sentences one below the other, each with a sign before it."""

    def __init__(self, sign: str) -> None:
        super().__init__()
        self._sign = sign
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.texts: tuple[str, ...] = ()

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show ``texts`` in the place of those before."""
        self.texts = tuple(texts)
        clear(self._column)
        for text in texts:
            self._column.addWidget(plain_label(f"{self._sign} {text}".strip()))
        self.setVisible(bool(texts))


def choice(column: QVBoxLayout, text: str, words: str) -> QRadioButton:
    """A radio button in ``column`` with a sentence below it."""
    radio = QRadioButton(text)
    radio.setAccessibleDescription(words)
    label = plain_label(words, tone="muted")
    label.setContentsMargins(28, 0, 0, 0)
    both = QVBoxLayout()
    both.setSpacing(0)
    both.addWidget(radio, alignment=Qt.AlignmentFlag.AlignLeft)
    both.addWidget(label)
    column.addLayout(both)
    return radio


def problem_label() -> QLabel:
    """A label for what is wrong, hidden until there is something."""
    label = plain_label(name="messageTitle")
    label.setProperty("kind", "error")
    label.hide()
    return label


def button(text: str, act: Callable[[], object], kind: str = "") -> QPushButton:
    """A button that does ``act``; Enter in another field does not press it."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setProperty("kind", kind)
    made.clicked.connect(lambda _checked: act())
    return made


def quiet(label: str) -> QLabel:
    """A label in one line for the left of a row."""
    return plain_label(label, tone="muted", wrap=False)

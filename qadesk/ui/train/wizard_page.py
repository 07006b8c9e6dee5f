"""The base class of the wizard's pages, and widgets that several of them use."""

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

from qadesk.errors import QadeskError
from qadesk.ui.kit.widgets import clear, font, plain_label, scroll_ground


class WizardPage(QWizardPage):
    """A title, a sentence ``lead``, and a ``column`` of widgets that scrolls when the text is large.

    ``initial_focus`` gets the focus when the page is entered.
    """

    def __init__(self, title: str, lead: str = "") -> None:
        super().__init__()
        self.setTitle(title)
        self.initial_focus: QWidget = self
        ground = scroll_ground()
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(9, 2, 10, 2)  # in line with the title, which Qt indents
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
    """A plain text in bold, ``scale`` times as large as the window's."""

    def __init__(self, scale: float = 1.15) -> None:
        super().__init__()
        self._scale = scale
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._update_font()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size of the window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # a new style sheet comes with each text size
            self._update_font()

    def _update_font(self) -> None:
        scaled = font(self._scale, strong=True)
        if self.font() != scaled:
            self.setFont(scaled)


class Notes(QWidget):
    """A list of sentences, each after ``sign``."""

    def __init__(self, sign: str) -> None:
        super().__init__()
        self._sign = sign
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.texts: tuple[str, ...] = ()

    def show_texts(self, texts: Sequence[str]) -> None:
        """Replace the sentences."""
        self.texts = tuple(texts)
        clear(self._column)
        for text in texts:
            self._column.addWidget(plain_label(f"{self._sign} {text}".strip()))
        self.setVisible(bool(texts))


def radio_button(column: QVBoxLayout, text: str, help_: str) -> QRadioButton:
    """A radio button, added to ``column`` with the sentence ``help_`` below it."""
    radio = QRadioButton(text)
    radio.setAccessibleDescription(help_)
    label = plain_label(help_, tone="muted")
    label.setContentsMargins(28, 0, 0, 0)
    layout = QVBoxLayout()
    layout.setSpacing(0)
    layout.addWidget(radio, alignment=Qt.AlignmentFlag.AlignLeft)
    layout.addWidget(label)
    column.addLayout(layout)
    return radio


def error_label() -> QLabel:
    """A label for an error, hidden until ``show_error``."""
    label = plain_label(name="messageTitle")
    label.setProperty("kind", "error")
    label.hide()
    return label


def show_error(label: QLabel, error: QadeskError | None) -> None:
    """Show ``error`` in an ``error_label``; hide the label where there is none."""
    label.setText(str(error) if error else "")
    label.setVisible(error is not None)


def button(text: str, act: Callable[[], object], kind: str = "") -> QPushButton:
    """A button that calls ``act`` and is never the default button of the dialog."""
    result = QPushButton(text)
    result.setAutoDefault(False)
    result.setProperty("kind", kind)
    result.clicked.connect(lambda _checked: act())
    return result


def row_label(text: str) -> QLabel:
    """A muted label in one line: the title of a row or a column."""
    return plain_label(text, tone="muted", wrap=False)

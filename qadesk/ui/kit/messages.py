"""The message bar above the places: a sentence, a hint, and buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.errors import QadeskError
from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import clear, plain_label, tool_button

Button = tuple[str, Callable[[], object]]
"""The text of a button, and what it does."""

_SHOWN = 6000  # milliseconds that a message is shown, and for each of its characters
_FOR_CHARACTER = 50
_WITH_BUTTONS = 20_000  # milliseconds more: there is something to decide


@dataclass(frozen=True, slots=True)
class Message:
    """What the bar shows. ``kind`` is 'error' or 'info'; ``buttons`` are their texts and what they do.

    It closes by itself after some seconds. An error does not, nor one that ``stays``: it asks for a decision.
    """

    title: str
    hint: str = ""
    kind: str = "info"
    buttons: tuple[Button, ...] = ()
    stays: bool = False

    @property
    def is_lasting(self) -> bool:
        """Whether it is shown until it is closed."""
        return self.stays or self.kind == "error"

    @property
    def milliseconds(self) -> int:
        """How long one that is not lasting is shown."""
        characters = len(self.title) + len(self.hint)
        return _SHOWN + _FOR_CHARACTER * characters + (_WITH_BUTTONS if self.buttons else 0)


class MessageBar(QFrame):
    """Shows one message at a time, the newest. Below it only lasting ones wait: news does not come back.

    ``details_requested`` gives the sentence and the details of an error.
    """

    details_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAccessibleName("Message")
        self._open: list[Message] = []  # lasting ones, and above them the news, if there is one
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._close_news)
        self._title = plain_label(name="messageTitle")
        self._hint = plain_label()
        self._buttons = QHBoxLayout()
        self._close = tool_button("Close the message", self.dismiss, "Esc")
        sentences = QVBoxLayout()
        sentences.setSpacing(2)
        sentences.addWidget(self._title)
        sentences.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 10, 10)
        row.addLayout(sentences, 1)
        row.addLayout(self._buttons)
        row.addWidget(self._close, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """The message that is shown; empty while the bar is closed."""
        return f"{self._open[-1].title} {self._open[-1].hint}".strip() if self._open else ""

    def show_message(self, message: Message) -> None:
        """Show ``message`` in the place of the news before it. An error takes the place of the error before it."""
        self._open = [
            other
            for other in self._open
            if other.is_lasting and other.title != message.title and not other.kind == message.kind == "error"
        ]
        self._open.append(message)
        self._show_newest()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))

    def show_error(self, error: QadeskError, *buttons: Button) -> None:
        """Show the sentences of ``error``, with ``buttons`` and one for its details."""
        details = ("Details", lambda: self.details_requested.emit(error.message, error.detail))
        all_buttons = (*buttons, details) if error.detail else buttons
        self.show_message(Message(error.message, error.hint, "error", all_buttons))

    def clear_errors(self) -> None:
        """Close all errors."""
        self._open = [message for message in self._open if message.kind != "error"]
        self._show_newest()

    def dismiss(self) -> None:
        """Close the message that is shown."""
        self._open = self._open[:-1]
        self._show_newest()

    def restyle(self) -> None:
        """Take the theme's colours."""
        self._close.setIcon(icons.icon("close"))

    def event(self, event: QEvent) -> bool:
        """Leave the message there as long as the pointer is on it."""
        if event.type() == QEvent.Type.Leave and self._open:
            self._begin_time(self._open[-1])
        elif event.type() == QEvent.Type.Enter:
            self._timer.stop()
        return super().event(event)

    def _begin_time(self, message: Message) -> None:
        self._timer.stop()
        if not message.is_lasting:
            self._timer.start(message.milliseconds)

    def _close_news(self) -> None:
        """Close the message whose time is over, unless the keyboard is on one of its buttons."""
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._begin_time(self._open[-1])
        else:
            self.dismiss()

    def _show_newest(self) -> None:
        clear(self._buttons)
        self._timer.stop()
        self.setVisible(bool(self._open))
        if not self._open:
            return
        message = self._open[-1]
        self._begin_time(message)
        self._title.setText(message.title)
        self._hint.setText(message.hint)
        self._hint.setVisible(bool(message.hint))
        for text, act in message.buttons:
            button = QPushButton(text)
            button.clicked.connect(lambda _checked, act=act: act())
            self._buttons.addWidget(button)
        for widget in (self, self._title):
            widget.setProperty("kind", message.kind)
            widget.style().polish(widget)

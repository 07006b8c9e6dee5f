"""The message bar above the places: a sentence, a hint, and buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.errors import QadeskError
from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import clear, plain_label, tool_button


@dataclass(frozen=True, slots=True)
class Message:
    """What the bar shows. ``kind`` is 'error' or 'info'; ``buttons`` are their texts and what they do."""

    title: str
    hint: str = ""
    kind: str = "info"
    buttons: tuple[tuple[str, Callable[[], object]], ...] = ()


class MessageBar(QFrame):
    """Shows one message at a time, the newest; the one below it comes back when it is closed.

    ``details_requested`` gives the sentence and the details of an error.
    """

    details_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAccessibleName("Message")
        self._open: list[Message] = []
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
        """Show ``message`` above what is there. An error takes the place of the error before it."""
        self._open = [
            other for other in self._open if other.title != message.title and not other.kind == message.kind == "error"
        ]
        self._open.append(message)
        self._show_newest()

    def show_error(self, error: QadeskError) -> None:
        """Show the sentences of ``error``, with a button for its details."""
        details = ("Details", lambda: self.details_requested.emit(error.message, error.detail))
        self.show_message(Message(error.message, error.hint, "error", (details,) if error.detail else ()))

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

    def _show_newest(self) -> None:
        clear(self._buttons)
        self.setVisible(bool(self._open))
        if not self._open:
            return
        message = self._open[-1]
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

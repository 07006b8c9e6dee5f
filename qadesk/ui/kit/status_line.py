"""The status bar: whether the program is offline, the model and its device, the time it took, the page."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from qadesk.app import phrases
from qadesk.progress import Progress, rough_duration
from qadesk.records import Answers, Document, ReaderInfo
from qadesk.ui.kit.widgets import elided_middle, plain_label, plain_tip

_BAR = 80  # pixels
_COPIED = 2500  # milliseconds
_OFFLINE = (
    "QADesk opens no network connection, but to download a model when you ask for one. "
    "Your documents and questions stay on this computer."
)
_ONLINE = "QADesk downloads a model, as you asked. Your documents and questions stay on this computer."


class StatusLine(QStatusBar):
    """A row of short texts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.offline = _text(tone="good")
        self.show_online(False)
        self.model = _text("Loading the model…")
        self.device = _text()
        self.time = _text()
        self.position = _text()
        self.work = _text()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of making the model faster")
        self.bar.setFixedWidth(_BAR)
        for widget in (self.offline, self.model, self.device, self.time, self.work, self.bar):
            self.addWidget(widget)
        self.show_preparing(None)
        self.addPermanentWidget(self.position)
        self.setContentsMargins(8, 2, 8, 2)

    def show_online(self, is_online: bool) -> None:
        """Show whether a network connection is open."""
        self.offline.setText("○ Downloading" if is_online else "● Offline")
        self.offline.setToolTip(_ONLINE if is_online else _OFFLINE)

    def show_copied(self) -> None:
        """Say for a moment, and to a screen reader, that something is on the clipboard now."""
        self.showMessage("✓ Copied", _COPIED)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, "Copied"))

    def show_loading(self) -> None:
        """Show that the model is being loaded."""
        self.model.setText("Loading the model…")
        self.device.setText("")

    def show_no_reader(self) -> None:
        """Show that there is no model to ask."""
        self.model.setText("No model")
        self.device.setText("")

    def show_reader(self, info: ReaderInfo) -> None:
        """Show the model, its device and precision; the reason for the device is the tooltip."""
        self.model.setText(elided_middle(info.name))
        self.device.setText(f"{info.device.upper()}, {info.precision}")
        self.device.setToolTip(plain_tip(info.reason))

    def show_preparing(self, step: Progress | None) -> None:
        """Show how far the faster model is; nothing for None."""
        for widget in (self.work, self.bar):
            widget.setVisible(step is not None)
        if step:
            remaining = f" · {rough_duration(step.seconds_left)} left" if step.seconds_left else ""
            self.work.setText(f"Making it faster: {step.what.lower()}{remaining}")
            self.bar.setRange(0, step.total)  # 0 to 0: busy
            self.bar.setValue(step.done)

    def show_time(self, answers: Answers | None) -> None:
        """Show how long the last question took."""
        self.time.setText(f"Read in {phrases.duration(answers.seconds)}" if answers and answers.seconds else "")

    def show_position(self, document: Document | None, offset: int, page: int) -> None:
        """Show the page with the number ``page``; without pages, how far down ``offset`` is, in per cent."""
        if document and document.pages:
            name, count = phrases.capitalized(document.pages[page - 1].name), len(document.pages)
            is_counted = document.pages[page - 1].label == str(page)
            self.position.setText(f"{name} of {count:,}" if is_counted else f"{name} ({page:,} of {count:,})")
        elif document and document.text:
            self.position.setText(f"{round(100 * offset / len(document.text))} %")
        else:
            self.position.setText("")


def _text(text: str = "", tone: str = "muted") -> QLabel:
    label = plain_label(text, tone=tone, wrap=False)
    label.setContentsMargins(4, 0, 12, 0)
    return label

"""The status bar: whether the program is offline, the model and its device, the time it took, the page."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from qadesk.app import phrases
from qadesk.progress import Progress, rough_duration
from qadesk.records import Answers, Document, ReaderInfo
from qadesk.settings import row
from qadesk.ui.kit.widgets import elided_middle, plain_label, plain_tip

_BAR = 80  # pixels
_COPIED = 2500  # milliseconds
_OFFLINE = (
    "QADesk opens no network connection, except to download a model when you ask for one. "
    "Your documents and questions stay on this computer."
)
_ONLINE = "QADesk downloads a model, as you asked. Your documents and questions stay on this computer."


class StatusLine(QStatusBar):
    """A row of short texts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.offline = _text("Network", tone="good")
        self.show_online(False)
        self.model = _text("Model that answers")
        self.device = _text("Where the model runs")
        self.time = _text("How long the last question took")
        self.position = _text("What part of the document is shown")
        self.work = _text("Work on the model")
        self.show_loading()
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
        _show(self.offline, "○ Downloading" if is_online else "● Offline")
        self.offline.setToolTip(_ONLINE if is_online else _OFFLINE)

    def show_copied(self) -> None:
        """Say for a moment, and to a screen reader, that something is on the clipboard now."""
        self.showMessage("✓ Copied", _COPIED)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, "Copied"))

    def show_loading(self) -> None:
        """Show that the model is being loaded."""
        _show(self.model, "Loading the model…")
        _show(self.device, "")

    def show_no_reader(self) -> None:
        """Show that there is no model to ask."""
        _show(self.model, "No model")
        _show(self.device, "")

    def show_reader(self, info: ReaderInfo) -> None:
        """Show the model and its device; the precision and the reason for the device are in the tooltip."""
        _show(self.model, elided_middle(info.name))
        kind, _, number = info.device.partition(":")
        title = row("model.device").title_of(kind)
        _show(self.device, f"{title} {int(number) + 1}" if number.isdigit() else title)
        self.device.setToolTip(plain_tip(f"{self.device.accessibleName()} ({info.precision}). {info.reason}"))

    def show_preparing(self, step: Progress | None) -> None:
        """Show how far the faster model is; nothing for None."""
        for widget in (self.work, self.bar):
            widget.setVisible(step is not None)
        if step:
            remaining = f" · {rough_duration(step.seconds_left)} left" if step.seconds_left else ""
            _show(self.work, f"Making the model faster{remaining}")
            self.bar.setRange(0, step.total)  # 0 to 0: busy
            self.bar.setValue(step.done)

    def show_time(self, answers: Answers | None) -> None:
        """Show how long the last question took."""
        _show(self.time, f"Read in {phrases.duration(answers.seconds)}" if answers and answers.seconds else "")

    def show_position(self, document: Document | None, offset: int, page: int) -> None:
        """Show the page with the number ``page``; without pages, how far down ``offset`` is, in per cent."""
        if document and document.pages:
            name, count = phrases.capitalized(document.pages[page - 1].name), len(document.pages)
            is_counted = document.pages[page - 1].label == str(page)
            _show(self.position, f"{name} of {count:,}" if is_counted else f"{name} ({page:,} of {count:,})")
        elif document and document.text:
            _show(self.position, f"At {round(100 * offset / len(document.text))}\N{NO-BREAK SPACE}% of the text")
        else:
            _show(self.position, "")

    def show_question(self, number: int, count: int) -> None:
        """Show that the question ``number`` of a list of ``count`` is shown; nothing for 0."""
        _show(self.position, f"Question {number:,} of {count:,}" if number else "")


def _text(name: str, tone: str = "muted") -> QLabel:
    """A label whose ``name`` says what it shows: as its tooltip, and to a screen reader."""
    label = plain_label(tone=tone, wrap=False)
    label.setProperty("shows", name)
    label.setToolTip(name)
    label.setContentsMargins(4, 0, 12, 0)
    return label


def _show(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setAccessibleName(f"{label.property('shows')}: {text}" if text else label.property("shows"))

"""What can run the model on this computer, which of it is taken and why, and how fast each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import AnyJob, Jobs
from qadesk.ui.kit.widgets import plain_label, wrapping_list

if TYPE_CHECKING:
    from collections.abc import Generator

    from qadesk.app.reading.device_listing import Listing
    from qadesk.app.reading.device_timings import Measured

_HELP = "Measure times each device on a short text. 'Automatic' then takes the fastest. Questions wait meanwhile."


class DevicesPage(QWidget):
    """A list of devices and a button to measure them, which is to cancel while it goes on.

    ``listed`` gives a ``Listing``, ``measured`` says that another device may be the fastest now, ``failed`` gives
    an error to show. Nothing is asked before ``refresh``.
    """

    listed = Signal(object)
    measured = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._jobs = jobs
        self._settings = settings
        self._listing: AnyJob | None = None
        self._measuring: AnyJob | None = None
        title = QLabel("On this &computer")
        self.list = wrapping_list("Devices on this computer")
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        title.setBuddy(self.list)
        self.said = plain_label("Looking…", tone="muted")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of measuring")
        self.progress.hide()
        self.button = QPushButton("&Measure")
        self.button.setAccessibleDescription(_HELP)
        self.button.clicked.connect(self._press)
        line = QHBoxLayout()
        line.addWidget(title, 1, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.list)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addWidget(plain_label(_HELP, tone="muted"))
        column.addStretch(1)

    def refresh(self) -> None:
        """Look again at what is there; on a lane, as it may take seconds."""
        self._stop(self._listing)
        self._listing = self._jobs.start("files", self._look, done=self._show, failed=self._fail)

    def stop(self) -> None:
        """End what is going on."""
        self._stop(self._listing)
        self._stop(self._measuring)

    def _press(self) -> None:
        if self._measuring:
            self._stop(self._measuring)
            self._end("Stopped. What was measured before is kept.")
            return
        self.button.setText("&Cancel")
        self.said.setText("Measuring…")
        self.progress.setRange(0, 0)
        self.progress.show()
        self._measuring = self._jobs.start(
            "model", self._measure, done=self._keep, progress=self._show_progress, failed=self._fail_measuring
        )

    def _look(self, _job: AnyJob) -> Listing:
        from qadesk.app.reading.device_listing import list_devices

        return list_devices(self._settings)

    def _measure(self, _job: AnyJob) -> Generator[Progress, None, Measured]:
        from qadesk.app.reading.device_listing import measure

        return measure(self._settings)

    def _show(self, listing: Listing) -> None:
        self.list.clear()
        for each in listing.devices:
            item = QListWidgetItem("\n".join(each.lines))
            self.list.addItem(item)
            if each.reason:
                self.list.setCurrentItem(item)
        if self._measuring is None:
            self.said.setText(" ".join(filter(None, (listing.problem, listing.when))))
        self.listed.emit(listing)

    def _show_progress(self, step: Progress) -> None:
        self.progress.setRange(0, step.total)
        self.progress.setValue(step.done)
        self.said.setText(phrases.progress(step))

    def _keep(self, measured: Measured) -> None:
        from qadesk.app.reading.device_timings import remember

        self._end("")
        try:
            remember(self._settings, measured)
        except QadeskError as error:
            self.failed.emit(error)
            return
        self.refresh()
        self.measured.emit()

    def _fail(self, error: Exception) -> None:
        self.list.clear()
        if isinstance(error, QadeskError):
            self.said.setText(str(error))
        else:
            self.failed.emit(error)

    def _fail_measuring(self, error: Exception) -> None:
        self._end(str(error) if isinstance(error, QadeskError) else "")
        if not isinstance(error, QadeskError):
            self.failed.emit(error)

    def _end(self, said: str) -> None:
        self._measuring = None
        self.progress.hide()
        self.button.setText("&Measure")
        self.said.setText(said)

    @staticmethod
    def _stop(job: AnyJob | None) -> None:
        if job:
            job.cancel()

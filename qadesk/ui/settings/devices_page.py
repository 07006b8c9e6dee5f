"""The widget of the settings page "Devices": the devices of this computer, which one is used and why, their speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from qadesk.app import phrases
from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.settings import Settings, row
from qadesk.ui.kit.jobs import AnyJob, Jobs
from qadesk.ui.kit.widgets import plain_label, plain_tip, wrapping_list
from qadesk.ui.settings.custom_page import CustomPage

if TYPE_CHECKING:
    from collections.abc import Generator

    from qadesk.app.reading.device_listing import Listing
    from qadesk.app.reading.device_timings import DeviceTimings

_DEVICE = row("model.device")
_AUTO = _DEVICE.title_of("auto")
_HELP = "Measure times each device on a short text. 'Automatic' then takes the fastest. Questions wait meanwhile."


class DevicesPage(CustomPage):
    """A list of devices and a button that measures them; while it measures, the button cancels."""

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__(jobs, settings)
        self._listing: AnyJob | None = None
        self._measuring: AnyJob | None = None
        title = QLabel("On this &computer")
        self.list = wrapping_list("Devices on this computer", is_full_height=True)
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        title.setBuddy(self.list)
        self.status = plain_label("Looking…", tone="muted")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of measuring")
        self.progress.hide()
        self.button = QPushButton("&Measure")
        self.button.setAccessibleDescription(_HELP)
        self.button.clicked.connect(self._on_button)
        line = QHBoxLayout()
        line.addWidget(title, 1)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.list)
        column.addWidget(self.progress)
        column.addWidget(self.status)
        column.addWidget(plain_label(_HELP, tone="muted"))
        column.addStretch(1)

    def start(self) -> None:
        """List the devices; until then only *Automatic* and the current device can be chosen."""
        current = self._settings["model.device"]
        self.choices_changed.emit(_DEVICE.key, {"auto": _AUTO, current: _DEVICE.title_of(current)})
        self.refresh()

    def on_setting_changed(self, key: str) -> None:
        """List the devices again where a change affects the reader."""
        if row(key).affects == "reader":
            self.refresh()

    def refresh(self) -> None:
        """List the devices again, in a job, as it may take seconds."""
        self._cancel(self._listing)
        self._listing = self._jobs.start(
            "files", self._list_devices, done=self._show_listing, failed=self._on_listing_failed
        )

    def stop(self) -> None:
        """Cancel the jobs."""
        self._cancel(self._listing)
        self._cancel(self._measuring)

    def _on_button(self) -> None:
        if self._measuring:
            self._cancel(self._measuring)
            self._end_measuring("Stopped. What was measured before is kept.")
            return
        self.button.setText("&Cancel")
        self.status.setText("Measuring…")
        self.progress.setRange(0, 0)
        self.progress.show()
        self._measuring = self._jobs.start(
            "model",
            self._measure,
            done=self._on_measured,
            progress=self._show_progress,
            failed=self._on_measuring_failed,
        )

    def _list_devices(self, _job: AnyJob) -> Listing:
        from qadesk.app.reading.device_listing import list_devices

        return list_devices(self._settings)

    def _measure(self, _job: AnyJob) -> Generator[Progress, None, DeviceTimings]:
        from qadesk.app.reading.device_listing import time_devices

        return time_devices(self._settings)

    def _show_listing(self, listing: Listing) -> None:
        self.list.clear()
        for listed in listing.devices:
            item = QListWidgetItem("\n".join(listed.lines))
            if listed.device.precision:
                item.setToolTip(plain_tip(f"Calculates in {listed.device.precision}"))
            self.list.addItem(item)
            if listed.reason:
                self.list.setCurrentItem(item)
        if self._measuring is None:
            self.status.setText(" ".join(filter(None, (listing.problem, listing.when))))
        devices = [listed.device for listed in listing.devices]
        current = self._settings["model.device"]
        titles = {current: f"{current} (not on this computer)"}
        titles |= {device.name: f"{device.title} ({device.name})" for device in devices}
        self.choices_changed.emit(_DEVICE.key, {**titles, "auto": _AUTO})

    def _show_progress(self, step: Progress) -> None:
        self.progress.setRange(0, step.total)
        self.progress.setValue(step.done)
        self.status.setText(phrases.progress(step))

    def _on_measured(self, measured: DeviceTimings) -> None:
        from qadesk.app.reading.device_timings import save_timings

        self._end_measuring("")
        try:
            save_timings(self._settings, measured)
        except QadeskError as error:
            self.failed.emit(error)
            return
        self.refresh()
        if self._settings["model.device"] == "auto":
            self.setting_changed.emit(_DEVICE.key)

    def _on_listing_failed(self, error: Exception) -> None:
        self.list.clear()
        if isinstance(error, QadeskError):
            self.status.setText(str(error))
        else:
            self.failed.emit(error)

    def _on_measuring_failed(self, error: Exception) -> None:
        self._end_measuring(str(error) if isinstance(error, QadeskError) else "")
        if not isinstance(error, QadeskError):
            self.failed.emit(error)

    def _end_measuring(self, status: str) -> None:
        self._measuring = None
        self.progress.hide()
        self.button.setText("&Measure")
        self.status.setText(status)

    @staticmethod
    def _cancel(job: AnyJob | None) -> None:
        if job:
            job.cancel()

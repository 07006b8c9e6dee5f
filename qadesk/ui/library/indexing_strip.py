"""The line below the library: how far indexing is, with a button to pause it, or what is searchable."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.app.library import captions
from qadesk.ui.kit.widgets import elided_middle, plain_label, push_button
from qadesk.ui.services.library_service import LibraryService

_STEPS = 1000


class IndexingStrip(QFrame):
    """Shows the state of ``library``. ``failed_requested``: the files that could not be read are wanted."""

    failed_requested = Signal()
    pause_requested = Signal()

    def __init__(self, library: LibraryService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self._library = library
        self.text = plain_label(wrap=False)
        self.current = plain_label(tone="muted", wrap=False)
        for label in (self.text, self.current):  # a long name must not make the window wider
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of indexing")
        self.failed_button = push_button("", self.failed_requested, kind="quiet")
        self.pause_button = push_button("Pause", self.pause_requested)
        column = QVBoxLayout()
        column.setSpacing(4)
        for widget in (self.text, self.bar, self.current):
            column.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(12)
        row.addLayout(column, 1)
        row.addWidget(self.failed_button)
        row.addWidget(self.pause_button)
        library.indexer.status_changed.connect(self.update_status)
        library.counts_changed.connect(self.update_status)
        self.pause_requested.connect(library.indexer.pause)
        self.update_status()

    def update_status(self) -> None:
        """Show how far indexing is now."""
        indexer, total = self._library.indexer, self._library.total
        step = indexer.step
        self.bar.setVisible(step is not None)
        self.pause_button.setVisible(step is not None or indexer.is_paused)
        self.pause_button.setText("Go on" if indexer.is_paused else "Pause")
        self.failed_button.setVisible(bool(total.failed))
        self.failed_button.setText(f"{phrases.counted(total.failed, 'file')} could not be read")
        if step is None:
            self.text.setText("Paused." if indexer.is_paused else captions.counts_line(replace(total, failed=0)))
            self.current.setText(indexer.watch_problem)
        else:
            how_far = captions.files_done(step) if indexer.is_paused else captions.index_progress(step)
            self.text.setText(f"{'Paused' if indexer.is_paused else 'Indexing'}: {how_far}")
            self.bar.setRange(0, _STEPS if step.progress.total else 0)
            self.bar.setValue(round(step.progress.fraction * _STEPS))
            self.current.setText(elided_middle(captions.shown_name(step.current)) if step.current else "")
        self.current.setVisible(step is not None or bool(indexer.watch_problem))

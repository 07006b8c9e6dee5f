"""What the parts of the window share. Every place is made with one ``Services``, and with it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from qadesk.settings import Settings
from qadesk.ui.kit.appearance import Appearance
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.messages import MessageBar
from qadesk.ui.kit.status_line import StatusLine
from qadesk.ui.services.document_service import DocumentService
from qadesk.ui.services.export_service import ExportService
from qadesk.ui.services.history_service import HistoryService
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.services.library_service import LibraryService
from qadesk.ui.services.reader_service import Load, ReaderService
from qadesk.ui.services.store_service import StoreService
from qadesk.ui.services.window_signals import WindowSignals


@dataclass(frozen=True, slots=True)
class Services:
    """``report`` shows an error by its type: a sentence in the message bar, with buttons if some are given,
    nothing, or a crash report.
    """

    settings: Settings
    jobs: Jobs
    store: StoreService
    reader: ReaderService
    documents: DocumentService
    history: HistoryService
    labels: LabelService
    library: LibraryService
    export: ExportService
    appearance: Appearance
    messages: MessageBar
    status: StatusLine
    dialogs: Dialogs
    signals: WindowSignals
    report: Callable[..., None]

    @property
    def window(self) -> QWidget:
        """The window, as a parent for dialogs."""
        return self.dialogs.window


def make_services(
    window: QWidget, settings: Settings, appearance: Appearance, load: Load, report: Callable[..., None]
) -> Services:
    """The services of ``window``, which report their own errors too."""
    jobs, dialogs, messages = Jobs(window), Dialogs(window, settings), MessageBar()
    store = StoreService(jobs, window)
    reader = ReaderService(jobs, settings, load)
    services = Services(
        settings=settings,
        jobs=jobs,
        store=store,
        reader=reader,
        documents=DocumentService(jobs, store, settings, dialogs, messages),
        history=HistoryService(store, settings),
        labels=LabelService(store),
        library=LibraryService(jobs, store, reader, settings),
        export=ExportService(jobs, settings, dialogs, messages),
        appearance=appearance,
        messages=messages,
        status=StatusLine(),
        dialogs=dialogs,
        signals=WindowSignals(window),
        report=report,
    )
    for source in (jobs, store, services.export, appearance):
        source.failed.connect(report)
    documents = services.documents
    documents.failed.connect(lambda error: report(error, ("Open another…", documents.choose)))
    return services

"""Opens files of the library: what the index has of them, or the files themselves where they have changed since."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from qadesk.app.library.captions import shown_name
from qadesk.records import Document
from qadesk.ui.kit.messages import Message
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.services.given_answer import GivenAnswer
from qadesk.ui.services.library_service import IndexedDocument
from qadesk.ui.services.services import Services


class IndexedDocumentOpener:
    """Shows documents in the Ask place, at the words of an answer or without one."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def open_file(self, path: Path) -> None:
        """Open the file ``path``."""

        def show(indexed: IndexedDocument) -> None:
            if indexed.document is None or indexed.since == "changed":
                self._services.documents.open(path)
            else:
                self._show(indexed.document, path, indexed)

        self._open(path, show, 0)

    def open_answer(self, given: GivenAnswer) -> None:
        """Open the file of ``given`` at its words; it is read where they are not in what the index has by now."""
        self._open(given.place.path, partial(self._show_answer, given), given.place.start)

    def _open(self, path: Path, show: Callable[[IndexedDocument], object], offset: int) -> None:
        shown = self._services.documents.document
        self._services.library.open_document(path, show, self._services.report, shown, offset)

    def _show_answer(self, given: GivenAnswer, indexed: IndexedDocument) -> None:
        document, path, signals = indexed.document, given.place.path, self._services.signals
        has_changed = indexed.since == "changed"
        if document is None or has_changed or given.in_same_or_moved(document) is None:
            signals.answer_expected.emit(given, document if has_changed else None)
            self._services.documents.open(path, offset=given.place.start)
            return
        self._show(document, path, indexed)
        signals.answer_given.emit(given)

    def _show(self, document: Document, path: Path, indexed: IndexedDocument) -> None:
        self._services.documents.stop()
        if document is self._services.documents.document:
            self._services.signals.place_requested.emit("ask")
            return
        self._services.documents.show_document(document, contents=indexed.contents)
        if indexed.since == "gone":
            title = f"'{elided_middle(shown_name(path))}' is not there any more."
            self._services.messages.show_message(Message(title, "This is its text as it was indexed."))

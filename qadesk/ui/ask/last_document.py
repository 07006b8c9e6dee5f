"""The document and the question that were there when the window was closed: opened again at the next start."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from qadesk.records import Document
from qadesk.ui.ask.ask_controller import AskController
from qadesk.ui.ask.document_pane import DocumentPane
from qadesk.ui.kit.messages import Message
from qadesk.ui.kit.saved_state import save_state
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.store.database import Store

_LAST = "state.last"
_RESTORE = "start.restore"
_SAFE = 20_000  # milliseconds that a document is open without harm


class LastDocument(QObject):
    """Keeps it when the window closes; opens it when the window asks for it."""

    def __init__(self, services: Services, controller: AskController, pane: DocumentPane) -> None:
        super().__init__(controller)
        self._services = services
        self._controller = controller
        self._pane = pane
        self._expected: dict[str, Any] | None = None
        self.question = ""  # that is asked again, and is in the history already
        services.signals.closing.connect(self._keep)
        services.signals.restore_requested.connect(self.restore)

    def _keep(self) -> None:
        """Store what is open."""
        documents, session = self._services.documents, self._controller.session
        document, last = documents.document, {}
        if document is not None and self._services.settings[_RESTORE]:
            last = {
                "kind": "sample" if documents.is_sample else "file" if document.path else "text",
                "path": str(document.path or ""),
                "title": document.title,
                "encoding": documents.encoding,
                "question": "" if session.origin else session.question,
                "offset": self._pane.view.top_offset(),
            }
        save_state(self._services.settings, _LAST, json.dumps(last))

    def restore(self) -> None:
        """Open what was open last. It is stored again some time later: what ends the program is not opened twice."""
        last = self._last()
        save_state(self._services.settings, _LAST, "{}")
        kind, path = last.get("kind"), Path(str(last.get("path", "")))
        documents = self._services.documents
        self._expected = last
        if kind == "sample":
            documents.open_sample()
        elif kind == "file" and path.is_file():
            documents.open(path, encoding=str(last.get("encoding", "")))
        elif kind == "file":
            choose = ("Open…", self._services.signals.open_requested.emit)
            title = f"'{elided_middle(path.name)}', which was open last, is not there any more."
            self._services.messages.show_message(Message(title, buttons=(choose,)))
        elif kind == "text":
            self._services.store.run_if_open(partial(_newest_text, str(last.get("title"))), done=self._show_text)

    def expects(self, document: Document | None) -> bool:
        """Whether ``document``, which is shown now, was open last; to be asked once for each document."""
        last, self._expected = self._expected, None
        if not last or document is None or last.get("title") != document.title:
            return False
        self._expected = last
        return True

    def go_on(self) -> None:
        """In the document that was opened again, ask the question again, or go to where it was read."""
        last, self._expected = self._expected or {}, None
        QTimer.singleShot(_SAFE, self, self._keep)
        self.question = str(last.get("question", ""))
        offset = last.get("offset", 0)
        if self.question:
            self._controller.ask_anew(self.question)
        elif isinstance(offset, int):
            self._pane.view.show_at_top(offset)

    def _show_text(self, document: Document | None) -> None:
        if document is not None and self._services.documents.document is None:
            self._services.documents.show_document(document)

    def _last(self) -> dict[str, Any]:
        try:
            last = json.loads(self._services.settings[_LAST])
        except ValueError:
            return {}
        return last if isinstance(last, dict) and self._services.settings[_RESTORE] else {}


def _newest_text(title: str, store: Store) -> Document | None:
    """The pasted text that was open last, if it is called ``title``."""
    from qadesk.app.history import pasted_text, recent_documents

    newest = next((recent for recent in recent_documents(store) if recent.path is None), None)
    return pasted_text(store, newest) if newest and newest.title == title else None

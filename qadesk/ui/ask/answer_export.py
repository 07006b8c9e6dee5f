"""Exports the answers to the questions that were asked of the open document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qadesk.app.entries import asked_options, entry_of
from qadesk.records import Answers, Document, HistoryEntry
from qadesk.ui.ask.ask_session import AskSession
from qadesk.ui.kit.work_line import WorkLine
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.store.database import Store


class AnswerExport(QObject):
    """``line`` shows the work."""

    def __init__(self, services: Services, session: AskSession, line: WorkLine) -> None:
        super().__init__(line)
        self._services, self._session = services, session
        self._asked: dict[str, HistoryEntry] = {}  # of the open document, by question, the last one behind
        session.finished.connect(self._keep)
        services.documents.document_changed.connect(lambda _document: self._asked.clear())
        services.documents.document_refreshed.connect(lambda _document: self._asked.clear())
        services.export.work_started.connect(line.begin)
        services.export.progress_changed.connect(line.report)
        services.export.work_ended.connect(line.end)
        line.cancel.clicked.connect(lambda _checked: self.stop())

    def commands(self) -> Commands:
        """What exports."""
        return {"export_answers": self.open_dialog}

    def stop(self) -> bool:
        """Stop writing. Gives whether there was something to stop."""
        return self._services.export.stop()

    def open_dialog(self) -> None:
        """Ask what to export: this question, or all that were asked of the open document, also on other days."""
        document, answers = self._session.document, self._session.answers
        if document is None or answers is None:
            return
        current = self._asked.get(answers.question) or self._entry_of(document, answers)
        store = self._services.store  # where it cannot be read, what was asked since the document was opened is there

        def choose(entries: list[HistoryEntry]) -> None:
            if self._session.document is document:
                self._choose(document, current, entries)

        store.run(lambda opened: _entries_to(opened, document), done=choose, failed=lambda _error: choose([]))

    def _choose(self, document: Document, current: HistoryEntry, entries: list[HistoryEntry]) -> None:
        from qadesk.ui.services.export_dialog import ExportChoice

        by_question = {entry.question: entry for entry in reversed(entries)}  # the last answers to each question
        by_question |= self._asked | {current.question: current}
        choices = [ExportChoice("&This question", [current])]
        if len(by_question) > 1:
            title = f"&All {len(by_question):,} questions that were asked of it"
            choices.append(ExportChoice(title, list(by_question.values())))
        self._services.export.choose(choices, document, self._services.documents.password)

    def _keep(self, answers: Answers) -> None:
        document = self._session.document
        assert document is not None
        self._asked.pop(answers.question, None)
        self._asked[answers.question] = self._entry_of(document, answers)

    def _entry_of(self, document: Document, answers: Answers) -> HistoryEntry:
        model, options = self._services.reader.model_name, asked_options(self._services.settings)
        return entry_of(document, answers, model, options, with_unlikely=True)


def _entries_to(store: Store, document: Document) -> list[HistoryEntry]:
    from qadesk.app.history import history_entries

    return history_entries(store, document=document, limit=None)

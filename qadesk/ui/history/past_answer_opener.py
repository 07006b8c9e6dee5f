"""Opens the document of an answer of the history, with its words marked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from qadesk.records import AnswerItem, AnswerPlace, Document, HistoryAnswer, HistoryEntry, LibraryAnswer
from qadesk.ui.services.given_answer import GivenAnswer
from qadesk.ui.services.indexed_document_opener import IndexedDocumentOpener
from qadesk.ui.services.services import Services

_NO_PATH = Path()  # of a pasted text


def given_answer(entry: HistoryEntry, answer: HistoryAnswer) -> GivenAnswer:
    """``answer`` of ``entry`` as the Ask place takes it."""
    place = AnswerPlace(
        answer.path or _NO_PATH, answer.title, "", answer.page, "", answer.start, answer.end, answer.sentence,
        answer.shown_start, answer.shown_end,
    )  # fmt: skip
    is_list = "\n" in answer.text
    lines = answer.text.splitlines()
    items = [AnswerItem(*span, line) for span, line in zip(answer.spans, lines, strict=False)] if is_list else []
    others = () if is_list else answer.spans
    places = [AnswerPlace(place.path, place.title, "", "", "", *span) for span in others]
    start_confidence = answer.start_confidence or answer.confidence
    end_confidence = answer.end_confidence or answer.confidence
    shown = LibraryAnswer(
        answer.text, answer.confidence, start_confidence, end_confidence, 0.0, 0.0, 0.0, (place, *places), tuple(items)
    )
    return GivenAnswer(entry.question, shown, place, "history")


class PastAnswerOpener(QObject):
    """Opens the file as it is now, or where it is in the library and unchanged, what the index has of it."""

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._opener = IndexedDocumentOpener(services)

    def open(self, entry: HistoryEntry, answer: HistoryAnswer | None) -> None:
        """Open the document of ``answer``; without one that of ``entry``, with the question to ask."""
        if answer is None:
            self._open_document(entry)
        elif answer.path is None:
            self._open_pasted(entry, answer)
        elif entry.library:
            self._opener.open_answer(given_answer(entry, answer))
        else:
            given = given_answer(entry, answer)
            self._services.signals.answer_expected.emit(given, None)
            self._services.documents.open(answer.path, offset=given.place.start)

    def _open_document(self, entry: HistoryEntry) -> None:
        if entry.path is not None:
            self._services.documents.open(entry.path)
        elif not entry.library:
            self._open_pasted(entry, None)

    def _open_pasted(self, entry: HistoryEntry, answer: HistoryAnswer | None) -> None:
        from qadesk.app.history import pasted_text_of

        def show(document: Document) -> None:
            self._services.documents.stop()
            self._services.documents.show_document(document)
            if answer is not None:
                self._services.signals.answer_given.emit(given_answer(entry, answer))

        self._services.store.run(lambda store: pasted_text_of(store, entry.id), done=show, failed=self._services.report)

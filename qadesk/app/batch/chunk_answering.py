"""Answers the rows of a batch job in one process, chunk by chunk, with one reader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk import documents, paths
from qadesk.app.batch import job_folder
from qadesk.app.batch.batch_job import BatchJob, ChunkDone
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.output_rows import KILLED, OutputRow, document_row, error_row, library_row
from qadesk.app.batch.row_input import open_rows
from qadesk.app.documents import scan_store
from qadesk.app.library.asking import ask_library
from qadesk.app.reading.ask import answer_all, options
from qadesk.documents.parser_pool import ParserPool
from qadesk.errors import DocumentError, ModelError, QuestionError
from qadesk.library.index import LibraryIndex, open_index
from qadesk.progress import finish
from qadesk.records import Document, Scope

if TYPE_CHECKING:
    from qadesk.qa.engine import Context, Reader


class ChunkAnswerer:
    """Answers the chunks of ``job`` with ``reader``. Belongs to one thread; ``close`` it when done.

    Every row gets a row of output: one that cannot be read or asked gets a sentence. Raises ``DataError`` where the
    input or the job's folder fails, ``LibraryError`` where the index does.
    """

    def __init__(self, job: BatchJob, reader: Reader) -> None:
        self._job = job
        self._reader = reader
        self._settings = job.reading_settings()
        self._options = options(self._settings)
        self._resources = ExitStack()
        self._rows = open_rows(job)
        self._resources.callback(self._rows.close)
        self._parsers = ParserPool()
        self._resources.callback(self._parsers.close)
        self._index: LibraryIndex | None = None
        self._file: tuple[str, Document | DocumentError] | None = None  # the one that was read last
        self._notice = ""

    def answer(self, number: int) -> ChunkDone:
        """Answer chunk ``number`` and store it in the job's folder."""
        return self._store(number, self.answer_rows(self.rows(number)))

    def answer_singly(self, number: int, fatal_rows: Collection[int], on_row: Callable[[int], None]) -> ChunkDone:
        """As ``answer``, row by row: calls ``on_row`` with the index of each before it is answered.

        The rows with an index in ``fatal_rows`` ended a process that answered them, and get a sentence that says so.
        """
        outputs = []
        for index, row in enumerate(self.rows(number)):
            if index in fatal_rows:
                outputs.append(error_row(row, KILLED, self._model))
            else:
                on_row(index)
                outputs += self.answer_rows([row])
        return self._store(number, outputs)

    def rows(self, number: int) -> list[BatchRow]:
        """The rows of chunk ``number``, from the input."""
        return self._rows.rows(self._job.chunks[number])

    def answer_rows(self, rows: Sequence[BatchRow]) -> list[OutputRow]:
        """The output of ``rows``, in order. Documents are read once each."""
        outputs = {index: error_row(row, row.error, self._model) for index, row in enumerate(rows) if row.error}
        texts, files = [], dict[str, list[int]]()
        for index, row in enumerate(rows):
            if row.context is not None:
                texts.append(index)
            elif row.file is not None:
                files.setdefault(row.file, []).append(index)
            elif not row.error:
                outputs[index] = self._ask_library(row)
        outputs |= self._ask(rows, [index for index in texts if index not in outputs], None)
        for file, indexes in files.items():
            askable = [index for index in indexes if index not in outputs]
            document = self._read(file) if askable else None
            if isinstance(document, DocumentError):
                outputs |= {index: error_row(rows[index], document.message, self._model) for index in askable}
            else:
                outputs |= self._ask(rows, askable, document)
        return [outputs[index] for index in range(len(rows))]

    def close(self) -> None:
        """Close the input, the index and the processes that read documents."""
        self._resources.close()

    @property
    def _model(self) -> str:
        return self._job.reader.fingerprint

    def _store(self, number: int, outputs: Sequence[OutputRow]) -> ChunkDone:
        done = job_folder.store_chunk(self._job, number, outputs)
        notice, self._notice = self._notice, ""
        return done._replace(notice=notice)

    def _ask(self, rows: Sequence[BatchRow], indexes: Sequence[int], document: Document | None) -> dict[int, OutputRow]:
        """The output of the rows ``indexes``, by index: asked of ``document``, or of their contexts."""
        items: list[tuple[str, Context]] = [
            (rows[index].question, document or rows[index].context or "") for index in indexes
        ]
        try:
            results = finish(answer_all(self._reader, items, self._options))
        except ModelError as error:  # one of them made the model fail
            if len(indexes) > 1:
                return {index: row for one in indexes for index, row in self._ask(rows, [one], document).items()}
            return {indexes[0]: error_row(rows[indexes[0]], error.message, self._model)}
        outputs = {}
        for index, result in zip(indexes, results, strict=True):
            if isinstance(result, QuestionError):
                outputs[index] = error_row(rows[index], result.message, self._model)
            else:
                self._notice = result.notice or self._notice
                outputs[index] = document_row(rows[index], result, document, self._model)
        return outputs

    def _read(self, file: str) -> Document | DocumentError:
        """The document in ``file``, or why it cannot be read. The last one is kept."""
        if self._file is None or self._file[0] != file:
            self._file = None  # the one before goes before this one comes
            self._file = file, self._read_now(file)
        return self._file[1]

    def _read_now(self, file: str) -> Document | DocumentError:
        try:
            return documents.read(
                self._job.source.base / file,
                max_bytes=self._settings["documents.max_megabytes"] * 1_000_000,
                scans=scan_store(self._settings),
                parsers=self._parsers,
            )
        except DocumentError as error:
            return error
        except (OSError, ValueError) as error:
            return DocumentError("The file could not be read from the disk.", detail=str(error))

    def _ask_library(self, row: BatchRow) -> OutputRow:
        scope = Scope(tuple(Path(source) for source in self._job.source.scope))
        work = ask_library(self._reader, row.question, self._opened_index(), scope, self._settings)
        try:
            answers = finish(work)
        except (QuestionError, ModelError) as error:
            return error_row(row, error.message, self._model)
        self._notice = answers.notice or self._notice
        return library_row(row, answers, self._model)

    def _opened_index(self) -> LibraryIndex:
        if self._index is None:
            self._index = open_index(paths.data_dir() / "library", writes=False)
            self._resources.callback(self._index.close)
        return self._index

"""A batch job: what is asked, how, by which reader, and the chunks of rows that workers answer one by one.

A job is a folder beside its output, ``OUT.part`` (``job_folder``). An engine is given the job and the numbers of the
chunks that are missing, and has each answered somewhere by a ``ChunkAnswerer`` (``chunk_answering``).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from qadesk.settings import Settings, Value

READING_SETTINGS = (
    "qa.max_seq_length", "qa.split_length", "qa.doc_stride", "qa.max_answer_tokens", "qa.top_k", "qa.overlap",
    "qa.expected", "documents.max_megabytes", "documents.languages",
)  # fmt: skip
"""The settings on which answers depend: those of a job are stored with it."""

SourceKind = Literal["jsonl", "parquet", "library", "folder"]
"""Rows of a file, or a list of questions with the library or with each document of a folder."""


class JobChunk(NamedTuple):
    """A run of neighbouring rows: ``rows`` of them, the first one is number ``first``, from 1.

    ``offset`` is the byte of the input where it begins, 0 where it is found otherwise. Of JSON lines ``first`` is the
    number of a line, as empty lines are no rows.
    """

    first: int
    rows: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class JobSource:
    """What is asked. ``path`` is the file of rows or questions, ``stamp`` says whether it is still the same.

    ``scope`` are the folders and files of the library that are asked, none for all of it; ``folder`` is the one whose
    documents are asked.
    """

    kind: SourceKind
    path: str
    stamp: str
    scope: tuple[str, ...] = ()
    folder: str = ""

    @property
    def base(self) -> Path:
        """What the files that rows name are relative to."""
        return Path(self.folder) if self.folder else Path(self.path).parent


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """The reader of a job: the arguments of ``load_reader``, what they led to, and the fingerprint of the model.

    ``device`` is the kind of a device ('cuda', not 'cuda:1'), ``precision`` as the user named it, ``runs_in`` the
    precision that it has there.
    """

    folder: str
    device: str
    precision: str
    runs_in: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class BatchJob:
    """A job. ``chunks`` hold all its rows in order; chunk number n is ``chunks[n]``.

    ``notices`` are sentences for the user about what is not asked: folders that cannot be read.
    """

    folder: Path
    output: Path
    source: JobSource
    reader: ReaderChoice
    settings: Mapping[str, Value]
    chunks: Sequence[JobChunk]
    notices: Sequence[str] = ()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(chunk.rows for chunk in self.chunks)

    def reading_settings(self) -> Settings:
        """The user's settings with those of the job in their place."""
        settings = Settings()
        for key, value in self.settings.items():
            settings.override(key, value)
        return settings


class ChunkDone(NamedTuple):
    """A chunk whose answers are in the job's folder: how many rows, how many have an error, how many an answer.

    ``notice`` is a sentence for the user about how it was answered, or ''.
    """

    number: int
    rows: int
    errors: int
    answered: int
    notice: str = ""


Engine = Callable[[BatchJob, Sequence[int]], Generator[ChunkDone | None, None, None]]
"""Has the chunks of these numbers answered: yields each when it is stored, in any order, and None several times a
second while none is. Closing the generator ends the work at once. Raises ``QadeskError`` where it cannot go on."""

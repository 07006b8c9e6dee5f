"""The library: linked folders, what is known of their files, and answers from all of them.

All offsets are into the text of the document that a file holds, code points, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qadesk.progress import Progress
from qadesk.records.answers import LEAST_CONFIDENCE, is_answer_likelier
from qadesk.records.document import Document

EVERYTHING = "all"
"""The word that means every collection, which therefore no collection is called."""

FileState = Literal["waiting", "indexed", "pictures", "failed", "left out", "missing"]
"""What is known of a file: not read yet; searchable; searchable but for pages that are pictures, whose text was not
recognised; could not be read; of no format that is read; not there any more (its drive is gone)."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Linked folders and files that are asked together; nothing is copied. ``sources`` are absolute paths."""

    id: int
    name: str
    sources: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file of a collection. ``size`` in bytes, ``modified`` in seconds since the epoch.

    ``reason`` says in a sentence why it is not searchable as a whole, and ``hint`` what to do; '' where it is.
    ``kind`` is that of ``Document``, '' while it was not read.
    """

    path: Path
    size: int
    modified: float
    state: FileState
    reason: str = ""
    hint: str = ""
    kind: str = ""
    pages: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """How much is in the index: files by state, and pages, passages and characters of those that are searchable.

    ``hidden_folders`` were not entered, since their names begin with a point.
    """

    files: int = 0
    indexed: int = 0
    waiting: int = 0
    pictures: int = 0
    failed: int = 0
    left_out: int = 0
    missing: int = 0
    pages: int = 0
    passages: int = 0
    characters: int = 0
    hidden_folders: int = 0

    @property
    def searchable(self) -> int:
        """Files whose text is searched."""
        return self.indexed + self.pictures


@dataclass(frozen=True, slots=True)
class FolderSurvey:
    """What a folder holds before it is added: files and bytes by the format's title ('PDF document'), largest first.

    ``other`` are files of no known suffix, by suffix: they are read if they hold text. ``hidden_folders`` are not
    entered.
    """

    kinds: tuple[tuple[str, int, int], ...]
    other: tuple[tuple[str, int, int], ...]
    folders: int
    hidden_folders: int = 0

    @property
    def files(self) -> int:
        """How many would be read."""
        return sum(count for _, count, _ in self.kinds)

    @property
    def size(self) -> int:
        """Their bytes."""
        return sum(size for _, _, size in self.kinds)


@dataclass(frozen=True, slots=True)
class IndexStep:
    """A step of indexing: its progress in files, the file that is read (None while folders are scanned), the counts.

    ``passages_a_second`` and ``pages_a_second`` are means over the last seconds.
    """

    progress: Progress
    current: Path | None
    counts: LibraryCounts
    pages_a_second: float = 0.0
    passages_a_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched: ``sources`` (folders and files; none is the whole index), and the filters of the user.

    ``folder`` and ``name`` are parts of the path and of the file's name, in any case; ``kind`` is that of a format.
    """

    sources: tuple[Path, ...] = ()
    folder: str = ""
    name: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        return bool(self.sources or self.is_filtered)

    @property
    def is_filtered(self) -> bool:
        """Whether files are left out by their folder, name or kind."""
        return bool(self.folder or self.name or self.kind)


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document, as the search gives it: about 100 to 150 words, with the heading that it stands under.

    ``document`` holds its text and blocks alone, with the title, kind and path of the file. ``pieces`` say where that
    text stands in the whole one: start in the passage, start in the whole text, length. ``text_id`` is the number of
    the whole text in the index, ``score`` what the search gave, higher for the better; ``copies`` are other files with
    the same content.
    """

    id: int
    text_id: int
    document: Document
    pieces: tuple[tuple[int, int, int], ...]
    score: float
    copies: tuple[Path, ...] = ()

    def offset_in_document(self, offset: int) -> int:
        """The character of the whole text at ``offset`` of the passage; of what is between pieces, the next one."""
        for start, whole_start, length in self.pieces:
            if offset < start + length:
                return whole_start + max(0, offset - start)
        _, whole_start, length = self.pieces[-1]
        return whole_start + length


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where an answer stands: the file, its other copies, the page ('page 3', '' without pages), the characters.

    ``sentence`` is the sentence or row around it, whose characters ``shown_start:shown_end`` are the answer.
    """

    path: Path
    title: str
    kind: str
    page: str
    page_label: str
    start: int
    end: int
    sentence: str = ""
    shown_start: int = 0
    shown_end: int = 0
    copies: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """An item of a list that is the answer: characters ``start:end`` of the whole text, which are ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class LibraryAnswer:
    """An answer from the library: its words as the best of ``places`` has them, and chances as ``Answer`` has them.

    Scores and null score are logits of the window it was read in. ``items`` are those of the list that is the answer,
    where the question asks for several things, in the document of the first place; ``text`` is the likeliest of them.
    """

    text: str
    confidence: float
    start_confidence: float
    end_confidence: float
    start_score: float
    end_score: float
    null_score: float
    places: tuple[AnswerPlace, ...]
    items: tuple[AnswerItem, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryAnswers:
    """The answers to a question over many documents, best first, by all passages that were read.

    ``no_answer`` is the chance that no document of the library answers, None for a model without that option. ``read``
    of ``matches`` passages that share words with the question were read, from ``files`` searchable files; ``waiting``
    files are not indexed yet. ``seconds`` is the time so far, ``search_seconds`` that of the search in it. ``read_as``
    and ``notice`` are as in ``Answers``. ``is_filtered``: only files of some type, name or folder were asked.
    ``next_passage`` is the number that the first passage had which was indexed after the search.
    """

    question: str
    answers: tuple[LibraryAnswer, ...]
    no_answer: float | None
    read: int
    matches: int
    files: int
    waiting: int
    seconds: float = 0.0
    search_seconds: float = 0.0
    notice: str = ""
    read_as: str = ""
    is_filtered: bool = False
    next_passage: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether it is at least as likely that some document answers as that none does."""
        return bool(self.answers) and is_answer_likelier(self.no_answer)

    @property
    def likely(self) -> tuple[LibraryAnswer, ...]:
        """The answers that are worth listing: those with a confidence of ``LEAST_CONFIDENCE`` or more."""
        return tuple(answer for answer in self.answers if answer.confidence >= LEAST_CONFIDENCE)


@dataclass(frozen=True, slots=True)
class LibraryReading:
    """A step of the reader's work on the passages of many documents, and the best answers so far."""

    progress: Progress
    answers: LibraryAnswers | None = None

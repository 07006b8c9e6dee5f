"""Where the chapters of an e-book begin in its text, by its table of contents."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from qadesk.documents.epub.table_of_contents import ContentsEntry
from qadesk.records import Page
from qadesk.structure import Block, OutlineEntry

_LONGEST_LABEL = 60
_WORDS = re.compile(r"\w+")
_CHAPTER = re.compile(r"chapter\s+(?=\d|[ivxlcdm]+\b)", re.I)
_MAX_TRIES = 2_000_000  # comparisons of a title with a block
_FRONT = "front matter"


class PartPlace(NamedTuple):
    """A part of the book: its path, where its text begins and ends, and the places in it by the ids of elements."""

    path: str
    start: int
    end: int
    places: Mapping[str, int]


class ChapterStart(NamedTuple):
    """Where a chapter begins, or another place that the table of contents names."""

    title: str
    level: int
    start: int


def starts_of(
    entries: Sequence[ContentsEntry], parts: Iterable[PartPlace], text: str, blocks: Sequence[Block]
) -> list[ChapterStart]:
    """The places that the ``entries`` lead to, in the order of the text.

    An entry whose place within a part is not there is looked for by its title: that may stand there as a heading.
    """
    by_path: dict[str, list[ContentsEntry]] = {}
    for entry in entries:
        by_path.setdefault(entry.path.lower(), []).append(entry)
    finder = _TitleFinder(text, blocks)
    starts: list[ChapterStart] = []
    for part in parts:
        for index, entry in enumerate(by_path.get(part.path.lower(), ())):
            place = finder.place(entry, part, None if index else part.start)
            if place is not None and place < part.end:
                starts.append(ChapterStart(entry.title, entry.level, place))
    return sorted(starts, key=lambda start: start.start)


def chapter_pages(starts: Sequence[ChapterStart], parts: Sequence[PartPlace], text: str) -> tuple[Page, ...]:
    """The chapters as pages; without a table of contents each part is one.

    The first levels of the table are those of chapters, as many as it takes to have about as many as there are parts.
    """
    if not starts:
        filled = [part for part in parts if part.end > part.start]
        return tuple(
            Page(number, str(number), part.start, part.end, "chapter") for number, part in enumerate(filled, 1)
        )
    levels = sorted(start.level for start in starts)
    wanted = min(max(3, len(parts) // 2), len(levels))
    chapters: dict[int, str] = {}
    for chapter in starts:
        if chapter.level <= levels[wanted - 1]:
            chapters[chapter.start] = chapter.title  # of a part of the book and its first chapter the chapter
    if min(chapters) > 0:
        chapters[0] = _FRONT
    places = sorted(chapters)
    ends = [*places[1:], len(text)]
    return tuple(
        Page(number, _label(chapters[start]), start, start + len(text[start:end].rstrip()), "chapter")
        for number, (start, end) in enumerate(zip(places, ends, strict=True), 1)
    )


def outline_by_contents(starts: Iterable[ChapterStart]) -> tuple[OutlineEntry, ...]:
    """The table of contents as an outline, for a book whose headings are not marked as such."""
    return tuple(OutlineEntry(start.title, start.level, start.start) for start in starts)


def _label(title: str) -> str:
    """The title without the word 'Chapter', as that is said before the label: '3: The storm'."""
    title = _CHAPTER.sub("", title, count=1) if _CHAPTER.match(title) else title
    return title if len(title) <= _LONGEST_LABEL else f"{title[: _LONGEST_LABEL - 1].rstrip()}…"


class _TitleFinder:
    """Finds the places of entries among the blocks of the text."""

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self._text = text
        self._blocks = blocks
        self._starts = [block.start for block in blocks]
        self._words: dict[int, list[str]] = {}
        self._tries = _MAX_TRIES

    def place(self, entry: ContentsEntry, part: PartPlace, default: int | None) -> int | None:
        """Where the block begins that ``entry`` leads to; ``default`` where that is not found."""
        if not entry.place:
            return part.start
        if entry.place in part.places:
            index = bisect_left(self._starts, part.start + part.places[entry.place])
            return self._starts[index] if index < len(self._starts) else None
        found = self._find(entry.title, part.start, part.end)
        return found if found is not None else default

    def _find(self, title: str, start: int, end: int) -> int | None:
        """Where the block with ``title`` begins between ``start`` and ``end``: a heading, else a line of its own."""
        wanted = _words_of(title)
        if not wanted:
            return None
        line = None
        for index in range(bisect_left(self._starts, start), bisect_left(self._starts, end)):
            self._tries -= 1
            if self._tries < 0:
                break
            block = self._blocks[index]
            words = self._words_of_block(index)
            if block.kind == "heading" and (words[: len(wanted)] == wanted or words == wanted[-len(words) :]):
                return block.start
            if line is None and words == wanted:
                line = block.start
        return line

    def _words_of_block(self, index: int) -> list[str]:
        if index not in self._words:
            block = self._blocks[index]
            self._words[index] = _words_of(self._text[block.start : min(block.end, block.start + 500)])
        return self._words[index]


def _words_of(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())

"""The search for words in passages: what SQLite's FTS5 and tantivy have in common, and which of them is used.

FTS5 is in the same transaction as all else, which is simple; its questions take longer the more passages share a word.
tantivy answers in milliseconds over millions; it is a folder of its own that catches up with SQLite after each commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from qadesk.library.query import WordQuery

MOST_FTS_PASSAGES = 2_000
"""Passages above which tantivy takes over. Measured (benchmarks/library.py): FTS5 stores where each word stands, which
takes half as much as the text, twice what tantivy takes; but a commit of tantivy writes some files, and waits for the
disk. So FTS5 has what is small anyway, some 1.3 MB of text. Its questions are as fast there, and slow from 20,000 on.
"""


class Hit(NamedTuple):
    """A passage that shares words with a question; a higher score is better."""

    passage: int
    score: float


class WordSearch(Protocol):
    """A full-text index of passages by their numbers."""

    def add(self, text_id: int, first_passage: int, bodies: Iterable[str]) -> None:
        """Index the passages of a text that are numbered from ``first_passage`` on."""

    def remove(self, text_id: int, first_passage: int, bodies: Iterable[str]) -> None:
        """Take the same passages out again."""

    def ranked(self, query: WordQuery) -> Iterator[Hit]:
        """All passages that ``query`` asks for, best first; phrases are not checked."""


def indexable(text: str) -> str:
    """``text`` with halves of surrogate pairs, which no index takes, as '?'."""
    return text.encode("utf-8", "replace").decode("utf-8")

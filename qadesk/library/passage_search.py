"""From a question to passages: the hits of the word search, as they are in the database now, within a scope."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qadesk.library import file_rows
from qadesk.library.chunk_groups import ChunkGroup
from qadesk.library.query import WordQuery
from qadesk.library.text_rows import GroupPlace, load_group, passages_of, place_of
from qadesk.library.word_search import Hit, WordSearch
from qadesk.records import Document, Passage, Scope

MOST_COUNTED = 200
"""How many passages are counted that share words with a question; there may be more."""

_MOST_MISSES = 300  # passages out of scope after which it is looked up what is in scope
_NARROW = 5_000  # texts of a scope whose passages are looked up

_Holder = tuple[Path, str, str]


class PassageSearch:
    """One search. Texts, their files and groups of chunks are looked up once each."""

    def __init__(self, connection: sqlite3.Connection, query: WordQuery, scope: Scope) -> None:
        self._connection = connection
        self._query = query
        self._scope = scope
        self._holders: dict[int, list[_Holder]] = {}
        self._groups: dict[int, ChunkGroup] = {}
        self._misses = 0
        self._in_scope: set[int] | None = None  # all passages of the scope, once that is worth it

    def run(self, words: WordSearch, limit: int) -> tuple[list[Passage], int]:
        """The first ``limit`` passages, best first, and how many there are, counted up to ``MOST_COUNTED``."""
        passages: list[Passage] = []
        count = 0
        is_plain = not (self._scope or self._query.phrases or self._query.no_phrases)
        for hit in words.ranked(self._query):
            if is_plain and len(passages) == limit:  # only counted: not worth a look at its file
                count += 1
                if count >= MOST_COUNTED:
                    break
                continue
            place = self._place(hit)
            if not place or not self._suits(hit, place):
                continue
            count += 1
            if len(passages) < limit:
                passages.append(self._passage(hit, place))
            elif count >= MOST_COUNTED:
                break
        return passages, count

    def _place(self, hit: Hit) -> GroupPlace | None:
        """The group of a passage that is still there and in scope."""
        if self._in_scope is not None and hit.passage not in self._in_scope:
            return None
        place = place_of(self._connection, hit.passage)
        if place and self._files(place.text_id):
            return place
        self._misses += 1
        if self._misses == _MOST_MISSES:
            texts = file_rows.texts_in(self._connection, self._scope, _NARROW)
            self._in_scope = None if texts is None else passages_of(self._connection, texts)
        return None

    def _files(self, text_id: int) -> list[_Holder]:
        """The files that hold a text: those of the scope that are searched."""
        if text_id not in self._holders:
            self._holders[text_id] = file_rows.holders(self._connection, text_id, self._scope)
        return self._holders[text_id]

    def _suits(self, hit: Hit, place: GroupPlace) -> bool:
        if not self._query.phrases and not self._query.no_phrases:
            return True
        return self._query.suits(self._group(place).body(hit.passage - place.first_passage))

    def _group(self, place: GroupPlace) -> ChunkGroup:
        if place.first_passage not in self._groups:
            self._groups[place.first_passage] = load_group(self._connection, place.first_passage)
        return self._groups[place.first_passage]

    def _passage(self, hit: Hit, place: GroupPlace) -> Passage:
        (path, title, kind), *copies = self._files(place.text_id)
        text, blocks, pieces = self._group(place).passage(hit.passage - place.first_passage)
        document = Document(text, title, kind, path, blocks=blocks)
        return Passage(hit.passage, place.text_id, document, pieces, hit.score, tuple(copy[0] for copy in copies))

"""The search with SQLite's FTS5, in the database of the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from qadesk.library.index_schema import TOKENIZER
from qadesk.library.query import WordQuery
from qadesk.library.word_search import Hit, indexable

MOST_TERMS = 8
"""Only so many of a question's words, the rarest, are searched: the common ones cost most and tell least."""


class FtsWords:
    """``WordSearch`` with the table ``words`` of an index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._stemmer: sqlite3.Connection | None = None

    def add(self, text_id: int, first_passage: int, bodies: Iterable[str]) -> None:  # noqa: ARG002 - WordSearch
        """Index passages."""
        self._connection.executemany(
            "insert into words (rowid, body) values (?, ?)",
            ((passage, indexable(body)) for passage, body in enumerate(bodies, first_passage)),
        )

    def remove(self, text_id: int, first_passage: int, bodies: Iterable[str]) -> None:  # noqa: ARG002 - WordSearch
        """Take passages out: FTS5 needs the text that they were added with."""
        self._connection.executemany(
            "insert into words (words, rowid, body) values ('delete', ?, ?)",
            ((passage, indexable(body)) for passage, body in enumerate(bodies, first_passage)),
        )

    def clear(self) -> None:
        """Take all passages out."""
        self._connection.execute("insert into words (words) values ('delete-all')")

    def shrink(self) -> None:
        """Join the parts that were written one after the other: less to store and to look through."""
        self._connection.execute("insert into words (words) values ('optimize')")

    def ranked(self, query: WordQuery) -> Iterator[Hit]:
        """The passages of a query, best first, as they are asked for."""
        expression = self._expression(query)
        if not expression:
            return
        # a second sort key, a join or a condition here would make FTS5 many times slower
        rows = self._connection.execute(
            "select rowid, rank from words where words match ? order by rank", (expression,)
        )
        for passage, rank in rows:
            yield Hit(passage, -rank)

    def close(self) -> None:
        """Release what the search took. It can be called again."""
        if self._stemmer:
            self._stemmer.close()
            self._stemmer = None

    def _expression(self, query: WordQuery) -> str:
        words = self._rarest(query.words)
        parts = [f'"{word}"' for word in query.required]
        if words:
            # with words that are required, the others only count for the rank
            parts.append("(" + " OR ".join(f'"{word}"' for word in (*words, *query.required)) + ")")
        without = "".join(f' NOT "{word}"' for word in query.without)
        return f"({' AND '.join(parts)}){without}" if parts else ""

    def _rarest(self, words: tuple[str, ...]) -> list[str]:
        """Those of the words that the fewest passages have, without those that none has."""
        stems = self._stems(words)
        frequencies = dict.fromkeys(stems.values(), 0)
        marks = ",".join("?" * len(frequencies))
        rows = self._connection.execute(f"select term, doc from words_vocab where term in ({marks})", [*frequencies])  # noqa: S608 - constants
        frequencies.update(rows.fetchall())
        known = sorted((word for word in words if frequencies.get(stems.get(word, ""), 0)),
                       key=lambda word: frequencies[stems[word]])  # fmt: skip
        return known[:MOST_TERMS]

    def _stems(self, words: tuple[str, ...]) -> dict[str, str]:
        """Each word as the table has it: the tokenizer of FTS5 can only be asked by a table."""
        if not self._stemmer:
            self._stemmer = sqlite3.connect(":memory:", isolation_level=None)
            self._stemmer.executescript(
                f"""create virtual table words using fts5(body, tokenize='{TOKENIZER}');
                create virtual table vocab using fts5vocab(words, 'instance');"""
            )
        self._stemmer.execute("delete from words")
        self._stemmer.executemany("insert into words (rowid, body) values (?, ?)", enumerate(words))
        return {words[number]: term for term, number in self._stemmer.execute("select term, doc from vocab")}

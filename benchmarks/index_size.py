"""How large an index of the library is, as shares of the text."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.results import megabytes
from qadesk.library.chunk_groups import ChunkGroup
from qadesk.library.index_schema import FILE_NAME, WORDS_NAME


def text_size(folder: Path) -> int:
    """The bytes in UTF-8 of all texts in the index in ``folder``, each once, also where several files have it."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        rows = connection.execute("select data from chunks")
        return sum(
            len(chunk.text.encode("utf-8", "surrogatepass")) for (data,) in rows for chunk in ChunkGroup(data).chunks()
        )


def size_report(folder: Path) -> str:
    """The size of the index in ``folder`` in parts, as shares of its texts.

    ``texts``: with their blocks and passages, compressed. ``rest``: pages, outlines and the map to characters of pages.
    ``words``: of both searches. ``other``: files, keys, and room that is free in the database.
    """
    text = text_size(folder)
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    words = sum(path.stat().st_size for path in (folder / WORDS_NAME).glob("*"))
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        (texts,) = connection.execute("select sum(length(data)) from chunks").fetchone()
        (rest,) = connection.execute("select sum(length(rest) + length(runs)) from texts").fetchone()
        (fts,) = connection.execute("select sum(length(block)) from words_data").fetchone()
    parts = {"texts": texts, "rest": rest, "words": words + fts, "other": total - texts - rest - words - fts}
    shares = ", ".join(f"{name} {size / text:.3f}" for name, size in parts.items())
    return f"index {megabytes(total)} MB, {total / text:.3f} of {megabytes(text)} MB of text: {shares}"

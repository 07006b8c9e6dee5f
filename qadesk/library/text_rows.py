"""SQL of the texts in the index: their chunks, passages by number, and what no file holds any more."""

from __future__ import annotations

import gc
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from qadesk.library.chunk_groups import ChunkGroup, group_slices, pack_group
from qadesk.library.compression import compress, decompress
from qadesk.library.passage_cutting import Span, body_of, cut_passages
from qadesk.library.text_chunks import Rest, pack_chunk, pack_rest, unpack_document
from qadesk.library.word_search import WordSearch
from qadesk.records import Document
from qadesk.structure.plain import blocks_or_plain

_MANY_BLOCKS = 5_000


class GroupPlace(NamedTuple):
    """Which passages a group of chunks holds, and of which text."""

    first_passage: int
    passages: int
    text_id: int


def add_document_text(connection: sqlite3.Connection, document: Document, words: WordSearch | None) -> int:
    """Store a text with its passages, unless it is known, and index them in ``words``; gives its number."""
    text = document.text
    blocks = blocks_or_plain(text, document.blocks)
    chunks = cut_passages(text, blocks)
    packed = [pack_chunk(text, blocks, chunk) for chunk in chunks]
    rest, runs = pack_rest(document)
    digest = _digest([*packed, rest, runs])
    row = connection.execute("select id from texts where digest = ?", (digest,)).fetchone()
    if row:
        return int(row[0])
    passage = next_passage(connection)
    text_id = connection.execute(
        "insert into texts (digest, pages, passages, characters, rest, runs) values (?, ?, ?, ?, ?, ?)",
        (digest, len(document.pages), sum(len(chunk.passages) for chunk in chunks), len(text), compress(rest),
         compress(runs)),
    ).lastrowid  # fmt: skip
    assert text_id is not None
    for part in group_slices(len(chunks)):
        counts = [len(chunk.passages) for chunk in chunks[part]]
        row = (passage, sum(counts), text_id, pack_group(counts, packed[part]))
        connection.execute("insert into chunks values (?, ?, ?, ?)", row)
        if words:
            words.add(text_id, passage, [_body(text, pieces) for chunk in chunks[part] for pieces in chunk.passages])
        passage += max(1, sum(counts))
    connection.execute("update meta set value = ? where name = 'next_passage'", (passage,))
    return text_id


def _body(text: str, pieces: tuple[Span, ...]) -> str:
    return text[slice(*pieces[0])] if len(pieces) == 1 else body_of(text, pieces)


def _digest(parts: list[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def next_passage(connection: sqlite3.Connection) -> int:
    """The number that the next passage gets."""
    (passage,) = connection.execute("select value from meta where name = 'next_passage'").fetchone()
    return int(passage)


def passages_of_text(connection: sqlite3.Connection, text_id: int) -> int:
    """How many passages a text has."""
    (passages,) = connection.execute("select passages from texts where id = ?", (text_id,)).fetchone()
    return int(passages)


def place_of(connection: sqlite3.Connection, passage: int) -> GroupPlace | None:
    """The group of a passage; None where it was removed."""
    row = connection.execute(
        "select first_passage, passages, text_id from chunks where first_passage <= ? "
        "order by first_passage desc limit 1",
        (passage,),
    ).fetchone()
    return GroupPlace(*row) if row and passage < row[0] + row[1] else None


def passages_of(connection: sqlite3.Connection, texts: Iterable[int]) -> set[int]:
    """The numbers of all passages of some texts."""
    query = "select first_passage, passages from chunks where text_id = ?"
    return {
        passage
        for text_id in texts
        for first, count in connection.execute(query, (text_id,))
        for passage in range(first, first + count)
    }


def load_group(connection: sqlite3.Connection, first_passage: int) -> ChunkGroup:
    """The group whose first passage is ``first_passage``."""
    (data,) = connection.execute("select data from chunks where first_passage = ?", (first_passage,)).fetchone()
    return ChunkGroup(data)


def groups_after(connection: sqlite3.Connection, passage: int, limit: int) -> list[tuple[GroupPlace, ChunkGroup]]:
    """The next groups of any text whose first passage has a higher number than ``passage``, in order."""
    rows = connection.execute(
        "select first_passage, passages, text_id, data from chunks where first_passage > ? "
        "order by first_passage limit ?",
        (passage, limit),
    )
    return [(GroupPlace(first, passages, text_id), ChunkGroup(data)) for first, passages, text_id, data in rows]


def recompress_group(connection: sqlite3.Connection) -> bool:
    """Compress the next group thoroughly that is not; False where all are.

    Groups are done in the order of their numbers: new ones come after those that are done.
    """
    connection.execute("insert or ignore into meta values ('recompressed', -1)")
    row = connection.execute(
        "select first_passage, data from chunks "
        "where first_passage > (select value from meta where name = 'recompressed') order by first_passage limit 1"
    ).fetchone()
    if row is None:
        return False
    first_passage, data = row
    smaller = compress(decompress(data), thoroughly=True)
    if len(smaller) < len(data):
        connection.execute("update chunks set data = ? where first_passage = ?", (smaller, first_passage))
    connection.execute("update meta set value = ? where name = 'recompressed'", (first_passage,))
    return True


def last_passage(connection: sqlite3.Connection) -> int:
    """The highest number of a passage that is stored, -1 for none."""
    row = connection.execute(
        "select first_passage + passages - 1 from chunks where passages > 0 order by first_passage desc limit 1"
    ).fetchone()
    return int(row[0]) if row else -1


def rest_of(connection: sqlite3.Connection, text_id: int) -> Rest | None:
    """What is stored of a text besides its chunks."""
    row = connection.execute("select rest, runs, characters from texts where id = ?", (text_id,)).fetchone()
    return Rest(*row) if row else None


def whole_document(connection: sqlite3.Connection, text_id: int, title: str, path: Path) -> Document | None:
    """The document of a text as it was added."""
    rest = rest_of(connection, text_id)
    if rest is None:
        return None
    rows = connection.execute("select data from chunks where text_id = ? order by first_passage", (text_id,))
    chunks = (chunk for (data,) in rows for chunk in ChunkGroup(data).chunks())
    with _no_collecting():
        document = unpack_document(rest, chunks, title, path)
        if len(document.blocks) > _MANY_BLOCKS:
            gc.freeze()
    return document


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Without searches for unreachable objects, which take longer than to make the many blocks of a long text.

    They would go through these blocks again and again later, and let the window wait: ``gc.freeze`` takes them out.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def forget_orphans(connection: sqlite3.Connection) -> None:
    """Texts that no file holds are not given to new files any more; those that one holds again are no orphans."""
    connection.execute("delete from orphans where text_id in (select text_id from files)")
    connection.execute("update texts set digest = null where id in (select text_id from orphans)")


def orphan_texts(connection: sqlite3.Connection, most_passages: int) -> list[int]:
    """Some orphans, of so many passages together; at least one if there is any."""
    texts: list[int] = []
    for text_id, passages in connection.execute("select text_id, passages from orphans join texts on id = text_id"):
        most_passages -= passages
        if texts and most_passages < 0:
            break
        texts.append(text_id)
    return texts


def remove_from(words: WordSearch, connection: sqlite3.Connection, text_id: int) -> None:
    """Take the passages of a text out of the search."""
    rows = connection.execute("select first_passage, data from chunks where text_id = ?", (text_id,)).fetchall()
    for first_passage, data in rows:
        group = ChunkGroup(data)
        words.remove(text_id, first_passage, map(group.body, range(len(group))))


def delete_text(connection: sqlite3.Connection, text_id: int) -> None:
    """Remove a text with its chunks. It is not in the search any more."""
    for table, column in (("chunks", "text_id"), ("texts", "id"), ("orphans", "text_id")):
        connection.execute(f"delete from {table} where {column} = ?", (text_id,))  # noqa: S608 - constants

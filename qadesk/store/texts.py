"""Texts, which are known by the hash of their content, and the files that hold them.

A row of ``texts`` is the identity of a text. Its content is kept only while it is needed: by a pasted document among
the recent ones, or by labels; its structure (``blocks``) goes with it. Every other table refers to these rows: see
``migrations/m005_texts_and_files.py``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from qadesk.structure import Block
from qadesk.structure.serial import from_lists, to_lists

_DELETE_FILE = """
    delete from files where id = ? and not exists (select 1 from recent where file_id = files.id)
        and not exists (select 1 from questions where file_id = files.id)
        and not exists (select 1 from question_answers where file_id = files.id)
        and not exists (select 1 from label_texts where file_id = files.id)
"""
_DELETE_CONTENT = """
    update texts set text = null, blocks = null where id = ? and text is not null
        and not exists (select 1 from recent where text_id = texts.id)
        and not exists (select 1 from label_texts where text_id = texts.id)
"""
_DELETE_TEXT = """
    delete from texts where id = ? and text is null
        and not exists (select 1 from questions where text_id = texts.id)
        and not exists (select 1 from files where text_id = texts.id)
"""


def storable(text: str) -> str:
    """``text`` with halves of surrogate pairs, which no file can hold, as '?'. Offsets stay right."""
    return text.encode("utf-8", "replace").decode("utf-8")


def hash_of(text: str) -> bytes:
    """The SHA-256 of ``text`` in UTF-8: its identity, whichever file holds it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def path_column(path: Path) -> bytes:
    """The absolute path as the bytes that the system uses: not every file name is valid text."""
    return os.fsencode(path.absolute())


def path_from(column: bytes) -> Path:
    """The path that ``path_column`` gave."""
    return Path(os.fsdecode(column))


def add_text(connection: sqlite3.Connection, text: str, blocks: Sequence[Block] = ()) -> int:
    """Store ``text`` with its content and give the id of its row. The same text is one row.

    ``blocks``, if there are any, are stored where the row has none: the first ones stay.
    """
    text_id = identify(connection, hash_of(text))
    connection.execute("update texts set text = ? where id = ? and text is null", (storable(text), text_id))
    if blocks and connection.execute("select 1 from texts where id = ? and blocks is null", (text_id,)).fetchone():
        column = json.dumps(to_lists(blocks), separators=(",", ":"))
        connection.execute("update texts set blocks = ? where id = ?", (column, text_id))
    return text_id


def blocks_from(column: object, text: str) -> tuple[Block, ...]:
    """The blocks of ``text`` in a column that ``add_text`` wrote; none for null, and for what is damaged."""
    if not isinstance(column, str):
        return ()
    try:
        return from_lists(json.loads(column, parse_float=int, parse_constant=int), len(text))  # int refuses both
    except (ValueError, TypeError, RecursionError):
        return ()


def identify(connection: sqlite3.Connection, hash_: bytes) -> int:
    """The id of the row of the text with this hash. A new row has no content."""
    connection.execute("insert or ignore into texts (hash) values (?)", (hash_,))
    (text_id,) = connection.execute("select id from texts where hash = ?", (hash_,)).fetchone()
    return int(text_id)


def find_text(connection: sqlite3.Connection, text: str) -> int | None:
    """The id of the row of ``text``, None if there is none."""
    row = connection.execute("select id from texts where hash = ?", (hash_of(text),)).fetchone()
    return None if row is None else row[0]


def add_file(connection: sqlite3.Connection, column: bytes) -> int:
    """The id of the row of the file with this path, which is added if there is none."""
    connection.execute("insert or ignore into files (path) values (?)", (column,))
    (file_id,) = connection.execute("select id from files where path = ?", (column,)).fetchone()
    return int(file_id)


def update_file(connection: sqlite3.Connection, path: Path, text: str) -> int:
    """Note that the file at ``path`` holds ``text``, with its size and time on the disk; gives the id of its row."""
    file_id = add_file(connection, path_column(path))
    (previous,) = connection.execute("select text_id from files where id = ?", (file_id,)).fetchone()
    connection.execute(
        "update files set mtime = ?, size = ?, text_id = ? where id = ?",
        (*_state_of(path), identify(connection, hash_of(text)), file_id),
    )
    release(connection, [(None, previous)])
    return file_id


def find_file(connection: sqlite3.Connection, path: Path) -> int | None:
    """The id of the row of the file at ``path``, None if there is none."""
    row = connection.execute("select id from files where path = ?", (path_column(path),)).fetchone()
    return None if row is None else row[0]


def path_of_file(connection: sqlite3.Connection, file_id: int) -> Path | None:
    """The path of a file, None if there is no such row."""
    row = connection.execute("select path from files where id = ?", (file_id,)).fetchone()
    return None if row is None else path_from(row[0])


def release(connection: sqlite3.Connection, sources: Iterable[tuple[int | None, int | None]]) -> None:
    """Delete what no other row refers to any more of ``sources``: ids of files and of texts.

    Call it after rows that referred to them were deleted or changed. The content of a text is deleted as soon as
    neither a pasted document nor labels need it. The statements above name every table that refers to files or texts.
    """
    pairs = set(sources)
    files = [(file_id,) for file_id in {file_id for file_id, _ in pairs} - {None}]
    rows = [connection.execute("select text_id from files where id = ?", file).fetchone() for file in files]
    texts = [(text_id,) for text_id in {text_id for _, text_id in pairs} | {row[0] for row in rows if row}]
    connection.executemany(_DELETE_FILE, files)
    connection.executemany(_DELETE_CONTENT, texts)
    connection.executemany(_DELETE_TEXT, texts)


def _state_of(path: Path) -> tuple[int | None, int | None]:
    """The modification time in nanoseconds since the epoch and the size in bytes; None where the file is gone."""
    try:
        state = path.stat()
    except OSError:
        return None, None
    return state.st_mtime_ns, state.st_size

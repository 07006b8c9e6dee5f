"""SQL of the files in the index, and of what is asked of them by a scope."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from qadesk.library.word_search import indexable
from qadesk.records import FileState, LibraryCounts, LibraryFile, Scope

SEARCHED = "state in ('indexed', 'pictures', 'waiting')"
"""Files whose text is searched. One that waits to be read again is, as it was, until then."""

_COUNTED = {"indexed", "waiting", "pictures", "failed", "left out", "missing"}


class FileStamp(NamedTuple):
    """What the system says of a file: ``path`` is absolute, ``size`` in bytes, ``modified_ns`` since the epoch."""

    path: Path
    size: int
    modified_ns: int


class KnownFile(NamedTuple):
    """What the index knows of a file. ``hash`` is that of its content when it was read, b'' if it was not."""

    stamp: FileStamp
    hash: bytes
    state: FileState


def add_functions(connection: sqlite3.Connection) -> None:
    """Let SQL of this module compare names in any case."""
    connection.create_function("qadesk_named", 3, _is_named, deterministic=True)


def column_of(path: Path) -> bytes:
    """``path`` as the bytes that the system uses: not every file name is valid text."""
    return os.fsencode(path)


def path_of(column: bytes) -> Path:
    """The path that ``column_of`` gave."""
    return Path(os.fsdecode(column))


def condition(scope: Scope) -> tuple[str, list[object]]:
    """``scope`` as a condition on ``files``, and its values."""
    parts: list[str] = []
    values: list[object] = []
    if scope.sources:
        parts.append(_any_of([_UNDER] * len(scope.sources)))
        values += [value for source in scope.sources for value in _range_of(source)]
    if scope.kind:
        parts.append("kind = ?")
        values.append(scope.kind)
    if scope.folder or scope.name:
        parts.append("qadesk_named(path, ?, ?)")
        values += [scope.folder.casefold(), scope.name.casefold()]
    return " and ".join(parts) or "1", values


_UNDER = "(path = ? or (path > ? and path < ?))"
_MOST_TERMS = 100  # of one "or": SQLite bounds how deep an expression is, and each term is a level


def _any_of(terms: list[str]) -> str:
    if len(terms) > _MOST_TERMS:
        terms = [_any_of(terms[first : first + _MOST_TERMS]) for first in range(0, len(terms), _MOST_TERMS)]
    return "(" + " or ".join(terms) + ")"


def _range_of(source: Path) -> tuple[bytes, bytes, bytes]:
    """The path itself, and the bounds of all paths below it."""
    column = column_of(source)
    separator = os.fsencode(os.sep)
    folder = column if column.endswith(separator) else column + separator
    return column, folder, folder[:-1] + bytes([folder[-1] + 1])


def _is_named(column: bytes, folder: str, name: str) -> bool:
    path = os.fsdecode(column)
    head, _, tail = path.rpartition(os.sep)
    return folder in head.casefold() and name in tail.casefold()


def known_files(connection: sqlite3.Connection, source: Path) -> dict[Path, KnownFile]:
    """The files at or under ``source``."""
    query = f"select path, size, modified_ns, hash, state from files where {_UNDER}"  # noqa: S608 - constants
    known = {}
    for column, size, modified_ns, hash_, state in connection.execute(query, _range_of(source)):
        path = path_of(column)
        known[path] = KnownFile(FileStamp(path, size, modified_ns), hash_, state)
    return known


def add_waiting(connection: sqlite3.Connection, stamps: Iterable[FileStamp]) -> None:
    """Rows in state 'waiting'; one with the same stamp stays as it is, or as it was before it was missing."""
    connection.executemany(
        """
        insert into files (path, size, modified_ns, state) values (?, ?, ?, 'waiting')
        on conflict (path) do update set
            state = case when size != excluded.size or modified_ns != excluded.modified_ns then 'waiting'
                when state = 'missing' then state_before else state end,
            reason = case when size != excluded.size or modified_ns != excluded.modified_ns then '' else reason end,
            hint = case when size != excluded.size or modified_ns != excluded.modified_ns then '' else hint end,
            size = excluded.size, modified_ns = excluded.modified_ns
        """,
        ((column_of(path), size, modified_ns) for path, size, modified_ns in stamps),
    )


def text_of_file(connection: sqlite3.Connection, path: Path) -> int | None:
    """The number of the text that the file has; None if it has none, or is not known."""
    row = connection.execute("select text_id from files where path = ?", (column_of(path),)).fetchone()
    return None if row is None else row[0]


def write_file(
    connection: sqlite3.Connection, stamp: FileStamp, state: FileState, *, hash_: bytes = b"", reason: str = "",
    hint: str = "", kind: str = "", title: str = "", text_id: int | None = None,
) -> None:  # fmt: skip
    """What is known of a file now. The text that it had becomes an orphan if no other file has it."""
    before = text_of_file(connection, stamp.path)
    texts = (reason, hint, kind, title)  # in which names that are no valid text may stand
    connection.execute(
        """
        insert into files (path, size, modified_ns, hash, state, reason, hint, kind, title, text_id)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (path) do update set size = excluded.size, modified_ns = excluded.modified_ns, hash = excluded.hash,
            state = excluded.state, reason = excluded.reason, hint = excluded.hint, kind = excluded.kind,
            title = excluded.title, text_id = excluded.text_id
        """,
        (column_of(stamp.path), stamp.size, stamp.modified_ns, hash_, state, *map(indexable, texts), text_id),
    )
    if before is not None and before != text_id:
        note_orphans(connection, [before])


def wait_again(connection: sqlite3.Connection, stamp: FileStamp, state: FileState, reason: str, hint: str) -> None:
    """A new state of a file that keeps its text."""
    add_waiting(connection, [stamp])
    connection.execute(
        """
        update files set state_before = case when ? = 'missing' and state != 'missing' then state else state_before end,
            state = ?, reason = ?, hint = ? where path = ?
        """,
        (state, state, indexable(reason), indexable(hint), column_of(stamp.path)),
    )


def twin_of(connection: sqlite3.Connection, hash_: bytes, suffix: str) -> tuple[int, str, str, str] | None:
    """Text, kind, reason and hint of a file with this content and suffix (with its point, in small letters)."""
    query = "select path, text_id, kind, reason, hint, state from files where hash = ? and text_id is not null"
    for column, text_id, kind, reason, hint, state in connection.execute(query, (hash_,)):
        if path_of(column).suffix.lower() == suffix:
            return text_id, kind, *((reason, hint) if state == "pictures" else ("", ""))
    return None


def remove_files(connection: sqlite3.Connection, paths: Iterable[Path]) -> None:
    """The rows of ``paths`` go; texts that no other file has become orphans."""
    for path in paths:
        text_id = text_of_file(connection, path)
        connection.execute("delete from files where path = ?", (column_of(path),))
        if text_id is not None:
            note_orphans(connection, [text_id])


def note_orphans(connection: sqlite3.Connection, text_ids: Iterable[int]) -> None:
    """Note those of the texts that no file has any more."""
    connection.executemany(
        "insert or ignore into orphans select ? where not exists (select 1 from files where text_id = ?)",
        ((text_id, text_id) for text_id in text_ids),
    )


def mark_missing(connection: sqlite3.Connection, source: Path) -> None:
    """All at or under ``source`` is not there now; it keeps its texts."""
    connection.execute(
        f"update files set state_before = state, state = 'missing' where state != 'missing' and {_UNDER}",  # noqa: S608 - constants
        _range_of(source),
    )


def files(
    connection: sqlite3.Connection, scope: Scope, state: FileState | None, limit: int, offset: int
) -> list[LibraryFile]:
    """Files of ``scope`` in the order of their paths."""
    where, values = condition(scope)
    rows = connection.execute(
        f"""
        select path, size, modified_ns, state, reason, hint, kind, coalesce(pages, 0), coalesce(passages, 0) from
            (select * from files where {where} {"and state = ?" if state else ""} order by path limit ? offset ?)
        left join texts on texts.id = text_id order by path
        """,  # noqa: S608 - constants
        (*values, *([state] if state else []), limit, offset),
    )
    return [
        LibraryFile(path_of(column), size, modified_ns / 1e9, state_, reason, hint, kind, pages, passages)
        for column, size, modified_ns, state_, reason, hint, kind, pages, passages in rows
    ]


def count_files(connection: sqlite3.Connection, scope: Scope) -> LibraryCounts:
    """How much of ``scope`` is in the index; a file counts with all its passages, also where it is a copy."""
    where, values = condition(scope)
    rows = connection.execute(
        f"""
        select state, count(*), sum(coalesce(pages, 0)), sum(coalesce(passages, 0)), sum(coalesce(characters, 0))
        from files left join texts on texts.id = text_id where {where} group by state
        """,  # noqa: S608 - constants
        values,
    ).fetchall()
    numbers = {name.replace(" ", "_"): count for name, count, *_ in rows if name in _COUNTED}
    searchable = [row for row in rows if row[0] in ("indexed", "pictures")]
    pages, passages, characters = (sum(row[place] for row in searchable) for place in (2, 3, 4))
    return LibraryCounts(
        sum(row[1] for row in rows), **numbers, pages=pages, passages=passages, characters=characters,
        hidden_folders=_hidden_folders(connection, scope),
    )  # fmt: skip


def count_newer(connection: sqlite3.Connection, scope: Scope, passage: int) -> int:
    """The files of ``scope`` that are searched, whose text has passages from the number ``passage`` on."""
    where, values = condition(scope)
    (count,) = connection.execute(
        f"""
        select count(*) from files where text_id in (select text_id from chunks where first_passage >= ?)
            and {SEARCHED} and {where}
        """,  # noqa: S608 - constants
        (passage, *values),
    ).fetchone()
    return int(count)


def _hidden_folders(connection: sqlite3.Connection, scope: Scope) -> int:
    if scope.folder or scope.name or scope.kind:
        return 0
    rows = dict(connection.execute("select source, count from hidden_folders").fetchall())
    if not scope.sources:
        return sum(rows.values())
    return sum(rows.get(column_of(source), 0) for source in scope.sources)


def holders(connection: sqlite3.Connection, text_id: int, scope: Scope) -> list[tuple[Path, str, str]]:
    """Path, title and kind of the files of ``scope`` that have a text and are searched, in the order of their paths."""
    where, values = condition(scope)
    rows = connection.execute(
        f"select path, title, kind from files where text_id = ? and {SEARCHED} and {where} order by path",  # noqa: S608 - constants
        (text_id, *values),
    )
    return [(path_of(column), title, kind) for column, title, kind in rows]


def texts_in(connection: sqlite3.Connection, scope: Scope, most: int) -> list[int] | None:
    """The texts of the files of ``scope`` that are searched; None where there are more than ``most``."""
    where, values = condition(scope)
    rows = connection.execute(
        f"select distinct text_id from files where text_id is not null and {SEARCHED} and {where} limit ?",  # noqa: S608 - constants
        (*values, most + 1),
    ).fetchall()
    return None if len(rows) > most else [text_id for (text_id,) in rows]


def set_hidden_folders(connection: sqlite3.Connection, source: Path, count: int) -> None:
    """How many folders below ``source`` were not entered."""
    connection.execute("insert or replace into hidden_folders values (?, ?)", (column_of(source), count))

"""The collections of the library and the folders and files that they link to: records in, records out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from qadesk.records import Collection
from qadesk.store.texts import path_column, path_from, storable


def insert_collection(connection: sqlite3.Connection, name: str) -> int:
    """Add an empty collection and give its id. No other one may have the name, in any case of its letters."""
    cursor = connection.execute("insert into collections (name) values (?)", (storable(name),))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def insert_sources(connection: sqlite3.Connection, collection_id: int, sources: Iterable[Path]) -> None:
    """Link the collection to ``sources``, behind those that it has."""
    connection.executemany(
        "insert or ignore into collection_sources (collection_id, path) values (?, ?)",
        [(collection_id, path_column(source)) for source in sources],
    )


def delete_source(connection: sqlite3.Connection, collection_id: int, source: Path) -> None:
    """Take a link away from the collection."""
    connection.execute(
        "delete from collection_sources where collection_id = ? and path = ?", (collection_id, path_column(source))
    )


def delete_collection(connection: sqlite3.Connection, id_: int) -> None:
    """Delete a collection with its links."""
    connection.execute("delete from collections where id = ?", (id_,))


def update_name(connection: sqlite3.Connection, id_: int, name: str) -> None:
    """Give a collection another name."""
    connection.execute("update collections set name = ? where id = ?", (storable(name), id_))


def select_collections(connection: sqlite3.Connection) -> list[Collection]:
    """All collections by name, with their links in the order in which they were added."""
    sources: dict[int, list[Path]] = {}
    for collection_id, path in connection.execute("select collection_id, path from collection_sources order by id"):
        sources.setdefault(collection_id, []).append(path_from(path))
    rows = connection.execute("select id, name from collections order by name collate nocase")
    return [Collection(id_, name, tuple(sources.get(id_, ()))) for id_, name in rows]

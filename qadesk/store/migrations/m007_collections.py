"""The collections of the library."""

from __future__ import annotations

import sqlite3


def m007_collections(connection: sqlite3.Connection) -> None:
    """Collections by name, and the folders and files that each links to: ``path`` is the bytes that the system uses.

    What is known of the documents in them is in the library's index, a file of its own, which can be made again.
    """
    connection.execute("create table collections (id integer primary key autoincrement, name text not null)")
    connection.execute("create unique index collections_by_name on collections (name collate nocase)")
    connection.execute(
        """
        create table collection_sources (
            id integer primary key,
            collection_id integer not null references collections (id) on delete cascade,
            path blob not null,
            unique (collection_id, path)
        )
        """
    )

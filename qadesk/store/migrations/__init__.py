"""The schema of the database, as ordered, named steps.

To change it, add a module with a step, and the step to ``MIGRATIONS``: never edit one that was released. Each runs in
one transaction with the record that it was applied.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from qadesk.errors import StoreError
from qadesk.store.migrations.m001_recent_documents import m001_recent_documents
from qadesk.store.migrations.m002_questions import m002_questions
from qadesk.store.migrations.m003_labels import m003_labels
from qadesk.store.migrations.m004_sentences import m004_sentences
from qadesk.store.migrations.m005_texts_and_files import m005_texts_and_files
from qadesk.store.migrations.m006_blocks import m006_blocks
from qadesk.store.migrations.m007_collections import m007_collections
from qadesk.store.migrations.m008_history import m008_history
from qadesk.store.migrations.m009_authors import m009_authors

Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: dict[str, Migration] = {
    step.__name__: step
    for step in (
        m001_recent_documents,
        m002_questions,
        m003_labels,
        m004_sentences,
        m005_texts_and_files,
        m006_blocks,
        m007_collections,
        m008_history,
        m009_authors,
    )
}
"""The steps in their order, by name."""


def pending(connection: sqlite3.Connection) -> list[str]:
    """The names of the steps that this database lacks.

    Raises ``StoreError`` if it has steps that this version does not know.
    """
    done = _applied(connection)
    unknown = sorted(done - MIGRATIONS.keys())
    if unknown:
        raise StoreError(
            "Your documents, questions and labels were saved by a newer version of QADesk.",
            "Install the newest version to open them. Nothing was changed.",
            f"unknown migrations: {', '.join(unknown)}",
        )
    return [name for name in MIGRATIONS if name not in done]


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the pending steps in order. One that fails is rolled back; the ones before it stay."""
    connection.execute("create table if not exists migrations (name text primary key, applied real not null)")
    for name in pending(connection):
        connection.execute("begin immediate")
        with connection:  # commits, or rolls back
            if name not in _applied(connection):  # another window may have been faster
                MIGRATIONS[name](connection)
                connection.execute("insert into migrations values (?, ?)", (name, time.time()))


def _applied(connection: sqlite3.Connection) -> set[str]:
    if not connection.execute("select 1 from sqlite_schema where name = 'migrations'").fetchone():
        return set()
    return {name for (name,) in connection.execute("select name from migrations")}

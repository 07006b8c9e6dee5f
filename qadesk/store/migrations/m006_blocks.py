"""The structure of texts."""

from __future__ import annotations

import sqlite3


def m006_blocks(connection: sqlite3.Connection) -> None:
    """The blocks of each text that is stored with its content: JSON as ``qadesk.structure.serial`` says.

    Null where they are not known: of texts from before this step, and of imported ones.
    """
    connection.execute("alter table texts add column blocks text")

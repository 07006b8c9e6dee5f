"""The first step: documents that were open."""

from __future__ import annotations

import sqlite3


def m001_recent_documents(connection: sqlite3.Connection) -> None:
    """Documents that were open.

    ``key`` is the path of a file, as the bytes that the system uses (not every file name is valid text), or the hash of
    pasted ``text``; a file has no ``text``. ``turn`` grows with each opening: a clock can be set back.
    """
    connection.execute(
        """
        create table documents (
            id integer primary key,
            key blob not null unique,
            turn integer not null unique,
            title text not null,
            kind text not null,
            opened real not null,
            text text
        )
        """
    )

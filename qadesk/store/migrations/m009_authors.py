"""Labels of several people, and which asked questions have become labels."""

from __future__ import annotations

import sqlite3


def m009_authors(connection: sqlite3.Connection) -> None:
    """Who gave a label, and which questions of the history were taken as open labels.

    - ``labels.author``: the name of another person whose labels were imported; '' for the user of this database. A
      question to a text can have a label of each author. Rows in ``label_changes`` from before this step have none:
      they are the user's.
    - ``questions.taken``: 1 for a question that was offered as an open label, so that it comes once: it does not come
      back after it was deleted.
    """
    connection.execute("alter table labels add column author text not null default ''")
    connection.execute("alter table questions add column taken integer not null default 0")

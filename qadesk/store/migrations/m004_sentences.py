"""The names of label batches as ids."""

from __future__ import annotations

import json
import sqlite3

from qadesk.sentences import verbatim


def m004_sentences(connection: sqlite3.Connection) -> None:
    """The names of label batches as ids with arguments (``qadesk.sentences``), in JSON.

    The English that was stored until now is kept word for word: it cannot be taken apart again with certainty.
    """
    connection.execute("alter table label_batches rename column what to sentence")
    rows = connection.execute("select id, sentence from label_batches").fetchall()
    connection.executemany(
        "update label_batches set sentence = ? where id = ?",
        [(json.dumps(verbatim(english).as_json(), ensure_ascii=False), id_) for id_, english in rows],
    )

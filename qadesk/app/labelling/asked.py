"""Questions that were asked become open labels by themselves: those to documents that the user labels.

Only those, as a user who asks five hundred questions to eighty documents does not want five hundred open labels, and
one who labels a document wants to be shown all that was asked of it. Each question comes once: after it was deleted it
does not come back. That they come is no step to undo.
"""

from __future__ import annotations

from qadesk.app.labelling.label_values import folded_question, open_label
from qadesk.records import Changes, Document
from qadesk.store import asked_rows, label_rows, questions
from qadesk.store.database import Store
from qadesk.store.journal import add_label

_ORIGIN = "ask"
_MOST = 1000  # questions


def count_asked(store: Store, document: Document) -> int:
    """How many questions of the history were asked of ``document`` and are no labels."""
    with store.reading() as connection:
        folded = {folded_question(question) for question in questions.of_document(connection, document, _MOST)}
        for text in label_rows.texts_equal_to(connection, document.text):
            folded -= {folded_question(question) for _, question in label_rows.select_questions(connection, text.id)}
    return len(folded)


def take_asked_questions(store: Store) -> list[int]:
    """Add open labels for what was asked of documents that have labels; gives their ids."""
    with store.reading() as connection:
        if not asked_rows.untaken_questions(connection):
            return []
    label_ids: list[int] = []
    with store.writing(Changes(labels=True)) as connection:
        known: dict[int, set[str]] = {}
        rows = asked_rows.untaken_questions(connection)
        for _, question, text_id in rows:
            if text_id not in known:
                of_labels = [other for _, other in label_rows.select_questions(connection, text_id)]
                earlier = (*of_labels, *asked_rows.taken_questions(connection, text_id))
                known[text_id] = {folded_question(other) for other in earlier}
            folded = folded_question(question)
            if folded not in known[text_id]:
                known[text_id].add(folded)
                label_ids.append(add_label(connection, open_label(question, _ORIGIN), text_id))
        asked_rows.set_taken(connection, [id_ for id_, *_ in rows])
    return label_ids

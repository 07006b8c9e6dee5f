"""The verbs over labels, for the window and the command line.

A verb that writes is one transaction: when it returns, all is on the disk, and ``undo`` takes all of it back. All verbs
raise ``StoreError`` if the database cannot be read or written or the label is gone, and must be called on the thread
that opened the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qadesk.app.labelling.label_importer import LabelImporter, stored_text_id
from qadesk.app.labelling.label_values import (
    about_all,
    about_question,
    folded_question,
    labelled_columns,
    open_label,
    stripped_question,
)  # fmt: skip
from qadesk.app.labelling.relocate import store_text
from qadesk.errors import StoreError
from qadesk.labels.edges import may_cross_border
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Changes, Document, GoldSpan, Label, LabeledExample, LabelText
from qadesk.sentences import Sentence
from qadesk.store import journal, label_rows
from qadesk.store.database import Store
from qadesk.store.journal import LabelBatch, Reverted
from qadesk.structure.plain import blocks_or_plain

_LABELS = Changes(labels=True)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many labels there are by state; ``no_answer`` of the labelled ones, and the texts and groups of all."""

    open: int
    labelled: int
    skipped: int
    lost: int
    no_answer: int
    texts: int
    groups: int


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document, or a part of a data set, that has labels: the ``group`` of its texts, its title, and how many."""

    group: str
    title: str
    labels: int


def keep_text(store: Store, document: Document, group: str | None = None) -> int:
    """Store the text of ``document`` for labels and give the id of its row. This is no step to undo.

    The same text in the same ``group`` is one row. Without a group, a text of a file or a pasted text is one row
    whichever file has it, and the row gets the new path of a file that was moved: its labels stay.
    """
    with store.writing(_LABELS) as connection:
        return store_text(connection, document, group)


def answer(
    store: Store,
    document: Document,
    question: str,
    answers: Sequence[GoldSpan],
    *,
    is_impossible: bool = False,
    origin: str = "ask",
) -> Label:
    """Label ``question`` in ``document``: the label that it has there is changed, or one is added.

    ``answers`` are all that are right, or none where it ``is_impossible``. Raises ``QuestionError`` for an empty
    question, and ``DataError`` if an answer does not stand in the text.
    """
    question = stripped_question(question)
    columns = labelled_columns(answers, is_impossible, document.text)
    with store.writing(_LABELS) as connection:
        text_id = store_text(connection, document, None)
        rows = reversed(label_rows.select_questions(connection, text_id))  # of equal questions the oldest counts
        ids = {folded_question(other): label_id for label_id, other in rows}
        batch = LabelBatch(connection, about_question(question, "label.answer"))
        label_id = ids.get(folded_question(question))
        if label_id is None:
            new = replace(open_label(question, origin), state=LABELLED, answers=tuple(answers))
            label_id = batch.add(replace(new, is_impossible=is_impossible), text_id)
        else:
            batch.change(label_id, columns)
        return _label(connection, label_id)


def add_questions(store: Store, text_id: int, questions: Sequence[str]) -> list[Label]:
    """Add open labels for ``questions``; those that the text has already, and empty ones, are left out."""
    with store.writing(_LABELS) as connection:
        _text(connection, text_id)
        existing = {folded_question(question) for _, question in label_rows.select_questions(connection, text_id)}
        unique: dict[str, str] = {}
        for question in filter(str.strip, questions):
            unique.setdefault(folded_question(question), question.strip())
        new = [question for folded, question in unique.items() if folded not in existing]
        batch = LabelBatch(connection, about_all(new, "label.add"))
        ids = [batch.add(open_label(question, "label"), text_id) for question in new]
        return [_label(connection, label_id) for label_id in ids]


def set_answers(store: Store, label_id: int, answers: Sequence[GoldSpan]) -> Label:
    """Set the right answers. Raises ``DataError`` for none, or one that does not stand in the text."""
    return _change(store, label_id, "label.answer", lambda text: labelled_columns(answers, False, text))


def set_no_answer(store: Store, label_id: int) -> Label:
    """Label the question as one that the text does not answer."""
    return _change(store, label_id, "label.answer", lambda text: labelled_columns((), True, text))


def skip(store: Store, label_id: int) -> Label:
    """Put a label off. Its answers are stored, but do not count."""
    return _change(store, label_id, "label.skip", lambda _text: {"state": SKIPPED})


def reopen(store: Store, label_id: int) -> Label:
    """Delete the answers: the question is open again."""
    blank = {"state": OPEN, "answers": "[]", "is_impossible": False, "answered_in": None}
    return _change(store, label_id, "label.reopen", lambda _text: blank)


def edit_question(store: Store, label_id: int, question: str) -> Label:
    """Change the question; the answers stay. Raises ``QuestionError`` if it is empty."""
    question = stripped_question(question)
    return _change(store, label_id, "label.wording", lambda _text: {"question": question})


def write_note(store: Store, label_id: int, note: str) -> Label:
    """Write the note of a label, '' for none."""
    return _change(store, label_id, "label.note", lambda _text: {"note": note})


def delete(store: Store, label_ids: Sequence[int]) -> None:
    """Delete labels. Undo restores them, also after a restart: the database keeps what they held."""
    with store.writing(_LABELS) as connection:
        labels = [label for label in (label_rows.find_label(connection, label_id) for label_id in label_ids) if label]
        batch = LabelBatch(connection, about_all([label.question for label in labels], "label.delete"))
        for label in labels:
            batch.delete(label.id)


def add_labels(store: Store, rows: Sequence[tuple[LabelText, Sequence[Label]]]) -> int:
    """Add texts with their labels, all or nothing, as one step to undo. Gives how many labels were added.

    A text with id 0 is stored (the same text in the same group is one row), any other id is that of a stored one. The
    ids of labels do not matter. A question that the text had before of the same author is left out, and one that comes
    twice with the same key, or twice without one. A key that another label has is replaced. Raises ``DataError`` if an
    answer does not stand in its text.
    """
    origin = next((label.origin for _, labels in rows for label in labels), "")
    with store.writing(_LABELS) as connection:
        importer = LabelImporter(connection, LabelBatch(connection, Sentence("label.import", {"file": origin})))
        for text, labels in rows:
            text_id = text.id or (stored_text_id(connection, text, labels) if labels else 0)
            for label in labels:
                importer.add(label, text_id, text.text)
    return importer.count


def get(store: Store, label_id: int) -> Label:
    """The label with this id."""
    with store.reading() as connection:
        return _label(connection, label_id)


def text(store: Store, text_id: int) -> LabelText:
    """The stored text with this id, with its blocks: where they are not known, those that plain text shows."""
    with store.reading() as connection:
        text = _text(connection, text_id)
    return replace(text, blocks=blocks_or_plain(text.text, text.blocks))


def texts(store: Store, *, has_blocks: bool = False) -> list[LabelText]:
    """The stored texts by id; not those without labels whose file has a newer text.

    With ``has_blocks``, which takes longer, they have their blocks where those are known.
    """
    with store.reading() as connection:
        return label_rows.select_texts(connection, has_blocks=has_blocks)


def labels(
    store: Store,
    *,
    state: str = "",
    search: str = "",
    text_id: int | None = None,
    group: str | None = None,
    author: str | None = "",
) -> list[Label]:
    """The labels of ``state`` ('' for all) of one text or group (None for all) with ``search``, in document order.

    They are those of one ``author``: '' is the user, None stands for all.

    It is searched in the question, the answers, the note and the title of the text, whether upper or lower case.
    Document order is that of the texts, then of the first answers, then, for labels without answers, of insertion.
    """
    with store.reading() as connection:
        return label_rows.select_labels(
            connection, state=state, search=search, text_id=text_id, group=group, author=author
        )


def labelled_documents(store: Store, author: str = "") -> list[LabelledDocument]:
    """The documents that ``author`` has labels of, by title."""
    with store.reading() as connection:
        return [LabelledDocument(*row) for row in label_rows.count_by_group(connection, author)]


def authors(store: Store) -> list[str]:
    """The names of the other people whose labels are there."""
    with store.reading() as connection:
        return label_rows.select_authors(connection)


def counts(store: Store) -> Counts:
    """How many labels the user has."""
    with store.reading() as connection:
        states, no_answer, texts, groups = label_rows.count_labels(connection)
    is_open, labelled, skipped, lost = (states.get(state, 0) for state in (OPEN, LABELLED, SKIPPED, LOST))
    return Counts(is_open, labelled, skipped, lost, no_answer, texts, groups)


def undo(store: Store) -> Reverted | None:
    """Undo the last change and give its name ('the answer to "Who?"'); None if there is nothing to undo."""
    with store.writing(_LABELS) as connection:
        return journal.undo_batch(connection)


def redo(store: Store) -> Reverted | None:
    """Do again what was undone last and give its name; None if there is nothing, or labels were changed since."""
    with store.writing(_LABELS) as connection:
        return journal.redo_batch(connection)


def can_undo(store: Store) -> bool:
    """Whether there is a change to undo."""
    with store.reading() as connection:
        return journal.has_undo(connection)


def can_redo(store: Store) -> bool:
    """Whether there is a change to do again."""
    with store.reading() as connection:
        return journal.has_redo(connection)


def examples(store: Store, *, has_blocks: bool = True, author: str = "") -> list[LabeledExample]:
    """The labelled questions as a data set, in document order. Labels of one text share ``context`` and ``blocks``.

    They are those of one ``author``, '' for the user, from whose labels a model learns. Without ``has_blocks``, for
    those who do not read the contexts, there are none.
    """
    with store.reading() as connection:
        texts = {text.id: text for text in label_rows.select_texts(connection, has_blocks=has_blocks)}
        labelled = label_rows.select_labels(connection, state=LABELLED, author=author)
    return [label.example_in(texts[label.text_id]) for label in labelled]


def examples_to_check(store: Store) -> list[LabeledExample]:
    """``examples`` without blocks but where an answer may run over the border of one: to decode all takes seconds."""
    with store.reading() as connection:
        texts = {text.id: text for text in label_rows.select_texts(connection)}
        labelled = label_rows.select_labels(connection, state=LABELLED, author="")
        crossing = {label.text_id for label in labelled if any(map(may_cross_border, label.answers))}
        for text_id in crossing:
            texts[text_id] = label_rows.find_label_text(connection, text_id) or texts[text_id]
    return [label.example_in(texts[label.text_id]) for label in labelled]


def _change(store: Store, label_id: int, sentence_id: str, columns: Callable[[str], dict[str, object]]) -> Label:
    """Write what ``columns`` gives for the text of the label; ``sentence_id`` names the change to its question.

    The label of another author stays as it is: the user's own label of that question is changed, or one is added.
    """
    with store.writing(_LABELS) as connection:
        label = _label(connection, label_id)
        batch = LabelBatch(connection, about_question(label.question, sentence_id))
        own_id = _own_label(connection, batch, label) if label.author else label_id
        batch.change(own_id, columns(_text(connection, label.text_id).text))
        return _label(connection, own_id)


def _own_label(connection: sqlite3.Connection, batch: LabelBatch, label: Label) -> int:
    """The id of the user's label of the question of ``label``, which is added as an open one where there is none."""
    for text in label_rows.texts_equal_to(connection, _text(connection, label.text_id).text):
        for label_id, question in label_rows.select_questions(connection, text.id):
            if folded_question(question) == folded_question(label.question):
                return label_id
    return batch.add(open_label(label.question, "label"), label.text_id)


def _label(connection: sqlite3.Connection, label_id: int) -> Label:
    label = label_rows.find_label(connection, label_id)
    if label is None:
        raise StoreError("This label is gone.", "Undo brings back what was deleted.")
    return label


def _text(connection: sqlite3.Connection, text_id: int) -> LabelText:
    text = label_rows.find_label_text(connection, text_id)
    if text is None:
        raise StoreError("This text is not kept.", "Open the document again.")
    return text

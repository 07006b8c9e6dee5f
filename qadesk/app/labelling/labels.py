"""What the user says is the answer: the verbs over labels, for the window and the command line.

What a verb has written is on the disk when it returns, as one transaction, and is undone as one. All of them raise
``StoreError`` if the database cannot be read or written or the label is gone, and must be called on the thread that
opened it.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qadesk.app.labelling import relocate
from qadesk.app.labelling.relocate import Relocation
from qadesk.errors import DataError, QuestionError, StoreError
from qadesk.labels.wording import folded, shortened
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Changes, Document, GoldSpan, Label, LabeledExample, LabelText
from qadesk.store import journal
from qadesk.store import label_rows as rows
from qadesk.store.database import Store
from qadesk.store.journal import LabelBatch
from qadesk.store.recent import storable

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


def keep_text(store: Store, document: Document, group: str | None = None) -> int:
    """Keep the text of ``document`` word for word and give the id of its row. This is no step to undo.

    The same words in the same ``group`` are one row. Without a group, the words of a file or a pasted text are one row
    wherever they lie, and the row follows a file that was moved: labels survive that.
    """
    with store.writing(_LABELS) as connection:
        return relocate.keep(connection, document, group)


def follow_document(store: Store, document: Document) -> Relocation:
    """Bring labels along when a file is opened whose words are not the labelled ones any more.

    The answers are looked for by their surroundings (``labels.relocation``). Labels whose answers are all found move to
    the new words. Others move as ``LOST``: their answers have no place in the new text (start and end are -1) until the
    user gives new ones, or until the old words come back. 'No answer' holds on only if the text says nothing new.
    ``notice`` is a sentence for the user, or '' if nothing happened.
    """
    return relocate.follow(store, document)


def answer(
    store: Store,
    document: Document,
    question: str,
    answers: Sequence[GoldSpan],
    *,
    is_impossible: bool = False,
    origin: str = "ask",
) -> Label:
    """Say what answers ``question`` in ``document``: the label that it has there is replaced, or one is made.

    ``answers`` are all that are right, or none where it ``is_impossible``. Raises ``QuestionError`` for an empty
    question, and ``DataError`` if an answer does not stand in the text.
    """
    asked = _question(question)
    said = _said(answers, is_impossible, document.text)
    with store.writing(_LABELS) as connection:
        text_id = relocate.keep(connection, document, None)
        known = {_folded(known): label_id for label_id, known in reversed(rows.questions(connection, text_id))}
        batch = LabelBatch(connection, f"the answer to {_quoted(asked)}")
        label_id = known.get(_folded(asked))
        if label_id is None:
            new = replace(_open_label(asked, origin), state=LABELLED, answers=tuple(answers))
            label_id = batch.add(replace(new, is_impossible=is_impossible), text_id)
        else:
            batch.change(label_id, said)
        return _label(connection, label_id)


def add_questions(store: Store, text_id: int, questions: Sequence[str]) -> list[Label]:
    """Add open labels for ``questions``; those that the text has already, and empty ones, are left out."""
    with store.writing(_LABELS) as connection:
        _text(connection, text_id)
        known = {_folded(question) for _, question in rows.questions(connection, text_id)}
        asked: dict[str, str] = {}
        for question in filter(str.strip, questions):
            asked.setdefault(_folded(question), question.strip())
        new = [question for folded, question in asked.items() if folded not in known]
        what = f"the question {_quoted(new[0])}" if len(new) == 1 else f"{len(new)} questions"
        batch = LabelBatch(connection, f"the adding of {what}")
        ids = [batch.add(_open_label(question, "label"), text_id) for question in new]
        return [_label(connection, label_id) for label_id in ids]


def set_answers(store: Store, label_id: int, answers: Sequence[GoldSpan]) -> Label:
    """Say that each of ``answers`` is right. Raises ``DataError`` for none, or one that does not stand in the text."""
    return _change(store, label_id, "the answer to", lambda words: _said(answers, False, words))


def set_no_answer(store: Store, label_id: int) -> Label:
    """Say that the text does not answer the question."""
    return _change(store, label_id, "the answer to", lambda words: _said((), True, words))


def skip(store: Store, label_id: int) -> Label:
    """Put a label off. What was said stays with it, but does not count."""
    return _change(store, label_id, "skipping", lambda _words: {"state": SKIPPED})


def reopen(store: Store, label_id: int) -> Label:
    """Take back what was said: the question is open again."""
    blank = {"state": OPEN, "answers": "[]", "is_impossible": False, "answered_in": None}
    return _change(store, label_id, "reopening", lambda _words: blank)


def edit_question(store: Store, label_id: int, question: str) -> Label:
    """Ask in other words; the answers stay. Raises ``QuestionError`` if it is empty."""
    asked = _question(question)
    return _change(store, label_id, "the wording of", lambda _words: {"question": asked})


def write_note(store: Store, label_id: int, note: str) -> Label:
    """Write the note of a label, '' for none."""
    return _change(store, label_id, "the note on", lambda _words: {"note": note})


def delete(store: Store, label_ids: Sequence[int]) -> None:
    """Delete labels. Undo brings them back, also after a restart; so what they say stays in the database."""
    with store.writing(_LABELS) as connection:
        found = [label for label in (rows.label(connection, label_id) for label_id in label_ids) if label]
        what = _quoted(found[0].question) if len(found) == 1 else f"{len(found)} labels"
        batch = LabelBatch(connection, f"the deletion of {what}")
        for label in found:
            batch.delete(label.id)


def add_many(store: Store, added: Sequence[tuple[LabelText, Sequence[Label]]]) -> int:
    """Add texts with their labels, all or nothing, as one step to undo. Gives how many labels were added.

    A text with id 0 is kept (the same words in the same group are one row), any other id is that of a kept one. The
    ids of labels do not matter. A question that the text had before is left out, and one that comes twice with the same
    key, or twice without one. A key that another label has is replaced. Raises ``DataError`` if an answer does not
    stand in its text.
    """
    origin = next((label.origin for _, labels in added for label in labels), "")
    with store.writing(_LABELS) as connection:
        adding = _Adding(connection, LabelBatch(connection, f"the import of '{origin}'"))
        for text, labels in added:
            text_id = text.id or (rows.add_text(connection, text) if labels else 0)
            for label in labels:
                adding.add(label, text_id, text.text)
    return adding.count


def get(store: Store, label_id: int) -> Label:
    """The label with this id."""
    with store.reading() as connection:
        return _label(connection, label_id)


def text(store: Store, text_id: int) -> LabelText:
    """The kept text with this id."""
    with store.reading() as connection:
        return _text(connection, text_id)


def texts(store: Store) -> list[LabelText]:
    """The kept texts, in the order of their ids; not those without labels whose document has newer words."""
    with store.reading() as connection:
        return rows.texts(connection)


def labels(store: Store, *, state: str = "", search: str = "", text_id: int | None = None) -> list[Label]:
    """The labels of ``state`` ('' for all) of one text (None for all) in which ``search`` stands, in document order.

    It is looked for in the question, the answers, the note and the title of the text, whether upper or lower case.
    Document order is that of the texts, then of the first answers, then, for labels without a place, of insertion.
    """
    with store.reading() as connection:
        return rows.labels(connection, state=state, search=search, text_id=text_id)


def counts(store: Store) -> Counts:
    """How many labels there are."""
    with store.reading() as connection:
        states, no_answer, texts, groups = rows.tally(connection)
    is_open, labelled, skipped, lost = (states.get(state, 0) for state in (OPEN, LABELLED, SKIPPED, LOST))
    return Counts(is_open, labelled, skipped, lost, no_answer, texts, groups)


def undo(store: Store) -> str | None:
    """Undo the last change and say what it was ('the answer to "Who?"'); None if there is nothing to undo."""
    with store.writing(_LABELS) as connection:
        return journal.undo(connection)


def redo(store: Store) -> str | None:
    """Do again what was undone last and say what it was; None if there is nothing, or labels were changed since."""
    with store.writing(_LABELS) as connection:
        return journal.redo(connection)


def can_undo(store: Store) -> bool:
    """Whether there is a change to undo."""
    with store.reading() as connection:
        return journal.can_undo(connection)


def can_redo(store: Store) -> bool:
    """Whether there is a change to do again."""
    with store.reading() as connection:
        return journal.can_redo(connection)


def examples(store: Store) -> list[LabeledExample]:
    """The labelled questions as a data set, in document order. Labels of one text share one ``context`` object."""
    with store.reading() as connection:
        kept = {text.id: text for text in rows.texts(connection)}
        labelled = rows.labels(connection, state=LABELLED)
    return [example_of(label, kept[label.text_id]) for label in labelled]


def example_of(label: Label, text: LabelText) -> LabeledExample:
    """A labelled question to ``text`` as a row of a data set."""
    return LabeledExample(label.key, label.question, text.text, text.group, label.answers, label.is_impossible)


class _Adding:
    """Labels on their way in: which are left out, and how many were added."""

    def __init__(self, connection: sqlite3.Connection, batch: LabelBatch) -> None:
        self._connection = connection
        self._batch = batch
        self._before: dict[int, set[str]] = {}  # the questions that a text had before
        self._seen: set[tuple[int, str, str]] = set()
        self.count = 0

    def add(self, label: Label, text_id: int, words: str) -> None:
        if text_id not in self._before:
            self._before[text_id] = {_folded(question) for _, question in rows.questions(self._connection, text_id)}
        folded = _folded(label.question)
        if folded in self._before[text_id] or (text_id, folded, label.key) in self._seen:
            return
        self._seen.add((text_id, folded, label.key))
        if label.state == LABELLED:
            _said(label.answers, label.is_impossible, words)
        is_free = label.key and rows.label_with_key(self._connection, label.key) is None
        self._batch.add(label if is_free else replace(label, key=_new_key()), text_id)
        self.count += 1


def _change(store: Store, label_id: int, what: str, columns: Callable[[str], dict[str, object]]) -> Label:
    """Write what ``columns`` makes of the words of the label's text; ``what`` names the change to its question."""
    with store.writing(_LABELS) as connection:
        label = _label(connection, label_id)
        batch = LabelBatch(connection, f"{what} {_quoted(label.question)}")
        batch.change(label_id, columns(_text(connection, label.text_id).text))
        return _label(connection, label_id)


def _said(answers: Sequence[GoldSpan], is_impossible: bool, words: str) -> dict[str, object]:
    """What makes a label a labelled one. Raises ``DataError`` unless there is an answer, or there is none."""
    if bool(answers) == is_impossible:
        raise DataError("A question has either answers or no answer.", "Select the right words, or say 'no answer'.")
    _check(answers, words)
    column = rows.spans_as_kept(answers)
    return {"state": LABELLED, "answers": column, "is_impossible": is_impossible, "answered_in": None}


def _check(answers: Sequence[GoldSpan], words: str) -> None:
    for answer in answers:
        if not answer.text.strip():
            raise DataError("An answer is empty.", "Select the right words in the text.")
        if not answer.stands_in(words) or answer.end != answer.start + len(answer.text):
            raise DataError(
                f"The answer {_quoted(answer.text)} does not stand at {answer.start} in the text.",
                "Select the right words in the text again.",
            )


def _question(question: str) -> str:
    if not question.strip():
        raise QuestionError("The question is empty.", "Type a question first.")
    return question.strip()


def _folded(question: str) -> str:
    """What makes two questions the same, of those that are kept."""
    return folded(storable(question))


def _quoted(words: str) -> str:
    return f'"{shortened(words, 60)}"'


def _open_label(question: str, origin: str) -> Label:
    return Label(0, 0, _new_key(), question, (), False, OPEN, origin=origin)


def _new_key() -> str:
    return secrets.token_hex(12)  # as long as the ids of SQuAD


def _label(connection: sqlite3.Connection, label_id: int) -> Label:
    label = rows.label(connection, label_id)
    if label is None:
        raise StoreError("This label is gone.", "Undo brings back what was deleted.")
    return label


def _text(connection: sqlite3.Connection, text_id: int) -> LabelText:
    text = rows.text(connection, text_id)
    if text is None:
        raise StoreError("This text is not kept.", "Open the document again.")
    return text

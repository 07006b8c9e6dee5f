"""What is written of a label: the checked columns of its answers, its key, and the names of changes to it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from qadesk.errors import DataError, QuestionError
from qadesk.labels.wording import folded, shortened
from qadesk.records import LABELLED, OPEN, GoldSpan, Label
from qadesk.sentences import Sentence
from qadesk.store import label_rows
from qadesk.store.texts import storable

_QUOTED = 60  # characters of a question or an answer in a sentence


def labelled_columns(answers: Sequence[GoldSpan], is_impossible: bool, text: str) -> dict[str, object]:
    """The columns of a labelled row. Raises ``DataError`` for answers that are wrong, or that contradict the flag."""
    if bool(answers) == is_impossible:
        raise DataError("A question has either answers or no answer.", "Select the right words, or say 'no answer'.")
    _check_answers(answers, text)
    column = label_rows.spans_as_json(answers)
    return {"state": LABELLED, "answers": column, "is_impossible": is_impossible, "answered_in": None}


def _check_answers(answers: Sequence[GoldSpan], text: str) -> None:
    for answer in answers:
        if not answer.text.strip():
            raise DataError("An answer is empty.", "Select the right words in the text.")
        if not answer.stands_in(text) or answer.end != answer.start + len(answer.text):
            raise DataError(
                f'The answer "{shortened(answer.text, _QUOTED)}" does not stand at {answer.start} in the text.',
                "Select the right words in the text again.",
            )


def stripped_question(question: str) -> str:
    """Raises ``QuestionError`` if nothing is left."""
    if not question.strip():
        raise QuestionError("The question is empty.", "Type a question first.")
    return question.strip()


def folded_question(question: str) -> str:
    """What is equal for two questions that are the same, as they are stored."""
    return folded(storable(question))


def about_question(question: str, sentence_id: str) -> Sentence:
    """A sentence that names ``question``."""
    return Sentence(sentence_id, {"question": shortened(question, _QUOTED)})


def about_all(questions: Sequence[str], sentence_id: str) -> Sentence:
    """A sentence that names a single question, and counts several."""
    if len(questions) == 1:
        return Sentence(sentence_id, {"count": 1, "question": shortened(questions[0], _QUOTED)})
    return Sentence(sentence_id, {"count": len(questions)})


def open_label(question: str, origin: str) -> Label:
    """A new label without an answer, with a key of its own."""
    return Label(0, 0, new_key(), question, (), False, OPEN, origin=origin)


def new_key() -> str:
    """A key that no label has."""
    return secrets.token_hex(12)  # as long as the ids of SQuAD

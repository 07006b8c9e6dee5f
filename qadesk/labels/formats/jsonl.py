"""Rows of JSON, one question each: JSON Lines, and lists of rows as Hugging Face's data sets have them.

Our own rows are ``{"id", "title", "question", "context", "answers": [{"text", "answer_start"}], "is_impossible",
"state", "note"}``. Other names that are in use for these are understood, and other keys come out again as they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qadesk.labels.formats.raw_rows import RawAnswer, RawRow
from qadesk.labels.formats.writing import Entry, dumps
from qadesk.records import LABELLED, LOST, OPEN, Label

NAMES = {
    "key": ("id", "key", "qid", "question_id"),
    "question": ("question", "query"),
    "text": ("context", "text", "passage", "document"),
    "title": ("title",),
    "answers": ("answers", "answer"),
    "start": ("answer_start", "start"),
    "end": ("answer_end", "end"),
    "is_impossible": ("is_impossible", "unanswerable", "no_answer"),
    "state": ("state",),
    "note": ("note",),
}


def rows(content: Iterable[tuple[str, Any]]) -> Iterator[RawRow]:
    """The rows of ``content``, pairs of where it is and what it says."""
    for where, values in content:
        yield row(where, values)


def row(where: str, values: Any) -> RawRow:
    """One row, under whichever names its values stand."""
    values = values if isinstance(values, dict) else {}
    used = {part: next((name for name in names if name in values), None) for part, names in NAMES.items()}
    found = {part: values[name] for part, name in used.items() if name is not None}
    rest = {name: value for name, value in values.items() if name not in used.values()}
    answers = _answers(found.pop("answers", None), found.pop("start", None), found.pop("end", None))
    return RawRow(
        where, found.pop("text", None), found.pop("question", None), answers,
        extra={"row": rest} if rest else {}, **found,
    )  # fmt: skip


def _answers(said: Any, start: Any, end: Any) -> list[RawAnswer] | None:
    """The answers: a list of records or texts, lists of texts and places, or one alone with its place beside it."""
    if said is None or said == "":
        return None
    if isinstance(said, str):
        return [RawAnswer(said, start, end)]
    if isinstance(said, dict) and isinstance(said.get("text"), list):
        texts, starts = said["text"], said.get("answer_start")
        starts = starts if isinstance(starts, list) else []
        return [RawAnswer(text, starts[at] if at < len(starts) else None) for at, text in enumerate(texts)]
    return [given(each) for each in (said if isinstance(said, list) else [said])]


def given(answer: Any) -> RawAnswer:
    """An answer that is a text or a record; what is neither is told as an answer without text."""
    if isinstance(answer, str):
        return RawAnswer(answer, None if answer else 0)
    if not isinstance(answer, dict):
        return RawAnswer("", 0)
    start, end = (next((answer[name] for name in NAMES[part] if name in answer), None) for part in ("start", "end"))
    return RawAnswer(answer.get("text"), start, end)


def keeps(label: Label) -> bool:
    """Whether a row can hold ``label``: not where its answers have lost their place."""
    return label.state != LOST


def write(entries: Sequence[Entry]) -> Iterator[str]:
    """One line a label."""
    for entry in entries:
        yield dumps(as_row(entry)) + "\n"


def as_row(entry: Entry) -> Mapping[str, Any]:
    """A label under our own names. An open question has no answers, not even none."""
    label = entry.label
    made: dict[str, Any] = {"id": label.key, "title": entry.title, "question": label.question}
    made["context"] = entry.text.text
    if label.answers or label.is_impossible:
        made["answers"] = [{"text": span.text, "answer_start": span.start} for span in label.answers]
        made["is_impossible"] = label.is_impossible
    if label.state not in (OPEN, LABELLED):
        made["state"] = label.state
    if label.note:
        made["note"] = label.note
    return {**entry.extra.get("row", {}), **made}

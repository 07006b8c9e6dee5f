"""JSON rows, one for each question: JSON Lines, and lists of rows as in the data sets of Hugging Face.

QADesk's own rows are ``{"id", "title", "question", "context", "answers": [{"text", "answer_start"}], "is_impossible",
"state", "note"}``. Other names that are in use for these are understood too, and other keys are kept for an export.
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
    """``content``, pairs of where a row is and its value, as raw rows."""
    for where, values in content:
        yield raw_row(where, values)


def raw_row(where: str, values: Any) -> RawRow:
    """The raw row of ``values``, under whichever of ``NAMES`` they are."""
    values = values if isinstance(values, dict) else {}
    used = {part: next((name for name in names if name in values), None) for part, names in NAMES.items()}
    parts = {part: values[name] for part, name in used.items() if name is not None}
    rest = {name: value for name, value in values.items() if name not in used.values()}
    answers = _answers(parts.pop("answers", None), parts.pop("start", None), parts.pop("end", None))
    return RawRow(
        where, parts.pop("text", None), parts.pop("question", None), answers,
        extra={"row": rest} if rest else {}, **parts,
    )  # fmt: skip


def _answers(value: Any, start: Any, end: Any) -> list[RawAnswer] | None:
    """The answers of ``value``: a list of records or texts, a record of lists, or a text with ``start`` and ``end``."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return [RawAnswer(value, start, end)]
    if isinstance(value, dict) and isinstance(value.get("text"), list):
        texts, starts = value["text"], value.get("answer_start")
        starts = starts if isinstance(starts, list) else []
        return [RawAnswer(text, starts[i] if i < len(starts) else None) for i, text in enumerate(texts)]
    return [_answer_of(answer) for answer in (value if isinstance(value, list) else [value])]


def _answer_of(answer: Any) -> RawAnswer:
    """An answer that is a text or a record; anything else counts as an answer without text."""
    if isinstance(answer, str):
        return RawAnswer(answer, None if answer else 0)
    if not isinstance(answer, dict):
        return RawAnswer("", 0)
    start, end = (next((answer[name] for name in NAMES[part] if name in answer), None) for part in ("start", "end"))
    return RawAnswer(answer.get("text"), start, end)


def keeps(label: Label) -> bool:
    """Whether a row can hold ``label``: any that is not lost."""
    return label.state != LOST


def write(entries: Sequence[Entry]) -> Iterator[str]:
    """A line for each label."""
    for entry in entries:
        yield dumps(as_row(entry)) + "\n"


def as_row(entry: Entry) -> Mapping[str, Any]:
    """A label as one of QADesk's own rows. That of an open question has no key ``answers``."""
    label = entry.label
    row: dict[str, Any] = {"id": label.key, "title": entry.title, "question": label.question}
    row["context"] = entry.text.text
    if label.answers or label.is_impossible:
        row["answers"] = [{"text": span.text, "answer_start": span.start} for span in label.answers]
        row["is_impossible"] = label.is_impossible
    if label.state not in (OPEN, LABELLED):
        row["state"] = label.state
    if label.note:
        row["note"] = label.note
    return {**entry.extra.get("row", {}), **row}

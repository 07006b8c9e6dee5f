"""JSON rows, one for each question: JSON Lines, and lists of rows as in the data sets of Hugging Face.

QADesk's own rows are ``{"id", "title", "question", "context", "answers": [{"text", "answer_start"}], "is_impossible",
"state", "note"}``. Other names that are in use for these are understood too, and other keys are kept for an export.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qadesk.labels.formats.raw_answers import ENDS, STARTS, answers_of, is_span
from qadesk.labels.formats.raw_rows import RawRow
from qadesk.labels.formats.raw_values import is_missing, text_of
from qadesk.labels.formats.row_layouts import unread_layout
from qadesk.labels.formats.writing import Entry, dumps
from qadesk.labels.wording import shortened
from qadesk.records import LABELLED, LOST, OPEN, Label

NAMES = {
    "key": ("id", "key", "qid", "question_id"),
    "question": ("question", "query", "q"),
    "text": ("context", "text", "passage", "document"),
    "title": ("title",),
    "answers": ("answers", "answer", "answer_text", "answers.text"),
    "start": (*STARTS, "answers.answer_start"),
    "end": ENDS,
    "is_impossible": ("is_impossible", "unanswerable", "no_answer"),
    "state": ("state",),
    "note": ("note",),
}
_MAX_KEYS = 6  # that a message names
_ANSWERS = re.compile("answer|span|label|annotation|highlight|mark|choice", re.IGNORECASE)  # in a name for spans
_WORDS = ("tokens", "sentences")  # names for spans that are the words of the text


def rows(content: Iterable[tuple[str, Any]]) -> Iterator[RawRow]:
    """``content``, pairs of where a row is and its value, as raw rows."""
    for where, values in content:
        yield raw_row(where, values)


def raw_row(where: str, values: Any) -> RawRow:
    """The raw row of ``values``, under whichever of ``NAMES`` they are."""
    values = values if isinstance(values, dict) else {}
    used = {part: _name_of(part, values) for part in NAMES}
    if used["answers"] is None and _has_answer_as_text(values, used):
        used["answers"] = "text"
    spans = [name for name, value in values.items() if _are_spans(value)] if used["answers"] is None else []
    used["answers"] = used["answers"] or next((name for name in spans if _ANSWERS.search(name)), None)
    notes = [
        f"The spans under '{shortened(name, 30)}' were not taken for answers."
        for name in spans
        if used["answers"] is None and name not in _WORDS
    ]
    parts = {part: values[name] for part, name in used.items() if name is not None}
    rest = {name: value for name, value in values.items() if name not in used.values()}
    answers = answers_of(parts.pop("answers", None), parts.pop("start", None), parts.pop("end", None))
    return RawRow(
        where, parts.pop("text", None), parts.pop("question", None), answers,
        extra={"row": rest} if rest else {}, problem=_layout_problem(values, used), notes=tuple(notes), **parts,
    )  # fmt: skip


def _has_answer_as_text(values: Mapping[str, Any], used: Mapping[str, str | None]) -> bool:
    """Whether ``text`` is the answer, beside a context: so it is in the tables of Haystack's annotation tool."""
    text, context = text_of(values.get("text")), values.get(used["text"] or "")
    if used["text"] == "text" or not isinstance(text, str) or not isinstance(context, str):
        return False
    return used["start"] is not None or (text != "" and text in context)


def _name_of(part: str, values: Mapping[str, Any]) -> str | None:
    """The name in use for ``part``: the first that says something, else the first that is there."""
    names = [name for name in NAMES[part] if name in values]
    return next((name for name in names if not is_missing(values[name])), names[0] if names else None)


def _are_spans(value: Any) -> bool:
    """Whether ``value`` is a list of records of spans, under whatever name."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and is_span(row) for row in value)


def _layout_problem(values: Mapping[str, Any], used: Mapping[str, str | None]) -> str:
    """Why ``values`` are no question, as the beginning of a sentence; '' if they can be one."""
    layout = unread_layout(values)
    if layout:
        return f"It is in a layout that is not read ({layout})"
    if values and used["question"] is None and used["text"] is None:
        keys = ", ".join(f"'{shortened(key, 30)}'" for key in list(values)[:_MAX_KEYS])
        return f"It has neither a question nor a text (but {keys}{' and more' if len(values) > _MAX_KEYS else ''})"
    return ""


def has_answers(values: Mapping[str, Any]) -> bool:
    """Whether ``values`` have answers under one of ``NAMES`` with more than a word: lists and records."""
    return any(isinstance(values.get(name), list | dict) for name in NAMES["answers"])


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

"""doccano: rows with ``text`` and spans, and the question among the other columns, which doccano calls meta.

Spans are ``[start, end, name]`` under ``label`` or ``labels``, or records with ``start_offset`` and ``end_offset``
under ``entities`` or, in old versions, ``annotations``. An empty list can mean 'no answer' or 'not labelled yet': the
question counts as open unless ``is_impossible`` is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qadesk.labels.formats import jsonl
from qadesk.labels.formats.raw_rows import RawAnswer, RawRow
from qadesk.labels.formats.writing import Entry, dumps
from qadesk.records import LABELLED, OPEN

_SPANS = ("label", "labels", "entities", "annotations")
_LEFT_OUT = ("Comments", "relations", "meta", "metadata", *_SPANS)


def is_row(row: Mapping[str, Any]) -> bool:
    """Whether ``row`` is from doccano."""
    has_text = any(name in row for name in jsonl.NAMES["text"] + ("data",))
    return has_text and any(isinstance(row.get(name), list) for name in _SPANS)


def rows(content: Iterable[tuple[str, Any]]) -> Iterator[RawRow]:
    """``content``, pairs of where a row is and its value, as raw rows."""
    for where, values in content:
        yield _row(where, values if isinstance(values, dict) else {})


def _row(where: str, values: Mapping[str, Any]) -> RawRow:
    meta: dict[str, Any] = next(
        (values[name] for name in ("meta", "metadata") if isinstance(values.get(name), dict)), {}
    )
    flat = meta | {name: value for name, value in values.items() if name not in _LEFT_OUT}
    if "text" not in flat and "data" in flat:
        flat["text"] = flat.pop("data")
    spans: list[Any] = next((values[name] for name in _SPANS if isinstance(values.get(name), list)), [])
    comments = values.get("Comments")
    comments = [comment for comment in comments if isinstance(comment, str)] if isinstance(comments, list) else []
    row = jsonl.raw_row(where, flat)
    return replace(
        row,
        answers=[_answer_of(span) for span in spans] or ([] if row.is_impossible is True else None),
        key=row.key if isinstance(row.key, str) else None,  # doccano's numbers are unique within one project only
        note=row.note or "\n".join(comments),
    )


def _answer_of(span: Any) -> RawAnswer:
    if isinstance(span, dict):
        return RawAnswer(None, span.get("start_offset", span.get("start")), span.get("end_offset", span.get("end")))
    if isinstance(span, list) and len(span) >= 2:
        return RawAnswer(None, span[0], span[1])
    return RawAnswer("", 0)


def write(entries: Sequence[Entry]) -> Iterator[str]:
    """A line for each label, to import into a project for sequence labelling, where all but spans is kept as meta."""
    for entry in entries:
        label = entry.label
        spans = [[span.start, span.end, "Answer"] for span in label.answers]
        row: dict[str, Any] = {"text": entry.text.text, "label": spans, "question": label.question}
        row |= {"title": entry.title, "id": label.key}
        if label.is_impossible:
            row["is_impossible"] = True
        if label.state not in (OPEN, LABELLED):
            row["state"] = label.state
        if label.note:
            row["note"] = label.note
        yield dumps(row) + "\n"

"""doccano: rows with ``text`` and spans, and the question among the other columns, which doccano calls meta.

Spans are ``[start, end, name]`` under ``label`` or ``labels``, or records with ``start_offset`` and ``end_offset``
under ``entities`` or, in old versions, ``annotations``; prodigy has ``start`` and ``end`` under ``spans``. The old
projects for question answering have the ``response`` of each person. A text in place of a span is a typed answer, or
says that there is none. An empty list can mean 'no answer' or 'not labelled yet': the question counts as open unless
``is_impossible`` is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qadesk.labels.formats import jsonl
from qadesk.labels.formats.raw_answers import ENDS, STARTS, RawAnswer
from qadesk.labels.formats.raw_rows import RawRow
from qadesk.labels.formats.writing import Entry, dumps
from qadesk.records import LABELLED, OPEN, SKIPPED

_SPANS = ("label", "labels", "entities", "annotations", "spans")
_LEFT_OUT = ("Comments", "relations", "meta", "metadata", "answer_texts", *_SPANS)
_SKIPPED_RESPONSE = "_SKIPPED_BY_USER"
_NOT_ACCEPTED = ("reject", "ignore")  # prodigy's answers that are not 'accept'


def is_row(row: Mapping[str, Any]) -> bool:
    """Whether ``row`` is from doccano: it has a text, a list that can be spans, and no answers otherwise."""
    has_text = any(name in row for name in jsonl.NAMES["text"] + ("data",))
    return has_text and any(isinstance(row.get(name), list) for name in _SPANS) and not jsonl.has_answers(row)


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
    spans: list[Any] = next(
        (values[name] for name in _SPANS if isinstance(values.get(name), list) and values[name]), []
    )
    is_skipped = flat.get("answer") in _NOT_ACCEPTED or any(
        isinstance(span, dict) and span.get("response") == _SKIPPED_RESPONSE for span in spans
    )
    comments = values.get("Comments")
    comments = [comment for comment in comments if isinstance(comment, str)] if isinstance(comments, list) else []
    row = jsonl.raw_row(where, flat)
    answers = _answers(spans, values.get("answer_texts", meta.get("answer_texts")))
    return replace(
        row,
        answers=answers or ([] if row.is_impossible is True else None),
        key=row.key if isinstance(row.key, str) else None,  # doccano's numbers are unique within one project only
        note=row.note or "\n".join(comments),
        state=SKIPPED if is_skipped else row.state,
    )


def _answers(spans: Sequence[Any], texts: Any) -> list[RawAnswer]:
    """The answers of ``spans``; ``texts`` are those that they had when they were exported, if there are as many."""
    answers = [answer for answer in map(_answer_of, spans) if answer.text != _SKIPPED_RESPONSE]
    if isinstance(texts, list) and len(texts) == len(answers) and all(isinstance(text, str) for text in texts):
        return [replace(answer, hint=text) for answer, text in zip(answers, texts, strict=True)]
    return answers


def _answer_of(span: Any) -> RawAnswer:
    """A span, a response with its start, or a text, which is a typed answer."""
    if isinstance(span, dict):
        start, end = (next((span[name] for name in names if name in span), None) for names in (STARTS, ENDS))
        name = span.get("label")
        return RawAnswer(span.get("response"), start, end, name=name if isinstance(name, str) else "")
    if isinstance(span, list) and len(span) >= 2:
        return RawAnswer(None, span[0], span[1], name=span[2] if len(span) > 2 and isinstance(span[2], str) else "")
    return RawAnswer(span) if isinstance(span, str) else RawAnswer("", 0)


def write(entries: Sequence[Entry]) -> Iterator[str]:
    """A line for each label, to import into a project for sequence labelling, where all but spans is kept as meta."""
    for entry in entries:
        label = entry.label
        spans = [[span.start, span.end, "Answer"] for span in label.answers]
        row: dict[str, Any] = {"text": entry.text.text, "label": spans, "question": label.question}
        row |= {"title": entry.title, "id": label.key}
        if label.answers:
            row["answer_texts"] = [span.text for span in label.answers]
        if label.is_impossible:
            row["is_impossible"] = True
        if label.state not in (OPEN, LABELLED):
            row["state"] = label.state
        if label.note:
            row["note"] = label.note
        yield dumps(row) + "\n"

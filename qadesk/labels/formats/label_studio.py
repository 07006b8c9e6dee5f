"""Label Studio: reads its JSON of tasks and its short JSON (JSON-MIN), writes tasks with annotations to import there.

As in its template for question answering: ``data.text`` and ``data.question``, and a result for each answer with
``value.start``, ``end``, ``text``. Versions before 1.5 count UTF-16 units, as JavaScript does: the text
tells which. A task submitted without a span means 'no answer'; one with ``was_cancelled`` was skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qadesk.labels.formats import jsonl
from qadesk.labels.formats.raw_rows import RawAnswer, RawRow
from qadesk.labels.formats.writing import Entry, dumps
from qadesk.records import SKIPPED, Label

_SHORT_KEYS = ("annotation_id", "annotator")
_IGNORED_KEYS = ("annotation_id", "annotator", "created_at", "updated_at", "lead_time")
_NO_ANSWER = re.compile(r"no[ _-]?answer|(is[ _-]?)?impossible|unanswerable|not answerable", re.IGNORECASE)


def is_task(row: Mapping[str, Any]) -> bool:
    """Whether ``row`` is from Label Studio, in either form."""
    return isinstance(row.get("data"), dict) or any(name in row for name in _SHORT_KEYS)


def rows(content: Iterable[tuple[str, Any]]) -> Iterator[RawRow]:
    """``content``, pairs of where a task is and its value, as raw rows."""
    for where, value in content:
        task = value if isinstance(value, dict) else {}
        yield _row_of_task(where, task) if isinstance(task.get("data"), dict) else _row_of_short_task(where, task)


def _row_of_task(where: str, task: Mapping[str, Any]) -> RawRow:
    annotations = task.get("annotations", task.get("completions"))
    annotations = [annotation for annotation in _list(annotations) if isinstance(annotation, dict)]
    done = [row for row in annotations if not row.get("was_cancelled") and not row.get("skipped")]
    results = [result for row in done for result in _list(row.get("result")) if isinstance(result, dict)]
    values = [result["value"] for result in results if isinstance(result.get("value"), dict)]
    return _row(where, task["data"], values, is_done=bool(done), is_skipped=bool(annotations) and not done)


def _row_of_short_task(where: str, task: Mapping[str, Any]) -> RawRow:
    data = {name: value for name, value in task.items() if name not in _IGNORED_KEYS}
    values: list[Any] = []
    for name in list(data):
        spans = [span for span in _list(data[name]) if isinstance(span, dict) and "start" in span]
        if spans:
            values += spans
            del data[name]
    return _row(where, data, values, is_done=any(name in task for name in _SHORT_KEYS), is_skipped=False)


def _row(where: str, data: Mapping[str, Any], values: list[Any], *, is_done: bool, is_skipped: bool) -> RawRow:
    answers = list(dict.fromkeys(answer for value in values for answer in _answers(value)))  # annotators may agree
    choices = [choice for value in values for choice in _list(value.get("choices"))]
    says_none = any(isinstance(choice, str) and _NO_ANSWER.fullmatch(choice) for choice in choices)
    row = jsonl.raw_row(where, {name: value for name, value in data.items() if name not in jsonl.NAMES["answers"]})
    is_impossible = True if not answers and (says_none or (is_done and not values)) else row.is_impossible
    return replace(
        row,
        answers=answers if answers or is_impossible else None,
        is_impossible=is_impossible,
        key=row.key if isinstance(row.key, str) else None,  # Label Studio's numbers are unique within one project only
        state=SKIPPED if is_skipped else "",
    )


def _answers(value: Mapping[str, Any]) -> Iterator[RawAnswer]:
    text, offsets = value.get("text"), value.get("globalOffsets")
    span = offsets if isinstance(offsets, dict) else value  # in HTML, start and end of the value are XPaths
    if "start" in span:
        yield RawAnswer(_text(text), _number(span["start"]), _number(span.get("end")), counts_utf16=True)
    elif isinstance(text, list):  # typed, not selected
        yield from (RawAnswer(_text(answer)) for answer in text)


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else ""


def _number(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value):
        return int(value)
    return value if value is None or type(value) is int else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def write(entries: Sequence[Entry]) -> Iterator[str]:
    """A list with a task on each line, to import into a project with the template for question answering."""
    yield "["
    for number, entry in enumerate(entries):
        yield f"{',' if number else ''}\n{dumps(_as_task(entry))}"
    yield "\n]\n"


def _as_task(entry: Entry) -> dict[str, Any]:
    label = entry.label
    data = {"text": entry.text.text, "question": label.question, "title": entry.title, "id": label.key}
    if label.note:
        data["note"] = label.note
    annotations = []
    if label.answers or label.is_impossible or label.state == SKIPPED:
        annotations = [{"result": _results(label), "was_cancelled": label.state == SKIPPED}]
    return {"data": data, "annotations": annotations}


def _results(label: Label) -> list[dict[str, Any]]:
    return [
        {
            "id": f"answer{number}",
            "from_name": "answer",
            "to_name": "text",
            "type": "labels",
            "value": {"start": span.start, "end": span.end, "text": span.text, "labels": ["Answer"]},
        }
        for number, span in enumerate(label.answers, 1)
    ]

"""Label Studio: reads its JSON of tasks and its short JSON (JSON-MIN), writes tasks with annotations to import there.

As in its template for question answering: ``data.text`` and ``data.question``, and a result for each answer with
``value.start``, ``end``, ``text``. A task submitted without a span means 'no answer', as does a choice in words that
mean it; one with ``was_cancelled`` was skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qadesk.labels.formats import jsonl
from qadesk.labels.formats.raw_answers import RawAnswer
from qadesk.labels.formats.raw_rows import RawRow
from qadesk.labels.formats.raw_values import offset_of
from qadesk.labels.formats.writing import Entry, dumps
from qadesk.records import SKIPPED, Label

_SHORT_KEYS = ("annotation_id", "annotator")
_IGNORED_KEYS = ("annotation_id", "annotator", "created_at", "updated_at", "lead_time")
_DIALOGUES = ("dialogue", "dialog", "conversation", "turns")
_ADDRESS = re.compile(r"(https?|s3|gs|file)://\S+|/data/\S+")


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
    results = [[result for result in _list(row.get("result")) if isinstance(result, dict)] for row in done]
    data, values = _with_question(task["data"], results)
    row = _row(where, data, [value for part in values for value in part], is_done=bool(done))
    notes = []
    is_marked = [any(True for value in part for _ in _answers(value)) for part in values]
    if any(is_marked) and not all(is_marked):
        notes.append("One annotator marked an answer, another marked none: the answer counts.")
    if not done and not annotations and _list(task.get("predictions")):
        notes.append("It has predictions, but no annotation: the question is open.")
    return replace(row, state=SKIPPED if annotations and not done else row.state, notes=(*row.notes, *notes))


def _with_question(
    data: Mapping[str, Any], results: Sequence[Sequence[Mapping[str, Any]]]
) -> tuple[Mapping[str, Any], list[list[Any]]]:
    """``data`` with a question that an annotator typed, if it has none, and the values of the other ``results``."""
    typed = [result for part in results for result in part if _is_typed_question(result)]
    has_question = any(name in data for name in jsonl.NAMES["question"])
    if not has_question and typed:
        data = {**data, "question": _list(typed[0]["value"]["text"])[0]}
    rest = [[result for result in part if not _is_typed_question(result)] for part in results]
    return data, [[row["value"] for row in part if isinstance(row.get("value"), dict)] for part in rest]


def _is_typed_question(result: Mapping[str, Any]) -> bool:
    value, name = result.get("value"), result.get("from_name")
    is_text = isinstance(value, dict) and bool(_list(value.get("text"))) and "start" not in value
    return is_text and isinstance(name, str) and "question" in name.casefold()


def _row_of_short_task(where: str, task: Mapping[str, Any]) -> RawRow:
    data = {name: value for name, value in task.items() if name not in _IGNORED_KEYS}
    values: list[Any] = []
    for name in list(data):
        spans = [span for span in _list(data[name]) if isinstance(span, dict) and "start" in span]
        if spans:
            values += spans
            del data[name]
        elif isinstance(data[name], dict) and isinstance(data[name].get("choices"), list):
            values.append(data.pop(name))
        elif name in ("choice", "choices"):
            values.append({"choices": [data.pop(name)]})
        elif name in jsonl.NAMES["answers"] and data[name]:  # typed
            typed = data.pop(name)
            values.append({"text": typed if isinstance(typed, list) else [typed]})
    return _row(where, data, values, is_done=any(name in task for name in _SHORT_KEYS))


def _row(where: str, data: Mapping[str, Any], values: list[Any], *, is_done: bool) -> RawRow:
    answers = list(dict.fromkeys(answer for value in values for answer in _answers(value)))  # annotators may agree
    choices = [choice for value in values for choice in _list(value.get("choices"))]
    row = jsonl.raw_row(where, {name: value for name, value in data.items() if name not in jsonl.NAMES["answers"]})
    is_impossible = True if is_done and not values else row.is_impossible
    return replace(
        row,
        answers=answers or ([] if is_impossible else None),
        is_impossible=is_impossible,
        key=row.key if isinstance(row.key, str) else None,  # Label Studio's numbers are unique within one project only
        choices=tuple(choice for choice in choices if isinstance(choice, str)),
        problem=row.problem or _text_problem(row.text, data),
    )


def _text_problem(text: Any, data: Mapping[str, Any]) -> str:
    """Why the text of a task cannot be read, as the beginning of a sentence; '' if it can."""
    if isinstance(text, str) and _ADDRESS.fullmatch(text.strip()):
        return "It has only the address of a text"
    if text is None and any(isinstance(data.get(name), list) for name in _DIALOGUES):
        return "Its text is a dialogue (a list of turns)"
    return ""


def _answers(value: Mapping[str, Any]) -> Iterator[RawAnswer]:
    text, offsets = value.get("text"), value.get("globalOffsets")
    span = offsets if isinstance(offsets, dict) else value  # in HTML, start and end of the value are XPaths
    name = next((part for part in _list(value.get("labels")) if isinstance(part, str)), "")
    if "start" in span:
        start, end = _number(span["start"]), _number(span.get("end"))
        if isinstance(text, str) and type(offset_of(start)) is not int:  # an XPath
            start = end = None
        yield RawAnswer(_text(text), start, end, name=name)
    elif isinstance(text, list):  # typed, not selected
        yield from (RawAnswer(_text(answer)) for answer in text)


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else ""


def _number(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str) else ""


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

"""Label Studio: its JSON of tasks, its short JSON (JSON-MIN), and tasks with annotations to import there.

As in its template for question answering: ``data.text`` and ``data.question``, and a result for each answer with
``value.start``, ``end``, ``text``. Versions before 1.5 counted as JavaScript does, two for an emoji: the text tells.
A task that was submitted without a span says that there is no answer; a skipped one (``was_cancelled``) is put off.
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

_SHORT = ("annotation_id", "annotator")
_LEFT_OUT = ("annotation_id", "annotator", "created_at", "updated_at", "lead_time")
_NONE = re.compile(r"no[ _-]?answer|(is[ _-]?)?impossible|unanswerable|not answerable", re.IGNORECASE)


def is_task(row: Mapping[str, Any]) -> bool:
    """Whether a row is from Label Studio, in either form."""
    return isinstance(row.get("data"), dict) or any(name in row for name in _SHORT)


def rows(content: Iterable[tuple[str, Any]]) -> Iterator[RawRow]:
    """The tasks of ``content``, pairs of where it is and what it says."""
    for where, said in content:
        task = said if isinstance(said, dict) else {}
        yield _task(where, task) if isinstance(task.get("data"), dict) else _short(where, task)


def _task(where: str, task: Mapping[str, Any]) -> RawRow:
    annotations = task.get("annotations", task.get("completions"))
    annotations = [each for each in annotations if isinstance(each, dict)] if isinstance(annotations, list) else []
    done = [each for each in annotations if not each.get("was_cancelled") and not each.get("skipped")]
    results = [each for annotation in done for each in _list(annotation.get("result")) if isinstance(each, dict)]
    values = [each["value"] for each in results if isinstance(each.get("value"), dict)]
    return _row(where, task["data"], values, is_done=bool(done), is_skipped=bool(annotations) and not done)


def _short(where: str, task: Mapping[str, Any]) -> RawRow:
    data = {name: value for name, value in task.items() if name not in _LEFT_OUT}
    values: list[Any] = []
    for name in list(data):
        spans = [each for each in _list(data[name]) if isinstance(each, dict) and "start" in each]
        if spans:
            values += spans
            del data[name]
    return _row(where, data, values, is_done=any(name in task for name in _SHORT), is_skipped=False)


def _row(where: str, data: Mapping[str, Any], values: list[Any], *, is_done: bool, is_skipped: bool) -> RawRow:
    answers = list(dict.fromkeys(given for value in values for given in _given(value)))  # two people may say the same
    says_none = any(isinstance(each, str) and _NONE.fullmatch(each) for value in values
                    for each in _list(value.get("choices")))  # fmt: skip
    row = jsonl.row(where, {name: value for name, value in data.items() if name not in jsonl.NAMES["answers"]})
    is_impossible = True if not answers and (says_none or (is_done and not values)) else row.is_impossible
    return replace(
        row,
        answers=answers if answers or is_impossible else None,
        is_impossible=is_impossible,
        key=row.key if isinstance(row.key, str) else None,  # its own numbers are only good within one project
        state=SKIPPED if is_skipped else "",
    )


def _given(value: Mapping[str, Any]) -> Iterator[RawAnswer]:
    text, offsets = value.get("text"), value.get("globalOffsets")
    place = offsets if isinstance(offsets, dict) else value  # in marked-up text, start and end are paths
    if "start" in place:
        yield RawAnswer(_plain(text), _number(place["start"]), _number(place.get("end")), counts_utf16=True)
    elif isinstance(text, list):  # written, not selected
        yield from (RawAnswer(_plain(each)) for each in text)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else ""


def _number(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value):
        return int(value)
    return value if value is None or type(value) is int else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def write(entries: Sequence[Entry]) -> Iterator[str]:
    """A list of tasks, one a line, to import into a project with the template for question answering."""
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

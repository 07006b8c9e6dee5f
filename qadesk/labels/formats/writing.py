"""What the writers of all formats share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qadesk.labels.text_files import LONE_SURROGATE
from qadesk.records import Label, LabelText

AUTHOR, AGREEMENT_SCORE = "author", "agreement"
"""The fields of a row that names its author."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label to write, with its text, the ``title`` of its document, and the ``extra`` keys of its import."""

    label: Label
    text: LabelText
    title: str
    extra: Mapping[str, Any]


def entries(labels: Iterable[Label], texts: Mapping[int, LabelText]) -> list[Entry]:
    """``labels`` in their order, each with its text.

    The file gets titles instead of groups, as a group can be the path of a file, which is private. Each title stands
    for one group: if two groups have the same title, the second is numbered.
    """
    titles: dict[str, str] = {}
    in_use: set[str] = set()
    numbers: dict[str, int] = {}  # by title, the first that can be free
    for text in texts.values():
        if text.group not in titles:
            title = text.title or "Untitled"
            number = numbers.get(title, 1)
            while (numbered := title if number == 1 else f"{title} ({number})") in in_use:
                number += 1
            titles[text.group] = numbered
            in_use.add(numbered)
            numbers[title] = number + 1
    rows = ((_without_unplaced(label), texts[label.text_id]) for label in labels)
    return [Entry(label, text, titles[text.group], json.loads(label.extra or "{}")) for label, text in rows]


def _without_unplaced(label: Label) -> Label:
    """``label`` without the answers that are no longer found in its text."""
    answers = tuple(answer for answer in label.answers if answer.start >= 0)
    return label if answers == label.answers else replace(label, answers=answers)


def dumps(value: object) -> str:
    """``value`` as JSON without escapes, except if it has a lone surrogate, which UTF-8 cannot hold."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if LONE_SURROGATE.search(text) else text

"""Answers as they are in label files, in all the shapes that are in use: texts, records, lists, records of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qadesk.labels.formats.raw_values import is_missing, offset_of, text_of

STARTS, ENDS = ("answer_start", "start", "start_offset", "start_char"), ("answer_end", "end", "end_offset", "end_char")
"""The names in use for the offsets of an answer."""

_TEXTS = ("text", "answer_text", "answer", "response")


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it is in the file: its text, its offsets, or both; None for what is missing.

    ``hint`` is the text that the span had when it was exported, which another program may have moved since. ``name`` is
    that of the span's label, '' if it has none.
    """

    text: Any = None
    start: Any = None
    end: Any = None
    hint: str | None = None
    name: str = ""

    def typed(self) -> RawAnswer:
        """The same with the types of its values, where the file has numbers as texts or the like."""
        if isinstance(self.text, str | None) and type(self.start) is int and type(self.end) in (int, type(None)):
            return self  # as nearly all are
        return replace(self, text=text_of(self.text), start=offset_of(self.start), end=offset_of(self.end))


def answers_of(value: Any, start: Any = None, end: Any = None) -> list[RawAnswer] | None:
    """The answers in ``value``, None if it says nothing; ``start`` and ``end`` are offsets that stand beside it."""
    if is_missing(value):
        first, last = offset_of(start), offset_of(end)
        is_empty = type(first) is not int or type(last) is not int or first < 0 or first == last
        return None if is_empty else [RawAnswer(None, first, last)]
    if isinstance(value, Mapping):
        return _of_record(value)
    if isinstance(value, list):
        starts, ends = _beside(start, len(value)), _beside(end, len(value))
        return [_of_item(*row) for row in zip(value, starts, ends, strict=True)]
    return [RawAnswer(value, start, end)]


def _beside(offsets: Any, count: int) -> Sequence[Any]:
    """Offsets for ``count`` answers: a list of as many, or the one of a single answer; else None for each."""
    if isinstance(offsets, list) and len(offsets) == count:
        return offsets
    return [offsets] if count == 1 and not isinstance(offsets, list) else [None] * count


def _of_record(record: Mapping[str, Any]) -> list[RawAnswer] | None:
    """The answers of a record, or of a record of lists as the data sets of Hugging Face have it."""
    text, start, end = _first(record, _TEXTS), _first(record, STARTS), _first(record, ENDS)
    if isinstance(text, list):
        return answers_of(text, start, end) or []
    return [RawAnswer(text, start, end)]


def _of_item(item: Any, start: Any, end: Any) -> RawAnswer:
    """An item of a list: a text, a number or a record; anything else counts as an answer without text."""
    if isinstance(item, Mapping):
        return RawAnswer(_first(item, _TEXTS), _first(item, STARTS), _first(item, ENDS))
    text = text_of(item)
    if isinstance(text, str):
        return RawAnswer(text, start if text or start is not None else 0, end)
    return RawAnswer("", 0)


def _first(record: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((record[name] for name in names if name in record), None)


def is_span(value: Any) -> bool:
    """Whether ``value`` is a span as annotation tools write it: [start, end, name], or a record with start and end."""
    if isinstance(value, list):
        return len(value) >= 2 and all(type(part) is int for part in value[:2])
    if not isinstance(value, Mapping) or not any(type(offset_of(value.get(name))) is int for name in STARTS):
        return False
    return any(name in value for name in (*ENDS, *_TEXTS))

"""From what a file says to labels: every row is checked here, whichever format it is from.

A format's module makes ``RawRow`` records, in which nothing need have the right type. ``RowCollector`` takes them one
by one and keeps what is good, as a text and a label, and says of the rest where it is and what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from qadesk.labels.dataset import Problem
from qadesk.labels.squad_files import offset_problem
from qadesk.labels.text_files import is_text
from qadesk.labels.wording import folded, shortened
from qadesk.records import LABELLED, OPEN, SKIPPED, GoldSpan, Label, LabelText

MAX_ROWS = 1_000_000
MAX_TEXT = 20_000_000  # characters: a book has one million
MAX_QUESTION = 10_000
MAX_KEY = 500
PAGE_BREAK = "\f"
_NO_TEXT = "An answer has no text."

Texts = tuple[tuple[LabelText, tuple[Label, ...]], ...]
Note = Callable[[str, str], None]  # takes a problem: where it is and what is wrong


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as a file gives it: its text, its place, or both. None is what it does not say."""

    text: Any = None
    start: Any = None
    end: Any = None
    counts_utf16: bool = False  # the writer may have counted as JavaScript does


@dataclass(frozen=True, slots=True)
class RawRow:
    """One question as a file gives it. ``answers`` is None where the file says nothing about answers.

    ``state`` is ``SKIPPED`` where the question was put off. ``extra`` are values that go out again with the label,
    as ``heads`` do, which stand once in the file for many rows: ``(name, which one, value)``; they go with the first
    good row. ``needs_mark`` says that a lack of answers means 'no answer' only where ``is_impossible`` is true.
    """

    where: str
    text: Any
    question: Any
    answers: Sequence[RawAnswer] | None
    is_impossible: Any = None
    key: Any = None
    title: Any = ""
    group: str = ""
    note: Any = ""
    state: Any = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    heads: tuple[tuple[str, object, Any], ...] = ()
    needs_mark: bool = False


class RowCollector:
    """The good rows and the problems so far of the file ``origin``."""

    def __init__(self, origin: str) -> None:
        self.problems: list[Problem] = []
        self._origin = origin
        self._texts: dict[tuple[str, str], tuple[LabelText, list[Label]]] = {}
        self._keys: set[str] = set()
        self._asked: set[tuple[str, str]] = set()
        self._sent: set[tuple[str, object]] = set()

    @property
    def texts(self) -> Texts:
        """The texts in the order of the file, each with its labels."""
        return tuple((text, tuple(labels)) for text, labels in self._texts.values())

    def note(self, where: str, what: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(where, what))

    def add(self, row: RawRow) -> None:
        """Take a row, or say why not."""
        key = str(row.key) if type(row.key) is int else row.key
        key = key if is_text(key) and len(key) <= MAX_KEY else ""
        where = f"{row.where} ({key})" if key else row.where
        wrong = self._wrong(row, key)
        if wrong:
            self.note(where, f"{wrong} and was left out.")
            return
        placings = [place_answer(given, row.text) for given in row.answers or ()]
        answers = tuple(span for span in placings if isinstance(span, GoldSpan))
        faults = [fault for fault in placings if isinstance(fault, str) and fault]
        if self._agrees(row, answers, faults, where):
            self._keep(row, key or _made_key(row), answers)

    def _wrong(self, row: RawRow, key: str) -> str:
        """What keeps the row out whatever its answers are, or ''."""
        wrong = _unreadable(row)
        if wrong:
            return wrong
        if key and key in self._keys:
            return "An earlier row has the same id: this one is a duplicate"
        if not key and (row.text, folded(row.question)) in self._asked:
            return "An earlier row asks the same of the same text: this one is a duplicate"
        return ""

    def _agrees(self, row: RawRow, answers: tuple[GoldSpan, ...], faults: Sequence[str], where: str) -> bool:
        """Whether the row can be used. As in the official scripts, answers count for more than the mark."""
        says_none = row.is_impossible is True and not any(fault != _NO_TEXT for fault in faults)
        if not answers and not says_none and row.answers is not None:
            if row.answers or (row.needs_mark and row.is_impossible is None):
                told = faults[:3] or ["It has no usable answer."]
                self.note(where, " ".join([*told, "The question was left out."]))
                return False
            if row.is_impossible is False:
                self.note(where, "It has no answer, but is not marked so: it counts as having none.")
        for fault in faults:
            self.note(where, f"{fault} This answer was left out.")
        if row.is_impossible not in (None, True, False):
            self.note(where, "Whether it has an answer is not said by true or false: the answers count.")
        if answers and row.is_impossible is True:
            self.note(where, "It is marked as having no answer, but has one: the answer counts.")
        return True

    def _keep(self, row: RawRow, key: str, answers: tuple[GoldSpan, ...]) -> None:
        title = row.title if is_text(row.title) else ""
        group = row.group or title
        new = LabelText(0, title or group, "text", None, group, row.text)
        labels = self._texts.setdefault((group, row.text), (new, []))[1]
        is_open = not answers and row.answers is None and row.is_impossible is not True
        state = OPEN if is_open else LABELLED
        if row.state == SKIPPED:
            state = SKIPPED
        is_impossible = not answers and not is_open
        note = row.note if is_text(row.note) else ""
        extra = self._extra(row)
        labels.append(Label(0, 0, key, row.question, answers, is_impossible, state, note, self._origin, extra))
        self._keys.add(key)
        self._asked.add((row.text, folded(row.question)))

    def _extra(self, row: RawRow) -> str:
        extra = dict(row.extra)
        for name, which, value in row.heads:
            if (name, which) not in self._sent:
                self._sent.add((name, which))
                extra[name] = value
        return json.dumps(extra, separators=(",", ":")) if extra else ""


def _unreadable(row: RawRow) -> str:
    if not is_text(row.text):
        return "It has no text"
    if len(row.text) > MAX_TEXT:
        return f"Its text is longer than {MAX_TEXT:,} characters"
    if not is_text(row.question):
        return "The question is empty"
    return "" if len(row.question) <= MAX_QUESTION else f"The question is longer than {MAX_QUESTION:,} characters"


def place_answer(given: RawAnswer, text: str) -> GoldSpan | str:
    """Where an answer stands in ``text``, or a sentence that says why it cannot be used, '' if it says nothing."""
    wrong = _mistyped(given)
    if wrong is not None:
        return wrong
    span = _place(given, text)
    if isinstance(span, GoldSpan) and PAGE_BREAK in span.text:
        return f"The answer '{shortened(span.text, 40)}' goes across pages."
    return span


def _mistyped(given: RawAnswer) -> str | None:
    if given.text in (None, "") and given.start in (None, -1):  # how some files write 'no answer'
        return ""
    if given.text is not None and not is_text(given.text):
        return _NO_TEXT
    if any(value is not None and type(value) is not int for value in (given.start, given.end)):
        return "An answer has an offset that is not a whole number."
    if given.text is None and (given.start is None or given.end is None):
        return "An answer has neither a text nor an end."
    return None


def _place(given: RawAnswer, text: str) -> GoldSpan | str:
    if given.text is None:
        span = GoldSpan(given.start, given.end, text[max(0, given.start) : max(0, given.end)])
        if not 0 <= given.start < given.end <= len(text):
            return f"An answer from {given.start} to {given.end} is not within the text."
        return span if span.text.strip() else _NO_TEXT
    if given.start is None:
        return _only_place(given.text, text)
    for start in _starts(given, text):
        span = GoldSpan(start, start + len(given.text), given.text)
        if span.stands_in(text):
            return span
    if given.end is not None and 0 <= given.start < given.end:  # the same words, but the blanks were changed
        there = text[given.start : given.end]
        if there.split() == given.text.replace("\\n", "\n").split():
            return GoldSpan(given.start, given.end, there)
    span = GoldSpan(given.start, given.start + len(given.text), given.text)
    return offset_problem(span, text)


def _starts(given: RawAnswer, text: str) -> Iterator[int]:
    yield given.start
    if given.counts_utf16:
        units = text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, given.start)]
        yield len(units.decode("utf-16-le", "ignore"))


def _only_place(answer: str, text: str) -> GoldSpan | str:
    first = text.find(answer)
    if first < 0:
        return f"The answer '{shortened(answer, 40)}' is not in the text."
    again = text.find(answer, first + 1)
    if again >= 0:
        return f"The answer '{shortened(answer, 40)}' stands at {first} and at {again}, and no offset says which."
    return GoldSpan(first, first + len(answer), answer)


def _made_key(row: RawRow) -> str:
    """An id for a row without one: the same row gets the same each time that it comes."""
    return sha256(f"{row.text}\0{row.question}".encode()).hexdigest()[:24]

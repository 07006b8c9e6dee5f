"""Checks the rows of label files of every format, and makes labels of them.

The module of a format yields ``RawRow`` records, in which no value need have the right type. ``RowCollector`` checks
them one by one: it keeps the good ones as texts with labels, and reports where the others are and what is wrong.
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
from qadesk.structure import Block, has_words

MAX_ROWS = 1_000_000
MAX_TEXT = 20_000_000  # characters: a book has one million
MAX_QUESTION = 10_000
MAX_KEY = 500
_MANY_WORDS = 350  # of a question: each is a token at least, and the usual window has 384
PAGE_BREAK = "\f"
_NO_TEXT = "An answer has no text."

Texts = tuple[tuple[LabelText, tuple[Label, ...]], ...]
Note = Callable[[str, str], None]  # reports a problem: where it is, what is wrong


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it is in the file: its text, its offsets, or both; None for what is missing."""

    text: Any = None
    start: Any = None
    end: Any = None
    counts_utf16: bool = False  # offsets may count UTF-16 units, as JavaScript does


@dataclass(frozen=True, slots=True)
class RawRow:
    """A question as it is in the file. ``answers`` is None if the file says nothing about answers.

    ``where`` names the row in messages. ``state`` is ``SKIPPED`` for a skipped question. ``extra`` are values that the
    label keeps for an export. So are ``heads``, which many rows share, as (name, id, value): the first good row keeps
    the value of each id. ``blocks`` are those of the text, already checked; none where they are not known.
    With ``needs_mark`` a row without answers means 'no answer' only if ``is_impossible`` is true.
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
    blocks: tuple[Block, ...] = ()
    needs_mark: bool = False


class RowCollector:
    """Collects the good rows of the file ``origin``, and the problems of the others."""

    def __init__(self, origin: str) -> None:
        self.problems: list[Problem] = []
        self._origin = origin
        self._texts: dict[tuple[str, str], tuple[LabelText, list[Label]]] = {}
        self._keys: set[str] = set()
        self._questions: set[tuple[str, str]] = set()
        self._kept_heads: set[tuple[str, object]] = set()

    @property
    def texts(self) -> Texts:
        """The texts in the order of the file, each with its labels."""
        return tuple((text, tuple(labels)) for text, labels in self._texts.values())

    def note(self, where: str, what: str) -> None:
        """Record a problem."""
        self.problems.append(Problem(where, what))

    def add(self, row: RawRow) -> None:
        """Keep ``row`` if it is good; otherwise record what is wrong with it."""
        key = str(row.key) if type(row.key) is int else row.key
        key = key if is_text(key) and len(key) <= MAX_KEY else ""
        where = f"{row.where} ({key})" if key else row.where
        problem = self._row_problem(row, key)
        if problem:
            self.note(where, f"{problem} and was left out.")
            return
        placed = [place_answer(answer, row.text) for answer in row.answers or ()]
        answers = tuple(span for span in placed if isinstance(span, GoldSpan))
        problems = [problem for problem in placed if isinstance(problem, str) and problem]
        if self._is_usable(row, answers, problems, where):
            self._note_unaskable(row, where)
            self._keep(row, key or _key_of_contents(row), answers)

    def _row_problem(self, row: RawRow, key: str) -> str:
        """Why the row is left out whatever its answers are, as the beginning of a sentence; '' if it is not."""
        problem = _value_problem(row)
        if problem:
            return problem
        if key and key in self._keys:
            return "An earlier row has the same id: this one is a duplicate"
        if not key and (row.text, folded(row.question)) in self._questions:
            return "An earlier row asks the same of the same text: this one is a duplicate"
        return ""

    def _is_usable(self, row: RawRow, answers: tuple[GoldSpan, ...], problems: Sequence[str], where: str) -> bool:
        """Whether the row can be used; notes what disagrees. As in the official scripts, answers override the mark."""
        is_marked = row.is_impossible is True and not any(problem != _NO_TEXT for problem in problems)
        if not answers and not is_marked and row.answers is not None:
            if row.answers or (row.needs_mark and row.is_impossible is None):
                sentences = problems[:3] or ["It has no usable answer."]
                self.note(where, " ".join([*sentences, "The question was left out."]))
                return False
            if row.is_impossible is False:
                self.note(where, "It has no answer, but is not marked so: it counts as having none.")
        for problem in problems:
            self.note(where, f"{problem} This answer was left out.")
        if row.is_impossible not in (None, True, False):
            self.note(where, "Whether it has an answer is not said by true or false: the answers count.")
        if answers and row.is_impossible is True:
            self.note(where, "It is marked as having no answer, but has one: the answer counts.")
        return True

    def _note_unaskable(self, row: RawRow, where: str) -> None:
        """Note a question that no model can be asked. It is kept, so that an export has it too."""
        words = len(row.question.split())
        if not has_words(row.question):
            self.note(where, "The question has no words in it: it cannot be asked, nor learned from.")
        elif not has_words(row.text):
            self.note(where, "The text has no words in it: it cannot be read, nor learned from.")
        elif words > _MANY_WORDS:
            self.note(where, f"The question has {words:,} words: that is too long for most models.")

    def _keep(self, row: RawRow, key: str, answers: tuple[GoldSpan, ...]) -> None:
        title = row.title if is_text(row.title) else ""
        group = row.group or title
        text = LabelText(0, title or group, "text", None, group, row.text, row.blocks)
        labels = self._texts.setdefault((group, row.text), (text, []))[1]
        is_open = not answers and row.answers is None and row.is_impossible is not True
        state = OPEN if is_open else LABELLED
        if row.state == SKIPPED:
            state = SKIPPED
        is_impossible = not answers and not is_open
        note = row.note if is_text(row.note) else ""
        extra = self._extra(row)
        labels.append(Label(0, 0, key, row.question, answers, is_impossible, state, note, self._origin, extra))
        self._keys.add(key)
        self._questions.add((row.text, folded(row.question)))

    def _extra(self, row: RawRow) -> str:
        extra = dict(row.extra)
        for name, id_, value in row.heads:
            if (name, id_) not in self._kept_heads:
                self._kept_heads.add((name, id_))
                extra[name] = value
        return json.dumps(extra, separators=(",", ":")) if extra else ""


def _value_problem(row: RawRow) -> str:
    if not is_text(row.text):
        return "It has no text"
    if len(row.text) > MAX_TEXT:
        return f"Its text is longer than {MAX_TEXT:,} characters"
    if not is_text(row.question):
        return "The question is empty"
    if len(row.question) > MAX_QUESTION:
        return f"The question is longer than {MAX_QUESTION:,} characters"
    return ""


def place_answer(answer: RawAnswer, text: str) -> GoldSpan | str:
    """The span of ``answer`` in ``text``; or why it cannot be used, in a sentence; or '' for an empty answer."""
    problem = _type_problem(answer)
    if problem is not None:
        return problem
    span = _place(answer, text)
    if isinstance(span, GoldSpan) and PAGE_BREAK in span.text:
        return f"The answer '{shortened(span.text, 40)}' goes across pages."
    return span


def _type_problem(answer: RawAnswer) -> str | None:
    """Why the values of ``answer`` cannot be used: a sentence, '' for an empty answer, None if they can."""
    if answer.text in (None, "") and answer.start in (None, -1):  # some files write 'no answer' so
        return ""
    if answer.text is not None and not is_text(answer.text):
        return _NO_TEXT
    if any(value is not None and type(value) is not int for value in (answer.start, answer.end)):
        return "An answer has an offset that is not a whole number."
    if answer.text is None and (answer.start is None or answer.end is None):
        return "An answer has neither a text nor an end."
    return None


def _place(answer: RawAnswer, text: str) -> GoldSpan | str:
    if answer.text is None:
        span = GoldSpan(answer.start, answer.end, text[max(0, answer.start) : max(0, answer.end)])
        if not 0 <= answer.start < answer.end <= len(text):
            return f"An answer from {answer.start} to {answer.end} is not within the text."
        return span if span.text.strip() else _NO_TEXT
    if answer.start is None:
        return _only_occurrence(answer.text, text)
    for start in _possible_starts(answer, text):
        span = GoldSpan(start, start + len(answer.text), answer.text)
        if span.stands_in(text):
            return span
    if answer.end is not None and 0 <= answer.start < answer.end:  # the same words with other white space
        words = text[answer.start : answer.end]
        if words.split() == answer.text.replace("\\n", "\n").split():
            return GoldSpan(answer.start, answer.end, words)
    span = GoldSpan(answer.start, answer.start + len(answer.text), answer.text)
    return offset_problem(span, text)


def _possible_starts(answer: RawAnswer, text: str) -> Iterator[int]:
    yield answer.start
    if answer.counts_utf16:
        units = text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, answer.start)]
        yield len(units.decode("utf-16-le", "ignore"))


def _only_occurrence(answer: str, text: str) -> GoldSpan | str:
    first = text.find(answer)
    if first < 0:
        return f"The answer '{shortened(answer, 40)}' is not in the text."
    second = text.find(answer, first + 1)
    if second >= 0:
        return f"The answer '{shortened(answer, 40)}' stands at {first} and at {second}, and no offset says which."
    return GoldSpan(first, first + len(answer), answer)


def _key_of_contents(row: RawRow) -> str:
    """A key for a row without one, by its contents: the same row has the same key in every import."""
    return sha256(f"{row.text}\0{row.question}".encode()).hexdigest()[:24]

"""Checks the rows of label files of every format, and makes labels of them.

The module of a format yields ``RawRow`` records, in which no value need have the right type. ``RowCollector`` checks
them one by one: it keeps the good ones as texts with labels, and reports where the others are and what is wrong.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from qadesk.labels.dataset import Problem
from qadesk.labels.formats.no_answer_words import NoAnswerWords
from qadesk.labels.formats.offset_counting import CODE_POINTS, Counting
from qadesk.labels.formats.placing import NO_TEXT, Placed, place_answer
from qadesk.labels.formats.raw_answers import RawAnswer
from qadesk.labels.formats.raw_values import flag_of, text_of
from qadesk.labels.text_files import is_text
from qadesk.labels.wording import folded, shortened
from qadesk.records import LABELLED, OPEN, SKIPPED, GoldSpan, Label, LabeledExample, LabelText
from qadesk.structure import Block, has_words

MAX_ROWS = 1_000_000
MAX_TEXT = 20_000_000  # characters: a book has one million
MAX_QUESTION = 10_000
MAX_KEY = 500
_MANY_WORDS = 350  # of a question: each is a token at least, and the usual window has 384

Texts = tuple[tuple[LabelText, tuple[Label, ...]], ...]
Note = Callable[[str, str], None]  # reports a problem: where it is, what is wrong


@dataclass(frozen=True, slots=True)
class RawRow:
    """A question as it is in the file. ``answers`` is None if the file says nothing about answers.

    ``where`` names the row in messages. ``state`` is ``SKIPPED`` for a skipped question. ``extra`` are values that the
    label keeps for an export. So are ``heads``, which many rows share, as (name, id, value): the first good row keeps
    the value of each id. ``blocks`` are those of the text, already checked; none where they are not known.
    With ``needs_mark`` a row without answers means 'no answer' only if ``is_impossible`` is true. ``choices`` are what
    annotators chose beside spans. ``notes`` are sentences on the row, ``problem`` says why it cannot be used at all, as
    the beginning of a sentence; '' if it can.
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
    choices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


class RowCollector:
    """Collects the good rows of the file ``origin``, and the problems of the others.

    ``counting`` says how the offsets of the file count, ``words`` which words mean 'not in the text'. For a data set
    (``is_dataset``) answers that are not in their text are kept, at -1, as their words can be compared with those of
    predictions; what cannot be asked is not noted, as measuring and training say so themselves; and labels keep no
    ``extra``, as there is no export of them.
    """

    def __init__(
        self,
        origin: str,
        counting: Counting = CODE_POINTS,
        words: NoAnswerWords | None = None,
        *,
        is_dataset: bool = False,
    ) -> None:
        self.problems: list[Problem] = []
        self.choices: Counter[str] = Counter()  # of annotators, how often each was chosen
        self.examples: list[LabeledExample] = []  # the labelled questions in the order of the file
        self._origin = origin
        self._counting = counting
        self._words = words or NoAnswerWords()
        self._is_dataset = is_dataset
        self._texts: dict[tuple[str, str], tuple[LabelText, list[Label]]] = {}
        self._by_key: dict[str, tuple[str, Label]] = {}  # the text and the label of each key
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
        key = text_of(row.key)
        key = key if is_text(key) and len(key) <= MAX_KEY else ""
        where = f"{row.where} ({key})" if key else row.where
        problem = _value_problem(row)
        if problem:
            self.note(where, f"{problem} and was left out.")
            return
        placed = self._placed(row)
        answers = tuple(part.span for part in placed if part.span)
        row = self._with_mark(row, answers, where)
        if not self._is_usable(row, answers, [part.what for part in placed if not part.span and part.what], where):
            return
        for part in placed:
            if part.span and part.what:
                self.note(where, part.what)
        self._keep(row, key, answers, where)

    def _placed(self, row: RawRow) -> list[Placed]:
        """The answers of ``row`` in its text. Words that say that there is none are no answer."""
        placed = []
        for answer in row.answers or ():
            if self._says_none(answer, row.text) or (answer.text == "" and flag_of(row.is_impossible) is True):
                continue
            part = place_answer(answer, row.text, self._counting)
            if self._is_dataset and not part.span and is_text(text_of(answer.text)):
                words = text_of(answer.text)
                part = Placed(GoldSpan(-1, len(words) - 1, words), part.what)
            placed.append(part)
        return placed

    def _says_none(self, answer: RawAnswer, text: str) -> bool:
        """Whether the words or the name of ``answer`` mean that there is none in ``text``."""
        if answer.name and self._words.includes(answer.name):
            return True
        return isinstance(answer.text, str) and answer.text not in text and self._words.includes(answer.text)

    def _with_mark(self, row: RawRow, answers: tuple[GoldSpan, ...], where: str) -> RawRow:
        """``row`` with what its mark, its choices and the words of its answers say about whether it has an answer."""
        self.choices.update(row.choices)
        none = [choice for choice in row.choices if self._words.includes(choice)]
        if answers and none:
            self.note(where, f"It has an answer, but also '{shortened(none[0], 40)}': the answer counts.")
        elif not answers and not none and row.choices and row.answers is None:
            choices = ", ".join(f"'{shortened(choice, 40)}'" for choice in dict.fromkeys(row.choices))
            self.note(where, f"Its choice {choices} is not known to mean 'not in the text': the question is open.")
        is_none = not answers and (none or any(self._says_none(answer, row.text) for answer in row.answers or ()))
        flag = True if is_none else flag_of(row.is_impossible)
        return row if flag is row.is_impossible else replace(row, is_impossible=flag)

    def _is_usable(self, row: RawRow, answers: tuple[GoldSpan, ...], problems: Sequence[str], where: str) -> bool:
        """Whether the row can be used; notes what disagrees. As in the official scripts, answers override the mark."""
        is_marked = row.is_impossible is True and not any(problem != NO_TEXT for problem in problems)
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

    def _keep(self, row: RawRow, key: str, answers: tuple[GoldSpan, ...], where: str) -> None:
        title = row.title if is_text(row.title) else ""
        group = row.group or title
        is_open = not answers and row.answers is None and row.is_impossible is not True
        state = SKIPPED if row.state == SKIPPED else OPEN if is_open else LABELLED
        note = row.note if is_text(row.note) else ""
        free_key = self._free_key(key, row, answers, where)
        if not free_key:
            return
        for sentence in (*row.notes, "" if self._is_dataset else _unaskable(row)):
            if sentence:
                self.note(where, sentence)
        text = LabelText(0, title or group, "text", None, group, row.text, row.blocks)
        text, labels = self._texts.setdefault((group, row.text), (text, []))
        is_impossible = not answers and not is_open
        extra = "" if self._is_dataset else self._extra(row)
        label = Label(0, 0, free_key, row.question, answers, is_impossible, state, note, self._origin, extra)
        labels.append(label)
        if state == LABELLED:
            self.examples.append(
                LabeledExample(free_key, row.question, text.text, title, answers, is_impossible, row.blocks)
            )
        self._by_key[label.key] = (row.text, label)
        self._questions.add((row.text, folded(row.question)))

    def _free_key(self, key: str, row: RawRow, answers: tuple[GoldSpan, ...], where: str) -> str:
        """A key for ``row`` that no earlier one has, ``key`` if it can be; '' if it is a duplicate, which is noted."""
        same = "An earlier row asks the same of the same text: this one is a duplicate and was left out."
        earlier = self._by_key.get(key) if key else None
        if earlier is None and key:
            return key
        own = _key_of_contents(row.text, row.question)
        if earlier is None:
            if (row.text, folded(row.question)) not in self._questions:
                return own
            self.note(where, same)
        elif earlier[0] == row.text and folded(earlier[1].question) == folded(row.question):
            if earlier[1].answers == answers:
                self.note(where, "An earlier row has the same id: this one is a duplicate and was left out.")
            else:
                self.note(where, "An earlier row has the same id and other answers: this one was left out.")
        elif own in self._by_key:
            self.note(where, same)
        else:
            self.note(where, f"An earlier row asks something else and has the same id: this one gets the id {own}.")
            return own
        return ""

    def _extra(self, row: RawRow) -> str:
        extra = dict(row.extra)
        for name, id_, value in row.heads:
            if (name, id_) not in self._kept_heads:
                self._kept_heads.add((name, id_))
                extra[name] = value
        return json.dumps(extra, separators=(",", ":")) if extra else ""


def _unaskable(row: RawRow) -> str:
    """Why no model can be asked the question of ``row``, or ''. It is kept, so that an export has it too."""
    words = len(row.question.split())
    if not has_words(row.question):
        return "The question has no words in it: it cannot be asked, nor learned from."
    if not has_words(row.text):
        return "The text has no words in it: it cannot be read, nor learned from."
    return f"The question has {words:,} words: that is too long for most models." if words > _MANY_WORDS else ""


def _value_problem(row: RawRow) -> str:
    """Why the row is left out whatever its answers are, as the beginning of a sentence; '' if it is not."""
    if row.problem:
        return row.problem
    if not isinstance(row.text, str) or not _is_readable(row.text):
        return "It has no text"
    if len(row.text) > MAX_TEXT:
        return f"Its text is longer than {MAX_TEXT:,} characters"
    if not is_text(row.question):
        return "It has no question" if row.question is None else "The question is empty"
    if len(row.question) > MAX_QUESTION:
        return f"The question is longer than {MAX_QUESTION:,} characters"
    return ""


@lru_cache(maxsize=4)  # a text can be a book with hundreds of questions, which follow one another
def _is_readable(text: str) -> bool:
    return is_text(text)


def _key_of_contents(text: str, question: str) -> str:
    """A key for a row without one, by its contents: the same row has the same key in every import."""
    return sha256(f"{text}\0{question}".encode()).hexdigest()[:24]

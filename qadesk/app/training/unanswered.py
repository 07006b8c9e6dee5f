"""Questions without an answer, made by rule of the user's own questions: to measure with, and to learn from.

People label what their documents say, so most labels have an answer. A model that is measured on such questions alone
can become better by answering everything. So questions of other documents, or of other sections of the same one, are
put to the texts that are set aside; where too few of the user's own fit, those of the general set (to learn from,
those of the replayed set). They are natural: a person asked them, only of another text.

**The rule.** A question is put to a text if none of its gold answers stands in that text, it is asked of one text only,
and one of its words of four letters or more is asked of one text only and has no like word in this one (one with the
same first five letters): the text does not speak of what is asked for. Of such questions those are taken that share
most words with the text, as they mislead most. A question is used once.

A question that is asked of several texts in the same words is a general one ("Do you share my data?" of privacy
policies): others of their kind are likely to answer it too, in words of their own. So is one whose every word is asked
of others ("Do you give my contact to others?"). And where in the mean less than ``_LEAST_OWN`` of a question's words
are asked of one text only, all texts are of one kind: then none of the user's questions is used, only spare ones.
Of 300 labels of privacy policies it is 0.07 (of 30: 0.27), of abstracts 0.47, of dialogues 0.32, of everyday documents
0.59.

**To measure with** there are so many that a third of the questions have no answer (``MEASURED``), and at least a fifth
as many as there are with one, however many of the user's own have none. They are marked wherever they are shown.

**To learn from** others are put to the texts that are learned from, so many that a quarter of the questions have no
answer (``LEARNED``). In answered questions alone nothing says that a refusal can be right.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from qadesk.labels.wording import folded
from qadesk.records import LabeledExample

_MOST, _MOST_SOURCES = 200, 1000  # of the questions made, and of those that they are made of
_WORD = re.compile(r"[^\W_]{4,}")
_STEM = 5  # letters
_COMMON = frozenset(
    word
    for line in (
        "about after also been before between could does doing down during each from have having here into just like",
        "more most much must only other over same should some such than that their them then there these they this",
        "those under until very were what when where which while whom whose will with would your",
    )
    for word in line.split()
)
_END = re.compile(r"\n|(?<=[.!?])\s")
_SECTIONS = 4  # of a text that stands alone
_LEAST_OWN = 0.3
_PREFIX = "no-answer:"  # of an id


@dataclass(frozen=True, slots=True, eq=False)
class _SourceQuestion:
    """A label with an answer, its question as it is compared, and the stems of its words.

    ``own_stems`` are those of them that are asked of no other text.
    """

    example: LabeledExample
    question: str
    stems: frozenset[str]
    own_stems: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _TargetText:
    """A text that questions are put to, as a label to it, with the stems of its words and its letters in lower case."""

    example: LabeledExample
    stems: frozenset[str]
    plain: str


@dataclass(frozen=True, slots=True)
class UnansweredShare:
    """How many questions without an answer there are to be for each one with: ``share`` with those of the user.

    ``least`` are made in any case.
    """

    share: float
    least: float


MEASURED, LEARNED = UnansweredShare(1 / 2, 1 / 5), UnansweredShare(1 / 3, 0.0)


def unanswered_questions(
    aside: Sequence[LabeledExample],
    others: Sequence[LabeledExample],
    spare: Sequence[LabeledExample] = (),
    wanted: UnansweredShare = MEASURED,
    also_asked: Sequence[LabeledExample] = (),
) -> list[LabeledExample]:
    """Questions without an answer to the texts of ``aside``; ``others`` are the remaining labels of the user.

    Questions of ``spare`` are taken where none of the user's fits. Those of ``also_asked`` are not taken, but tell
    which ones are asked of several texts. Empty where none fits. The same for the same labels.
    """
    answerable = sum(not example.is_impossible for example in aside)
    missing = wanted.share * answerable - (len(aside) - answerable)
    count = min(_MOST, math.ceil(max(wanted.least * answerable, missing)))
    examples = (*aside, *others)
    texts = _target_texts(aside, count, is_alone=len({example.context for example in examples}) == 1)
    all_examples = (*examples, *spare, *also_asked)
    general, shared = _general_questions(all_examples), _shared_stems(all_examples)
    sources, spare_sources = _sources(examples, general, shared), _sources(spare, general, shared)
    if _are_of_one_kind(sources):
        sources = []
    questions: list[LabeledExample] = []
    for _ in range(math.ceil(count / len(texts)) if texts else 0):
        for text in texts[: count - len(questions)]:
            if source := _best_source(text, sources) or _best_source(text, spare_sources):
                sources = [other for other in sources if other.question != source.question]
                spare_sources = [other for other in spare_sources if other.question != source.question]
                questions.append(_put(source.example, text.example, len(questions)))
    return questions


def is_made(example: LabeledExample) -> bool:
    """Whether ``example`` was made here."""
    return example.id.startswith(_PREFIX)


def _target_texts(aside: Sequence[LabeledExample], count: int, *, is_alone: bool) -> list[_TargetText]:
    """The texts of ``aside``, as many as ``count`` questions can be put to; if there is no other, its sections."""
    texts = sorted({example.context: example for example in aside}.values(), key=_order)
    if is_alone:
        texts = [section for text in texts for section in _sections(text)] or texts
    return [_TargetText(text, _stems(text.context), text.context.casefold()) for text in texts[:count]]


def _general_questions(examples: Sequence[LabeledExample]) -> set[str]:
    """The questions, folded, that are asked of more than one text."""
    counts = Counter(question for question, _ in {(folded(row.question), row.context) for row in examples})
    return {question for question, count in counts.items() if count > 1}


def _shared_stems(examples: Sequence[LabeledExample]) -> set[str]:
    """The stems of the questions that are asked of more than one text."""
    pairs = {(stem, row.context) for row in examples for stem in _stems(row.question)}
    return {stem for stem, count in Counter(stem for stem, _ in pairs).items() if count > 1}


def _sources(examples: Sequence[LabeledExample], general: set[str], shared: set[str]) -> list[_SourceQuestion]:
    usable = (row for row in examples if not row.is_impossible and folded(row.question) not in general)
    ordered = sorted(usable, key=_order)[:_MOST_SOURCES]
    stems = [_stems(row.question) for row in ordered]
    return [
        _SourceQuestion(row, folded(row.question), words, words - shared)
        for row, words in zip(ordered, stems, strict=True)
    ]


def _are_of_one_kind(sources: Sequence[_SourceQuestion]) -> bool:
    """Whether the questions ask for the same things, so that any text may answer any of them."""
    shares = [len(source.own_stems) / len(source.stems) for source in sources if source.stems]
    return sum(shares) < _LEAST_OWN * len(shares)


def _best_source(text: _TargetText, sources: Sequence[_SourceQuestion]) -> _SourceQuestion | None:
    """The question that misleads most of those that ``text`` does not answer by the rule; None if there is none."""
    best, most = None, -1
    for source in sources:
        shared = len(source.stems & text.stems)
        if shared <= most or source.own_stems <= text.stems:
            continue
        if not any(answer.casefold() in text.plain for answer in source.example.gold_texts):
            best, most = source, shared
    return best


def _put(source: LabeledExample, text: LabeledExample, number: int) -> LabeledExample:
    """The question of ``source`` put to the context of ``text``."""
    id_ = f"{_PREFIX}{number}:{source.id}"
    return LabeledExample(id_, source.question, text.context, text.title, (), True, text.blocks)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()) if word not in _COMMON)


def _sections(example: LabeledExample) -> Iterator[LabeledExample]:
    """The context in parts of about the same length, each ending with a line or a sentence; none of a short text."""
    text = example.context
    ends = [match.end() for match in _END.finditer(text)]
    if len(ends) < _SECTIONS:
        return
    goals = [len(text) * number / _SECTIONS for number in range(1, _SECTIONS)]
    cuts = [ends[min(bisect_left(ends, goal), len(ends) - 1)] for goal in goals]
    for start, end in pairwise([0, *cuts, len(text)]):
        if section := text[start:end].strip():
            yield LabeledExample(example.id, example.question, section, example.title, (), True)


def _order(example: LabeledExample) -> bytes:
    return sha256(f"{example.id} {example.question} {example.context}".encode("utf-8", "surrogatepass")).digest()

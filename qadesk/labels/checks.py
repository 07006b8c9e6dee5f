"""Checks labels for probable mistakes before a model is trained on them.

Every finding is a hint: the user decides whether two answers contradict each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from qadesk.labels.edges import border_problem, edge_problem, may_cross_border
from qadesk.labels.split import split
from qadesk.labels.wording import shortened
from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block
from qadesk.structure.plain import blocks_or_plain

DUPLICATE, CONTRADICTION, NEAR_DUPLICATE = "duplicate", "contradiction", "near-duplicate question"
BORDER, PUNCTUATION, UNLIKELY, BALANCE, SIZE = "border", "punctuation", "unlikely", "balance", "size"
AGREEMENT, DISAGREEMENT = "agreement", "disagreement"  # of several authors, found by ``app.labelling.agreement``
KINDS = (
    CONTRADICTION, DISAGREEMENT, DUPLICATE, NEAR_DUPLICATE, BORDER, PUNCTUATION, UNLIKELY, AGREEMENT, BALANCE, SIZE,
)  # fmt: skip

UNLIKELY_LOSS = 3.0  # nats: a mean probability of the start and end of 5 % or less
MAX_UNLIKELY = 50  # the most findings of this kind
FEW = 20
_STOP_WORDS = {
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "by", "is", "was", "are", "were", "be", "been", "do",
    "does", "did", "has", "have", "had", "and", "or", "it", "its",
}  # fmt: skip
_MAX_WORDS = 40  # longer questions are not compared without one word
_MAX_GROUP = 50  # more questions that differ in one word are made from a template, on purpose


@dataclass(frozen=True, slots=True)
class Finding:
    """A probable mistake: its ``kind``, the keys of the labels that it is about, and ``what`` it is in a sentence."""

    kind: str
    label_keys: tuple[str, ...]
    what: str


def find_mistakes(examples: Sequence[LabeledExample], losses: Mapping[str, float] | None = None) -> list[Finding]:
    """All findings, sorted by kind in the order of ``KINDS``.

    ``losses`` are the model's by the keys of labels, in nats. 'balance' and 'size' describe the labels as a whole, and
    are among the findings whenever there are labels.
    """
    if not examples:
        return []
    findings = [*_same_questions(examples), *_near_questions(examples), *_borders(examples), *_edges(examples)]
    findings += [*_unlikely(examples, losses or {}), _balance(examples), _size(examples)]
    return sorted(findings, key=lambda finding: KINDS.index(finding.kind))


def _same_questions(examples: Sequence[LabeledExample]) -> Iterator[Finding]:
    """Equal questions to one text: duplicates if they have an answer in common, else contradictions."""
    groups: dict[tuple[str, str], list[LabeledExample]] = {}
    for example in examples:
        groups.setdefault((example.context, " ".join(_words(example.question))), []).append(example)
    for group in groups.values():
        if len(group) < 2:
            continue
        keys = tuple(example.id for example in group)
        if set.intersection(*map(_normalised_answers, group)):
            yield Finding(DUPLICATE, keys, f"“{_short(group[0].question)}” is asked {len(group)} times of one text.")
        else:
            answers = " and ".join(list(dict.fromkeys(_quoted_answer(example) for example in group))[:5])
            yield Finding(CONTRADICTION, keys, f"“{_short(group[0].question)}” has answers that differ: {answers}.")


def _near_questions(examples: Sequence[LabeledExample]) -> Iterator[Finding]:
    """Questions to one text that differ only in stop words, the order of words, or the spelling of one word."""
    seen: set[frozenset[str]] = set()
    for one, other in _candidates(examples):
        pair = frozenset((one.id, other.id))
        if len(pair) < 2 or pair in seen or _words(one.question) == _words(other.question) or _agree(one, other):
            continue
        seen.add(pair)
        questions = f"“{_short(one.question)}” and “{_short(other.question)}” are nearly the same"
        answers = f"{_quoted_answer(one)} is not {_quoted_answer(other)}"
        yield Finding(NEAR_DUPLICATE, (one.id, other.id), f"{questions}, but {answers}.")


def _candidates(examples: Sequence[LabeledExample]) -> Iterator[tuple[LabeledExample, LabeledExample]]:
    """Pairs of nearly equal questions. Those that differ in one word are grouped by the other words: linear time."""
    same: dict[tuple[str, tuple[str, ...]], list[LabeledExample]] = {}
    but_one: dict[tuple[str, tuple[str, ...], str], list[tuple[str, LabeledExample]]] = {}
    for example in examples:
        words = tuple(sorted(word for word in _words(example.question) if word not in _STOP_WORDS))
        same.setdefault((example.context, words), []).append(example)
        for at, word in enumerate(words) if len(words) <= _MAX_WORDS else ():
            rest = words[:at] + words[at + 1 :]
            if rest and word.isalpha():  # another number is another question
                but_one.setdefault((example.context, rest, word[0]), []).append((word, example))
    for group in same.values():
        yield from combinations(group, 2) if len(group) <= _MAX_GROUP else ()
    for bucket in but_one.values():
        for (word, one), (another, other) in combinations(bucket, 2) if len(bucket) <= _MAX_GROUP else ():
            if word != another and SequenceMatcher(None, word, another, autojunk=False).ratio() > 0.8:
                yield one, other


def _edges(examples: Sequence[LabeledExample]) -> Iterator[Finding]:
    for example, answer in _answers(examples):
        problem = edge_problem(answer, example.context)
        if problem:
            yield Finding(PUNCTUATION, (example.id,), f"{_about(example, answer)} {problem}.")


def _borders(examples: Sequence[LabeledExample]) -> Iterator[Finding]:
    blocks: dict[str, tuple[Block, ...]] = {}  # of the contexts that have none, by context
    for example, answer in _answers(examples):
        if not may_cross_border(answer) or not answer.stands_in(example.context):
            continue
        if not example.blocks and example.context not in blocks:
            blocks[example.context] = blocks_or_plain(example.context)
        problem = border_problem(answer, example.blocks or blocks[example.context])
        if problem:
            yield Finding(BORDER, (example.id,), f"{_about(example, answer)} {problem}.")


def _answers(examples: Sequence[LabeledExample]) -> Iterator[tuple[LabeledExample, GoldSpan]]:
    yield from ((example, answer) for example in examples for answer in dict.fromkeys(example.answers))


def _about(example: LabeledExample, answer: GoldSpan) -> str:
    return f"The answer “{_short(' '.join(answer.text.split()))}” to “{_short(example.question)}”"


def _unlikely(examples: Sequence[LabeledExample], losses: Mapping[str, float]) -> Iterator[Finding]:
    high = [example for example in examples if losses.get(example.id, 0.0) >= UNLIKELY_LOSS]
    high.sort(key=lambda example: -losses[example.id])
    for example in high[:MAX_UNLIKELY]:
        what = f"The model finds {_quoted_answer(example)} unlikely for “{_short(example.question)}”"
        yield Finding(UNLIKELY, (example.id,), f"{what} (loss {losses[example.id]:.1f}).")


def _balance(examples: Sequence[LabeledExample]) -> Finding:
    impossible = sum(example.is_impossible for example in examples)
    count = len(examples)
    what = f"{impossible:,} of {_labels(count)} ({_per_cent(impossible / count)}) say that the text has no answer."
    if not impossible:
        what += " A model that learns from them can forget to say so: label some questions that are not answered."
    elif impossible > 0.7 * count:
        what += " A model that learns from them can refuse too often: label more answers."
    title, most = Counter(example.title for example in examples).most_common(1)[0]
    if most > 0.8 * count and most < count:
        what += f" {_per_cent(most / count)} of them are from “{_short(title)}”."
    return Finding(BALANCE, (), what)


def _size(examples: Sequence[LabeledExample]) -> Finding:
    parts = split(examples)
    train, evaluation = len(parts.train), len(parts.evaluation)
    what = f"{_labels(train)} to learn from and {evaluation:,} to measure on, split by {parts.by}."
    if len(examples) < FEW:
        what += f" Fewer than {FEW} labels teach a model little."
    elif evaluation < FEW:
        what += f" Measures on fewer than {FEW} labels are rough."
    return Finding(SIZE, (), what)


def _agree(one: LabeledExample, other: LabeledExample) -> bool:
    """Whether both have no answer, or an answer in common."""
    return bool(_normalised_answers(one) & _normalised_answers(other))


def _normalised_answers(example: LabeledExample) -> set[str]:
    """The answers without case, white space and punctuation; '' for no answer."""
    return {" ".join(_words(text)) or text for text in example.gold_texts} or {""}


def _quoted_answer(example: LabeledExample) -> str:
    return f"“{_short(example.gold_texts[0])}”" if example.answers else "‘no answer’"


def _labels(count: int) -> str:
    return f"{count:,} label{'' if count == 1 else 's'}"


def _per_cent(part: float) -> str:
    return f"{round(100 * part)}\N{NO-BREAK SPACE}%"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _short(text: str) -> str:
    return shortened(text, 60)

"""The questions of a training phase, and how much of their texts it uses.

A paragraph is often used only in part: some sentences around the answer, with random bounds, so that a step costs less
and the answer's position is no clue. Sets whose texts are single sentences get other sentences of the set around
theirs.
"""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from data import Sets
from excerpts import crop_blocks, cut_excerpt, elsewhere, grow
from negatives import neighbours, shifts, swaps
from related_words import RelatedWords
from tables import shuffled, without_cell
from wording import casual

from qadesk.records import GoldSpan, LabeledExample

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")


def phase(sets: Sets, plan: Mapping[str, Any], seed: int, related: RelatedWords) -> list[LabeledExample]:
    """The questions of a phase in the order of ``plan``, which is a table of the recipe.

    ``sets`` is a list of tables: ``name``; ``kind``, "answered" or "unanswered" (both if absent); ``times``, how often
    each question is taken, a fraction for a part of them; ``crop``, the share whose text is cut short, at sentences or,
    with ``blocks`` true, at blocks; ``join``, true to lay other texts around; ``shuffle``, true to write tables in
    another order; ``elsewhere``, the share that is also put to a part of its document without the answer; ``without``,
    the share that is also put to its document without the row or column that answers it. ``casual`` is the share of all
    questions that is reworded. ``neighbours``, ``swaps`` and ``shifts`` are numbers of questions made from
    ``negatives_from``; no shifts if absent.
    """
    random = randomness.Random(seed)
    examples: list[LabeledExample] = []
    for row in plan["sets"]:
        of_kind = [example for example in sets[row["name"]] if _is_kind(example, row.get("kind"))]
        chosen = _repeat(of_kind, row.get("times", 1.0), random)
        if row.get("join"):
            texts = sorted({example.context for example in of_kind})
            chosen = [join_texts(example, texts, random) for example in chosen]
        chosen += _without_some(chosen, row.get("without", 0.0), random)
        if row.get("shuffle"):
            chosen = [shuffled(example, random) for example in chosen]
        examples += _elsewhere_some(chosen, row.get("elsewhere", 0.0), random)
        examples += _crop_some(chosen, row.get("crop", 0.0), random, crop_blocks if row.get("blocks") else crop)
    sources = [sets[name] for name in plan["negatives_from"]]
    total = sum(map(len, sources))
    for number, source in enumerate(sources):
        share = len(source) / total
        negatives = neighbours(source, round(plan["neighbours"] * share), seed + number)
        negatives += swaps(source, round(plan["swaps"] * share), seed + number)
        negatives += shifts(source, round(plan.get("shifts", 0) * share), seed + number, related)
        examples += _crop_some(negatives, plan["negatives_crop"], random, crop)
    share = plan.get("casual", 0.0)
    return [
        replace(example, question=casual(example.question, random)) if random.random() < share else example
        for example in examples
    ]


Crop = Callable[[LabeledExample, randomness.Random], LabeledExample]


def _crop_some(
    examples: Sequence[LabeledExample], share: float, random: randomness.Random, cut: Crop
) -> list[LabeledExample]:
    return [cut(example, random) if random.random() < share else example for example in examples]


def _elsewhere_some(
    examples: Sequence[LabeledExample], share: float, random: randomness.Random
) -> list[LabeledExample]:
    chosen = [example for example in examples if not example.is_impossible and random.random() < share]
    return [other for example in chosen if (other := elsewhere(example, random))]


def _without_some(examples: Sequence[LabeledExample], share: float, random: randomness.Random) -> list[LabeledExample]:
    chosen = [example for example in examples if random.random() < share]
    return [other for example in chosen if (other := without_cell(example, random))]


def _is_kind(example: LabeledExample, kind: str | None) -> bool:
    return kind is None or example.is_impossible == (kind == "unanswered")


def _repeat(examples: Sequence[LabeledExample], times: float, random: randomness.Random) -> list[LabeledExample]:
    whole = int(times)
    return [*examples] * whole + random.sample(examples, round((times - whole) * len(examples)))


def crop(example: LabeledExample, random: randomness.Random) -> LabeledExample:
    """``example`` with 40 to 100 words of its text: whole sentences, those of its first answer among them.

    Answers outside of them are dropped. A text without an answer is cut anywhere.
    """
    text = example.context
    sentences = list(pairwise([0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]))
    anchor = example.answers[0] if example.answers else None
    at = anchor.start if anchor else random.randrange(len(text))
    until = anchor.end if anchor else at + 1
    first = max(number for number, (start, _) in enumerate(sentences) if start <= at)
    last = min(number for number, (_, end) in enumerate(sentences) if end >= until)
    return cut_excerpt(example, *grow(text, sentences, (first, last), random.randint(40, 100), random))


def join_texts(example: LabeledExample, texts: Sequence[str], random: randomness.Random) -> LabeledExample:
    """``example`` with others of ``texts`` before and after its own, up to 60 to 130 words in all."""
    before: list[str] = []
    after: list[str] = []
    room = random.randint(60, 130) - len(example.context.split())
    while room > 0:
        other = random.choice(texts)
        (before if random.random() < 0.5 else after).append(other)
        room -= max(1, len(other.split()))
    return surround(example, before, after, " ")


def surround(example: LabeledExample, before: Sequence[str], after: Sequence[str], gap: str) -> LabeledExample:
    """``example`` with other texts before and after its own, ``gap`` between any two."""
    shift = sum(len(text) + len(gap) for text in before)
    answers = tuple(GoldSpan(span.start + shift, span.end + shift, span.text) for span in example.answers)
    return replace(example, context=gap.join([*before, example.context, *after]), answers=answers, blocks=())

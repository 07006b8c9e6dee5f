"""Which questions a phase of the training reads, and how much of their texts.

A paragraph is often read only in part: some sentences around the answer, with random bounds, so that a step costs less
and the answer's place says nothing. Sets whose texts are single sentences get other sentences of the set around theirs.
"""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cousins import Cousins
from data import Sets
from negatives import neighbours, shifts, swaps

from qadesk.records import GoldSpan, LabeledExample

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")


def phase(sets: Sets, plan: Mapping[str, Any], seed: int, cousins: Cousins) -> list[LabeledExample]:
    """The questions of a phase in the order of ``plan``, which is a table of the recipe.

    ``sets`` is a list of tables: ``name``; ``kind``, "answered" or "unanswered" (both if absent); ``times``, how often
    each question is taken, a fraction for a part of them; ``crop``, the share whose text is cut short; ``join``, true
    to lay other texts around. ``neighbours``, ``swaps`` and ``shifts`` are numbers of questions made from
    ``negatives_from``; no shifts if absent.
    """
    random = randomness.Random(seed)
    found: list[LabeledExample] = []
    for row in plan["sets"]:
        wanted = [each for each in sets[row["name"]] if _is_kind(each, row.get("kind"))]
        chosen = _taken(wanted, row.get("times", 1.0), random)
        if row.get("join"):
            texts = sorted({each.context for each in wanted})
            chosen = [joined(each, texts, random) for each in chosen]
        found += [cropped(each, random) if random.random() < row.get("crop", 0.0) else each for each in chosen]
    sources = [sets[name] for name in plan["negatives_from"]]
    total = sum(map(len, sources))
    for number, examples in enumerate(sources):
        share = len(examples) / total
        made = neighbours(examples, round(plan["neighbours"] * share), seed + number)
        made += swaps(examples, round(plan["swaps"] * share), seed + number)
        made += shifts(examples, round(plan.get("shifts", 0) * share), seed + number, cousins)
        found += [cropped(each, random) if random.random() < plan["negatives_crop"] else each for each in made]
    return found


def _is_kind(example: LabeledExample, kind: str | None) -> bool:
    return kind is None or example.is_impossible == (kind == "unanswered")


def _taken(examples: Sequence[LabeledExample], times: float, random: randomness.Random) -> list[LabeledExample]:
    whole = int(times)
    return [*examples] * whole + random.sample(examples, round((times - whole) * len(examples)))


def cropped(example: LabeledExample, random: randomness.Random) -> LabeledExample:
    """``example`` with 40 to 100 words of its text: whole sentences, those of its first answer among them.

    Answers that are not in them go. A text without an answer is cut anywhere.
    """
    text = example.context
    borders = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    anchor = example.answers[0] if example.answers else None
    at = anchor.start if anchor else random.randrange(len(text))
    until = anchor.end if anchor else at + 1
    first = max(number for number, border in enumerate(borders[:-1]) if border <= at)
    last = min(number for number, border in enumerate(borders) if border >= until)
    room = random.randint(40, 100)
    while len(text[borders[first] : borders[last]].split()) < room and (first > 0 or last < len(borders) - 1):
        forward = last < len(borders) - 1 and (first == 0 or random.random() < 0.5)
        first, last = (first, last + 1) if forward else (first - 1, last)
    return _cut(example, borders[first], borders[last])


def _cut(example: LabeledExample, start: int, end: int) -> LabeledExample:
    text = example.context[start:end]
    kept = tuple(
        GoldSpan(each.start - start, each.end - start, each.text)
        for each in example.answers
        if start <= each.start and each.end <= end
    )
    return replace(example, context=text, answers=kept)


def joined(example: LabeledExample, texts: Sequence[str], random: randomness.Random) -> LabeledExample:
    """``example`` with others of ``texts`` before and after its own, up to 60 to 130 words in all."""
    before: list[str] = []
    after: list[str] = []
    room = random.randint(60, 130) - len(example.context.split())
    while room > 0:
        other = random.choice(texts)
        (before if random.random() < 0.5 else after).append(other)
        room -= max(1, len(other.split()))
    return between(example, before, after, " ")


def between(example: LabeledExample, before: Sequence[str], after: Sequence[str], gap: str) -> LabeledExample:
    """``example`` with other texts before and after its own, ``gap`` between any two."""
    shift = sum(len(each) + len(gap) for each in before)
    moved = tuple(GoldSpan(each.start + shift, each.end + shift, each.text) for each in example.answers)
    return replace(example, context=gap.join([*before, example.context, *after]), answers=moved)

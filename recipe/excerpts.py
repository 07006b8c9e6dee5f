"""Parts of documents that have structure, cut at the borders of blocks, so that a table keeps its header row."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block
from qadesk.structure.plain import blocks_of


def cut_excerpt(example: LabeledExample, start: int, end: int) -> LabeledExample:
    """``example`` with the characters ``start:end`` of its text, and those of its answers that lie in them."""
    answers = tuple(
        GoldSpan(answer.start - start, answer.end - start, answer.text)
        for answer in example.answers
        if start <= answer.start and answer.end <= end
    )
    return replace(example, context=example.context[start:end], answers=answers, blocks=())


def crop_blocks(example: LabeledExample, random: randomness.Random) -> LabeledExample:
    """``example`` with 50 to 220 words of its text: whole blocks, that of its first answer among them.

    Answers outside of them are dropped. A text without an answer is cut anywhere.
    """
    blocks = blocks_of(example.context)
    at = example.answers[0].start if example.answers else random.randrange(len(example.context))
    anchor = max((number for number, block in enumerate(blocks) if block.start <= at), default=0)
    return cut_excerpt(example, *grow(example.context, _spans(blocks), (anchor, anchor), _room(random), random))


def elsewhere(example: LabeledExample, random: randomness.Random) -> LabeledExample | None:
    """The answerable ``example`` put to another part of its document, which holds none of its answers' words.

    None where there is no such part.
    """
    text = example.context
    blocks = blocks_of(text)
    golds = [answer.casefold() for answer in example.gold_texts]
    free = [not any(gold in text[block.start : block.end].casefold() for gold in golds) for block in blocks]
    anchors = [number for number, is_free in enumerate(free) if is_free]
    if not anchors:
        return None
    anchor = random.choice(anchors)
    low = next((number + 1 for number in range(anchor, -1, -1) if not free[number]), 0)
    high = next((number for number in range(anchor, len(blocks)) if not free[number]), len(blocks))
    start, end = grow(text, _spans(blocks[low:high]), (anchor - low, anchor - low), _room(random), random)
    part = text[start:end]
    if len(part.split()) < 15 or any(gold in part.casefold() for gold in golds):
        return None
    return replace(example, id=f"{example.id}-elsewhere", context=part, answers=(), is_impossible=True, blocks=())


def grow(
    text: str, pieces: Sequence[tuple[int, int]], core: tuple[int, int], words: int, random: randomness.Random
) -> tuple[int, int]:
    """The offsets of the ``pieces`` of ``text`` whose first and last number is ``core``, with others around them.

    They are added at random, until there are ``words`` words or no more pieces.
    """
    first, last = core
    while len(text[pieces[first][0] : pieces[last][1]].split()) < words and (first > 0 or last < len(pieces) - 1):
        forward = last < len(pieces) - 1 and (first == 0 or random.random() < 0.5)
        first, last = (first, last + 1) if forward else (first - 1, last)
    return pieces[first][0], pieces[last][1]


def _room(random: randomness.Random) -> int:
    """Words of an excerpt of a document."""
    return random.randint(50, 220)


def _spans(blocks: Iterable[Block]) -> list[tuple[int, int]]:
    return [(block.start, block.end) for block in blocks]

"""The texts and questions that are measured with, from a data set or, without one, from the sample document."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qadesk.labels.squad_files import read_squad

WORDS_A_PAGE = 1000 / 3
"""A printed page; 300 pages are 100,000 words."""

SHORT_PAGE = 250
"""Words of the page that single questions are asked about."""

_SAMPLES = Path(__file__).resolve().parents[1] / "resources" / "samples"
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about ``text``; any of ``golds`` is right, none if that is not known."""

    question: str
    text: str
    golds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSource:
    """Questions with their texts, and the paragraphs that longer texts are made of. ``name`` is for the reports."""

    name: str
    questions: tuple[Question, ...]
    paragraphs: tuple[str, ...]


def read_source(dataset: Path | None) -> QuestionSource:
    """The answerable questions of the SQuAD file ``dataset``; without one, the sample document's.

    Raises ``qadesk.errors.DataError`` for a file that cannot be read.
    """
    if dataset is None:
        return sample()
    examples = [each for each in read_squad(dataset).examples if not each.is_impossible]
    questions = tuple(Question(each.question, each.context, each.gold_texts) for each in examples)
    return QuestionSource(dataset.name, questions, tuple(dict.fromkeys(each.text for each in questions)))


def sample() -> QuestionSource:
    """The document that comes with QADesk, with its few questions: enough to see the measurements run."""
    text = (_SAMPLES / "lighthouse.txt").read_text(encoding="utf-8")
    lines = (_SAMPLES / "questions.txt").read_text(encoding="utf-8").splitlines()
    questions = tuple(Question(line, text) for line in lines if line.strip())
    return QuestionSource("the sample document", questions, tuple(part for part in text.split("\n\n") if part.strip()))


def spread(questions: Sequence[Question], count: int) -> list[Question]:
    """``count`` questions at even distances, in the order of the file; all again from the start if there are fewer."""
    if count <= len(questions):
        return [questions[number * len(questions) // count] for number in range(count)]
    return [questions[number % len(questions)] for number in range(count)]


def first_words(text: str, count: int) -> str:
    """``text`` up to the end of its ``count``-th word; all of it if it has fewer."""
    for number, word in enumerate(_WORD.finditer(text), 1):
        if number == count:
            return text[: word.end()]
    return text


def count_words(text: str) -> int:
    """How many words, parted by white space, ``text`` has."""
    return sum(1 for _ in _WORD.finditer(text))


def short_pages(source: QuestionSource, count: int, words: int = SHORT_PAGE) -> list[Question]:
    """``count`` different pages of exactly ``words`` words that begin with the text that their question is about.

    Each begins with a line of its own, so that no two are the same text even where the source is small.
    """
    pages = []
    for number, each in enumerate(spread(source.questions, count), 1):
        rest = book(source.paragraphs, words, seed=number)
        text = first_words(f"Page {number}\n\n{each.text}\n\n{rest}", words)
        pages.append(Question(each.question, text, each.golds))
    return pages


def book(paragraphs: Sequence[str], words: int, seed: int) -> str:
    """A text of exactly ``words`` words: the paragraphs in random order, and again in another while it is too short."""
    order = list(paragraphs)
    counts = {paragraph: count_words(paragraph) for paragraph in order}
    chance = random.Random(seed)
    parts: list[str] = []
    left = words
    while left > 0:
        chance.shuffle(order)
        for paragraph in order:
            if left <= 0:
                break
            parts.append(first_words(paragraph, left))
            left -= counts[paragraph]
    return "\n\n".join(parts)


def pages_of_words(pages: int) -> int:
    """How many words ``pages`` pages have."""
    return round(pages * WORDS_A_PAGE)

"""The texts and questions of the measurements, from a data set or, without one, from the sample document."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qadesk.labels.label_files import read_dataset

WORDS_A_PAGE = 1000 / 3
"""A printed page; 300 pages are 100,000 words."""

SHORT_PAGE = 250
"""Words of the page that single questions are asked about."""

_SAMPLES = Path(__file__).resolve().parents[1] / "resources" / "samples"
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about ``text``; any of ``golds`` is right, () if they are not known."""

    question: str
    text: str
    golds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSource:
    """Questions with their texts, and the paragraphs that longer texts consist of. ``name`` is for the reports."""

    name: str
    questions: tuple[Question, ...]
    paragraphs: tuple[str, ...]


def read_source(dataset: Path | None) -> QuestionSource:
    """The answerable questions of the SQuAD file ``dataset``; without one, the sample document's.

    Raises ``qadesk.errors.DataError`` for a file that cannot be read.
    """
    if dataset is None:
        return sample()
    examples = [example for example in read_dataset(dataset).examples if not example.is_impossible]
    questions = tuple(Question(example.question, example.context, example.gold_texts) for example in examples)
    return QuestionSource(dataset.name, questions, tuple(dict.fromkeys(question.text for question in questions)))


def sample() -> QuestionSource:
    """The document that comes with QADesk, with its few questions: enough to try the measurements."""
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

    Each begins with its number, so that no two texts are equal even if the source is small.
    """
    pages = []
    for number, question in enumerate(spread(source.questions, count), 1):
        filler = book(source.paragraphs, words, seed=number)
        text = first_words(f"Page {number}\n\n{question.text}\n\n{filler}", words)
        pages.append(Question(question.question, text, question.golds))
    return pages


def book(paragraphs: Sequence[str], words: int, seed: int) -> str:
    """A text of exactly ``words`` words: the paragraphs in random order, and again in another while it is too short."""
    order = list(paragraphs)
    counts = {paragraph: count_words(paragraph) for paragraph in order}
    chance = random.Random(seed)
    parts: list[str] = []
    words_left = words
    while words_left > 0:
        chance.shuffle(order)
        for paragraph in order:
            if words_left <= 0:
                break
            parts.append(first_words(paragraph, words_left))
            words_left -= counts[paragraph]
    return "\n\n".join(parts)


def pages_of_words(pages: int) -> int:
    """How many words ``pages`` pages have."""
    return round(pages * WORDS_A_PAGE)

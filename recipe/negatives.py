"""Questions that a paragraph does not answer, derived by rules from those that it answers.

Three kinds. A *neighbour* is the question put to another paragraph of its article (or, where a file has no articles, of
the file) that shares the most rare words with it and holds none of its answers. A *swap* is the question with one thing
of the paragraph changed: a year or number, a name, an opposite, or a negation. A *shift* is the question with a rare
word of the paragraph replaced by a related one (``related_words``). All can be wrong: the paragraph may answer after
all. So unanswerable questions by people have more weight in the mixture.
"""

from __future__ import annotations

import heapq
import math
import random as randomness
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from related_words import RelatedWords

from qadesk.records import LabeledExample

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: (?:of |the )?[A-Z][a-z]+)*(?![\w.])")
_VERB = re.compile(r"\b(did|does|do|was|were|is|are|has|had|could|would)\b")
_OPPOSITES = [
    *("first last", "before after", "largest smallest", "highest lowest", "most least", "north south", "east west"),
    *("northern southern", "eastern western", "more fewer", "increase decrease", "oldest newest", "best worst"),
    *("early late", "begin end", "start stop", "won lost", "above below", "inside outside", "men women", "old new"),
    *("earliest latest", "longest shortest", "major minor", "public private", "former current", "internal external"),
    *("king queen", "mother father", "day night", "summer winter", "true false", "positive negative", "born buried"),
]
_COMMON = 0.001
"""A word with such a share of all words belongs to the form of questions, not to their subject."""
_SYNONYM = 0.93
"""A changed question of such a similarity still has the same meaning."""
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair.split(), pair.split()[::-1])}


def neighbours(examples: Sequence[LabeledExample], count: int, seed: int) -> list[LabeledExample]:
    """About ``count`` of the answerable ``examples`` put to a neighbouring paragraph; fewer where there is none."""
    groups: dict[str, dict[str, None]] = defaultdict(dict)
    for example in examples:
        groups[example.title][example.context] = None
    indexes = {title: _Index(list(texts)) for title, texts in groups.items()}
    negatives = []
    for example in _sample_answered(examples, count, seed):
        text = indexes[example.title].nearest(example)
        if text is not None:
            negatives.append(
                replace(example, id=f"{example.id}-near", context=text, answers=(), is_impossible=True, blocks=())
            )
    return negatives


def swaps(examples: Sequence[LabeledExample], count: int, seed: int) -> list[LabeledExample]:
    """``examples`` whose question was changed so that the paragraph does not answer it; at most ``count``."""
    random = randomness.Random(seed)
    names: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        names[example.title] += _NAME.findall(example.question)
    negatives: list[LabeledExample] = []
    for example in _sample_answered(examples, len(examples), seed):
        question = _swap(example, names[example.title], random)
        if question:
            negatives.append(
                replace(example, id=f"{example.id}-swap", question=question, answers=(), is_impossible=True)
            )
        if len(negatives) == count:
            break
    return negatives


def shifts(examples: Sequence[LabeledExample], count: int, seed: int, related: RelatedWords) -> list[LabeledExample]:
    """``examples`` with one word of the question replaced by a related one; at most ``count``."""
    random = randomness.Random(seed)
    common = Counter(word for example in examples for word in _words(example.question))
    sources = _sample_answered(examples, 2 * count, seed)
    pairs = [(example, _shift(example, common, related, random)) for example in sources]
    pairs = [(example, question) for example, question in pairs if question]
    similarities = related.similarity([example.question for example, _ in pairs], [question for _, question in pairs])
    return [
        replace(example, id=f"{example.id}-shift", question=question, answers=(), is_impossible=True)
        for (example, question), similarity in zip(pairs, similarities, strict=True)
        if similarity < _SYNONYM
    ][:count]


class _Index:
    """Finds the text that shares the most with a question: words count by how rare they are among the texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._texts_with: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for word in _words(text):
                self._texts_with[word].append(number)

    def nearest(self, example: LabeledExample) -> str | None:
        """The first of the eight nearest texts that is not its own and holds none of its answers."""
        match: dict[int, float] = defaultdict(float)
        for word in sorted(
            _words(example.question)
        ):  # the order of a set differs from run to run, and with it the rounding of sums
            numbers = self._texts_with.get(word, ())
            for number in numbers:
                match[number] += math.log(1 + len(self._texts) / len(numbers))
        answers = [answer.casefold() for answer in example.gold_texts]
        for number in heapq.nlargest(8, match, key=match.__getitem__):
            text = self._texts[number]
            folded = text.casefold()
            if text != example.context and not any(answer in folded for answer in answers):
                return text
        return None


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower()) if len(word) > 2}


def _sample_answered(examples: Iterable[LabeledExample], count: int, seed: int) -> list[LabeledExample]:
    answered = [example for example in examples if not example.is_impossible]
    return randomness.Random(seed).sample(answered, min(count, len(answered)))


def _swap(example: LabeledExample, names: Sequence[str], random: randomness.Random) -> str:
    """The question with one thing changed, '' if no rule fits."""
    rules = [_other_number, _other_name, _opposite]
    random.shuffle(rules)
    for rule in rules:
        question = rule(example, names, random)
        if question:
            return question
    return _negated(example.question) if random.random() < 0.1 else ""  # rarely: "n't" must not become a clue


def _shift(example: LabeledExample, common: Counter[str], related: RelatedWords, random: randomness.Random) -> str:
    most = common.total() * _COMMON
    context = _words(example.context)
    answers = _words(" ".join(example.gold_texts))
    places = [
        match
        for match in _WORD.finditer(example.question)
        if match[0].lower() in context and common[match[0].lower()] < most
    ]
    random.shuffle(places)
    for place in places:
        candidates = [word for word in related.of(place[0]) if word not in context and word not in answers]
        if candidates:
            return _replace(example.question, place, random.choice(candidates[:5]))
    return ""


def _other_number(example: LabeledExample, _names: Sequence[str], random: randomness.Random) -> str:
    numbers = [match for match in _NUMBER.finditer(example.question) if match[0] in example.context]
    if not numbers:
        return ""
    number = random.choice(numbers)
    value = int(number[0])
    other = str(max(1, value + random.choice((-1, 1)) * random.randint(1, max(3, min(40, value // 3)))))
    return "" if other in example.context else _replace(example.question, number, other)


def _other_name(example: LabeledExample, names: Sequence[str], random: randomness.Random) -> str:
    own_names = [match for match in _NAME.finditer(example.question) if match[0] in example.context]
    other_names = [name for name in random.sample(names, min(12, len(names))) if name not in example.context]
    if not own_names or not other_names:
        return ""
    return _replace(example.question, random.choice(own_names), other_names[0])


def _opposite(example: LabeledExample, _names: Sequence[str], random: randomness.Random) -> str:
    words = [match for match in _WORD.finditer(example.question) if match[0] in _OPPOSITE]
    if not words:
        return ""
    word = random.choice(words)
    return _replace(example.question, word, _OPPOSITE[word[0]])


def _negated(question: str) -> str:
    verb = _VERB.search(question)
    return _replace(question, verb, f"{verb[0]}n't") if verb else ""


def _replace(text: str, place: re.Match[str], word: str) -> str:
    return text[: place.start()] + word + text[place.end() :]

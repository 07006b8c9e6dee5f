"""Questions that a paragraph does not answer, made by rule from those that it does.

Three kinds. A *neighbour* is the question put to another paragraph of its article (or, where a file has no articles, of
the file) that shares the most rare words with it and holds none of its answers. A *swap* is the question with one thing
changed that the paragraph speaks of: a year or number, a name, an opposite, or a negation. A *shift* is the question
with a rare word of the paragraph's changed into a cousin of it (see ``cousins``). All can go wrong: the paragraph may
answer after all. So people's own unanswerable questions weigh more in the mixture.
"""

from __future__ import annotations

import heapq
import math
import random as randomness
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cousins import Cousins

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
"""A word that is such a share of all says how a question is asked, not what of."""
_SYNONYM = 0.93
"""A changed question as like as this still asks the same."""
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair.split(), pair.split()[::-1])}


def neighbours(examples: Sequence[LabeledExample], count: int, seed: int) -> list[LabeledExample]:
    """About ``count`` of the answerable ``examples`` put to a neighbouring paragraph; fewer where there is none."""
    groups: dict[str, dict[str, None]] = defaultdict(dict)
    for example in examples:
        groups[example.title][example.context] = None
    indexes = {title: _Index(list(texts)) for title, texts in groups.items()}
    made = []
    for example in _some(examples, count, seed):
        text = indexes[example.title].nearest(example)
        if text is not None:
            made.append(replace(example, id=f"{example.id}-near", context=text, answers=(), is_impossible=True))
    return made


def swaps(examples: Sequence[LabeledExample], count: int, seed: int) -> list[LabeledExample]:
    """``examples`` whose question was changed so that the paragraph does not answer it; at most ``count``."""
    random = randomness.Random(seed)
    names: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        names[example.title] += _NAME.findall(example.question)
    made: list[LabeledExample] = []
    for example in _some(examples, len(examples), seed):
        question = _changed(example, names[example.title], random)
        if question:
            made.append(replace(example, id=f"{example.id}-swap", question=question, answers=(), is_impossible=True))
        if len(made) == count:
            break
    return made


def shifts(examples: Sequence[LabeledExample], count: int, seed: int, cousins: Cousins) -> list[LabeledExample]:
    """``examples`` with one word of the question changed into a cousin; at most ``count``."""
    random = randomness.Random(seed)
    common = Counter(word for each in examples for word in _words(each.question))
    pairs = [(each, _shifted(each, common, cousins, random)) for each in _some(examples, 2 * count, seed)]
    pairs = [(example, question) for example, question in pairs if question]
    like = cousins.likeness([example.question for example, _ in pairs], [question for _, question in pairs])
    return [
        replace(example, id=f"{example.id}-shift", question=question, answers=(), is_impossible=True)
        for (example, question), share in zip(pairs, like, strict=True)
        if share < _SYNONYM
    ][:count]


class _Index:
    """Finds the text that shares the most with a question: words count by how few texts have them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for word in _words(text):
                self._having[word].append(number)

    def nearest(self, example: LabeledExample) -> str | None:
        """The nearest text but its own that holds none of its answers, of the eight nearest."""
        match: dict[int, float] = defaultdict(float)
        for word in sorted(_words(example.question)):  # the order of a set changes from run to run, and sums with it
            having = self._having.get(word, ())
            for number in having:
                match[number] += math.log(1 + len(self._texts) / len(having))
        answers = [answer.casefold() for answer in example.gold_texts]
        for number in heapq.nlargest(8, match, key=match.__getitem__):
            text = self._texts[number]
            folded = text.casefold()
            if text != example.context and not any(answer in folded for answer in answers):
                return text
        return None


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower()) if len(word) > 2}


def _some(examples: Iterable[LabeledExample], count: int, seed: int) -> list[LabeledExample]:
    answered = [each for each in examples if not each.is_impossible]
    return randomness.Random(seed).sample(answered, min(count, len(answered)))


def _changed(example: LabeledExample, names: Sequence[str], random: randomness.Random) -> str:
    """The question with one thing changed, '' if no rule fits."""
    rules = [_other_number, _other_name, _opposite]
    random.shuffle(rules)
    for rule in rules:
        question = rule(example, names, random)
        if question:
            return question
    return _negated(example.question) if random.random() < 0.1 else ""  # "n't" must not give the answer away


def _shifted(example: LabeledExample, common: Counter[str], cousins: Cousins, random: randomness.Random) -> str:
    most = common.total() * _COMMON
    context = _words(example.context)
    answers = _words(" ".join(example.gold_texts))
    places = [
        each
        for each in _WORD.finditer(example.question)
        if each[0].lower() in context and common[each[0].lower()] < most
    ]
    random.shuffle(places)
    for place in places:
        other = [word for word in cousins.of(place[0]) if word not in context and word not in answers]
        if other:
            return _put(example.question, place, random.choice(other[:5]))
    return ""


def _other_number(example: LabeledExample, _names: Sequence[str], random: randomness.Random) -> str:
    found = [each for each in _NUMBER.finditer(example.question) if each[0] in example.context]
    if not found:
        return ""
    one = random.choice(found)
    value = int(one[0])
    other = str(max(1, value + random.choice((-1, 1)) * random.randint(1, max(3, min(40, value // 3)))))
    return "" if other in example.context else _put(example.question, one, other)


def _other_name(example: LabeledExample, names: Sequence[str], random: randomness.Random) -> str:
    found = [each for each in _NAME.finditer(example.question) if each[0] in example.context]
    strangers = [name for name in random.sample(names, min(12, len(names))) if name not in example.context]
    if not found or not strangers:
        return ""
    return _put(example.question, random.choice(found), strangers[0])


def _opposite(example: LabeledExample, _names: Sequence[str], random: randomness.Random) -> str:
    words = [each for each in _WORD.finditer(example.question) if each[0] in _OPPOSITE]
    if not words:
        return ""
    one = random.choice(words)
    return _put(example.question, one, _OPPOSITE[one[0]])


def _negated(question: str) -> str:
    verb = _VERB.search(question)
    return _put(question, verb, f"{verb[0]}n't") if verb else ""


def _put(text: str, place: re.Match[str], word: str) -> str:
    return text[: place.start()] + word + text[place.end() :]

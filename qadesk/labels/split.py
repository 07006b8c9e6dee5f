"""Divides labels into those for training and those for evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from qadesk.labels.wording import folded
from qadesk.records import LabeledExample

BY_DOCUMENT, BY_QUESTION = "document", "question"
_Groups = dict[str, list[int]]  # by name, the indices of examples that must stay together


_LEAST_SHARE = 0.5  # of the part that is wanted: fewer would measure too roughly


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts that share no document (``by`` 'document'), or no question (``by`` 'question')."""

    train: tuple[LabeledExample, ...]
    evaluation: tuple[LabeledExample, ...]
    by: str


def split(examples: Sequence[LabeledExample], *, part: float = 0.2, seed: int = 0) -> Split:
    """At most ``part`` of ``examples`` set aside for evaluation, in whole documents where some are about as many.

    Texts of one title, and the same text under two titles, count as one document. Where no documents hold about
    ``part`` of the examples, as among few, single questions of all documents are set aside, so that the others teach:
    equal questions stay together, and the same share is set aside of questions with and without an answer. The choice
    depends on ``seed`` and on the contents of the examples, not on their order; each part keeps their order. No part is
    empty if there are two different questions: then one question at least is set aside. Raises ``ValueError`` if
    ``part`` is not between 0 and 1.
    """
    if not 0 < part < 1:
        raise ValueError(f"part is {part}: it must lie between 0 and 1")
    documents = _choose(_group_by_document(examples), part, seed)
    if len(documents) >= _LEAST_SHARE * part * len(examples) and documents:
        return _split_at(examples, documents, BY_DOCUMENT)
    questions = _group(folded(example.question) for example in examples)
    impossible = {key: rows for key, rows in questions.items() if all(examples[row].is_impossible for row in rows)}
    answerable = {key: rows for key, rows in questions.items() if key not in impossible}
    indexes = _choose(answerable, part, seed) | _choose(impossible, part, seed)
    return _split_at(examples, indexes or _smallest(questions, seed), BY_QUESTION)


def _split_at(examples: Sequence[LabeledExample], indexes: set[int], by: str) -> Split:
    train = tuple(example for index, example in enumerate(examples) if index not in indexes)
    return Split(train, tuple(example for index, example in enumerate(examples) if index in indexes), by)


def _choose(groups: Mapping[str, Sequence[int]], part: float, seed: int) -> set[int]:
    """The indices in whole groups, never all of them, that are at most ``part`` of all, in a random order by ``seed``.

    Empty where each group is more than that.
    """
    room = round(part * sum(map(len, groups.values())))
    indexes: set[int] = set()
    count = 0
    for name in _shuffled(groups, seed):
        if count < len(groups) - 1 and len(indexes) + len(groups[name]) <= room:
            indexes.update(groups[name])
            count += 1
    return indexes


def _smallest(groups: Mapping[str, Sequence[int]], seed: int) -> set[int]:
    """The indices of one of the smallest groups; empty for less than two groups."""
    if len(groups) < 2:
        return set()
    return set(groups[min(_shuffled(groups, seed), key=lambda name: len(groups[name]))])


def _shuffled(groups: Iterable[str], seed: int) -> list[str]:
    """The names of ``groups`` in a random order by ``seed``, whatever their order was."""
    return sorted(groups, key=lambda name: sha256(f"{seed} {name}".encode("utf-8", "surrogatepass")).digest())


def _group_by_document(examples: Sequence[LabeledExample]) -> _Groups:
    """The examples by title, or by text for those without one. Titles that share a text are joined (union-find)."""
    first_with: dict[str, str] = {}  # text -> the name of its first example
    leader: dict[str, str] = {}  # name -> a name that it was joined to; the representative has itself

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    names = [example.title or example.context for example in examples]
    for name, example in zip(names, examples, strict=True):
        one, other = sorted((find(name), find(first_with.setdefault(example.context, name))))
        leader[other] = one
    return _group(find(name) for name in names)


def _group(names: Iterable[str]) -> _Groups:
    """The indices of ``names`` by name."""
    groups: _Groups = {}
    for index, name in enumerate(names):
        groups.setdefault(name, []).append(index)
    return groups

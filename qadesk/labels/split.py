"""Which labels a model learns from, and which it is measured on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from qadesk.labels.wording import folded
from qadesk.records import LabeledExample

BY_DOCUMENT, BY_QUESTION = "document", "question"
_Groups = dict[str, list[int]]  # a name, and the places of the examples that must stay together


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts that share no document (``by`` 'document'), or only no question (``by`` 'question')."""

    train: tuple[LabeledExample, ...]
    evaluation: tuple[LabeledExample, ...]
    by: str


def split(examples: Sequence[LabeledExample], *, part: float = 0.2, seed: int = 0) -> Split:
    """About ``part`` of ``examples`` set aside for evaluation, in whole documents where there are two or more.

    Texts of one title, and the same text under two titles, count as one document. Within a single document, questions
    in the same words stay together, and questions without an answer are set aside in the same share as the others.
    The choice depends on ``seed`` and on what the examples say, not on their order; each part keeps their order. Both
    parts hold something if there are two different questions. Raises ``ValueError`` if ``part`` is not between 0 and 1.
    """
    if not 0 < part < 1:
        raise ValueError(f"part is {part}: it must lie between 0 and 1")
    documents = _documents(examples)
    if len(documents) > 1:
        return _parted(examples, _choose(documents, part, seed), BY_DOCUMENT)
    questions = _together(folded(example.question) for example in examples)
    impossible = {key: rows for key, rows in questions.items() if all(examples[row].is_impossible for row in rows)}
    answerable = {key: rows for key, rows in questions.items() if key not in impossible}
    chosen = _choose(answerable, part, seed) | _choose(impossible, part, seed)
    return _parted(examples, chosen or _choose(questions, part, seed), BY_QUESTION)


def _parted(examples: Sequence[LabeledExample], chosen: set[int], by: str) -> Split:
    train = tuple(example for index, example in enumerate(examples) if index not in chosen)
    return Split(train, tuple(example for index, example in enumerate(examples) if index in chosen), by)


def _choose(groups: Mapping[str, Sequence[int]], part: float, seed: int) -> set[int]:
    """The places in whole groups that come nearest to ``part`` of all, in an order drawn by ``seed``.

    None of less than two groups; otherwise at least one group, and never all of them.
    """
    if len(groups) < 2:
        return set()
    wanted = part * sum(map(len, groups.values()))
    drawn = sorted(groups, key=lambda name: sha256(f"{seed} {name}".encode("utf-8", "surrogatepass")).digest())
    chosen: set[int] = set()
    taken = 0
    for name in drawn:
        # A group that goes further beyond the mark than the place stands before it would make matters worse.
        if taken < len(groups) - 1 and len(chosen) + len(groups[name]) / 2 <= wanted:
            chosen.update(groups[name])
            taken += 1
    return chosen or set(groups[min(drawn, key=lambda name: len(groups[name]))])


def _documents(examples: Sequence[LabeledExample]) -> _Groups:
    """The examples by title, or by text where they have none. Titles that share a text are joined."""
    first_with: dict[str, str] = {}  # text -> the name that it was first seen under
    leader: dict[str, str] = {}  # name -> a name that it was joined to, in the end itself

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    names = [example.title or example.context for example in examples]
    for name, example in zip(names, examples, strict=True):
        one, other = sorted((find(name), find(first_with.setdefault(example.context, name))))
        leader[other] = one
    return _together(find(name) for name in names)


def _together(names: Iterable[str]) -> _Groups:
    places: _Groups = {}
    for index, name in enumerate(names):
        places.setdefault(name, []).append(index)
    return places

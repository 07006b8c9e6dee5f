"""The questions that the reader learns from: read, parted from the development split, and known by their fingerprints.

The development split is made of whole articles. What training may not see of them is more than those articles in their
own file: the sets overlap, in other spellings. So a training question goes where its article has the title of a
development article, and where its paragraph shares a run of words with a development paragraph.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from qadesk.labels.squad_files import read_squad
from qadesk.records import LabeledExample

RUN = 12
"""Two paragraphs that share so many words in a row are taken for the same."""

Sets = dict[str, list[LabeledExample]]

_WORDS = re.compile(r"[^\W_]+")


def read(folder: Path, names: Iterable[str]) -> Sets:
    """The questions of the files ``NAME.json`` in ``folder``, by name, if their answers stand where they should."""
    found = {}
    for name in names:
        examples = read_squad(folder / f"{name}.json").examples
        found[name] = [each for each in examples if all(answer.stands_in(each.context) for answer in each.answers)]
    return found


def fingerprints(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of each file."""
    return {name: hashlib.sha256((folder / f"{name}.json").read_bytes()).hexdigest() for name in names}


def part(sets: Sets, held_out: Mapping[str, Sequence[str]]) -> tuple[Sets, Sets]:
    """The training and the development questions. ``held_out`` names the development articles of each set."""
    wanted = {name: {plain_title(title) for title in titles} for name, titles in held_out.items()}
    development = {
        name: [each for each in sets[name] if plain_title(each.title) in titles] for name, titles in wanted.items()
    }
    titles = {title for each in wanted.values() for title in each}
    secret = _Secret(each.context for examples in development.values() for each in examples)
    training = {
        name: [each for each in examples if plain_title(each.title) not in titles and not secret.holds(each.context)]
        for name, examples in sets.items()
    }
    return training, development


def plain_title(title: str) -> str:
    """A title as it can be compared: lower case, decoded, words only."""
    return " ".join(_WORDS.findall(unquote(title).replace("_", " ").lower()))


class _Secret:
    """Knows whether a text shares a run of words with any of ``texts``."""

    def __init__(self, texts: Iterable[str]) -> None:
        words = [tuple(_WORDS.findall(text.lower())) for text in set(texts)]
        self._whole = " ".join(f" {' '.join(each)} |" for each in words)
        self._runs = {run for each in words for run in _runs(each)}
        self._known: dict[str, bool] = {}

    def holds(self, text: str) -> bool:
        if text not in self._known:
            words = tuple(_WORDS.findall(text.lower()))
            short = len(words) < RUN and f" {' '.join(words)} " in self._whole
            self._known[text] = short or any(run in self._runs for run in _runs(words))
        return self._known[text]


def _runs(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return (words[at : at + RUN] for at in range(len(words) - RUN + 1))

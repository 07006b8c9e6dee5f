"""The training and development questions of the reader, and the fingerprints of their files.

The development split is made of whole articles. It is not enough to leave those out of their own file: the sets
overlap, in other spellings. So a training question is dropped if its article has the title of a development article,
or if its paragraph shares a run of words with a development paragraph.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from documents import FOLDER, read_documents

from qadesk.labels.label_files import read_dataset
from qadesk.records import LabeledExample

RUN = 12
"""Two paragraphs that share so many words in a row count as the same."""

OWN = "documents"
"""The set that lies beside the recipe (``documents``), not among the others."""

Sets = dict[str, list[LabeledExample]]

_WORDS = re.compile(r"[^\W_]+")


def read(folder: Path, names: Iterable[str]) -> Sets:
    """The questions of the files ``NAME.json`` in ``folder``, by name, if their answers are at their offsets."""
    sets = {}
    for name in names:
        parts = [read_documents(path) for path in own_files()] if name == OWN else [_read(folder, name)]
        sets[name] = [
            example
            for examples in parts
            for example in examples
            if all(answer.stands_in(example.context) for answer in example.answers)
        ]
    return sets


def _read(folder: Path, name: str) -> Sequence[LabeledExample]:
    return read_dataset(folder / f"{name}.json").examples


def own_files() -> list[Path]:
    """The files of the set ``OWN``."""
    return sorted(FOLDER.glob("*.txt"))


def fingerprints(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of each file."""
    paths = {name: folder / f"{name}.json" for name in names if name != OWN}
    if OWN in names:
        paths |= {f"{OWN}/{path.name}": path for path in own_files()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items()}


def part(sets: Sets, held_out: Mapping[str, Sequence[str]]) -> tuple[Sets, Sets]:
    """The training and the development questions. ``held_out`` names the development articles of each set."""
    titles_of = {name: {plain_title(title) for title in titles} for name, titles in held_out.items()}
    development = {
        name: [example for example in sets[name] if plain_title(example.title) in titles]
        for name, titles in titles_of.items()
    }
    all_titles = {title for titles in titles_of.values() for title in titles}
    contexts = _Overlap(example.context for examples in development.values() for example in examples)
    training = {
        name: [
            example
            for example in examples
            if plain_title(example.title) not in all_titles and not contexts.overlaps(example.context)
        ]
        for name, examples in sets.items()
    }
    return training, development


def plain_title(title: str) -> str:
    """``title`` in a form for comparison: lower case, decoded, words only."""
    return " ".join(_WORDS.findall(unquote(title).replace("_", " ").lower()))


class _Overlap:
    """Tells whether a text shares a run of words with any of ``texts``."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts_words = [tuple(_WORDS.findall(text.lower())) for text in set(texts)]
        self._whole = " ".join(f" {' '.join(words)} |" for words in texts_words)
        self._runs = {run for words in texts_words for run in _runs(words)}
        self._known: dict[str, bool] = {}

    def overlaps(self, text: str) -> bool:
        if text not in self._known:
            words = tuple(_WORDS.findall(text.lower()))
            short = len(words) < RUN and f" {' '.join(words)} " in self._whole
            self._known[text] = short or any(run in self._runs for run in _runs(words))
        return self._known[text]


def _runs(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return (words[at : at + RUN] for at in range(len(words) - RUN + 1))

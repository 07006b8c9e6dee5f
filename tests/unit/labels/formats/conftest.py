"""Small files of each format, read as the program reads them, and labels as the database would keep them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from qadesk.labels.dataset import Problem
from qadesk.labels.formats.raw_rows import Texts
from qadesk.labels.formats.writing import Entry, entries
from qadesk.labels.label_files import ParsedLabels, read_labels
from qadesk.progress import finish
from qadesk.records import Label, LabelText

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."


@dataclass
class Contents:
    """What a file holds: the names that the tests use."""

    format: str
    texts: Texts
    problems: list[Problem]
    file: ParsedLabels


def collect(path: Path, *no_answer: str) -> Contents:
    """What a file holds, read as the import does."""
    file = finish(read_labels(path, no_answer))
    return Contents(file.format, file.rows, list(file.problems), file)


def as_stored(contents: Contents) -> tuple[list[Label], dict[int, LabelText]]:
    """Labels and texts with ids, as they are in the database."""
    labels, texts = [], {}
    for number, (text, text_labels) in enumerate(contents.texts, 1):
        texts[number] = replace(text, id=number)
        labels += [
            replace(label, id=len(labels) + offset, text_id=number) for offset, label in enumerate(text_labels, 1)
        ]
    return labels, texts


def as_entries(contents: Contents) -> list[Entry]:
    """What the writers get."""
    return entries(*as_stored(contents))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Contents]:
    """Reads content, bytes, text or what JSON can hold, from a file of the given name."""

    def make(content: object, name: str = "set.json", *no_answer: str) -> Contents:
        path = tmp_path / name
        if not isinstance(content, bytes | str):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return collect(path, *no_answer)

    return make


@pytest.fixture
def labels_of() -> Callable[[Contents], list[Label]]:
    """All labels of a file, in its order."""
    return lambda contents: [label for _, labels in contents.texts for label in labels]

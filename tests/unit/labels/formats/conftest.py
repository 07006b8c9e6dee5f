"""Small files of each format, read as the program reads them, and labels as the database would keep them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.labels.formats import registry
from qadesk.labels.formats.raw_rows import RowCollector
from qadesk.labels.formats.writing import Entry, entries
from qadesk.records import Label, LabelText

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."


def gather(path: Path) -> tuple[str, RowCollector]:
    """The name of the format of a file, and what it holds."""
    gathering = RowCollector(path.name)
    source = registry.open_label_file(path, gathering.note)
    for row in source.rows:
        gathering.add(row)
    return source.format, gathering


def kept(gathering: RowCollector) -> tuple[list[Label], dict[int, LabelText]]:
    """Labels and texts with ids, as they are in the database."""
    labels, texts = [], {}
    for number, (text, said) in enumerate(gathering.texts, 1):
        texts[number] = replace(text, id=number)
        labels += [replace(label, id=len(labels) + each, text_id=number) for each, label in enumerate(said, 1)]
    return labels, texts


def as_entries(gathering: RowCollector) -> list[Entry]:
    """What the writers get."""
    return entries(*kept(gathering))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., RowCollector]:
    """Reads content, bytes, text or what JSON can hold, from a file of the given name."""

    def make(content: object, name: str = "set.json") -> RowCollector:
        path = tmp_path / name
        if not isinstance(content, bytes | str):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        found, gathering = gather(path)
        gathering.format = found
        return gathering

    return make


@pytest.fixture
def labels_of() -> Callable[[RowCollector], list[Label]]:
    """All labels of a file, in its order."""
    return lambda gathering: [label for _, labels in gathering.texts for label in labels]

"""Three files, read and indexed for real, and the bundled reader: the right file, page and characters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qadesk import documents, paths
from qadesk.app.library.asking import ask_library
from qadesk.library.index import FileStamp, LibraryIndex, open_index
from qadesk.progress import finish
from qadesk.qa import engine
from qadesk.qa.engine import Reader
from qadesk.records import Document, LibraryAnswers, Scope
from qadesk.settings import Settings

FILES = {
    "lease.md": (
        "# Lease of 9 Harbour Row\n\nThe rent is £900 a month.\n\n"
        "The tenant pays a deposit of £1,200 to the landlord.\n"
    ),
    "pump.csv": "Part,Price,Weight\nSeal kit,£14,0.2 kg\nImpeller,£63,1.4 kg\nMotor,£240,9 kg\n",
    "minutes.txt": (
        "Minutes of the allotment society\n\nMrs Okafor was elected treasurer.\n\nMembers must bring:\n\n"
        "- a spade\n- two buckets\n- stout gloves\n"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return engine.open_reader(paths.bundled_model_dir(), device="cpu")


@pytest.fixture
def texts() -> dict[Path, Document]:
    return {}


@pytest.fixture
def index(tmp_path: Path, texts: dict[Path, Document]) -> Iterator[LibraryIndex]:
    opened = open_index(tmp_path / "library", writes=True)
    for name, content in FILES.items():
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        texts[path] = documents.read(path)
        opened.add_document(FileStamp(path, len(content), 1), name.encode().ljust(16), texts[path])
    opened.commit()
    yield opened
    opened.close()


def ask(reader: Reader, index: LibraryIndex, question: str) -> LibraryAnswers:
    return finish(ask_library(reader, question, index, Scope(), Settings()))


@pytest.mark.parametrize(
    ("question", "name", "text"),
    [
        ("How much is the deposit for the lease?", "lease.md", "£1,200"),
        ("Who was elected treasurer?", "minutes.txt", "Mrs Okafor"),
        ("What is the price of the impeller?", "pump.csv", "£63"),
    ],
)
def test_each_answer_comes_from_its_file(
    reader: Reader, index: LibraryIndex, texts: dict[Path, Document], question: str, name: str, text: str
) -> None:
    answers = ask(reader, index, question)
    best, place = answers.answers[0], answers.answers[0].places[0]
    assert (place.path.name, best.text) == (name, text)
    assert texts[place.path].text[place.start : place.end] == text
    page = texts[place.path].page_at(place.start)
    assert place.page_label == (page.label if page else "")
    assert place.sentence[place.shown_start : place.shown_end] == text
    assert answers.is_answered
    assert answers.files == 3


def test_a_list_is_one_answer(reader: Reader, index: LibraryIndex, texts: dict[Path, Document]) -> None:
    best = ask(reader, index, "What must members bring?").answers[0]
    assert [item.text for item in best.items] == ["a spade", "two buckets", "stout gloves"]
    document = texts[best.places[0].path]
    assert all(document.text[item.start : item.end] == item.text for item in best.items)


def test_a_slip_is_searched_as_it_was_meant(reader: Reader, index: LibraryIndex) -> None:
    answers = ask(reader, index, "Who was elected tresurer?")
    assert answers.read_as == "Who was elected treasurer?"
    assert answers.answers[0].text == "Mrs Okafor"


def test_what_no_file_answers_has_no_answer(reader: Reader, index: LibraryIndex) -> None:
    answers = ask(reader, index, "How many penguins live on Mars?")
    assert not answers.is_answered
    assert answers.no_answer is not None
    assert answers.no_answer > 0.5

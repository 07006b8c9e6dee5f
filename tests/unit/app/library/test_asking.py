"""Questions to all documents of an index, with a reader that finds the number after a known word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from qadesk.app.library.asking import ask_library
from qadesk.errors import QuestionError
from qadesk.library.index import FileStamp, LibraryIndex, open_index
from qadesk.progress import finish
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model
from qadesk.qa.windows import Batch
from qadesk.records import Document, LibraryAnswers, Page, Scope
from qadesk.settings import Settings
from qadesk.structure.plain import blocks_of

WORDS = "[CLS] [SEP] [UNK] what is the rent deposit key penalty of a house 700 900 1200 . ?".split()
NUMBERS = {WORDS.index(word) for word in ("700", "900", "1200")}
LEASE = "Lease of a house\n\nThe rent is 900.\n\nThe deposit is 1200.\n"


class NumberBackend:
    """A backend for which each number is an answer."""

    workers = 1
    max_tokens = 64

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[np.ndarray, np.ndarray]:
        logits = np.where(np.isin(batch.input_ids, list(NUMBERS)), 4.0, 0.0).astype(np.float32)
        return logits, logits


@pytest.fixture
def reader(word_tokenizer: Callable[[Sequence[str]], Tokenizer]) -> Reader:
    model = Model(Path("fake"), "fake", "Fake", None, (), len(WORDS), 64, 2, True, True)
    return Reader(model, Choice("cpu", "onnx", "float32", "a test"), word_tokenizer(WORDS), NumberBackend())


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LibraryIndex]:
    opened = open_index(tmp_path / "library", writes=True)
    yield opened
    opened.close()


def add(index: LibraryIndex, name: str, text: str, pages: Sequence[tuple[int, int]] = ()) -> Document:
    """``text`` as the file ``name`` of the index."""
    path = Path("/docs", name).absolute()
    numbered = tuple(Page(number, f"{number}", *page) for number, page in enumerate(pages, 1))
    document = Document(text, path.stem, "text", path, numbered, blocks=blocks_of(text))
    index.add_document(stamp(path), text.encode()[:16].ljust(16), document)
    return document


def stamp(path: Path) -> FileStamp:
    return FileStamp(path, 10, 1)


def ask(reader: Reader, index: LibraryIndex, question: str, scope: Scope = Scope(), depth: int = 20) -> LibraryAnswers:  # noqa: B008
    return finish(ask_library(reader, question, index, scope, Settings(), depth=depth))


def test_an_answer_has_its_file_page_characters_and_sentence(reader: Reader, index: LibraryIndex) -> None:
    add(index, "keys.txt", "The key of the house is a key.\n")
    lease = add(index, "lease.txt", LEASE, [(0, 18), (18, len(LEASE))])
    index.commit()
    answers = ask(reader, index, "What is the deposit?")
    best = answers.answers[0]
    place = best.places[0]
    assert (place.path, place.title, place.kind) == (lease.path, "lease", "text")
    assert (place.page, place.page_label) == ("page 2", "2")
    assert best.text == lease.text[place.start : place.end]
    assert place.sentence[place.shown_start : place.shown_end] == best.text
    assert {answer.text for answer in answers.answers} >= {"900", "1200"}
    assert (answers.read, answers.files, answers.waiting) == (answers.matches, 2, 0)
    assert answers.is_answered


def test_each_place_says_what_the_answer_says(reader: Reader, index: LibraryIndex) -> None:
    long = "\n\n".join(f"Part {number}\n\n" + "The rent of a house is the rent. " * 25 for number in range(8))
    texts = [add(index, "long.txt", long + "The rent is 700.\n"), add(index, "lease.txt", LEASE)]
    texts.append(add(index, "other.txt", "The rent of the key is 700."))
    index.commit()
    by_path = {document.path: document.text for document in texts}
    steps = list(ask_library(reader, "What is the rent?", index, Scope(), Settings()))
    seen = [step.answers for step in steps if step.answers]
    assert len(seen) > 1
    for answers in seen:
        for answer in answers.answers:
            for place in answer.places:
                words = by_path[place.path][place.start : place.end]
                assert words.casefold() == answer.text.casefold()
                assert place.sentence[place.shown_start : place.shown_end] == words
    assert [len(answer.places) for answer in seen[-1].answers if answer.text == "700"] == [2]
    assert steps[-1].progress.done == steps[-1].progress.total == seen[-1].read


def test_files_with_the_same_content_are_copies(reader: Reader, index: LibraryIndex) -> None:
    add(index, "lease.txt", LEASE)
    copy = Path("/docs/copy of lease.txt").absolute()
    assert index.add_copy(stamp(copy), LEASE.encode()[:16], copy.name)
    index.add_waiting([stamp(Path("/docs/new.txt").absolute())])
    index.commit()
    answers = ask(reader, index, "What is the deposit?")
    place = answers.answers[0].places[0]
    assert {place.path, *place.copies} == {copy, Path("/docs/lease.txt").absolute()}
    assert (answers.files, answers.waiting) == (2, 1)


def test_where_nothing_matches_there_is_no_answer(reader: Reader, index: LibraryIndex) -> None:
    add(index, "lease.txt", LEASE)
    index.commit()
    answers = ask(reader, index, "What is the penalty?")
    assert (answers.answers, answers.no_answer, answers.read, answers.matches) == ((), 1.0, 0, 0)
    assert not answers.is_answered
    assert answers.files == 1


def test_a_scope_is_all_that_is_searched(reader: Reader, index: LibraryIndex) -> None:
    add(index, "lease.txt", LEASE)
    add(index, "other.txt", "The rent of the key is 700.")
    index.commit()
    answers = ask(reader, index, "What is the rent?", Scope(name="OTHER"))
    assert {place.path.name for answer in answers.answers for place in answer.places} == {"other.txt"}
    assert answers.files == 1


def test_only_so_many_passages_are_read_as_wanted(reader: Reader, index: LibraryIndex) -> None:
    for number in range(9):
        add(index, f"{number}.txt", f"The rent of the house {number} is 900.")
    index.commit()
    answers = ask(reader, index, "What is the rent?", depth=4)
    assert (answers.read, answers.matches) == (4, 9)


@pytest.mark.parametrize("question", ["", "  ", "?!", "rent " * 100])
def test_what_cannot_be_asked_is_refused(reader: Reader, index: LibraryIndex, question: str) -> None:
    add(index, "lease.txt", LEASE)
    index.commit()
    with pytest.raises(QuestionError):
        ask(reader, index, question)


def test_a_question_to_an_empty_library_has_no_answer(reader: Reader, index: LibraryIndex) -> None:
    answers = ask(reader, index, "What is the rent?")
    assert (answers.answers, answers.no_answer, answers.files) == ((), 1.0, 0)

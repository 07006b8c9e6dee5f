"""Pictures in a linked folder: their text is recognised after all else, by Tesseract, and answered with its page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.library.asking import ask_library
from qadesk.app.library.index_progress import IndexProgress
from qadesk.app.library.indexing import update
from qadesk.app.library.picture_reading import read_pictures
from qadesk.library.index import LibraryIndex, open_index
from qadesk.progress import finish
from qadesk.qa import engine
from qadesk.records import IndexStep, LibraryAnswers, Scope
from qadesk.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from scan_files import image_bytes, picture_of, write_scan

pytest.importorskip("tesserocr", reason="pictures are read by Tesseract, which tesserocr brings")

FIRST = ("The lamp was lit by Isaac Penhale.", "It stands on the north side.")
SECOND = ("Thomas Reeve built the tower in 1862.", "It has three rooms and a cellar.")
RECEIPT = ("Receipt of the boat yard", "The new sail cost 240 pounds.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scan of two pages, a photographed receipt and a text."""
    folder = tmp_path / "papers"
    folder.mkdir()
    write_scan(folder / "tower.pdf", FIRST, SECOND)
    (folder / "receipt.png").write_bytes(image_bytes(picture_of(RECEIPT)))
    (folder / "note.txt").write_text("The ferry leaves the harbour at nine.\n", encoding="utf-8")
    return folder


@pytest.fixture
def index(folder: Path) -> Iterator[LibraryIndex]:
    """The index of the folder, as far as it is filled at first."""
    with closing(open_index(paths.data_dir() / "library", writes=True)) as index:
        finish(update(index, [folder], Settings()))
        yield index


def recognize(index: LibraryIndex, folder: Path) -> tuple[list[IndexStep], list[str]]:
    """Recognise the text of all pictures; gives the steps and the notices."""
    notices: list[str] = []
    progress = IndexProgress(index.counts)
    work = read_pictures(index, [folder], Settings(), progress, on_notice=notices.append)
    return list(work), notices


def test_text_comes_first_and_pictures_are_answered_with_their_page_later(folder: Path, index: LibraryIndex) -> None:
    reader = engine.open_reader(paths.bundled_model_dir(), device="cpu")

    def ask(question: str) -> LibraryAnswers:
        return finish(ask_library(reader, question, index, Scope(), Settings()))

    counts = index.counts()
    assert (counts.indexed, counts.pictures) == (1, 2)
    assert ask("When does the ferry leave?").answers[0].text == "nine"
    assert not ask("Who built the tower?").is_answered
    steps, notices = recognize(index, folder)
    assert steps
    assert not notices
    assert index.counts().indexed == 3
    assert [(file.state, file.reason) for file in index.files(Scope())] == [("indexed", "")] * 3
    best = ask("Who built the tower?").answers[0]
    (place,) = best.places
    assert (best.text, place.path.name, place.page_label) == ("Thomas Reeve", "tower.pdf", "2")
    document = index.document(place.path)
    assert document is not None
    assert document.text[place.start : place.end] == "Thomas Reeve"
    assert document.recognized_pages == (1, 2)
    cost = ask("How much did the new sail cost?").answers[0]
    assert ("240" in cost.text, cost.places[0].path.name) == (True, "receipt.png")


def test_what_was_recognised_is_not_read_again(folder: Path, index: LibraryIndex) -> None:
    recognize(index, folder)
    assert recognize(index, folder) == ([], [])
    finish(update(index, [folder], Settings()))
    assert index.counts().indexed == 3


def test_without_tesseract_it_is_said_and_the_pictures_wait(
    folder: Path, index: LibraryIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    steps, (notice,) = recognize(index, folder)
    assert not steps
    assert "not available on this system" in notice
    assert index.counts().pictures == 2

"""The child processes that recognise text, as processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from pdf_files import PASSWORD, encrypted_pdfs, make_pdf
from scan_files import LINES, TEXT, image_bytes, picture_of, tiff_of, write_scan

from qadesk import documents
from qadesk.documents.recognition.language_files import own_folder
from qadesk.documents.recognition.recognizer import PageDone, ScanFile, read_scans
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.errors import DocumentError

pytest.importorskip("tesserocr")
psutil = pytest.importorskip("psutil")

Steps = Generator[PageDone | None, None, None]


@pytest.fixture
def store(tmp_path: Path) -> ScanStore:
    return ScanStore(tmp_path / "scans")


def children() -> list[Any]:
    """The processes that recognise text, of this one."""
    return [child for child in psutil.Process().children() if "--recognize-pages" in child.cmdline()]


def done_by(steps: Steps) -> list[PageDone]:
    return [step for step in steps if step is not None]


def kill_each(steps: Steps, done: list[PageDone]) -> None:
    """Kill each child once, and add the pages that are done to ``done``."""
    killed: set[int] = set()
    for step in steps:
        if step is not None:
            done.append(step)
        for child in children():
            if child.pid not in killed:
                killed.add(child.pid)
                child.send_signal(signal.SIGKILL)


def count_of(store: ScanStore) -> int:
    return len(list(store.folder.glob("*.json"))) if store.folder and store.folder.exists() else 0


def test_a_scan_becomes_a_document_with_text(tmp_path: Path, store: ScanStore) -> None:
    path = write_scan(tmp_path / "scan.pdf", LINES[:2], LINES[2:])
    before = documents.read(path, scans=store)
    assert (before.text, before.scans, before.recognized_pages) == ("", (1, 2), ())
    assert documents.read(path).scans == (1, 2)
    assert done_by(read_scans(ScanFile(path, "pdf"), before.scans, store, cores=2, in_view=lambda: 2)) != []
    assert children() == []
    after = documents.read(path, scans=store)
    assert after.text.split() == TEXT.split()
    assert (after.scans, after.recognized_pages) == ((), (1, 2))
    assert after.is_recognized(0)
    start = after.text.index("north")
    page = after.page_at(start)
    assert page is not None
    assert page.number == 2
    assert after.page_at(0) == after.pages[0]
    assert documents.read(path).text == ""  # without the store


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff"])
def test_a_picture_becomes_a_document_with_text(tmp_path: Path, store: ScanStore, suffix: str) -> None:
    path = tmp_path / f"scan.{suffix}"
    path.write_bytes(image_bytes(picture_of(), {"png": "PNG", "jpg": "JPEG", "tiff": "TIFF"}[suffix]))
    assert documents.read(path, scans=store).scans == (1,)
    assert done_by(read_scans(ScanFile(path, "image"), [1], store)) == [PageDone(1, True)]
    document = documents.read(path, scans=store)
    assert document.kind == "image"
    assert document.text.split() == TEXT.split()
    assert document.recognized_pages == (1,)


def test_the_page_in_view_is_read_first_then_those_after_it_then_the_others(tmp_path: Path, store: ScanStore) -> None:
    path = tmp_path / "scan.tiff"
    path.write_bytes(tiff_of([picture_of([f"Page {number}."]) for number in range(1, 6)]))
    in_view = [4]
    order: list[int] = []
    for step in read_scans(ScanFile(path, "image"), [1, 2, 3, 5, 4, 4], store, in_view=lambda: in_view[0]):
        if step is not None:
            order.append(step.number)
            if order == [4, 5]:
                in_view[0] = 2  # it was given page 1 meanwhile, or takes 2 now
    assert order[:2] == [4, 5]
    assert sorted(order) == [1, 2, 3, 4, 5]
    assert order[-1] in (1, 3)


def test_closing_keeps_what_was_read_and_ends_the_children(tmp_path: Path, store: ScanStore) -> None:
    path = write_scan(tmp_path / "scan.pdf", LINES[:1], LINES[1:2], LINES[2:])
    steps = read_scans(ScanFile(path, "pdf"), [1, 2, 3], store)
    assert next(step for step in steps if step is not None) == PageDone(1, True)
    steps.close()
    assert children() == []
    document = documents.read(path, scans=store)
    assert (document.text, document.scans, document.recognized_pages) == (LINES[0], (2, 3), (1,))


@pytest.mark.skipif(os.name == "nt", reason="signals of Linux and macOS")
def test_a_child_that_is_killed_is_replaced(tmp_path: Path, store: ScanStore) -> None:
    path = write_scan(tmp_path / "scan.pdf", LINES[:1], LINES[1:2])
    steps = read_scans(ScanFile(path, "pdf"), [1, 2], store)
    assert next(steps) is None
    (child,) = children()
    child.send_signal(signal.SIGKILL)
    assert done_by(steps) == [PageDone(1, False), PageDone(2, True)]
    assert children() == []
    assert count_of(store) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of Linux and macOS")
def test_children_that_end_one_after_another_give_the_file_up(tmp_path: Path, store: ScanStore) -> None:
    path = write_scan(tmp_path / "scan.pdf", *[LINES[:1]] * 6)
    failed: list[PageDone] = []
    with pytest.raises(DocumentError, match="Text recognition ended unexpectedly"):
        kill_each(read_scans(ScanFile(path, "pdf"), range(1, 7), store), failed)
    assert failed == [PageDone(number, False) for number in (1, 2, 3)]
    assert children() == []


def test_a_damaged_page_is_left_out(tmp_path: Path, store: ScanStore) -> None:
    path = tmp_path / "scan.tiff"
    data = tiff_of([picture_of(), picture_of(["Other words."])], compression="tiff_deflate")
    path.write_bytes(data.replace(b"\x78\x9c", b"\x00\x00", 1) if data.count(b"\x78\x9c") else data)
    assert documents.read(path, scans=store).scans == (1, 2)
    assert done_by(read_scans(ScanFile(path, "image"), [1, 2], store)) == [PageDone(1, False), PageDone(2, True)]
    document = documents.read(path, scans=store)
    assert (document.text, document.scans, document.recognized_pages) == ("Other words.", (1,), (2,))


def test_a_page_that_is_none_is_left_out(tmp_path: Path, store: ScanStore) -> None:
    path = write_scan(tmp_path / "scan.pdf", ())
    assert done_by(read_scans(ScanFile(path, "pdf"), [1], store)) == [PageDone(1, True)]
    assert count_of(store) == 1  # that it is empty is known now
    with pytest.raises(DocumentError, match=r"The pages of 'scan.pdf' are empty"):
        documents.read(path, scans=store)


@pytest.mark.parametrize(
    ("data", "password", "detail"),
    [
        (None, None, "There is no file 'scan.pdf'"),
        (b"%PDF-1.7\nnothing", None, "'scan.pdf' is damaged or incomplete"),
        (encrypted_pdfs()["AES-256"], None, "'scan.pdf' is protected by a password"),
    ],
)
def test_a_file_that_cannot_be_opened_is_said(
    tmp_path: Path, store: ScanStore, data: bytes | None, password: str | None, detail: str
) -> None:
    path = tmp_path / "scan.pdf"
    if data:
        path.write_bytes(data)
    with pytest.raises(DocumentError, match="The pages cannot be read") as excinfo:
        done_by(read_scans(ScanFile(path, "pdf", password), [1], store))
    assert detail in excinfo.value.hint
    assert children() == []


def test_a_password_opens_the_file(tmp_path: Path, store: ScanStore) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(encrypted_pdfs()["AES-256"])
    assert done_by(read_scans(ScanFile(path, "pdf", PASSWORD), [1], store)) == [PageDone(1, True)]
    assert count_of(store) == 1


def test_a_language_whose_file_is_damaged_is_said(tmp_path: Path) -> None:
    own_folder().mkdir(parents=True)
    (own_folder() / "deu.traineddata").write_bytes(b"no language")
    store = ScanStore(tmp_path / "scans", "deu")
    path = write_scan(tmp_path / "scan.pdf")
    with pytest.raises(DocumentError, match="The pages cannot be read") as excinfo:
        done_by(read_scans(ScanFile(path, "pdf"), [1], store))
    assert excinfo.value.hint == "the files of the languages deu cannot be used"


def test_nothing_to_read_starts_nothing(tmp_path: Path, store: ScanStore) -> None:
    path = tmp_path / "text.pdf"
    path.write_bytes(make_pdf([["Words."]]))
    start = time.monotonic()
    assert done_by(read_scans(ScanFile(path, "pdf"), [], store)) == []
    assert time.monotonic() - start < 5

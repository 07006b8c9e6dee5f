"""Paths of documents that are no regular file, change while they are read, or have an odd name."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from qadesk import documents
from qadesk.documents import parser_process
from qadesk.documents.formats import FORMATS
from qadesk.errors import DocumentError

SUFFIXES = [suffix for format_ in FORMATS for suffix in format_.suffixes]
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def refusal(path: Path) -> str:
    start = time.monotonic()
    with pytest.raises(DocumentError) as excinfo:
        documents.read(path)
    assert time.monotonic() - start < 5
    assert excinfo.value.hint
    return excinfo.value.message


@unix
@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
def test_a_pipe_does_not_hang(tmp_path: Path, suffix: str) -> None:
    os.mkfifo(tmp_path / f"pipe{suffix}")
    assert refusal(tmp_path / f"pipe{suffix}") == f"'pipe{suffix}' is not a file but a device or a pipe."


@unix
def test_a_pipe_that_takes_the_place_of_the_checked_file_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    real_open = os.open

    def swap_and_open(path: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return real_open(path, flags)

    monkeypatch.setattr(os, "open", swap_and_open)
    assert refusal(path) == "'a.txt' is not a file but a device or a pipe."


@unix
def test_a_device_is_refused() -> None:
    assert refusal(Path("/dev/zero")) == "'zero' is not a file but a device or a pipe."


@unix
def test_links(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to("other.txt")
    (tmp_path / "other.txt").symlink_to("loop.txt")
    (tmp_path / "dead.txt").symlink_to("nowhere.txt")
    (tmp_path / "real.txt").write_text("text")
    (tmp_path / "good.txt").symlink_to("real.txt")
    assert refusal(tmp_path / "loop.txt") == "'loop.txt' is a link that leads back to itself."
    assert refusal(tmp_path / "dead.txt") == "There is no file 'dead.txt'."
    assert documents.read(tmp_path / "good.txt").title == "good.txt"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_with_the_name_of_a_document(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    assert refusal(folder) == f"'folder{suffix}' is a folder, not a file."


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("signature", [b"", b"%PDF-1.7\n", b"PK\x03\x04"], ids=["none", "pdf", "zip"])
def test_random_bytes_are_a_sentence(tmp_path: Path, suffix: str, signature: bytes) -> None:
    path = tmp_path / f"random{suffix}"
    path.write_bytes(signature + random.Random(suffix).randbytes(3000))
    assert refusal(path).startswith(f"'random{suffix}' ")


@unix
@pytest.mark.parametrize(
    "name", ["two\nlines", "tab\t", "🗼 lighthouse", "שלום", "\u202efdp", "-rf", "~", "a;b $(c) `d`", "%s{}"]
)
@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_odd_names_are_only_names(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / (name + suffix)
    path.write_text("text")
    document = documents.read(path)
    assert (document.text, document.path) == ("text", path)
    assert len(document.title) == len(path.name)
    assert document.title.isprintable()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let it be made")
def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.html"))
    path.write_text("text")
    document = documents.read(path)
    assert (document.text, document.title) == ("text", "caf\ufffd.html")
    path.write_text(" ")
    assert refusal(path) == "'caf\ufffd.html' holds no text."


def test_a_file_that_vanishes_before_the_child_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.html"
    path.write_text("text")
    really_start = parser_process.start_child

    def remove_and_start(*arguments: Any, **named: Any) -> object:
        path.unlink()
        return really_start(*arguments, **named)

    monkeypatch.setattr(parser_process, "start_child", remove_and_start)
    assert refusal(path) == "There is no file 'a.html'."


def test_a_file_that_grows_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.html"
    path.write_text("text")
    really_start = parser_process.start_child

    def grow_and_start(*arguments: Any, **named: Any) -> object:
        path.write_text("text" * 1000)
        return really_start(*arguments, **named)

    monkeypatch.setattr(parser_process, "start_child", grow_and_start)
    with pytest.raises(DocumentError, match=r"'a.html' has .* MB"):
        documents.read(path, max_bytes=100)


def test_a_file_that_is_rewritten_all_the_time(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    stop = threading.Event()

    def rewrite() -> None:
        while not stop.is_set():
            path.write_text("text" * random.randrange(1, 5000))
            path.write_text("")

    writer = threading.Thread(target=rewrite)
    writer.start()
    allowed = {"'a.txt' is empty.", "'a.txt' holds no text."}
    try:
        for _ in range(200):
            try:
                assert set(documents.read(path).text) == set("text")
            except DocumentError as error:
                allowed.add(error.message)
    finally:
        stop.set()
        writer.join()
    assert len(allowed) == 2, allowed

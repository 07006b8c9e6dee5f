from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pdf_files import make_pdf

from qadesk import paths
from qadesk.documents import parser_process
from qadesk.documents.parser_pool import ParserPool
from qadesk.documents.parser_replies import parsed_from
from qadesk.documents.parsing import Parsed
from qadesk.errors import Cancelled, DocumentError, PasswordNeeded

Child = Callable[[str], None]
LISTS = ("pages", "notes", "blocks", "outline", "rows", "scans", "recognized_pages")
"""The parts of a reply that may be empty lists."""


def parse(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Parsed:
    with closing(ParserPool()) as pool:
        return pool.parse(path, "pdf", "secret", 100_000, cancelled)


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Child]:
    """Puts a small program in the place of ours, and sees to it that it is gone at the end."""
    pids = tmp_path / "pids"

    def set_program(program: str) -> None:
        begin = f"import os, sys, time; open({str(pids)!r}, 'a').write(str(os.getpid())); "
        monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", begin + program])

    yield set_program
    if sys.platform != "win32":  # where signal 0 would end it
        with pytest.raises(ProcessLookupError):
            os.kill(int(pids.read_text()), 0)
    assert not [thread for thread in threading.enumerate() if type(thread).__module__ == parser_process.__name__]


def failure(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as excinfo:
        parse(path)
    return excinfo.value


def test_a_file_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([["text"]]))
    assert parse(path).text == "text"


def test_the_request_is_one_line_on_standard_input(child: Child, tmp_path: Path) -> None:
    child("assert 'secret' not in str(sys.argv) + str(os.environ); print(sys.stdin.readline(), file=sys.stderr)")
    path = json.dumps(str(tmp_path / "a.pdf"))
    assert f'{{"path": {path}, "kind": "pdf", "password": "secret"' in failure(tmp_path / "a.pdf").detail


@pytest.mark.parametrize(
    ("program", "detail"),
    [
        ("sys.exit(3)", "exit code 3"),
        ("os.abort()", "exit code"),
        ("raise MemoryError", "MemoryError"),
        ("print('rubbish')", "Expecting value"),
        ("print('[' * 1000000)", "exit code"),
        ("print('{}')", "text"),
        ("""print('{"text": "x", "pages": [[1, "1", 0, 5, "page"]], "notes": []}')""", "pages outside the text"),
        ("""print('{"text": "x", "pages": [7], "notes": []}')""", "exit code 0"),
        ("os.write(1, bytes([255]) * 100)", "exit code 0"),
        ("sys.stderr.write('x' * 1000000)", "xxx"),
    ],
)
def test_a_child_that_dies_or_talks_rubbish_is_one_sentence(
    child: Child, tmp_path: Path, program: str, detail: str
) -> None:
    child(program)
    error = failure(tmp_path / "a.pdf")
    assert error.message.startswith("'a.pdf' could not be read. It is damaged")
    assert detail in error.detail
    assert len(error.detail) < 100_000


def test_a_child_that_cannot_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "own_command", lambda: [str(tmp_path / "no such program")])
    assert failure(tmp_path / "a.pdf").message == "QADesk could not start the process that reads files."


def test_silence_is_ended(child: Child, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(parser_process, "LONGEST_SILENCE", 0.3)
    child("time.sleep(60)")
    start = time.monotonic()
    assert failure(tmp_path / "a.pdf").message == "'a.pdf' takes too long to read, and was given up."
    assert time.monotonic() - start < 5


def test_a_heartbeat_breaks_silence_for_a_while(child: Child, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(parser_process, "LONGEST_SILENCE", 0.5)
    beat = "[(print(flush=True), time.sleep(0.1)) for _ in range({})]; "
    empty = ", ".join(f'"{part}": []' for part in LISTS)
    child(beat.format(10) + f"""print('{{"text": "late", {empty}, "characters": ""}}')""")
    assert parse(tmp_path / "a.pdf").text == "late"
    (tmp_path / "pids").unlink()
    monkeypatch.setattr(parser_process, "LONGEST", 0.5)
    child(beat.format(600))
    assert failure(tmp_path / "a.pdf").message.endswith("and was given up.")


@pytest.mark.parametrize("key", ["scans", "recognized_pages"])
@pytest.mark.parametrize("numbers", [[0], [3], [1.0], [True], ["1"], 7, None])
def test_numbers_of_pages_are_those_of_pages(key: str, numbers: object) -> None:
    pages = [[1, "1", 0, 4, "page"], [2, "2", 4, 4, "page"]]
    reply = {**{part: [] for part in LISTS}, "text": "text", "characters": "", "pages": pages}
    assert getattr(parsed_from({**reply, key: [1, 2]}), key) == (1, 2)
    with pytest.raises((ValueError, TypeError)):
        parsed_from({**reply, key: numbers})


@pytest.mark.parametrize(
    ("rows", "is_valid"),
    [
        ([], True),
        ([[0, 1], [2, 7], [2, 0]], True),
        ([[2, 1], [0, 2]], False),
        ([[0, 1], [5, 2]], False),
        ([[0, -1]], False),
        ([[0, 1.5]], False),
        ([[0]], False),
        (7, False),
    ],
)
def test_rows_are_those_of_the_text(rows: object, is_valid: bool) -> None:
    reply = {**{part: [] for part in LISTS}, "text": "text", "characters": "", "rows": rows}
    if is_valid:
        assert [list(row) for row in parsed_from(reply).rows] == rows
        return
    with pytest.raises((ValueError, TypeError)):
        parsed_from(reply)


def test_a_reply_without_end_is_cut(child: Child, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(parser_process, "_MAX_REPLY", 1_000_000)
    child("[os.write(1, b' ' * 60000) for _ in iter(int, 1)]")
    assert "could not be read" in failure(tmp_path / "a.pdf").message


def test_cancel_ends_the_child_at_once(child: Child, tmp_path: Path) -> None:
    child("time.sleep(60)")
    start = time.monotonic()
    with pytest.raises(Cancelled):
        parse(tmp_path / "a.pdf", cancelled=lambda: time.monotonic() - start > 0.3)
    assert time.monotonic() - start < 2


def test_password_errors_keep_their_class(child: Child, tmp_path: Path) -> None:
    child("""print('{"message": "M", "hint": "H", "detail": "", "wrong_password": true}')""")
    with pytest.raises(PasswordNeeded) as excinfo:
        parse(tmp_path / "a.pdf")
    assert (excinfo.value.message, excinfo.value.hint, excinfo.value.wrong) == ("M", "H", True)


def test_modules_in_the_current_folder_are_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    for module in ("json", "zlib", "zipfile", "pypdfium2", "encodings", "sitecustomize"):
        (folder / f"{module}.py").write_text("raise SystemExit('run!')")
    path = folder / "a.pdf"
    path.write_bytes(make_pdf([["text"]]))
    monkeypatch.chdir(folder)
    assert parse(path).text == "text"

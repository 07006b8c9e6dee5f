"""``qadesk library``, as it is typed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qadesk import paths
from qadesk.app.library import survey
from qadesk.library.index import open_index

Run = Callable[[list[str]], int]


@pytest.fixture
def library(run: Run) -> Callable[..., int]:
    return lambda *arguments: run(["library", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("The tower was built by Thomas Reeve.")
    (folder / "b.pdf").write_text("no PDF")
    (folder / "c.tmp").write_text("temporary")
    return folder


def test_add_says_what_there_is_and_reads_it(library: Any, folder: Path, capsys: Any) -> None:
    assert library("add", "Papers", folder) == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert lines[0] == f"{folder}: 2 files to read, 42 bytes"
    assert "    Text: 1 file, 36 bytes" in lines
    assert "    Of other names, read where they hold text: 1 file (.tmp)" in lines
    assert "3 files: 1 indexed, 1 failed, 1 left out." in lines
    assert "1 passage, 36 characters." in lines
    assert f"{folder / 'b.pdf'}: 'b.pdf' is not a PDF, although its name says so." in output.err


def test_more_than_2000_files_want_a_yes(
    library: Any, folder: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "MANY_FILES", 1)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert library("add", "Papers", folder) == 2
    assert "2 files (42 bytes) are to be read. Add --yes" in capsys.readouterr().err
    library("list", "--json")
    assert json.loads(capsys.readouterr().out) == []
    assert library("add", "Papers", folder, "--yes", "--no-scan") == 0
    library("list", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == [{"name": "Papers", "sources": [str(folder)]}]


class Terminal(io.StringIO):
    """Standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("reply", "code"), [("y\n", 0), ("\n", 2)])
def test_on_a_terminal_it_asks(
    library: Any, folder: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch, reply: str, code: int
) -> None:
    monkeypatch.setattr(survey, "MANY_FILES", 1)
    monkeypatch.setattr("sys.stdin", Terminal(reply))
    assert library("add", "Papers", folder, "--no-scan") == code
    assert "2 files (42 bytes) are to be read. Go on? [y/N]" in capsys.readouterr().out


def test_status_lists_files_with_their_reasons(library: Any, folder: Path, capsys: Any) -> None:
    library("add", "Papers", folder)
    capsys.readouterr()
    assert library("status", "papers") == 0
    out = capsys.readouterr().out
    assert "  failed  " in out
    assert "It is a temporary file." in out
    assert library("status", "--json", "--limit", 2, "--offset", 1) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["counts"]["indexed"], values["counts"]["failed"], values["limit"]) == (1, 1, 2)
    assert [(Path(file["path"]).name, file["state"]) for file in values["files"]] == [
        ("b.pdf", "failed"),
        ("c.tmp", "left out"),
    ]
    assert values["files"][0]["reason"].startswith("'b.pdf' is not a PDF")
    assert library("status", "Letters") == 2
    assert "There is no collection 'Letters'. There are: 'Papers'." in capsys.readouterr().err


def test_scan_reads_what_changed(library: Any, folder: Path, capsys: Any) -> None:
    library("add", "Papers", folder, "--no-scan")
    capsys.readouterr()
    (folder / "b.pdf").unlink()
    (folder / "d.txt").write_text("new")
    assert library("scan", "--json") == 0
    values = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (values["counts"]["indexed"], values["failed"]) == (2, [])
    assert library("scan", "Papers", "--retry") == 0
    assert "3 files: 2 indexed, 1 left out." in capsys.readouterr().out


def test_without_a_collection(library: Any, capsys: Any) -> None:
    assert library("status") == library("scan") == library("list") == 0
    assert "There is no collection." in capsys.readouterr().out
    assert library("remove", "Papers") == 2


def test_remove_a_link_and_all(library: Any, folder: Path, capsys: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("other words")
    library("add", "Papers", folder, other)
    library("remove", "Papers", folder)
    capsys.readouterr()
    library("status", "--json")
    assert [Path(file["path"]).name for file in json.loads(capsys.readouterr().out)["files"]] == ["other.txt"]
    assert library("remove", "Papers") == 0
    with closing(open_index(paths.data_dir() / "library")) as index:
        assert index.counts().files == 0
    assert other.exists()


def test_a_second_program_is_one_sentence(library: Any, folder: Path, capsys: Any) -> None:
    with closing(open_index(paths.data_dir() / "library", writes=True)):
        assert library("add", "Papers", folder) == 2
        assert "Another window or command of QADesk is indexing the library." in capsys.readouterr().err
        assert library("remove", "Papers") == 0
        assert "the index is tidied up later" in capsys.readouterr().err


def test_what_is_not_there(library: Any, capsys: Any, tmp_path: Path) -> None:
    assert library("add", "Papers", tmp_path / "gone") == 2
    assert "There is no folder or file 'gone'." in capsys.readouterr().err

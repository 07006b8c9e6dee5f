"""``qadesk ask --library``, with the bundled model and a real index."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.library.collections import add_collection
from qadesk.app.open_store import open_store
from qadesk.library.index import FileStamp, open_index
from qadesk.records import Document, Page
from qadesk.structure.plain import blocks_of

Run = Callable[[list[str]], int]
TEXT = "Tower notes\n\nThe tower was built by Thomas Reeve.\n\nIt was finished in 1862."
PATH = Path("/docs/tower.txt").absolute()


@pytest.fixture
def library() -> None:
    """A library of one file with two pages, and one that waits."""
    index = open_index(paths.data_dir() / "library", writes=True)
    pages = (Page(1, "i", 0, 12), Page(2, "ii", 12, len(TEXT)))
    document = Document(TEXT, "tower", "text", PATH, pages, blocks=blocks_of(TEXT))
    index.add_document(FileStamp(PATH, len(TEXT), 1), b"1" * 16, document)
    index.add_waiting([FileStamp(Path("/docs/new.txt").absolute(), 1, 1)])
    index.commit()
    index.close()


@pytest.mark.usefixtures("library")
def test_an_answer_is_printed_with_its_document(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "--library", "all", "Who built the tower?"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Who built the tower?"
    assert lines[1] == "  1. Thomas Reeve"
    assert str(PATH) in lines[2]
    assert "page ii" in lines[2]
    assert lines[3] == "     The tower was built by Thomas Reeve."
    assert lines[-1] == "  Searched 1 file, 1 not indexed yet."


@pytest.mark.usefixtures("library")
def test_json_has_file_page_and_characters(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "Who built the tower?", "?", "--library=all", "--depth", "3", "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["library"] == {"name": "all", "files": 1, "waiting": 1}
    question, unasked = result["questions"]
    assert question["answered"]
    assert question["read"] == question["found"] == 1
    answer = question["answers"][0]
    assert (answer["file"], answer["page"], answer["text"]) == (str(PATH), "ii", "Thomas Reeve")
    assert TEXT[answer["start"] : answer["end"]] == answer["text"]
    assert answer["confidence"] > 0.3
    assert answer["places"] == answer["copies"] == answer["items"] == []
    assert unasked["problem"]
    assert set(question) == set(unasked)


@pytest.mark.usefixtures("library")
def test_filters_say_what_is_searched(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "--library", "all", "Who built the tower?", "--kind", "pdf"]) == 1
    assert "Searched 0 files" in capsys.readouterr().out
    assert run(["ask", "--library", "all", "Who built the tower?", "--name", "TOWER", "--folder", "docs"]) == 0


@pytest.mark.usefixtures("library")
def test_a_collection_is_asked_alone(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_store()) as store:
        add_collection(store, "Elsewhere", [tmp_path])
        add_collection(store, "Nothing")
    assert run(["ask", "--library", "elsewhere", "Who built the tower?"]) == 1
    assert "Searched 0 files" in capsys.readouterr().out
    assert run(["ask", "--library", "nothing", "Who built the tower?"]) == 2
    assert "links to no folder" in capsys.readouterr().err
    assert run(["ask", "--library", "unknown", "Who built the tower?"]) == 2


def test_bad_use_exits_with_2(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "--library", "all", "?"]) == 2
    assert "no words" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(["ask", "--library", "all", "--depth", "0", "Who?"])
    with pytest.raises(SystemExit):
        run(["ask", "--library", "all", "--kind", "nonsense", "Who?"])
    assert "there is no kind 'nonsense'" in capsys.readouterr().err

"""Text recognition from the command line, with Tesseract and the bundled model."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "documents"))
from pdf_objects import drawn_pages, text_at
from scan_files import LINES, TEXT, image_bytes, picture_of, write_scan

pytest.importorskip("tesserocr")

Run = Callable[[list[str]], int]


@pytest.fixture
def scan(tmp_path: Path) -> str:
    return str(write_scan(tmp_path / "scan.pdf"))


def test_a_scan_has_no_text_until_recognition_is_asked_for(
    run: Run, scan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["text", scan]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == ("qadesk: This is a picture without text. With --recognize it is read by text recognition.\n")
    assert run(["text", "--recognize", scan]) == 0
    assert capsys.readouterr().out.split() == TEXT.split()
    assert run(["text", scan]) == 0  # what was recognised is kept
    output = capsys.readouterr()
    assert output.out.split() == TEXT.split()
    assert output.err == ""


def test_json_names_the_pages(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mixed.pdf"
    path.write_bytes(drawn_pages(text_at(50, 700, "Printed words of a page."), b"0.5 g 100 100 300 300 re f"))
    assert run(["text", "--json", str(path)]) == 0
    output = capsys.readouterr()
    parts = json.loads(output.out)
    assert (parts["scans"], parts["recognized_pages"]) == ([2], [])
    assert output.err == (
        "qadesk: Page 2 is a picture without text. With --recognize it is read by text recognition.\n"
    )
    assert run(["text", "--json", "--recognize", str(path)]) == 0
    parts = json.loads(capsys.readouterr().out)
    assert (parts["scans"], parts["recognized_pages"], parts["notes"]) == ([], [2], ["Page 2 has no text."])


def test_the_setting_always_recognises(run: Run, scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    Settings().set("documents.recognize", "always")
    assert run(["text", "--json", scan]) == 0
    output = json.loads(capsys.readouterr().out)
    assert output["text"].split() == TEXT.split()
    assert (output["scans"], output["recognized_pages"]) == ([], [1])


def test_answers_from_a_scan_say_so(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tower.png"
    path.write_bytes(image_bytes(picture_of(LINES)))
    question = "Who built the tower?"
    assert run(["ask", str(path), question]) == 2
    assert capsys.readouterr().out == ""
    assert run(["ask", "--recognize", str(path), question]) == 0
    out = capsys.readouterr().out
    assert "1. Thomas Reeve" in out
    assert ", read by text recognition\n" in out
    assert run(["ask", "--json", str(path), question]) == 0
    answer = json.loads(capsys.readouterr().out)["questions"][0]["answers"][0]
    assert (answer["text"], answer["page"], answer["recognized"]) == ("Thomas Reeve", "1", True)


def test_answers_from_other_documents_do_not(run: Run, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "--recognize", str(file), "Who built the tower?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"][0]["answers"][0]["recognized"] is False


def test_a_damaged_picture_is_said(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "half.png"
    data = image_bytes(picture_of())
    path.write_bytes(data[: len(data) // 2])
    assert run(["text", "--recognize", str(path)]) == 2
    assert capsys.readouterr().err == "qadesk: This is a picture without text. Page 1 could not be read.\n"


def test_a_picture_without_text_is_said(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "blank.png"
    path.write_bytes(image_bytes(picture_of([])))
    assert run(["text", "--recognize", str(path)]) == 2
    assert capsys.readouterr().err == "qadesk: 'blank.png' holds no text. Open a file that holds text.\n"


def test_a_missing_language_is_said(run: Run, scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    Settings().set("documents.languages", "deu")
    assert run(["text", "--recognize", scan]) == 2
    error = capsys.readouterr().err
    assert error.startswith("qadesk: Text in the language 'deu' cannot be recognised: its file is missing. Put deu.")

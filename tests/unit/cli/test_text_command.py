"""``qadesk text``, as it is typed."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk.app import documents
from qadesk.cli import main, text_command
from qadesk.records import Document, Page
from qadesk.structure import Block, Cell, OutlineEntry

sys.path.append(str(Path(__file__).parents[1] / "documents"))
from pdf_files import PASSWORD, encrypted_pdfs

Run = Callable[[list[str]], int]
HTML = (
    '<!DOCTYPE html><meta charset="windows-1250"><title>Fees</title><p>P\u0159\u00edli\u0161 &amp; co.</p>'
    "<table><tr><th>Day<th>Opens</tr><tr><td>Monday<td>9:30</tr></table>"
)
TEXT = "Rent\n\nIt is due\non the first.\n\n- by post\n\nYear\tStaff\tNote\n2019\t\tone\nman"
DOCUMENT = Document(
    TEXT,
    "lease.pdf",
    "pdf",
    pages=(Page(1, "iv", 0, 4), Page(2, "1", 5, len(TEXT))),
    blocks=(
        Block("heading", 0, 4, 2),
        Block("paragraph", 6, 29, is_wrapped=True),
        Block("item", 31, 40, 1, 33),
        Block(
            "table",
            42,
            len(TEXT),
            rows=(
                (Cell(42, 46, 0, is_header=True), Cell(47, 52, 1, is_header=True), Cell(53, 57, 2, is_header=True)),
                (Cell(58, 62, 0, span=2), Cell(64, 71, 2)),
            ),
        ),
    ),
    outline=(OutlineEntry("Rent", 2, 0),),
)


@pytest.fixture
def lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is ``DOCUMENT``: its blocks do not depend on how well a format is read."""
    monkeypatch.setattr(documents, "open_document", lambda *_arguments, **_options: DOCUMENT)


def test_the_text_is_printed_as_it_was_read(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "note.txt"
    path.write_text("One line,\n  and another\t\u00fc.\n", encoding="utf-8")
    assert run(["text", str(path)]) == 0
    assert capsys.readouterr().out == "One line,\n  and another\t\u00fc.\n"
    path.write_text("No line end", encoding="utf-8")
    assert run(["text", str(path)]) == 0
    assert capsys.readouterr().out == "No line end\n"


@pytest.mark.usefixtures("lease")
def test_blocks_are_printed_with_what_they_are_and_where(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["text", "--blocks", "lease.pdf"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "heading 2, page iv, 0 to 4",
        "    Rent",
        "paragraph, page 1, 6 to 29",
        "    It is due on the first.",
        "item 1, page 1, 31 to 40",
        "    - by post",
        "table, page 1, 42 to 71",
        "    [Year] | [Staff] | [Note]",
        "    2019 |  | one man",
    ]


@pytest.mark.usefixtures("lease")
def test_json_has_all_that_was_read(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["text", "--json", "lease.pdf"]) == 0
    output = json.loads(capsys.readouterr().out)
    assert list(output) == [
        *("title", "kind", "pages", "notes", "scans", "recognized_pages"),
        *("outline", "blocks", "text"),
    ]
    assert (output["title"], output["kind"], output["text"]) == ("lease.pdf", "pdf", TEXT)
    assert output["pages"][0] == {"number": 1, "label": "iv", "start": 0, "end": 4, "unit": "page"}
    assert output["outline"] == [{"title": "Rent", "level": 2, "start": 0}]
    heading, paragraph, item, table = output["blocks"]
    assert heading == {
        "kind": "heading", "start": 0, "end": 4, "level": 2, "body": 0, "is_wrapped": False, "page": "iv",
        "text": "Rent", "rows": [],
    }  # fmt: skip
    assert paragraph["is_wrapped"] is True
    assert TEXT[item["body"] : item["end"]] == "by post"
    assert table["rows"][1] == [
        {"start": 58, "end": 62, "column": 0, "span": 2, "is_header": False, "is_covered": False, "text": "2019"},
        {"start": 64, "end": 71, "column": 2, "span": 1, "is_header": False, "is_covered": False, "text": "one\nman"},
    ]


def test_a_cell_far_to_the_right_costs_nothing() -> None:
    row = (Cell(0, 1, 10**9, 10**9),)
    assert text_command._row_line(row, "a") == " | " * 100 + "a"


def test_a_web_page_in_every_form(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fees.html"
    path.write_bytes(HTML.encode("cp1250"))
    assert run(["text", str(path)]) == 0
    text = capsys.readouterr().out
    assert "P\u0159\u00edli\u0161 & co." in text
    assert "Monday\t9:30" in text
    assert run(["text", "--blocks", str(path)]) == 0
    assert "    Monday | 9:30\n" in capsys.readouterr().out
    assert run(["text", "--json", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == text.removesuffix("\n")
    assert run(["text", "--source", str(path)]) == 0
    assert capsys.readouterr().out == f"{HTML}\n"


def test_the_source_of_markdown_has_its_marks(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "guide.md"
    source = "# Guide to the *old* mill\r\n\r\n| a | b |\r\n|---|---|\r\n"
    path.write_bytes(source.encode())
    assert run(["text", "--source", str(path)]) == 0
    assert capsys.readouterr().out == source


def test_a_format_that_is_no_text_has_no_source(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lease.pdf"
    path.write_bytes(encrypted_pdfs()["AES-256"])
    assert run(["text", "--source", str(path)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == (
        "qadesk: 'lease.pdf' is a PDF, which has no source text. Leave out --source to see the text that was read.\n"
    )


@pytest.mark.parametrize("form", [[], ["--source"]])
def test_notes_go_to_standard_error(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    path = tmp_path / "note.txt"
    words = "Маяк на северном конце бухты впервые зажгла дочь смотрителя в 1862 году."
    path.write_bytes(words.encode("cp1251"))
    assert run(["text", *form, str(path)]) == 0
    output = capsys.readouterr()
    assert output.out == f"{words}\n"
    assert output.err == "qadesk: The encoding was guessed as Windows-1251.\n"


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Rent is due.\n\nPets need consent.")))
    assert run(["text", "-", "--blocks"]) == 0
    assert capsys.readouterr().out.startswith("paragraph, 0 to 12\n    Rent is due.\nparagraph, 14 to 32\n")


def test_a_password_is_read_from_a_file(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, password = tmp_path / "lease.pdf", tmp_path / "password"
    path.write_bytes(encrypted_pdfs()["AES-256"])
    password.write_text(f"{PASSWORD}\n", encoding="utf-8")
    assert run(["text", str(path), "--password", str(password)]) == 0
    assert "The lamp was lit in 1854." in capsys.readouterr().out
    assert run(["text", str(path)]) == 2
    assert capsys.readouterr().err.startswith("qadesk: 'lease.pdf' ")
    assert run(["text", str(path), "--password", str(tmp_path / "none")]) == 2
    assert "No password can be read from" in capsys.readouterr().err


@pytest.mark.parametrize("form", [[], ["--blocks"], ["--json"], ["--source"]])
def test_what_cannot_be_read_is_told_in_words(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    binary = tmp_path / "noise.txt"
    binary.write_bytes(bytes(range(256)) * 50)
    for path in (tmp_path / "none.txt", tmp_path, binary):
        assert run(["text", *form, str(path)]) == 2
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.startswith(f"qadesk: {'There is no file ' if path.name == 'none.txt' else ''}'")
        assert "Traceback" not in output.err


def test_one_form_at_a_time(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as excinfo:
        run(["text", "note.txt", "--json", "--blocks"])
    assert excinfo.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
    assert "text" in main.COMMANDS

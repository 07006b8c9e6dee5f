"""Answers as Markdown, web page, table and data: what they hold, and that nothing of a document is more than text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markdown_it
import pytest
from entries_of_tests import ANSWER, EMPTY, ENTRY, UNANSWERED, answered

from qadesk.app.export.answer_formats import ANSWER_FORMATS, answer_format
from qadesk.app.export.writing_answers import export_entries
from qadesk.errors import DataError
from qadesk.progress import finish
from qadesk.records import HistoryEntry
from qadesk.settings import Settings

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "![x](http://localhost/x.png) [a](javascript:alert(1)) <b>**bold**</b>",
    "# no heading\n- no item\n1. no list\n```\ncode\n```",
    '=HYPERLINK("http://localhost")',
    "  @SUM(A1)",
    "\u202eturned\u202c and שלום",
    "\ud800\x00\x1b[31m\r\nred\r",
    "a|b|c\n---|---",
    "x" * 100_000,
    "&lt;&amp;",
    "",
)

Export = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def write(suffix: str, *entries: HistoryEntry, **options: Any) -> Path:
        path = tmp_path / f"answers{suffix}"
        assert finish(export_entries(path, entries, Settings(), **options)) == len(entries)
        return path

    return write


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Page(HTMLParser):
    """The elements of a web page with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("row", ANSWER_FORMATS, ids=lambda row: row.name)
def test_every_format_says_where_an_answer_stands_and_how_sure_it_is(export: Export, row: Any) -> None:
    text = export(row.suffix, ENTRY, UNANSWERED, EMPTY).read_text(encoding=row.encoding).replace("\u00a0", " ")
    text = text.replace("\\", "")
    for part in ("When does the lease end?", "31 March 2027", "lease.pdf", "page 3", "reader 5", "Likely", "Papers"):
        assert part in text
    assert ("1,204–1,217" in text) or re.search(r'1204,1217|"start": 1204,\s*"end": 1217', text)
    assert "82 %" in text or "0.82" in text
    assert "72 %" in text or "0.72" in text
    assert "Alternative" in text
    assert "Closest" in text


def test_markdown_reads_as_a_list_of_answers(export: Export) -> None:
    text = export(".md", ENTRY).read_text(encoding="utf-8").replace("\u00a0", " ")
    assert text.startswith("# Answers\n\n## When does the lease end?\n\nlease.pdf · reader 5 · ")
    assert "\nNo answer: 12 %\n" in text
    assert (
        "\n1. **31 March 2027**  \n   Likely, 82 %  \n   lease.pdf, page 3, characters 1,204–1,217\n\n"
        "   > It ends on **31 March 2027**.\n"
    ) in text
    assert "never" not in text
    assert text.endswith(
        "Asked with: Answers in my documents: Usually hold the answer, Let answers overlap: no, old.key: x\n"
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_document_is_markup_in_markdown(export: Export, hostile: str) -> None:
    entry = replace(
        answered(hostile, sentence=hostile, title=hostile, page=hostile), question=f"Q {hostile}", model=hostile
    )
    text = export(".md", entry).read_text(encoding="utf-8")
    kinds = {
        token.type
        for block in markdown_it.MarkdownIt("commonmark").enable("table").parse(text)
        for token in [block, *(block.children or [])]
    }
    assert not kinds & {
        "html_block",
        "html_inline",
        "image",
        "link_open",
        "fence",
        "table_open",
        "bullet_list_open",
        "hr",
    }
    assert text.count("\n# ") == 0
    assert len(re.findall("^ *## ", text, re.MULTILINE)) == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_document_is_markup_in_a_web_page(export: Export, hostile: str) -> None:
    entry = replace(answered(hostile, sentence=hostile, title=hostile, page=hostile), question=hostile, model=hostile)
    page = Page(export(".html", entry).read_text(encoding="utf-8"))
    harmless = Page(export(".html", replace(answered("x"), question="x")).read_text(encoding="utf-8"))
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in harmless.elements}
    assert not {
        name for _, attributes in page.elements for name in attributes if name.startswith(("on", "src", "href"))
    }
    if hostile.isascii() and hostile.isprintable():
        assert hostile in page.text


def test_a_web_page_needs_nothing_else_and_marks_the_answer(export: Export) -> None:
    source = export(".html", ENTRY).read_text(encoding="utf-8")
    assert "It ends on <mark>31 March 2027</mark>." in source
    assert "default-src 'none'" in source
    assert not re.search(r"<script|src=|href=|url\(|@import", source)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", " =", "\r\n=", "＝"])
def test_a_cell_is_never_a_formula(export: Export, sign: str) -> None:
    entry = replace(
        answered(f"{sign}1+1", title=f"{sign}1", sentence=f"{sign}1"), question=f"{sign}1", model=f"{sign}1"
    )
    (row,) = rows_of(export(".csv", entry))
    for column in ("question", "answer", "title", "sentence", "model"):
        assert row[column].startswith("'") or column == "title"
    assert not row["title"].startswith(("=", "+", "-", "@", "＝"))


def test_a_table_has_a_row_an_answer_and_opens_as_utf8(export: Export) -> None:
    path = export(".csv", ENTRY, EMPTY)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = rows_of(path)
    assert [(row["rank"], row["answer"]) for row in rows] == [("1", "31 March 2027"), ("2", "1 April"), ("", "")]
    first = rows[0]
    assert (first["confidence"], first["start"], first["end"], first["page"]) == ("0.82", "1204", "1217", "page 3")
    assert first["options"] == "qa.expected=usually; qa.overlap=False; old.key=x"
    assert (rows[2]["library"], rows[2]["document"], rows[2]["answered"]) == ("Papers", "", "no")
    assert len(rows_of(export(".csv", ENTRY, with_unlikely=True))) == 3


def test_data_have_all_answers_in_the_shape_that_is_documented(export: Export) -> None:
    other = replace(ANSWER, path=Path("/papers/copy.pdf"))
    entry = replace(ENTRY, answers=(replace(ANSWER, others=(other,), spans=((1, 2), (3, 4))), *ENTRY.answers[1:]))
    data = json.loads(export(".json", entry).read_text(encoding="utf-8"))
    assert data["program"] == "QADesk"
    (question,) = data["questions"]
    assert question["options"] == {"qa.expected": "usually", "qa.overlap": "False", "old.key": "x"}
    assert (question["answered"], question["no_answer"], question["library"]) == (True, 0.12, None)
    first, *others = question["answers"]
    assert len(others) == 2
    assert first == {
        "file": str(Path("/papers/lease.pdf")), "title": "lease.pdf", "page": "page 3", "start": 1204, "end": 1217,
        "spans": [[1, 2], [3, 4]], "sentence": "It ends on 31 March 2027.", "text": "31 March 2027", "confidence": 0.82,
        "likelihood": "Likely",
        "others": [
            {
                "file": str(Path("/papers/copy.pdf")), "title": "lease.pdf", "page": "page 3", "start": 1204,
                "end": 1217, "spans": [[1204, 1217]], "sentence": "It ends on 31 March 2027.",
            }
        ],
    }  # fmt: skip
    docs = Path(__file__).parents[4] / "docs" / "export.md"
    for key in {*data, *question, *first}:
        assert f"`{key}`" in docs.read_text(encoding="utf-8")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_data_hold_any_text(export: Export, hostile: str) -> None:
    data = json.loads(export(".json", answered(hostile)).read_text(encoding="utf-8"))
    assert data["questions"][0]["answers"][0]["text"] == hostile.replace("\ud800", "\ufffd")


def test_a_path_that_is_not_in_utf8_is_written_as_far_as_it_can_be(export: Export) -> None:
    for row in ANSWER_FORMATS:
        entry = answered("x", path=Path("/papers/\udcff.pdf"), title="")
        assert "\ufffd.pdf" in export(row.suffix, entry).read_text(encoding=row.encoding)


def test_the_format_is_that_of_the_name_or_the_suffix() -> None:
    assert answer_format(Path("a.HTM")).name == "html"
    assert answer_format(Path("a.txt"), "csv").name == "csv"
    with pytest.raises(DataError, match=r"'a.txt' does not say in which format .* ends in .md, .html, .csv, .json"):
        answer_format(Path("a.txt"))
    with pytest.raises(DataError, match="no format 'doc'"):
        answer_format(Path("a.md"), "doc")


def test_nothing_is_written_of_no_answers_or_over_a_document(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no answers to export"):
        finish(export_entries(tmp_path / "a.md", [], Settings()))
    document = tmp_path / "notes.md"
    document.write_text("The lamp.", encoding="utf-8")
    with pytest.raises(DataError, match="is the document itself"):
        finish(export_entries(document, [replace(ENTRY, path=document)], Settings()))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.md"] or not (tmp_path / "a.md").exists()
    assert document.read_text(encoding="utf-8") == "The lamp."


def test_a_full_disk_is_a_sentence_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("old", encoding="utf-8")
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    (tmp_path / "a.md.part").symlink_to("/dev/full")
    with pytest.raises(DataError, match=r"'a.md' could not be written. The disk is full"):
        finish(export_entries(path, [ENTRY], Settings()))
    assert path.read_text(encoding="utf-8") == "old"
    assert not (tmp_path / "a.md.part").is_symlink()


def test_an_export_can_be_cancelled(tmp_path: Path) -> None:
    work = export_entries(tmp_path / "a.md", [ENTRY] * 200, Settings())
    for _ in range(3):
        next(work)
    work.close()
    assert not list(tmp_path.glob("a.md*"))

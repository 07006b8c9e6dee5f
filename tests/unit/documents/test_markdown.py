"""Markdown is read as it is shown."""

from __future__ import annotations

import pytest
from parsed_texts import kinds_and_texts, parsed_by

from qadesk import documents
from qadesk.documents import markdown, text
from qadesk.documents.parsing import Parsed
from qadesk.errors import DocumentError


def read(source: str | bytes) -> Parsed:
    return parsed_by(markdown.read, source)


def blocks(source: str) -> list[tuple[str, str]]:
    return kinds_and_texts(read(source))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A *soft*\nbreak, __strong__ ~~gone~~ `code  <x>`", "A soft break, strong gone code <x>"),
        ("hard  \nbreak\\\ntwice<br>thrice", "hard\nbreak\ntwice\nthrice"),
        (
            '[link](http://x "Title") [ref][r] <https://a.org> ![alt *x*](i.png)\n\n[r]: /y "T"',
            "link ref https://a.org alt x",
        ),
        ("&amp; &eacute; \\* 5 \\> 4 &lt;b&gt;", "& é * 5 > 4 <b>"),
        ("> quote\n> more\n\n---\n\nafter", "quote more\n\nafter"),
        ("a <!-- no --> <b>bold</b> <script>no()</script> c", "a bold c"),
        ("<!-- no\n\nno -->\ntext", "text"),
        ("the <title> tag and the <textarea> tag\n\nnext", "the <title> tag and the <textarea> tag\n\nnext"),
        ("a <script> tag\n\nnext", "a <script> tag\n\nnext"),
        ("<details><summary>More</summary>\n\nInside *it*\n\n</details>", "More\n\nInside it"),
        ("> [!NOTE]\n> Open it.", "Note: Open it."),
        ("one\r\ntwo\rthree", "one two three"),
        ("x^2^ and snake_case_name", "x^2^ and snake_case_name"),
    ],
)
def test_text_has_no_marks(source: str, text: str) -> None:
    assert read(source).text == text


def test_structure() -> None:
    source = (
        "Title\n=====\n\n## Part\n\n3. one\n4. two\n   - [ ] task\n   - [x] done\n\n"
        "| A | B |\n|---|--:|\n| 1 | **2** |\n\n```py\nx = 1\n  y\n```\n\n    indented\n\nText.[^1]\n\n[^1]: A note.\n"
    )
    assert blocks(source) == [
        ("heading", "Title"),
        ("heading", "Part"),
        ("item", "3. one"),
        ("item", "4. two"),
        ("item", "• ☐ task"),
        ("item", "• ☑ done"),
        ("table", "A\tB\n1\t2"),
        ("code", "x = 1\n  y"),
        ("code", "indented"),
        ("paragraph", "Text.[1]"),
        ("footnote", "1. A note."),
    ]
    cells = next(part for part in read(source).blocks if part.kind == "table").rows
    assert [[cell.is_header for cell in row] for row in cells] == [[True, True], [False, False]]


def test_front_matter_is_pairs() -> None:
    parsed = read("---\ntitle: 'Harbour rules'\ntags:\n  - fees\n---\n\n# Fees\n")
    assert parsed.text == "title: Harbour rules\ntags:\n- fees\n\nFees"
    assert [part.kind for part in parsed.blocks] == ["pair", "paragraph", "paragraph", "heading"]
    assert parsed.text[parsed.blocks[0].body :].startswith("Harbour rules\n")


@pytest.mark.parametrize(
    "source", ["> " * 200 + "deep", "![" * 5000, "a\n\n" + "x" * 2_000_000], ids=["deep", "steps", "long"]
)
def test_what_is_too_complex_is_shown_as_it_is(source: str) -> None:
    parsed = read(source)
    assert parsed.text == source
    assert parsed.notes == (
        "The Markdown in this file is too long or too deeply nested: it is shown as it is, with its marks.",
    )


def test_binary_is_refused() -> None:
    with pytest.raises(DocumentError, match="'x' does not hold text"):
        read(b"\0\1\2")


def test_a_file_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match="holds more than"):
        read("12345\n6789012345")


def test_a_file_is_read_in_the_child_process(tmp_path) -> None:
    (tmp_path / "README.md").write_text("# Rules\n\nThe *fee* is 30.")
    document = documents.read(tmp_path / "README.md")
    assert (document.text, document.kind) == ("Rules\n\nThe fee is 30.", "markdown")
    assert [entry.title for entry in document.outline] == ["Rules"]

"""Web pages as programs write them: mails, saved documents, forms, listings of code, boxes beside one another."""

from __future__ import annotations

import io

import pytest

from qadesk.documents import html
from qadesk.documents.parsing import Source


def blocks(page: str) -> list[tuple[str, int, str]]:
    """The kind, level and text of each block."""
    parsed = html.read(Source(io.BytesIO(page.encode()), "'x'"))
    return [(block.kind, block.level, parsed.text[block.start : block.end]) for block in parsed.blocks]


def text(page: str) -> str:
    return html.read(Source(io.BytesIO(page.encode()), "'x'")).text


def word_item(mark: str, words: str, level: int = 1) -> str:
    ignored = f"<span style='mso-list:Ignore'>{mark}<span style='font:7.0pt'>&nbsp;&nbsp; </span></span>"
    style = f"margin-left:36.0pt;mso-list:l0 level{level} lfo1"
    return (
        f"<p class=MsoListParagraph style='{style}'><![if !supportLists]><span>{ignored}</span><![endif]>{words}</p>\n"
    )


def test_lists_of_word_are_lists() -> None:
    page = word_item("·", "Survey: 3 June") + word_item("o", "inner", 2) + word_item("2.", "Keys") + "<p>after"
    assert blocks(page) == [
        ("item", 1, "• Survey: 3 June"),
        ("item", 2, "• inner"),
        ("item", 1, "2. Keys"),
        ("paragraph", 0, "after"),
    ]


def test_a_paragraph_of_word_without_a_mark_is_no_item() -> None:
    page = "<p style='mso-list:l0 level1 lfo1'>goes on</p><p style='mso-list:none'>text"
    assert [block[0] for block in blocks(page)] == ["paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("<a href='#_ftnref1' name='_ftn1'><span>[1]</span></a> In winter.", "[1] In winter."),
        ("<a class=sdfootnotesym href='#sdfootnote1anc'>1</a>In winter.", "1 In winter."),
        ("<a href='#ftnt_ref1' id=ftnt1>[1]</a><span>In winter.</span>", "[1] In winter."),
    ],
)
def test_notes_of_programs_for_documents(note: str, shown: str) -> None:
    assert blocks(f"<p>Text.</p><div id=ftn1><p>{note}</p></div>") == [
        ("paragraph", 0, "Text."),
        ("footnote", 0, shown),
    ]


def test_a_paragraph_that_begins_with_another_link_is_no_note() -> None:
    assert blocks("<p><a href='#top'>Top</a> of the page")[0][0] == "paragraph"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("<button>Send</button><button>Clear</button>", "Send Clear"),
        ("Name<input value='Ida Moe'> <input type=submit value=Go>", "Name Ida Moe Go"),
        ("<label><input type=checkbox checked>A</label> <label><input type=checkbox> B</label>", "☑ A ☐ B"),
        ("<p><input type=radio>one<input type=radio checked>two", "○ one ◉ two"),
        ("<div><input type=checkbox id=menu><label for=menu>Menu</label></div>", "Menu"),
        ("a<input type=hidden value=no><input type=password value=no>b", "a b"),
        ("a <progress value=3>3/10</progress><meter value=3>3/10</meter>b", "a b"),
    ],
)
def test_forms(form: str, shown: str) -> None:
    assert text(form) == shown


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<style>.r{display:flex}</style><div class=r><span>Total</span><span>23.80</span></div>", "Total 23.80"),
        ("<p style='display:grid'><b>Total</b><i>23.80</i>", "Total 23.80"),
        (
            "<style>.l{display:block}</style><a><span class=l>Monday</span><span class=l>9 to 5</span></a>",
            "Monday\n9 to 5",
        ),
        ("<style>.tag{display:inline-block}</style><b class=tag>sea</b><b class=tag>port</b>", "sea port"),
        ("<style>b{display:inline-block}</style><b>s</b><b>e</b><b>a</b>", "sea"),
        ("<style>span{display:inline}</style><p>un<span>divided</span>", "undivided"),
        ("<style>code{display:grid}</style><pre><code><span>a</span>\n<span>  b</span></code></pre>", "a\n  b"),
    ],
)
def test_boxes_of_styles_are_apart(page: str, shown: str) -> None:
    assert text(page) == shown


@pytest.mark.parametrize("name", ["linenos", "gutter", "rouge-gutter gl"])
def test_numbers_of_lines_beside_code_are_left_out(name: str) -> None:
    numbers, code = "<pre>1\n2\n</pre>", "<pre>x = 1\ny = 2\n</pre>"
    page = f"<table><tr><td class='{name}'>{numbers}</td><td class=code>{code}</td></tr></table>"
    assert blocks(page) == [("code", 0, "x = 1\ny = 2")]

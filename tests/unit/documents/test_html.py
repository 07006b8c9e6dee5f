from __future__ import annotations

import io

import pytest

from qadesk.documents import html, parsing
from qadesk.errors import DocumentError
from qadesk.structure.serial import from_lists, to_lists


def read(page: str | bytes) -> parsing.Parsed:
    data = page.encode() if isinstance(page, str) else page
    return html.read(parsing.Source(io.BytesIO(data), "'x'"))


def blocks(page: str) -> list[tuple[str, int, str, str]]:
    """The kind, level, text and body of each block."""
    text, parts = read(page).text, read(page).blocks
    assert from_lists(to_lists(parts), len(text)) == parts
    return [(part.kind, part.level, text[part.start : part.end], text[part.body : part.end]) for part in parts]


def table(page: str) -> list[list[tuple[str, int, int, str]]]:
    """The cells of the only table: text, column, span, and h for a header or c for a covered one."""
    text, parts = read(page).text, read(page).blocks
    (only,) = (part for part in parts if part.kind == "table")
    return [
        [
            (text[cell.start : cell.end], cell.column, cell.span, "h" * cell.is_header + "c" * cell.is_covered)
            for cell in row
        ]
        for row in only.rows
    ]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("plain", "plain"),
        ("<p>One\n two\t <b>three</b>,  <i> four</i> </p>", "One two three, four"),
        ("<p>One<p>Two</p><div>Three</div>Four", "One\n\nTwo\n\nThree\nFour"),
        ("<h1>Title</h1>\n<p>Text</p>", "Title\n\nText"),
        ("<ul><li>One<li>Two</ul>After", "• One\n• Two\n\nAfter"),
        ("a<br>b<br/><br>c<br></p>d", "a\nb\n\nc\n\nd"),
        ("a&nbsp;&amp;&#233;&eacute;&#x1F600; &lt;b&gt;", "a\u00a0&éé😀 <b>"),
        ("un<b>divided</b> w<wbr>ord", "undivided word"),
        ("<pre>\n  x\n    y\r\nz</pre>after", "  x\n    y\nz\n\nafter"),
        ("<textarea> kept  so </textarea>", " kept  so "),
        ("</pre></pre>a  b", "a b"),
        (
            "<table><tr><th>Year<th>Event</tr><tr><td>1854<td>Built</tr><tr><td><td>x</table>y",
            "Year\tEvent\n1854\tBuilt\n\tx\n\ny",
        ),
        ("<select><option>A<option>B</select>", "A\nB"),
        ("&#xD800;&#0;", "\ufffd\ufffd"),
    ],
)
def test_text_is_what_a_browser_shows(page: str, text: str) -> None:
    assert read(page).text == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<head><title>Hidden</title><style>p { color: red }</style></head>",
        "<script>document.write('<p>hidden</p>')</script>",
        "<script>if (a < b) { '</b>' }</script >",
        "<style>hidden > p</style>",
        "<template><div>hidden<template>deeper</template>still</div></template>",
        "<noscript><p>hidden</p></noscript>",
        "<!-- hidden --><!DOCTYPE html><?php hidden ?>",
        "<![CDATA[hidden]]><![if IE]><![unknown[hidden]]>",
        "<iframe src='file:///etc/passwd'>hidden</iframe>",
        "<img src='http://example.com/x.png' alt='hidden'><link rel=stylesheet href='http://example.com/x.css'>",
    ],
)
def test_what_a_browser_does_not_show_is_left_out(hidden: str) -> None:
    assert read(f"before {hidden} after").text == "before after"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<meta charset="windows-1251"><p>Маяк'.encode("cp1251"), "Маяк"),
        ("<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>灯台".encode("cp932"), "灯台"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><p>café'.encode("latin-1"), "café"),
        ('\ufeff<meta charset="windows-1251">Маяк'.encode(), "Маяк"),
        ("\ufeff<p>Маяк".encode("utf-16-le"), "Маяк"),
        ('<meta charset="utf-8"><p>café'.encode(), "café"),
        ("<p>café".encode(), "café"),
    ],
)
def test_charset_comes_from_mark_or_meta(page: bytes, text: str) -> None:
    assert (read(page).text, read(page).notes) == (text, ())


def test_a_guess_is_noted() -> None:
    parsed = read("<p>Das Café".encode("cp1252"))
    assert (parsed.text, parsed.notes) == ("Das Café", ("The encoding was guessed as Windows-1252.",))


def test_binary_is_refused() -> None:
    with pytest.raises(DocumentError, match="'x' does not hold text"):
        read(b"\0\1\2")


def test_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match="holds more than"):
        read("<p>12345<p>6789")


# What the standard's tokenizer and tree say


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<script>var a=1;</script type=x><p>The office closes at six.", "The office closes at six."),
        ("<style>a{}</style x/><p>after", "after"),
        ("<script><!-- <script> '</script>' --></script>after", "after"),
        ("<script><!--></script>after", "after"),
        ("<title>What the <title> tag does</title><p>The mill", "The mill"),
        (
            "<textarea>Note <b>bold</textarea><p>After</p><textarea>x<script>y</textarea>z",
            "Note <b>bold\n\nAfter\n\nx<script>y\nz",
        ),
        ("One<!-- note --!>Two<!-->Three<!--->Four", "OneTwoThreeFour"),
        ("5&nbsp;km &#8364;20 &#x80; &copy2020 &NotAnEntity; AT&T", "5\xa0km €20 € ©2020 &NotAnEntity; AT&T"),
        ("a < b <3 </> <", "a < b <3 <"),
        ("<p title='>' class=a/b>text</p foo='>'>", "text"),
        ("text<p title='never closed", "text"),
        ("<svg><text>Depth 14 m</text><title>hint</title><desc>x</desc></svg><p>ok", "Depth 14 m\n\nok"),
        ("<svg><![CDATA[a<b]]></svg>c", "a<bc"),
        ("<table>before<tr><td>a<td>b</table>", "before\n\na\tb"),
        ("<b><p>x</b>y</p>z", "xy\n\nz"),
        ("<p><div>a</p>b</div>", "a\n\nb"),
        ("<plaintext><p>rest", "<p>rest"),
        ("<frameset><frame src=a><noframes>none</noframes></frameset>", ""),
    ],
)
def test_tags_are_those_of_the_standard(page: str, text: str) -> None:
    assert read(page).text == text


def test_a_page_in_xml() -> None:
    page = '<?xml version="1.0"?><html><head><title/><script src="a"/></head><p>Opens at <![CDATA[5 < 6]]> daily.</p>'
    assert read(page).text == "Opens at 5 < 6 daily."


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Fee 30<p hidden>Old: 45", "Fee 30"),
        ("<div style='color:red; display : none'>menu</div>text", "text"),
        ("<p style='visibility:hidden'>ghost<p>text", "text"),
        ("<p style='x-display: none-such'>text", "text"),
        ("<dialog>Cookies?</dialog><dialog open>Open</dialog>", "Open"),
        ("<p aria-hidden=true>icon", "icon"),
        ("<div hidden=until-found>folded</div>", "folded"),
        ("<details><summary>Question</summary>Answer</details>", "Question\nAnswer"),
        ("<nav><ul><li>Home<li>About</ul></nav>", "Home\nAbout"),
    ],
)
def test_hidden_elements(page: str, text: str) -> None:
    assert read(page).text == text


# Structure


@pytest.mark.parametrize(
    ("page", "items"),
    [
        ("<ol><li>Open.<li>Wait.</ol><ol start=5><li>Close.</ol>", ["1. Open.", "2. Wait.", "5. Close."]),
        ("<ol type=a start=26><li>x<li>y<li value=1>z</ol>", ["z. x", "aa. y", "a. z"]),
        ("<ol type=I start=4><li>x</ol><ol type=i><li>y</ol><ol type=i start=0><li>z</ol>", ["IV. x", "i. y", "0. z"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x", "1. y"]),
        ("<ol style='list-style-type: upper-alpha'><li>x</ol><ul style='list-style:none'><li>y</ul>", ["A. x", "y"]),
        ("<ol><li>x<ul><li>y</ul><li>z</ol>", ["1. x", "• y", "2. z"]),
        ("<ol><li><ol type=a><li>x<li>y</ol></ol>", ["1. a. x", "b. y"]),
        ("<ul><li></li><li>x</ul>", ["• x"]),
        ("<ol start=99999999999999999999><li>x</ol>", ["999999999. x"]),
    ],
)
def test_lists_have_their_numbers(page: str, items: list[str]) -> None:
    assert [text for kind, _, text, _ in blocks(page) if kind == "item"] == items


def test_items_have_levels_and_bodies() -> None:
    assert blocks("<ul><li>a<ol><li><p>b</p><p>c</ol></ul>") == [
        ("item", 1, "• a", "a"),
        ("item", 2, "1. b", "b"),
        ("paragraph", 0, "c", "c"),
    ]


def test_a_heading_or_a_table_in_an_item() -> None:
    assert blocks("<ol><li><h3>Install</h3>it<li><table><tr><td>a<td>b</table></ol>") == [
        ("heading", 3, "1. Install", "1. Install"),
        ("paragraph", 0, "it", "it"),
        ("item", 1, "2.", ""),
        ("table", 0, "a\tb", "a\tb"),
    ]


def test_headings_captions_code_and_pairs() -> None:
    page = (
        "<h2>Rules</h2><figure><img><figcaption>Fig. 1</figcaption></figure><pre>  x\n    y\n</pre>"
        "<dl><dt>Owner<dd>Ms Falk<dt>Ref<dd><p>HW/06</p><dt>Days<dd>Monday<dd>Friday</dl>"
    )
    assert blocks(page) == [
        ("heading", 2, "Rules", "Rules"),
        ("caption", 0, "Fig. 1", "Fig. 1"),
        ("code", 0, "x\n    y", "x\n    y"),
        ("pair", 0, "Owner\nMs Falk", "Ms Falk"),
        ("pair", 0, "Ref\nHW/06", "HW/06"),
        ("paragraph", 0, "Days", "Days"),
        ("paragraph", 0, "Monday", "Monday"),
        ("paragraph", 0, "Friday", "Friday"),
    ]


def test_an_empty_line_divides_paragraphs() -> None:
    assert [text for _, _, text, _ in blocks("Ida Moe<br>Strand 4<br><br>Oslo")] == ["Ida Moe\nStrand 4", "Oslo"]


def test_notes() -> None:
    page = "<p>See<sup><a href='#n'>[1]</a></sup><section class=footnotes><ol><li id=n>Signed.</ol></section>"
    assert blocks(page) == [("paragraph", 0, "See[1]", "See[1]"), ("footnote", 0, "1. Signed.", "Signed.")]


def test_a_table_has_headers_spans_and_covered_cells() -> None:
    page = (
        "<table><caption>Staff</caption><tfoot><tr><td>Sum<td>9<td>9</tfoot>"
        "<thead><tr><td>Year<td colspan=2>Staff</thead>"
        "<tr><th rowspan=2>2019<td>47<td>2<tr hidden><td>x<tr><td>48<td>3</table>"
    )
    assert blocks(page)[0][:3] == ("caption", 0, "Staff")
    assert table(page) == [
        [("Year", 0, 1, "h"), ("Staff", 1, 2, "h")],
        [("2019", 0, 1, "h"), ("47", 1, 1, ""), ("2", 2, 1, "")],
        [("", 0, 1, "c"), ("48", 1, 1, ""), ("3", 2, 1, "")],
        [("Sum", 0, 1, ""), ("9", 1, 1, ""), ("9", 2, 1, "")],
    ]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<table role=presentation><tr><td>a<td>b</table>", "a\nb"),
        ("<table><tr><td>a<tr><td>b</table>", "a\nb"),
        ("<table><tr><td><h1>Title</h1>text<td>b</table>", "Title\n\ntext\nb"),
    ],
)
def test_a_table_that_only_places_text_is_none(page: str, text: str) -> None:
    assert read(page).text == text
    assert "table" not in [kind for kind, *_ in blocks(page)]


def test_the_rows_around_a_nested_table_are_divided() -> None:
    page = "<table><tr><td>a<td>1<tr><td>left<td><table><tr><td>x<td>y</table><tr><td>b<td>2</table>"
    assert [(kind, text) for kind, _, text, _ in blocks(page)] == [
        ("table", "a\t1"),
        ("paragraph", "left"),
        ("table", "x\ty"),
        ("table", "b\t2"),
    ]


def test_covered_cells_are_limited() -> None:
    page = "<table>" + "<tr><td rowspan=65534>x<td>y" * 1000 + "</table>"
    assert len(read(page).text) < 300_000


# Formulas and raised text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (
            "x<sup>2</sup> 10<sup>3</sup>5 10<sup>−3</sup> km<sup>2</sup> 2<sup>n+1</sup>",
            "x^2 10^3 5 10^−3 km^2 2^(n+1)",
        ),
        ("1<sup>st</sup> 3<sup>e</sup> M<sup>lle</sup> Ink<sup>®</sup>", "1st 3e Mlle Ink®"),
        (
            "word<sup>1</sup> end.<sup>2</sup> in 2019<sup><a href='#f'>3</a></sup> <sup>4</sup> Note",
            "word[1] end.[2] in 2019[3] 4 Note",
        ),
        ("H<sub>2</sub>O log<sub>10</sub>100 10<sub>2</sub>", "H2O log10 100 10_2"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</ruby>", "漢字(かんじ)"),
        ("a <q>word</q>", "a “word”"),
        (
            "<math><semantics><mrow><mi>x</mi><mo>=</mo><mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>+</mo>"
            "<msup><mi>y</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msup></mrow>"
            "<annotation>x=2\\frac12</annotation></semantics></math>",
            "x = 2 1/2 + y^(n + 1)",
        ),
        (
            "<math><msqrt><mn>2</mn></msqrt><mo>≤</mo><msubsup><mi>a</mi><mn>1</mn><mn>2</mn></msubsup></math>",
            "√(2) ≤ a_1^2",
        ),
        (
            "<span class=katex-mathml><math><mi>E</mi></math></span><span class=katex-html aria-hidden=true>E</span>",
            "E",
        ),
        ("<span class=mwe-math-mathml-inline style='display:none'><math><mi>E</mi></math></span><img alt=E>", "E"),
    ],
)
def test_formulas_are_readable_once(page: str, text: str) -> None:
    assert read(page).text == text

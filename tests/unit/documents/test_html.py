from __future__ import annotations

import io

import pytest

from qadesk.documents import html, parsing
from qadesk.errors import DocumentError


def read(page: str | bytes) -> parsing.Parsed:
    data = page.encode() if isinstance(page, str) else page
    return html.read(parsing.Source(io.BytesIO(data), "'x'"))


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("plain", "plain"),
        ("<p>One\n two\t <b>three</b>,  <i> four</i> </p>", "One two three, four"),
        ("<p>One<p>Two</p><div>Three</div>Four", "One\n\nTwo\n\nThree\nFour"),
        ("<h1>Title</h1>\n<p>Text</p>", "Title\n\nText"),
        ("<ul><li>One<li>Two</ul>After", "One\nTwo\n\nAfter"),
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
    assert read(page) == (text, (), ())


def test_a_guess_is_noted() -> None:
    assert read("<p>Das Café".encode("cp1252")) == ("Das Café", (), ("The encoding was guessed as Windows-1252.",))


def test_binary_is_refused() -> None:
    with pytest.raises(DocumentError, match="'x' is not a web page"):
        read(b"\0\1\2")


def test_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match="holds more than"):
        read("<p>12345<p>6789")

"""Web pages, single files of pages and Markdown made to fill or stop the program that reads them."""

from __future__ import annotations

import io
import random
from contextlib import suppress

import pytest
from bounds import SECONDS, within_bounds
from hypothesis import given, settings
from hypothesis import strategies as st

from qadesk.documents import html, markdown
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.structure.serial import from_lists, to_lists

DEEP = 10_000
TAGS = (
    "a b button caption dd div dl dt form h1 li math mi object ol option p pre ruby rt select sub sup svg table".split()
)
TAGS += "tbody td template textarea thead title tr ul xmp".split()


def page_of(data: str | bytes, seconds: float = SECONDS) -> Parsed:
    source = Source(io.BytesIO(data.encode() if isinstance(data, str) else data), "'a.html'")
    with within_bounds(seconds):
        return html.read(source)


def markdown_of(text: str) -> Parsed:
    with within_bounds():
        return markdown.read(Source(io.BytesIO(text.encode()), "'a.md'"))


@pytest.mark.parametrize(
    "tags",
    [
        *("<div>", "<ul><li>", "<ol reversed><li>", "<dl><dt>a<dd>", "<table><tr><td>", "<svg><g>", "<math><mrow>"),
        *("<sup>", "<ruby>", "<q>", "<b><p>", "<p><marquee>", "<section class=footnotes>", "<select><optgroup>"),
    ],
)
def test_nesting_costs_nothing(tags: str) -> None:
    parsed = page_of(tags * DEEP + "end")
    assert parsed.text.rstrip("”)").endswith("end")
    assert from_lists(to_lists(parsed.blocks), len(parsed.text)) == parsed.blocks


@pytest.mark.parametrize(
    ("page", "end"),
    [
        ("<p><marquee>" + "<span>" * 300 + "<div>x" * DEEP, "x"),  # far from the border of what may be closed
        ("<b><table><tr><td>" + "<span>" * 300 + "</b>" * DEEP + "x", "x"),
        ("<div>" * 300 + "<style>p{}</style><script>no()</script><title>no</title>x", "x"),
        ("<table>" + "<tr><td rowspan=65534 colspan=1000>x<td>y" * 5000, "y"),
        ("<table>" + "x<b>" * DEEP, "x"),
        ("<!-->" + "<!--" * DEEP + "-->x", "x"),
        ("1<sup>2</sup>" * DEEP, "^2"),
        ("a" + "<br>" * DEEP + "b", "b"),
        ("<![CDATA[" * DEEP + ">x", "x"),
        ("<a b='" * DEEP + "'>x", "x"),
        ("<p " + "a=1 " * DEEP + ">x", "x"),
        ("<xmp>" + "</xmp" * DEEP + "</xmp>x", "x"),
        ("<ol start=-5><li value=+9999999999999999999999>x", "999999999. x"),
    ],
    ids=lambda value: value[:16],
)
def test_much_of_anything_costs_little(page: str, end: str) -> None:
    assert page_of(page).text.endswith(end)


MANY = 20_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "sheet",
    [
        "".join(f".a.b{number}{{display:none}}" for number in range(MANY)),
        "".join(f"div .c{number} .a{{display:none}}" for number in range(MANY)),
        "".join(f"div > div div > .c{number} p{{visibility:hidden}}" for number in range(MANY)),
        ",".join(f"[data-x*=y{number}]" for number in range(MANY)) + "{display:none}",
        "p:not(" + ",".join(f".b{number}" for number in range(MANY)) + "){display:none}",
        "p" + "[data-x]" * MANY + "{display:none}",
        "p" + " p" * MANY + "{display:none}",
    ],
    ids=lambda value: value[:16],
)
def test_rules_times_elements_are_bounded(sheet: str) -> None:
    page = f"<style>{sheet}</style>" + "<div>" * 200 + f"<p class=a data-x='{'y' * 900}'>x" * MANY
    parsed = page_of(page, seconds=4)  # a bound on rules that made it 2 would be met by real pages
    assert parsed.text.count("x") == MANY
    assert set(parsed.notes) <= {"The page has too many styles to apply: hidden parts of it may be in the text."}


@pytest.mark.parametrize(
    "sheet",
    [
        "@media all{" * MANY + "p{display:none}",
        "{" * MANY + "p{display:none}",
        "}" * MANY + "p{display:none}",
        "p{" * MANY + "display:none",
        "'" * MANY + "p{display:none",
        "'\\" * MANY,
        "/*" * MANY,
        "url( " * MANY + "'",
        "[" * MANY + "{display:none}",
        "\\a" * MANY + "{display:none}",
        ":not(" * MANY + "{display:none}",
        "[a='" + "\\" * MANY + "{display:none}",
        "@media " + "(a) and " * MANY + "{p{display:none}}",
        "@media " + "not " * MANY + "{p{display:none}}",
        "p{display:none " + "x " * MANY + "}",
        "p{" + "display:none;" * MANY + "}",
        "p" + " " * MANY + ">" + " " * MANY + "{display:none}",
    ],
    ids=lambda value: value[:16],
)
def test_sheets_made_to_stop_the_reader(sheet: str) -> None:
    assert page_of(f"<style>{sheet}</style><p>x").text in ("x", "")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + ["x ", "<br>"]), max_size=80
    )
)
def test_any_tags_make_valid_blocks(pieces: list[str]) -> None:
    parsed = page_of("".join(pieces))
    assert from_lists(to_lists(parsed.blocks), len(parsed.text)) == parsed.blocks


HEAD = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"--b\n" * 100_000,
        HEAD + b"--b\nContent-Type: multipart/related; boundary=b\n\n" * 1000,
        HEAD.replace(b'"b"', b'""') + b"x",
        HEAD + b"--b\n" + b"A: b\n" * 100_000,
        HEAD + b"--b\nContent-Type: image/png\n\nx\n--b--",
        HEAD + b"--b\nContent-Type: text/html; charset=no-such\nContent-Transfer-Encoding: base64\n\n*%$\n--b--",
        b"MIME-Version: 1.0\nContent-Type: text/html;" + b"\n a=b;" * 10_000,
    ],
    ids=["parts", "nested", "boundary", "headers", "picture", "base64", "parameters"],
)
def test_a_broken_single_file_is_refused_or_empty(data: bytes) -> None:
    with suppress(DocumentError):
        assert len(page_of(data).text) < 20


def test_a_single_file_with_bytes_changed() -> None:
    data = (
        HEAD
        + b"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+dGV4dA==\n--b--\n"
    )
    assert page_of(data).text == "text"
    rng = random.Random(7)
    for _ in range(500):
        changed = bytearray(data)
        for _ in range(rng.randrange(1, 5)):
            changed[rng.randrange(len(data))] = rng.randrange(256)
        with suppress(DocumentError):
            page_of(bytes(changed))


@pytest.mark.parametrize(
    "source",
    [
        *("[" * 20_000, "![" * 20_000, "*a " * 20_000, "a**" * 20_000, "> " * 20_000, "- " * 20_000, "`" * 20_000),
        *("[^a" * 20_000, "[a](" * 20_000, "[a](<" * 20_000, "<" * 20_000, "~~a" * 20_000, "*_" * 20_000, "|" * 20_000),
        "|a" * 100 + "\n" + "|-" * 100 + "\n" + "x\n" * 250,
        "".join(f"[a{number}]: x\n" for number in range(5000)),
        "".join("`" * number + " " for number in range(300)),
        "[a]: x '" + "\n[a]: x (" * 5000,
        "".join(f"{'  ' * depth}- a\n" for depth in range(300)),
        "<div>" * 20_000,
    ],
    ids=lambda value: value[:8].strip(),
)
def test_markdown_that_takes_others_long(source: str) -> None:
    parsed = markdown_of(source + "\n\nThe end.")
    assert from_lists(to_lists(parsed.blocks), len(parsed.text)) == parsed.blocks
    assert "The end." in parsed.text or "<" in source or "`" in source or "[a]" in source


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"[]()*_`~|<>!#-+:^ \n\tx1.", "\n\n", "    ", "---\n", "[^1]", "```", "<b>", "| a |"]),
        max_size=60,
    )
)
def test_any_markdown_is_read(pieces: list[str]) -> None:
    parsed = markdown_of("".join(pieces))
    assert from_lists(to_lists(parsed.blocks), len(parsed.text)) == parsed.blocks

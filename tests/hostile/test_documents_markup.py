"""LaTeX and reStructuredText made to take time and memory, or to reach other files."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from bounds import reply_within_bounds, within_bounds

from qadesk.documents import rst, tex
from qadesk.documents.parsing import Parsed, Source

MANY = 20_000
TEX = [
    "\\newcommand{\\a}{\\a\\a}\\a",
    "\\def\\a{\\b\\b}\\def\\b{\\a\\a}\\a",
    "\\newcommand{\\a}[1]{#1#1}" + "\\a{" * 60 + "x" + "}" * 60,
    "\\newenvironment{a}{\\begin{a}}{}\\begin{a}",
    "\\let\\a\\b\\let\\b\\a\\a",
    "\\title{\\maketitle\\title{\\maketitle}}\\maketitle",
    "\\emph{" * MANY,
    "\\footnote{" * MANY,
    "\\begin{a}" * MANY,
    "\\end{a}" * MANY,
    "\\begin{itemize}\\item " * MANY,
    "\\begin{tabular}{l}" * MANY + "x",
    "\\begin{tabular}{l}" + "&" * MANY,
    "\\begin{comment}" * MANY,
    "\\begin{equation}" * MANY,
    "\\begin{verbatim}" * MANY,
    "\\begin{longtable}{l}a\\\\\\endfirsthead " * MANY,
    "\\verb" * MANY,
    "\\cite[" * MANY,
    "\\newcommand{\\a}[" * MANY,
    "\\( " * MANY,
    "$" + "x^{" * MANY,
    "$" + "x_{" * 3000 + "x" + "}" * 3000 + "$",
    "$" + "\\frac" * MANY + "$",
    "$" + "\\sqrt[" * MANY + "$",
    "\\iffalse " * MANY,
    ("\n" + " " * 1000) * 500,
]
RST = [
    "**a " * MANY,
    "`a " * MANY,
    "|a " * MANY,
    "a-b" * MANY + "_",
    ":a." * MANY + ":`x`",
    "[a" * MANY,
    "\\" * MANY,
    "* " * MANY,
    "".join(f"{' ' * depth}* a\n" for depth in range(1500)),
    "".join(f"{' ' * depth}a\n" for depth in range(1500)),
    "".join(f"{'   ' * depth}.. note:: a\n\n" for depth in range(500)),
    ".. |a| replace:: |a|\n" * MANY + "|a| " * MANY,
    ".. a:: b\n" * MANY,
    "a\n====\n" * MANY,
    "+-" * MANY + "+\n|a",
    ("+" * 500 + "\n") * 500,
    ("+-" * 200 + "+\n" + "| " * 200 + "|\n") * 200 + "+-" * 200 + "+",
    "\n".join(["+" + "-" * 600 + "+", *["|" + " " * 600 + "+"] * 600]),
    "== " * MANY + "\n" + "a " * MANY + "\n" + "== " * MANY,
    '.. csv-table:: a\n\n   "' + "a\n   " * MANY,
    "--aaaaaaaaaa, " * MANY + "!",
    "--" + "-a" * MANY + "!",
    ("+-" * 70 + "+\n" + "| " * 70 + "|\n") * 70 + "+-" * 70 + "+",
    (("+" + "-" * 199) * 2 + "+\n") * 2 + (("+" + " " * 199) * 2 + "+\n") * 400,
    ".. math:: " + "\\frac" * MANY,
    ":math:`" + "x^" * MANY + "`",
]


def parsed_soon(read: Callable[[Source], Parsed], text: str) -> Parsed:
    """What ``read`` makes of ``text``, within the bounds of hostile files."""
    with within_bounds():
        parsed = read(Source(io.BytesIO(text.encode()), "'x'"))
    assert all(0 <= block.start < block.end <= len(parsed.text) for block in parsed.blocks)
    return parsed


@pytest.mark.parametrize("text", TEX, ids=lambda text: text[:20])
def test_latex_ends_soon(text: str) -> None:
    assert parsed_soon(tex.read, f"\\par {text}")


@pytest.mark.parametrize("text", RST, ids=lambda text: text[:20])
def test_restructuredtext_ends_soon(text: str) -> None:
    assert parsed_soon(rst.read, f"``a``\n\n{text}\n\n``a``\n")


def test_commands_that_grow_are_shown_as_they_are() -> None:
    text = "\\newcommand{\\a}{\\a\\a}\\a"
    tracemalloc.start()  # the time is measured above: tracing takes some itself
    parsed = tex.read(Source(io.BytesIO(text.encode()), "'x'"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parsed.text == text
    assert parsed.notes == ("The LaTeX in this file is too complex: it is shown as it is, with its commands.",)
    assert peak < 100_000_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tex", "\\newcommand{\\a}{\\begin{tabular}{l}a&b\\\\c\\end{tabular}\\a}\\a"),
        ("a.rst", "``a``\n\n" + "--aaaaaaaaaa, " * MANY + "!"),
        ("b.rst", "``a``\n\n" + ("+-" * 200 + "+\n" + "| " * 200 + "|\n") * 200 + "+-" * 200 + "+"),
    ],
    ids=["macro", "options", "grid"],
)
def test_the_child_reads_it_in_little_time_and_memory(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert reply_within_bounds(tmp_path / name)["text"]

"""LaTeX and reStructuredText made to take time and memory, or to reach other files."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest

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
    ".. math:: " + "\\frac" * MANY,
    ":math:`" + "x^" * MANY + "`",
]


def seconds(read: object, text: str) -> tuple[Parsed, float]:
    assert callable(read)
    start = time.process_time()  # of this process: others may be running
    parsed = read(Source(io.BytesIO(text.encode()), "'x'"))
    return parsed, time.process_time() - start


@pytest.mark.parametrize("text", TEX, ids=lambda text: text[:20])
def test_latex_ends_soon(text: str) -> None:
    parsed, taken = seconds(tex.read, f"\\par {text}")
    assert taken < 4
    assert all(0 <= block.start < block.end <= len(parsed.text) for block in parsed.blocks)


@pytest.mark.parametrize("text", RST, ids=lambda text: text[:20])
def test_restructuredtext_ends_soon(text: str) -> None:
    parsed, taken = seconds(rst.read, f"``a``\n\n{text}\n\n``a``\n")
    assert taken < 4
    assert all(0 <= block.start < block.end <= len(parsed.text) for block in parsed.blocks)


def test_commands_that_grow_are_shown_as_they_are() -> None:
    text = "\\newcommand{\\a}{\\a\\a}\\a"
    tracemalloc.start()
    parsed, _ = seconds(tex.read, text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parsed.text == text
    assert parsed.notes == ("The LaTeX in this file is too complex: it is shown as it is, with its commands.",)
    assert peak < 100_000_000

"""Plain text made to cost time: the recognition of structure and the guess of the encoding stay linear."""

from __future__ import annotations

import pytest

from qadesk.documents.encoding import decode
from qadesk.structure.plain import blocks_of

LENGTH = 200_000  # in quadratic time each of these would take minutes
PIECES = {
    "one line": "x", "one word a line": "x\n", "spaces": " ", "line ends": "\n", "tabs": "a\t", "bars": "a|",
    "columns": "a  b\n", "gaps": "a  ", "items": "- a\n", "numbers": "1. a\n", "clauses": "1.1.", "keys": "a: b\n",
    "commas": "a,b,c\n", "quotes": '",', "capitals": "AAAA\n", "code": "    x=1;\n", "borders": "|--|\n",
    "rules": "---\n", "wrapped": "word " * 14 + "\n", "separators": "\u2028a", "wide": "漢字\n", "leaders": ".....\n",
}  # fmt: skip


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES.keys())
def test_the_structure_of_much_of_the_same(piece: str) -> None:
    text = piece * (LENGTH // len(piece))
    blocks = blocks_of(text)
    assert sum(block.end - block.start for block in blocks) >= 0.3 * len(text) or not text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("a" * (number % 300) + "  b" for number in range(7_000)),
        "\n".join(" " * (number % 1_500) + "x" for number in range(1_400)),
        "\n".join("a\t" * (number % 600) for number in range(1_500)),
        "\n".join(f"({'x' * (number % 7)})" for number in range(100_000)),
    ],
    ids=["columns that move", "indentation", "rows of any length", "marks"],
)
def test_lines_that_fit_together_only_for_a_while(text: str) -> None:
    assert blocks_of(text)


@pytest.mark.parametrize(
    "piece",
    [b"\xff", b"caf\xe9 ", b"\x80", "é".encode() + b"\xff", "é".encode() + b" \x92 ", b"a" * 11 + b"\0", b"\x1b$B",
     b"\0", "日本語".encode("cp932"), b"\xef\xbb\xbf"],
)  # fmt: skip
def test_the_encoding_of_much_of_the_same(piece: bytes) -> None:
    decoded = decode(piece * (LENGTH // len(piece)))
    assert decoded is None or "\0" not in decoded.text

"""reStructuredText is read as it is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsed_texts import assert_changes_are_read, assert_sound, first_table, kinds_and_texts, parsed_by

from qadesk import documents
from qadesk.documents import rst
from qadesk.documents.file_source import source_of
from qadesk.documents.parsing import Parsed
from qadesk.errors import DocumentError

PARTS = [
    "* ", "1. ", "#. ", "(a) ", "\n", "\n\n", "\n  ", "\n\n   ", "word ", "**a**", "*", "``", "`", "`_", ":ref:`a",
    ".. ", "note::", " x\n", "::\n", "====\n", "----\n", "+---+---+\n", "| a | b |\n", "+===+===+\n", "=== ===\n",
    "a   b\n", ".. list-table::\n\n   * - a\n     - b\n", ".. csv-table:: t\n   :header: a, b\n\n   1, 2\n",
    ".. [#] n\n", "[#]_ ", ".. [1] n\n", "|a|", ".. |a| replace:: b\n", ":f: v\n", "term\n  def\n", "-a  opt\n",
    ">>> 1\n", "| line\n", ".. code-block:: c\n\n   x\n", ".. figure:: a\n   :alt: b\n\n   cap\n", "é", "世界",
    ".. math::\n\n   \\frac{a}{b}\n", ".. versionadded:: 3\n", "__ a\n", "\t", "   ",
]  # fmt: skip
GRID = """\
+------------+------------+-----------+
| Header 1   | Header 2   | Header 3  |
+============+============+===========+
| row 1      | 価格       | column 3  |
+------------+------------+-----------+
| row 2      | Over two columns.      |
+------------+------------+-----------+
| row 3      | Over       | - one     |
+------------+ rows.      | - two     |
| row 4      |            |           |
+------------+------------+-----------+
"""
SIMPLE = """\
=====  =====  ======
   Inputs     Output
------------  ------
  A      B    A or B
=====  =====  ======
False         False
True   False  True,
              surely
=====  =====  ======
"""


def read(source: str | bytes) -> Parsed:
    return parsed_by(rst.read, source)


def blocks(source: str) -> list[tuple[str, str]]:
    return kinds_and_texts(read(source))


def cells(source: str) -> list[list[tuple[str, int, bool, bool]]]:
    return first_table(read(source))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A *soft*\nbreak, **strong** and ``code * x``.", "A soft break, strong and code * x."),
        ("`the list <http://a.b>`_, `other`__, link_ and `<b.html>`__", "the list, other, link and b.html"),
        (":ref:`night <x>` :py:class:`~a.b.Ship` :func:`!open` `x`:math: :pep:`8`", "night Ship open x PEP 8"),
        (":math:`\\frac{1}{2}` and :sub:`2` x\\ :sup:`3`", "1/2 and 2 x^3"),
        ("2 * 3 * 4, *.txt, a_b_c, __init__ and \\*args", "2 * 3 * 4, *.txt, a_b_c, __init__ and *args"),
        ("|name| |other|\n\n.. |name| replace:: the *great*\n   harbour", "the great harbour other"),
        ("See [1]_ and [#]_ and [CIT]_.\n\n.. [1] A note.\n.. [#] Two.\n.. [CIT] Three.",
         "See [1] and [2] and [CIT].\n\n1. A note.\n\n2. Two.\n\n[CIT] Three."),
        ("a ``b``\n\n.. comment\n   more\n\n.. _target: http://x\n__ http://y\n\nc", "a b\n\nc"),
        ("a ``b``\n\n  quoted\n\n----\n\nc", "a b\n\nquoted\n\nc"),
        ("| one ``a``\n| two", "one a\ntwo"),
    ],
)  # fmt: skip
def test_text_has_no_marks(source: str, text: str) -> None:
    assert read(source).text == text


def test_structure() -> None:
    source = (
        "=====\nRules\n=====\n\n:Author: Ida *Kern*\n:Version: 1\n\nFees\n====\n\nPart\n----\n\n"
        "Fees again\n==========\n\n"
        "#. one\n#. two\n\n   more\n\n   * in\n\n5. five\n6. six\n\n(a) first\n(b) second\n\n"
        "Term\n  Meaning\n  goes on.\n\n"
        "-a, --all  Show all\n\nCode::\n\n    x = 1\n      y\n\n>>> 1 + 1\n2\n"
    )
    assert blocks(source) == [
        ("heading", "Rules"),
        ("pair", "Author: Ida Kern"),
        ("pair", "Version: 1"),
        ("heading", "Fees"),
        ("heading", "Part"),
        ("heading", "Fees again"),
        ("item", "1. one"),
        ("item", "2. two"),
        ("paragraph", "more"),
        ("item", "• in"),
        ("item", "5. five"),
        ("item", "6. six"),
        ("item", "(a) first"),
        ("item", "(b) second"),
        ("pair", "Term\nMeaning goes on."),
        ("pair", "-a, --all Show all"),
        ("paragraph", "Code:"),
        ("code", "x = 1\n  y"),
        ("code", ">>> 1 + 1\n2"),
    ]
    parsed = read(source)
    assert [part.level for part in parsed.blocks if part.kind == "heading"] == [1, 2, 3, 2]
    assert [part.level for part in parsed.blocks if part.kind == "item"] == [1, 1, 2, 1, 1, 1, 1]
    values = [parsed.text[part.body : part.end] for part in parsed.blocks if part.kind == "pair"]
    assert values == ["Ida Kern", "1", "Meaning goes on.", "Show all"]


def test_a_grid() -> None:
    assert cells(GRID) == [
        [("Header 1", 1, True, False), ("Header 2", 1, True, False), ("Header 3", 1, True, False)],
        [("row 1", 1, False, False), ("価格", 1, False, False), ("column 3", 1, False, False)],
        [("row 2", 1, False, False), ("Over two columns.", 2, False, False)],
        [("row 3", 1, False, False), ("Over rows.", 1, False, False), ("• one\n• two", 1, False, False)],
        [("row 4", 1, False, False), ("", 1, False, True), ("", 1, False, True)],
    ]
    broken = GRID.replace("| row 1", "  row 1")
    assert {kind for kind, _ in blocks(broken)} <= {"code", "table", "paragraph"}


def test_a_simple_table() -> None:
    assert cells(SIMPLE) == [
        [("Inputs", 2, True, False), ("Output", 1, True, False)],
        [("A", 1, True, False), ("B", 1, True, False), ("A or B", 1, True, False)],
        [("False", 1, False, False), ("", 1, False, False), ("False", 1, False, False)],
        [("True", 1, False, False), ("False", 1, False, False), ("True, surely", 1, False, False)],
    ]


def test_tables_of_directives() -> None:
    source = '.. csv-table:: Fees\n   :header: "Boat", Fee\n\n   "Small, *open*", 10\n   Large, 20\n'
    assert blocks(source)[0] == ("caption", "Fees")
    assert [[(text, header) for text, _, header, _ in row] for row in cells(source)] == [
        [("Boat", True), ("Fee", True)],
        [("Small, open", False), ("10", False)],
        [("Large", False), ("20", False)],
    ]
    source = ".. list-table:: Crew\n   :header-rows: 1\n   :stub-columns: 1\n\n   * - Name\n"
    source += "     - Role\n   * - Ida\n     - A\n"
    assert [[(text, header) for text, _, header, _ in row] for row in cells(source)] == [
        [("Name", True), ("Role", True)],
        [("Ida", True), ("A", False)],
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (".. note:: Open it\n   now.\n\n   More.", [("paragraph", "Note: Open it now."), ("paragraph", "More.")]),
        (".. admonition:: By the way\n\n   Text.", [("paragraph", "By the way: Text.")]),
        (".. versionadded:: 3.2\n   The gate.", [("paragraph", "New in version 3.2: The gate.")]),
        (".. deprecated:: 3.2", [("paragraph", "Deprecated since version 3.2.")]),
        (".. code-block:: c\n   :caption: Demo\n\n   x *y*", [("caption", "Demo"), ("code", "x *y*")]),
        (".. figure:: a.png\n   :alt: A boat\n\n   The *boat*.\n\n   More.",
         [("paragraph", "A boat"), ("caption", "The boat."), ("paragraph", "More.")]),
        (".. math::\n\n   E = mc^2", [("paragraph", "E = mc^2")]),
        (".. py:function:: open(x)\n   :async:\n\n   Opens.", [("paragraph", "open(x)"), ("paragraph", "Opens.")]),
        (".. container:: big\n\n   Text.", [("paragraph", "Text.")]),
        (".. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\nText.", [("paragraph", "Text.")]),
    ],
)  # fmt: skip
def test_directives(source: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(source) == expected


def test_other_files_are_named_and_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    path = tmp_path / "a.rst"
    path.write_text(
        "AB\n==\n\n.. include:: secret.txt\n\n.. csv-table:: T\n   :file: secret.csv\n\n.. literalinclude:: b.py\n\n"
        ".. raw:: html\n   :file: secret.txt\n\n.. raw:: html\n\n   <script>run()</script>\n\nText."
    )
    document = documents.read(path)
    assert (document.kind, document.text) == ("rst", "AB\n\nT\n\nText.")
    assert document.notes == (
        "The file takes in other files, which were not read: 'secret.txt', 'secret.csv', 'b.py'.",
    )
    assert [entry.title for entry in document.outline] == ["AB"]
    assert source_of(path).text.startswith("AB\n==\n")


def test_a_text_without_marks_is_shown_as_it_is() -> None:
    text = "No marks.\r\nIt costs 5 & 3.\r\n"
    assert read(text).text == text


def test_encodings() -> None:
    assert read(b".. -*- coding: latin-1 -*-\n\ncaf\xe9 ``x``").text == "café x"
    with pytest.raises(DocumentError, match="'x' does not hold text"):
        read(b"\0\1\2")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
def test_any_marks_are_read(source: str) -> None:
    assert_sound(read(f"``a``\n\n{source}"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8))
def test_changed_bytes_raise_nothing_else(changes: list[tuple[int, int]]) -> None:
    source = f"{GRID}\n{SIMPLE}\n* ``a``\n\n  b\n\n.. note:: c\n\n:d: e\n"
    assert_changes_are_read(rst.read, source.encode(), changes)

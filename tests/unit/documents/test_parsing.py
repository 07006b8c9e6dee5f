from __future__ import annotations

import pytest

from qadesk.documents import parsing
from qadesk.documents.parsing import Writer
from qadesk.errors import DocumentError


def test_breaks_that_meet_are_merged() -> None:
    out = Writer("'x'")
    out.block(2)
    out.write("a")
    out.block(1)
    out.block(2)
    out.block(1)
    out.write("b")
    out.block(2)
    assert out.text == "a\n\nb"


def test_lines_add_up_and_line_ends_that_are_there_count() -> None:
    out = Writer("'x'")
    out.write("a")
    out.line()
    out.line()
    out.write("b\n")
    out.block(2)
    out.write("c")
    assert out.text == "a\n\nb\n\nc"


def test_cells_are_divided_by_tabs_and_rows_by_line_ends() -> None:
    out = Writer("'x'")
    out.write("before")
    out.block(2)
    for row in (("a", "b"), ("", "d"), ("", "")):
        out.row()
        for cell in row:
            out.cell()
            out.write(cell)
            out.block(1)
    assert out.text == "before\n\na\tb\n\td\n\t"


def test_is_at_line_start() -> None:
    out = Writer("'x'")
    found = [out.is_at_line_start]
    for text in ("a", "b\n", "c"):
        out.write(text)
        found.append(out.is_at_line_start)
    out.line()
    assert [*found, out.is_at_line_start] == [True, False, True, False, True]


def test_text_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 3_000_000)
    out = Writer("'x'")
    out.write("a" * 3_000_000)
    with pytest.raises(DocumentError, match=r"'x' holds more than 3 million characters"):
        out.write("a")

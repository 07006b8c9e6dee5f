from __future__ import annotations

import pytest

from qadesk.documents import parsing
from qadesk.documents.parsing import Writer
from qadesk.errors import DocumentError


def test_breaks_that_meet_are_merged() -> None:
    writer = Writer("'x'")
    writer.block(2)
    writer.write("a")
    writer.block(1)
    writer.block(2)
    writer.block(1)
    writer.write("b")
    writer.block(2)
    assert writer.text == "a\n\nb"


def test_lines_add_up_and_line_ends_that_are_there_count() -> None:
    writer = Writer("'x'")
    writer.write("a")
    writer.line()
    writer.line()
    writer.write("b\n")
    writer.block(2)
    writer.write("c")
    assert writer.text == "a\n\nb\n\nc"


def test_cells_are_divided_by_tabs_and_rows_by_line_ends() -> None:
    writer = Writer("'x'")
    writer.write("before")
    writer.block(2)
    for row in (("a", "b"), ("", "d"), ("", "")):
        writer.row()
        for cell in row:
            writer.cell()
            writer.write(cell)
            writer.block(1)
    assert writer.text == "before\n\na\tb\n\td\n\t"


def test_is_at_line_start() -> None:
    writer = Writer("'x'")
    states = [writer.is_at_line_start]
    for text in ("a", "b\n", "c"):
        writer.write(text)
        states.append(writer.is_at_line_start)
    writer.line()
    assert [*states, writer.is_at_line_start] == [True, False, True, False, True]


def test_text_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 3_000_000)
    writer = Writer("'x'")
    writer.write("a" * 3_000_000)
    with pytest.raises(DocumentError, match=r"'x' holds more than 3 million characters"):
        writer.write("a")

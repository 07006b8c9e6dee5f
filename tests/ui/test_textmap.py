"""Offsets and positions, compared with a real QTextDocument."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QPlainTextDocumentLayout

from qadesk.structure import Block, Cell
from qadesk.ui.document.display_text import display_text
from qadesk.ui.document.textmap import TextMap

ODD = "\r\n\u2028\u2029\u0085\x00\x0b\x0c\ufeff\ufffe\uffff\ufffc\ufdd0\ufdd1\ufddf\ud800\udfff\u00a0\t😀𝒳\u0301\u200fא"
texts = st.text(st.one_of(st.sampled_from(ODD), st.characters(codec=None)), max_size=40)


def widget_text(text: str, start: int, end: int, blocks: Sequence[Block] = ()) -> str:
    """The text that a QTextDocument with ``text`` selects from ``start`` to ``end``."""
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    document.setPlainText(display_text(text, blocks))
    text_map = TextMap(text)
    assert text_map.position(len(text)) == document.characterCount() - 1  # nothing was dropped or added
    cursor = QTextCursor(document)
    cursor.setPosition(text_map.position(start))
    cursor.setPosition(text_map.position(end), QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText().replace("\u2029", "\n")


def displayed_part(text: str, start: int, end: int) -> str:
    """The same, without Qt: a line end made of two characters is shown where its first one is."""
    return "".join(
        display_text(text[at]) for at in range(start, end) if not (text[at] == "\n" and at and text[at - 1] == "\r")
    )


@given(texts, st.data())
@settings(max_examples=300, deadline=None)
def test_positions_select_exactly_the_span(qapp: QApplication, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert widget_text(text, start, end) == displayed_part(text, start, end)


@st.composite
def texts_with_blocks(draw: st.DrawFn) -> tuple[str, tuple[Block, ...]]:
    """A text, and blocks that ``from_lists`` would take, at any offsets."""
    text = draw(st.text(st.sampled_from("ab \t\r\n\u2028\x0c😀\ufeffא"), min_size=1, max_size=40))
    borders = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    blocks = []
    for start, end in pairwise(borders):
        kind = draw(st.sampled_from(["paragraph", "item", "table", "code"]))
        body = draw(st.integers(start, end))
        offsets = sorted(draw(st.lists(st.integers(start, end), min_size=4, max_size=4)))
        cells = (Cell(offsets[0], offsets[1]), Cell(offsets[2], offsets[3], 1))
        rows = ((cells,), ((cells[0],), (), (cells[1],)))[draw(st.integers(0, 1))] if kind == "table" else ()
        blocks.append(Block(kind, start, end, 1, body, draw(st.booleans()), rows))
    return text, tuple(blocks)


@given(texts_with_blocks(), st.data())
@settings(max_examples=300, deadline=None)
def test_positions_select_exactly_the_span_whatever_the_blocks(
    qapp: QApplication, text_and_blocks: tuple[str, tuple[Block, ...]], data: st.DataObject
) -> None:
    text, blocks = text_and_blocks
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown, plain = widget_text(text, start, end, blocks), displayed_part(text, start, end)
    assert len(shown) == len(plain)
    assert all(here == there or there.isspace() for here, there in zip(shown, plain, strict=True))


def test_what_blocks_change_in_the_text_that_is_shown() -> None:
    assert display_text("a \n  b\nc", [Block("paragraph", 0, 8, is_wrapped=True)]) == "a \u200b\u200b\u200bb c"
    text = "One line\r\nand two.\n- by\npost\nx\ty\nz\tw\nשלום\n• אב"
    blocks = (
        Block("paragraph", 0, 18, is_wrapped=True),
        Block("item", 19, 28, 1, 21, is_wrapped=True),
        Block("table", 29, 36, rows=((Cell(29, 30), Cell(31, 32, 1)), (Cell(33, 34), Cell(35, 36, 1)))),
        Block("item", 42, 46, 1, 44),
    )
    assert display_text(text, blocks) == "One line and two.\n-\tby post\nx\u2028y\nz\u2028w\nשלום\n• אב"
    assert display_text(text) == text.replace("\r\n", "\n")


@given(texts)
@settings(deadline=None)
def test_offsets_come_back(text: str) -> None:
    text_map = TextMap(text)
    for offset in range(len(text) + 1):
        mapped_offset = text_map.offset(text_map.position(offset))
        assert text_map.position(mapped_offset) == text_map.position(offset)
        assert mapped_offset == offset or text[offset : offset + 1] == "\n"


def test_every_shown_character_keeps_its_number() -> None:
    everything = "".join(chr(code) for code in range(0x11000))
    assert len(display_text(everything)) == len(everything)
    assert display_text("a\r\nb\rc\u2028d\ufeff\x00\x07é😀") == "a\nb\nc\nd\u2060\ufffd é😀"


@pytest.mark.parametrize("before", [4093, 4094, 4095, 4096, 4097, 8191])
def test_steps_do_not_cut_pairs(qapp: QApplication, before: int) -> None:
    for odd in ("\r\n", "😀", "\r\n\r\n😀\r\n"):
        text = "x" * before + odd + "answer" + odd
        start = before + len(odd)
        assert widget_text(text, start, start + 6) == "answer"


def test_two_million_characters_are_quick() -> None:
    text = "The keeper 😀 lit\r\nthe lamp. " * 74_000
    start_time = time.perf_counter()
    text_map = TextMap(text)
    display_text(text)
    assert time.perf_counter() - start_time < 1.0
    start_time = time.perf_counter()
    for offset in range(0, len(text), 2_000):
        assert text_map.offset(text_map.position(offset)) in (offset, offset + 1)
    assert time.perf_counter() - start_time < 1.0


def test_a_very_long_line_is_ended_at_a_space_and_nothing_moves(qapp: QApplication) -> None:
    text = "word " * 10_000 + "answer" + " word" * 10_000 + "x" * 50_000
    assert max(len(line) for line in display_text(text).split("\n")) < 70_000
    assert "\n" in display_text(text)
    assert len(display_text(text)) == len(text)
    start = text.index("answer")
    assert widget_text(text, start, start + 6) == "answer"


def test_offsets_outside_are_the_ends() -> None:
    text_map = TextMap("a😀")
    assert [text_map.position(offset) for offset in (-5, 0, 2, 99)] == [0, 0, 3, 3]
    assert text_map.offset(99) == 2


def test_a_part_has_the_positions_of_a_widget_that_shows_it_alone() -> None:
    text = "One 😀 two. " * 200 + "x" * 2000 + "three 😀"
    text_map, start, end = TextMap(text), 700, 3900
    part, alone = text_map.part(start, end), TextMap(text[start:end])
    for offset in range(start, end + 1, 7):
        assert part.position(offset) == alone.position(offset - start)
        assert part.offset(part.position(offset)) == offset
    assert [part.position(offset) for offset in (0, len(text))] == [0, alone.position(end - start)]
    assert part.offset(10**6) == end
    assert part.part(0, len(text)).position(900) == text_map.position(900)

"""The plain text of a mail as text and blocks: lines that flow, and what is quoted from other messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from qadesk.documents.parsing import Parsed
from qadesk.documents.writer import Writer
from qadesk.structure import Block, shifted
from qadesk.structure.plain import blocks_of

_MARKS = re.compile(r"(?:>[ ]?)+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SIGNATURE = "-- "
_MAX_DEPTH = 20
_MAX_GROUPS = 2_000  # of lines that are quoted, and not, in turns


class _MailLine(NamedTuple):
    depth: int  # how many '>' are before it
    text: str


def write_plain(text: str, writer: Writer, *, is_flowed: bool = False, drops_space: bool = False) -> None:
    """Write the body ``text``. Each quoted paragraph begins with its marks, '> ', and has none within.

    ``is_flowed`` and ``drops_space``: format=flowed and DelSp=yes of RFC 3676, where a line that ends with a space
    goes on in the next one.
    """
    clean = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines: Iterator[_MailLine] = map(_line_of, clean.split("\n"))
    if is_flowed:
        lines = _joined(lines, drops_space=drops_space)
    for depth, group in islice(groupby(lines, lambda line: line.depth), _MAX_GROUPS):
        _write_group("\n".join(line.text for line in group), depth, writer)
    _write_group("\n".join(line.text for line in lines), 0, writer)  # what more groups than any mail has leave


def _write_group(text: str, depth: int, writer: Writer) -> None:
    """Write ``text``, of which each line had so many marks before it."""
    body = text.strip("\n")
    if body.strip():
        writer.block(2)
        writer.append(_quoted(body, ">" * depth + " ") if depth else Parsed(body, blocks=blocks_of(body)))
        writer.block(2)


def _line_of(line: str) -> _MailLine:
    marks = _MARKS.match(line)
    if not marks:
        return _MailLine(0, line)
    return _MailLine(min(marks[0].count(">"), _MAX_DEPTH), line[marks.end() :])


def _joined(lines: Iterable[_MailLine], *, drops_space: bool) -> Iterator[_MailLine]:
    """The lines with those that flow into one another joined. One space before the text of a line only protects it."""
    depth, pieces = 0, list[str]()
    for line in lines:
        text = line.text.removeprefix(" ") if not line.depth else line.text
        if pieces and (line.depth != depth or text == _SIGNATURE):
            yield _MailLine(depth, "".join(pieces).rstrip(" "))
            pieces.clear()
        depth = line.depth
        is_soft = text.endswith(" ") and text != _SIGNATURE
        pieces.append(text[:-1] if is_soft and drops_space else text)
        if not is_soft:
            yield _MailLine(depth, "".join(pieces))
            pieces.clear()
    if pieces:
        yield _MailLine(depth, "".join(pieces).rstrip(" "))


def _quoted(text: str, mark: str) -> Parsed:
    """``text`` with ``mark`` before each paragraph and item."""
    pieces: list[str] = []
    blocks: list[Block] = []
    place = added = 0
    for block in blocks_of(text):
        if block.kind not in ("paragraph", "item"):
            blocks.append(shifted(block, added))
            continue
        pieces += [text[place : block.start], mark]
        place, start = block.start, block.start + added
        added += len(mark)
        moved = shifted(block, added)
        body = moved.body if block.kind == "item" else start
        blocks.append(Block(block.kind, start, moved.end, block.level, body, block.is_wrapped))
    return Parsed("".join((*pieces, text[place:])), blocks=tuple(blocks))

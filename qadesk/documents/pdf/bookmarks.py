"""The outline of a PDF file: its bookmarks, and where they are in the text."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from qadesk.structure import OutlineEntry

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MAX_BOOKMARKS = 10_000
_MAX_DEPTH = 16
_MAX_TITLE = 500  # characters
_MAX_BESIDE = 50  # lines beside one another


class PlacedLine(NamedTuple):
    """A line of the text and its box, in points of the page before its rotation. ``offset``: where it starts."""

    offset: int
    left: float
    bottom: float
    top: float


class Bookmark(NamedTuple):
    """An entry of a file's outline. ``level`` counts from 1, ``page_index`` from 0.

    ``y`` and ``x`` are the place on the page that it leads to, in points of the page before its rotation, where known.
    """

    title: str
    level: int
    page_index: int
    y: float | None = None
    x: float | None = None


def bookmarks(document: PdfDocument) -> list[Bookmark]:
    """The bookmarks of ``document`` that lead to a page of it and have a title, in their order.

    At most 10,000 are looked at, down to the 16th level.
    """
    entries = []
    for handle, level in islice(_handles(document), _MAX_BOOKMARKS):
        title = _title(handle)
        page_index, y, x = _target(document, handle)
        if title and page_index >= 0:
            entries.append(Bookmark(title, level, page_index, y, x))
    return entries


def _handles(document: PdfDocument) -> Iterator[tuple[Any, int]]:
    """The bookmarks of pdfium with their levels, each once: a damaged outline may lead back to itself."""
    from pypdfium2 import raw

    seen: set[int] = set()
    waiting = [(raw.FPDFBookmark_GetFirstChild(document, None), 1)]
    while waiting:
        handle, level = waiting.pop()
        if not handle or ctypes.addressof(handle.contents) in seen:
            continue
        seen.add(ctypes.addressof(handle.contents))
        yield handle, level
        waiting.append((raw.FPDFBookmark_GetNextSibling(document, handle), level))
        if level < _MAX_DEPTH:
            waiting.append((raw.FPDFBookmark_GetFirstChild(document, handle), level + 1))


def _title(handle: Any) -> str:
    """The title on one line, its start if it is long; '' if it cannot be read."""
    from pypdfium2 import raw

    size = raw.FPDFBookmark_GetTitle(handle, None, 0)
    if size > 1_000_000:
        return ""
    buffer = ctypes.create_string_buffer(size + 2)
    raw.FPDFBookmark_GetTitle(handle, buffer, size)
    title = buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in title[: 2 * _MAX_TITLE]).split())[:_MAX_TITLE]


def _target(document: PdfDocument, handle: Any) -> tuple[int, float | None, float | None]:
    """The index of the page that a bookmark leads to, -1 for none, and the place on it: y and x."""
    from pypdfium2 import raw

    action = raw.FPDFBookmark_GetAction(handle)
    is_elsewhere = action and raw.FPDFAction_GetType(action) != raw.PDFACTION_GOTO
    target = None if is_elsewhere else raw.FPDFBookmark_GetDest(document, handle)
    if not target:
        return -1, None, None
    return raw.FPDFDest_GetDestPageIndex(document, target), *_place(target)


def _place(target: Any) -> tuple[float | None, float | None]:
    from pypdfium2 import raw

    flags = [raw.FPDF_BOOL() for _ in range(3)]
    x, y, zoom = (ctypes.c_float() for _ in range(3))
    if raw.FPDFDest_GetLocationInPage(target, *flags, x, y, zoom):  # /XYZ left top zoom
        return _finite(y) if flags[1] else None, _finite(x) if flags[0] else None
    count = ctypes.c_ulong()
    numbers = (ctypes.c_float * 4)()
    view = raw.FPDFDest_GetView(target, count, numbers)
    top = {raw.PDFDEST_VIEW_FITH: 0, raw.PDFDEST_VIEW_FITBH: 0, raw.PDFDEST_VIEW_FITR: 3}.get(view, 4)
    return (_finite(ctypes.c_float(numbers[top])) if top < count.value else None), None


def _finite(number: ctypes.c_float) -> float | None:
    return number.value if isfinite(number.value) else None


def outline(
    entries: Sequence[Bookmark], page_starts: Sequence[int], lines: Mapping[int, Iterable[PlacedLine]]
) -> tuple[OutlineEntry, ...]:
    """``entries`` with their offsets in the text: of the line that each leads to, or of the start of its page.

    ``page_starts``: the offset of each page. ``lines``: those of each page, by its index, in any order; without those
    of a page its start is taken. A level is at most one deeper than that before.
    """
    placed: list[OutlineEntry] = []
    levels: list[int] = []
    sorted_lines: dict[int, list[PlacedLine]] = {}
    for entry in entries:
        page = entry.page_index
        if page >= len(page_starts):
            continue
        while levels and levels[-1] >= entry.level:
            levels.pop()
        levels.append(entry.level)
        if page not in sorted_lines:
            sorted_lines[page] = sorted(lines.get(page, ()), key=_depth)
        line = None if entry.y is None else _line_at(sorted_lines[page], entry.y, entry.x or 0)
        placed.append(OutlineEntry(entry.title, len(levels), line.offset if line else page_starts[page]))
    return tuple(placed)


def _depth(line: PlacedLine) -> float:
    """Less for lines higher on the page. A place on the base line of a line is still that line."""
    return -(line.bottom + 0.15 * (line.top - line.bottom))


def _line_at(lines: Sequence[PlacedLine], y: float, x: float) -> PlacedLine | None:
    """The first of ``lines`` (from the top down) at or below ``y``; of those beside one another that nearest ``x``."""
    first = bisect_left(lines, -y, key=_depth)
    beside = list(takewhile(lambda line: line.top > lines[first].bottom, lines[first : first + _MAX_BESIDE]))
    return min(beside, key=lambda line: (abs(line.left - x), line.offset), default=None)

"""Finds the headers and footers of pages: lines at their edges that come again on the next pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from qadesk.documents.pdf.page_pieces import PagePieces
from qadesk.documents.pdf.rows import Line

_AT_AN_EDGE = 4  # lines of a header or footer
_NEAR = 6.0  # points that it may stand higher or lower on another page
_NUMBER = re.compile(r"\d+")
_PAGE = re.compile(
    r"\W*(?:page|seite|página|pagina|side|sida|sivu|strona)\s+\d+(?:\s*(?:/|of|von|de|di|sur)\s*\d+)?\W*", re.I
)
_LONE_NUMBER = re.compile(r"\W*(\d{1,5})(?:\s*(?:/|of|von|de|di|sur)\s*(\d{1,5}))?\W*", re.I)
_FAR = 2.0  # of the height: a page number stands further from the text than lines from one another
_ROMAN = re.compile(r"[\W_]*[ivxlc]{1,6}[\W_]*", re.IGNORECASE)


class _EdgeLine(NamedTuple):
    """A line at the edge of a page: at the top it counts from the top of the text, else from its bottom."""

    page: int
    y: float
    text: str


def running_lines(pages: Sequence[PagePieces]) -> list[tuple[int, int]]:
    """How many of the first and of the last lines of each page are header and footer. Rows of ruled tables are none."""
    places: dict[tuple[bool, str], list[_EdgeLine]] = defaultdict(list)
    for number, page in enumerate(pages):
        for is_top, line in _edges(page.lines):
            if page.rules.area_at(line.left, line.middle):
                continue
            places[is_top, _key(line.text)].append(_EdgeLine(number, line.top, line.text))
    repeated = {key: _repeated_on(found) for key, found in places.items() if len(found) > 1}
    return [_counts(number, page, len(pages), repeated) for number, page in enumerate(pages)]


def _edges(lines: Sequence[Line]) -> list[tuple[bool, Line]]:
    size = min(_AT_AN_EDGE, len(lines))
    return [(True, line) for line in lines[:size]] + [(False, line) for line in lines[len(lines) - size :]]


def _key(text: str) -> str:
    if _ROMAN.fullmatch(text):
        return "#"
    return " ".join(_NUMBER.sub("#", text.casefold()).split())[:200]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(digits[:9]) for digits in _NUMBER.findall(text)[:20])


def _repeated_on(places: Sequence[_EdgeLine]) -> set[int]:
    """The pages whose line at these places comes again on one of the next pages, or did on one of those before."""
    pages: set[int] = set()
    for number, place in enumerate(places):
        for other in places[number + 1 : number + 4]:
            if other.page - place.page > 3:
                break
            if other.page > place.page and abs(other.y - place.y) < _NEAR and _agree(place, other):
                pages |= {place.page, other.page}
    return pages


def _agree(place: _EdgeLine, other: _EdgeLine) -> bool:
    """Whether the numbers are the same, or have grown as those of the pages."""
    numbers, other_numbers = _numbers(place.text), _numbers(other.text)
    if len(numbers) != len(other_numbers):
        return False
    pairs = zip(numbers, other_numbers, strict=True)
    return all(after - before in (0, other.page - place.page) for before, after in pairs)


def _counts(number: int, page: PagePieces, count: int, repeated: dict[tuple[bool, str], set[int]]) -> tuple[int, int]:
    lines = page.lines

    def is_running(is_top: bool, line: Line) -> bool:
        if page.rules.area_at(line.left, line.middle):
            return False
        return number in repeated.get((is_top, _key(line.text)), ()) or _PAGE.fullmatch(line.text) is not None

    edge = min(_AT_AN_EDGE, len(lines))
    top = next((n for n in range(edge) if not is_running(True, lines[n])), edge)
    edge = min(_AT_AN_EDGE, len(lines) - top)
    bottom = next((n for n in range(edge) if not is_running(False, lines[-1 - n])), edge)
    if bottom == 0 and _ends_with_number(lines, number + 1, count):
        bottom = 1
    return (0, 0) if top + bottom == len(lines) else (top, bottom)


def _ends_with_number(lines: Sequence[Line], number: int, count: int) -> bool:
    """Whether the last of ``lines``, far below the others, is the ``number`` of the page, one of ``count``."""
    match = _LONE_NUMBER.fullmatch(lines[-1].text) if len(lines) > 1 else None
    if match is None or int(match[1]) != number or (match[2] and int(match[2]) != count):
        return False
    return lines[-2].bottom - lines[-1].top > _FAR * max(lines[-1].height, lines[-2].height)

"""Lines of a page: pieces that stand side by side."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median

from qadesk.documents.pdf.markers import ends_sentence, marker_length
from qadesk.documents.pdf.pieces import Piece

WIDE_GAP = 0.75
"""Of the height: wider gaps may be those between cells or columns."""

_TOUCHING = 0.1  # of the height: pieces that are nearer belong to one word
_SPACE = 0.3  # of the height
_UPON = -0.5  # of the height: the left part of a piece stands upon the other
_HYPHENS = ("-", "‐")
_OTHER_SIZE = 1.8  # a drop cap or a bracket over several lines


class Line:
    """Pieces side by side, in reading order. The place is in points, as that of the pieces.

    ``is_divided``: it ends within a word that goes on on the next line. ``is_sentence_end``: it ends as a sentence
    does. ``is_small``: it begins with a small letter. ``marker``: how many of its characters are the number or bullet
    of a list item. ``numbers``: how many of its pieces are a number that stands far left of the text.
    """

    __slots__ = (
        "bottom",
        "height",
        "is_bold",
        "is_divided",
        "is_rtl",
        "is_sentence_end",
        "is_small",
        "left",
        "marker",
        "numbers",
        "pieces",
        "right",
        "size",
        "text",
        "top",
    )

    def __init__(self, pieces: list[Piece]) -> None:
        first = pieces[0]
        self.pieces = pieces
        self.left, self.right, self.bottom, self.top = first.left, first.right, first.bottom, first.top
        self.size, self.is_bold, self.is_rtl, self.text = first.size, first.is_bold, first.is_rtl, first.text
        self.height = first.height
        self.numbers = 0
        if len(pieces) > 1:
            self._join()
        text = self.text
        self.is_divided = self.pieces[-1].mark != "" or (text[-1:] in _HYPHENS and text[-2:-1].isalnum())
        self.is_sentence_end = ends_sentence(text)
        self.is_small = text[:1].islower()
        self.marker = marker_length(text)

    def _join(self) -> None:
        self.pieces = sorted(self.pieces, key=lambda piece: (piece.left, piece.right))
        self.left = self.pieces[0].left
        self.right = max(piece.right for piece in self.pieces)
        if any(piece.is_rtl for piece in self.pieces):
            rtl = sum(len(piece.text) for piece in self.pieces if piece.is_rtl)
            self.is_rtl = 2 * rtl > sum(len(piece.text) for piece in self.pieces)
            if self.is_rtl:
                self.pieces.sort(key=lambda piece: -piece.right)
        for piece in self.pieces[:-1]:
            if piece.mark == "\xad":  # a soft hyphen shows at the end of a line only
                piece.text, piece.mapped, piece.mark = piece.text[:-1], piece.mapped - 1, ""
        longest = max(self.pieces, key=lambda piece: len(piece.text))
        self.bottom, self.top, self.height, self.size = longest.bottom, longest.top, longest.height, longest.size
        self.is_bold = all(piece.is_bold for piece in self.pieces)
        self.text = "".join([part for piece, space in self.parts() for part in (space, piece.text)])

    @property
    def middle(self) -> float:
        """Half-way between bottom and top."""
        return (self.bottom + self.top) / 2

    @property
    def overlaps(self) -> bool:
        """Whether some of the pieces stand upon each other, on nearly the same base line."""
        pairs = itertools.pairwise(self.pieces)
        return any(
            self.gap(number) < -0.25 and abs(before.bottom - after.bottom) < 0.35 * after.height
            for number, (before, after) in enumerate(pairs, 1)
        )

    def join_number(self, count: int) -> None:
        """Take the first ``count`` pieces as the number of the list item that the line is, however far its text is."""
        self.numbers = count
        self.marker = self.marker or len(self.pieces[0].text) + 1

    def gap(self, number: int) -> float:
        """The gap before the piece ``number`` (not the first), as a share of the height; a space behind a number."""
        if number <= self.numbers:
            return _SPACE
        before, after = self.pieces[number - 1], self.pieces[number]
        gap = before.left - after.right if self.is_rtl else after.left - before.right
        return gap / min(before.height, after.height)

    def parts(self) -> list[tuple[Piece, str]]:
        """Each piece with what stands before it: a space, or nothing within a word."""
        parts = [(self.pieces[0], "")]
        for number in range(1, len(self.pieces)):
            before, piece, gap = self.pieces[number - 1], self.pieces[number], self.gap(number)
            is_glued = piece.glued_to == before.first >= 0 and gap < WIDE_GAP
            is_word = (is_glued or _UPON < gap <= _TOUCHING) and not _is_mark(before, piece)
            parts.append((piece, "" if is_word else " "))
        return parts

    def cells(self, least: float = WIDE_GAP) -> list[Line]:
        """The line cut at its gaps that are wider than ``least``, a share of the height."""
        if len(self.pieces) == 1:
            return [self]
        cuts = [0] + [n for n in range(1, len(self.pieces)) if self.gap(n) > least] + [len(self.pieces)]
        if len(cuts) == 2:
            return [self]
        return [Line(self.pieces[low:high]) for low, high in itertools.pairwise(cuts)]


def _is_mark(before: Piece, after: Piece) -> bool:
    """Whether one of two numbers is a raised mark, which would change the other."""
    low, high = sorted((before.height, after.height))
    is_raised = low < 0.85 * high and abs(before.bottom - after.bottom) > 0.1 * high
    return is_raised and before.text[-1].isdigit() and after.text[0].isdigit()


def lines_from_top(pieces: Sequence[Piece]) -> list[Line]:
    """The lines that ``pieces`` make, from the top of the page down."""
    lines: list[list[Piece]] = []
    reference: Piece | None = None
    for piece in sorted(pieces, key=_depth):
        if reference is not None and _is_beside(reference, piece):
            lines[-1].append(piece)
            if reference.height < piece.height < _OTHER_SIZE * reference.height:
                reference = piece
        else:
            lines.append([piece])
            reference = piece
    return [Line(line) for line in lines]


def _depth(piece: Piece) -> float:
    """Twice how far the middle of ``piece`` is below the zero of the page."""
    return -piece.bottom - piece.top


def _is_beside(one: Piece, other: Piece) -> bool:
    """Whether ``other``, whose middle is not higher than that of ``one``, is on the same line."""
    bottom, top = one.bottom, other.top
    if top <= bottom:
        return False
    low, high = one.height, other.height
    if high < low:
        low, high = high, low
    if high > _OTHER_SIZE * low:
        return abs(bottom - other.bottom) < 0.35 * low
    if top - bottom <= 0.5 * low:  # as between most lines
        return False
    return min(one.top, top) - max(bottom, other.bottom) > 0.5 * low


def usual_height(lines: Sequence[Line]) -> float:
    """The median height of ``lines`` in points."""
    return median([line.height for line in lines]) if lines else 1.0

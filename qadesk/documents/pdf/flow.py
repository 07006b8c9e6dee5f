"""The order of all drafts of a document, with what goes on in the next column or on the next page joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median

from qadesk.documents.pdf.column_sides import is_full
from qadesk.documents.pdf.drafts import DIVIDED, Draft, break_after

_WORD = re.compile(r"\w+(?:[-‐]\w+)*")
_LAST_WORD = re.compile(r"\w+(?:[-‐]\w+)*$")
_LONGEST_ACRONYM = 4
_LONGEST_WORD = 200  # a longer one is looked at from its end, not from each of its characters
_ASIDE = ("header", "footer", "footnote", "caption", "table")


def in_order(pages: Iterable[Sequence[Draft]]) -> list[Draft]:
    """The drafts of all pages; headers, footers and notes come behind the paragraph that they interrupt."""
    drafts: list[Draft] = []
    pages = list(pages)
    width = _usual_width(pages)
    last: Draft | None = None
    is_interrupted = False
    place: tuple[int, int] = (0, 0)
    for page in pages:
        for draft in page:
            if draft.kind in _ASIDE:
                is_interrupted |= draft.kind in ("caption", "table")
                drafts.append(draft)
                continue
            is_elsewhere = (draft.pages[0], draft.column) != place
            place = (draft.pages[0], draft.column)
            if last and is_elsewhere and _goes_on(last, draft, width, small_only=is_interrupted):
                _append(last, draft)
            else:
                drafts.append(draft)
                last = draft if draft.kind in ("paragraph", "item") else None
            is_interrupted = False
    return drafts


def _usual_width(pages: Iterable[Sequence[Draft]]) -> float:
    widths = [line.right - line.left for page in pages for draft in page if not draft.grid for line in draft.lines]
    return median(widths) if widths else 0.0


def _goes_on(before: Draft, after: Draft, width: float, *, small_only: bool) -> bool:
    """Whether ``after`` is the rest of the paragraph ``before``. ``width``: of most lines in points."""
    last, first = before.lines[-1], after.lines[0]
    if after.kind != "paragraph" or "\n" in before.breaks or not 0.9 < last.size / first.size < 1.1:
        return False
    if first.is_small and (last.is_divided or (not last.is_sentence_end and len(before.text) > 10)):
        return True
    if small_only or last.is_sentence_end or last.is_bold != first.is_bold or len(last.text) < 20:
        return False
    return last.right - last.left > 0.8 * width and is_full(last, first, before.column_right)


def _append(draft: Draft, other: Draft) -> None:
    draft.breaks += [break_after(draft.lines[-1]), *other.breaks]
    draft.lines += other.lines
    draft.pages += other.pages
    draft.column_right = other.column_right


class Hyphens:
    """Knows which words at line ends keep their hyphen, by how the document itself spells them."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        drafts = list(drafts)
        self._words: set[str] = set()
        if any(DIVIDED in draft.breaks for draft in drafts):
            for draft in drafts:
                self._words.update(_WORD.findall(draft.text.casefold()))

    def are_dropped(self, before: str, after: str) -> bool:
        """Whether the word that the line ``before`` ends with goes on in the line ``after`` without a hyphen."""
        first, second = _LAST_WORD.search(before[-_LONGEST_WORD:-1]), _WORD.match(after)
        if first is None or second is None:
            return False
        one, two = first[0], second[0]
        if f"{one}-{two}".casefold() in self._words:
            return False
        if (one + two).casefold() in self._words and one[-1:].isalpha():
            return True
        if one.isupper() and two.isupper():
            return min(len(one), len(two)) > _LONGEST_ACRONYM
        return one[-1].islower() and two[0].islower()

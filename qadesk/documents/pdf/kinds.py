"""Tells headings, captions and footnotes among the drafts of a whole document: by size, weight and place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from qadesk.documents.pdf.drafts import Draft
from qadesk.documents.pdf.markers import ends_sentence, is_caption, is_footnote

_LONGEST_HEADING = 200
_LONGEST_CAPTION = 600
_LEAST_PROSE = 0.25  # of the text of a document: less may be no more than titles and notes of tables
_NUMBERED = ".0123456789"


def tell_kinds(pages: Sequence[Sequence[Draft]]) -> None:
    """Set ``kind`` and ``level`` of the drafts of each page, which are in reading order."""
    drafts = [draft for page in pages for draft in page]
    size, is_bold = _body_font(drafts)
    for page in pages:
        _tell_footnotes(page, size)
        for draft in page:
            if draft.kind in ("paragraph", "item"):
                if _is_caption(draft):
                    draft.kind, draft.marker = "caption", 0
                elif _is_heading(draft, size, is_bold):
                    draft.kind, draft.marker = "heading", 0
    _set_levels([draft for draft in drafts if draft.kind == "heading"])
    for page in pages:
        _set_depths(page)


def _body_font(drafts: Iterable[Draft]) -> tuple[float, bool]:
    """The size in points and the weight that most of the text has, without that of tables if there is enough other."""
    drafts = list(drafts)
    prose = [draft for draft in drafts if not draft.grid]
    if sum(len(draft.text) for draft in prose) > _LEAST_PROSE * sum(len(draft.text) for draft in drafts):
        drafts = prose
    lengths: dict[tuple[float, bool], int] = defaultdict(int)
    for draft in drafts:
        for line in draft.lines:
            lengths[line.size, line.is_bold] += len(line.text)
    sizes: Counter[float] = Counter()
    bold = 0
    for (size, is_bold), length in lengths.items():
        sizes[round(size * 4) / 4] += length
        bold += length * is_bold
    return (sizes.most_common(1)[0][0] if sizes else 10.0), 2 * bold > sizes.total()


def _tell_footnotes(page: Sequence[Draft], size: float) -> None:
    """The small text that the bottom of the page ends with, from the first mark on."""
    start = len(page)
    for number in range(len(page) - 1, -1, -1):
        draft = page[number]
        if draft.kind in ("header", "footer"):
            continue
        if draft.kind not in ("paragraph", "item") or draft.size > 0.93 * size:
            break
        if is_footnote(draft.text):
            start = number
    for draft in page[start:]:
        if draft.kind in ("paragraph", "item"):
            draft.kind = "footnote"
            draft.marker = 0


def _is_caption(draft: Draft) -> bool:
    """Whether ``draft`` begins as a caption does. Several lines of the kind are a list."""
    is_long = len(draft.text) >= _LONGEST_CAPTION
    return not is_long and is_caption(draft.text) and not any(is_caption(line.text) for line in draft.lines[1:])


def _is_heading(draft: Draft, size: float, is_bold: bool) -> bool:
    if len(draft.lines) > 3:
        return False
    text = draft.text
    if len(text) > _LONGEST_HEADING or sum(map(str.isalpha, text)) < 2:
        return False
    if draft.size >= 1.15 * size:
        return not (len(text) > 60 and ends_sentence(text))
    is_set_off = draft.is_bold and not is_bold and draft.size >= 0.95 * size
    is_bullet = draft.marker > 0 and not text[0].isalnum() and text[0] != "("
    return is_set_off and not is_bullet and len(draft.lines) <= 2 and text[-1] not in ".,;:"


def _set_levels(headings: Sequence[Draft]) -> None:
    """Levels by size, the largest first; headings of one size by the depth of their number."""
    sizes: list[float] = []
    for value in sorted({round(draft.size, 1) for draft in headings}, reverse=True):
        if not sizes or value < 0.93 * sizes[-1]:
            sizes.append(value)
    ranks = [1 + sum(value > 1.07 * draft.size for value in sizes) for draft in headings]
    depths = [_depth(draft.text) for draft in headings]
    least: dict[int, int] = {}
    for rank, depth in zip(ranks, depths, strict=True):
        least[rank] = min(depth, least.get(rank, depth))
    for draft, rank, depth in zip(headings, ranks, depths, strict=True):
        draft.level = min(6, rank + depth - least[rank])


def _depth(text: str) -> int:
    """How many parts the number has that ``text`` begins with: 2 for "2.1 Fire", at least 1."""
    number = text.split(maxsplit=1)[0].strip(".")
    return 1 + number.count(".") if number and all(c in _NUMBERED for c in number) else 1


def _set_depths(page: Sequence[Draft]) -> None:
    """Levels of list items, by how far they are indented under those before."""
    indents: list[float] = []
    for draft in page:
        if draft.kind != "item":
            if draft.kind != "paragraph" or draft.left <= (indents[0] if indents else 0):
                indents = []
            continue
        while indents and draft.left < indents[-1] - 3:
            indents.pop()
        if not indents or draft.left > indents[-1] + 3:
            indents.append(draft.left)
        draft.level = min(9, len(indents))

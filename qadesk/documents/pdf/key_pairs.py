"""Finds keys with values, and clauses, among the paragraphs of a document, as plain text has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qadesk.documents.pdf.drafts import Draft
from qadesk.structure.plain.key_lines import is_lone_pair, value_start

_CLAUSE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+(?=\S)")

_LONGEST_KEY = 50
_NEAR = 0.6  # of the height: between a key and the value below it

Clause = tuple[int, ...]


def mark_clauses(drafts: Iterable[Draft]) -> None:
    """Make items of the paragraphs that go on with the numbers of the clauses before: 2.3 after 2.2."""
    before: Clause = ()
    for draft in drafts:
        if draft.kind not in ("paragraph", "item", "heading"):
            continue
        match = _CLAUSE.match(draft.lines[0].text)
        if match is None:
            continue
        clause = tuple(map(int, match[1].split(".")))
        if draft.kind == "paragraph":
            if clause != (*before[:-1], before[-1] + 1 if before else 0):
                continue
            draft.kind, draft.marker = "item", match.end()
        before = clause


def with_pairs(drafts: Iterable[Draft]) -> list[Draft]:
    """``drafts`` with those lines of paragraphs as pairs that are a key and its value."""
    parts = [part for draft in drafts for part in (_cut(draft) if draft.kind == "paragraph" else (draft,))]
    pairs: list[Draft] = []
    for part in parts:
        if pairs and _is_value_below(pairs[-1], part):
            key = pairs[-1]
            key.kind, key.marker = "pair", len(key.text) + 1
            key.breaks += [" ", *part.breaks]
            key.lines += part.lines
            key.pages += part.pages
        else:
            pairs.append(part)
    return pairs


def _is_value_below(key: Draft, part: Draft) -> bool:
    """Whether ``key`` is a bold line with a colon, and ``part`` its value, right below and further to the right."""
    if key.kind != "paragraph" or part.kind != "paragraph" or len(key.lines) != 1 or key.pages != part.pages[:1]:
        return False
    line, first = key.lines[0], part.lines[0]
    if not (line.is_bold and line.text.endswith(":") and not first.is_bold and len(line.text) <= _LONGEST_KEY):
        return False
    gap = (line.bottom - first.top) / line.height
    return -0.5 < gap < _NEAR and part.left > line.left + 0.7 * line.height


def _cut(draft: Draft) -> Iterator[Draft]:
    """The pairs in ``draft``, and what is between them as paragraphs."""
    parts = _single_lines(draft)
    starts = [value_start(part.text) or 0 for part in parts]
    waiting: Draft | None = None
    for number, part in enumerate(parts):
        start = starts[number]
        has_neighbour = any(starts[max(0, number - 1) : number]) or any(starts[number + 1 : number + 2])
        is_alone = len(part.lines) == 1 and is_lone_pair(part.text, start)
        is_pair = 0 < start <= len(part.lines[0].text) and (has_neighbour or is_alone)
        if waiting and not is_pair and (waiting.kind == "paragraph" or _goes_on(waiting, part)):
            _append(waiting, part)
            continue
        if waiting:
            yield waiting
        waiting = part
        if is_pair:
            part.kind, part.marker = "pair", start
    if waiting:
        yield waiting


def _goes_on(pair: Draft, part: Draft) -> bool:
    """Whether ``part``, which has no key, goes on with the value of the ``pair`` above it."""
    line = part.lines[0]
    return line.left > pair.left + 0.7 * line.height or (line.is_small and not pair.lines[-1].is_sentence_end)


def _append(draft: Draft, part: Draft) -> None:
    draft.breaks += ["\n", *part.breaks]
    draft.lines += part.lines
    draft.pages += part.pages


def _single_lines(draft: Draft) -> list[Draft]:
    """The parts of ``draft`` between its line ends."""
    ends = [number for number, after in enumerate(draft.breaks, 1) if after == "\n"]
    return [_part(draft, low, high) for low, high in zip([0, *ends], [*ends, len(draft.lines)], strict=True)]


def _part(draft: Draft, low: int, high: int) -> Draft:
    lines, breaks, pages = draft.lines[low:high], draft.breaks[low : high - 1], draft.pages[low:high]
    return Draft("paragraph", lines, breaks, pages, draft.column_right, draft.column, draft.is_upright)

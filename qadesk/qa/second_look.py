"""The best spans of a text of several windows, each read once more with only the words around it.

In a window of 256 tokens other sentences mislead a small model; with a few lines around it, a wrong span convinces it
less. So each of the ``LOOKS`` best spans is read again in an *excerpt* of its window: the ``EXCERPT`` tokens around it,
cut at the borders of blocks and rows where there are some. A token that was read twice gets a weighted mean of both
logits, each measured against half of the null score that it was read with; a = ``SHARE``:

    s'_i = null / 2 + (1 - a) * (s_i - null / 2) + a * (x_i - null_x / 2)       x_i: the start logit of i in the excerpt

and the end logits likewise; several excerpts with the same token count as one, their mean. So a span inside an excerpt
has the same mean of both its scores, spans of one window still compare, and what ``qadesk.qa.decode`` defines holds for
the windows with their new logits. ``recipe/README.md`` has what it is worth.

A text of one window has no second look, and passages of many documents have none: there it was worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from qadesk.qa.decode import Span
from qadesk.qa.window_logits import WindowLogits
from qadesk.qa.windows import Window

LOOKS = 3
"""Spans that are read again."""

EXCERPT = 80
"""Tokens of an excerpt: some 50 words. At most half of those of a window."""

SHARE = 1 / 3
"""The weight of what is read in an excerpt. With a half as many best spans are right, but the weight of all spans tells
less whether there is an answer."""


def look_again(
    questions: Sequence[tuple[Sequence[WindowLogits], Sequence[Span]]],
    score: Callable[[Sequence[Window]], Iterable[WindowLogits]],
) -> list[list[WindowLogits]]:
    """Give the second look to ``questions``: for each of them those of its windows that it changed, in their place.

    A question is all of its windows as they were read, and its best spans. ``score`` reads windows, of any questions.
    """
    cut = [(window, number) for number, (rows, spans) in enumerate(questions) for window in excerpts(rows, spans)]
    cut.sort(key=lambda pair: len(pair[0]), reverse=True)
    owners = dict(cut)
    looks: list[list[WindowLogits]] = [[] for _ in questions]
    for row in score([window for window, _ in cut]):
        looks[owners[row.window]].append(row)
    return [read_twice(rows, again) for (rows, _), again in zip(questions, looks, strict=True)]


def excerpts(rows: Sequence[WindowLogits], spans: Iterable[Span]) -> list[Window]:
    """An excerpt around each of ``spans``, the best ``LOOKS`` of what was read in ``rows``; none twice."""
    if len(rows) < 2:
        return []
    question, document = rows[0].window.question, rows[0].window.document
    size = min(EXCERPT, max(row.window.end - row.window.start for row in rows) // 2)
    places = set()
    for span in spans:
        owner = next(row.window for row in rows if row.window.own_start <= span.first < row.window.own_end)
        places.add(_around(owner, span.first, span.last, size))
    return [Window(question, document, start, end, start, end) for start, end in sorted(places)]


def read_twice(rows: Iterable[WindowLogits], looks: Sequence[WindowLogits]) -> list[WindowLogits]:
    """Put the means in the place of the logits of ``rows`` where they share tokens with the excerpts ``looks``.

    Returns those that do.
    """
    changed = [row for row in rows if any(_shared(row.window, look.window) for look in looks)]
    for row in changed:
        _put_mean(row, looks)
    return changed


def _around(window: Window, first: int, last: int, size: int) -> tuple[int, int]:
    """The tokens ``start:end`` of the excerpt of ``window`` around the tokens ``first..last``."""
    start = max(window.start, min(first, (first + last + 1 - size) // 2, window.end - size))
    end = min(window.end, max(last + 1, start + size))
    borders = window.document.borders
    before = borders[(borders >= start) & (borders <= first)]
    behind = borders[(borders > last) & (borders <= end)]
    return int(before[0]) if len(before) else start, int(behind[-1]) if len(behind) and end < window.end else end


def _put_mean(row: WindowLogits, looks: Sequence[WindowLogits]) -> None:
    window, size = row.window, len(row.window)
    sums, counts = np.zeros((2, size)), np.zeros(size)
    for look in looks:
        shared = _shared(window, look.window)
        here, there = _columns(window, shared), _columns(look.window, shared)
        sums[:, here] += np.stack([look.starts[there], look.ends[there]]) - look.null_half
        counts[here] += 1
    is_shared, null_half = counts > 0, row.null_half
    for logits, total in zip((row.starts, row.ends), sums, strict=True):
        first = logits[is_shared] - null_half
        logits[is_shared] = null_half + (1 - SHARE) * first + SHARE * total[is_shared] / counts[is_shared]


def _shared(one: Window, other: Window) -> range:
    """The tokens of the document that are in both windows."""
    return range(max(one.start, other.start), min(one.end, other.end))


def _columns(window: Window, tokens: range) -> slice:
    """The columns of ``tokens`` in the logits of ``window``; none for no tokens."""
    shift = len(window.question.head) - window.start
    return slice(tokens.start + shift, max(tokens.start, tokens.stop) + shift)

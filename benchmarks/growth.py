"""How time and memory grow with the length of a text, each length in a process of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.fresh import Opened, in_fresh_process
from benchmarks.long_text import planted_book
from benchmarks.results import megabytes, milliseconds, table
from benchmarks.texts import QuestionSource
from benchmarks.timing import growth

Say = Callable[[str], None]


def measure(
    source: QuestionSource, sizes: Sequence[int], seed: int, *, model: Path, device: str, say: Say
) -> dict[int, Opened]:
    """Open and ask texts of so many pages; short ones several times, as their times are short."""
    found = {}
    for pages in sizes:
        text, facts = planted_book(source, pages, max(1, min(5, 300 // pages)), seed)
        found[pages] = in_fresh_process(text, facts, model, device)
        say(f"{pages} pages: {_seconds(found[pages]):.2f} s a question")
    return found


def growth_table(found: dict[int, Opened]) -> str:
    """A line a length, and a sentence on the slopes."""
    sizes = sorted(found)
    fit = growth(sizes, [_seconds(found[pages]) for pages in sizes]) if len(sizes) > 1 else None
    least = found[sizes[0]]
    rows = []
    for number, pages in enumerate(sizes):
        each = found[pages]
        grown = each.size - least.size
        rows.append(
            [
                f"{pages:,}",
                f"{each.questions[0].windows:,}",
                f"{each.prepared:.2f}",
                f"{median(_or_never(one.right) for one in each.questions):.2f}",
                f"{_seconds(each):.2f}",
                milliseconds(_seconds(each) / each.questions[0].windows),
                milliseconds(_seconds(each) / pages),
                f"{fit.deviations[number]:+.1%}" if fit else "-",
                megabytes(each.size),
                megabytes(each.memory),
                f"{(each.memory - least.memory) / grown:.1f} ×" if grown else "-",
                megabytes(each.card_memory) if each.card_memory else "-",
            ]
        )
    header = ["pages", "windows", "read ahead, s", "first right, s", "end, s", "ms a window", "ms a page"]
    header += [
        "ms a page to slope",
        "text, MB",
        "memory above idle, MB",
        "its growth to the text's",
        "card's memory, MB",
    ]
    lines = [table(header, rows)]
    if fit:
        lines.append(
            f"Time to the end: {1000 * fit.slope:.2f} ms a page (straight line); "
            f"it grows with the {fit.power:.3f}th power of the pages (1 is in proportion)."
        )
    return "\n\n".join(lines)


def _seconds(opened: Opened) -> float:
    return median(each.end for each in opened.questions)


def _or_never(right: float | None) -> float:
    return math.inf if right is None else right

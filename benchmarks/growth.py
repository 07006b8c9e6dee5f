"""How time and memory grow with the length of a text, each length in a process of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.fresh import TextMeasurement, in_fresh_process
from benchmarks.long_text import planted_book
from benchmarks.results import megabytes, milliseconds, table
from benchmarks.texts import QuestionSource
from benchmarks.timing import growth

PrintLine = Callable[[str], None]


def measure(
    source: QuestionSource, sizes: Sequence[int], seed: int, *, model: Path, device: str, print_line: PrintLine
) -> dict[int, TextMeasurement]:
    """Open and ask texts of so many pages; short ones several times, as their times are short."""
    measurements = {}
    for pages in sizes:
        text, facts = planted_book(source, pages, max(1, min(5, 300 // pages)), seed)
        measurements[pages] = in_fresh_process(text, facts, model, device)
        print_line(f"{pages} pages: {_seconds(measurements[pages]):.2f} s a question")
    return measurements


def growth_table(measurements: dict[int, TextMeasurement]) -> str:
    """A line a length, and a sentence on the slopes."""
    sizes = sorted(measurements)
    fit = growth(sizes, [_seconds(measurements[pages]) for pages in sizes]) if len(sizes) > 1 else None
    smallest = measurements[sizes[0]]
    rows = []
    for number, pages in enumerate(sizes):
        text = measurements[pages]
        growth_of_text = text.size - smallest.size
        rows.append(
            [
                f"{pages:,}",
                f"{text.questions[0].windows:,}",
                f"{text.prepared:.2f}",
                f"{median(_or_never(question.right) for question in text.questions):.2f}",
                f"{_seconds(text):.2f}",
                milliseconds(_seconds(text) / text.questions[0].windows),
                milliseconds(_seconds(text) / pages),
                f"{fit.deviations[number]:+.1%}" if fit else "-",
                megabytes(text.size),
                megabytes(text.memory),
                f"{(text.memory - smallest.memory) / growth_of_text:.1f} ×" if growth_of_text else "-",
                megabytes(text.card_memory) if text.card_memory else "-",
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


def _seconds(measurement: TextMeasurement) -> float:
    return median(question.end for question in measurement.questions)


def _or_never(right: float | None) -> float:
    return math.inf if right is None else right

"""Sentences about some of the pages of a document, or of what it has in their place."""

from __future__ import annotations

from itertools import pairwise

_MAX_RANGES = 8


def page_note(numbers: list[int], one: str, several: str, unit: str = "page") -> str:
    """A note about pages: 'Pages 2, 5-7 and 12 have ...', with the first few ranges only; '' for no pages."""
    if not numbers:
        return ""
    named = named_pages(numbers, unit)
    return (one if len(numbers) == 1 else several).format(named)


def named_pages(numbers: list[int], unit: str = "page") -> str:
    """'Page 2', 'Pages 2, 5-7 and 12', or with the first few ranges only: '40 pages (1, 3, ... and others)'."""
    if len(numbers) == 1:
        return f"{unit.title()} {numbers[0]}"
    starts = [numbers[0]] + [after for before, after in pairwise(numbers) if after != before + 1]
    ends = [before for before, after in pairwise(numbers) if after != before + 1] + [numbers[-1]]
    ranges = [str(low) if low == high else f"{low}-{high}" for low, high in zip(starts, ends, strict=True)]
    if len(ranges) > _MAX_RANGES:
        return f"{len(numbers)} {unit}s ({', '.join(ranges[:_MAX_RANGES])} and others)"
    named = " and ".join(filter(None, (", ".join(ranges[:-1]), ranges[-1])))
    return f"{unit.title()}s {named}"

"""Reads the Markdown tables of the benchmarks."""

from __future__ import annotations


def cells(table: str) -> list[list[str]]:
    """The text of each cell, by row; the line under the header is left out."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if "---" not in line]

"""The ruling lines between lines of text, one under the other."""

from __future__ import annotations

from collections.abc import Sequence

from qadesk.documents.pdf.rows import Line
from qadesk.documents.pdf.rules import Rule, RulingLines

_MOST_ABOVE, _MOST_BELOW = 60, 8  # lines in which the ruling lines of a table come again


def rules_above(lines: Sequence[Line], rules: RulingLines) -> list[Rule | None]:
    """The ruling line over all pieces of each line, below the line before it."""
    above: list[Rule | None] = [None] * len(lines)
    for number in range(1, len(lines) if rules.across else 0):
        before, line = lines[number - 1], lines[number]
        middles = [(piece.left + piece.right) / 2 for piece in line.pieces]
        for rule in rules.between(before.middle, line.middle):
            if rule.low < min(middles) and rule.high > max(middles) and not _is_underline(before, rule):
                above[number] = rule
    return above


def is_last(rules: Sequence[Rule | None], start: int, number: int) -> bool:
    """Whether the ruling line above the line ``number`` is the last of several alike since the line ``start``."""
    rule = rules[number]
    if rule is None:
        return False
    before = [
        other for other in rules[max(start + 1, number - _MOST_ABOVE) : number] if other and _are_alike(rule, other)
    ]
    after = [other for other in rules[number + 1 : number + _MOST_BELOW] if other and _are_alike(rule, other)]
    return bool(before) and not after


def _are_alike(rule: Rule, other: Rule) -> bool:
    return abs(rule.low - other.low) < 3 and abs(rule.high - other.high) < 3


def _is_underline(line: Line, rule: Rule) -> bool:
    """Whether ``rule`` is drawn below words of the ``line``."""
    if rule.place < line.bottom - 1:
        return False
    return any(abs(piece.left - rule.low) < 2 and abs(piece.right - rule.high) < 2 for piece in line.pieces)

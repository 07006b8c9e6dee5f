"""Formulas of LaTeX in a file of another format."""

from __future__ import annotations

from qadesk.documents.parsing import Heartbeat
from qadesk.documents.tex.formulas import formula_text
from qadesk.documents.tex.macros import Macros
from qadesk.documents.tex.tex_tokens import Budget, TexTokens, TexTooComplexError

_STEPS = 300_000


class FormulaReader:
    """Reads the formulas of a file, all together within a bound on steps."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._budget = Budget(_STEPS, heartbeat)

    def text(self, formula: str) -> str | None:
        """What ``formula`` prints, its rows on lines of their own; None if it is too complex."""
        try:
            return formula_text(TexTokens(formula, self._budget), Macros(frozenset()))
        except (TexTooComplexError, RecursionError):
            return None

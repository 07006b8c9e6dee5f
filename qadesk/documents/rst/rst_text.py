"""The words of reStructuredText, its code and its formulas, written without the marks inside lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qadesk.documents.inline_flow import InlineFlow
from qadesk.documents.parsing import Heartbeat
from qadesk.documents.rst.definitions import substitutions
from qadesk.documents.rst.inline import Inline
from qadesk.documents.rst.lines import dedented
from qadesk.documents.tex.formula_reader import FormulaReader


class RstText:
    """Writes to ``flow``. ``lines`` are those of the file, where substitutions are defined; ``notes`` as of Inline."""

    def __init__(self, lines: Sequence[str], notes: Mapping[str, str], name: str, heartbeat: Heartbeat) -> None:
        self.flow = InlineFlow(name)
        self._formulas = FormulaReader(heartbeat)
        texts = Inline({}, notes, self._formula)
        self._inline = Inline(
            {name: texts.text(text) for name, text in substitutions(lines).items()}, notes, self._formula
        )

    def write(self, words: str) -> None:
        """Write ``words``, which may have marks in them."""
        self.flow.text(self._inline.text(words))

    def write_paragraph(self, words: str) -> None:
        """Write ``words`` and end the paragraph."""
        self.write(words)
        self.flow.paragraph()

    def write_code(self, lines: Sequence[str]) -> None:
        """Write ``lines`` as they are, without the indentation that all have."""
        self.flow.verbatim("\n".join(dedented(lines)))

    def write_caption(self, text: str) -> None:
        """Write ``text`` as a caption, if there is any."""
        if text:
            self.flow.start("caption")
            self.write(" ".join(text.split()))
            self.flow.end()

    def write_formulas(self, lines: Sequence[str]) -> None:
        """Write the formulas that ``lines`` of LaTeX are, with empty lines between them."""
        self.flow.end()
        for group in "\n".join(line for line in lines if not line.startswith(":")).split("\n\n"):
            formula = self._formulas.text(group.replace("&", ""))
            for line in (group if formula is None else formula).split("\n"):
                self.flow.text(line)
                self.flow.line()
        self.flow.end()

    def _formula(self, text: str) -> str:
        """``text`` of LaTeX as a line; as it is, where it is too complex."""
        formula = self._formulas.text(text)
        return text if formula is None else formula.replace("\n", "; ")

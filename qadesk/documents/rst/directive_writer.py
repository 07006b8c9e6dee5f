"""Writes the directives of reStructuredText: notes, versions, pictures, tables, code, formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qadesk.documents.rst.directives import (
    ADMONITIONS,
    ARGUMENT_LEFT_OUT,
    CODE,
    NOT_PRINTED,
    OTHER_FILES,
    VERSIONS,
    Directive,
    whole_number,
)
from qadesk.documents.rst.lines import filled
from qadesk.documents.rst.rst_text import RstText
from qadesk.documents.rst.tables import RstRows, TableCell, csv_rows, list_table

_DELIMITERS = {"tab": "\t", "space": " "}


class DirectiveWriter:
    """Writes words to ``text``. ``write_body`` writes what is inside a directive, ``write_table`` a table."""

    def __init__(
        self,
        text: RstText,
        write_body: Callable[[Sequence[str]], None],
        write_table: Callable[[RstRows], None],
    ) -> None:
        self.other_files: list[str] = []
        self._text = text
        self._flow = text.flow
        self._write_body = write_body
        self._write_table = write_table

    def write(self, part: Directive) -> None:
        """Write ``part``."""
        name = part.name.removeprefix("rst:").removeprefix("py:")
        if name in ADMONITIONS or name == "admonition":
            self._admonition(name, part)
        elif name in VERSIONS:
            self._version(name, part)
        elif name in OTHER_FILES:
            self.other_files.append(part.argument)
        elif name in CODE:
            self._text.write_caption(part.options.get("caption", ""))
            self._text.write_code(part.content)
        elif name in ("table", "csv-table", "list-table", "flat-table"):
            self._table_directive(name, part)
        elif name in ("image", "figure"):
            self._picture(name, part)
        elif name == "math":
            self._text.write_formulas([part.argument, *part.content])
        elif name not in NOT_PRINTED and not name.startswith("auto"):
            self._other(name, part)

    def _other(self, name: str, part: Directive) -> None:
        """Write a directive that is printed as its argument and its content, as most are."""
        self._flow.end()
        if name not in ARGUMENT_LEFT_OUT:
            for line in part.argument.split("\n"):
                self._text.write(line.removesuffix("\\"))
                self._flow.line()
        self._flow.end()
        self._write_body(part.content)
        self._flow.end()

    def _admonition(self, name: str, part: Directive) -> None:
        title = {"seealso": "See also", "admonition": part.argument.rstrip(":")}.get(name, name.capitalize())
        self._flow.end()
        self._text.write(f"{title}: ")
        self._write_body(part.content)
        self._flow.end()

    def _version(self, name: str, part: Directive) -> None:
        version, _, words = " ".join(part.argument.split()).partition(" ")
        has_text = bool(words.strip() or any(part.content))
        self._flow.end()
        self._text.write(f"{VERSIONS[name]} {version}{': ' if has_text else '.'}")
        self._write_body([words, *part.content])
        self._flow.end()

    def _picture(self, name: str, part: Directive) -> None:
        """Write the alternative text of a picture and what stands below it."""
        self._flow.end()
        if alternative := part.options.get("alt"):
            self._text.write(" ".join(alternative.split()))
            self._flow.end()
        if name == "figure":
            start = next((number for number, line in enumerate(part.content) if line), 0)
            end = filled(part.content, start)
            self._text.write_caption(" ".join(part.content[start:end]))
            self._write_body(part.content[end:])

    def _table_directive(self, name: str, part: Directive) -> None:
        self._text.write_caption(part.argument)
        for key in ("file", "url"):
            if key in part.options:
                self.other_files.append(part.options[key])
        headers = whole_number(part.options.get("header-rows", ""))
        stubs = whole_number(part.options.get("stub-columns", ""))
        if name == "table":
            self._write_body(part.content)
        elif name == "csv-table":
            self._csv(part, headers, stubs)
        elif table := list_table(part.content, headers, stubs):
            self._write_table(table)
        self._flow.end()

    def _csv(self, part: Directive, headers: int, stubs: int) -> None:
        delimiter = part.options.get("delim", ",")
        delimiter = _DELIMITERS.get(delimiter, delimiter)
        quote = part.options.get("quote", '"')
        names = csv_rows(part.options.get("header", ""), delimiter, quote)
        rows = names + csv_rows("\n".join(part.content), delimiter, quote)
        cells = [[TableCell(cell.split("\n")) for cell in row] for row in rows]
        if cells:
            self._write_table(RstRows(cells, headers + len(names), stubs))

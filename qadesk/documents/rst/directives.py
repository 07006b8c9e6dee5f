"""What is printed of the directives of reStructuredText, by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from qadesk.documents.rst.lines import FIELD, dedented

ADMONITIONS = frozenset((
    "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "seealso",
))  # fmt: skip
VERSIONS = {
    "versionadded": "New in version", "versionchanged": "Changed in version", "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version", "deprecated-removed": "Deprecated since version",
}  # fmt: skip
CODE = frozenset((
    "code", "code-block", "sourcecode", "doctest", "testcode", "testoutput", "prompt", "productionlist",
    "highlight-code",
    "code-cell", "ipython", "jupyter-execute", "console", "parsed-literal",
))  # fmt: skip
NOT_PRINTED = frozenset((
    "raw", "contents", "index", "highlight", "currentmodule", "default-role", "role", "toctree", "class", "meta",
    "section-numbering", "sectnum", "target-notes", "header", "footer", "testsetup", "testcleanup", "todolist", "tags",
    "graphviz", "digraph", "graph", "mermaid", "uml", "plantuml", "restructuredtext-test-directive", "py:currentmodule",
    "sphinx_gallery", "module", "py:module", "moduleauthor", "sectionauthor", "codeauthor", "bibliography",
    "tabularcolumns", "autosummary", "comment", "plot", "title", "namespace", "cpp:namespace", "program", "date",
    "image-sg",
))  # fmt: skip
OTHER_FILES = frozenset(("include", "literalinclude", "mdinclude"))
WITHOUT_ARGUMENT = frozenset((
    "epigraph", "highlights", "pull-quote", "compound", "hlist", "line-block", "glossary", "todo", "acks", "figure",
    "rst-class", "parsed-literal", "grid", "tab-set", "tabs", "math",
))  # fmt: skip
ARGUMENT_LEFT_OUT = frozenset(("container", "cssclass", "rst-class", "only", "ifconfig", "figure", "grid", "hlist"))


class Directive(NamedTuple):
    """A directive: its name, what stands behind the name, its options, and its content."""

    name: str
    argument: str
    options: dict[str, str]
    content: list[str]


def directive(name: str, first: str, lines: Sequence[str]) -> Directive:
    """The directive whose first line ends with ``first``, and that goes on in ``lines``."""
    lines = dedented(lines)
    is_text = name in ADMONITIONS or name in WITHOUT_ARGUMENT
    place, arguments = 0, [first] if first else []
    while not is_text and place < len(lines) and lines[place] and not FIELD.match(lines[place]):
        arguments.append(lines[place])
        place += 1
    options: dict[str, str] = {}
    while place < len(lines) and lines[place] and (field := FIELD.match(lines[place])):
        value = [lines[place][field.end() :]]
        place += 1
        while place < len(lines) and lines[place].startswith(" "):
            value.append(lines[place].strip())
            place += 1
        options[field[1].lower()] = "\n".join(value).strip()
    content = lines[place:]
    if is_text and arguments and name not in ARGUMENT_LEFT_OUT:
        return Directive(name, "", options, [*arguments, *content])
    return Directive(name, "\n".join(arguments), options, content)


def whole_number(text: str) -> int:
    """The number that an option says, else 0."""
    return int(text) if re.fullmatch(r"\d{1,4}", text) else 0

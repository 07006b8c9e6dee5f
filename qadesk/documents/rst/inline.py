"""The marks inside a line of reStructuredText: what is printed of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_START = re.compile(
    r"\\(?P<escaped>.)|(?<![\w:])(?P<role>:[A-Za-z][\w.+-]{0,60}(?::[\w.+-]{1,60}){0,4}:)`(?=\S)|(?P<mark>\*\*|``|\*|_`|`|\|)(?=\S)"
    r"|\[(?P<note>[#*]?[\w.-]*)\]_(?!\w)|(?P<link>(?<=[^\W_])__?(?![\w`]))",
    re.S,
)
_BEFORE = re.compile(r"""[\s'"(\[{<\-/:‐-―„“‚‘«¡¿]""")
_NAME = re.compile(r"[\w.+-]*\Z")
_AFTER = r"""(?=$|[\s'")\]}>\-/:.,;!?\\‐-―…”’»])"""
_ENDS = {
    "**": re.compile(rf"(?<=[^\s])\*\*{_AFTER}"),
    "*": re.compile(rf"(?<=[^\s*])\*{_AFTER}"),
    "``": re.compile(rf"(?<=[^\s])``{_AFTER}"),
    "_`": re.compile(rf"(?<=[^\s])`{_AFTER}"),
    "`": re.compile(r"(?<=[^\s])(?:`__?(?!\w)|`(?P<role>:[\w.+:-]+:)|`(?=$|\W))"),
    "|": re.compile(rf"(?<=[^\s])\|_{{0,2}}{_AFTER}"),
}
_ESCAPE = re.compile(r"\\(.)", re.S)
_DOCUMENT_ROLES = frozenset(("ref", "doc", "numref", "term", "any", "download", "pep", "rfc"))
_PREFIXES = {"pep": "PEP ", "rfc": "RFC "}


class Inline:
    """Takes the marks out of lines. ``substitutions`` are texts by their names, ``notes`` numbers by theirs."""

    def __init__(
        self, substitutions: Mapping[str, str], notes: Mapping[str, str], formula: Callable[[str], str]
    ) -> None:
        self._substitutions = substitutions
        self._notes = notes
        self._formula = formula
        self._anonymous = 0  # how many [#]_ there were

    def text(self, line: str) -> str:
        """What ``line`` prints."""
        if not any(sign in line for sign in "\\*`|_"):
            return line
        pieces: list[str] = []
        missing: set[str] = set()  # marks that do not end any more
        place = 0
        for _ in range(len(line) + 1):
            match = _START.search(line, place)
            if match is None:
                break
            pieces.append(line[place : match.start()])
            place = match.end()
            kind = match.lastgroup
            if kind == "escaped":
                pieces.append("" if match["escaped"].isspace() else match["escaped"])
            elif kind == "note":
                pieces.append(self._note(match["note"], match[0]))
            elif kind == "link":
                pieces.append("" if _is_link(line, match.start()) else match[0])
            else:
                text, place = self._marked(line, match, missing)
                pieces.append(text)
        pieces.append(line[place:])
        return "".join(pieces)

    def _marked(self, line: str, match: re.Match[str], missing: set[str]) -> tuple[str, int]:
        """The text between two marks, the first one ``match``, and where it ends."""
        mark = "`" if match["role"] else match["mark"]
        is_start = match["role"] or not match.start() or _BEFORE.match(line, match.start() - 1)
        end = _ENDS[mark].search(line, match.end()) if is_start and mark not in missing else None
        if end is None:
            if is_start:
                missing.add(mark)
            return match[0], match.end()
        inside = line[match.end() : end.start()]
        role = match["role"] or (end["role"] if mark == "`" else "") or ""
        return self._shown(mark, role.strip(":"), inside), end.end()

    def _shown(self, mark: str, role: str, inside: str) -> str:
        if mark == "``":
            return inside
        if mark == "|":
            return self._substitutions.get(" ".join(inside.split()).lower(), inside)
        if role.rpartition(":")[2] in ("math", "eq"):
            return self._formula(inside)
        if mark == "`":
            title, sign, target = inside.rpartition("<")
            if sign and target.rstrip().endswith(">"):
                return _ESCAPE.sub(r"\1", title.rstrip() or target.rstrip()[:-1])
            if role:
                return self._of_role(role, inside)
        return _ESCAPE.sub(lambda sign: "" if sign[1].isspace() else sign[1], inside)

    def _of_role(self, role: str, inside: str) -> str:
        name = role.rpartition(":")[2]
        if name == "abbr":
            return inside
        if name in ("menuselection", "guilabel"):
            return inside.replace("-->", "→").replace("&", "")
        if name in ("sup", "superscript"):
            return f"^{inside}" if inside.isdecimal() else inside
        text = inside.lstrip("!")
        if name not in _DOCUMENT_ROLES and text.startswith("~"):
            text = text[1:].rpartition(".")[2]
        return _PREFIXES.get(name, "") + _ESCAPE.sub(r"\1", text)

    def _note(self, name: str, written: str) -> str:
        if not name:
            return written
        if name == "#":
            self._anonymous += 1
            name = f"#{self._anonymous}"
        return f"[{self._notes.get(name, name.lstrip('#'))}]"


def _is_link(line: str, place: int) -> bool:
    """Whether a name ends at ``place``: __init__ is none."""
    name = _NAME.search(line[max(0, place - 60) : place])
    return name is not None and name[0][:1].isalnum()

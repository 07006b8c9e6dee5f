"""Those rules of a page's style sheets that hide or show elements: declarations of display and of visibility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from qadesk.documents.html.media_queries import is_for_screens
from qadesk.documents.parsing import Heartbeat

_TOKEN = re.compile(
    r"""/\*.*?(?:\*/|\Z)|<!--|-->|"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?"""
    r"""|url\(\s*(?=[^"'\s])[^)]*\)?|\\.|[{};]""",
    re.S | re.I,
)
_DECLARATION = re.compile(r"\s*(display|visibility)\s*:\s*([a-z-]+(?:\s+[a-z-]+)*)\s*(!\s*important)?\s*", re.I)
_AT_RULE = re.compile(r"@([\w-]+)(.*)", re.S)

BlockOfRules = Literal["group", "rule", "other"]
"""What an open brace belongs to: rules under a condition that is met, a rule, or what says nothing here."""


class Declaration(NamedTuple):
    """What a rule says of one property; name and value are in lower case."""

    name: str
    value: str
    is_important: bool


class StyleRule(NamedTuple):
    """The selectors of a rule as they are written, and its declarations of display and visibility."""

    selectors: str
    declarations: tuple[Declaration, ...]


def rules_of(sheet: str, heartbeat: Heartbeat) -> Iterator[StyleRule]:
    """The rules of ``sheet`` for the screen that have such declarations. Rules within rules are left out."""
    reader = _SheetReader()
    at = 0
    for token in _TOKEN.finditer(sheet):
        heartbeat()
        reader.pieces.append(sheet[at : token.start()])
        at = token.end()
        yield from reader.take(token[0])
    reader.pieces.append(sheet[at:])
    yield from reader.take("}")  # a rule that never ends


def declarations_of(style: str) -> Iterator[Declaration]:
    """The declarations of display and visibility in the attribute ``style``."""
    for text in style.split(";"):
        if match := _DECLARATION.fullmatch(text):
            yield Declaration(match[1].lower(), match[2].lower(), bool(match[3]))


class _SheetReader:
    """Takes a sheet token by token. ``pieces``: the text since the last brace or semicolon."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._open: list[BlockOfRules] = []
        self._selectors = ""
        self._declarations: list[Declaration] = []

    def take(self, mark: str) -> Iterator[StyleRule]:
        if mark not in ("{", "}", ";"):
            if not mark.startswith(("/*", "<!--", "-->")):
                self.pieces.append("url()" if mark[:4].lower() == "url(" else mark)
            return
        text = "".join(self.pieces)
        self.pieces.clear()
        if mark == "{":
            self._begin(text.strip())
            return
        if self._open and self._open[-1] == "rule":
            self._declarations += declarations_of(text)
        if mark == "}" and self._open and self._open.pop() == "rule" and self._declarations:
            yield StyleRule(self._selectors, tuple(self._declarations))

    def _begin(self, prelude: str) -> None:
        if self._open and self._open[-1] != "group":
            self._open.append("other")
        elif prelude.startswith("@"):
            self._open.append("group" if _is_met(prelude) else "other")
        else:
            self._open.append("rule")
            self._selectors, self._declarations = prelude, []


def _is_met(prelude: str) -> bool:
    """Whether the rules in the block of an at-rule are applied."""
    match = _AT_RULE.match(prelude)
    name, condition = (match[1].lower(), match[2].strip()) if match else ("", "")
    if name == "media":
        return is_for_screens(condition)
    return name == "layer" or (name == "supports" and not condition.lower().startswith("not"))

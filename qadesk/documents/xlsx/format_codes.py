"""Takes the codes of number formats apart, such as '#,##0.00;[Red]-#,##0.00'."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

_MOST_CODE = 255  # characters: the longest code that Excel allows; a longer one is none

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<room>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<era>g+)|(?P<half>AM/PM|A/P)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|e+)"
    r"|(?P<exponent>E[+-])|(?P<digit>[0#?])|(?P<sign>[.,%/@])|(?P<other>.)",
    re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, ">": operator.gt, "=": operator.eq, "<=": operator.le, ">=": operator.ge, "<>": operator.ne,
}  # fmt: skip

TokenKind = Literal["text", "digit", "sign", "exponent", "date", "elapsed", "half", "general"]
SectionKind = Literal["general", "date", "number", "text"]


class CodeToken(NamedTuple):
    """A piece of a format: text as it is, or something that stands for a part of the value."""

    kind: TokenKind
    text: str


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One of the up to four formats of a code, which are for positive and negative numbers, zero and text."""

    tokens: tuple[CodeToken, ...]
    condition: tuple[str, float] | None = None
    kind: SectionKind = "text"

    def accepts(self, value: float) -> bool:
        """Whether ``value`` meets the condition, which there must be."""
        return self.condition is not None and _COMPARE[self.condition[0]](value, self.condition[1])

    @classmethod
    def of(cls, tokens: list[CodeToken], condition: tuple[str, float] | None) -> FormatSection:
        """The section of the ``tokens``."""
        kinds = {token.kind for token in tokens}
        if "general" in kinds:
            return cls(tuple(tokens), condition, "general")
        if kinds & {"date", "elapsed", "half"}:
            return cls(tuple(tokens), condition, "date")
        return cls(tuple(tokens), condition, "number" if "digit" in kinds else "text")


@lru_cache(maxsize=2000)
def sections_of(code: str) -> tuple[FormatSection, ...]:
    """The sections of ``code``; 'General' for one that is too long."""
    if len(code) > _MOST_CODE:
        code = "General"
    sections: list[FormatSection] = []
    tokens: list[CodeToken] = []
    condition = None
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0] or ""
        if kind == "other" and text == ";":
            sections.append(FormatSection.of(tokens, condition))
            tokens, condition = [], None
        elif kind == "bracket" and (compared := _CONDITION.fullmatch(text.strip())):
            condition = (compared[1], float(compared[2]))
        elif token := _token(kind, text):
            tokens.append(token)
    return (*sections, FormatSection.of(tokens, condition))


def _token(kind: str, text: str) -> CodeToken | None:
    if kind in ("quoted", "escaped", "other"):
        return CodeToken("text", text)
    if kind == "room":  # a space as wide as the character, so that columns are aligned
        return CodeToken("text", " ")
    if kind == "bracket":
        return _bracket(text)
    if kind in ("fill", "era"):
        return None
    names: dict[str, TokenKind] = {
        "general": "general", "half": "half", "date": "date", "exponent": "exponent", "digit": "digit", "sign": "sign",
    }  # fmt: skip
    return CodeToken(names[kind], text.lower() if kind == "date" else text)


def _bracket(text: str) -> CodeToken | None:
    """A currency, '[$€-407]', or the time that has passed, '[h]'; colours and the like are not read."""
    if text.startswith("$"):
        symbol = text[1:].rpartition("-")[0] if "-" in text else text[1:]
        return CodeToken("text", symbol) if symbol else None
    if text and set(text.lower()) in ({"h"}, {"m"}, {"s"}):
        return CodeToken("elapsed", text.lower())
    return None

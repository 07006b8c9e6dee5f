"""Formulas as a line of text: 1/2, (a+b)/c, x^2, x_1, √(x), ∑_(i=1)^n i."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from qadesk.documents.formula_groups import JOINT, grouped
from qadesk.documents.office.office_names import is_on, value_of

_MAX_DEPTH = 40
"""Formulas nested deeper lose their structure, not their text: what is joined level by level is not quadratic."""

_SLOTS = ("m:num", "m:den", "m:e", "m:sup", "m:sub", "m:deg", "m:fName", "m:lim", "m:mr")
_SETTINGS = ("m:type", "m:chr", "m:begChr", "m:endChr", "m:sepChr", "m:degHide", "m:subHide", "m:supHide")
_JOINTS = re.compile(r"(?<!\0)\0+(?=[^\W_])")
_SPACING = re.compile(r"(?<=[\w)\]}|])([=<>≤≥≠≈→⇒])(?=[\w(\[{|√∑∫−-])")


@dataclass(slots=True)
class _OpenElement:
    """An open element of a formula: what it is made of, as texts by the names of their elements."""

    element: str
    pieces: list[str] = field(default_factory=list)
    slots: list[tuple[str, str]] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def slot(self, name: str) -> str:
        return next((text for element, text in self.slots if element == name), "")

    def all(self, name: str) -> list[str]:
        return [text for element, text in self.slots if element == name]


class Equation:
    """A formula that is written element by element."""

    def __init__(self) -> None:
        self._parts = [_OpenElement("m:oMath")]
        self._too_deep = 0  # how many open elements are nested too deep

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Begin ``element``, one of ``EQUATION_ELEMENTS``."""
        if element in _SETTINGS:
            is_switch = element.endswith("Hide")
            value = str(int(is_on(attributes))) if is_switch else value_of(attributes)
            self._parts[-1].settings[element] = value
        elif self._too_deep or len(self._parts) == _MAX_DEPTH:
            self._too_deep += 1
        else:
            self._parts.append(_OpenElement(element))

    def write(self, text: str) -> None:
        """Add the characters of a run."""
        self._parts[-1].pieces.append(text)

    def end(self, element: str) -> None:
        """End ``element``; nothing if it began before the formula, as in a damaged file."""
        if element in _SETTINGS:
            return
        if self._too_deep:
            self._too_deep -= 1
            return
        if len(self._parts) == 1:
            return
        part = self._parts.pop()
        above = self._parts[-1]
        text = _text(part)
        if element in _SLOTS and (above.element in _WRITERS or above.element == "m:mr"):
            above.slots.append((element, text))
        else:
            above.pieces.append(text)

    def text(self) -> str:
        """The formula on one line."""
        text = _JOINTS.sub(" ", "".join(self._parts[0].pieces)).replace(JOINT, "")
        return _SPACING.sub(r" \1 ", text).strip()


def _text(part: _OpenElement) -> str:
    write = _WRITERS.get(part.element)
    if part.element == "m:mr":
        return ", ".join(part.all("m:e"))
    return "".join(part.pieces) + (write(part) if write else "")


def _index(mark: str, text: str) -> str:
    return f"{mark}{grouped(text)}" if text.strip() else ""


def _fraction(part: _OpenElement) -> str:
    above, below = grouped(part.slot("m:num")), grouped(part.slot("m:den"))
    return f"{above} over {below}" if part.settings.get("m:type") == "noBar" else f"{above}/{below}"


def _scripts(part: _OpenElement) -> str:
    base = part.slot("m:e")
    indices = _index("_", part.slot("m:sub")) + _index("^", part.slot("m:sup"))
    return f"{grouped(base) if base else ''}{indices}{JOINT}"


def _scripts_before(part: _OpenElement) -> str:
    return f"{_index('_', part.slot('m:sub'))}{_index('^', part.slot('m:sup'))} {part.slot('m:e')}"


def _root(part: _OpenElement) -> str:
    degree = "" if part.settings.get("m:degHide") == "1" else part.slot("m:deg").strip()
    body = part.slot("m:e")
    return f"{grouped(body)}^(1/{degree}){JOINT}" if degree else f"√({body.strip(JOINT)})"


def _large_operator(part: _OpenElement) -> str:
    sign = part.settings.get("m:chr", "∫")
    below = "" if part.settings.get("m:subHide") == "1" else part.slot("m:sub")
    above = "" if part.settings.get("m:supHide") == "1" else part.slot("m:sup")
    return f"{sign}{_index('_', below)}{_index('^', above)} {part.slot('m:e')}"


def _delimited(part: _OpenElement) -> str:
    separator = part.settings.get("m:sepChr", "|")
    inside = separator.join(part.all("m:e"))
    return f"{part.settings.get('m:begChr', '(')}{inside}{part.settings.get('m:endChr', ')')}"


def _rows(part: _OpenElement) -> str:
    return "; ".join(text for _, text in part.slots)


def _function(part: _OpenElement) -> str:
    argument = part.slot("m:e")
    return f"{part.slot('m:fName')}{'' if argument[:1] in '([' else ' '}{argument}"


def _limit(mark: str) -> Callable[[_OpenElement], str]:
    return lambda part: part.slot("m:e") + _index(mark, part.slot("m:lim"))


def _accented(part: _OpenElement) -> str:
    """A letter with its accent; the accent over more than a letter is left out."""
    base, accent = part.slot("m:e"), part.settings.get("m:chr", "\u0302")
    return base + accent if len(base) == 1 and "\u0300" <= accent <= "\u036f" else base


_WRITERS: dict[str, Callable[[_OpenElement], str]] = {
    "m:f": _fraction,
    "m:sSup": _scripts,
    "m:sSub": _scripts,
    "m:sSubSup": _scripts,
    "m:sPre": _scripts_before,
    "m:rad": _root,
    "m:nary": _large_operator,
    "m:d": _delimited,
    "m:m": _rows,
    "m:eqArr": _rows,
    "m:func": _function,
    "m:limLow": _limit("_"),
    "m:limUpp": _limit("^"),
    "m:acc": _accented,
}
EQUATION_ELEMENTS = frozenset((*_WRITERS, *_SLOTS, *_SETTINGS))
"""The elements that an ``Equation`` is told of."""

"""Selectors of style sheets: tags, classes, ids, attributes, :not() of these, in elements that hold one another.

Others are not known: what depends on siblings, on states such as :hover, or stands for parts such as ::before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from qadesk.documents.html.page_tree import Element

_MAX_COMPOUNDS = 12  # in a selector
_MAX_PARTS = 10  # of a compound, and as many that it excludes
_LONGEST = 1000  # characters of an attribute in which something is looked for

_NAME = r"(?:[^\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]|\\(?:[0-9a-fA-F]{1,6}+\s?+|[^0-9a-fA-F\n]))++"
_STRING = r""""(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'"""
_PART = re.compile(
    rf"(?P<tag>{_NAME}|\*)|\#(?P<id>{_NAME})|\.(?P<class>{_NAME})|(?P<root>:root)"
    rf"|\[\s*+(?P<attribute>{_NAME})\s*+(?:(?P<test>[~|^$*]?=)\s*+(?P<value>{_STRING}|{_NAME})\s*+(?P<flag>[is])?\s*+)?\]"
    r"|:not\((?P<not>[^()]*+)\)",
    re.I,
)
_COMBINATOR = re.compile(r"\s*+>\s*+|\s++")
_LIST_MARK = re.compile(rf"{_STRING}|\\.|[,()\[\]]")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.S)


class AttributeTest(NamedTuple):
    """What an attribute must be. ``test`` is '' (only there), '=', '~=', '|=', '^=', '$=' or '*='."""

    name: str
    test: str = ""
    value: str = ""
    has_any_case: bool = False

    def is_met_by(self, element: Element) -> bool:
        """Whether the attribute of ``element`` is so."""
        actual, value = element.attributes.get(self.name), self.value
        if actual is None or not self.test:
            return actual is not None
        if self.has_any_case:
            actual, value = actual.lower(), value.lower()
        if self.test == "=":
            return actual == value
        return bool(value) and len(actual) <= _LONGEST and self._is_part(actual, value)

    def _is_part(self, actual: str, value: str) -> bool:
        if self.test == "|=":
            return f"{actual}-".startswith(f"{value}-")
        if self.test == "^=":
            return actual.startswith(value)
        if self.test == "$=":
            return actual.endswith(value)
        return value in (actual.split() if self.test == "~=" else actual)


class Compound(NamedTuple):
    """What one element must be: its tag ('' for any), id, classes and attributes, and what it must not be."""

    tag: str = ""
    identifier: str = ""
    classes: tuple[str, ...] = ()
    attributes: tuple[AttributeTest, ...] = ()
    excluded: tuple[Compound, ...] = ()

    def matches(self, element: Element) -> bool:
        """Whether ``element`` is so."""
        if self.tag and self.tag != element.tag:
            return False
        if self.identifier and self.identifier != element.attributes.get("id"):
            return False
        if self.classes:
            classes = classes_of(element)
            if not all(name in classes for name in self.classes):
                return False
        return all(test.is_met_by(element) for test in self.attributes) and not any(
            compound.matches(element) for compound in self.excluded
        )

    @property
    def specificity(self) -> tuple[int, int, int]:
        """How many ids, classes and attributes, and tags it names, those in :not() included."""
        others = [compound.specificity for compound in self.excluded]
        return (
            bool(self.identifier) + sum(ids for ids, _, _ in others),
            len(self.classes) + len(self.attributes) + sum(classes for _, classes, _ in others),
            bool(self.tag) + sum(tags for _, _, tags in others),
        )


class Selector(NamedTuple):
    """What an element must be, and what must hold it, from the nearest outwards, True for its parent itself."""

    subject: Compound
    outer: tuple[tuple[bool, Compound], ...] = ()

    @property
    def specificity(self) -> tuple[int, int, int]:
        """The sum of the compounds' specificities."""
        each = [self.subject.specificity, *(compound.specificity for _, compound in self.outer)]
        return sum(ids for ids, _, _ in each), sum(classes for _, classes, _ in each), sum(tags for _, _, tags in each)


def classes_of(element: Element) -> frozenset[str]:
    """The names of the classes of ``element``."""
    return _words(element.attributes.get("class", ""))


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def selectors_of(text: str) -> Iterator[Selector]:
    """The known ones of the selectors in the list ``text``."""
    for part in _divided(text):
        if selector := _selector(part.strip()):
            yield selector


def _divided(text: str) -> Iterator[str]:
    """The parts of ``text`` between the commas that are in no brackets."""
    start = depth = 0
    for mark in _LIST_MARK.finditer(text):
        if mark[0] in ("(", "["):
            depth += 1
        elif mark[0] in (")", "]"):
            depth -= 1
        elif mark[0] == "," and depth <= 0:
            yield text[start : mark.start()]
            start = mark.end()
    yield text[start:]


def _selector(text: str) -> Selector | None:
    compounds: list[Compound] = []
    are_parents: list[bool] = []
    at = 0
    while len(compounds) < _MAX_COMPOUNDS:
        end = _compound_end(text, at)
        compound = _compound(text[at:end])
        if compound is None:
            return None
        compounds.append(compound)
        if end == len(text):
            outer = tuple(zip(reversed(are_parents), reversed(compounds[:-1]), strict=True))
            return Selector(compound, outer)
        combinator = _COMBINATOR.match(text, end)
        if not combinator:
            return None
        are_parents.append(">" in combinator[0])
        at = combinator.end()
    return None


def _compound_end(text: str, at: int) -> int:
    while part := _PART.match(text, at):
        at = part.end()
    return at


def _compound(text: str) -> Compound | None:
    """What ``text`` says of one element; None if it says nothing, too much, or what is not known."""
    parts = list(_PART.finditer(text))
    if not 0 < len(parts) <= _MAX_PARTS or parts[-1].end() != _compound_end(text, 0) or parts[-1].end() != len(text):
        return None
    if any(part["tag"] for part in parts[1:]):
        return None
    excluded = [_compound(item.strip()) for part in parts if part["not"] for item in part["not"].split(",")]
    if None in excluded or len(excluded) > _MAX_PARTS:
        return None
    tag = parts[0]["tag"] or ("html" if any(part["root"] for part in parts) else "")
    return Compound(
        tag.lower().strip("*"),
        next((_unescaped(part["id"]) for part in parts if part["id"]), ""),
        tuple(_unescaped(part["class"]) for part in parts if part["class"]),
        tuple(_attribute_test(part) for part in parts if part["attribute"]),
        tuple(compound for compound in excluded if compound),
    )


def _attribute_test(part: re.Match[str]) -> AttributeTest:
    value = part["value"] or ""
    value = value[1:-1] if value[:1] in ('"', "'") else value
    name = _unescaped(part["attribute"]).lower()
    return AttributeTest(name, part["test"] or "", _unescaped(value), (part["flag"] or "").lower() == "i")


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda escape: escape[2] or _character(int(escape[1], 16)), text)


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"

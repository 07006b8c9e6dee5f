"""Whether a part of a style sheet is for the screen of a computer: the window is taken to be 1280 by 720 pixels."""

from __future__ import annotations

import re

_SIDES = {"width": 1280.0, "height": 720.0}  # pixels
_LENGTH_UNITS = {"": 1.0, "px": 1.0, "em": 16.0, "rem": 16.0}
_SCREEN_TYPES = frozenset(("", "all", "screen"))
_FEATURES = {  # what a browser on a computer says of itself
    "any-hover": "hover",
    "any-pointer": "fine",
    "hover": "hover",
    "orientation": "landscape",
    "pointer": "fine",
    "prefers-color-scheme": "light",
    "prefers-reduced-motion": "no-preference",
    "scripting": "enabled",
}

_QUERY = re.compile(
    r"(?:(?P<prefix>not|only)\s+)?(?:(?P<type>[a-z][\w-]*)(?:\s+and\s+(?=\())?)?"
    r"(?P<features>(?:\([^()]*\)(?:\s*and\s*(?=\())?)*)"
)
_FEATURE = re.compile(r"\(([^()]*)\)")
_LENGTH = r"([0-9]*\.?[0-9]+)(px|em|rem|)"
_LIMIT = re.compile(rf"(min|max)-(?:device-)?(width|height)\s*:\s*{_LENGTH}")
_RANGE = re.compile(rf"(?:{_LENGTH}\s*(<=?)\s*)?(width|height)(?:\s*([<>]=?)\s*{_LENGTH})?")


def is_for_screens(queries: str) -> bool:
    """Whether one of the media ``queries`` (the text after @media) is true; an unknown one is not."""
    return not queries.strip() or any(_is_true(query.strip()) for query in queries.lower().split(","))


def _is_true(query: str) -> bool:
    match = _QUERY.fullmatch(query)
    if not match:
        return False
    features = [_has_feature(feature.strip()) for feature in _FEATURE.findall(match["features"])]
    if None in features:
        return False
    is_met = (match["type"] or "") in _SCREEN_TYPES and all(features)
    return is_met != (match["prefix"] == "not")


def _has_feature(feature: str) -> bool | None:
    """Whether the screen has it; None for what is not known."""
    if limit := _LIMIT.fullmatch(feature):
        length = _pixels(limit[3], limit[4])
        side = _SIDES[limit[2]]
        return side >= length if limit[1] == "min" else side <= length
    if bounds := _RANGE.fullmatch(feature):
        return _is_in_range(bounds)
    name, _, value = feature.partition(":")
    known = _FEATURES.get(name.strip())
    return None if known is None else value.strip() in ("", known)


def _is_in_range(bounds: re.Match[str]) -> bool:
    side = _SIDES[bounds[4]]
    if bounds[3]:
        lowest = _pixels(bounds[1], bounds[2])
        if side < lowest or (side == lowest and bounds[3] == "<"):
            return False
    if not bounds[5]:
        return True
    other = _pixels(bounds[6], bounds[7])
    if side == other:
        return bounds[5].endswith("=")
    return side < other if bounds[5].startswith("<") else side > other


def _pixels(number: str, unit: str) -> float:
    return float(number) * _LENGTH_UNITS[unit]

"""A formula in MathML as a line of text: a/b, x^2, x_1, √(x)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qadesk.documents.html.page_tree import Element
from qadesk.documents.html.shown import is_shown

_SPACES = re.compile(r"[ \t\n\r\f]+")
_SIMPLE = re.compile(r"\w[\w.,]*|\W")
_INVISIBLE = dict.fromkeys(range(0x2061, 0x2065))  # function application, invisible times, separator and plus
_JOINED = {  # what comes before, between and after the parts
    "mfenced": ("(", ", ", ")"),
    "mlabeledtr": ("", ", ", ""),
    "mspace": (" ", "", ""),
    "mtable": ("", "; ", ""),
    "mtr": ("", ", ", ""),
}
_SPACED = frozenset("=+-−±×÷·<>≤≥≠≈≡∼→⇒⇔∈∪∩")


def mathml_text(formula: Element) -> str:
    """The text of the ``math`` element ``formula``."""
    order = [formula]
    for element in order:  # grows: parents before what is in them
        order += [child for child in element.elements() if is_shown(child)]
    texts: dict[int, str] = {}
    for element in reversed(order):
        texts[id(element)] = _text(element, [(child, texts.pop(id(child))) for child in _shown(element, texts)])
    return texts[id(formula)].translate(_INVISIBLE).strip()


def _shown(element: Element, texts: dict[int, str]) -> list[Element]:
    return [child for child in element.elements() if id(child) in texts]


def _text(element: Element, parts: Sequence[tuple[Element, str]]) -> str:
    texts = [text for _, text in parts]
    written = _SPACES.sub(" ", "".join(child for child in element.children if isinstance(child, str))).strip(" ")
    tag = element.tag
    if tag in _JOINED:
        opening, between, closing = _JOINED[tag]
        return f"{opening}{between.join(texts)}{closing}"
    if tag == "semantics" and texts:
        return texts[0]
    if tag in ("msup", "msub", "mfrac", "mroot", "mover", "munder") and len(texts) == 2:
        return _two_parts(tag, *texts)
    if tag in ("msubsup", "munderover") and len(texts) == 3:
        return f"{_group(texts[0])}_{_group(texts[1])}^{_group(texts[2])}"
    text = "" if tag == "mphantom" else written + _row(parts)
    return f"√({text})" if tag == "msqrt" else text


def _two_parts(tag: str, first: str, second: str) -> str:
    if tag == "mfrac":
        return f"{_group(first)}/{_group(second)}"
    if tag == "mroot":
        return f"{_group(first)}^(1/{_group(second)})"
    if tag == "mover" and not any(character.isalnum() for character in second):
        return first  # an arrow or a line above a letter
    return f"{_group(first)}{'^' if tag in ('msup', 'mover') else '_'}{_group(second)}"


def _group(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _row(parts: Sequence[tuple[Element, str]]) -> str:
    """The parts one after another: spaces around operators between two of them, and between two numbers."""
    pieces: list[str] = []
    last = ""
    for place, (element, text) in enumerate(parts):
        if element.tag == "mo" and text in _SPACED and 0 < place < len(parts) - 1:
            pieces.append(f" {text} ")
        elif text:
            is_glued = last.isdigit() and text[0].isdigit()
            pieces.append(f" {text}" if is_glued else text)
        last = text[-1:] or last
    return "".join(pieces)

"""What is odd about where an answer begins and ends: within a word, at stray punctuation, over the end of a block."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from qadesk.labels.spans import word_at
from qadesk.labels.wording import shortened
from qadesk.records import GoldSpan
from qadesk.structure import Block
from qadesk.structure.line_ends import LINE_ENDS

_ABBREVIATIONS = {
    "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "inc", "ltd", "co", "corp", "no", "vs", "etc", "al", "fig",
    "vol", "ed", "eds", "dept", "est",
}  # fmt: skip
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_NUMBER_BEFORE = re.compile(r"(?:^|\s)(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})$|[:;]-?$")  # of "a)", and of a face ":)"
_QUOTATION_MARKS = {"“": "”", "‘": "’", "«": "»", "„": "“", '"': '"'}
_STRAY_PUNCTUATION = ",;:–—-/\\|•·*"
_BORDER = re.compile(rf"[\t{LINE_ENDS}]")  # what is between two blocks or cells
_MAX_WORD = 40  # characters of a word that is named
_NAMES = {"heading": "a heading", "item": "a list item", "caption": "a caption", "footnote": "a footnote"}


def may_cross_border(answer: GoldSpan) -> bool:
    """Whether ``answer`` has a line end or a tab, without which it is inside one block."""
    return _BORDER.search(answer.text) is not None


def border_problem(answer: GoldSpan, blocks: Sequence[Block]) -> str:
    """Which border of ``blocks`` the ``answer`` runs over, as the predicate of a sentence about it; '' if none."""
    index = bisect_right(blocks, answer.start, key=lambda block: block.start) - 1
    if index < 0 or answer.start >= blocks[index].end:  # it begins between two blocks
        return ""
    block = blocks[index]
    if answer.end > block.end:
        return f"runs over the end of {_NAMES.get(block.kind, 'a table' if block.rows else 'a paragraph')}"
    cells = (cell for row in block.rows for cell in row if cell.start <= answer.start < cell.end)
    return "runs over the border of a table cell" if any(answer.end > cell.end for cell in cells) else ""


def edge_problem(answer: GoldSpan, context: str) -> str:
    """What is odd about the start or end of ``answer``, as the predicate of a sentence about it; '' if nothing."""
    text = answer.text
    if text != text.strip():
        return "begins or ends with a blank"
    if answer.stands_in(context):
        if answer.start and _is_one_word(context[answer.start - 1], text[0]):
            return f"begins within {_word_around(context, answer.start)}"
        if _is_one_word(text[-1], context[answer.end : answer.end + 1]):
            return f"ends within {_word_around(context, answer.end - 1)}"
    if text[-1] == "." and not _is_whole_sentence(answer, context) and not _is_abbreviation(text):
        return "ends with the full stop of its sentence"
    return _stray(text) or _unpaired(text)


def _word_around(context: str, offset: int) -> str:
    word = word_at(context, offset)
    return f"the word “{shortened(context[slice(*word)], _MAX_WORD)}”" if word else "a word"


def _stray(text: str) -> str:
    if text[0] in _STRAY_PUNCTUATION + ".!?" and not re.match(r"[-–.]\d|\.\w", text):
        return f"begins with “{text[0]}”"
    return f"ends with “{text[-1]}”" if text[-1] in _STRAY_PUNCTUATION else ""


def _is_one_word(left: str, right: str) -> bool:
    """Whether two adjacent characters are in one number, or in one word of a script with upper and lower case."""
    if left.isdigit() and right.isdigit():
        return True
    return all(char.lower() != char.upper() for char in (left, right)) and bool(left and right)


def _is_whole_sentence(answer: GoldSpan, context: str) -> bool:
    before = context[max(0, answer.start - 10) : max(0, answer.start)].rstrip(" \t")
    is_start = answer.text[0].isupper() or not before or before[-1] in '.!?\n\r"”:'
    return is_start and len(answer.text.split()) > 3


def _is_abbreviation(text: str) -> bool:
    last = text.rsplit(maxsplit=1)[-1][:-1]
    return "." in last or len(last) <= 1 or last.casefold() in _ABBREVIATIONS


def _unpaired(text: str) -> str:
    """Which bracket, or which quotation mark at one end, has no partner, as for ``edge_problem``."""
    return _lone_bracket(text) or _lone_quotation_mark(text)


def _lone_bracket(text: str) -> str:
    open_brackets: list[int] = []  # indices in the text
    for index, character in enumerate(text):
        if character in _BRACKETS:
            open_brackets.append(index)
        elif character in _BRACKETS.values():
            if open_brackets and _BRACKETS[text[open_brackets[-1]]] == character:
                open_brackets.pop()
            elif not _NUMBER_BEFORE.search(text[max(0, index - 8) : index]):
                return f"{'ends with' if index == len(text) - 1 else 'has'} “{character}” that was not opened"
    if open_brackets:
        first = open_brackets[0]
        return f"{'has' if first else 'begins with'} “{text[first]}” that is not closed"
    return ""


def _lone_quotation_mark(text: str) -> str:
    for opening, closing in _QUOTATION_MARKS.items():
        if opening == closing:
            if text.count(opening) % 2 and (text[0] == opening or text[-1] == opening):
                return f"has one “{opening}” of two"
        elif text[0] == opening and closing not in text[1:]:
            return f"begins with “{opening}” that is not closed"
        elif text[-1] == closing and opening not in text[:-1] and closing != "’":
            return f"ends with “{closing}” that was not opened"
    return ""

"""What is defined anywhere in a file and printed elsewhere: substitutions, and the numbers of notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qadesk.documents.rst.lines import indent_of

_SUBSTITUTION = re.compile(r"[ ]*\.\. \|(?! )([^|]{1,200})\|[ ]+(replace|unicode)::[ ]*(.*)")
_NOTE = re.compile(r"[ ]*\.\. \[(#[\w.:+-]*|\d{1,9}|\*)\]")
_CODE_POINT = re.compile(r"(?:0x|U\+|u\+|x|\\x|\\u)([0-9A-Fa-f]{2,6})")
_MAX = 10_000


def substitutions(lines: Sequence[str]) -> dict[str, str]:
    """The texts of |names|, by their names in lower case."""
    texts: dict[str, str] = {}
    for number, line in enumerate(lines):
        match = _SUBSTITUTION.match(line) if "|" in line else None
        if match is None or len(texts) == _MAX:
            continue
        words = [match[3]]
        margin = indent_of(line)
        for more in lines[number + 1 : number + 6]:
            if not more or indent_of(more) <= margin:
                break
            words.append(more.strip())
        text = " ".join(words)[:2000]
        name = " ".join(match[1].split()).lower()
        texts[name] = text.strip() if match[2] == "replace" else _characters(text)
    return texts


def _characters(text: str) -> str:
    """The text of a ``unicode`` directive: code points and words."""
    pieces = []
    for word in text.partition(" .. ")[0].split():
        code = _CODE_POINT.fullmatch(word)
        number = int(code[1], 16) if code else int(word) if word.isdecimal() and len(word) < 8 else 0
        is_character = 31 < number < 0x110000 and not 0xD800 <= number < 0xE000
        pieces.append(chr(number) if is_character else word)
    return "".join(pieces) if len(pieces) == 1 else " ".join(pieces)


def note_numbers(lines: Sequence[str]) -> dict[str, str]:
    """What is printed for each note: by #name, and for those without a name by #1, #2 in their order."""
    names = [match[1] for match in _notes(lines)]
    taken = {name for name in names if name.isdecimal()}
    numbers: dict[str, str] = {"*": "*"}
    number = anonymous = 0
    for name in names:
        if not name.startswith("#") or name in numbers:
            continue
        number += 1
        while str(number) in taken:
            number += 1
        if name == "#":
            anonymous += 1
            numbers[f"#{anonymous}"] = str(number)
        else:
            numbers[name] = str(number)
    return numbers


def _notes(lines: Sequence[str]) -> Iterator[re.Match[str]]:
    for line in lines:
        if "[" in line and (match := _NOTE.match(line)):
            yield match

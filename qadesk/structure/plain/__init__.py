"""Recognises the structure of plain text: paragraphs, headings, list items, keys with values, tables and code.

Only what is plain is recognised; all else is a paragraph. The text stays as it is, and each line that holds anything is
in a block. The work is linear in the length of the text.
"""

from __future__ import annotations

from qadesk.structure import Block
from qadesk.structure.plain.recognition import Recognition
from qadesk.structure.plain.text_lines import MAX_LINES, filled_lines

__all__ = ["blocks_of", "blocks_or_plain"]


def blocks_or_plain(text: str, blocks: tuple[Block, ...] = ()) -> tuple[Block, ...]:
    """``blocks``, those of ``text``; where there are none, as they are not known, those that it shows as plain text."""
    return blocks or blocks_of(text)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of the plain ``text``, in order."""
    lines = filled_lines(text)
    if not lines:
        return ()
    blocks = Recognition(text, lines).run()
    if len(lines) == MAX_LINES:
        rest = text[lines[-1].raw_end :].rstrip()
        if content := rest.lstrip():
            start = lines[-1].raw_end + len(rest) - len(content)
            blocks.append(Block("paragraph", start, start + len(content)))
    return tuple(blocks)

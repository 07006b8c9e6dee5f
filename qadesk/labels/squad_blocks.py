"""The blocks of a paragraph in SQuAD files: a key of ours beside ``context``, which other programs pass over.

    {"context": "Year\\tStaff\\n2019\\t47", "qadesk_blocks": [["table", 0, 18, ...]], "qas": [...]}

Its value is that of ``qadesk.structure.serial``. A paragraph without the key has the blocks that plain text shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qadesk.structure import Block
from qadesk.structure.serial import from_lists, to_lists

KEY = "qadesk_blocks"
_PROBLEM = "The blocks beside it do not fit the text and were left out: it is read as plain text."


def paragraph_of(context: str, blocks: tuple[Block, ...]) -> dict[str, Any]:
    """A paragraph without questions: its text, with its blocks where they are known."""
    return {"context": context} | ({KEY: to_lists(blocks)} if blocks else {})


def blocks_beside(paragraph: Mapping[str, Any], note: Callable[[str], None]) -> tuple[Block, ...]:
    """The blocks of the text of ``paragraph``, none where they are not known; ``note`` gets what is wrong with them.

    No value in ``paragraph`` is assumed to have the right type.
    """
    context = paragraph.get("context")
    if KEY not in paragraph or not isinstance(context, str):
        return ()
    try:
        blocks = from_lists(paragraph[KEY], len(context))
    except (ValueError, TypeError):
        blocks = ()
    if not blocks or not _covers(blocks, context):
        note(_PROBLEM)
        return ()
    return blocks


def _covers(blocks: tuple[Block, ...], text: str) -> bool:
    """Whether each letter and digit is in a block: not so where the text was changed after the blocks were written."""
    gaps = zip((0, *(block.end for block in blocks)), (*(block.start for block in blocks), len(text)), strict=True)
    return not any(character.isalnum() for start, end in gaps for character in text[start:end])

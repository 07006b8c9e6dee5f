"""Answers that are a list: to "what documents must I bring?" all items of the list answer, not one of them.

No span may run over an item's border. So where a question asks for several things, the spans in the items of one list
count as one answer (``qadesk.qa.ranking``), and its items are those of the whole list.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from qadesk.structure import Block, has_words

Items = tuple[tuple[int, int], ...]
"""The start and end offsets of the items of a list, in its order, without their numbers or bullets."""

_MOST_ITEMS = 60  # of a list that is an answer: more than that nobody reads
_MOST_CHARACTERS = 100  # of an item, on average: longer ones are clauses or paragraphs with numbers, and one answers

_SEVERAL = re.compile(
    r"^\W*(?:"
    r"(?:what|which)(?:\s+\w+){0,2}\s+\w{2,}(?<!s)s\s+(?:are|were|do|does|did|have|has|must|should|can|may|will|need|is|apply)\b"
    r"|(?:what|which)\s+are\b"
    r"|what\s+(?:do|does|should|must|can|have|has)\s+(?:\w+\s+){1,4}?"
    r"(?:bring|include|contain|provide|pack|cover|need|hand\s+over|hand\s+in|return|submit|send|show|wear|prepare|take)\b"
    r"|what\s+is\s+(?:included|covered|excluded|needed|required)\b"
    r"|(?:list|name|enumerate)\s+(?:all|the|every|some)\b"
    r")",
    re.IGNORECASE,
)


def asks_for_several(question: str) -> bool:
    """Whether ``question`` asks for several things: "what documents must I bring", "list the exits"."""
    return bool(_SEVERAL.match(question))


class Lists:
    """The lists of a document: runs of two or more items of one depth and one kind of marker, nothing in between.

    Numbered clauses, whose items are long, are none.

    ``parts`` are the blocks of ``text`` in order, those of a passage each, where it consists of several: no list goes
    from one to the next.
    """

    def __init__(self, text: str, *parts: Iterable[Block]) -> None:
        self._starts: list[int] = []
        self._lists: list[tuple[Items, int]] = []  # each item's list, with the end of the item
        for blocks in parts:
            self._add_lists(text, blocks)

    def _add_lists(self, text: str, blocks: Iterable[Block]) -> None:
        run: list[Block] = []
        for block in blocks:
            if run and _ends_list(text, run[0], block):
                self._add(run)
                run = []
            if block.kind == "item" and (not run or block.level == run[0].level):
                run.append(block)
        self._add(run)

    def _add(self, run: list[Block]) -> None:
        items = tuple((block.body, block.end) for block in run)
        characters = sum(end - start for start, end in items)
        if 2 <= len(items) <= _MOST_ITEMS and characters <= _MOST_CHARACTERS * len(items):
            for start, end in items:
                self._starts.append(start)
                self._lists.append((items, end))

    def of(self, offset: int) -> Items:
        """The items of the list that holds ``offset``, none where it is in no list."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return ()
        items, end = self._lists[index]
        return items if offset < end else ()


def _ends_list(text: str, first: Block, block: Block) -> bool:
    """Whether the list that begins with ``first`` does not go on at ``block``; deeper items do not end it."""
    if block.kind != "item" or block.level < first.level:
        return True
    return block.level == first.level and _is_bullet(text, block) != _is_bullet(text, first)


def _is_bullet(text: str, item: Block) -> bool:
    """Whether the marker of ``item`` is no number or letter: bullets below a clause are a list of their own."""
    return not has_words(text[item.start : item.body])

"""How deep the items of the lists in a plain text are nested: by their indentation, and by the style of their marks."""

from __future__ import annotations

from qadesk.structure.plain.item_marks import ItemMark, is_next

_DEEPEST = 9


class Nesting:
    """The lists that are open, the outermost first."""

    def __init__(self) -> None:
        self._lists: list[tuple[int, ItemMark]] = []  # indentation and last mark of each

    def clear(self) -> None:
        """Close all lists."""
        self._lists.clear()

    def is_continued_by(self, mark: ItemMark) -> bool:
        """Whether ``mark`` is the next one of an open list."""
        return any(is_next(mark, last) for _, last in self._lists)

    def add(self, indent: int, mark: ItemMark, is_apart: bool = False) -> int:
        """Add an item; returns its level, from 1. ``is_apart``: it is not the beginning of a list in the one before."""
        while self._lists and self._lists[-1][0] > indent + 1:
            self._lists.pop()
        same = [number for number, (at, _) in enumerate(self._lists) if abs(at - indent) <= 1]
        for number in reversed(same):
            if is_next(mark, self._lists[number][1]) or mark.style == self._lists[number][1].style:
                del self._lists[number:]
                break
        else:
            if same and (is_apart or mark.number > 1):  # no list begins with 2: it is of one that was not understood
                del self._lists[same[0] :]
        if len(self._lists) < _DEEPEST:
            self._lists.append((indent, mark))
        return len(self._lists)

"""Alternatives for programs of different ages (mc:AlternateContent), of which one is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class _OpenChoice:
    has_text: bool = False
    """Whether an alternative so far had text."""
    written_before: int = 0
    """How many characters were written before the open alternative."""


class Alternatives:
    """The open choices between alternatives, the innermost last.

    The first alternative that has text is read: the others are copies of it for other programs. ``written`` is how many
    characters of the part were written so far.
    """

    def __init__(self) -> None:
        self._choices: list[_OpenChoice] = []

    def start_choice(self) -> None:
        """A choice begins."""
        self._choices.append(_OpenChoice())

    def end_choice(self) -> None:
        """The innermost choice ends."""
        self._choices.pop()

    def start_alternative(self, written: int) -> bool:
        """An alternative of the innermost choice begins. Returns whether it is to be read."""
        if not self._choices or self._choices[-1].has_text:
            return False
        self._choices[-1].written_before = written
        return True

    def end_alternative(self, written: int) -> None:
        """An alternative that was read ends."""
        if self._choices:
            self._choices[-1].has_text = written > self._choices[-1].written_before

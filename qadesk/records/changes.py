"""Which parts of the user's database were written to."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Changes:
    """Which parts of the database were written to: recent documents, the history of questions, labels with their
    texts, the collections of the library.

    It is false where there are none; ``|`` merges two.
    """

    recent: bool = False
    questions: bool = False
    labels: bool = False
    library: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))

    def __or__(self, other: Changes) -> Changes:
        return Changes(*(getattr(self, part.name) or getattr(other, part.name) for part in fields(self)))

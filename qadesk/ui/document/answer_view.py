"""What a view of a document can do with answers. Spans and offsets are those of the document's text, whatever it shows.

``DocumentView`` shows the text itself; a view of pages can stand in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import SignalInstance

Spans = Sequence[tuple[int, int]]


class AnswerView(Protocol):
    """Shows one document with marks. ``is_exact``: Alt was held at the selection, which does not snap to words then.

    ``answer_clicked`` gives the index of an answer, ``scrolled`` the first offset on the screen, ``zoomed`` steps of
    the wheel. ``selection_changed``: something else is selected, or nothing.
    """

    is_exact: bool

    @property
    def answer_clicked(self) -> SignalInstance: ...  # noqa: D102

    @property
    def scrolled(self) -> SignalInstance: ...  # noqa: D102

    @property
    def selection_changed(self) -> SignalInstance: ...  # noqa: D102

    @property
    def zoomed(self) -> SignalInstance: ...  # noqa: D102

    def mark_answers(self, answers: Sequence[Spans], current: int, *, doubtful: bool) -> None:
        """Mark the spans of ranked answers; those of the one at ``current`` strongly, all dashed where doubtful."""

    def mark_matches(self, spans: Spans, current: int) -> None:
        """Mark the matches of the find bar; the one at ``current`` strongly."""

    def reveal(self, start: int, end: int) -> None:
        """Scroll so that ``start:end`` is well inside the view."""

    def is_in_view(self, start: int, end: int) -> bool:
        """Whether a part of ``start:end`` is on the screen."""

    def selected(self) -> tuple[int, int] | None:
        """The selected span; None if nothing is selected."""

    def text_of(self, start: int, end: int) -> str:
        """The text of the document from ``start`` to ``end``."""

    def top_offset(self) -> int:
        """The first offset on the screen."""

    def show_at_top(self, offset: int) -> None:
        """Scroll so that ``offset`` is at the top."""


def show_matches(view: AnswerView, matches: Spans, current: int) -> None:
    """Mark the ``matches`` of the find bar in ``view`` and scroll to the one at ``current``, if that is not -1."""
    view.mark_matches(matches, current)
    if current >= 0:
        view.reveal(*matches[current])

"""The protocol of a place: a page of the window with a tab. ``shell.places`` lists the places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtWidgets import QWidget

from qadesk.ui.services.services import Services

Commands = Mapping[str, Callable[[], object]]
"""Functions by the name of the command, as the table of actions has it."""


class Place(Protocol):
    """A page of the window, with its widgets, controllers and connections.

    The window calls, in this order: the constructor, ``restyle``, ``enter`` of the first place, and, when it is on the
    screen, ``start`` of all places. From then on there is one ``leave`` of the current place and one ``enter`` of the
    next whenever the user changes places, and one ``leave`` when the window closes. The first ``enter`` thus comes
    before ``start`` and before the window is shown, as splitters must be divided and the focus set by then.

    A place requests to be shown, and announces that ``available`` has changed, by ``Services.signals``.
    """

    name: str

    def __init__(self, services: Services) -> None: ...

    @property
    def widget(self) -> QWidget:
        """The page."""

    def start(self) -> None:
        """Start slow work. It may do nothing."""

    def enter(self) -> None:
        """The place is shown from now on: set the keyboard focus, read data again."""

    def leave(self) -> None:
        """Another place is shown from now on, or the window closes: save drafts, stop background reading."""

    def stop(self) -> bool:
        """Stop the work, or else close the find bar. False if there was neither."""

    def clear(self) -> None:
        """Clear the input: Esc was pressed where there was nothing to stop and no message to close."""

    def local_commands(self) -> Commands:
        """The commands that work while the place is shown. Other places may have some of the same names."""

    def global_commands(self) -> Commands:
        """The commands that work in every place. No other part of the window has the same names."""

    def available(self) -> frozenset[str]:
        """What there is to act on, in the words of the column ``needs`` of the table of actions."""

    def restyle(self) -> None:
        """Apply the theme's colours and text size."""

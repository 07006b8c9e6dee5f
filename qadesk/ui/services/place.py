"""What the window knows of a place, which is a page of it with a tab. ``shell.places`` lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtWidgets import QWidget

from qadesk.ui.services.services import Services

Commands = Mapping[str, Callable[[], object]]
"""What a command of the table of actions does, by its name."""


class Place(Protocol):
    """A page of the window. It owns its widgets and connections, and is made before the window is shown.

    What takes time waits for ``start``. ``WindowSignals`` is how it asks to be shown and says that ``available`` gives
    something else.
    """

    name: str

    def __init__(self, services: Services) -> None: ...

    @property
    def widget(self) -> QWidget:
        """The page."""

    def start(self) -> None:
        """Begin what takes time: the window is on the screen."""

    def enter(self) -> None:
        """The place is shown now: put the keyboard where one begins."""

    def leave(self) -> None:
        """Another place is shown now, or the window closes: write what was typed, let the reader rest."""

    def stop(self) -> bool:
        """Stop what goes on or close what lies on top. Gives whether there was anything."""

    def clear(self) -> None:
        """Begin anew: Esc was pressed where there was nothing to stop and no message to close."""

    def verbs(self) -> Commands:
        """The commands that this place does while it is shown. Other places may have some of the same names."""

    def commands(self) -> Commands:
        """The commands that it does from wherever they are given. No other part has the same names."""

    def available(self) -> frozenset[str]:
        """What there is to act on, as the column ``needs`` of the table of actions names it."""

    def restyle(self) -> None:
        """Take the theme's colours and text size."""

"""The places of the window, in the order of their tabs and of their keys Ctrl+1, Ctrl+2 and so on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qadesk.ui.ask.ask_place import AskPlace
from qadesk.ui.history.history_place import HistoryPlace
from qadesk.ui.label.label_place import LabelPlace
from qadesk.ui.library.library_place import LibraryPlace
from qadesk.ui.services.place import Place
from qadesk.ui.services.services import Services


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """``title`` is that of the tab and of the menu, with & before the letter that Alt takes."""

    title: str
    make: Callable[[Services], Place]


PLACES: tuple[PlaceRow, ...] = (
    PlaceRow("&Ask", AskPlace),
    PlaceRow("&Label", LabelPlace),
    PlaceRow("Lib&rary", LibraryPlace),
    PlaceRow("Histor&y", HistoryPlace),
)

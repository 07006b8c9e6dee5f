"""What the palette of commands finds: commands, settings and their choices, recent documents and models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from qadesk.app import phrases
from qadesk.records import RecentDocument
from qadesk.settings import ROWS as SETTINGS
from qadesk.settings import Settings
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.shell import actions
from qadesk.ui.shell.actions import ActionRow

if TYPE_CHECKING:
    from qadesk.app.models.manage import ListedModel

_CHOSEN_ELSEWHERE = "model.device"  # which of its choices there are is known on its page alone


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """``note`` is shown at the right: the keys, or what kind of thing it is. ``words`` are found, but not shown.

    One ``on_demand`` is listed only where it fits what was typed.
    """

    title: str
    act: Callable[[], object]
    note: str = ""
    words: str = ""
    on_demand: bool = True

    def fits(self, words: Iterable[str]) -> bool:
        """Whether each of ``words``, in small letters, is in it."""
        text = f"{self.title} {self.note} {self.words}".lower()
        return all(word in text for word in words)


def command_entries(rows: Iterable[ActionRow], commands: Mapping[str, QAction]) -> Iterator[PaletteEntry]:
    """The commands that can be done now."""
    for row in rows:
        action = commands.get(row.name)
        if action is not None and action.isEnabled():
            menu = row.menu.replace("&", "")
            yield PaletteEntry(row.title, action.trigger, actions.keys_in_words(row), menu, on_demand=False)


def setting_entries(
    settings: Settings, show: Callable[[str], object], choose: Callable[[str, object], object]
) -> Iterator[PaletteEntry]:
    """The settings, which ``show`` opens by their keys, and the values of those with choices or a switch."""
    for row in SETTINGS:
        if not row.page:
            continue
        yield PaletteEntry(f"{row.title}…", partial(show, row.key), "Setting", f"{row.help} {row.page}")
        values: Iterable[object] = (not settings[row.key],) if row.type is bool else row.choices
        for value in values if row.key != _CHOSEN_ELSEWHERE else ():
            if value != settings[row.key]:
                shown = {True: "on", False: "off"}[value] if isinstance(value, bool) else row.title_of(str(value))
                yield PaletteEntry(f"{row.title}: {shown}", partial(choose, row.key, value), "Setting")


def recent_entries(
    documents: Iterable[RecentDocument], show: Callable[[RecentDocument], object]
) -> Iterator[PaletteEntry]:
    """The documents that were open before."""
    for document in documents:
        path = str(document.path or "")
        note = phrases.folder_and_day(document)
        yield PaletteEntry(f"Open {elided_middle(document.title)}", partial(show, document), note, f"recent {path}")


def model_entries(models: Iterable[ListedModel], use: Callable[[ListedModel], object]) -> Iterator[PaletteEntry]:
    """The models that could answer in the place of the one in use."""
    for model in models:
        if not model.problem and not model.in_use:
            yield PaletteEntry(f"Use the model {elided_middle(model.name)}", partial(use, model), "Model")

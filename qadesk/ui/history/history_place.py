"""The History place: the questions that were asked, with their answers. The view is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qadesk.settings import row
from qadesk.ui.kit.saved_state import save_state
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.ui.history.history_controller import HistoryController

_LAYOUT = "state.history_layout"


class HistoryPlace(QObject):
    """Owns the page and, from when it is first needed, the ``controller`` with the view."""

    name = "history"

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self._services = services
        self._controller: HistoryController | None = None
        self._page = QWidget()
        services.signals.setting_changed.connect(self._on_setting_changed)

    @property
    def controller(self) -> HistoryController:
        """The controller of the view; both are made when they are first asked for, not at the start."""
        if self._controller is None:
            from qadesk.ui.history.history_controller import HistoryController
            from qadesk.ui.history.history_view import HistoryView

            view = HistoryView()
            self._controller = HistoryController(self._services, view)
            column = QVBoxLayout(self._page)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(view)
            view.restyle()  # fonts hold only in the window that they are in
            view.restore_layout(self._services.settings[_LAYOUT])
            self._controller.changed.connect(self._services.signals.availability_changed)
        return self._controller

    # The place

    @property
    def widget(self) -> QWidget:
        """The page."""
        return self._page

    def start(self) -> None:
        """Nothing takes time before the place is shown."""

    def enter(self) -> None:
        """List the questions."""
        self.controller.enter()

    def leave(self) -> None:
        """Store how the view is divided."""
        if self._controller:
            self._controller.leave()
            save_state(self._services.settings, _LAYOUT, self.controller.view.saved_layout())

    def stop(self) -> bool:
        """Stop asking again or writing a file."""
        return self._controller is not None and self._controller.stop()

    def clear(self) -> None:
        """Clear the search."""
        self.controller.clear_search()

    def local_commands(self) -> Commands:
        """What acts on the question that is shown."""
        controller = self.controller
        entries, entry = self.controller.view.entries, self.controller.view.entry
        return {
            "focus_question": entries.focus_search,
            "open_find": entries.focus_search,
            "find_next": lambda: entries.step(1),
            "find_previous": lambda: entries.step(-1),
            "next_answer": lambda: entry.choose(entry.chosen + 1),
            "previous_answer": lambda: entry.choose(entry.chosen - 1),
            "copy": controller.copy,
            "copy_with_source": controller.copy,
            "history_open": controller.open_chosen,
            "history_ask_again": controller.ask_again,
            "history_other_model": controller.ask_other_model,
            "history_star": controller.toggle_star,
            "history_copy": controller.copy_all,
            "history_export": controller.export_entry,
            "history_forget": controller.forget,
            "history_forget_source": controller.forget_source,
        }

    def global_commands(self) -> Commands:
        """What acts on the whole history."""
        return {
            "history_export_all": lambda: self._show_and(self.controller.export_all),
            "history_forget_all": lambda: self._show_and(self.controller.forget_all),
        }

    def available(self) -> frozenset[str]:
        """An entry, its answers, and a list to search in."""
        if self._controller is None:
            return frozenset()
        entry = self._controller.current
        has_entry = entry is not None
        conditions = {
            "text": True, "matches": has_entry, "entry": has_entry, "copyable": has_entry,
            "answers": bool(entry and entry.answers),
        }  # fmt: skip
        return frozenset(name for name, holds in conditions.items() if holds)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        if self._controller:
            self.controller.view.restyle()

    def _show_and(self, act: Callable[[], object]) -> None:
        self._services.signals.place_requested.emit(self.name)
        act()

    def _on_setting_changed(self, key: str) -> None:
        if self._controller and (row(key).affects == "answers" or key == "history.keep"):
            self._controller.show_again()

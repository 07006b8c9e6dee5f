"""Shows the pages of a PDF in the place of its text where the user wants that, document by document."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject

from qadesk.app.documents import scan_store
from qadesk.documents.formats import pages_can_be_shown
from qadesk.documents.page_looks import Look
from qadesk.records import Document
from qadesk.ui.ask.document_pane import DocumentPane
from qadesk.ui.kit import theme
from qadesk.ui.kit.messages import Message
from qadesk.ui.kit.saved_state import save_state
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

_CHOICES, _STRIP = "state.pages", "state.page_strip"
_MOST_CHOICES = 200


class PagesController(QObject):
    """Connects the pages of ``pane`` with the rest of the window."""

    def __init__(self, services: Services, pane: DocumentPane) -> None:
        super().__init__(pane)
        self._services = services
        self._pane = pane
        pane.page_strip.setVisible(services.settings[_STRIP])
        pane.pages_requested.connect(self.toggle)
        pane.pages.failed.connect(self._leave_pages)
        pane.pages.message_posted.connect(lambda text: services.messages.show_message(Message(text)))
        services.signals.closing.connect(pane.pages.process.close)

    def commands(self) -> Commands:
        """What acts on the pages; while they are shown, also what makes the text larger otherwise."""
        pages = self._pane.pages
        zooms: Commands = {
            "zoom_in": lambda: pages.zoom_by(1),
            "zoom_out": lambda: pages.zoom_by(-1),
            "zoom_reset": lambda: pages.fit("width"),
        }
        return {
            "toggle_pages": self.toggle,
            "toggle_page_strip": self.toggle_strip,
            **(zooms if self._pane.shows_pages else {}),
            "fit_width": lambda: pages.fit("width"),
            "fit_page": lambda: pages.fit("page"),
            "turn_pages": self._turn,
            "go_back": pages.go_back,
            "go_forward": pages.go_forward,
        }

    def toggle(self) -> None:
        """Show the pages, or the text again; the choice is kept for this document."""
        document = self._services.documents.document
        if pages_can_be_shown(document):
            self.show(not self._pane.shows_pages)
            self._keep_choice(document)

    def toggle_strip(self) -> None:
        """Show the small pages, with the keyboard in them, or hide them."""
        strip = self._pane.page_strip
        strip.setVisible(not strip.isVisible())
        (strip if strip.isVisible() else self._pane.pages).setFocus()
        save_state(self._services.settings, _STRIP, strip.isVisible())

    def show_as_before(self, document: Document | None) -> None:
        """Show the pages of ``document`` if the user last wanted them, or they are pictures and nothing was said."""
        if document and pages_can_be_shown(document):
            has_scans = bool(document.scans or document.recognized_pages)
            if self._choices().get(str(document.path), has_scans):
                self.show(True)

    def update_look(self) -> None:
        """Show the pages as the settings say: in a dark window darker than printed."""
        look: Look = self._services.settings["view.dark_pages"] if theme.active() is theme.DARK else "paper"
        self._pane.pages.set_look(look)
        self._pane.page_strip.set_look(look)

    def _turn(self) -> None:
        self._pane.pages.turn()
        self._pane.page_strip.turn()

    def show(self, shown: bool) -> None:
        """Show the pages, or the text."""
        self._pane.pages.process.scans = scan_store(self._services.settings)
        self._pane.show_pages(shown, self._services.documents.password)
        self._services.signals.availability_changed.emit()

    def _leave_pages(self, sentence: str) -> None:
        self.show(False)
        self._services.messages.show_message(Message(f"The pages cannot be shown. {sentence}"))

    def _choices(self) -> dict[str, bool]:
        """Whether the pages of a file were wanted, by its path; the newest choice last."""
        try:
            choices = json.loads(self._services.settings[_CHOICES])
        except ValueError:
            return {}
        return {str(path): bool(shown) for path, shown in choices.items()} if isinstance(choices, dict) else {}

    def _keep_choice(self, document: Document | None) -> None:
        path = str(document.path) if document else ""
        choices = {other: shown for other, shown in self._choices().items() if other != path}
        choices[path] = self._pane.shows_pages
        latest = dict(list(choices.items())[-_MOST_CHOICES:])
        save_state(self._services.settings, _CHOICES, json.dumps(latest))

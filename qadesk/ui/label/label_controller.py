"""The label view at work: what is listed, what is shown, and what the reader says to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.records import Label, LabelText
from qadesk.ui.label.checks_controller import ChecksController
from qadesk.ui.label.checks_page import ChecksPage
from qadesk.ui.label.exchange_controller import ExchangeController
from qadesk.ui.label.inspector import Inspector
from qadesk.ui.label.inspector_controller import InspectorController
from qadesk.ui.label.label_queue import state_phrase
from qadesk.ui.label.label_session import LabelSession
from qadesk.ui.label.label_view import LabelView
from qadesk.ui.label.suggester import Suggester
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.services.reader_service import ReaderService

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Suggestion

_AHEAD = 8  # questions that are read for before the user comes to them


class LabelController(QObject):
    """Owns the label view. ``wanted_id`` is the label to go to when they are listed next, 0 for none."""

    failed = Signal(object)

    def __init__(self, desk: LabelService, reader: ReaderService, exchange: ExchangeController) -> None:
        super().__init__(desk)
        self._desk = desk
        self.wanted_id = 0
        self.session = LabelSession(desk)
        self.view = LabelView(self.session)
        self.suggester = Suggester(reader, desk)
        self.inspector, self.checks = Inspector(), ChecksPage()
        self.inspecting = InspectorController(self.session, reader, self.inspector)
        self.checking = ChecksController(desk, reader, self.checks)
        self.view.side.addTab(self.inspector, "Loss")
        self.view.side.addTab(self.checks, "Checks")
        self._connect()
        self._connect_exchange(exchange)

    def _connect(self) -> None:
        desk, view = self._desk, self.view
        for source in (self.suggester, self.inspecting, self.checking):
            source.failed.connect(self.failed)
        desk.written.connect(self._take_written)
        desk.changed.connect(self.list_anew)
        desk.stood.connect(view.queue.show_summary)
        desk.undone.connect(view.show_message)
        view.queue.filter_changed.connect(self._list)
        view.queue.label_chosen.connect(self._show)
        view.queue.order.currentIndexChanged.connect(self._suggest)
        view.delete_requested.connect(self._delete)
        view.side.currentChanged.connect(self._show_side)
        self.suggester.suggested.connect(self._take_suggestions)
        self.checks.label_requested.connect(self.go_to)

    def _connect_exchange(self, exchange: ExchangeController) -> None:
        self.view.queue.import_requested.connect(exchange.choose_import)
        self.view.queue.export_requested.connect(exchange.choose_export)
        self.view.work.cancel.clicked.connect(exchange.stop)
        exchange.work_started.connect(self.view.work.begin)
        exchange.progress_changed.connect(self.view.work.report)
        exchange.work_ended.connect(self.view.work.end)

    # Coming and going

    def enter(self) -> None:
        """The view is on the screen now."""
        self._desk.look()
        self._list()
        self.view.focus()

    def leave(self) -> None:
        """It is not any more: let the reader rest."""
        self.view.answers.note.flush()
        self.suggester.stop()
        self.inspecting.stop()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        for part in (self.view, self.inspector, self.checks):
            part.restyle()

    # The list

    def list_anew(self) -> None:
        """List the labels as they are now, if they can be seen."""
        if self.view.isVisible():
            self._list()

    def _list(self) -> None:
        from qadesk.app.labelling.labels import labels

        queue = self.view.queue
        state, search = queue.state_filter, queue.search_words
        self._desk.read(lambda store: labels(store, state=state, search=search), self._take_labels)

    def _take_labels(self, labels: list[Label]) -> None:
        before = self.session.label
        self.view.queue.show_margins(self.suggester.margins(labels))
        self.view.queue.show_labels(labels)
        if self.wanted_id:
            self.view.queue.go_to_label(self.wanted_id)
            self.wanted_id = 0
        current = self.view.queue.current
        if current is not None and before is not None and current.id == before.id and current != before:
            self._show(current)  # the same label, changed elsewhere
        self._suggest()

    def _show(self, label: Label | None) -> None:
        if label is None:
            self.session.show(None)
            return

        def show(texts: dict[int, LabelText]) -> None:
            current = self.view.queue.current
            if current is not None and current.id == label.id:
                self.session.show(current, texts.get(label.text_id), self.suggester.suggestion_to(current))
                self.view.announce_label()

        self._desk.with_texts([label.text_id], show)
        self._suggest()

    def go_to(self, key: str) -> None:
        """Go to the label with ``key``; the whole list is shown for that."""
        from qadesk.app.labelling.labels import labels

        def done(found: list[Label]) -> None:
            label = next((each for each in found if each.key == key), None)
            if label is not None and not self.view.queue.go_to_label(label.id):
                self.wanted_id = label.id
                self.view.queue.show_all()
                self._list()

        self._desk.read(labels, done)

    def _take_written(self, label: Label) -> None:
        self.view.queue.update_label(label)
        self.view.show_message(f"Saved. {state_phrase(label)}", is_saved=True)
        if self.session.label is not None and self.session.suggestion is None:
            self._suggest()  # the question has other words now

    # Suggestions

    def _suggest(self) -> None:
        if self.view.isVisible():
            queue = self.view.queue
            self.suggester.request(queue.upcoming(len(queue.model.labels) if queue.is_by_margin else _AHEAD))

    def _take_suggestions(self, found: dict[int, Suggestion]) -> None:
        queue = self.view.queue
        queue.show_margins(self.suggester.margins(queue.model.labels))
        label = self.session.label
        if label is not None and label.id in found:
            self.session.set_suggestion(found[label.id])
        if not found:
            self._suggest()

    def _delete(self, label: Label) -> None:
        from qadesk.app.labelling.labels import delete

        self._desk.change(
            lambda store: delete(store, [label.id]),
            lambda _changes: self.view.show_message("Deleted. Ctrl+Z brings it back."),
        )

    def _show_side(self) -> None:
        self.inspecting.refresh()
        if self.checks.isVisible():
            self.checking.check()

"""Connects the label view with the labels and the reader: what is listed, what is shown, what the reader suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

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
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Suggestion
    from qadesk.app.labelling.labels import LabelledDocument
    from qadesk.store.database import Store

_AHEAD = 8  # questions that are read for before the user comes to them


class LabelController(QObject):
    """Owns the label ``view``, its ``session``, and the controllers of its side pages."""

    def __init__(self, services: Services, exchange: ExchangeController) -> None:
        super().__init__(services.labels)
        self._status = services.status
        self._labels = services.labels
        self._pending_id = 0  # the label to go to when they are listed next, 0 for none
        self._undo_message = ""  # to show then
        self.session = LabelSession(services.labels)
        self.view = LabelView(self.session)
        self.suggester = Suggester(services.reader, services.labels)
        self.inspector, self.checks = Inspector(), ChecksPage()
        self.inspector_controller = InspectorController(self.session, services.reader, self.inspector)
        self.checks_controller = ChecksController(services.labels, services.reader, self.checks, services.settings)
        self.view.side.addTab(self.inspector, "Loss")
        self.view.side.addTab(self.checks, "Checks")
        self._connect(services)
        self._connect_exchange(exchange)

    def _connect(self, services: Services) -> None:
        labels, view = services.labels, self.view
        for source in (self.suggester, self.inspector_controller, self.checks_controller):
            source.failed.connect(services.report)
        view.view.zoomed.connect(services.appearance.zoom_text)
        for changed in (view.find_bar.matches_changed, self.session.marks_changed):
            changed.connect(services.signals.availability_changed)
        labels.label_written.connect(self._update_label)
        labels.labels_changed.connect(self.list_again)
        labels.summary_changed.connect(view.queue.show_summary)
        labels.labels_reverted.connect(self._go_to_reverted)
        labels.undo_reported.connect(self._note_undo)
        view.queue.filter_changed.connect(self._list)
        view.queue.label_chosen.connect(self._show)
        labels.summary_changed.connect(lambda _summary: view.update_steps())
        view.queue.order.currentIndexChanged.connect(self._suggest)
        view.delete_requested.connect(self._delete)
        view.side.currentChanged.connect(self._show_side)
        self.suggester.suggested.connect(self._show_suggestions)
        self.checks.label_requested.connect(self.go_to)

    def _connect_exchange(self, exchange: ExchangeController) -> None:
        self.view.queue.import_requested.connect(exchange.choose_import)
        self.view.queue.export_requested.connect(exchange.choose_export)
        self.view.work.cancel.clicked.connect(exchange.stop)
        exchange.work_started.connect(self.view.work.begin)
        exchange.progress_changed.connect(self.view.work.report)
        exchange.work_ended.connect(self.view.work.end)

    # Entering and leaving the place

    def enter(self) -> None:
        """The view is shown now."""
        self._status.show_time(None)
        self._show_position()
        self._labels.read_summary()
        self._list()
        self.view.focus()

    def leave(self) -> None:
        """The view is not shown any more: write the note and stop reading suggestions."""
        self._status.show_position(None, 0, 1)
        self.view.answers.note.flush()
        self.suggester.stop()
        self.inspector_controller.stop()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        for part in (self.view, self.inspector, self.checks):
            part.restyle()

    # The list

    def list_again(self) -> None:
        """List the labels as they are now, if they can be seen; the list keeps its place."""
        if self.view.isVisible():
            self._list(keeps_place=True)

    def select_when_listed(self, label_id: int) -> None:
        """Go to a label when the labels are listed next."""
        self._pending_id = label_id

    def _list(self, *, keeps_place: bool = False) -> None:
        from qadesk.app.labelling.labels import authors, labelled_documents, labels

        queue = self.view.queue
        state, search, group, author = (
            queue.state_filter, queue.search_words, queue.document_filter, queue.author_filter,
        )  # fmt: skip

        def read(store: Store) -> tuple[list[str], list[LabelledDocument], list[Label]]:
            listed = labels(store, state=state, search=search, group=group, author=author)
            return authors(store), labelled_documents(store, author), listed

        self._labels.run(read, lambda result: self._show_list(*result, keeps_place=keeps_place))

    def _show_list(
        self, authors: list[str], documents: list[LabelledDocument], labels: list[Label], *, keeps_place: bool
    ) -> None:
        before, queue = self.session.label, self.view.queue
        if not (queue.show_authors(authors) and queue.show_documents(documents)):
            self._list()  # of all documents
            return
        queue.show_margins(self.suggester.margins(labels))
        queue.show_labels(labels, keeps_place=keeps_place)
        if self._pending_id and not queue.go_to_label(self._pending_id) and queue.is_filtered:
            queue.show_all()
            self._list(keeps_place=True)
            return
        self._pending_id = 0
        self._report_undo()
        self.view.update_steps()
        self._show_position()
        current = queue.current
        if current is not None and before is not None and current.id == before.id and current != before:
            self._show(current)  # the same label, changed elsewhere
        self._suggest()

    def _show_position(self) -> None:
        """Show in the status bar which question of the list it is."""
        self._status.show_question(*self.view.queue.position)

    def _show(self, label: Label | None) -> None:
        self._show_position()
        if label is None:
            self.session.show(None)
            return

        def show(texts: dict[int, LabelText]) -> None:
            current = self.view.queue.current
            if current is not None and current.id == label.id:
                self.session.show(current, texts.get(label.text_id), self.suggester.suggestion_to(current))
                self.view.announce_label()

        self._labels.with_texts([label.text_id], show)
        self._suggest()

    def _go_to_reverted(self, label_ids: tuple[int, ...]) -> None:
        """Show what was undone, or done again: the first of its labels, as soon as the labels are listed again."""
        if self.view.isVisible() and label_ids:
            self._pending_id = label_ids[0]

    def _note_undo(self, sentence: str) -> None:
        """Show ``sentence``: where there is a label to go to, after that."""
        self._undo_message = sentence
        if not self._pending_id:
            self._report_undo()

    def _report_undo(self) -> None:
        if self._undo_message:
            self.view.show_message(self._undo_message)
            self._undo_message = ""

    def go_to(self, key: str) -> None:
        """Go to the label with ``key``; the whole list is shown for that."""
        from qadesk.app.labelling.labels import labels

        def done(all_labels: list[Label]) -> None:
            label = next((label for label in all_labels if label.key == key), None)
            if label is not None and not self.view.queue.go_to_label(label.id):
                self._pending_id = label.id
                self.view.queue.show_author(label.author)
                self._list()

        self._labels.run(lambda store: labels(store, author=None), done)

    def _update_label(self, label: Label) -> None:
        self.view.queue.update_label(label)
        is_others = self.session.label is not None and bool(self.session.label.author)
        self.view.show_message(f"Saved{' as yours' if is_others else ''}. {state_phrase(label)}", is_saved=True)
        if self.session.label is not None and self.session.suggestion is None:
            self._suggest()  # the question has other words now

    # Suggestions

    def _suggest(self) -> None:
        if self.view.isVisible():
            queue = self.view.queue
            self.suggester.request(queue.upcoming(len(queue.model.labels) if queue.is_by_margin else _AHEAD))

    def _show_suggestions(self, suggestions: dict[int, Suggestion]) -> None:
        queue = self.view.queue
        queue.show_margins(self.suggester.margins(queue.model.labels))
        label = self.session.label
        if label is not None and label.id in suggestions:
            self.session.set_suggestion(suggestions[label.id])
        if not suggestions:
            self._suggest()

    def _delete(self, label: Label) -> None:
        from qadesk.app.labelling.labels import delete

        self._labels.run(
            lambda store: delete(store, [label.id]),
            lambda _none: self.view.show_message("Deleted. Ctrl+Z brings it back."),
        )

    def _show_side(self) -> None:
        self.inspector_controller.refresh()
        if self.checks.isVisible():
            self.checks_controller.check()

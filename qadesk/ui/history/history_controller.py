"""Connects the view of the history with the store, the documents and the readers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from qadesk.errors import SettingError
from qadesk.records import ForgottenEntry, HistoryAnswer, HistoryEntry
from qadesk.ui.history.asking_again import AskingAgain
from qadesk.ui.history.entry_list import PAGE
from qadesk.ui.history.entry_text import asked_in_sentence, copied_answer, copied_entry
from qadesk.ui.history.history_view import HistoryView
from qadesk.ui.history.other_model_dialog import OtherModelDialog
from qadesk.ui.history.past_answer_opener import PastAnswerOpener
from qadesk.ui.history.then_and_now_dialog import ThenAndNowDialog
from qadesk.ui.kit.messages import Message
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.app.models.manage import ListedModel


class HistoryController(QObject):
    """Fills ``view``. ``changed`` says that another entry is shown."""

    changed = Signal()

    def __init__(self, services: Services, view: HistoryView) -> None:
        super().__init__(view)
        self._services = services
        self.view = view
        self._is_shown = False
        self._is_old = True
        self.opener = PastAnswerOpener(services, self)
        self.again = AskingAgain(services, self)
        self._connect()

    def _connect(self) -> None:
        entries, entry = self.view.entries, self.view.entry
        show_place = self._services.signals.place_requested
        self.view.ask_requested.connect(lambda: show_place.emit("ask"))
        self.view.library_requested.connect(lambda: show_place.emit("library"))
        self.view.keep_requested.connect(self._keep)
        entries.entry_chosen.connect(self._show_entry)
        entries.filter_changed.connect(self._read)
        entries.model.more_wanted.connect(self._read_more)
        entries.list.opened.connect(self.open_chosen)
        entries.list.removed.connect(self.forget)
        entries.export_requested.connect(self.export_all)
        entries.forget_all_requested.connect(self.forget_all)
        entry.answer_opened.connect(self._open_answer)
        entry.other_opened.connect(self._open)
        entry.open_requested.connect(self.open_chosen)
        entry.again_requested.connect(self.ask_again)
        entry.other_model_requested.connect(self.ask_other_model)
        entry.star_toggled.connect(self.toggle_star)
        entry.copy_requested.connect(self.copy_all)
        entry.export_requested.connect(self.export_entry)
        entry.set_forget_menu(
            [("&This question", self.forget), ("&All questions to its document or library", self.forget_source)]
        )
        self.view.work.cancel.clicked.connect(lambda _checked: self.stop())
        self.again.started.connect(self.view.work.begin)
        self.again.progressed.connect(self.view.work.report)
        self.again.ended.connect(self.view.work.end)
        self.again.failed.connect(self._services.report)
        self.again.answered.connect(self._show_then_and_now)
        export = self._services.export
        export.work_started.connect(self.view.work.begin)
        export.progress_changed.connect(self.view.work.report)
        export.work_ended.connect(self.view.work.end)
        self._services.history.entries_changed.connect(self._on_entries_changed)

    # The list

    @property
    def current(self) -> HistoryEntry | None:
        """The entry that is shown."""
        return self.view.entries.current

    def enter(self) -> None:
        """The place is shown: read what has changed since."""
        self._is_shown = True
        if self._is_old:
            self._read()
        self.view.focus()

    def leave(self) -> None:
        """Another place is shown."""
        self._is_shown = False

    def clear_search(self) -> None:
        """List all entries again."""
        self.view.entries.search.clear()
        self.view.entries.starred.setChecked(False)

    def show_again(self) -> None:
        """Show the same by changed settings."""
        self._read()

    def _keep(self) -> None:
        """Keep the questions from now on."""
        try:
            self._services.settings.set("history.keep", True)
        except SettingError as error:
            self._services.report(error)
        self._read()

    def _on_entries_changed(self) -> None:
        self._is_old = True
        if self._is_shown:
            self._read()

    def _read(self) -> None:
        self._is_old = False
        limit = max(PAGE, len(self.view.entries.model.entries))
        criteria = self.view.entries.criteria
        self._services.history.read_entries(
            lambda entries: self._show_entries(criteria, limit, entries), limit=limit, **criteria
        )

    def _show_entries(self, criteria: object, limit: int, entries: Sequence[HistoryEntry]) -> None:
        panel = self.view.entries
        if criteria != panel.criteria:
            return  # another search is on its way
        panel.model.doubtful_below = self._services.settings["qa.doubtful_below"]
        had_focus = self.view.empty.hasFocus()
        is_kept = self._services.settings["history.keep"]
        self.view.show_history(has_entries=bool(entries) or panel.is_filtered, is_kept=is_kept)
        panel.show_entries(entries, has_more=len(entries) == limit)
        if had_focus or (self._is_shown and not entries and not panel.is_filtered):
            self.view.focus()

    def _read_more(self, offset: int) -> None:
        model, criteria = self.view.entries.model, self.view.entries.criteria

        def show(entries: Sequence[HistoryEntry]) -> None:
            if criteria == self.view.entries.criteria and offset == len(model.entries):
                model.append(entries, has_more=len(entries) == PAGE)

        self._services.history.read_entries(show, limit=PAGE, offset=offset, **criteria)

    def _show_entry(self, entry: HistoryEntry | None) -> None:
        self.view.entry.show_entry(entry, self._services.settings["qa.doubtful_below"])
        self.changed.emit()

    # Opening and asking again

    @property
    def chosen_answer(self) -> HistoryAnswer | None:
        """The chosen answer of the entry that is shown."""
        entry = self.current
        return entry.answers[self.view.entry.chosen] if entry and entry.answers else None

    def open_chosen(self) -> None:
        """Open the document of the chosen answer at its words."""
        if self.current:
            self.opener.open(self.current, self.chosen_answer)

    def _open_answer(self, index: int) -> None:
        if self.current:
            self.opener.open(self.current, self.current.answers[index])

    def _open(self, answer: HistoryAnswer) -> None:
        if self.current:
            self.opener.open(self.current, answer)

    def ask_again(self) -> None:
        """Ask the question again with the model in use."""
        if self.current:
            self._services.messages.clear_errors()
            self.again.ask(self.current)

    def ask_other_model(self) -> None:
        """Let the user choose another model, and ask the question again with it."""
        entry, settings = self.current, self._services.settings
        if entry is None:
            return

        def others(_job: object) -> list[ListedModel]:
            from qadesk.app.models.manage import list_models

            return [model for model in list_models(settings) if not model.problem and not model.in_use]

        self._services.jobs.start(
            "files", others, done=partial(self._choose_model, entry), failed=self._services.report
        )

    def _choose_model(self, entry: HistoryEntry, models: Sequence[ListedModel]) -> None:
        dialog = OtherModelDialog(models, self._services.window)
        dialog.accepted.connect(lambda: self.again.ask(entry, dialog.model.folder))
        self._services.dialogs.open(dialog)

    def _show_then_and_now(self, before: HistoryEntry, after: HistoryEntry) -> None:
        dialog = ThenAndNowDialog(before, after, self._services.window)
        dialog.opened.connect(self.opener.open)
        self._services.dialogs.open(dialog)

    def stop(self) -> bool:
        """Stop asking again or writing a file. Gives whether there was something to stop."""
        if self.again.is_working:
            self.again.stop()
            return True
        return self._services.export.stop()

    # Stars and copies

    def toggle_star(self) -> None:
        """Star the entry, or take its star."""
        if self.current:
            self._services.history.star(self.current, not self.current.is_starred)

    def copy(self) -> None:
        """Copy the chosen answer with its document, page and characters; without one all of the entry."""
        answer = self.chosen_answer
        if answer:
            self._copy(copied_answer(answer))
        else:
            self.copy_all()

    def copy_all(self) -> None:
        """Copy the question with its likely answers, each with where it stands."""
        if self.current:
            self._copy(copied_entry(self.current, self._services.settings["qa.doubtful_below"]))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._services.status.show_copied()

    # Forgetting

    def forget(self) -> None:
        """Forget the entry that is shown; it can be undone."""
        entry = self.current
        if entry:
            sentence = f"Forgotten: '{elided_middle(' '.join(entry.question.split()))}'."
            self._services.history.forget_entry(entry, lambda forgotten: self._offer_undo(sentence, forgotten))

    def forget_source(self) -> None:
        """Forget all questions to what the shown one was asked of; it can be undone."""
        entry = self.current
        if entry:
            sentence = f"All questions to {elided_middle(asked_in_sentence(entry))} are forgotten."
            self._services.history.forget_source(entry, lambda forgotten: self._offer_undo(sentence, forgotten))

    def _offer_undo(self, sentence: str, forgotten: Sequence[ForgottenEntry]) -> None:
        if not forgotten:
            return

        def undo() -> None:
            self._services.messages.dismiss()
            self._services.history.restore(forgotten)

        hint = f"{len(forgotten):,} questions." if len(forgotten) > 1 else ""
        self._services.messages.show_message(Message(sentence, hint, buttons=(("Undo", undo),)))

    def forget_all(self) -> None:
        """Forget the whole history and the recent documents, after the user has confirmed it."""
        box = QMessageBox(self._services.window)
        box.setWindowTitle("Forget all")
        box.setText("Forget all questions, their answers and the recent documents?")
        box.setInformativeText("Starred questions go too, and so do the backups that hold them. Labels stay.")
        forget = box.addButton("Forget all", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        forget.clicked.connect(self._services.history.forget_all)
        self._services.dialogs.open(box)

    # Exporting

    def export_entry(self) -> None:
        """Export the entry that is shown, or all to what it was asked of."""
        entry = self.current
        if entry is None:
            return
        if entry.library:
            self._services.history.read_entries(partial(self._choose_export, entry), library=entry.library, limit=None)
        elif entry.path:
            self._services.history.read_entries(partial(self._choose_export, entry), document=entry.path, limit=None)
        else:
            self._choose_export(entry, [entry])

    def _choose_export(self, entry: HistoryEntry, entries: Sequence[HistoryEntry]) -> None:
        from qadesk.ui.services.export_dialog import ExportChoice

        choices = [ExportChoice("&This question", [entry])]
        if len(entries) > 1:
            what = elided_middle(asked_in_sentence(entry)).replace("&", "&&")
            choices.append(ExportChoice(f"&All {len(entries):,} questions to {what}", entries))
        documents = self._services.documents
        is_open = documents.document is not None and entry.path is not None and documents.document.path == entry.path
        document = documents.document if is_open else entry.path
        self._services.export.choose(choices, document, documents.password if is_open else None)

    def export_all(self) -> None:
        """Export the entries that are listed, also those that were not read yet."""
        criteria = self.view.entries.criteria
        self._services.history.read_entries(self._export_listed, limit=None, **criteria)

    def _export_listed(self, entries: Sequence[HistoryEntry]) -> None:
        if entries:
            self._services.export.export_entries(entries)
        else:
            self._services.messages.show_message(Message("There is nothing to export.", "Ask a question first."))

"""Models in the window: opens their page, and shows the outcome of what was done there while it is closed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qadesk import paths
from qadesk.errors import QadeskError, SettingError
from qadesk.ui.kit.messages import Message
from qadesk.ui.models.comparison_dialog import ComparisonDialog
from qadesk.ui.models.model_actions import ModelActions
from qadesk.ui.models.model_dialogs import CompareDialog
from qadesk.ui.models.models_page import ModelsPage
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qadesk.app.models.compare import ModelComparison
    from qadesk.app.models.manage import ListedModel
    from qadesk.labels.dataset import Dataset
    from qadesk.records import LabeledExample
    from qadesk.store.database import Store


class ModelsController(QObject):
    """Owns the ``actions`` on models and opens their page.

    Where the settings name a model that cannot be loaded, they go back to the model before.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self._services = services
        self._before: dict[str, object] = {}  # the settings before, while the reader loads by new ones
        self.page: ModelsPage | None = None
        self.actions = ModelActions(services.jobs, services.settings)
        self.actions.model_chosen.connect(self._load_model)
        self.actions.renamed.connect(services.reader.load)
        self.actions.failed.connect(self._report)
        self.actions.action_reported.connect(self._report_action)
        self.actions.compared.connect(self._show_comparison)
        self.actions.online_changed.connect(services.status.show_online)
        services.reader.load_started.connect(self._forget_before)
        services.reader.load_failed.connect(self._restore_settings)
        services.signals.model_requested.connect(self.actions.use)

    def global_commands(self) -> Commands:
        """What its rows of the table of actions do."""
        return {"show_models": self.show_models}

    def show_models(self) -> None:
        """Open the page of models."""
        page = ModelsPage(self.actions, self._services.window)
        page.compare_requested.connect(self._ask_comparison)
        page.crashed.connect(self._services.report)
        page.finished.connect(self._close)
        self._services.dialogs.open(page)
        self.page = page

    def _close(self) -> None:
        self.page = None

    def _report(self, error: Exception) -> None:
        if self.page is None:
            self._services.report(error)

    def _report_action(self, sentence: str, folder: Path | None) -> None:
        if self.page is None:
            use = (("Use it", partial(self.actions.use, folder, folder.name)),) if folder else ()
            self._services.messages.show_message(Message(sentence, buttons=use))

    # The model in use

    def _load_model(self, before: dict[str, object]) -> None:
        self._services.reader.load()
        self._before = before

    def _forget_before(self) -> None:
        self._before = {}

    def _restore_settings(self, error: Exception) -> None:
        before, self._before = self._before, {}
        try:
            for key, value in before.items():
                self._services.settings.set(key, value)
        except SettingError as problem:
            self._services.report(problem)
        if before:
            self.actions.refresh()
            if self.page and isinstance(error, QadeskError):
                self.page.show_message(f"The model stays as it was. {error}")

    # Comparing

    def _ask_comparison(self, first: ListedModel) -> None:
        def examples(store: Store) -> list[LabeledExample]:
            from qadesk.app.labelling.labels import examples

            return examples(store)

        self._services.store.run(
            examples,
            done=partial(self._open_compare_dialog, first),
            failed=lambda _error: self._open_compare_dialog(first, ()),
        )

    def _open_compare_dialog(self, first: ListedModel, examples: Sequence[LabeledExample]) -> None:
        if self.page is None:
            return
        others = [model for model in self.actions.models if not model.problem and model.folder != first.folder]
        dialog = CompareDialog(first.name, [model.name for model in others], len(examples), self.page)
        dialog.accepted.connect(lambda: self._compare(first, others[dialog.other.currentIndex()], dialog, examples))
        dialog.open()

    def _compare(
        self, first: ListedModel, second: ListedModel, dialog: CompareDialog, examples: Sequence[LabeledExample]
    ) -> None:
        if dialog.on_labels:
            self.actions.compare(first, second, lambda: _dataset(examples))
            return
        path = paths.general_set_path()
        if dialog.on_file:
            from qadesk.labels.formats.registry import SUFFIXES

            file_filter = f"Data sets ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})"
            chosen = self._services.dialogs.files.existing_file("data set", "Choose a data set", file_filter)
            if chosen is None:
                return
            path = chosen
        self.actions.compare(first, second, _dataset_reader(path))

    def _show_comparison(self, comparison: ModelComparison) -> None:
        if self.page:
            ComparisonDialog(comparison, self.page).open()
            return
        show = partial(self._open_comparison, comparison)
        self._services.messages.show_message(Message(comparison.summary, buttons=(("Show", show),), stays=True))

    def _open_comparison(self, comparison: ModelComparison) -> None:
        self._services.dialogs.open(ComparisonDialog(comparison, self._services.window))


def _dataset(examples: Sequence[LabeledExample]) -> Dataset:
    from qadesk.labels.dataset import Dataset

    return Dataset("", tuple(examples), ())


def _dataset_reader(path: Path) -> Callable[[], Dataset]:
    def read() -> Dataset:
        from qadesk.labels.label_files import read_dataset

        return read_dataset(path)

    return read

"""The choices made in the wizard so far, with the plan, its warnings and the estimate that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import Job, Jobs, Priority
from qadesk.ui.services.store_service import StoreService

if TYPE_CHECKING:
    from qadesk.app.training.headroom import Headroom
    from qadesk.app.training.planning import Plan
    from qadesk.app.training.runs import Estimate
    from qadesk.progress import Progress
    from qadesk.store.database import Store


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen on the pages. The labels of ``excluded_titles`` (titles of documents) are not used.

    ``base`` is the folder of the model to start from, '' the one in use. ``overrides`` are options of
    ``train.config.Config`` as text.
    """

    excluded_titles: frozenset[str] = frozenset()
    base: str = ""
    effort: str = "balanced"
    overrides: tuple[tuple[str, str], ...] = ()


class _Planned(NamedTuple):
    plan: Plan
    warnings: list[str]
    rough_seconds: float


class PlanDraft(QObject):
    """Makes a plan from the choices, in a job, whenever they change.

    ``plan_changed``: ``plan`` or ``problem`` changed; both are None while the plan is being made. ``rough_seconds`` is
    a first guess of the time, there with the plan. ``estimate_changed``: ``estimate``, ``estimate_problem`` or
    ``is_probing`` changed. ``headroom_changed``: ``headroom`` changed, which is None until it is known. ``failed``
    gives an error that is a bug.
    """

    labels_read = Signal()
    plan_changed = Signal()
    estimate_changed = Signal()
    headroom_changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, store: StoreService, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._jobs = jobs
        self._store = store
        self._planning: Job[None, _Planned] | None = None
        self._probing: Job[Progress, Estimate] | None = None
        self._reading: Job[Progress, Headroom] | None = None
        self._estimates: dict[Choices, Estimate] = {}
        self._headrooms: dict[tuple[frozenset[str], str], Headroom] = {}
        self._is_estimate_requested = False
        self.choices = Choices()
        self.examples: list[LabeledExample] = []
        self.contexts: list[str] = []
        self.plan: Plan | None = None
        self.warnings: list[str] = []
        self.rough_seconds: float | None = None
        self.problem: QadeskError | None = None
        self.estimate: Estimate | None = None
        self.estimate_problem: QadeskError | None = None
        self.headroom: Headroom | None = None

    @property
    def is_probing(self) -> bool:
        """Whether an estimate is being measured."""
        return self._probing is not None

    @property
    def label_counts(self) -> Mapping[str, int]:
        """The number of labels of each document, by its title, in the order of the labels."""
        return Counter(example.title for example in self.examples)

    def begin(self) -> None:
        """Read the labels and make the first plan."""
        self._store.run(_read_labels, done=self._on_labels_read, failed=self._on_plan_failed)

    def choose(self, choices: Choices) -> None:
        """Make the plan for ``choices``."""
        if choices != self.choices:
            self.choices = choices
            self._start_planning()

    def request_estimate(self) -> None:
        """Measure this plan and all later ones."""
        self._is_estimate_requested = True
        if self.plan and not self.estimate and not self._probing:
            self._start_probing(self.plan)

    def stop(self) -> None:
        """Cancel the jobs."""
        for job in (self._planning, self._probing, self._reading):
            if job:
                job.cancel()
        self._planning = self._probing = self._reading = None

    def _on_labels_read(self, labels: tuple[list[LabeledExample], list[str]]) -> None:
        self.examples, self.contexts = labels
        self.labels_read.emit()
        self._start_planning()

    def _start_planning(self) -> None:
        self.stop()
        self.plan = self.estimate = self.problem = self.estimate_problem = None
        self.headroom = self._headrooms.get(self._headroom_key)
        self.plan_changed.emit()
        self.estimate_changed.emit()
        choices, examples, contexts, settings = self.choices, self.examples, self.contexts, self._settings
        self._planning = self._jobs.start(
            "train",
            lambda _job: _make_plan(examples, contexts, choices, settings),
            done=self._on_planned,
            failed=self._on_plan_failed,
        )

    def _on_planned(self, result: _Planned) -> None:
        self._planning = None
        self.plan, self.warnings, self.rough_seconds = result
        self.plan_changed.emit()
        if self.headroom is None:
            self._start_reading(self.plan)
        if self._is_estimate_requested:
            self._start_probing(self.plan)

    def _on_plan_failed(self, error: Exception) -> None:
        self._planning = None
        if isinstance(error, QadeskError):
            self.problem = error
            self.plan_changed.emit()
        else:
            self.failed.emit(error)

    @property
    def _headroom_key(self) -> tuple[frozenset[str], str]:
        return self.choices.excluded_titles, self.choices.base

    def _start_reading(self, plan: Plan) -> None:
        self._reading = self._jobs.start(
            "train",
            lambda _job: _read_some(plan),
            done=self._on_read,
            failed=self._on_reading_failed,
            priority=Priority.BACKGROUND,
        )

    def _on_read(self, headroom: Headroom) -> None:
        self._reading = None
        self.headroom = self._headrooms[self._headroom_key] = headroom
        self.headroom_changed.emit()

    def _on_reading_failed(self, error: Exception) -> None:
        self._reading = None
        if not isinstance(error, QadeskError):  # else the run will tell: this is only advice
            self.failed.emit(error)

    def _start_probing(self, plan: Plan) -> None:
        self.estimate = self._estimates.get(self.choices)
        if self.estimate is None:
            self._probing = self._jobs.start(
                "train",
                lambda _job: _measure(plan),
                done=self._on_estimated,
                failed=self._on_estimate_failed,
            )
        self.estimate_changed.emit()

    def _on_estimated(self, estimate: Estimate) -> None:
        self._probing = None
        self.estimate = self._estimates[self.choices] = estimate
        self.estimate_changed.emit()
        if self.plan:
            from qadesk.app.training import rough_estimate

            rough_estimate.remember_speed(self.plan, estimate.seconds, self._settings)

    def _on_estimate_failed(self, error: Exception) -> None:
        self._probing = None
        if isinstance(error, QadeskError):
            self.estimate_problem = error
        else:
            self.failed.emit(error)
        self.estimate_changed.emit()


def _read_labels(store: Store) -> tuple[list[LabeledExample], list[str]]:
    """The labels, and all contexts, labelled or not."""
    from qadesk.app.labelling import labels

    return labels.examples(store), [text.text for text in labels.texts(store)]


def _make_plan(examples: list[LabeledExample], contexts: list[str], choices: Choices, settings: Settings) -> _Planned:
    """The plan, its warnings and about how many seconds it takes."""
    from qadesk.app.training import planning, rough_estimate

    included = [example for example in examples if example.title not in choices.excluded_titles]
    plan = planning.plan(
        included, contexts, base=choices.base, effort=choices.effort, overrides=dict(choices.overrides)
    )
    return _Planned(plan, planning.warnings(plan), rough_estimate.rough_seconds(plan, settings))


def _read_some(plan: Plan) -> Generator[Progress, None, Headroom]:
    from qadesk.app.training import headroom

    return headroom.headroom(plan)


def _measure(plan: Plan) -> Generator[Progress, None, Estimate]:
    from qadesk.app.training import runs

    return runs.estimate(plan)

"""What the user has chosen so far, and what it comes to: the plan, its warnings, and what it will take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.records import LabeledExample
from qadesk.ui.kit.jobs import AnyJob, Jobs
from qadesk.ui.services.store_service import StoreService

if TYPE_CHECKING:
    from qadesk.app.training.runs import Estimate, Plan
    from qadesk.store.database import Store


@dataclass(frozen=True, slots=True)
class Choices:
    """What the pages ask for. ``left_out`` are the documents whose labels are not used."""

    left_out: frozenset[str] = frozenset()
    base: str = ""
    effort: str = "balanced"
    overrides: tuple[tuple[str, str], ...] = ()


class PlanDraft(QObject):
    """Makes a plan of the choices, on a lane, whenever they change.

    ``read`` says that the labels are there, ``planned`` that ``plan`` or ``problem`` is another one, ``estimated`` that
    there is news of ``estimate`` or ``is_probing``, or that ``unknown`` says why there is none.
    """

    read = Signal()
    planned = Signal()
    estimated = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, library: StoreService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._library = library
        self._planning: AnyJob | None = None
        self._probing: AnyJob | None = None
        self._known: dict[Choices, Estimate] = {}
        self._is_estimate_wanted = False
        self.choices = Choices()
        self.examples: list[LabeledExample] = []
        self.texts: list[str] = []
        self.plan: Plan | None = None
        self.warnings: list[str] = []
        self.problem: QadeskError | None = None
        self.estimate: Estimate | None = None
        self.unknown: QadeskError | None = None

    @property
    def is_probing(self) -> bool:
        """Whether an estimate is on its way."""
        return self._probing is not None

    @property
    def documents(self) -> Mapping[str, int]:
        """How many labels each document has, in the order of the labels."""
        return Counter(example.title for example in self.examples)

    def begin(self) -> None:
        """Read the labels."""
        self._library.run(_read, done=self._take, failed=self._fail)

    def choose(self, choices: Choices) -> None:
        """Make the plan for ``choices``."""
        if choices != self.choices:
            self.choices = choices
            self._make_plan()

    def want_estimate(self) -> None:
        """Measure from now on what each plan will take."""
        self._is_estimate_wanted = True
        if self.plan and not self.estimate and not self._probing:
            self._probe(self.plan)

    def stop(self) -> None:
        """End what is going on."""
        for job in (self._planning, self._probing):
            if job:
                job.cancel()
        self._planning = self._probing = None

    def _take(self, found: tuple[list[LabeledExample], list[str]]) -> None:
        self.examples, self.texts = found
        self.read.emit()
        self._make_plan()

    def _make_plan(self) -> None:
        self.stop()
        self.plan = self.estimate = self.problem = self.unknown = None
        self.planned.emit()
        self.estimated.emit()
        choices, examples, texts = self.choices, self.examples, self.texts
        self._planning = self._jobs.start(
            "train", lambda _job: _plan(examples, texts, choices), done=self._show_plan, failed=self._fail
        )

    def _show_plan(self, made: tuple[Plan, list[str]]) -> None:
        self._planning = None
        self.plan, self.warnings = made
        self.planned.emit()
        if self._is_estimate_wanted:
            self._probe(self.plan)

    def _fail(self, error: Exception) -> None:
        self._planning = None
        if isinstance(error, QadeskError):
            self.problem = error
            self.planned.emit()
        else:
            self.failed.emit(error)

    def _probe(self, plan: Plan) -> None:
        self.estimate = self._known.get(self.choices)
        if self.estimate is None:
            self._probing = self._jobs.start(
                "train", lambda _job: _estimate(plan), done=self._show_estimate, failed=self._show_no_estimate
            )
        self.estimated.emit()

    def _show_estimate(self, estimate: Estimate) -> None:
        self._probing = None
        self.estimate = self._known[self.choices] = estimate
        self.estimated.emit()

    def _show_no_estimate(self, error: Exception) -> None:
        self._probing = None
        if isinstance(error, QadeskError):
            self.unknown = error
        else:
            self.failed.emit(error)
        self.estimated.emit()


def _read(store: Store) -> tuple[list[LabeledExample], list[str]]:
    from qadesk.app.labelling import labels

    return labels.examples(store), [each.text for each in labels.texts(store)]


def _plan(examples: list[LabeledExample], texts: list[str], choices: Choices) -> tuple[Plan, list[str]]:
    from qadesk.app.training import runs

    chosen = [each for each in examples if each.title not in choices.left_out]
    plan = runs.plan(chosen, texts, base=choices.base, effort=choices.effort, overrides=dict(choices.overrides))
    return plan, runs.warnings(plan)


def _estimate(plan: Plan) -> Generator[Any, None, Estimate]:
    from qadesk.app.training import runs

    return runs.estimate(plan)

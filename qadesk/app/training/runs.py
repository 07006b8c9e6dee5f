"""Training, as the window and the command line see it. A run is a folder; one child process at a time works in it.

    plan.json, train.json, evaluation.json, unlabelled.json    what was planned (``app.training.planning``)
    log.jsonl                                                  what was told so far (``app.training.run_log``)
    before.json, checkpoints/, trained.json, result.part/      on the way (``app.training.stages``)
    result/, outcome.json                                      when it is done: the model, and what came of it

The child ends when its generator is closed or this process ends, at any moment and without harm: the next ``follow``
goes on from the last checkpoint.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from qadesk import errors, paths
from qadesk.app import child_process
from qadesk.app.child_process import Child, ChildEnded, Message
from qadesk.app.models import manage
from qadesk.app.training import model_writer, planning, run_events
from qadesk.app.training.outcome import (
    Outcome,
    Prediction,
    Preview,
    QuestionOutcome,
    SetComparison,
    from_json,
    threshold_preview,
)
from qadesk.app.training.planning import OUTCOME, RESULT, Plan, begin, plan, warnings
from qadesk.app.training.run_events import Phase, RunEvent
from qadesk.app.training.run_log import history
from qadesk.errors import DataError, QadeskError
from qadesk.progress import Progress
from qadesk.train.events import Stepped

__all__ = [
    "Control", "Estimate", "Outcome", "Phase", "Plan", "Prediction", "Preview", "QuestionOutcome", "Run", "RunEvent",
    "SetComparison", "begin", "discard", "estimate", "follow", "history", "keep", "move", "outcome", "plan",
    "threshold_preview", "unfinished", "warnings",
]  # fmt: skip

_STALE = 24 * 3600.0  # seconds: nothing is half done for so long


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run takes: ``seconds`` from start to verdict, bytes of memory and disk, ``device`` and why that one."""

    seconds: float
    memory_bytes: int
    disk_bytes: int
    free_disk_bytes: int
    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run that waits: to be gone on with, or, where ``is_finished``, to be kept or discarded.

    It is at ``step`` of ``steps``, both 0 if training has not begun. ``when`` it began is in seconds since the epoch.
    """

    folder: Path
    base: str
    effort: str
    examples: int
    step: int
    steps: int
    when: float
    is_finished: bool

    @property
    def what(self) -> str:
        """The run in words: 'balanced, from QADesk reader 2, 160 labels: step 12 of 40'."""
        if self.is_finished:
            at = "finished, neither kept nor discarded"
        else:
            at = f"step {self.step} of {self.steps}" if self.steps else "just begun"
        return f"{self.effort}, from '{self.base}', {self.examples} labels: {at}"


class Control:
    """How a run that goes on is paused and stopped, from any thread."""

    def __init__(self) -> None:
        self.state = ""

    def pause(self) -> None:
        """Save a checkpoint and wait."""
        self._want("pause")

    def resume(self) -> None:
        """Go on after a pause."""
        self._want("")

    def stop(self) -> None:
        """End the training, keep the best so far, and go on to the verdict."""
        self._want("stop")

    def _want(self, state: str) -> None:
        if self.state != "stop":  # what was stopped has ended
            self.state = state


def follow(run: Path, control: Control) -> Generator[RunEvent | None, None, Outcome]:
    """Start the run in the folder ``run``, or go on with it: yields what it tells, returns what came of it.

    Yields None ten times a second while there is nothing to tell. Closing the generator ends the child process; the
    folder stays, and the run can be gone on with until it is discarded. Raises ``QadeskError`` in words.
    """
    if _is_finished(run):
        return outcome(run)
    planning.read_about(run)
    sent = ""
    with _scratch(run) as scratch, child_process.start(["--train", str(run.resolve())], scratch) as process:
        for said in _messages(process):
            if control.state != sent:
                sent = control.state
                process.send(sent or "resume")
            if said is None or "event" in said:
                yield run_events.from_json(said) if said else None
            elif "paused" in said:
                yield Phase("Paused")
            else:
                break
    return outcome(run)


def estimate(made: Plan) -> Generator[Progress, None, Estimate]:
    """Measure what a run will take, by a few steps of it in a child process. Closing the generator ends it.

    Raises ``QadeskError`` in words.
    """
    yield Progress("Measuring", 0, 0)
    with _scratch(paths.runs_dir()) as scratch:
        run = begin(made, scratch / "probe")
        with child_process.start(["--train", str(run), "probe"], scratch) as process:
            messages = _messages(process)
            while (said := next(messages)) is None:
                yield Progress("Measuring", 0, 0)
    base = planning.trainable(Path(made.base))
    free = shutil.disk_usage(paths.runs_dir()).free
    return Estimate(**said["estimate"], disk_bytes=planning.disk_bytes(base), free_disk_bytes=free)


def unfinished() -> list[Run]:
    """The runs that wait, the newest first. What is left of others goes."""
    found = []
    for folder in paths.runs_dir().iterdir():
        if _is_rest(folder):
            shutil.rmtree(folder, ignore_errors=True)
        elif (folder / planning.PLAN).is_file() and not folder.name.startswith("."):
            found.append(_described(folder))
    return sorted(found, key=lambda run: run.when, reverse=True)


def _is_rest(folder: Path) -> bool:
    """Whether ``folder`` is what a process that was killed has left: hidden and old, or a run whose model was kept."""
    if folder.name.startswith("."):
        return time.time() - folder.stat().st_mtime > _STALE
    return (folder / OUTCOME).is_file() and not (folder / RESULT).is_dir()


def _described(folder: Path) -> Run:
    about = planning.read_about(folder)
    last = next((each for each in reversed(history(folder)) if isinstance(each, Stepped)), None)
    return Run(
        folder,
        about["base_name"],
        about["effort"],
        about["examples"],
        last.step if last else 0,
        last.steps if last else 0,
        about["began"],
        _is_finished(folder),
    )


def _is_finished(run: Path) -> bool:
    return (run / OUTCOME).is_file() and (run / RESULT).is_dir()


def outcome(run: Path) -> Outcome:
    """What came of the run. Raises ``DataError`` if it is not finished."""
    try:
        return from_json(json.loads((run / OUTCOME).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("This training is not finished.", "Go on with it, or discard it.", str(error)) from error


def keep(run: Path, name: str) -> Path:
    """Make the model of a finished run one of the user's, called ``name``; gives its folder. The run is gone.

    Raises ``ModelError`` for a name that is taken or that nothing can be called, ``DataError`` if there is no model.
    """
    place = manage.new_folder(name)
    move(run, place)
    return place


def move(run: Path, place: Path) -> None:
    """Let the model of a finished run be the folder ``place``, on the same disk, named so. The run is gone.

    Raises ``DataError`` if there is no model, or it cannot be moved.
    """
    outcome(run)
    try:
        model_writer.rename(run / RESULT, place.name)
        (run / RESULT).rename(place)
    except OSError as error:
        raise DataError(
            f"The model could not be stored as '{place}'.", "Check that there is room on the disk.", str(error)
        ) from error
    discard(run)


def discard(run: Path) -> None:
    """Take the run away, with all that it holds."""
    hidden = run.with_name(f".{run.name}-gone")
    shutil.rmtree(hidden, ignore_errors=True)
    run.rename(hidden)  # at once: what is half deleted is no run
    shutil.rmtree(hidden, ignore_errors=True)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for what a child leaves lying about. It is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".child-", dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _messages(process: Child) -> Generator[Message | None, None, None]:
    """What the child says; its errors are raised."""
    try:
        for said in process.messages():
            if said and "error" in said:
                kind, *words = said["error"]
                raise getattr(errors, kind, QadeskError)(*words)
            yield said
    except ChildEnded as error:
        raise QadeskError(
            "The process that trains ended before it was done. The computer may have too little memory.",
            "Close other programs and go on with the training: what was done up to the last checkpoint is kept.",
            str(error),
        ) from error

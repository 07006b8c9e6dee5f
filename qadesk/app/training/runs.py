"""Training runs as the window and the command line use them. A run is a folder, in which one child process works.

    plan.json, train.json, evaluation.json, unlabelled.json    the plan (``app.training.run_folder``)
    log.jsonl                                                  the events so far (``app.training.run_log``)
    before.json, checkpoints/, trained.json, result.part/      unfinished work (``app.training.stages``)
    result/, outcome.json                                      of a finished run: the model, if any, and the outcome

The child may be killed at any moment, by closing its generator or with this process: the next ``follow`` resumes from
the last checkpoint.
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

from qadesk import paths
from qadesk.app import child_process
from qadesk.app.child_process import Child, ChildEnded, Message
from qadesk.app.models import manage
from qadesk.app.training import model_writer, planning, run_events, run_folder, run_log
from qadesk.app.training import outcome as outcomes
from qadesk.app.training.outcome import Outcome
from qadesk.app.training.planning import Plan
from qadesk.app.training.run_events import Phase, ProbeResult, RunEvent
from qadesk.app.training.run_folder import OUTCOME, PLAN, RESULT
from qadesk.errors import DataError, QadeskError
from qadesk.progress import Progress
from qadesk.train.events import Stepped

_STALE = 24 * 3600.0  # seconds after which a hidden folder is removed


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run takes: ``seconds`` from start to verdict, memory and disk; and its ``device``, with the reason."""

    seconds: float
    memory_bytes: int
    disk_bytes: int
    free_disk_bytes: int
    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that can be resumed or discarded; if ``is_finished``, its model can be kept or discarded.

    It is at ``step`` of ``steps``, both 0 before training. ``when`` is its start, in seconds since the epoch.
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
        """A text: "balanced, from 'QADesk reader 7', 160 labels: step 12 of 40"."""
        if self.is_finished:
            at = "finished, neither kept nor discarded"
        else:
            at = f"step {self.step} of {self.steps}" if self.steps else "just begun"
        return f"{self.effort}, from '{self.base}', {self.examples} labels: {at}"


class Control:
    """Pauses, resumes and stops a run that is followed. ``state`` is '' (run), 'pause' or 'stop'. Thread-safe."""

    def __init__(self) -> None:
        self.state = ""

    def pause(self) -> None:
        """Let the run save a checkpoint and wait."""
        self._set("pause")

    def resume(self) -> None:
        """Let the run go on after a pause."""
        self._set("")

    def stop(self) -> None:
        """Let the run end its training with the best weights so far, and go on to the verdict. This is final."""
        self._set("stop")

    def _set(self, state: str) -> None:
        if self.state != "stop":
            self.state = state


def follow(run: Path, control: Control) -> Generator[RunEvent | None, None, Outcome]:
    """Start or resume the run in the folder ``run``, in a child process: yields its events, returns its outcome.

    Yields None for each tenth of a second without an event. Closing the generator kills the child; the run can be
    resumed until it is discarded. Raises ``QadeskError``.
    """
    if _is_finished(run):
        return read_outcome(run)
    run_folder.read_summary(run)  # raises if ``run`` is not the folder of a run
    last_state = ""
    with _scratch(run) as scratch, child_process.start(["--train", str(run.resolve())], scratch) as child:
        for message in _messages(child):
            if control.state != last_state:
                last_state = control.state
                child.send(last_state or "resume")
            if message is None or "event" in message:
                yield run_events.event_from_json(message) if message else None
            elif "paused" in message:
                yield Phase("Paused")
            else:
                break
    return read_outcome(run)


def estimate(plan: Plan) -> Generator[Progress, None, Estimate]:
    """Measure what a run takes, by a few steps of it in a child process, which closing the generator kills.

    Raises ``QadeskError``.
    """
    yield Progress("Measuring", 0, 0)
    with _scratch(paths.runs_dir()) as scratch:
        run = run_folder.create(plan, scratch / "probe")
        with child_process.start(["--train", str(run), "probe"], scratch) as child:
            messages = _messages(child)
            while (message := next(messages)) is None:
                yield Progress("Measuring", 0, 0)
    probe: ProbeResult = message["estimate"]
    base = planning.trainable_model(Path(plan.base))
    free = shutil.disk_usage(paths.runs_dir()).free
    return Estimate(**probe, disk_bytes=planning.disk_bytes(base), free_disk_bytes=free)


def unfinished() -> list[UnfinishedRun]:
    """The runs among the user's that are neither kept nor discarded, newest first. Removes leftovers of other runs."""
    unfinished_runs = []
    for folder in paths.runs_dir().iterdir():
        if _is_leftover(folder):
            shutil.rmtree(folder, ignore_errors=True)
        elif (folder / PLAN).is_file() and not folder.name.startswith("."):
            unfinished_runs.append(_unfinished_run(folder))
    return sorted(unfinished_runs, key=lambda run: run.when, reverse=True)


def _is_leftover(folder: Path) -> bool:
    """Whether ``folder`` is left of a killed process: hidden and old, or a run whose model was moved."""
    if folder.name.startswith("."):
        return time.time() - folder.stat().st_mtime > _STALE
    return (folder / OUTCOME).is_file() and not (folder / RESULT).is_dir()


def _unfinished_run(folder: Path) -> UnfinishedRun:
    summary = run_folder.read_summary(folder)
    steps = [event for event in run_log.read_events(folder) if isinstance(event, Stepped)]
    return UnfinishedRun(
        folder,
        summary["base_name"],
        summary["effort"],
        summary["examples"],
        steps[-1].step if steps else 0,
        steps[-1].steps if steps else 0,
        summary["began"],
        _is_finished(folder),
    )


def _is_finished(run: Path) -> bool:
    """Whether the run has come to its end; its model may have been moved meanwhile, or it made none."""
    if not (run / OUTCOME).is_file():
        return False
    return (run / RESULT).is_dir() or not read_outcome(run).has_model


def read_outcome(run: Path) -> Outcome:
    """The outcome of the run in the folder ``run``. Raises ``DataError`` if the run is not finished."""
    try:
        return outcomes.outcome_from_json(json.loads((run / OUTCOME).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("This training is not finished.", "Go on with it, or discard it.", str(error)) from error


def keep_model(run: Path, name: str) -> Path:
    """Move the model of a finished run to the user's models, as ``name``; returns its folder. The run is removed.

    Raises ``ModelError`` if the name is not valid or is taken, ``DataError`` if there is no model.
    """
    target = manage.new_folder(name)
    move(run, target)
    return target


def move(run: Path, target: Path) -> None:
    """Move the model of a finished run to the folder ``target``, on the same disk, whose name it gets.

    The run is removed. Raises ``DataError`` if there is no model, or it cannot be moved.
    """
    read_outcome(run)
    try:
        model_writer.set_name(run / RESULT, target.name)
        (run / RESULT).rename(target)
    except OSError as error:
        raise DataError(
            f"The model could not be stored as '{target}'.", "Check that there is room on the disk.", str(error)
        ) from error
    discard(run)


def discard(run: Path) -> None:
    """Remove the run with all its files, if they are still there: one without a model goes with the leftovers."""
    hidden = run.with_name(f".{run.name}-gone")
    shutil.rmtree(hidden, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        run.rename(hidden)  # first of all, as half a folder must not be listed
    shutil.rmtree(hidden, ignore_errors=True)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for the temporary files of a child. It is removed when the context ends."""
    with tempfile.TemporaryDirectory(prefix=".child-", dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _messages(child: Child) -> Generator[Message | None, None, None]:
    """The messages of ``child``. Raises those that are errors."""
    try:
        for message in child.messages():
            if message and "error" in message:
                raise child_process.error_from_json(message["error"])
            yield message
    except ChildEnded as error:
        raise QadeskError(
            "The process that trains ended before it was done. The computer may have too little memory.",
            "Close other programs and go on with the training: what was done up to the last checkpoint is kept.",
            str(error),
        ) from error

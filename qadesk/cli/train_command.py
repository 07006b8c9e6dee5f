"""``qadesk train``: fine-tune a model on a data set, as the window's wizard does."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from qadesk.cli.data_options import DATASET_HELP, add_data_options, dataset_from
from qadesk.cli.output import DONE, INTERRUPTED, NEGATIVE, print_over
from qadesk.errors import DataError
from qadesk.progress import rough_duration
from qadesk.train.config import PRESETS
from qadesk.train.events import Evaluated, Noted, Saved, Stepped

if TYPE_CHECKING:
    from qadesk.app.training.outcome import Outcome
    from qadesk.app.training.run_events import RunEvent
    from qadesk.app.training.runs import Control

Events = Generator["RunEvent | None", None, "Outcome"]


def run_train(arguments: Sequence[str]) -> int:
    """``qadesk train DATASET.json --out DIR``: 0 when there is a model, 1 where nothing was learned, 130 after Ctrl+C.

    Ctrl+C keeps a checkpoint.
    """
    from qadesk.app.training import runs

    options = _parser().parse_args(arguments)
    out = options.out.absolute()
    run = out.with_name(f"{out.name}.run")
    if out.exists():
        raise DataError(f"There is already something at '{options.out}'.", "Name a folder that is not there yet.")
    if options.resume:
        _check_resumable(run, options.processes)
    else:
        _begin(options, run)
    show = _as_json if options.json else _Lines().show
    control = runs.Control()
    events = runs.follow(run, control)
    try:
        outcome = _follow(events, control, show)
    finally:
        events.close()
    if outcome is None:
        print(f"qadesk: a checkpoint is in {run}. Go on with the same command and --resume.", file=sys.stderr)
        return INTERRUPTED
    if outcome.has_model:
        runs.move(run, out)
    else:
        runs.discard(run)
    print(json.dumps(_summary(outcome, out)) if options.json else _report(outcome, out))
    return DONE if outcome.has_model else NEGATIVE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qadesk train",
        description="Train a model on your questions, compare it with the one before, and write it as a model folder.",
    )
    parser.add_argument("dataset", type=Path, metavar="DATASET", help=DATASET_HELP)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the new model")
    add_data_options(parser)
    parser.add_argument("--base", default="", metavar="M", help="a model to start from (default: the one in use)")
    parser.add_argument(
        "--eval", type=Path, metavar="E.json", help="questions to measure with (default: a fifth of the data set)"
    )
    parser.add_argument("--effort", choices=list(PRESETS), default="balanced", help="how long (default: balanced)")
    parser.add_argument(
        "--config", nargs="+", action="extend", default=[], metavar="KEY=VALUE", help="training options, one by one"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with a training that was interrupted, as it was begun"
    )
    parser.add_argument(
        "--processes",
        type=int,
        metavar="N",
        help="train with N processes that share every batch, each on a CUDA card of its own or a share of the cores "
        "(default: 1; with --resume: as many as before); needs accelerate",
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines (described in docs/command-line.md)")
    return parser


def _check_resumable(run: Path, processes: int | None) -> None:
    """Raise ``DataError`` if there is no run to go on with; with ``processes`` from now on, if that is a number."""
    from qadesk.app.training import run_folder

    if not run.is_dir():
        raise DataError(f"There is no training to go on with: '{run}' is not there.", "Begin it without --resume.")
    if processes is not None:
        run_folder.change_processes(run, processes)


def _begin(options: argparse.Namespace, run: Path) -> None:
    from qadesk.app.training import planning, run_folder

    if run.exists():
        raise DataError(
            f"A training for '{options.out}' was interrupted.", f"Go on with it by --resume, or delete '{run}'."
        )
    dataset = dataset_from(options.dataset, options)
    evaluation = dataset_from(options.eval, options) if options.eval else None
    plan = planning.plan(
        dataset.examples,
        (),
        base=options.base,
        effort=options.effort,
        overrides=_overrides(options.config),
        evaluation=evaluation.examples if evaluation else None,
        processes=1 if options.processes is None else options.processes,
    )
    for warning in planning.warnings(plan):
        print(f"qadesk: {warning}", file=sys.stderr)
    run_folder.create(plan, run)


def _overrides(pairs: Sequence[str]) -> dict[str, str]:
    """``key=value`` pairs as a dictionary. Raises ``DataError``."""
    parts = [pair.partition("=") for pair in pairs]
    for key, sign, _ in parts:
        if not sign:
            raise DataError(f"'{key}' is not a training option with a value.", "Write it as key=value.")
    return {key: value for key, _, value in parts}


def _follow(events: Events, control: Control, show: Callable[[RunEvent], None]) -> Outcome | None:
    """The outcome of the run; None where Ctrl+C was pressed and a checkpoint is written."""
    with _pause_on_interrupt(control):
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                result: Outcome = end.value
                return result
            if event is not None:
                show(event)
                if control.state == "pause" and is_safe(event):
                    return None


def is_safe(event: RunEvent) -> bool:
    """Whether the run can end after ``event`` without loss, once a pause was requested."""
    from qadesk.app.training.run_events import Phase

    return isinstance(event, Saved) or (isinstance(event, Phase) and event.what == "Paused")


@contextlib.contextmanager
def _pause_on_interrupt(control: Control) -> Iterator[None]:
    """Within the context the first Ctrl+C requests a pause, the second raises ``KeyboardInterrupt``."""

    def pause(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.pause()

    before = signal.signal(signal.SIGINT, pause)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Lines:
    """Prints a line for each phase, evaluation and note, and on a terminal a progress line for the steps."""

    def __init__(self) -> None:
        self._phase = ""

    def show(self, event: RunEvent) -> None:
        """Print ``event``."""
        if isinstance(event, Stepped):
            time_left = f", {rough_duration(event.seconds_left)} left" if event.seconds_left else ""
            self._print_progress(f"step {event.step} of {event.steps}, loss {event.loss:.3f}{time_left}")
        elif isinstance(event, Evaluated):
            self._print_line(f"step {event.step}: loss {event.loss:.3f}, EM {event.exact:.1f}, F1 {event.f1:.1f}")
        elif isinstance(event, Noted):
            self._print_line(event.text)
        elif not isinstance(event, Saved):
            if event.what != self._phase:
                self._phase = event.what
                self._print_line(event.what)
            if event.total:
                self._print_progress(f"{event.what}: {event.done} of {event.total}")

    def _print_progress(self, text: str) -> None:
        if sys.stderr.isatty():
            print_over(text)

    def _print_line(self, text: str) -> None:
        self._print_progress("")
        print(text, file=sys.stderr, flush=True)


def _as_json(event: RunEvent) -> None:
    from qadesk.app.training.run_events import event_as_json

    row = event_as_json(event)
    if isinstance(event, Noted):
        row["text"] = event.text
    print(json.dumps(row), flush=True)


def _summary(outcome: Outcome, folder: Path) -> dict[str, Any]:
    from qadesk.app.training.outcome import outcome_as_json

    sentences = {"verdict": outcome.verdict.text, "notes": [note.text for note in outcome.notes]}
    return {
        "event": "Finished",
        "folder": str(folder) if outcome.has_model else None,
        **outcome_as_json(outcome),
        **sentences,
    }


def _report(outcome: Outcome, folder: Path) -> str:
    from qadesk.app.training.outcome import taught_text

    lines = [outcome.verdict.text, "questions     number  EM before  after  F1 before  after"]
    for title, pair in (("yours", outcome.own), ("general", outcome.general)):
        old, new = pair.before, pair.after
        scores = f"{old.exact:10.2f} {new.exact:6.2f} {old.f1:10.2f} {new.f1:6.2f}"
        lines.append(f"{title:12} {new.total:7,} {scores}")
    if outcome.made_count:
        lines.append(f"{outcome.made_count} of yours are made by rule: questions of other texts, without an answer.")
    changed = sum(row.is_changed for row in outcome.rows)
    lines.append(f"{changed} of {len(outcome.rows)} questions are answered in other words than before.")
    if outcome.taught:
        lines.append(taught_text(outcome))
    if outcome.has_model:
        lines.append(f"The model is in {folder}, made in {rough_duration(outcome.seconds)}.")
    return "\n".join(lines)

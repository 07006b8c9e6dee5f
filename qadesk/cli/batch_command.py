"""``qadesk batch``: answers to all rows of a file, by many workers."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk.cli.model_options import add_model_options
from qadesk.cli.output import DONE, INTERRUPTED, NEGATIVE, print_over, progress_bar, show_progress
from qadesk.cli.question_options import LIBRARY, at_least_one
from qadesk.errors import DataError
from qadesk.qa.expectation import EXPECTATIONS
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.app.batch.batch_job import BatchJob, Engine
    from qadesk.app.batch.batch_request import BatchRequest
    from qadesk.app.batch.batch_run import BatchStep, BatchSummary

_INTERVAL, _JSON_INTERVAL = 0.1, 0.5  # seconds between two lines of progress


def run_batch(arguments: Sequence[str]) -> int:
    """``qadesk batch IN OUT``: 0 when all rows were asked, 1 where some have an error, 130 after Ctrl+C.

    The same command goes on with what was interrupted.
    """
    options = _parser().parse_args(arguments)
    from qadesk.app.batch.batch_request import begin_batch
    from qadesk.app.batch.batch_run import work_through

    settings = Settings()
    if options.top_k is not None:
        settings.override("qa.top_k", options.top_k)
    if options.expect:
        settings.override("qa.expected", options.expect)
    engine = _engine(options)
    job = show_progress(begin_batch(_request(options, settings), settings), at_once=True)
    for notice in job.notices:
        print(f"qadesk: {notice}", file=sys.stderr)
    summary = _follow(work_through(job, engine), job, is_json=options.json)
    if summary is None:
        return INTERRUPTED
    print(json.dumps(dataclasses.asdict(summary)) if options.json else _report(summary, options.out))
    return NEGATIVE if summary.errors else DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qadesk batch",
        description="Answer all rows of a file. Interrupted, the same command goes on.",
        epilog="Rows have id, question, and context or file; a list of questions is put to a library or a folder. "
        "Described in docs/batch.md.",
    )
    parser.add_argument("source", type=Path, metavar="IN", help="rows in .jsonl or .parquet, or questions, one a line")
    parser.add_argument("out", type=Path, metavar="OUT", help="the file for the answers, .jsonl or .parquet")
    target = parser.add_mutually_exclusive_group()
    target.add_argument(LIBRARY, metavar="NAME", help="put the questions in IN to a collection, or to 'all'")
    target.add_argument("--folder", type=Path, help="put the questions in IN to each document in this folder")
    parser.add_argument(
        "--workers", type=at_least_one, default=0, metavar="N", help="processes (default: one a core or GPU)"
    )
    parser.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="what runs the workers (default: local)"
    )
    parser.add_argument("--address", default="", metavar="A", help="of a Ray that runs: auto, or host:port")
    parser.add_argument(
        "--cores", type=at_least_one, default=1, metavar="N", help="cores of a worker of Ray (default: 1)"
    )
    parser.add_argument("--top-k", type=int, metavar="N", help="write at most N answers a row (default: the setting)")
    parser.add_argument(
        "--expect", choices=EXPECTATIONS, help="how likely what is asked holds the answers (default: the setting)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines (described in docs/batch.md)")
    add_model_options(parser)
    return parser


def _engine(options: argparse.Namespace) -> Engine:
    """What answers. Raises ``DataError`` where it is not installed, or an address is given to another than Ray."""
    if options.engine == "ray":
        from qadesk.app.batch.ray_engine import check_ray, ray_engine

        check_ray()
        return partial(ray_engine, address=options.address, workers=options.workers, cores=options.cores)
    if options.address:
        raise DataError("--address is the address of a Ray that runs.", "Add --engine ray.")
    from qadesk.app.batch.local_engine import local_engine

    return partial(local_engine, workers=options.workers, device=options.device or "")


def _request(options: argparse.Namespace, settings: Settings) -> BatchRequest:
    from qadesk.app.batch.batch_request import BatchRequest

    library = None
    if options.library is not None:
        from qadesk.cli.library_answers import sources_of

        library = sources_of(options.library)
    return BatchRequest(
        options.source,
        options.out,
        library,
        options.folder,
        options.model or settings["model.folder"],
        options.device or settings["model.device"],
        options.precision,
    )


def _follow(steps: Generator[BatchStep, None, BatchSummary], job: BatchJob, *, is_json: bool) -> BatchSummary | None:
    """The summary of the job, whose ``steps`` are shown; None after Ctrl+C."""
    show = _JsonSteps() if is_json else _StepLine()
    try:
        with closing(steps):
            while True:
                show.show(next(steps))
    except StopIteration as end:
        summary: BatchSummary = end.value
        show.clear()
        return summary
    except KeyboardInterrupt:
        show.clear()
        print(
            f"qadesk: interrupted. What was answered is in '{job.folder}': the same command goes on.", file=sys.stderr
        )
        return None


class _StepLine:
    """Shows steps as a line of progress on a terminal, and notices as lines."""

    def __init__(self, interval: float = _INTERVAL) -> None:
        self._interval = interval
        self._last = 0.0
        self._is_shown = False
        self._notices: set[str] = set()

    def show(self, step: BatchStep) -> None:
        """Show ``step``."""
        if step.notice and step.notice not in self._notices:
            self._notices.add(step.notice)
            self.clear()
            print(f"qadesk: {step.notice}", file=sys.stderr)
        if sys.stderr.isatty() and self.is_due():
            self._is_shown = True
            pace = f", {step.rows_a_second:,.1f} rows a second" if step.rows_a_second else ""
            errors = f", {step.errors:,} with an error" if step.errors else ""
            print_over(progress_bar(step.progress) + pace + errors)

    def is_due(self) -> bool:
        """Whether a line is to be printed now; the one before is a moment old."""
        if time.monotonic() - self._last < self._interval:
            return False
        self._last = time.monotonic()
        return True

    def clear(self) -> None:
        """Remove the line."""
        if self._is_shown:
            print_over("")


class _JsonSteps(_StepLine):
    """Prints steps as JSON lines."""

    def __init__(self) -> None:
        super().__init__(_JSON_INTERVAL)

    def show(self, step: BatchStep) -> None:
        """Print ``step``, unless the last one was printed a moment ago."""
        if step.notice or self.is_due():
            print(json.dumps(dataclasses.asdict(step)), flush=True)


def _report(summary: BatchSummary, out: Path) -> str:
    pace = f", {summary.rows_now / summary.seconds:,.1f} a second" if summary.rows_now and summary.seconds else ""
    lines = [f"{summary.rows:,} rows, {summary.answered:,} with an answer{pace}. They are in {out}."]
    if summary.errors:
        lines.append(f"{summary.errors:,} rows have an error, which is in the column 'error'.")
    return "\n".join(lines)

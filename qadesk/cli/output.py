"""What the command line prints: for people, and as JSON."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from qadesk.progress import Progress, in_words
from qadesk.records import Reading
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.app.reading.device_listing import Listing
    from qadesk.app.reading.device_timings import Timing
    from qadesk.labels.dataset import Dataset
    from qadesk.qa.engine import Reader
    from qadesk.records import Answer, Answers, Document

T = TypeVar("T")
_QUIET = 0.5  # seconds between two lines of progress in JSON


def print_answers(answers: Answers, document: Document, settings: Settings) -> None:
    """The answers to one question, as a person reads them."""
    from qadesk.app import phrases

    print(answers.question)
    if not answers.is_answered and answers.no_answer is not None:
        print(
            f"  No answer in this document ({phrases.per_cent(answers.no_answer)}). The closest passages are doubtful:"
        )
    for number, answer in enumerate(answers, 1):
        said = (
            phrases.likelihood(answer.confidence, settings["qa.doubtful_below"]) if answers.is_answered else "Doubtful"
        )
        print(f"  {number}. {' '.join(answer.text.split())}")
        print(
            f"     {said}, {phrases.per_cent(answer.confidence)} (start {phrases.per_cent(answer.start_confidence)}, "
            f"end {phrases.per_cent(answer.end_confidence)}), {phrases.place(document, answer.start)}"
        )


def answers_as_json(found: Sequence[Answers], document: Document, reader: Reader) -> dict[str, Any]:
    """What ``qadesk ask --json`` prints (docs/command-line.md)."""
    return {
        "document": {"title": document.title, "kind": document.kind, "characters": len(document.text)},
        "model": {"name": reader.model.name, "device": reader.choice.device, "precision": reader.choice.precision},
        "questions": [
            {
                "question": answers.question,
                "answered": answers.is_answered,
                "no_answer": answers.no_answer,
                "seconds": round(answers.seconds, 4) or None,
                "answers": [_answer_as_json(answer, document) for answer in answers],
            }
            for answers in found
        ],
    }


def _answer_as_json(answer: Answer, document: Document) -> dict[str, Any]:
    page = document.page_at(answer.start)
    return {**dataclasses.asdict(answer), "score": answer.score, "page": page.label if page else None}


def report_lines(values: dict[str, Any], reader: Reader) -> str:
    """What ``qadesk eval`` prints; ``values`` are the fields of a ``Report`` and ``seconds``."""
    lines = [f"{reader.model.name} on {reader.choice.device}, {reader.choice.precision} ({reader.choice.reason})"]
    for name, key in (("all", None), ("has answer", "has_answer"), ("no answer", "no_answer")):
        part = values[key] if key else values
        if part:
            lines.append(f"{name:12} exact {part['exact']:6.2f}   F1 {part['f1']:6.2f}   {part['total']:,} questions")
    if values["best_f1"] is not None:
        for name, key in (("exact", "best_exact"), ("F1", "best_f1")):
            lines.append(
                f"best {name:7} {values[key]:6.2f}   where P(no answer) > {values[f'{key}_threshold']:.4f} is none"
            )
    lines.append(f"calibration  expected error {values['ece']:.3f}")
    lines.append(f"time         {values['seconds']:.1f} s, {values['total'] / values['seconds']:.1f} questions/s")
    return "\n".join(lines)


def devices_as_json(found: Listing) -> dict[str, Any]:
    """What ``qadesk devices --json`` prints (docs/command-line.md)."""
    return {
        "devices": [
            {
                **dataclasses.asdict(each.device),
                "chosen": bool(each.reason),
                "reason": each.reason or None,
                "timing": _timing_as_json(each.timing) if each.timing else None,
            }
            for each in found.devices
        ],
        "measured": str(found.measured) if found.measured else None,
        "problem": found.problem,
    }


def _timing_as_json(timing: Timing) -> dict[str, Any]:
    return {**dataclasses.asdict(timing), "problem": timing.problem.text if timing.problem else None}


def device_lines(found: Listing) -> str:
    """A paragraph a device, with a star at the one that is taken."""
    lines = []
    for each in found.devices:
        title, *rest = each.lines
        lines.append(f"{'*' if each.reason else ' '} {each.device.name:10} {title}")
        lines += [f"{'':12} {line}" for line in rest]
    return "\n".join([*lines, *filter(None, [found.problem]), found.when])


def print_problems(dataset: Dataset) -> None:
    """What is wrong with a data set: the first problems, a line each, and how many more there are."""
    for problem in dataset.problems[:5]:
        print(f"{problem.where}: {problem.what}", file=sys.stderr)
    if len(dataset.problems) > 5:
        print(f"... and {len(dataset.problems) - 5} more problems.", file=sys.stderr)


def follow_in_json(work: Generator[Progress, None, T]) -> T:
    """Run ``work`` to its end, with lines of progress in JSON; give what it returns."""
    told = 0.0
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        if time.monotonic() - told >= _QUIET:
            told = time.monotonic()
            print(json.dumps({"progress": dataclasses.asdict(step)}), flush=True)


def follow(work: Generator[Progress | Reading, None, T], *, at_once: bool = False) -> T:
    """Run ``work`` to its end, with a progress line on a terminal; give what it returns.

    The line comes when the time left is known, or ``at_once``.
    """
    shown = False
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            if shown:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            result: T = end.value
            return result
        progress = step.progress if isinstance(step, Reading) else step
        if sys.stderr.isatty() and (at_once or progress.seconds_left is not None):
            shown = True
            print(f"\r\x1b[K{_bar(progress)}", end="", file=sys.stderr, flush=True)


def _bar(progress: Progress) -> str:
    if not progress.total:
        return f"{progress.what}…"
    full = round(30 * progress.fraction)
    left = f", {in_words(progress.seconds_left)} left" if progress.seconds_left else ""
    return f"{progress.what} [{'#' * full}{'.' * (30 - full)}] {progress.done:,} of {progress.total:,}{left}"

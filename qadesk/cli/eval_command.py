"""``qadesk eval``: exact match, F1 and calibration of a model on a data set."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qadesk.cli.data_options import DATASET_HELP, add_data_options, dataset_from
from qadesk.cli.model_options import add_model_options, reader_from
from qadesk.cli.output import DONE, print_not_asked, show_progress
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader


def run_eval(arguments: Sequence[str]) -> int:
    """``qadesk eval DATASET.json``. Returns the exit code."""
    from qadesk.app.reading.evaluate import evaluate as evaluate_reader
    from qadesk.labels.prediction_files import write_predictions

    parser = argparse.ArgumentParser(prog="qadesk eval", description="Measure a model on a data set.")
    parser.add_argument("dataset", type=Path, help=DATASET_HELP)
    parser.add_argument("--predictions", type=Path, metavar="OUT.json", help="write {id: answer}, '' for no answer")
    parser.add_argument("--na-probabilities", type=Path, metavar="OUT.json", help="write {id: P(no answer)}")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_data_options(parser)
    add_model_options(parser)
    options = parser.parse_args(arguments)
    if options.limit is not None and options.limit < 1:
        parser.error("--limit takes a number from 1")
    dataset = dataset_from(options.dataset, options)
    if options.limit is not None:
        dataset = dataclasses.replace(dataset, examples=dataset.examples[: options.limit])
    reader = reader_from(options, Settings())
    from qadesk.app.reading.ask import options as reading_options

    evaluation = show_progress(evaluate_reader(reader, dataset, reading_options(Settings())))
    print_not_asked(evaluation.not_asked)
    outputs = ((options.predictions, evaluation.predictions), (options.na_probabilities, evaluation.no_answer))
    for path, content in outputs:
        if path:
            write_predictions(path, content)
    values = {
        **dataclasses.asdict(evaluation.report),
        "seconds": max(0.001, round(evaluation.seconds, 3)),
        "not_asked": {problem.where: problem.what for problem in evaluation.not_asked},
    }
    print(json.dumps(values, indent=2) if options.json else _report(values, reader))
    return DONE


def _report(values: dict[str, Any], reader: Reader) -> str:
    """The lines of text; ``values`` are the fields of a ``Report``, ``seconds`` and ``not_asked``."""
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
    if values["not_asked"]:
        lines.append(f"not asked    {len(values['not_asked']):,} of the questions: they count as no answer")
    lines.append(f"calibration  expected error {values['ece']:.3f}")
    lines.append(f"time         {values['seconds']:.1f} s, {values['total'] / values['seconds']:.1f} questions/s")
    return "\n".join(lines)

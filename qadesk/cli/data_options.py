"""The options of the commands that read labels or data sets from a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk.cli.output import print_problems, show_progress

if TYPE_CHECKING:
    from qadesk.labels.dataset import Dataset


DATASET_HELP = "questions and answers: SQuAD, JSON Lines, CSV, or an export of Label Studio or doccano"


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be said about the file."""
    parser.add_argument(
        "--no-answer", action="append", default=[], metavar="WORDS",
        help="what annotators chose or wrote for 'not in the text', beside what is well known; can be repeated",
    )  # fmt: skip


def dataset_from(path: Path, options: argparse.Namespace) -> Dataset:
    """The data set at ``path``, in any format that ``labels import`` reads; prints its problems.

    Raises ``DataError`` if it cannot be read or holds no question that can be used.
    """
    from qadesk.labels.label_files import dataset_steps

    dataset = show_progress(dataset_steps(path, options.no_answer))
    print_problems(dataset.problems)
    return dataset

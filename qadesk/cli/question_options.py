"""The options of the commands that ask, on what is asked and how answers are listed, of a document or the library."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk.cli.document_options import print_notes
from qadesk.cli.model_options import add_model_options
from qadesk.errors import DataError, DocumentError
from qadesk.qa.expectation import EXPECTATIONS

if TYPE_CHECKING:
    from qadesk.settings import Settings

LIBRARY = "--library"
"""The option that asks a collection instead of a document."""


def add_question_options(parser: argparse.ArgumentParser, *, has_json: bool = True) -> None:
    """Add the questions, the options on the answers, and those on the model; ``--json`` only where it ``has_json``."""
    parser.add_argument("questions", nargs="*", metavar="question")
    parser.add_argument(
        "--questions", dest="list", type=Path, metavar="FILE", help="ask the questions in FILE, one a line"
    )
    parser.add_argument("--top-k", type=int, metavar="N", help="list at most N answers (default: the setting)")
    parser.add_argument("--all", action="store_true", help="list unlikely answers too (JSON always has all)")
    parser.add_argument(
        "--expect", choices=EXPECTATIONS, help="how likely what is asked holds the answers (default: the setting)"
    )
    if has_json:
        parser.add_argument("--json", action="store_true", help="print JSON (described in docs/command-line.md)")
    add_model_options(parser)


def at_least_one(text: str) -> int:
    """``text`` as a number from 1 on, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def questions_from(options: argparse.Namespace, settings: Settings, parser: argparse.ArgumentParser) -> dict[str, str]:
    """The questions of ``options`` by where they are, and its other options into ``settings``. Raises ``DataError``."""
    if options.top_k is not None:
        settings.override("qa.top_k", options.top_k)
    if options.expect:
        settings.override("qa.expected", options.expect)
    questions = {f"question {number}": question for number, question in enumerate(options.questions, 1)}
    if options.list:
        questions |= _lines_of(options.list, settings)
    if not questions:
        parser.error("there is no question: give one, or --questions FILE")
    return questions


def _lines_of(path: Path, settings: Settings) -> dict[str, str]:
    """The lines of a file in any encoding, without the empty ones, by where they are. Raises ``DataError``."""
    from qadesk.app import documents

    try:
        source = documents.read_lines(path, settings)
    except DocumentError as error:
        raise DataError(
            f"The questions in '{path}' cannot be read.", "It must be a text file.", error.message
        ) from error
    print_notes(source.notes)
    questions = {
        f"{path.name}, line {number}": line.strip()
        for number, line in enumerate(source.text.splitlines(), 1)
        if line.strip()
    }
    if not questions:
        raise DataError(f"There are no questions in '{path}'.", "Write one a line.")
    return questions

"""The command line: the same verbs as the window, in words and JSON.

Exit codes: 0 answered or done, 1 no answer, 2 bad use or input.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import qadesk
from qadesk import layout, logs
from qadesk.cli.label_commands import labels
from qadesk.cli.model_commands import models
from qadesk.cli.output import (
    answers_as_json,
    device_lines,
    devices_as_json,
    follow,
    print_answers,
    print_problems,
    report_lines,
)
from qadesk.cli.train_commands import train
from qadesk.errors import Cancelled, DataError, QadeskError
from qadesk.settings import ROWS, Settings, row

if TYPE_CHECKING:
    from qadesk.app.licences import Package
    from qadesk.qa.engine import Reader
    from qadesk.records import Answers, Document

OpenWindow = Callable[[list[Path], bool], int]
ANSWERED, NO_ANSWER, BAD_USE = 0, 1, 2


def main(arguments: Sequence[str], open_window: OpenWindow) -> int:
    """Run ``qadesk`` with ``arguments``. Returns the exit code.

    Without a command it calls ``open_window`` with the files to open and whether to start in safe mode.
    """
    logs.start()
    _say_utf8()
    try:
        if arguments and arguments[0] in COMMANDS:
            layout.check()
            code = COMMANDS[arguments[0]](arguments[1:])
            sys.stdout.flush()  # here, where a reader that has seen enough is known
            return code
        return _window(arguments, open_window)
    except QadeskError as error:
        print(f"qadesk: {error}", file=sys.stderr)
        return BAD_USE
    except (Cancelled, KeyboardInterrupt):
        return 130
    except BrokenPipeError:  # the reader of our output, 'head' say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED


def _window(arguments: Sequence[str], open_window: OpenWindow) -> int:
    parser = argparse.ArgumentParser(
        prog="qadesk",
        description="Ask your own documents, offline. Without a command, the window opens.",
        epilog="Commands: " + ", ".join(COMMANDS) + ". See 'qadesk COMMAND --help'.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="documents to open in the window")
    parser.add_argument("--safe-mode", action="store_true", help="start with default settings, on the processor")
    parser.add_argument("--version", action="version", version=f"qadesk {qadesk.__version__}")
    parsed = parser.parse_args(arguments)
    if not _has_display():
        return _sample_in_terminal()
    return open_window([path.absolute() for path in parsed.files], parsed.safe_mode)


def _has_display() -> bool:
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _sample_in_terminal() -> int:
    from qadesk.app import documents
    from qadesk.app.reading.load import load_reader

    print("There is no display, so no window can open. Here is the sample document, asked in the terminal.\n")
    document, question = documents.sample(), documents.sample_questions()[0]
    print_answers(_ask(load_reader(), question, document, Settings()), document, Settings())
    print("\nTry 'qadesk ask FILE QUESTION', or 'qadesk --help'.")
    return ANSWERED


def ask(arguments: Sequence[str]) -> int:
    """``qadesk ask FILE|- QUESTION...``: 0 if each question was answered, 1 if one was not."""
    parser = argparse.ArgumentParser(prog="qadesk ask", description="Answer questions from a document.")
    parser.add_argument("file", help="the document, or - to read text from standard input")
    parser.add_argument("questions", nargs="*", metavar="question")
    parser.add_argument(
        "--questions", dest="list", type=Path, metavar="FILE", help="ask the questions in FILE, one a line"
    )
    parser.add_argument("--top-k", type=int, metavar="N", help="list at most N answers (default: the setting)")
    parser.add_argument("--json", action="store_true", help="print JSON (described in docs/command-line.md)")
    parser.add_argument("--password", metavar="FILE", help="read the password of an encrypted PDF from FILE")
    _add_model_options(parser)
    parsed = parser.parse_args(arguments)
    settings = Settings()
    if parsed.top_k is not None:
        settings.override("qa.top_k", parsed.top_k)
    questions = parsed.questions + (_lines(parsed.list) if parsed.list else [])
    if not questions:
        parser.error("there is no question: give one, or --questions FILE")
    document = _document(parsed.file, parsed.password, settings)
    reader = _reader(parsed, settings)
    found = _ask_all(reader, questions, document, settings)
    if parsed.json:
        print(json.dumps(answers_as_json(found, document, reader), ensure_ascii=False, indent=2))
    else:
        for answers in found:
            print_answers(answers, document, settings)
    return ANSWERED if all(answers.is_answered for answers in found) else NO_ANSWER


def evaluate(arguments: Sequence[str]) -> int:
    """``qadesk eval DATASET.json``: measure a model on a data set in SQuAD's format."""
    from qadesk.app.reading.evaluate import evaluate as measure
    from qadesk.labels.squad_files import read_squad, write_predictions

    parser = argparse.ArgumentParser(prog="qadesk eval", description="Measure a model on a SQuAD 1.1 or 2.0 data set.")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--predictions", type=Path, metavar="OUT.json", help="write {id: answer}, '' for no answer")
    parser.add_argument("--na-probabilities", type=Path, metavar="OUT.json", help="write {id: P(no answer)}")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    _add_model_options(parser)
    parsed = parser.parse_args(arguments)
    if parsed.limit is not None and parsed.limit < 1:
        parser.error("--limit takes a number from 1")
    dataset = read_squad(parsed.dataset)
    if parsed.limit is not None:
        dataset = dataclasses.replace(dataset, examples=dataset.examples[: parsed.limit])
    print_problems(dataset)
    reader = _reader(parsed, Settings())
    from qadesk.app.reading.ask import options

    result = follow(measure(reader, dataset, options(Settings())))
    for path, content in ((parsed.predictions, result.predictions), (parsed.na_probabilities, result.no_answer)):
        if path:
            write_predictions(path, content)
    values = {**dataclasses.asdict(result.report), "seconds": max(0.001, round(result.seconds, 3))}
    print(json.dumps(values, indent=2) if parsed.json else report_lines(values, reader))
    return ANSWERED


def prepare(arguments: Sequence[str]) -> int:
    """``qadesk prepare [MODEL]``: make the fast graph of a model now, check it, and say what came of it."""
    from qadesk.app.reading.load import model_folder
    from qadesk.app.reading.prepare import prepare as verb
    from qadesk.app.reading.prepare import verdict

    parser = argparse.ArgumentParser(prog="qadesk prepare", description="Make the fast graph of a model.")
    parser.add_argument("model", nargs="?", metavar="MODEL", help="a model folder (default: the setting)")
    parser.add_argument("--force", action="store_true", help="make the graph anew even if it is there")
    parsed = parser.parse_args(arguments)
    folder = model_folder(parsed.model or Settings()["model.folder"])
    print(verdict(follow(verb(folder, force=parsed.force), at_once=True)))
    return ANSWERED


def devices(arguments: Sequence[str]) -> int:
    """``qadesk devices``: what can run the model here, which is taken and why; ``--measure`` finds the fastest."""
    from qadesk.app.reading.device_listing import list_devices, measure
    from qadesk.app.reading.device_timings import remember

    parser = argparse.ArgumentParser(prog="qadesk devices", description="List what can run the model on this computer.")
    parser.add_argument("--measure", action="store_true", help="time each of them; 'auto' then takes the fastest")
    parser.add_argument("--json", action="store_true", help="print JSON (described in docs/command-line.md)")
    parsed = parser.parse_args(arguments)
    kept = Settings()
    if parsed.measure:
        remember(kept, follow(measure(kept)))
    found = list_devices(kept)
    print(json.dumps(devices_as_json(found), ensure_ascii=False, indent=2) if parsed.json else device_lines(found))
    return ANSWERED


def info(arguments: Sequence[str]) -> int:
    """``qadesk info``: versions, devices and paths."""
    from qadesk.app.about import info as gather

    parser = argparse.ArgumentParser(prog="qadesk info", description="Show versions, devices and paths.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parsed = parser.parse_args(arguments)
    found = gather()
    if parsed.json:
        print(json.dumps(found, indent=2))
        return ANSWERED
    for heading, rows in found.items():
        print(heading)
        for name, value in rows.items():
            print(f"  {name:14} {value}")
    return ANSWERED


def licences(arguments: Sequence[str]) -> int:
    """``qadesk licences [NAME]``: what QADesk is made of and under which licences, or the text of one."""
    from qadesk.app.licences import packages

    parser = argparse.ArgumentParser(prog="qadesk licences", description="List what QADesk is made of, with licences.")
    parser.add_argument("name", nargs="?", help="show the text of the licence of the packages with NAME in their names")
    name = parser.parse_args(arguments).name
    found = [each for each in packages() if not name or name.lower() in each.name.lower()]
    if not found:
        raise QadeskError(f"Nothing that QADesk is made of is called '{name}'.", "'qadesk licences' lists everything.")
    print("\n\n".join(each.full_text for each in found) if name else "\n".join(_licence_line(each) for each in found))
    return ANSWERED


def _licence_line(package: Package) -> str:
    return f"{package.title}: {package.licence}" + (f" (part of {package.part_of})" if package.part_of else "")


def settings(arguments: Sequence[str]) -> int:
    """``qadesk settings [KEY [VALUE]]``: list, show, or change."""
    parser = argparse.ArgumentParser(prog="qadesk settings", description="List, show or change the settings.")
    parser.add_argument("key", nargs="?")
    parser.add_argument("value", nargs="?", help="the new value; 'default' goes back to the default")
    parsed = parser.parse_args(arguments)
    kept = Settings()
    if parsed.value == "default":
        kept.reset(parsed.key)
    elif parsed.value is not None:
        kept.set(parsed.key, row(parsed.key).parse(parsed.value))
    for each in [row(parsed.key)] if parsed.key else [each for each in ROWS if each.page]:
        print(f"{each.key} = {json.dumps(kept[each.key])}\n    {each.title}. {each.help}")
    return ANSWERED


COMMANDS = {
    "ask": ask, "eval": evaluate, "models": models, "prepare": prepare, "devices": devices, "info": info,
    "settings": settings, "labels": labels, "train": train, "licences": licences,
}  # fmt: skip


def _add_model_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="FOLDER", help="a model folder (default: the setting)")
    parser.add_argument("--device", default=None, help="auto or one that 'qadesk devices' lists (default: the setting)")
    parser.add_argument("--precision", default="auto", help="auto, or float32 for torch's float arithmetic")


def _reader(parsed: argparse.Namespace, settings: Settings) -> Reader:
    from qadesk.app.reading.load import load_reader

    return load_reader(
        parsed.model or settings["model.folder"],
        device=parsed.device or settings["model.device"],
        precision=parsed.precision,
        threads=settings["model.threads"],
    )


def _document(name: str, password_file: str | None, settings: Settings) -> Document:
    from qadesk.app import documents

    if name == "-":
        return documents.paste(sys.stdin.buffer.read().decode("utf-8", "replace"))
    password = None
    if password_file is not None:
        try:
            password = Path(password_file).read_text(encoding="utf-8").splitlines()[0]
        except (OSError, ValueError, IndexError) as error:
            raise QadeskError(f"No password can be read from '{password_file}'.", "Check the file.") from error
    document = documents.open_document(Path(name), settings, password=password)
    for note in document.notes:
        print(f"qadesk: {note}", file=sys.stderr)
    return document


def _lines(path: Path) -> list[str]:
    """The lines of a file of questions, without the empty ones. Raises ``DataError``."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise DataError(f"The questions in '{path}' cannot be read.", "It must be a UTF-8 text file.") from error
    questions = [line.strip() for line in lines if line.strip()]
    if not questions:
        raise DataError(f"There are no questions in '{path}'.", "Write one a line.")
    return questions


def _ask_all(reader: Reader, questions: Sequence[str], document: Document, settings: Settings) -> list[Answers]:
    """One question in the order that shows its answer first, many in the order that is fastest."""
    from qadesk.app.reading.ask import ask_many

    if len(questions) == 1:
        return [_ask(reader, questions[0], document, settings)]
    found = follow(ask_many(reader, questions, document, settings))
    for notice in {answers.notice for answers in found if answers.notice}:
        print(f"qadesk: {notice}", file=sys.stderr)
    return found


def _ask(reader: Reader, question: str, document: Document, settings: Settings) -> Answers:
    from qadesk.app.reading.ask import ask as verb

    answers = follow(verb(reader, question, document, settings))
    if answers.notice:
        print(f"qadesk: {answers.notice}", file=sys.stderr)
    return answers


def _say_utf8() -> None:
    """A document may hold characters that the terminal's encoding lacks: print a substitute, do not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

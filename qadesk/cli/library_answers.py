"""``qadesk ask --library NAME``: answers from all documents of a collection, as text and as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qadesk.cli.model_options import reader_from
from qadesk.cli.output import DONE, NEGATIVE, print_problems, show_progress
from qadesk.cli.question_options import LIBRARY, add_question_options, at_least_one, questions_from
from qadesk.errors import LibraryError, QuestionError
from qadesk.records import EVERYTHING, AnswerPlace, LibraryAnswer, LibraryAnswers, LibraryReading, Scope
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.library.index import LibraryIndex
    from qadesk.qa.engine import Reader


def ask_collection(arguments: Sequence[str]) -> int:
    """``qadesk ask --library NAME QUESTION...``: exit codes as of ``qadesk ask FILE``."""
    from qadesk.app.library.asking import DEPTH, ask_library

    parser = _parser()
    options = parser.parse_intermixed_args(arguments)
    settings = Settings()
    questions = questions_from(options, settings, parser)
    scope = Scope(sources_of(options.library), options.folder, options.name, options.kind)
    with closing(open_library_index()) as index:
        reader = reader_from(options, settings)
        results = []
        for where, question in questions.items():
            work = ask_library(reader, question, index, scope, settings, depth=options.depth or DEPTH)
            results.append(answers_or_error(work, where))
    answered = [result for result in results if isinstance(result, LibraryAnswers)]
    if not answered:
        raise next(result for result in results if isinstance(result, QuestionError))
    if options.json:
        rows = [_result_row(*pair) for pair in zip(questions.values(), results, strict=True)]
        print(json.dumps({**_about(options.library, reader, answered[0]), "questions": rows}, indent=2))
    else:
        for answers in answered:
            _print(answers, settings, lists_all=options.all)
    is_complete = len(answered) == len(results) and all(answers.is_answered for answers in answered)
    return DONE if is_complete else NEGATIVE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qadesk ask", description="Answer questions from all documents of a library.")
    parser.add_argument(LIBRARY, required=True, metavar="NAME", help="a collection, or 'all'")
    parser.add_argument("--depth", type=at_least_one, metavar="N", help="read the best N passages (default: 20)")
    parser.add_argument("--kind", type=_kind, default="", help="search only files of this kind, as pdf or docx")
    parser.add_argument("--folder", default="", metavar="TEXT", help="search only files with TEXT in their folder")
    parser.add_argument("--name", default="", metavar="TEXT", help="search only files with TEXT in their name")
    add_question_options(parser)
    return parser


def _kind(text: str) -> str:
    """``text`` as the kind of a format, '' for all; argparse takes the default through this too."""
    from qadesk.documents.formats import FORMATS

    kinds = [row.kind for row in FORMATS]
    if text and text not in kinds:
        raise argparse.ArgumentTypeError(f"there is no kind '{text}', only {', '.join(kinds)}")
    return text


def sources_of(name: str) -> tuple[Path, ...]:
    """The folders and files of the collection ``name``; none for the whole library. Raises ``LibraryError``."""
    from qadesk.app.library.collections import collection_named
    from qadesk.app.open_store import open_store

    if name.casefold() == EVERYTHING:
        return ()
    with closing(open_store()) as store:
        collection = collection_named(store, name)
    if not collection.sources:
        raise LibraryError(f"The collection '{collection.name}' links to no folder or file.", "Add one to it.")
    return collection.sources


def open_library_index(*, writes: bool = False) -> LibraryIndex:
    """The index of the library; its notices are printed. Raises ``LibraryError``."""
    from qadesk import paths
    from qadesk.library.index import open_index

    index = open_index(paths.data_dir() / "library", writes=writes)
    for notice in index.notices:
        print(f"qadesk: {notice}", file=sys.stderr)
    return index


def answers_or_error(
    work: Generator[LibraryReading, None, LibraryAnswers], where: str
) -> LibraryAnswers | QuestionError:
    """The answers to a question, or why it cannot be asked, which is printed with ``where`` it is."""
    from qadesk.labels.dataset import Problem

    try:
        answers = show_progress(work)
    except QuestionError as error:
        print_problems([Problem(where, f"{error.message} It was left out.")])
        return error
    if answers.notice:
        print(f"qadesk: {answers.notice}", file=sys.stderr)
    return answers


def _print(answers: LibraryAnswers, settings: Settings, *, lists_all: bool) -> None:
    """Print the question and its ranked answers, each with its document and the sentence around it."""
    from qadesk.app import phrases
    from qadesk.app.library.captions import no_answer_line, shown_lines

    print(answers.question)
    if answers.read_as:
        print(f"  {phrases.read_as(answers)}")
    visible = answers.answers if lists_all else answers.likely
    if not answers.answers:
        print(f"  {no_answer_line(answers)}")
    elif not answers.is_answered and answers.no_answer is not None:
        closest = " Closest:" if visible else ""
        print(f"  Probably not in these documents ({phrases.per_cent(answers.no_answer)}).{closest}")
    for index, answer in enumerate(visible):
        title = phrases.rank_title(
            index, answer.confidence, settings["qa.doubtful_below"], is_answered=answers.is_answered
        )
        best, *others = answer.places
        first, *rest = shown_lines(answer)
        print(f"  {index + 1}. {first}")
        for line in rest:
            print(f"     {line}")
        more = f"{len(others) + 1} places" if others else ""
        about = (f"{title}, {phrases.per_cent(answer.confidence)}", _shown(best.path), best.page, more)
        print(f"     {', '.join(filter(None, about))}")
        print(f"     {best.sentence}")
    if len(visible) < len(answers.answers):
        print(f"  {phrases.unlikely(len(answers.answers) - len(visible)).capitalize()} not listed (--all lists all).")
    print(f"  Searched {phrases.counted(answers.files, 'file')}, {answers.waiting:,} not indexed yet.")


def _shown(path: Path) -> str:
    """``path`` as text; its bytes need not be UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _about(library: str, reader: Reader, answers: LibraryAnswers) -> dict[str, Any]:
    """What ``--json`` prints of the library and the model (docs/command-line.md)."""
    return {
        "library": {"name": library, "files": answers.files, "waiting": answers.waiting},
        "model": {"name": reader.model.name, "device": reader.choice.device, "precision": reader.choice.precision},
    }


def _result_row(question: str, result: LibraryAnswers | QuestionError) -> dict[str, Any]:
    """What ``--json`` prints of a question: all keys also where it could not be asked."""
    if isinstance(result, QuestionError):
        nothing = dict.fromkeys(("read_as", "no_answer", "read", "found", "seconds", "search_seconds"))
        return {"question": question, "answered": False, **nothing, "answers": [], "problem": result.message}
    return {
        "question": question,
        "answered": result.is_answered,
        "read_as": result.read_as or None,
        "no_answer": result.no_answer,
        "read": result.read,
        "found": result.matches,
        "seconds": round(result.seconds, 4),
        "search_seconds": round(result.search_seconds, 4),
        "answers": [_answer_row(answer) for answer in result.answers],
        "problem": None,
    }


def _answer_row(answer: LibraryAnswer) -> dict[str, Any]:
    best, *others = answer.places
    return {
        **_place_row(best),
        "text": answer.text,
        "confidence": answer.confidence,
        "start_confidence": answer.start_confidence,
        "end_confidence": answer.end_confidence,
        "start_score": answer.start_score,
        "end_score": answer.end_score,
        "null_score": answer.null_score,
        "score": answer.start_score + answer.end_score - answer.null_score,
        "places": [_place_row(place) for place in others],
        "items": [{"start": item.start, "end": item.end, "text": item.text} for item in answer.items],
    }


def _place_row(place: AnswerPlace) -> dict[str, Any]:
    return {
        "file": _shown(place.path),
        "title": place.title,
        "kind": place.kind,
        "page": place.page_label or None,
        "start": place.start,
        "end": place.end,
        "sentence": place.sentence,
        "copies": [_shown(copy) for copy in place.copies],
    }

"""``qadesk ask``: answers to questions from a document, as text and as JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qadesk.cli.document_options import add_document_options, document_from
from qadesk.cli.model_options import reader_from
from qadesk.cli.output import DONE, NEGATIVE, print_problems, show_progress
from qadesk.cli.question_options import LIBRARY, add_question_options, questions_from
from qadesk.errors import QuestionError
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader
    from qadesk.records import Answer, Answers, Document


def run_ask(arguments: Sequence[str]) -> int:
    """``qadesk ask FILE|- QUESTION...``: 0 if each question was answered, 1 if one was not, or could not be asked.

    With ``--library NAME`` it is about a collection (``library_answers``).
    """
    if any(argument.partition("=")[0] == LIBRARY for argument in arguments):
        from qadesk.cli.library_answers import ask_collection

        return ask_collection(arguments)
    parser = argparse.ArgumentParser(
        prog="qadesk ask",
        description="Answer questions from a document.",
        epilog=f"With {LIBRARY} NAME in place of the file it asks a collection: see 'qadesk ask {LIBRARY} all --help'.",
    )
    add_document_options(parser)
    add_question_options(parser)
    options = parser.parse_args(arguments)
    settings = Settings()
    questions = questions_from(options, settings, parser)
    document = document_from(options, settings)
    reader = reader_from(options, settings)
    results = answers_to_all(reader, questions, document, settings)
    rankings = [answers for answers in results if not isinstance(answers, QuestionError)]
    if options.json:
        rows = [_result_as_json(*pair, document) for pair in zip(questions.values(), results, strict=True)]
        print(json.dumps({**_about(document, reader), "questions": rows}, ensure_ascii=False, indent=2))
    else:
        for answers in rankings:
            _print_answers(answers, document, settings, lists_all=options.all)
    is_complete = len(rankings) == len(results) and all(answers.is_answered for answers in rankings)
    return DONE if is_complete else NEGATIVE


def ask_sample() -> int:
    """Ask the sample document its first question: what ``qadesk`` does where no window can open."""
    from qadesk.app import documents
    from qadesk.app.reading.load import load_reader as load

    print("There is no display, so no window can open. Here is the sample document, asked in the terminal.\n")
    document, question = documents.sample(), documents.sample_questions()[0]
    _print_answers(_ask_one(load(), question, document, Settings()), document, Settings())
    print("\nTry 'qadesk ask FILE QUESTION', or 'qadesk --help'.")
    return DONE


def answers_to_all(
    reader: Reader, questions: Mapping[str, str], document: Document, settings: Settings
) -> list[Answers | QuestionError]:
    """One question in the order that shows its answer first, many in the order that is fastest.

    What cannot be asked of many is printed with its name, a key of ``questions``. Raises ``QuestionError`` if that is
    all of them.
    """
    from qadesk.app.reading.ask import ask_many
    from qadesk.labels.dataset import Problem

    if len(questions) == 1:
        return [_ask_one(reader, next(iter(questions.values())), document, settings)]
    results = show_progress(ask_many(reader, list(questions.values()), document, settings))
    errors = {
        where: result for where, result in zip(questions, results, strict=True) if isinstance(result, QuestionError)
    }
    if len(errors) == len(results):
        raise next(iter(errors.values()))
    print_problems([Problem(where, f"{error.message} It was left out.") for where, error in errors.items()])
    for notice in {answers.notice for answers in results if not isinstance(answers, QuestionError) and answers.notice}:
        print(f"qadesk: {notice}", file=sys.stderr)
    return results


def _ask_one(reader: Reader, question: str, document: Document, settings: Settings) -> Answers:
    from qadesk.app.reading.ask import ask as ask_document

    answers = show_progress(ask_document(reader, question, document, settings))
    if answers.notice:
        print(f"qadesk: {answers.notice}", file=sys.stderr)
    return answers


def _print_answers(answers: Answers, document: Document, settings: Settings, *, lists_all: bool = False) -> None:
    """Print the question and its ranked answers with their confidences and locations."""
    from qadesk.app import phrases

    print(answers.question)
    if answers.read_as:
        print(f"  {phrases.read_as(answers)}")
    visible = answers.spans if lists_all else answers.likely
    if not answers.is_answered and answers.no_answer is not None:
        closest = " Closest:" if visible else ""
        print(f"  Probably not in this document ({phrases.per_cent(answers.no_answer)}).{closest}")
    for index, answer in enumerate(visible):
        first, *others = phrases.answer_text(document, answer).splitlines()
        print(f"  {index + 1}. {first}")
        for line in others:
            print(f"     {line}")
        title = phrases.rank_title(
            index, answer.confidence, settings["qa.doubtful_below"], is_answered=answers.is_answered
        )
        parts = (
            f"{title}, {phrases.per_cent(answer.confidence)} "
            f"(start {phrases.per_cent(answer.start_confidence)}, end {phrases.per_cent(answer.end_confidence)})",
            phrases.answer_location(document, answer),
            phrases.answer_origin(document, answer),
        )
        print(f"     {', '.join(filter(None, parts))}")
    if len(visible) < len(answers):
        print(f"  {phrases.unlikely(len(answers) - len(visible)).capitalize()} not listed (--all lists all).")


def _about(document: Document, reader: Reader) -> dict[str, Any]:
    """What ``--json`` prints of the document and the model (docs/command-line.md)."""
    return {
        "document": {"title": document.title, "kind": document.kind, "characters": len(document.text)},
        "model": {"name": reader.model.name, "device": reader.choice.device, "precision": reader.choice.precision},
    }


def _result_as_json(question: str, result: Answers | QuestionError, document: Document) -> dict[str, Any]:
    """What ``--json`` prints of a question: all keys also where it could not be asked."""
    row: dict[str, Any] = {
        "question": question,
        "read_as": None,
        "answered": False,
        "no_answer": None,
        "seconds": None,
        "answers": [],
    }
    if isinstance(result, QuestionError):
        return {**row, "problem": result.message}
    return {
        **row,
        "read_as": result.read_as or None,
        "answered": result.is_answered,
        "no_answer": result.no_answer,
        "seconds": round(result.seconds, 4) or None,
        "answers": [_answer_as_json(answer, document) for answer in result],
        "problem": None,
    }


def _answer_as_json(answer: Answer, document: Document) -> dict[str, Any]:
    page = document.page_at(answer.start)
    return {
        **dataclasses.asdict(answer),
        "score": answer.score,
        "page": page.label if page else None,
        "recognized": document.is_recognized(answer.start),
    }

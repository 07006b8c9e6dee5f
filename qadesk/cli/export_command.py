"""``qadesk export``: answers as files, of the history or of questions that are asked now."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk.cli.document_options import add_document_options, document_from, password_from
from qadesk.cli.model_options import reader_from
from qadesk.cli.output import DONE, NEGATIVE, show_progress
from qadesk.cli.question_options import LIBRARY, add_question_options, questions_from
from qadesk.errors import DataError, QuestionError
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader
    from qadesk.records import Document, HistoryEntry


def export_answers(arguments: Sequence[str]) -> int:
    """``qadesk export history|answers ... --to FILE``: 0 if all questions are answered, 1 if one is not."""
    commands = {"history": _export_history, "answers": _export_asked}
    parser = argparse.ArgumentParser(
        prog="qadesk export",
        description="Write answers to a file.",
        epilog="See 'qadesk export history --help' and 'qadesk export answers --help'.",
    )
    parser.add_argument("what", choices=commands, help="the questions of the history, or questions that are asked now")
    options = parser.parse_args(arguments[:1])
    return commands[options.what](arguments[1:])


def _export_history(arguments: Sequence[str]) -> int:
    from qadesk.app.history import history_entries
    from qadesk.app.open_store import open_store

    parser = argparse.ArgumentParser(prog="qadesk export history", description="Write the questions of the history.")
    parser.add_argument("--search", default="", metavar="TEXT", help="only those with all these words")
    parser.add_argument("--starred", action="store_true", help="only those with a star")
    parser.add_argument("--file", type=Path, metavar="FILE", help="only those that were asked of this document")
    parser.add_argument(LIBRARY, default="", metavar="NAME", help="only those that were asked of this collection")
    parser.add_argument("--all", action="store_true", help="write unlikely answers too (JSON always has all)")
    _add_target(parser, "")
    options = parser.parse_args(arguments)
    _check_format(options, None)
    store = open_store()
    try:
        document = options.file.absolute() if options.file else None
        criteria = {"starred": options.starred, "library": options.library, "document": document}
        entries = history_entries(store, options.search, **criteria, limit=None)
    finally:
        store.close()
    _write(entries, options, Settings())
    return DONE


def _export_asked(arguments: Sequence[str]) -> int:
    is_of_library = any(argument.partition("=")[0] == LIBRARY for argument in arguments)
    parser = argparse.ArgumentParser(
        prog="qadesk export answers",
        description="Ask questions of a document, or of a library, and write the answers.",
        epilog=f"With {LIBRARY} NAME in place of the file it asks a collection.",
    )
    if is_of_library:
        parser.add_argument(LIBRARY, required=True, metavar="NAME", help="a collection, or 'all'")
    else:
        add_document_options(parser)
    add_question_options(parser, has_json=False)
    _add_target(parser, "" if is_of_library else ", .pdf (a copy with highlights)")
    options = parser.parse_intermixed_args(arguments)
    settings = Settings()
    questions = questions_from(options, settings, parser)
    _check_name(options)
    if not is_of_library and options.file != "-":
        options.file = str(Path(options.file).absolute())  # so that the answers say where the document is
    document = None if is_of_library else document_from(options, settings)
    _check_format(options, document)
    reader = reader_from(options, settings)
    if document is None:
        entries = _entries_of_library(reader, questions, options.library, settings)
    else:
        entries = _entries_of_document(reader, questions, document, settings)
    _write(entries, options, settings, document)
    is_complete = len(entries) == len(questions) and all(entry.is_answered for entry in entries)
    return DONE if is_complete else NEGATIVE


def _add_target(parser: argparse.ArgumentParser, more: str) -> None:
    help_ = f"the file to write: its ending says the format: .md, .html, .csv, .json{more}"
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help=help_)
    parser.add_argument("--format", default="", metavar="NAME", help="the format, whatever the ending of the file")


def _is_pdf(options: argparse.Namespace) -> bool:
    from qadesk.app.export.answer_formats import PDF_NAME, PDF_SUFFIX

    return bool(options.format == PDF_NAME or (not options.format and options.to.suffix.casefold() == PDF_SUFFIX))


def _check_name(options: argparse.Namespace) -> None:
    """Raise ``DataError`` if there is no format of this name or ending."""
    from qadesk.app.export.answer_formats import answer_format

    if not _is_pdf(options):
        answer_format(options.to, options.format)


def _check_format(options: argparse.Namespace, document: Document | None) -> None:
    """Raise ``DataError`` before anything is asked if nothing could be written."""
    from qadesk.app.export.pdf_copy import can_be_copied
    from qadesk.app.export.writing_answers import check_target

    _check_name(options)
    if document is not None:
        check_target(options.to, [document.path])
    if _is_pdf(options) and not can_be_copied(document):
        raise DataError("Only a PDF document can be copied with highlights.", "Choose .md, .html, .csv or .json.")


def _entries_of_document(
    reader: Reader, questions: dict[str, str], document: Document, settings: Settings
) -> list[HistoryEntry]:
    from qadesk.app.entries import asked_options, entry_of
    from qadesk.cli.ask_command import answers_to_all

    results = answers_to_all(reader, questions, document, settings)
    about = (reader.model.name, asked_options(settings))
    return [
        entry_of(document, result, *about, with_unlikely=True)
        for result in results
        if not isinstance(result, QuestionError)
    ]


def _entries_of_library(
    reader: Reader, questions: dict[str, str], library: str, settings: Settings
) -> list[HistoryEntry]:
    """As ``_entries_of_document``. Raises ``QuestionError`` if no question can be asked."""
    from qadesk.app.entries import asked_options, library_entry_of
    from qadesk.app.library.asking import ask_library
    from qadesk.cli.library_answers import answers_or_error, open_library_index, sources_of
    from qadesk.records import Scope

    scope, index = Scope(sources_of(library)), open_library_index()
    try:
        results = [
            answers_or_error(ask_library(reader, question, index, scope, settings), where)
            for where, question in questions.items()
        ]
    finally:
        index.close()
    errors = [result for result in results if isinstance(result, QuestionError)]
    if len(errors) == len(results):
        raise errors[0]
    about = (library, reader.model.name, asked_options(settings))
    return [library_entry_of(result, *about) for result in results if not isinstance(result, QuestionError)]


def _write(
    entries: Sequence[HistoryEntry], options: argparse.Namespace, settings: Settings, document: Document | None = None
) -> None:
    """Write the file, and print what was written."""
    if document is not None and _is_pdf(options):
        from qadesk.app.export.pdf_copy import copied_in_words, export_pdf_copy

        password = password_from(options.password)
        copy = show_progress(export_pdf_copy(options.to, document, entries, settings, password=password))
        sentence, problem = copied_in_words(copy, options.to)
        print(sentence)
        if problem:
            print(f"qadesk: {problem}", file=sys.stderr)
        return
    from qadesk.app.export.writing_answers import export_entries, written_in_words

    work = export_entries(options.to, entries, settings, options.format, with_unlikely=options.all)
    print(written_in_words(show_progress(work), options.to))

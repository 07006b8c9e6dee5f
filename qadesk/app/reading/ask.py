"""Asks a reader questions about a document."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from qadesk.errors import QuestionError
from qadesk.progress import Progress
from qadesk.qa.engine import Context, Reader
from qadesk.qa.expectation import share_of
from qadesk.qa.reader_options import Options
from qadesk.records import Answers, Document, Reading
from qadesk.settings import Settings


def ask(reader: Reader, question: str, document: Document, settings: Settings) -> Generator[Reading, None, Answers]:
    """Yield progress with the best answers so far, return the final ranking of the answers to ``question``.

    Closing the generator cancels. Raises ``QuestionError`` for a question that cannot be asked.
    """
    return reader.answer(question, document, options(settings))


def ask_many(
    reader: Reader, questions: Sequence[str], document: Document, settings: Settings
) -> Generator[Progress, None, list[Answers | QuestionError]]:
    """As ``answer_all``, for several ``questions`` to one document."""
    return answer_all(reader, [(question, document) for question in questions], options(settings))


def answer_all(
    reader: Reader, items: Sequence[tuple[str, Context]], options: Options
) -> Generator[Progress, None, list[Answers | QuestionError]]:
    """Return the answers to each ``(question, context)``, in order; the error of one that cannot be asked in its place.

    The windows of all questions share batches. Yields progress in questions.
    """
    errors = [_error_of(reader, question, context, options) for question, context in items]
    askable = [item for item, error in zip(items, errors, strict=True) if error is None]
    answers = iter((yield from reader.answer_many(askable, options)))
    return [error or next(answers) for error in errors]


def _error_of(reader: Reader, question: str, context: Context, options: Options) -> QuestionError | None:
    try:
        reader.check(question, context, options)
    except QuestionError as error:
        return error
    return None


def options(settings: Settings) -> Options:
    """The reader's options in the user's settings."""
    return Options(
        max_seq_length=settings["qa.max_seq_length"],
        doc_stride=settings["qa.doc_stride"],
        split_length=settings["qa.split_length"],
        max_answer_tokens=settings["qa.max_answer_tokens"],
        top_k=settings["qa.top_k"],
        overlap=settings["qa.overlap"],
        expected=share_of(settings["qa.expected"]),
    )

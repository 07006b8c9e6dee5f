"""Asks a reader questions about a document."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from qadesk.progress import Progress
from qadesk.qa.engine import Options, Reader
from qadesk.qa.expectation import share_of
from qadesk.records import Answers, Document, Reading
from qadesk.settings import Settings


def ask(reader: Reader, question: str, document: Document, settings: Settings) -> Generator[Reading, None, Answers]:
    """Yield progress with the best answers so far, return the final ranking of the answers to ``question``.

    Closing the generator cancels. Raises ``QuestionError`` for a question that cannot be asked.
    """
    return reader.answer(question, document, options(settings))


def ask_many(
    reader: Reader, questions: Sequence[str], document: Document, settings: Settings
) -> Generator[Progress, None, list[Answers]]:
    """Return the ranking for each of ``questions``; their windows share batches. Yields progress in questions.

    Raises ``QuestionError`` for a question that cannot be asked.
    """
    return reader.answer_many([(question, document) for question in questions], options(settings))


def options(settings: Settings) -> Options:
    """The reader's options in the user's settings."""
    return Options(
        max_seq_length=settings["qa.max_seq_length"],
        doc_stride=settings["qa.doc_stride"],
        max_answer_tokens=settings["qa.max_answer_tokens"],
        top_k=settings["qa.top_k"],
        overlap=settings["qa.overlap"],
        expected=share_of(settings["qa.expected"]),
    )

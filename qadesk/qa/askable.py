"""What can be asked: a question and a text with words in them."""

from __future__ import annotations

from qadesk.errors import QuestionError
from qadesk.structure import has_words


def check_question(question: str, text: str) -> None:
    """Raises ``QuestionError`` if the question or the text has no words, ``TypeError`` if the question is no text."""
    if not isinstance(question, str):
        raise TypeError(f"question must be a str, not {type(question).__name__}")
    if not question.strip():
        raise QuestionError("There is no question.", "Type one and press Enter.")
    if not has_words(question):
        raise QuestionError("The question has no words in it.", "Ask with at least one word or number.")
    if not text or text.isspace():  # strip() would copy a long text for each question
        raise QuestionError("The document is empty.", "Open or paste one that has text.")
    if not has_words(text):
        raise QuestionError("The document has no words in it.", "Open or paste one that has text.")

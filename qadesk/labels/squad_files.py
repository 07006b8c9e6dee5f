"""SQuAD 1.1 and 2.0: data sets in, predictions out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from qadesk.errors import DataError
from qadesk.labels import text_files
from qadesk.labels.dataset import Dataset, Problem
from qadesk.labels.text_files import is_text
from qadesk.labels.wording import shortened
from qadesk.records import GoldSpan, LabeledExample

MAX_BYTES = 1_000_000_000
_FORMAT_HINT = "QADesk reads data sets in the JSON format of SQuAD 1.1 and 2.0."


def read_squad(path: Path) -> Dataset:
    """The data set in the SQuAD JSON file ``path``.

    What cannot be used is left out, what disagrees is kept; both are told in ``problems``. An answer that
    does not stand at its offset is kept as it is in the file. Raises ``DataError`` if the file
    cannot be read, is not SQuAD, or holds no usable question.
    """
    content = _content(path)
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        raise DataError(f"'{path.name}' is not a SQuAD data set.", _FORMAT_HINT)
    reading = _Reading()
    for number, article in enumerate(content["data"], 1):
        reading.read_article(article, f"article {number}")
    if not reading.examples:
        first = f"{reading.problems[0].where}: {reading.problems[0].what}" if reading.problems else ""
        raise DataError(f"'{path.name}' holds no question that can be used.", _FORMAT_HINT, first)
    version = content.get("version")
    version = str(version).removeprefix("v") if isinstance(version, str | float) else ""
    return Dataset(version, tuple(reading.examples.values()), tuple(reading.problems))


def write_predictions(path: Path, predictions: Mapping[str, str] | Mapping[str, float]) -> None:
    """Write ``predictions`` by question id, as the official scripts read them, all or nothing.

    Texts ('' for no answer) are a prediction file, numbers a file of the probabilities of no answer.
    Raises ``DataError`` if ``path`` cannot be written.
    """
    with text_files.writing(path) as file:
        json.dump(predictions, file, indent=1)


def _content(path: Path) -> Any:
    found = text_files.read_bytes(path, MAX_BYTES, _FORMAT_HINT)
    try:
        return json.loads(found)
    except (ValueError, RecursionError) as error:  # recursion: brackets within brackets without end
        raise DataError(f"'{path.name}' is not valid JSON.", _FORMAT_HINT, str(error)) from error


class _Reading:
    """The examples and problems found so far. Nothing in a file is taken to have the right type."""

    def __init__(self) -> None:
        self.examples: dict[str, LabeledExample] = {}
        self.problems: list[Problem] = []

    def read_article(self, article: Any, where: str) -> None:
        if not isinstance(article, dict) or not isinstance(article.get("paragraphs"), list):
            self._note(where, "It has no list of paragraphs and was left out.")
            return
        title = article.get("title")
        title = title if is_text(title) else ""
        for number, paragraph in enumerate(article["paragraphs"], 1):
            self._read_paragraph(paragraph, title, f"{title or where}, paragraph {number}")

    def _read_paragraph(self, paragraph: Any, title: str, where: str) -> None:
        if not isinstance(paragraph, dict) or not isinstance(paragraph.get("qas"), list):
            self._note(where, "It has no list of questions and was left out.")
            return
        context = paragraph.get("context")
        if not is_text(context):
            self._note(where, "It has no text and was left out.")
            return
        for number, row in enumerate(paragraph["qas"], 1):
            self._read_question(row, context, title, f"{where}, question {number}")

    def _read_question(self, row: Any, context: str, title: str, where: str) -> None:
        key = row.get("id") if isinstance(row, dict) else None
        key = str(key) if type(key) is int else key
        if not is_text(key):
            self._note(where, "It has no id and was left out.")
            return
        where = f"{where} ({key})"
        if not is_text(row.get("question")):
            self._note(where, "The question is empty and was left out.")
        elif key in self.examples:
            self._note(where, "An earlier question has the same id: this one was left out.")
        else:
            answers = tuple(self._answers(row.get("answers"), context, where))
            if self._agrees(row, answers, where):
                self.examples[key] = LabeledExample(key, row["question"], context, title, answers, not answers)

    def _answers(self, rows: Any, context: str, where: str) -> Iterator[GoldSpan]:
        for row in rows if isinstance(rows, list) else ():
            text, start = (row.get("text"), row.get("answer_start")) if isinstance(row, dict) else (None, None)
            if not is_text(text) or type(start) is not int:
                self._note(where, "An answer without text or offset was left out.")
                continue
            answer = GoldSpan(start, start + len(text), text)
            if not answer.stands_in(context):
                self._note(where, offset_problem(answer, context))
            yield answer

    def _agrees(self, row: dict[str, Any], answers: tuple[GoldSpan, ...], where: str) -> bool:
        """Whether the question can be used. As in the official scripts, answers count for more than the mark."""
        marked = row.get("is_impossible")
        if not answers and (row.get("answers") or marked is None) and marked is not True:
            self._note(where, "It has no usable answer and was left out.")
            return False
        if answers and marked is True:
            self._note(where, "It is marked as having no answer, but has one: the answer counts.")
        elif not answers and marked is not True:
            self._note(where, "It has no answer, but is not marked so: it counts as having none.")
        return True

    def _note(self, where: str, what: str) -> None:
        self.problems.append(Problem(where, what))


def offset_problem(answer: GoldSpan, context: str) -> str:
    """A sentence that says where the text of ``answer`` stands in ``context``, nearest to where it should."""
    shown = shortened(answer.text, 40)
    at = max(0, answer.start)
    places = [context.rfind(answer.text, 0, at + len(answer.text)), context.find(answer.text, at)]
    found = [place for place in places if place >= 0]
    if not found:
        return f"The answer '{shown}' is not in the text."
    nearest = min(found, key=lambda place: abs(place - answer.start))
    return f"The answer '{shown}' is not at {answer.start} but at {nearest}."

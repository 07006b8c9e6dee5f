"""Reads data sets in the format of SQuAD 1.1 and 2.0, and writes predictions for the official scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from qadesk.errors import DataError
from qadesk.labels import text_files
from qadesk.labels.dataset import Dataset, Problem
from qadesk.labels.squad_blocks import blocks_beside
from qadesk.labels.text_files import is_text
from qadesk.labels.wording import shortened
from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block

MAX_BYTES = 1_000_000_000
_FORMAT_HINT = "QADesk reads data sets in the JSON format of SQuAD 1.1 and 2.0."


def read_squad(path: Path) -> Dataset:
    """The data set in the SQuAD JSON file ``path``.

    ``problems`` has what cannot be used, which is left out, and what disagrees, which is kept. So is an answer whose
    text is not at its offset. Raises ``DataError`` if the file cannot be read, is not SQuAD, or has no usable question.
    """
    content = _parse(path)
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        raise DataError(f"'{path.name}' is not a SQuAD data set.", _FORMAT_HINT)
    reader = _SquadParser()
    for number, article in enumerate(content["data"], 1):
        reader.read_article(article, f"article {number}")
    if not reader.examples:
        first = f"{reader.problems[0].where}: {reader.problems[0].what}" if reader.problems else ""
        raise DataError(f"'{path.name}' holds no question that can be used.", _FORMAT_HINT, first)
    version = content.get("version")
    version = str(version).removeprefix("v") if isinstance(version, str | float) else ""
    return Dataset(version, tuple(reader.examples.values()), tuple(reader.problems))


def write_predictions(path: Path, predictions: Mapping[str, str] | Mapping[str, float]) -> None:
    """Write ``predictions`` by question id, in the format of the official scripts, all or nothing.

    Texts ('' for no answer) make a prediction file, numbers a file of no-answer probabilities.
    Raises ``DataError`` if ``path`` cannot be written.
    """
    with text_files.writing(path) as file:
        json.dump(predictions, file, indent=1)


def _parse(path: Path) -> Any:
    data = text_files.read_bytes(path, MAX_BYTES, _FORMAT_HINT)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:  # RecursionError: deeply nested brackets
        raise DataError(f"'{path.name}' is not valid JSON.", _FORMAT_HINT, str(error)) from error


class _SquadParser:
    """Collects examples and problems. No value in a file is assumed to have the right type."""

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
        blocks = blocks_beside(paragraph, partial(self._note, where))
        for number, row in enumerate(paragraph["qas"], 1):
            self._read_question(row, context, blocks, title, f"{where}, question {number}")

    def _read_question(self, row: Any, context: str, blocks: tuple[Block, ...], title: str, where: str) -> None:
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
            if self._is_usable(row, answers, where):
                self.examples[key] = LabeledExample(key, row["question"], context, title, answers, not answers, blocks)

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

    def _is_usable(self, row: dict[str, Any], answers: tuple[GoldSpan, ...], where: str) -> bool:
        """Whether the question can be used. As in the official scripts, answers override the mark."""
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
    """A sentence on an answer that is not at its offset: the nearest occurrence of its text in ``context``, if any."""
    text = shortened(answer.text, 40)
    at = max(0, answer.start)
    before, after = context.rfind(answer.text, 0, at + len(answer.text)), context.find(answer.text, at)
    occurrences = [start for start in (before, after) if start >= 0]
    if not occurrences:
        return f"The answer '{text}' is not in the text."
    nearest = min(occurrences, key=lambda start: abs(start - answer.start))
    return f"The answer '{text}' is not at {answer.start} but at {nearest}."

"""Documents of our own with questions, written for the reader: a plain text format, and its check.

    documents.py FILE ...     says what is wrong in each file, and how many questions there are

A file holds documents with a line ``=====`` between them. A document is its title, its text, a line ``-----`` and its
questions; cells of a row of a table are parted by `` | ``. A question is ``Q: question`` and below a line
``A: answer``; other accepted answers follow after `` || ``. An answer is a part of the text, letter for letter; where
it stands there more than once, `` << `` and a part of the text lead to the right place: the first one at or after that
part. ``N:`` is a question that one might ask and the text does not answer, ``M:`` one that sounds as if it did.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from qadesk.records import GoldSpan, LabeledExample

FOLDER = Path(__file__).with_name("documents")
"""What the recipe reads."""


class FormatError(Exception):
    """What breaks the format, a line each."""


def read_documents(path: Path) -> list[LabeledExample]:
    """The questions of all documents in ``path``. Raises ``FormatError``."""
    examples: list[LabeledExample] = []
    problems: list[str] = []
    for number, part in enumerate(re.split(r"^=====\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE), 1):
        title, _, rest = part.strip("\n").partition("\n")
        text, _, questions = rest.partition("\n-----\n")
        context = _with_tabs(text.strip("\n"))
        if not questions.strip():
            problems.append(f"{path.name}: {title}: no questions below a line -----")
        for line, (mark, question, answer) in enumerate(_questions(questions), 1):
            name = f"{path.stem}-{number}-{line}"
            try:
                answers = _answers(context, mark, question, answer)
                examples.append(LabeledExample(name, question, context, title, answers, not answers))
            except FormatError as error:
                problems.append(f"{path.name}: {title}: {mark}: {question}: {error}")
    if problems:
        raise FormatError("\n".join(problems))
    return examples


def _questions(text: str) -> Iterator[tuple[str, str, str]]:
    """Mark, question and the line below it if that is an answer, else ''."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line, below in pairwise([*lines, ""]):
        if not line.startswith("A: "):
            mark, _, question = line.partition(": ")
            yield mark, question, below[3:] if below.startswith("A: ") else ""


def _answers(context: str, mark: str, question: str, answer: str) -> tuple[GoldSpan, ...]:
    if mark not in {"Q", "N", "M"} or not question:
        raise FormatError("not a question")
    if (mark == "Q") != bool(answer):
        raise FormatError("no answer below" if mark == "Q" else "an answer below")
    return tuple(_place(context, part) for part in answer.split(" || ")) if answer else ()


def _place(context: str, answer: str) -> GoldSpan:
    text, _, anchor = (_with_tabs(part.strip()) for part in answer.partition(" << "))
    after = context.find(anchor)
    whole = rf"(?<!\w){re.escape(text)}(?!\w)" if text[:1].isalnum() else re.escape(text)
    starts = [match.start() for match in re.finditer(whole, context)]
    later = [start for start in starts if start >= after]
    if not text or after < 0 or not later:
        raise FormatError(f"not in the text as whole words: {answer}")
    if not anchor and len(starts) > 1:
        raise FormatError(f"more than once in the text, use << and a part of the text before it: {answer}")
    return GoldSpan(later[0], later[0] + len(text), text)


def _with_tabs(text: str) -> str:
    return text.replace(" | ", "\t")


def main() -> None:
    """Check the files that are named."""
    for path in map(Path, sys.argv[1:]):
        try:
            examples = read_documents(path)
        except FormatError as error:
            print(error)
        else:
            count = sum(example.is_impossible for example in examples)
            documents = len({example.context for example in examples})
            print(f"{path}: {documents} documents, {len(examples)} questions, {count} without an answer")


if __name__ == "__main__":
    main()

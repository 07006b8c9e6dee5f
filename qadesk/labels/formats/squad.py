"""Reads SQuAD 1.1 and 2.0 so that ``squad_export`` can write the same file again.

What a label has no field for is in its ``extra``, as JSON: ``squad`` with the file, article, paragraph and question,
``row`` with the unknown keys of the question. The first label of a file, an article and a paragraph also has the
unknown keys of that, under ``file``, ``article`` and ``paragraph``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from qadesk.labels.formats.raw_answers import RawAnswer, answers_of
from qadesk.labels.formats.raw_rows import Note, RawRow
from qadesk.labels.squad_blocks import KEY, blocks_beside

_KEYS = ("id", "qid", "question", "answers", "detected_answers", "is_impossible")


def is_marked(content: Any) -> bool:
    """Whether any question has ``is_impossible``, as in SQuAD 2.0."""
    return any(isinstance(row, dict) and "is_impossible" in row for row in _questions(content))


def size(content: Any) -> int:
    """How many questions the SQuAD file ``content`` has."""
    return sum(1 for _ in _questions(content))


def rows(content: Any, file: str, name: str, note: Note) -> Iterator[RawRow]:
    """The questions of the SQuAD file ``content``, with the id ``file``.

    ``name`` is part of the titles of articles without one. ``note`` gets what is not an article or a paragraph.
    """
    head = _without(content, "data") | {"rest": _rest(content["data"])}
    for a, article in enumerate(content["data"]):
        if not isinstance(article, dict) or not isinstance(article.get("paragraphs"), list):
            note(f"article {a + 1}", "It has no list of paragraphs and was left out.")
            continue
        title = article.get("title")
        title = title if isinstance(title, str) and title.strip() else ""
        group = title or f"{name}, article {a + 1}"
        for p, paragraph in enumerate(article["paragraphs"]):
            where = f"{group}, paragraph {p + 1}"
            if not isinstance(paragraph, dict) or not isinstance(paragraph.get("qas"), list):
                note(where, "It has no list of questions and was left out.")
                continue
            keys = _without(paragraph, "context", "qas", KEY)
            blocks = blocks_beside(paragraph, partial(note, where))
            heads: tuple[tuple[str, object, Any], ...] = (
                ("file", file, head),
                ("article", a, _without(article, "paragraphs")),
            )
            heads += (("paragraph", (a, p), keys),) if keys else ()
            for q, row in enumerate(paragraph["qas"]):
                origin = {"file": file, "at": [a, p, q]}
                base = {"title": title, "group": group, "heads": heads, "blocks": blocks}
                place = f"{where}, question {q + 1}"
                yield _row(place, paragraph.get("context"), row if isinstance(row, dict) else {}, origin, base)


def _row(where: str, text: Any, row: dict[str, Any], origin: dict[str, Any], base: dict[str, Any]) -> RawRow:
    raw = row.get("answers")
    answers = _detected(row["detected_answers"]) if "detected_answers" in row else answers_of(raw)
    if "answers" not in row:
        origin["answers"] = None
    elif raw != [{"text": answer.text, "answer_start": answer.start} for answer in answers or () if answer.text]:
        origin["answers"] = raw
    if type(row.get("id")) is int:
        origin["id"] = row["id"]
    extra = {"squad": origin | {"marked": "is_impossible" in row}, "row": _without(row, *_KEYS)}
    return RawRow(
        where,
        text,
        row.get("question"),
        answers,
        is_impossible=row.get("is_impossible"),
        key=row.get("id", row.get("qid")),
        extra={key: value for key, value in extra.items() if value},
        needs_mark=True,
        **base,
    )


def _detected(rows: Any) -> list[RawAnswer]:
    """The answers of MRQA: texts with all their spans, whose ends are the last character."""
    answers = []
    for row in rows if isinstance(rows, list) else ():
        spans = row.get("char_spans") if isinstance(row, dict) else None
        for span in spans if isinstance(spans, list) else ():
            if isinstance(span, list) and len(span) == 2 and all(type(offset) is int for offset in span):
                answers.append(RawAnswer(row.get("text"), span[0], span[1] + 1))
            else:
                answers.append(RawAnswer("", 0))
    return answers


def _questions(content: Any) -> Iterator[Any]:
    for article in content["data"]:
        paragraphs = article.get("paragraphs") if isinstance(article, dict) else None
        for paragraph in paragraphs if isinstance(paragraphs, list) else ():
            questions = paragraph.get("qas") if isinstance(paragraph, dict) else None
            yield from questions if isinstance(questions, list) else ()


def _rest(articles: list[Any]) -> list[list[Any]]:
    """Articles and paragraphs without questions, as [article, paragraph or -1, value]: no label could hold them."""
    rest = []
    for a, article in enumerate(articles):
        if not isinstance(article, dict) or not isinstance(article.get("paragraphs"), list):
            continue
        empty = [isinstance(row, dict) and row.get("qas") == [] for row in article["paragraphs"]]
        if all(empty):
            rest.append([a, -1, article])
        else:
            rest += [[a, p, article["paragraphs"][p]] for p in range(len(empty)) if empty[p]]
    return rest


def _without(values: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}

"""Which rows a JSON value holds: the layouts in which data sets are kept, made into one row a question or a paragraph.

Read are lists of rows, also under a name; columns, as ``Dataset.to_dict`` and pandas write them; and SQuAD without its
outer parts. Layouts that are known but not read are named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from qadesk.errors import DataError
from qadesk.labels.formats.raw_answers import is_span

Row = tuple[str, Any]  # where it is in the file, for messages; a JSON value
_MAX_DEPTH = 4  # of rows inside other values
_QUESTIONS = ("question", "query", "qas", "paragraphs")
_NOT_READ = (  # the keys of a row in layouts that are known
    ({"story", "questions"}, "CoQA: its questions are a conversation, its answers are free"),
    ({"document_text", "question_text"}, "Natural Questions: its answers are tokens of a web page"),
    ({"document_html"}, "Natural Questions: its answers are tokens of a web page"),
    ({"document", "question", "long_answer_candidates"}, "Natural Questions: its answers are tokens of a web page"),
    ({"Question", "EntityPages"}, "TriviaQA: its texts are in other files"),
    ({"passage", "qa_pairs"}, "DROP: its answers are calculated"),
    ({"supporting_facts", "context"}, "HotpotQA: its questions have ten texts each"),
    ({"passages", "query"}, "MS MARCO: its questions have ten texts each"),
    ({"body", "snippets"}, "BioASQ: its questions have a list of texts each"),
    ({"storyId"}, "NewsQA: its texts are in other files"),
)


def rows_in(document: Any) -> list[Row]:
    """The rows of a JSON value; one that is no known layout is a row itself. Raises ``DataError``."""
    return _rows(document, "", 0)


def _rows(value: Any, prefix: str, depth: int) -> list[Row]:
    if isinstance(value, list):
        rows = [(f"{prefix}row {number}", row) for number, row in enumerate(value, 1)]
        return [part for where, row in rows for part in _unfolded(where, row, depth)]
    if not isinstance(value, dict):
        return []
    inner = _inner(value)
    if inner is not None and depth < _MAX_DEPTH:
        return [row for name, part in inner for row in _rows(part, f"{prefix}{name}", depth + 1)]
    return [(f"{prefix}row 1", value)]


def _unfolded(where: str, row: Any, depth: int) -> list[Row]:
    """The rows inside ``row``, if it is a wrapper; else itself."""
    if not isinstance(row, dict) or depth >= _MAX_DEPTH:
        return [(where, row)]
    if set(row) >= {"row_idx", "row"}:  # the pages of Hugging Face
        return [(where, row["row"])]
    if set(row) <= {"data", "version"} and isinstance(row.get("data"), list) and row["data"]:
        return _rows(row["data"], f"{where}, ", depth + 1)
    return [(where, row)]


def _inner(value: Mapping[str, Any]) -> list[tuple[str, Any]] | None:
    """What holds the rows of an object, by the beginning of their names; None if it is a row itself."""
    data = value.get("data")
    if isinstance(data, list):
        return [("", _split_rows(value.get("columns"), data) or data)]
    for part in (data, value):
        columns = _columns(part) if isinstance(part, dict) else None
        if columns is not None:
            return [("", columns)]
    if _is_squad_part(data):
        return [("", [data])]
    return None if not value or _is_row(value) else _lists_of_rows(value)


def _split_rows(columns: Any, data: list[Any]) -> list[dict[str, Any]]:
    """The rows of a table that pandas wrote with its columns apart; none if it is another."""
    if not isinstance(columns, list) or not all(isinstance(row, list) and len(row) == len(columns) for row in data):
        return []
    return [dict(zip(map(str, columns), row, strict=True)) for row in data]


def _lists_of_rows(value: Mapping[str, Any]) -> list[tuple[str, Any]] | None:
    """The lists of rows under names, as the parts of a data set; or rows under names."""
    parts = [(name, part) for name, part in value.items() if _is_list_of_rows(part)]
    if parts and not any(is_span(part[0]) for _, part in parts):
        return [(f"{name}, " if len(parts) > 1 else "", part) for name, part in parts]
    if all(isinstance(part, dict) and _is_row(part) for part in value.values()):
        return [("", list(value.values()))]
    return None


def _is_row(value: Mapping[str, Any]) -> bool:
    """Whether an object can be a question, an article or a task itself."""
    return any(name in value for name in (*_QUESTIONS, "text", "context", "data")) or bool(unread_layout(value))


def _is_list_of_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value[:100])


def _columns(value: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The rows of an object whose values are columns, as lists or by the names of rows; None if they are not.

    Raises ``DataError`` if columns are not equally long.
    """
    names = [name for name in value if name in ("question", "query")]
    if not names or len(value) < 2:
        return None
    for kind in (list, dict):
        if all(isinstance(column, kind) for column in value.values()):
            lengths = {len(column) for column in value.values()}
            if len(lengths) != 1:
                raise DataError("The columns of this file are not equally long.", "Export it again.")
            keys: Collection[Any] = value[names[0]] if kind is dict else range(lengths.pop())
            if kind is dict and any(set(column) != set(keys) for column in value.values()):
                raise DataError("The columns of this file do not have the same rows.", "Export it again.")
            return [{name: column[key] for name, column in value.items()} for key in keys]
    return None


def _is_squad_part(value: Any) -> bool:
    """Whether ``value`` is an article or a paragraph of SQuAD."""
    return isinstance(value, dict) and any(isinstance(value.get(name), list) for name in ("paragraphs", "qas"))


def squad_document(document: Any, rows: list[Row]) -> dict[str, Any] | None:
    """SQuAD, made whole of ``rows`` that are articles or paragraphs; None if none is one.

    MRQA has its paragraphs so, below a line with a header.
    """
    articles = document.get("data") if isinstance(document, dict) else None
    if isinstance(articles, list) and any(isinstance(row, dict) and "paragraphs" in row for row in articles):
        is_whole = all(_as_article(row) is row for row in articles)
        return document if is_whole else {**document, "data": [_as_article(row) for row in articles]}
    if not any(_is_squad_part(row) for _, row in rows):
        return None
    parts = [row for _, row in rows if not (isinstance(row, dict) and set(row) == {"header"})]
    head = {name: value for name, value in document.items() if name != "data"} if isinstance(articles, list) else {}
    return head | {"data": [_as_article(row) for row in parts]}


def _as_article(row: Any) -> Any:
    if not isinstance(row, dict) or "paragraphs" in row or "qas" not in row:
        return row
    title = {"title": row["title"]} if "title" in row else {}
    return title | {"paragraphs": [{name: value for name, value in row.items() if name != "title"}]}


def unread_layout(row: Any) -> str:
    """The name of the layout of ``row``, and why it is not read, if it is one of those; else ''."""
    if not isinstance(row, Mapping):
        return ""
    return next((title for keys, title in _NOT_READ if keys <= row.keys()), "")

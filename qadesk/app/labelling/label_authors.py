"""The author of a label in a file: a field of its row, in every format whose rows can have fields of their own.

Beside it an exported row has its agreement: the F1, 0 to 1, with the labels of other authors to the same question.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from qadesk.app.labelling.agreement import ByAuthor, agreement_by_key
from qadesk.labels.formats.writing import AGREEMENT_SCORE, AUTHOR
from qadesk.records import Label

_MAX_NAME = 100  # characters
_YOU = "me"  # the user in a file where others are named


def with_author(label: Label, author: str = "", own_name: str = "") -> Label:
    """An imported label with its author: ``author``, or where that is '' the one that its row names, if it names one.

    The authors ``own_name`` and 'me' are the user, ''.
    """
    label = _with_named_author(label)
    name = author or label.author
    return replace(label, author="" if name in (own_name, _YOU) else name)


def _with_named_author(label: Label) -> Label:
    if f'"{AUTHOR}"' not in label.extra:
        return label
    extra = json.loads(label.extra)
    row = dict(extra.get("row", {}))
    name = row.pop(AUTHOR, None)
    if not isinstance(name, str):
        return label
    row.pop(AGREEMENT_SCORE, None)  # it was of another set of labels
    extra = {key: value for key, value in {**extra, "row": row}.items() if value}
    author = " ".join(name[:_MAX_NAME].split())
    return replace(label, author=author, extra=json.dumps(extra, separators=(",", ":")) if extra else "")


def named_labels(labels: Sequence[Label], rows: ByAuthor, own_name: str) -> list[Label]:
    """``labels`` to export, each with the fields of its row that name the author and the agreement.

    ``rows`` are the examples of all authors. The user is ``own_name``, or without one 'me'.
    """
    scores = agreement_by_key(rows)
    return [_with_fields(label, label.author or own_name or _YOU, scores.get(label.key)) for label in labels]


def _with_fields(label: Label, name: str, score: float | None) -> Label:
    extra = json.loads(label.extra or "{}")
    fields = {AUTHOR: name} | ({} if score is None else {AGREEMENT_SCORE: round(score, 4)})
    extra["row"] = {**extra.get("row", {}), **fields}
    return replace(label, extra=json.dumps(extra, separators=(",", ":")))

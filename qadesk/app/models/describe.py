"""Texts about a model: its origin and scores, from untrusted metadata (``qadesk.json``), and sizes in bytes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date

from qadesk.app.phrases import long_date

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\s]+")
_SETS = (("own", "your questions"), ("general", "general ones"))
_MAX_LENGTH = 80  # characters


def in_one_line(text: str, max_length: int = _MAX_LENGTH) -> str:
    """``text`` in one line, without unprintable characters, cut to ``max_length`` characters."""
    plain = _UNPRINTABLE.sub(" ", text).strip()
    return plain if len(plain) <= max_length else plain[: max_length - 1] + "…"


def origin(metadata: Mapping[str, object]) -> str:
    """Where a model came from: 'Fine-tuned from QADesk reader 7 on 24 November 2026, downloaded from anna/reader'.

    '' if nothing is known.
    """
    base, source = _text(metadata, "base"), metadata.get("origin")
    parts = [f"fine-tuned from {base}{_day(metadata)}"] if base else []
    if isinstance(source, dict) and source.get("kind") in ("imported", "downloaded") and _text(source, "from"):
        parts.append(f"{source['kind']} from {_text(source, 'from')}{_day(source)}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def scores(metadata: Mapping[str, object]) -> str:
    """The scores of a model in training: 'F1 on your questions 54.0 → 81.2, on general ones 78.1 → 77.3'.

    '' if nothing is known.
    """
    metrics = metadata.get("metrics")
    if not isinstance(metrics, dict):
        return ""
    pairs = [(title, _f1(metrics.get(name), "before"), _f1(metrics.get(name), "after")) for name, title in _SETS]
    texts = [
        f"on {title} {before:.1f} → {after:.1f}"
        for title, before, after in pairs
        if before is not None and after is not None
    ]
    return f"F1 {', '.join(texts)}" if texts else ""


def _f1(reports: object, when: str) -> float | None:
    report = reports.get(when) if isinstance(reports, dict) else None
    value = report.get("f1") if isinstance(report, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= 100 else None


def _text(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    if isinstance(value, dict):
        value = value.get("name")
    return in_one_line(value) if isinstance(value, str) else ""


def _day(values: Mapping[str, object]) -> str:
    try:
        return f" on {long_date(date.fromisoformat(str(values.get('date'))[:10]))}"
    except ValueError:
        return ""

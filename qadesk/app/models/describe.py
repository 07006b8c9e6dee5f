"""What ``qadesk.json`` of a model says, in words. The file may come from anywhere: nothing in it is trusted."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from qadesk.app.phrases import long_date

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\s]+")
_PARTS = (("own", "your questions"), ("general", "general ones"))
_LONGEST = 80  # characters


def in_one_line(text: str, most: int = _LONGEST) -> str:
    """``text`` in one line, without what cannot be printed, and without its end where it is longer than ``most``."""
    plain = _UNPRINTABLE.sub(" ", text).strip()
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def megabytes(size: int) -> str:
    """A size in bytes as '45 MB' or '1.3 GB'."""
    if size < 999_500_000:
        return f"{size / 1e6:.3g} MB" if size >= 1e5 else f"{size / 1e3:.3g} kB"
    return f"{size / 1e9:.3g} GB"


def origin(said: Mapping[str, Any]) -> str:
    """Where a model came from: 'Fine-tuned from QADesk reader 2 on 24 November 2026, downloaded from anna/reader'.

    '' where nothing is known.
    """
    base, source = _text(said, "base"), said.get("origin")
    parts = [f"fine-tuned from {base}{_day(said)}"] if base else []
    if isinstance(source, dict) and source.get("kind") in ("imported", "downloaded") and _text(source, "from"):
        parts.append(f"{source['kind']} from {_text(source, 'from')}{_day(source)}")
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def marks(said: Mapping[str, Any]) -> str:
    """How good a model was when it was trained: 'F1 on your questions 54.0 → 81.2, on general ones 78.1 → 77.3'."""
    found = said.get("metrics")
    if not isinstance(found, dict):
        return ""
    pairs = [(title, _f1(found.get(name), "before"), _f1(found.get(name), "after")) for name, title in _PARTS]
    words = [
        f"on {title} {before:.1f} → {after:.1f}"
        for title, before, after in pairs
        if before is not None and after is not None
    ]
    return f"F1 {', '.join(words)}" if words else ""


def _f1(part: Any, when: str) -> float | None:
    report = part.get(when) if isinstance(part, dict) else None
    value = report.get("f1") if isinstance(report, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= 100 else None


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    if isinstance(value, dict):
        value = value.get("name")
    return in_one_line(value) if isinstance(value, str) else ""


def _day(said: Mapping[str, Any]) -> str:
    try:
        return f" on {long_date(date.fromisoformat(str(said.get('date'))[:10]))}"
    except ValueError:
        return ""

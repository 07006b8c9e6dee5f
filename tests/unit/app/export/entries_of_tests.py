"""Entries that the tests of exports write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from qadesk.records import HistoryAnswer, HistoryEntry

ANSWER = HistoryAnswer(
    text="31 March 2027",
    confidence=0.82,
    path=Path("/papers/lease.pdf"),
    title="lease.pdf",
    page="page 3",
    start=1204,
    end=1217,
    sentence="It ends on 31 March 2027.",
    shown_start=11,
    shown_end=24,
)
ENTRY = HistoryEntry(
    id=7,
    question="When does the lease end?",
    asked=1_790_000_000.0,
    library="",
    path=Path("/papers/lease.pdf"),
    title="lease.pdf",
    model="reader 5",
    options=(("qa.expected", "usually"), ("qa.overlap", "False"), ("old.key", "x")),
    no_answer=0.12,
    seconds=0.25,
    answers=(ANSWER, replace(ANSWER, text="1 April", confidence=0.1), replace(ANSWER, text="never", confidence=0.01)),
)
UNANSWERED = replace(ENTRY, question="Who signed it?", no_answer=0.72, answers=(replace(ANSWER, confidence=0.02),))
EMPTY = replace(ENTRY, question="What?", no_answer=None, answers=(), options=(), library="Papers", path=None, title="")


def answered(text: str, **changes: Any) -> HistoryEntry:
    """An entry with one answer, ``text``."""
    return replace(ENTRY, answers=(replace(ANSWER, text=text, **changes),))

"""The records that pass between the packages. Small, frozen, without behaviour of their own.

All offsets are Python string positions (code points) into ``Document.text``, end exclusive.
"""

from __future__ import annotations

from qadesk.records.answers import LEAST_CONFIDENCE, Answer, Answers, ReaderInfo, Reading
from qadesk.records.changes import Changes
from qadesk.records.document import Document, Page, RecentDocument
from qadesk.records.history_entry import ForgottenEntry, HistoryAnswer, HistoryEntry
from qadesk.records.label import LABELLED, LOST, OPEN, SKIPPED, GoldSpan, Label, LabeledExample, LabelText
from qadesk.records.library import (
    EVERYTHING,
    AnswerItem,
    AnswerPlace,
    Collection,
    FileState,
    FolderSurvey,
    IndexStep,
    LibraryAnswer,
    LibraryAnswers,
    LibraryCounts,
    LibraryFile,
    LibraryReading,
    Passage,
    Scope,
)

__all__ = [
    "EVERYTHING",
    "LABELLED",
    "LEAST_CONFIDENCE",
    "LOST",
    "OPEN",
    "SKIPPED",
    "Answer",
    "AnswerItem",
    "AnswerPlace",
    "Answers",
    "Changes",
    "Collection",
    "Document",
    "FileState",
    "FolderSurvey",
    "ForgottenEntry",
    "GoldSpan",
    "HistoryAnswer",
    "HistoryEntry",
    "IndexStep",
    "Label",
    "LabelText",
    "LabeledExample",
    "LibraryAnswer",
    "LibraryAnswers",
    "LibraryCounts",
    "LibraryFile",
    "LibraryReading",
    "Page",
    "Passage",
    "ReaderInfo",
    "Reading",
    "RecentDocument",
    "Scope",
]  # fmt: skip

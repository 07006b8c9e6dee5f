"""Recent documents and asked questions: the verbs over them, for the window and the command line.

When a verb returns, what it wrote is on the disk. All verbs raise ``StoreError`` if the database cannot be read or
written, and must be called on the thread that opened it.
"""

from __future__ import annotations

from qadesk.app.history.forgetting import forget_all, forget_document, forget_entry, forget_source, restore
from qadesk.app.history.past_questions import (
    count_of_entries,
    entry_with_id,
    history_entries,
    questions,
    questions_to,
    star,
)
from qadesk.app.history.recent_documents import pasted_text, pasted_text_of, recent_documents, remember_document
from qadesk.app.history.remembering import remember_answers, remember_library_answers, replace_library_answers

__all__ = [
    "count_of_entries",
    "entry_with_id",
    "forget_all",
    "forget_document",
    "forget_entry",
    "forget_source",
    "history_entries",
    "pasted_text",
    "pasted_text_of",
    "questions",
    "questions_to",
    "recent_documents",
    "remember_answers",
    "remember_document",
    "remember_library_answers",
    "replace_library_answers",
    "restore",
    "star",
]

"""Which actions can be done now, by what is on the screen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction

from qadesk.ui.ask.ask_session import AskSession
from qadesk.ui.services.label_service import Standing


def enable(commands: Mapping[str, QAction], session: AskSession, *, asks: bool) -> None:
    """Switch the actions on that have something to act on; ``asks`` says that one asks, and does not label."""
    document, answers = session.document, session.answers
    for names, enabled in (
        (("close_document",), asks and document is not None),
        (("open_find", "find_next", "find_previous"), not asks or document is not None),
        (("next_answer", "previous_answer", "copy_with_source", "label_right"), asks and bool(answers)),
        (("label_correct", "label_absent"), asks and answers is not None),
        (("reload",), asks and document is not None and document.path is not None),
        (("go_to_page",), asks and document is not None and bool(document.pages)),
    ):
        for name in names:
            commands[name].setEnabled(enabled)


def enable_undo(commands: Mapping[str, QAction], standing: Standing) -> None:
    """Switch undo and redo on where there is something to undo and to redo."""
    commands["undo"].setEnabled(standing.can_undo)
    commands["redo"].setEnabled(standing.can_redo)

"""What the view shows of a text, made before it is shown: of a long one on a lane, so that the window goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextCursor, QTextDocument

from qadesk.app import phrases
from qadesk.records import Document, Page
from qadesk.structure import Block
from qadesk.ui.document.blocks.block_index import BlockIndex
from qadesk.ui.document.display_text import display_text
from qadesk.ui.document.textmap import TextMap

LONG_TEXT = 50_000
"""Characters: shorter texts are shown at once by the window's thread."""

_PIECE = 30_000  # characters, which take some milliseconds
_MARGIN = 20  # above and below the text, pixels


class TextContents:
    """A text with its map of positions, its blocks by offset, and the document of Qt that is not laid out yet.

    It can be made on any thread; it belongs to the window's from then on, and is shown once.
    """

    def __init__(self, text: str, blocks: Sequence[Block] = (), pages: Sequence[Page] = ()) -> None:
        self.text = text
        self.map = TextMap(text)
        self.index = BlockIndex(text, blocks, pages)
        self.document = QTextDocument()
        self.document.setUndoRedoEnabled(False)
        self.document.setDocumentMargin(_MARGIN)
        _fill(self.document, display_text(text, blocks))
        app = QCoreApplication.instance()
        if app and self.document.thread() is not app.thread():
            self.document.moveToThread(app.thread())


def _fill(document: QTextDocument, text: str) -> None:
    """Give ``text`` to ``document``, piece by piece: each call stops all other threads of Python."""
    cursor = QTextCursor(document)
    for start in range(0, len(text), _PIECE):
        cursor.insertText(text[start : start + _PIECE])


def contents_ahead(document: Document) -> TextContents | None:
    """The contents of ``document``, to be called on a lane; None for a text that is shown at once anyway."""
    if len(document.text) < LONG_TEXT:
        return None
    phrases.location(document, 0)  # which remembers where the paragraphs are
    return TextContents(document.text, document.blocks, document.pages)

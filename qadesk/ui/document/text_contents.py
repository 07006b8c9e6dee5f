"""What the view shows of a text, made before it is shown: of a long one on a lane, so that the window goes on.

Of a long text the part that is looked at is shown first, and the whole text in its place when that is made.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextCursor, QTextDocument, QTextOption

from qadesk.app import phrases
from qadesk.records import Document, Page
from qadesk.structure import Block
from qadesk.ui.document.blocks.block_index import BlockIndex
from qadesk.ui.document.display_text import display_text
from qadesk.ui.document.textmap import TextMap

LONG_TEXT = 50_000
"""Characters: shorter texts are shown at once by the window's thread."""

WRAP = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
_REACH = 20_000  # characters around what is looked at that are shown first: some screens
_PIECE = 10_000  # characters, which take about a millisecond
_BREATH = 0.0002  # seconds
_MARGIN = 20  # above and below the text, pixels


class TextContents:
    """``text[start:end]``, its map of positions, all blocks by offset, and the document of Qt, not laid out yet.

    It can be made on any thread; it belongs to the window's from then on, and is shown once. ``fill`` gives Qt's
    document the text.
    """

    def __init__(self, index: BlockIndex, text_map: TextMap, start: int, end: int) -> None:
        self.text = index.text
        self.start, self.end = start, end
        self.index = index
        self.map = text_map.part(start, end)
        self.document = QTextDocument()
        self.document.setUndoRedoEnabled(False)
        self.document.setDocumentMargin(_MARGIN)
        option = self.document.defaultTextOption()
        option.setWrapMode(WRAP)
        self.document.setDefaultTextOption(option)  # the view would set it, and go through all lines

    @property
    def is_whole(self) -> bool:
        """Whether they are those of the whole text."""
        return self.end - self.start == len(self.text)

    def fill(self) -> Iterator[None]:
        """Give the text to Qt's document, piece by piece: each call of Qt stops all other threads of Python."""
        cursor = QTextCursor(self.document)
        start = self.start
        while start < self.end:
            end = min(self.index.end_after(start + _PIECE), self.end)
            text = display_text(self.text, self.index.blocks_in(start, end), start, end)
            for first in range(0, len(text), _PIECE):
                cursor.insertText(text[first : first + _PIECE])
                yield
            start = end
        del cursor  # which belongs to this thread
        app = QCoreApplication.instance()
        if app and self.document.thread() is not app.thread():
            self.document.moveToThread(app.thread())


def contents_at_once(text: str, blocks: Sequence[Block] = (), pages: Sequence[Page] = ()) -> TextContents:
    """The contents of ``text``, to be shown at once."""
    return _filled(TextContents(BlockIndex(text, blocks, pages), TextMap(text), 0, len(text)))


def contents_ahead(document: Document, offset: int | None = 0) -> TextContents | None:
    """The contents of the part of ``document`` around ``offset``, or of all of it, to be called on a lane.

    None for a text that is shown at once anyway.
    """
    if len(document.text) < LONG_TEXT:
        return None
    phrases.location(document, 0)  # which remembers where the paragraphs are
    index = BlockIndex(document.text, document.blocks, document.pages)
    part = (0, len(document.text)) if offset is None else index.part_around(offset, _REACH)
    return _filled(TextContents(index, TextMap(document.text), *part))


def whole_contents(part: TextContents) -> Generator[None, None, TextContents]:
    """The contents of the whole text of which ``part`` is shown, piece by piece."""
    contents = TextContents(part.index, part.map, 0, len(part.text))
    for _ in contents.fill():
        yield
        time.sleep(_BREATH)  # the window's thread need not wait until Python takes turns
    return contents


def _filled(contents: TextContents) -> TextContents:
    for _ in contents.fill():
        pass
    return contents

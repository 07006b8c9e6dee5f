"""What is known of the pages on the screen: pixels, boxes and links, kept within a bound and asked for in order."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage

from qadesk.documents.page_looks import Look, PageLink
from qadesk.structure.character_map import Run
from qadesk.ui.document.pages.page_process import PageProcess, Reply

if TYPE_CHECKING:
    from qadesk.ui.document.pages.page_boxes import PageBoxes

T = TypeVar("T")

TILE = 512
"""Pixels of a side of a tile."""
MAX_PIXELS = 100_000_000
"""Bytes of all tiles."""
_MAX_PAGES = 40
"""Pages whose boxes and links are kept."""


class Tile(NamedTuple):
    """A square of a page that is ``scale`` pixels a point. With ``column`` -1 it is the whole page, small."""

    page: int
    scale: float
    turns: int
    look: Look
    column: int = -1
    row: int = -1


class WordsOfPage(NamedTuple):
    """The boxes and links of a page."""

    page: int


PageItem = Tile | WordsOfPage


class PageStore(QObject):
    """Asks ``process`` for what is wanted. ``arrived`` says of which page there is something new."""

    arrived = Signal(int)

    def __init__(self, process: PageProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = process
        self._sizes: Sequence[tuple[float, float]] = ()
        self._runs: Mapping[int, Sequence[Run]] = {}
        self._tiles: OrderedDict[Tile, QImage] = OrderedDict()
        self._bytes = 0
        self._boxes: OrderedDict[int, PageBoxes] = OrderedDict()
        self._links: OrderedDict[int, list[PageLink]] = OrderedDict()
        self._queue: list[PageItem] = []
        self._is_under_way: set[PageItem] = set()
        process.freed.connect(self._send)

    def begin(self, sizes: Sequence[tuple[float, float]], runs: Mapping[int, Sequence[Run]]) -> None:
        """Forget the document before; ``runs`` are those of the new one by the numbers of its pages, from 1."""
        self._sizes, self._runs = sizes, runs
        self._tiles.clear()
        self._bytes = 0
        self._boxes.clear()
        self._links.clear()
        self._queue = []

    def image(self, tile: Tile) -> QImage | None:
        """The pixels of ``tile`` if they are there."""
        image = self._tiles.get(tile)
        if image is not None:
            self._tiles.move_to_end(tile)
        return image

    def boxes(self, page: int) -> PageBoxes | None:
        """The characters of ``page`` if they are there."""
        return self._boxes.get(page)

    def span_of(self, page: int) -> tuple[int, int] | tuple[()]:
        """The first and the last offset of the text that is on ``page``; empty where none is."""
        runs = self._runs.get(page + 1)
        return (runs[0].offset, runs[-1].offset + runs[-1].length) if runs else ()

    def links(self, page: int) -> Sequence[PageLink]:
        """The links of ``page`` as far as they are known."""
        return self._links.get(page, ())

    def want(self, items: Sequence[PageItem]) -> None:
        """Get what of ``items`` is not there, the first ones first, and no longer what was wanted before."""
        self._queue = [item for item in items if not self._has(item)]
        self._send()

    def rect_of(self, tile: Tile) -> QRect:
        """The pixels of ``tile`` on its page."""
        width, height = self._pixels_of(tile)
        if tile.column < 0:
            return QRect(0, 0, width, height)
        left, top = tile.column * TILE, tile.row * TILE
        return QRect(left, top, min(TILE, width - left), min(TILE, height - top))

    def small(self, page: int, turns: int, look: Look) -> Tile:
        """The whole page as one tile."""
        return Tile(page, min(4.0, (TILE - 1) / max(self._sizes[page])), turns, look)

    def _pixels_of(self, tile: Tile) -> tuple[int, int]:
        width, height = self._sizes[tile.page]
        if tile.turns % 2:
            width, height = height, width
        return max(1, math.ceil(width * tile.scale)), max(1, math.ceil(height * tile.scale))

    def _has(self, item: PageItem) -> bool:
        if isinstance(item, WordsOfPage):
            return item.page in self._boxes
        return item in self._tiles

    def _send(self) -> None:
        while self._queue and self._process.has_room:
            item = self._queue.pop(0)
            if item in self._is_under_way or self._has(item):
                continue
            self._is_under_way.add(item)
            if isinstance(item, WordsOfPage):
                self._send_for_words(item)
            else:
                self._send_for_tile(item)

    def _send_for_tile(self, tile: Tile) -> None:
        rect = self.rect_of(tile)
        part = [tile.scale, tile.turns, rect.left(), rect.top(), rect.width(), rect.height()]
        sizes = self._sizes

        def done(reply: Reply | None, at: int) -> None:
            self._is_under_way.discard(tile)
            if reply is not None and sizes is self._sizes:
                self._keep_tile(tile, self._process.pixels.image(at, rect.width(), rect.height()))
                self.arrived.emit(tile.page)

        self._process.send({"do": "draw", "page": tile.page, "look": tile.look, "part": part}, done)

    def _send_for_words(self, words: WordsOfPage) -> None:
        page, sizes = words.page, self._sizes

        def keep_boxes(reply: Reply | None, at: int) -> None:
            from qadesk.ui.document.pages.page_boxes import PageBoxes

            self._is_under_way.discard(words)
            if reply is None or sizes is not self._sizes:
                return
            boxes = self._process.pixels.boxes(at, reply["count"])
            _keep(self._boxes, page, PageBoxes(boxes, self._runs.get(page + 1, ())))
            self.arrived.emit(page)

        def keep_links(reply: Reply | None, _at: int) -> None:
            if reply is not None and sizes is self._sizes:
                _keep(self._links, page, [PageLink(*link) for link in reply["links"]])

        self._process.send({"do": "boxes", "page": page}, keep_boxes)
        if self._process.has_room:
            self._process.send({"do": "links", "page": page}, keep_links)

    def _keep_tile(self, tile: Tile, image: QImage) -> None:
        self._tiles[tile] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > MAX_PIXELS:
            _, oldest = self._tiles.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()


def _keep(items: OrderedDict[int, T], page: int, item: T) -> None:
    """Add what is known of ``page``, and forget what was added first where that is too much."""
    items[page] = item
    while len(items) > _MAX_PAGES:
        items.popitem(last=False)

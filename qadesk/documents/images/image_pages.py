"""An open picture file, drawn and read as the pages of a document. Pillow decodes it, in a child process only."""

from __future__ import annotations

import hashlib
import io
import math
import struct
import warnings
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.page_looks import Look, PageLink
from qadesk.documents.parsing import Source
from qadesk.documents.pixel_looks import apply_look
from qadesk.documents.quarter_turns import turned_box
from qadesk.documents.scans.page_source import PageError, PagePart
from qadesk.errors import DocumentError

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF")
MAX_PIXELS = 100_000_000
"""Of one picture. A scanner with 600 dots an inch makes 35 million of A4, and none is read better than with 300."""
MOST_FRAMES = 2_000
"""Pages of one file: the others are left out."""

_POINTS = 72
_LONGEST_SIDE = 842.0
"""Points, as of A4: of a picture that does not say how large it is printed, as a photograph."""
_COARSEST, _FINEST = 90.0, 1300.0
"""Dots an inch that a scanner may have; other numbers say nothing of the paper."""
_READ_AT = 300 / _POINTS
_OPEN_FRAMES = 2
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, MemoryError, ArithmeticError, LookupError, TypeError, AttributeError,
    AssertionError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises for damaged files."""
_TURNED_BACK = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE",
    8: "ROTATE_90",
}  # fmt: skip
"""What makes a picture upright, by how the camera says that it was held (EXIF)."""
_ON_ITS_SIDE = (5, 6, 7, 8)
_ORIENTATION = 0x0112


def open_pages(source: Source) -> ImagePages:
    """The frames of a picture as pages. Raises ``DocumentError``."""
    return ImagePages(source)


class ImagePages:
    """The frames of a picture file, as ``PageSource`` says. Raises ``DocumentError`` for one that cannot be opened."""

    def __init__(self, source: Source) -> None:
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = None  # ``_size`` has bounds of its own
        self._scans = source.scans
        data = source.file.read()
        self._digest = hashlib.blake2b(data, digest_size=32).hexdigest()
        try:
            with warnings.catch_warnings(action="ignore"):
                self._file = Image.open(io.BytesIO(data), formats=FORMATS)  # ``source.file`` is closed before this is
                self._is_tiff = self._file.format == "TIFF"
                self._orientation = 1 if self._is_tiff else _orientation(self._file)  # Pillow turns frames of a TIFF
                self._sizes = [self._size(source.name)]
        except _BROKEN as error:
            raise DocumentError(
                f"{source.name} is a damaged picture.",
                "Get the file again, or open it in a program for pictures and save it as PNG.",
                str(error),
            ) from error
        while self._is_tiff and len(self._sizes) < MOST_FRAMES and self._seek(len(self._sizes)):
            self._sizes.append(self._size(source.name))
        self.has_more = len(self._sizes) == MOST_FRAMES and self._seek(MOST_FRAMES)
        self._frames: OrderedDict[int, Image.Image] = OrderedDict()

    def close(self) -> None:
        """Close the file."""
        self._frames.clear()
        self._file.close()

    def sizes(self) -> list[tuple[float, float]]:
        """The width and height of each page, in points."""
        return self._sizes

    def draw(self, number: int, part: PagePart, look: Look, pixels: memoryview) -> None:
        """Draw a ``part`` of the page ``number`` into ``pixels``: rows of 4 bytes a pixel, blue, green, red, none."""
        from PIL import Image

        frame = self._frame(number)
        width, height = self._sizes[number]
        pixels_across, pixels_down = width * part.scale, height * part.scale
        turned_size = (pixels_down, pixels_across) if part.turns % 2 else (pixels_across, pixels_down)
        sides = (part.left, part.top, part.left + part.width, part.top + part.height)
        left, top, right, bottom = turned_box(sides, -part.turns, *turned_size)
        scale = frame.width / pixels_across
        ends = min(right * scale, frame.width), min(bottom * scale, frame.height)
        box = (max(0.0, left * scale), max(0.0, top * scale), *ends)
        size = (part.height, part.width) if part.turns % 2 else (part.width, part.height)
        resampling = Image.Resampling.BILINEAR if scale > 1 else Image.Resampling.BICUBIC
        drawn = frame.resize(size, resampling, box=box, reducing_gap=3.0).convert("RGB")
        colours = np.rot90(np.asarray(drawn), -part.turns)
        drawing = np.frombuffer(pixels, np.uint8, part.width * part.height * 4).reshape(part.height, part.width, 4)
        drawing[:, :, :3] = colours[:, :, ::-1]
        apply_look(look, drawing.reshape(-1, 4))

    def boxes(self, number: int) -> NDArray[np.float32]:
        """The boxes of all characters that were recognised on a page."""
        text = self._scans.read(self.page_hash(number))
        return text.boxes() if text else np.zeros((0, 4), np.float32)

    def links(self, _number: int) -> Iterable[PageLink]:
        """None: a picture has no links."""
        return ()

    def page_hash(self, number: int) -> str:
        """32 hexadecimal digits that tell the picture on a page from others."""
        return hashlib.blake2b(f"{self._digest} {number}".encode(), digest_size=16).hexdigest()

    def picture(self, number: int) -> tuple[NDArray[np.uint8], float]:
        """The page in shades of grey, (height, width), and how many of its pixels are a point."""
        frame = self._frame(number).convert("L")
        scale = frame.width / self._sizes[number][0]
        if scale > _READ_AT:
            frame.thumbnail((frame.width, math.ceil(frame.height * _READ_AT / scale)))
            scale = frame.width / self._sizes[number][0]
        return np.asarray(frame), scale

    def _seek(self, number: int) -> bool:
        """Whether there is a frame with this number that is not damaged at its beginning; if so it is the current one.

        Other formats have frames that are no pages: the steps of an animation, a small picture in a photograph.
        """
        try:
            with warnings.catch_warnings(action="ignore"):
                self._file.seek(number)
        except _BROKEN:
            return False
        return True

    def _size(self, name: str) -> tuple[float, float]:
        """The size of the current frame in points, as it is shown. Raises ``DocumentError`` where it is too large."""
        width, height = self._file.size
        if width * height > MAX_PIXELS or not width or not height:
            raise DocumentError(
                f"{name} has {width:,} by {height:,} pixels; QADesk opens up to {MAX_PIXELS // 1_000_000} million.",
                "Make it smaller in a program for pictures, or scan the page at 300 dots an inch.",
            )
        resolution = _resolution(self._file)
        scale = _POINTS / resolution if resolution else _LONGEST_SIDE / max(width, height)
        if self._orientation in _ON_ITS_SIDE:
            width, height = height, width
        return width * scale, height * scale

    def _frame(self, number: int) -> Image:
        """The frame, upright, without transparency. Raises ``PageError``."""
        from PIL import Image

        if number in self._frames:
            self._frames.move_to_end(number)
            return self._frames[number]
        try:
            with warnings.catch_warnings(action="ignore"):
                if self._is_tiff:
                    self._file.seek(number)
                self._file.load()
                frame = _eight_bits(self._file)
                if self._orientation != 1:
                    frame = frame.transpose(Image.Transpose[_TURNED_BACK[self._orientation]])
                if frame.has_transparency_data:
                    paper = Image.new("RGBA", frame.size, "white")
                    paper.alpha_composite(frame.convert("RGBA"))
                    frame = paper
                frame = frame.convert("L" if frame.mode in ("1", "L", "LA") else "RGB")
        except _BROKEN as error:
            raise PageError("the picture is damaged") from error
        self._frames[number] = frame
        if len(self._frames) > _OPEN_FRAMES:
            self._frames.popitem(last=False)
        return frame


def _eight_bits(frame: Image) -> Image:
    """``frame`` with 8 bits a channel: of shades of grey with 16 or 32 bits Pillow would keep the lowest 8."""
    if frame.mode in ("I", "F") or frame.mode.startswith("I;16"):
        from PIL import Image

        values = np.asarray(frame, np.float64)
        low, high = float(values.min()), float(values.max())
        if low == high:
            low, high = min(0.0, low), max(1.0 if frame.mode == "F" else 65535.0, high)
        return Image.fromarray(((values - low) * (255 / max(high - low, 1.0))).astype(np.uint8))
    return frame


def _resolution(file: Image) -> float:
    """Dots an inch, where the file says so and it can be true of paper; else 0."""
    dots = file.info.get("dpi")
    try:
        across, down = (float(value) for value in dots or (0, 0))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    is_even = across > 0 and 0.9 < down / across < 1.1
    return across if is_even and _COARSEST <= across <= _FINEST else 0.0


def _orientation(file: Image) -> int:
    """How the camera says that the picture was held, 1 to 8 as in EXIF; 1 is upright."""
    from PIL import Image

    try:
        orientation = Image.Image.getexif(file).get(_ORIENTATION, 1)  # that of a PNG would decode the whole picture
    except _BROKEN:
        return 1
    return orientation if orientation in _TURNED_BACK else 1

"""Makes pictures with text, in a font that Pillow has of its own, and PDF files of such pictures, for the tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LINES = ("The lamp was lit by Isaac Penhale.", "Thomas Reeve built the tower in 1862.", "It stands on the north side.")
TEXT = " ".join(LINES)
RESOLUTION = 200
"""Dots an inch of the pictures."""


def picture_of(lines: Sequence[str] = LINES, *, quarters: int = 0) -> Image.Image:
    """Black ``lines`` on white, 5 inches wide; turned clockwise by ``quarters``."""
    picture = Image.new("L", (1000, 100 + 60 * len(lines)), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(32)
    for number, line in enumerate(lines):
        draw.text((60, 50 + 60 * number), line, font=font, fill=0)
    return picture.rotate(-90 * quarters, expand=True)


def image_bytes(picture: Image.Image, format_: str = "PNG", **options: object) -> bytes:
    """``picture`` as a file, which says its ``RESOLUTION``."""
    buffer = io.BytesIO()
    picture.save(buffer, format_, **{"dpi": (RESOLUTION, RESOLUTION), **options})
    return buffer.getvalue()


def tiff_of(pictures: Sequence[Image.Image], **options: object) -> bytes:
    """A TIFF with a frame for each of ``pictures``."""
    return image_bytes(pictures[0], "TIFF", save_all=True, append_images=list(pictures[1:]), **options)


def scan_pdf(pictures: Sequence[Image.Image]) -> bytes:
    """A PDF with a page for each of ``pictures``, which fills it."""
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", resolution=RESOLUTION, save_all=True, append_images=list(pictures[1:]))
    return buffer.getvalue()


def write_scan(path: Path, *pages: Sequence[str]) -> Path:
    """The PDF file ``path`` with a picture of each of ``pages``; of ``LINES`` if there are none."""
    path.write_bytes(scan_pdf([picture_of(lines) for lines in pages or (LINES,)]))
    return path

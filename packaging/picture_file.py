"""Draws lines of text as a scanner sees them, with nothing but the standard library: for the smoke test."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

RESOLUTION = 200
"""Pixels an inch."""

_LETTERS = ",.012349CHIMTWabcdeghiklmnoprstuvwy"
_WIDTHS = (
    *(11, 11, 22, 22, 22, 22, 22, 22, 24, 26, 10, 29, 21, 34, 21, 22, 19, 22, 21, 22, 22, 9, 20, 9, 33, 22, 21, 22, 14),
    *(18, 13, 22, 20, 28, 20),
)
_HEIGHT, _SPACE, _MARGIN = 44, 11, 80
_DRAWN = """
eNrt1zFvGzcUB3CqN1ymENlcwAiHfIJuGQRz6OAPkqFzNw+GeIKCXgajh24d+mFOuMIc8xVO5uCxR3hhUYIvf/KOZ6kOYkdAgAw2IEs+Q7+jyf97Tyb6
Rl+enuVn+buVdfoeRHqy+NlQkI/JnlOvwoJ8QdThJQ3cKRfEmvqesToId6w8lMSUY6pnRBuqBLWLSW6/Utb/k/tFkmXPFBXEODG2J2svhmPl7Y5OlfPi
1kkqAq9D2Se5ohaG9vxzMj1F7gby6j/i5GV4E0TnhZ/kDzA6z+2xcu0gE+Qg/TsvDW6Q5PeT3BwtN05FucmyUzTK6k8Yxn20tCZdkOPhpUCQtp1tsc/h
tTzlLf1eIk7xQtlL9lIaQ1p0ztDfh7LDgneIwiSfJFnvPFPXC+oL94MYcMY/20pq48/kSVmpqwXiZCt1XVY8ypZqyJbeR9lPspc2ysMk/yajvHPaIDgt
o6oYmOgXgeEZ8hAkK5iskKwSF9qSTXIjNpCvIPNR5vAO5bO3Uf4XshetU5u7fhDd4EUxnAltdkEW7VKsB8QJF9ogPuogzQB5bYd9WQRGJsuMZdnaW4Nf
br3ktPOicV5uBgW5C7LsV1gf4jQovsWBRtmRaNbW0eksB4ECx7mIbZbr16NsOshwBHVBNP5CIaaQ6yCRdFHjVnGh3Z78x4GMrLEo87XN8ukF5MEahAlv
PBN4pxD+gjrspTYc97Jg/GX8M+9lJZofrV8tZzlmTTaG2Ku8z/VfSb6DzLhGyKLM2CTfiFlWOwRCU5lkv5LNidmX4XkpDFU/zfKVg+zMnfafkXt5L9sk
V2qSNeSze3kXKwxy/+ssfxhlWzvI9GVZa2pFkpdSvzVheTnnuYsyY5Lm1NVtkt9ZlFKT1yzIPdyNcc2eRzks1fUyy6kGa7wa5VyD9TbJv9gGB/RA3jvB
aZ/xyPI5ndz3DZ7XPPeNUfbnFi2J52zwWa4PswFZR5lO1E2WU6+LXQwPFEWXe129G2XHkzzlGXcd5e5eNgcy3Vye04u5P3sZsxHlOvfnmpJcOoECzjVY
B9RgkndZXqUa1CHKoqMX1K9KWnsbJGaKV9iCf1yUFc8zZZI55Eue+8YWPaRI8jDLqW9gvWVHfIOO26/4KMc5uBgYj3PQ7M3BUQ6Qkbq517HAyiS71SSr
1Ot0gMBZAXmA3EU5ttxRjpMCZzjN7ixjdxbN3J+xjPMkoz9PcurPKFTR8+pNlGmSMSaS7Moot5Q/b8yyDGUzz5SStjrJiOEk9zLOFGqV471BYUzyER+s
9IMrDxXtzXcl10+QG3/71W7AyT8u8yM+5QYmHpedOEqW30imip4gq+f/Uw7kT+2u2XA=
"""
"""The letters side by side in DejaVu Sans, a bit a pixel, 1 for paper: rows of bytes, packed by zlib."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Black and white: ``rows`` of bytes, a bit a pixel, 1 for paper."""

    width: int
    height: int
    rows: tuple[bytes, ...]


def draw(lines: Sequence[str]) -> Picture:
    """The ``lines`` below one another. They have no letters but those in ``_LETTERS``."""
    width = max(sum(map(_width, line)) for line in lines) + 2 * _MARGIN
    paper = "1" * width
    drawn = [row for line in lines for row in _rows(line, width)]
    rows = (*[paper] * _MARGIN, *drawn, *[paper] * _MARGIN)
    return Picture(width, len(rows), tuple(_packed(row) for row in rows))


def png(picture: Picture) -> bytes:
    """``picture`` as a PNG file."""
    per_metre = round(RESOLUTION / 0.0254)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", picture.width, picture.height, 1, 0, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
        (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in picture.rows))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _width(letter: str) -> int:
    return _SPACE if letter == " " else _WIDTHS[_LETTERS.index(letter)]


def _rows(line: str, width: int) -> list[str]:
    """The rows of a line, a character a pixel."""
    size = (sum(_WIDTHS) + 7) // 8
    data = zlib.decompress(base64.b64decode(_DRAWN))
    rows = []
    for number in range(_HEIGHT):
        letters = "".join(f"{byte:08b}" for byte in data[number * size : (number + 1) * size])
        inked = "".join(_part(letters, letter) for letter in line)
        rows.append(f"{'1' * _MARGIN}{inked}".ljust(width, "1"))
    return rows


def _part(letters: str, letter: str) -> str:
    """The pixels of a letter in a row of all of them."""
    if letter == " ":
        return "1" * _SPACE
    number = _LETTERS.index(letter)
    left = sum(_WIDTHS[:number])
    return letters[left : left + _WIDTHS[number]]


def _packed(row: str) -> bytes:
    size = (len(row) + 7) // 8
    return int(row.ljust(8 * size, "1"), 2).to_bytes(size, "big")

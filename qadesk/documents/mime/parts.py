"""The parts of a mail or of a saved page: headers and a body, which may be divided into parts again.

They are divided here and not by ``email``, which takes quadratic time for parts nested in parts. A part is a span of
the file's bytes, so that nested parts are not copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qadesk.documents.mime.header_lines import Headers, split_headers
from qadesk.documents.mime.transfer import unpacked, unpacked_size

MAX_PARTS = 2_000
"""Of one multipart: more are left out."""

_LONGEST_REST = 200  # white space behind a boundary


class MimePart(NamedTuple):
    """A part: its headers, and its body ``data[start:end]`` as it is packed."""

    headers: Headers
    data: bytes
    start: int
    end: int

    @property
    def body(self) -> bytes:
        """The body, unpacked."""
        return unpacked(self.data[self.start : self.end], self.headers.transfer_encoding)

    @property
    def size(self) -> int:
        """The bytes of the body, unpacked."""
        return unpacked_size(self.data, self.start, self.end, self.headers.transfer_encoding)


def part_of(data: bytes, start: int, end: int, default_type: str = "text/plain") -> MimePart:
    """The part ``data[start:end]``, of ``default_type`` if it says nothing else."""
    headers, body = split_headers(data, start, end)
    headers.default_type(default_type)
    return MimePart(headers, data, body, end)


def parts_in(part: MimePart) -> Iterator[MimePart]:
    """The parts of a multipart; none if they cannot be told apart."""
    default = "message/rfc822" if part.headers.type == "multipart/digest" else "text/plain"
    for start, end in _spans(part):
        yield part_of(part.data, start, end, default)


def message_in(part: MimePart) -> MimePart:
    """The message that ``part`` holds."""
    if part.headers.transfer_encoding in ("base64", "quoted-printable"):
        data = part.body
        return part_of(data, 0, len(data))
    return part_of(part.data, part.start, part.end)


def _spans(part: MimePart) -> Iterator[tuple[int, int]]:
    """Where parts are, without the line end before the boundary, which belongs to the boundary."""
    data, begin = part.data, -1
    for _ in range(MAX_PARTS + 1):
        line, after, is_last = _boundary(part, max(begin, part.start))
        if line < 0:
            break
        if begin >= 0:
            yield begin, max(begin, line - (2 if data[line - 2 : line] == b"\r\n" else 1))
        begin = after
        if is_last:
            return
    else:
        return  # what more parts than any mail has leave
    if begin >= 0:
        yield begin, part.end  # the end is missing


def _boundary(part: MimePart, start: int) -> tuple[int, int, bool]:
    """The next line with the boundary: where it begins, where the line after it does, and whether it is the last one.

    The first number is -1 if there is none.
    """
    mark = b"--" + part.headers.boundary
    if len(mark) == 2:
        return -1, part.end, True
    data, place = part.data, start
    while (place := data.find(mark, place, part.end)) >= 0:
        after = place + len(mark)
        if place == part.start or data[place - 1 : place] == b"\n":
            line_end = data.find(b"\n", after, min(part.end, after + _LONGEST_REST))
            rest = data[after : min(part.end, after + _LONGEST_REST) if line_end < 0 else line_end].strip()
            if rest in (b"", b"--"):
                return place, part.end if line_end < 0 else line_end + 1, rest == b"--"
        place = after
    return -1, part.end, True

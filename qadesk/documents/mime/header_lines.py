"""The header lines of a mail or of one of its parts, decoded as a mail program shows them.

They are divided and decoded here, and only the parameters of Content-Type and Content-Disposition are left to
``email``: its modern policy takes quadratic time for long lists of addresses, and raises errors for broken ones.
"""

from __future__ import annotations

import binascii
import re
from email.message import Message
from functools import cached_property

from qadesk.documents.encoding.whatwg import encoding_of
from qadesk.documents.mime.transfer import from_base64

_MAX_BYTES = 1 << 20  # of the header lines of a part
_MAX_PARAMETERS = 4000  # characters of a line with parameters: ``email`` takes quadratic time
_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_FROM_LINE = re.compile(rb">?From ")
_WORD = re.compile(rb"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_QUOTED_NAME = re.compile(r'"([^"\\,;<>]{0,200})"(?=\s*<)')
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Headers:
    """The header lines of a part: names in small letters, and their raw values, unfolded."""

    def __init__(self, fields: list[tuple[str, bytes]]) -> None:
        self._fields = fields
        self._content = Message()  # of email: it knows how parameters are written
        for name in ("content-type", "content-disposition", "content-transfer-encoding", "content-id"):
            if value := self._raw(name):
                self._content[name] = " ".join(_text_of(value, "").split())[:_MAX_PARAMETERS]

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self._fields)

    def _raw(self, name: str) -> bytes:
        return next((value for key, value in self._fields if key == name), b"")

    def text(self, name: str) -> str:
        """The decoded value on one line; of several lines of the name, as for Cc, all; '' without one."""
        values = (header_text(value, self.charset) for key, value in self._fields if key == name)
        return ", ".join(value for value in values if value)

    @cached_property
    def type(self) -> str:
        """The media type, in small letters."""
        return self._content.get_content_type()

    def default_type(self, media_type: str) -> None:
        """Take ``media_type`` where the headers name none. Call it before ``type``."""
        self._content.set_default_type(media_type)

    @cached_property
    def charset(self) -> str:
        """What the part calls its encoding, or ''."""
        return str(self._content.get_content_charset() or "")

    @property
    def boundary(self) -> bytes:
        """What divides the parts of a multipart, or b''."""
        return str(self._content.get_boundary() or "").encode("utf-8", "surrogateescape")

    @property
    def disposition(self) -> str:
        """'attachment', 'inline', or '' where nothing is said."""
        return str(self._content.get_content_disposition() or "")

    @property
    def filename(self) -> str:
        """The name that the part has as a file, or ''."""
        return header_text(str(self._content.get_filename() or "").encode("utf-8", "replace"), "")[:200]

    @cached_property
    def transfer_encoding(self) -> str:
        """How the body is packed, in small letters."""
        return str(self._content.get("content-transfer-encoding", "")).strip().lower()

    @property
    def content_id(self) -> str:
        """The name by which other parts show this one, with its brackets, or ''."""
        return str(self._content.get("content-id", "")).strip()

    def parameter(self, name: str) -> str:
        """The parameter ``name`` of Content-Type, or ''."""
        value = self._content.get_param(name)
        return value if isinstance(value, str) else ""


def split_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header lines of the part ``data[start:end]``, and where its body begins.

    A line that cannot be one of them begins the body, as the empty line is missing then.
    """
    fields: list[tuple[str, list[bytes]]] = []
    place, last = start, min(end, start + _MAX_BYTES)
    while place < last:
        line_end = data.find(b"\n", place, end)
        line_end = end if line_end < 0 else line_end
        line = data[place : min(line_end, last)].rstrip(b"\r")
        if not line:
            return _headers(fields), min(line_end + 1, end)
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(line)
        elif name := _NAME.match(line):
            fields.append((name[0][:-1].strip().decode("ascii").lower(), [line[name.end() :]]))
        elif place > start or not _FROM_LINE.match(line):
            return _headers(fields), place
        place = line_end + 1
    empty_line = _EMPTY_LINE.search(data, last, end)
    return _headers(fields), empty_line.end() if empty_line else end


def _headers(fields: list[tuple[str, list[bytes]]]) -> Headers:
    return Headers([(name, b" ".join(lines)) for name, lines in fields])


def header_text(value: bytes, charset: str) -> str:
    """``value`` on one line with its encoded words decoded. ``charset``: what the other bytes may be encoded in."""
    pieces: list[tuple[str, bytearray]] = []
    place = 0
    for word in _WORD.finditer(value):
        between = value[place : word.start()]
        if between.strip() or not pieces:
            pieces.append(("", bytearray(between)))
        label, data = word[1].decode("ascii", "replace").lower(), _word_bytes(word[2], word[3])
        if pieces[-1][0] == label:
            pieces[-1][1].extend(data)  # a character may be divided between two words
        else:
            pieces.append((label, bytearray(data)))
        place = word.end()
    pieces.append(("", bytearray(value[place:])))
    text = "".join(_text_of(bytes(data), label or charset, is_word=bool(label)) for label, data in pieces)
    return _QUOTED_NAME.sub(r"\1", " ".join(_CONTROLS.sub("", text).split()))


def _word_bytes(encoding: bytes, data: bytes) -> bytes:
    return from_base64(data) if encoding in b"bB" else binascii.a2b_qp(data, header=True)


def _text_of(data: bytes, label: str, *, is_word: bool = False) -> str:
    row = encoding_of(label)
    own = (row.codec,) if row else ()
    for codec in (*own, "utf-8") if is_word else ("utf-8", *own):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")

"""The reader of plain text: exactly the characters that are in the file."""

from __future__ import annotations

from collections.abc import Callable

from qadesk.documents.encoding import Decoded, decode
from qadesk.documents.formats import titles_in_list
from qadesk.documents.parsing import MAX_CHARACTERS, Parsed, Source, not_text, too_long
from qadesk.structure.plain import blocks_of

_MAX_BYTES = 4 * MAX_CHARACTERS + 4  # so many characters in the widest encoding (UTF-32), with its byte order mark


def read(source: Source) -> Parsed:
    """The text of ``source``, line ends as they are. Raises ``DocumentError``."""
    return as_plain_text(decoded_text(source))


def as_plain_text(decoded: Decoded, *notes: str) -> Parsed:
    """``decoded`` exactly as it is, with more ``notes``."""
    return Parsed(decoded.text, (), (*decoded.notes, *notes), blocks_of(decoded.text))


def decoded_text(source: Source, label_of: Callable[[bytes], str] = lambda _data: "") -> Decoded:
    """The characters of ``source`` and a note where their encoding is not certain. Raises ``DocumentError``.

    ``label_of`` finds the name of the encoding that a file of the format says of itself.
    """
    data = source.file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise too_long(source.name)
    decoded = decode(data, label_of(data), source.encoding)
    if decoded is None:
        raise not_text(source.name, data, f"QADesk opens {titles_in_list()} files.")
    if len(decoded.text) > MAX_CHARACTERS:
        raise too_long(source.name)
    return decoded

"""Label files that are packed with gzip. They are unpacked up to a bound, as a small one can hold very much."""

from __future__ import annotations

import gzip
import io
import zlib

from qadesk.errors import DataError

PACKED_SUFFIX = ".gz"
_GZIP = b"\x1f\x8b"
_ARCHIVES = (  # the first bytes of files that are not unpacked, and what to do with them
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet", "Unpack it, or save the spreadsheet as CSV."),
    (b"BZh", "packed with bzip2", "Unpack it first."),
    (b"\xfd7zXZ", "packed with xz", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "Unpack it first."),
    (b"7z\xbc\xaf", "packed with 7-Zip", "Unpack it first."),
    (b"PAR1", "a Parquet file", "Save it as JSON Lines, for example with to_json of datasets or pandas."),
    (b"ARROW1", "an Arrow file", "Save it as JSON Lines, for example with to_json of datasets or pandas."),
)


def unpacked_file(name: str, data: bytes, limit: int) -> tuple[str, bytes]:
    """The name without the suffix of gzip, and the bytes, of at most ``limit``, that ``data`` holds.

    Raises ``DataError`` if they are more, if the file is damaged, or packed in another way.
    """
    for beginning, what, hint in _ARCHIVES:
        if data.startswith(beginning):
            raise DataError(f"'{name}' is {what}.", hint)
    if not data.startswith(_GZIP):
        return name, data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            contents = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"'{name}' is damaged: it cannot be unpacked.", "Download or copy it again.", f"{error}"
        ) from error
    if len(contents) > limit:
        raise DataError(f"'{name}' is larger than {limit // 10**6} MB when it is unpacked.", "Split it.")
    if not contents.strip():
        raise DataError(f"'{name}' is empty.", "Choose another file.")
    is_suffix = name.casefold().endswith(PACKED_SUFFIX)
    return (name[: -len(PACKED_SUFFIX)] if is_suffix else name), contents

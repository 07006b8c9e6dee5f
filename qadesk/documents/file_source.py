"""The text of a file as it stands in it, with its marks: of the formats that are text themselves."""

from __future__ import annotations

from pathlib import Path

from qadesk.documents.encoding import Decoded, decode
from qadesk.documents.encoding.page_label import page_label
from qadesk.documents.formats import format_of
from qadesk.documents.open_file import open_file, quoted_name, without_surrogates
from qadesk.documents.parsing import not_text
from qadesk.errors import DocumentError


def source_of(path: Path, *, max_bytes: int = 200_000_000, encoding: str = "") -> Decoded:
    """The decoded text of the file ``path``, and a note where its encoding is not certain.

    ``encoding`` is that of the user's choice, '' for none. Raises ``DocumentError`` if the file cannot be read, is
    larger than ``max_bytes``, or is of a kind without source.
    """
    name = quoted_name(path)
    with open_file(path, max_bytes) as file:
        format_ = format_of(path, file)
        if not format_.has_encoding:
            raise DocumentError(
                f"{name} is {format_.title_with_article}, which has no source text.",
                "Leave out --source to see the text that was read.",
            )
        file.seek(0)
        data = file.read()
    decoded = decode(data, page_label(data) if format_.kind == "html" else "", encoding)
    if decoded is None:
        raise not_text(name, data, "Open a file that holds text.")
    return Decoded(without_surrogates(decoded.text), decoded.note)

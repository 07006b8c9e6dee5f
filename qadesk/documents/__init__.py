"""Reads a file from the user's disk, which is not trusted, into a ``Document``.

``formats`` is the table of the formats that are read, and each format's reader is a module of its own. All but that of
plain text run in a child process (``parser_pool`` starts it, and keeps some where many files are read; ``parser_child``
is its program) with bounds on time and memory. Formats that are ZIP archives of XML share ``archive`` and
``xml_stream``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path

from qadesk.documents.encoding.whatwg import encoding_of
from qadesk.documents.formats import Format, format_of
from qadesk.documents.open_file import open_file, quoted_name, title_of, without_surrogates
from qadesk.documents.parser_pool import ParserPool
from qadesk.documents.parsing import Source
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.errors import Cancelled, DocumentError
from qadesk.records import Document
from qadesk.structure import outline_of

__all__ = ["read"]


def read(
    path: Path,
    *,
    password: str | None = None,
    max_bytes: int = 200_000_000,
    cancelled: Callable[[], bool] = lambda: False,
    encoding: str = "",
    scans: ScanStore | None = None,
    parsers: ParserPool | None = None,
) -> Document:
    """The document in the file ``path``. Blocks: call it on a worker thread.

    Pages that are pictures have the text that ``scans`` has of them, and are else named in ``Document.scans``: a
    document may have such pages only, and no text.

    ``encoding`` is the one that the user chose, a name of ``encoding.whatwg.ENCODINGS``; '' finds it out.
    ``parsers`` reads it, plain text too, where there are many files; else a child process is started for this one.
    ``cancelled`` is called about ten times a second. Raises ``Cancelled`` once it has returned True,
    ``PasswordNeeded`` for an encrypted PDF, ``EncodingNeeded`` for what may be text, ``DocumentError`` for any other
    reason why the file cannot be read: missing, larger than ``max_bytes``, damaged, without text.
    """
    path = path.absolute()
    name = quoted_name(path)
    with open_file(path, max_bytes) as file:
        format_ = format_of(path, file)
        _check_encoding(encoding, format_, name)
        if format_.isolated or parsers:
            with nullcontext(parsers) if parsers else closing(ParserPool()) as pool:
                parsed = pool.parse(path, format_.kind, password, max_bytes, cancelled, encoding=encoding, scans=scans)
        else:
            file.seek(0)
            parsed = format_.read(Source(file, name, password=password, encoding=encoding))
    if cancelled():
        raise Cancelled
    if not parsed.text.strip() and not parsed.scans:
        raise DocumentError(f"{name} holds no text.", "Open a file that holds text.")
    text = without_surrogates(parsed.text)
    return Document(
        text,
        title_of(path),
        format_.kind,
        path,
        parsed.pages,
        parsed.notes,
        parsed.blocks,
        parsed.outline or outline_of(text, parsed.blocks),
        parsed.characters,
        parsed.rows,
        parsed.scans,
        parsed.recognized_pages,
    )


def _check_encoding(encoding: str, format_: Format, name: str) -> None:
    if encoding and not format_.has_encoding:
        raise DocumentError(
            f"{name} has no encoding that can be chosen.", f"It is a file of the format {format_.title}."
        )
    if encoding and encoding_of(encoding) is None:
        raise DocumentError(
            f"QADesk knows no encoding called '{encoding}'.", "Examples are UTF-8, Windows-1252 and Shift-JIS."
        )

"""Documents from a file, from pasted text, and the sample."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from qadesk import documents, paths
from qadesk.documents.encoding import Decoded, decode
from qadesk.documents.file_source import source_of
from qadesk.documents.recognition.language_files import names_in
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.errors import DocumentError
from qadesk.records import Document
from qadesk.settings import Settings
from qadesk.structure import outline_of
from qadesk.structure.plain import blocks_of

_log = logging.getLogger(__name__)


def open_document(
    path: Path,
    settings: Settings,
    *,
    password: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    encoding: str = "",
) -> Document:
    """The document in the file ``path``. Blocks, for as long as ``cancelled`` returns False.

    ``encoding`` is the one that the user chose, a name of ``documents.encoding.whatwg.ENCODINGS``; '' finds it out.

    Raises ``DocumentError``, ``PasswordNeeded`` for an encrypted file, ``EncodingNeeded`` for what may be text,
    ``Cancelled``.
    """
    limit = settings["documents.max_megabytes"] * 1_000_000
    began = time.monotonic()
    try:
        document = documents.read(
            path,
            password=password,
            max_bytes=limit,
            cancelled=cancelled,
            encoding=encoding,
            scans=scan_store(settings),
        )
    except DocumentError as error:
        _log.debug("document not read: %s after %.2f s", type(error).__name__, time.monotonic() - began)
        raise
    _log.debug(
        "document read: %s, %d characters, %d pages, %.2f s",
        document.kind, len(document.text), len(document.pages), time.monotonic() - began,
    )  # fmt: skip
    return document


def scan_store(settings: Settings) -> ScanStore:
    """What text recognition found on pages that are pictures, in the languages that ``settings`` say."""
    return ScanStore(paths.scans_dir(), names_in(settings["documents.languages"]))


def file_source(path: Path, settings: Settings, *, encoding: str = "") -> Decoded:
    """The text of the file ``path`` as it stands in it, with the marks of Markdown or HTML. Raises ``DocumentError``.

    The text has a note where its encoding is not certain.
    """
    return source_of(path, max_bytes=settings["documents.max_megabytes"] * 1_000_000, encoding=encoding)


def read_lines(path: Path, settings: Settings) -> Decoded:
    """The text of ``path``, a file of any kind or a pipe, in the encoding that is recognised. Raises ``DocumentError``.

    The text has a note where its encoding is not certain.
    """
    limit = settings["documents.max_megabytes"] * 1_000_000
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise DocumentError(f"'{path}' cannot be read.", "Check its name.", str(error)) from error
    decoded = decode(data) if len(data) <= limit else None
    if decoded is None:
        raise DocumentError(f"'{path}' is no text, or too long.", "Choose a text file.")
    return decoded


def paste(text: str) -> Document:
    """The pasted ``text`` as a document, titled by its first words. Raises ``DocumentError`` if it is empty."""
    if not text.strip():
        raise DocumentError("There is no text to paste.", "Copy some text first, then paste it here.")
    first = " ".join(text[:400].split())
    title = first if len(first) <= 50 else first[:50].rsplit(" ", 1)[0] + "…"
    blocks = blocks_of(text)
    return Document(text, title, "pasted", blocks=blocks, outline=outline_of(text, blocks))


def sample() -> Document:
    """The short document that the first start opens."""
    return documents.read(paths.sample_path())


def sample_questions() -> list[str]:
    """Three questions to the sample document. It has no answer to the last one."""
    return paths.sample_questions_path().read_text(encoding="utf-8").splitlines()

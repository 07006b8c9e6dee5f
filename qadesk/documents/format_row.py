"""What a row of the table of formats says of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from qadesk.documents.parsing import Parsed, Source

if TYPE_CHECKING:
    from qadesk.documents.scans.page_source import PageSource

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a compound file begins: Office before 2007, messages of Outlook; also an encrypted .docx."""

Sniff = Callable[[bytes, bool], bool]
"""Whether a file that begins with the bytes is in the format. The flag: its suffix is one of the format's."""


@dataclass(frozen=True, slots=True)
class Format:
    """A document format. Its ``module`` has the function ``read(source: Source) -> Parsed``, and is imported only then.

    A format with ``has_signature`` is recognised by ``sniff`` alone, and a file without the signature is refused even
    if its suffix is right. Otherwise the suffix decides, and ``sniff`` only where the suffix is unknown. A format with
    ``media_types`` is a ZIP archive and recognised by what is in it: it needs ``has_signature``, and no ``sniff``.
    The reader of an ``isolated`` format runs in the child process. In one with ``has_encoding`` files may not say how
    their text is encoded, and the user may choose that.
    """

    kind: str  # Document.kind, stored in the database
    title: str  # in the file dialog and in errors
    short_title: str  # in the line about an open document
    title_in_list: str  # within a sentence that lists the formats
    suffixes: tuple[str, ...]
    mime_types: tuple[str, ...]
    apple_types: tuple[str, ...]  # uniform type identifiers
    open_with: tuple[str, ...]  # the suffixes for which Windows offers QADesk in 'Open with'
    module: str
    isolated: bool = True
    has_encoding: bool = False
    sniff: Sniff | None = None
    has_signature: bool = False
    page_module: str = ""
    """The module whose ``open_pages(source: Source) -> PageSource`` opens a file with pages that can be drawn."""
    media_types: tuple[str, ...] = ()
    """Beginnings, in lower case, of the media types that such archives name in mimetype or [Content_Types].xml."""
    main_member: str = ""
    """The member, in lower case, that such an archive has if it names no media type."""

    @property
    def title_with_article(self) -> str:
        """The title within a sentence: 'a Word document', 'an E-book'."""
        return f"{'an' if self.title[0] in 'AEIO' else 'a'} {self.title}"

    def open_pages(self, source: Source) -> PageSource:
        """The pages of ``source``. Raises ``DocumentError``."""
        opener: Callable[[Source], PageSource] = import_module(self.page_module).open_pages
        return opener(source)

    def read(self, source: Source) -> Parsed:
        """The text of ``source``. Raises ``DocumentError``."""
        reader: Callable[[Source], Parsed] = import_module(self.module).read
        return reader(source)

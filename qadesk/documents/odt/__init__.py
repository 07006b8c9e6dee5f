"""The reader of OpenDocument texts (.odt), which are ZIP archives of XML. The XML is read as a stream.

``odf_story`` reads a part with text element by element; ``odf_paragraphs`` makes blocks of its paragraphs. What was
deleted by tracked changes stands apart in such files, and is left out. Nothing outside the file is opened.
"""

from __future__ import annotations

from qadesk.documents.archive import Archive, open_archive, other_content
from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.odt.odf_edges import page_edges_of
from qadesk.documents.odt.odf_file import ODT, OdfFile
from qadesk.documents.odt.odf_objects import parse_story, read_object
from qadesk.documents.odt.odf_story import OdfStory
from qadesk.documents.odt.odf_styles import OdfStyles
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.text_parts import joined
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_MANIFEST = "META-INF/manifest.xml"
_CONTENT = "content.xml"
_STYLES = "styles.xml"


def read(source: Source) -> Parsed:
    """The text of ``source``: headers, paragraphs and tables in order, notes, footers. Raises ``DocumentError``."""
    name = source.name
    with open_archive(source.file, name, ODT) as archive:
        _refuse_encrypted(archive)
        styles = OdfStyles.read(archive.open_part(_STYLES, is_small=True), name) if _STYLES in archive else OdfStyles()
        footnotes, endnotes = BlockFlow(Writer(name)), BlockFlow(Writer(name))
        file = OdfFile(archive, name, source.heartbeat, styles, footnotes, endnotes)
        body = Writer(name)
        if _CONTENT not in archive:
            raise other_content(name, ODT)
        story = OdfStory(file, body, read_object)
        parse_story(story, _CONTENT)
        if story.body != "office:text":
            raise other_content(name, ODT)
        headers, footers = page_edges_of(file, story.styles.master_pages())
        parts: tuple[Writer | Parsed, ...] = (*headers, body, footnotes.writer, endnotes.writer, *footers)
        whole = joined(parts, name)
        return Parsed(whole.text, notes=file.notes, blocks=whole.blocks)


def _refuse_encrypted(archive: Archive) -> None:
    if _MANIFEST not in archive:
        return
    with archive.open_part(_MANIFEST, is_small=True) as part:
        is_encrypted = b"encryption-data" in part.read()
    if is_encrypted:
        raise DocumentError(
            f"{archive.name} is protected by a password.",
            "Open it in LibreOffice, save it without the password (File, Save As) and open the new file.",
        )

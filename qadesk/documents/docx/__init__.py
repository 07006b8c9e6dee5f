"""The reader of Word documents (.docx), which are ZIP archives of XML. The XML is read as a stream.

``story`` reads a part with text element by element; ``paragraph_flow`` makes blocks of its paragraphs. Styles, lists
and settings are small parts, which are read before. Nothing is unpacked to the disk, nothing outside is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping

from qadesk.documents.archive import Archive, open_archive, other_content
from qadesk.documents.docx.numbering import Numbering
from qadesk.documents.docx.page_edges import edges
from qadesk.documents.docx.story import Story
from qadesk.documents.docx.style_sheet import StyleSheet
from qadesk.documents.docx.word_file import WORD, Embedding, WordFile
from qadesk.documents.docx.word_names import word_names
from qadesk.documents.office.office_names import is_on, value_of
from qadesk.documents.office.relations import Relation, main_part, relations_of
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import XmlHandler, parse_xml

_SETTINGS = word_names(("w:evenAndOddHeaders", "w:footnotePr", "w:endnotePr", "w:numFmt"))


def read(source: Source) -> Parsed:
    """The text of ``source``: headers, paragraphs and tables in order, notes, footers. Raises ``DocumentError``."""
    return _read(source, Embedding())


def _read(source: Source, embedding: Embedding) -> Parsed:
    name = source.name
    with open_archive(source.file, name, WORD) as archive:
        main = main_part(archive)
        relations = relations_of(archive, main)
        file = _open_word_file(archive, relations, source, embedding)
        body, notes = Writer(name), Writer(name)
        story = Story(file, main, body)
        story.parse()
        if not story.is_document:
            raise other_content(name, WORD)
        for purpose in ("footnotes", "endnotes"):
            for relation in relations.values():
                if relation.purpose == purpose and file.take(relation.path):
                    Story(file, relation.path, notes, "footnote").parse()
        parts: tuple[Writer | Parsed, ...] = (
            *edges(file, relations, "header"),
            body,
            notes,
            *edges(file, relations, "footer"),
        )
        whole = _joined(parts, name)
        return Parsed(whole.text, notes=file.notes, blocks=whole.blocks)


def _open_word_file(
    archive: Archive, relations: Mapping[str, Relation], source: Source, embedding: Embedding
) -> WordFile:
    """The file with its styles, lists and settings, which the ``relations`` of the main part name."""
    file = WordFile(archive, source.name, source.heartbeat, StyleSheet(), Numbering(), _read, embedding)
    paths = {relation.purpose: relation.path for relation in relations.values()}
    if (path := paths.get("styles", "")) in archive:
        file.styles = StyleSheet.read(archive.open_part(path, is_small=True), source.name)
    if (path := paths.get("numbering", "")) in archive:
        file.numbering = Numbering.read(archive.open_part(path, is_small=True), source.name)
    file.numbering.list_of_style = lambda style: file.styles.meaning(style).num_id
    if (path := paths.get("settings", "")) in archive:
        _read_settings(file, path)
    return file


def _read_settings(file: WordFile, path: str) -> None:
    notes = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal notes
        element = _SETTINGS.get(name)
        if element == "w:evenAndOddHeaders":
            file.has_even_pages = is_on(attributes)
        elif element in ("w:footnotePr", "w:endnotePr"):
            notes = file.footnotes if element == "w:footnotePr" else file.endnotes
        elif element == "w:numFmt" and notes:
            notes.style = value_of(attributes, notes.style)

    parse_xml(file.archive.open_part(path, is_small=True), file.name, XmlHandler(start))


def _joined(parts: tuple[Writer | Parsed, ...], name: str) -> Writer:
    """The texts of ``parts`` one after another."""
    full = [part for part in parts if part.text.strip()]
    if len(full) == 1 and isinstance(full[0], Writer):
        return full[0]
    whole = Writer(name)
    for part in full:
        whole.block(2)
        whole.append(part)
    return whole

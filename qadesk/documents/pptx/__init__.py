"""The reader of PowerPoint presentations (.pptx), which are ZIP archives of XML. The XML is read as a stream.

``shape_reader`` reads a slide element by element, ``shapes`` orders what is on it, ``slide_paragraphs`` makes blocks.
Layouts and masters are read for the bullets of their placeholders, not for text. Nothing outside the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from qadesk.documents.archive import open_archive, other_content
from qadesk.documents.office.relations import Relation, main_part, relation_id, relations_of
from qadesk.documents.page_notes import page_note
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.pptx.shape_reader import ShapeReader
from qadesk.documents.pptx.shapes import Shape, in_reading_order
from qadesk.documents.pptx.slide_file import PPTX, SlideFile
from qadesk.documents.pptx.slide_layouts import SlideLayout
from qadesk.documents.pptx.slide_names import slide_names
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import XmlHandler, number_of, parse_xml, values_of
from qadesk.records import Page

_MAX_SLIDES = 10_000
_NAMES = slide_names(("p:presentation", "p:sldId"))


@dataclass(slots=True)
class _Deck:
    """What was read of the presentation so far."""

    writer: Writer
    pages: list[Page] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    without_text: list[int] = field(default_factory=list)
    footers: set[str] = field(default_factory=set)
    """Those that were written: each once, however many slides have it."""


def read(source: Source) -> Parsed:
    """The text of ``source``: each slide with its title, its text and the notes of the speaker.

    Raises ``DocumentError``.
    """
    with open_archive(source.file, source.name, PPTX) as archive:
        file = SlideFile(archive, source.name, source.heartbeat)
        main = main_part(archive)
        paths, first = _slides(file, main)
        deck = _Deck(Writer(source.name))
        for index, path in enumerate(paths):
            _add_slide(deck, file, path, index, first + index)
    notes = (
        page_note(deck.hidden, "{} is hidden and was left out.", "{} are hidden and were left out.", "slide"),
        page_note(
            deck.without_text,
            "{} has no text: it is empty or a picture.",
            "{} have no text: they are empty or pictures.",
            "slide",
        ),
    )
    return Parsed(deck.writer.text, tuple(deck.pages), tuple(filter(None, (*notes, *file.notes))), deck.writer.blocks)


def _slides(file: SlideFile, main: str) -> tuple[list[str], int]:
    """The parts of the slides in their order, and the number of the first one."""
    relations = relations_of(file.archive, main)
    identifiers: list[str] = []
    first, is_presentation = 1, False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal first, is_presentation
        element = _NAMES.get(name)
        if element == "p:presentation":
            is_presentation = True
            first = number_of(values_of(attributes).get("firstSlideNum", ""), 1)
        elif element == "p:sldId" and len(identifiers) < _MAX_SLIDES:
            identifiers.append(relation_id(attributes))

    parse_xml(file.archive.open_part(main), file.name, XmlHandler(start), file.heartbeat)
    if not is_presentation:
        raise other_content(file.name, PPTX)
    return [relations[identifier].path for identifier in identifiers if identifier in relations], first


def _add_slide(deck: _Deck, file: SlideFile, path: str, index: int, number: int) -> None:
    """Write the slide in the part ``path``, which has ``number`` printed on it, unless it is hidden."""
    if not file.take(path):
        return
    relations = relations_of(file.archive, path)
    by_purpose = {relation.purpose: relation.path for relation in relations.values()}
    layout = file.layout(by_purpose.get("slideLayout", ""))
    slide = _read_part(file, path, layout, relations)
    if slide.is_hidden:
        deck.hidden.append(number)
        return
    start = None
    for writer in (*_texts(slide.shapes, deck), *_notes(file, by_purpose.get("notesSlide", ""))):
        deck.writer.block(2)
        deck.writer.append(writer)
        start = deck.writer.length - writer.length if start is None else start
    end = deck.writer.length
    deck.pages.append(Page(index + 1, str(number), end if start is None else start, end, "slide"))
    if start is None:
        deck.without_text.append(number)


def _read_part(
    file: SlideFile, path: str, layout: SlideLayout, relations: dict[str, Relation], *, is_notes: bool = False
) -> ShapeReader:
    reader = ShapeReader(file, layout, relations, "notes" if is_notes else "slide")
    handler = XmlHandler(reader.start, reader.end, reader.data)
    parse_xml(file.archive.open_part(path), file.name, handler, file.heartbeat)
    return reader


def _texts(shapes: list[Shape], deck: _Deck) -> Iterator[Writer]:
    """What is written on a slide. A footer comes with the first slide that has it."""
    for shape in in_reading_order(shapes):
        if not shape.writer.length:
            continue
        if shape.is_edge:
            text = shape.writer.text
            if text in deck.footers:
                continue
            deck.footers.add(text)
        yield shape.writer


def _notes(file: SlideFile, path: str) -> Iterator[Writer]:
    """The notes of the speaker in the part ``path``."""
    if not path or not file.take(path):
        return
    page = _read_part(file, path, SlideLayout(), relations_of(file.archive, path), is_notes=True)
    for shape in in_reading_order(page.shapes):
        if shape.placeholder and shape.placeholder.type == "body" and shape.writer.length:
            yield shape.writer

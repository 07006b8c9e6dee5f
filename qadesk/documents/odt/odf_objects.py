"""Objects that are embedded in an OpenDocument file: formulas, and charts with their titles and data."""

from __future__ import annotations

import posixpath

from qadesk.documents.html.mathml import mathml_text
from qadesk.documents.html.page_tree import Element, tree_of
from qadesk.documents.odt.odf_file import OdfFile
from qadesk.documents.odt.odf_story import OdfStory
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import XmlHandler, parse_xml

_MAX_DEPTH = 3
_MAX_FORMULA = 200_000  # bytes
_MAX_ELEMENTS = 10_000  # elements in which the formula is looked for


def read_object(story: OdfStory, path: str) -> None:
    """Write what the object in the folder ``path`` of the archive says, if it is a formula, a chart or a document."""
    file, part = story.file, posixpath.join(path, "content.xml")
    if not file.take(part):
        return
    if file.objects >= _MAX_DEPTH:
        file.messages.append("Embedded objects were left out: they lie too deep in one another.")
        return
    if formula := _formula(file, part):
        story.write_as_is(formula)
        return
    writer = Writer(file.name)
    file.objects += 1
    parse_story(OdfStory(file, writer, read_object), part)
    file.objects -= 1
    if writer.text:
        story.add_box(writer)


def parse_story(story: OdfStory, part: str) -> None:
    """Give the elements of ``part`` to ``story``. Raises ``LookupError`` if there is no such part."""
    file = story.file
    handler = XmlHandler(story.start, story.end, story.data)
    parse_xml(file.archive.open_part(part), file.name, handler, file.heartbeat)


def _formula(file: OdfFile, part: str) -> str:
    """The text of the formula in ``part``; '' if it holds none."""
    if file.archive.size_of(part) > _MAX_FORMULA:
        return ""
    with file.archive.open_part(part, is_small=True) as stream:
        data = stream.read()
    if b"http://www.w3.org/1998/Math/MathML" not in data or b"office:document-content" in data:
        return ""
    page = data.decode("utf-8", "replace").replace("<math:", "<").replace("</math:", "</")
    element = _formula_in(tree_of(page, file.heartbeat, is_xml=True))
    return mathml_text(element) if element else ""


def _formula_in(root: Element) -> Element | None:
    """The first formula in the tree."""
    order = [root]
    for element in order:  # grows
        if element.tag == "math":
            return element
        order += list(element.elements())[: _MAX_ELEMENTS - len(order)]
    return None

"""The relations by which a part of an Office file names other parts."""

from __future__ import annotations

import posixpath
from typing import NamedTuple
from urllib.parse import unquote

from qadesk.documents.archive import Archive, other_content
from qadesk.documents.xml_stream import XmlHandler, parse_xml, values_of

_MAX_RELATIONS = 100_000


class Relation(NamedTuple):
    """What a part names another part for, and the path of that part; '' if it is outside the archive."""

    purpose: str
    path: str


def relations_of(archive: Archive, part: str = "") -> dict[str, Relation]:
    """The relations of ``part``, by their ids; those of the whole document for ''."""
    folder, file = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{file}.rels")
    relations: dict[str, Relation] = {}

    def start(_: str, attributes: dict[str, str]) -> None:
        values = values_of(attributes)
        if "Target" in values and len(relations) < _MAX_RELATIONS:
            key = values.get("Id", str(len(relations)))
            relations[key] = _relation(archive, folder, values)

    if path in archive:
        parse_xml(archive.open_part(path, is_small=True), archive.name, XmlHandler(start))
    return relations


def main_part(archive: Archive) -> str:
    """The path of the part with the text: usually, not always, word/document.xml or ppt/presentation.xml."""
    for relation in relations_of(archive).values():
        if relation.purpose == "officeDocument":
            return relation.path
    raise other_content(archive.name, archive.kind)


def _relation(archive: Archive, folder: str, values: dict[str, str]) -> Relation:
    purpose = values.get("Type", "").rpartition("/")[2]
    if values.get("TargetMode") == "External":
        return Relation(purpose, "")
    target = values["Target"].replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return Relation(purpose, path if path in archive else unquote(path))

"""What all parts of one OpenDocument file share while it is read."""

from __future__ import annotations

from dataclasses import dataclass

from qadesk.documents.archive import ArchiveKind
from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.odt.odf_styles import OdfStyles
from qadesk.documents.open_package import OpenPackage

ODT = ArchiveKind("an OpenDocument text", "LibreOffice", ".odt")


@dataclass(slots=True)
class OdfFile(OpenPackage):
    """An open OpenDocument file, and where its notes are written to."""

    styles: OdfStyles
    footnotes: BlockFlow
    endnotes: BlockFlow
    objects: int = 0
    """How deep embedded objects, such as charts, are in one another here."""

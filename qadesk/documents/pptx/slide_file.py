"""What all parts of one PowerPoint file share while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.archive import ArchiveKind
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.pptx.slide_layouts import SlideLayout, read_layout

PPTX = ArchiveKind("a PowerPoint presentation", "PowerPoint", ".pptx")


@dataclass(slots=True)
class SlideFile(OpenPackage):
    """An open PowerPoint file."""

    _layouts: dict[str, SlideLayout] = field(default_factory=dict)

    def layout(self, path: str) -> SlideLayout:
        """The layout in the part ``path``, read once."""
        if path not in self._layouts:
            self._layouts[path] = read_layout(self, path)
        return self._layouts[path]

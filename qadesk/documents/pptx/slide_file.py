"""What all parts of one PowerPoint file share while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.archive import ArchiveKind
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.pptx.slide_layouts import SlideLayout, master_of, read_layout

PPTX = ArchiveKind("a PowerPoint presentation", "PowerPoint", ".pptx")


@dataclass(slots=True)
class SlideFile(OpenPackage):
    """An open PowerPoint file."""

    _layouts: dict[str, SlideLayout] = field(default_factory=dict)
    _masters: dict[str, SlideLayout] = field(default_factory=dict)

    def layout(self, path: str) -> SlideLayout:
        """The layout in the part ``path``, with its master. Both are read once."""
        key = path.lower()
        if key not in self._layouts:
            self._layouts[key] = read_layout(self, path)
            self._layouts[key].master = self._master(master_of(self, path))
        return self._layouts[key]

    def _master(self, path: str) -> SlideLayout:
        key = path.lower()
        if key not in self._masters:
            self._masters[key] = read_layout(self, path)
        return self._masters[key]

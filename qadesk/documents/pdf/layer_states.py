"""Annotations of PDF pages in layers that are off. pdfium draws them all the same, so their layers are looked up."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import TYPE_CHECKING, Any

from qadesk.documents.pdf.file_objects import FileObjects, damage, resolved

if TYPE_CHECKING:
    pass

_MAX_GROUPS = 10_000


class AnnotationLayers:
    """Tells which annotations of a document are in layers that are off when the file is opened."""

    def __init__(self, objects: FileObjects) -> None:
        self._objects = objects

    def hidden(self, page_index: int, indices: Collection[int]) -> set[int]:
        """Those of the annotations ``indices`` of a page, counted from 0, that are hidden; none in a damaged file."""
        try:
            off = _Groups(self._objects.catalog())
            annotations = resolved(self._objects.page(page_index)["/Annots"])
            return {index for index in indices if off.hide(resolved(annotations[index]).raw_get("/OC"))}
        except damage():
            return set()


class _Groups:
    """The states of the layers (optional content groups) of a document, by the numbers of their objects."""

    def __init__(self, catalog: Any) -> None:
        default = resolved(resolved(catalog["/OCProperties"])["/D"])
        self._is_off_by_default = bool(default.get("/BaseState") == "/OFF")
        self._exceptions = _numbers(default.get("/ON" if self._is_off_by_default else "/OFF"))

    def _is_off(self, number: int) -> bool:
        return (number in self._exceptions) != self._is_off_by_default

    def hide(self, layer: Any) -> bool:
        """Whether what belongs to ``layer``, a group or a membership of several, is hidden."""
        membership = resolved(layer)
        if membership.get("/Type") != "/OCMD":
            return self._is_off(getattr(layer, "idnum", -1))
        groups = membership.raw_get("/OCGs") if "/OCGs" in membership else None
        states = [self._is_off(number) for number in _numbers(groups)]
        if not states:
            return False
        policy = membership.get("/P", "/AnyOn")
        is_shown = {"/AllOn": not any(states), "/AnyOff": any(states), "/AllOff": all(states)}
        return not is_shown.get(str(policy), not all(states))


def _numbers(groups: Any) -> set[int]:
    """The numbers of the objects that ``groups`` names: one reference, or an array of them."""
    listed = resolved(groups)
    if not isinstance(listed, list):
        return {groups.idnum} if hasattr(groups, "idnum") else set()
    return {group.idnum for group in islice(listed, _MAX_GROUPS) if hasattr(group, "idnum")}

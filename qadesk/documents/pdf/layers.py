"""Layers of PDF files (optional content) that are switched off: what no viewer shows.

pdfium's text holds them like the rest, but its drawing leaves them out. So pdfium is asked what it draws: a small
square with the mark of the layer, and the text of form XObjects, which may belong to a layer as a whole.
"""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_PROPERTIES = b"/OCProperties"
_SWITCHED_OFF = re.compile(rb"/OFF\s*(?:\[\s*)?\d|/(?:Base|View)State\s*/OFF|/A(?:ll|ny)Off\b|/VE\b")
_OBJECT_STREAM = b"/ObjStm"
_MAX_UNPACKED = 100_000_000
_CHUNK = 1 << 16

_MAX_OBJECTS = 100_000  # of a page
_SQUARES = 64  # in each direction of the bitmap
_MAX_FORMS = 200  # of a page, drawn one by one
_DRAWN_SIZE = 512  # pixels of the longer side of a page
_DRAWN_TEXTS = 20  # of a form, drawn to see whether the form is shown


def has_hidden(document: PdfDocument, file: BinaryIO) -> bool:
    """Whether ``document``, open from ``file``, may have layers that are off: only then ``hidden_objects`` is needed.

    Moves the position in ``file``.
    """
    file.seek(0)
    data = file.read()
    if b"/Encrypt" in data:
        data = _without_encryption(document)
    has_properties = _PROPERTIES in data
    is_off = has_properties and bool(_SWITCHED_OFF.search(data))
    for part in () if is_off else _object_streams(data):
        if part is None:
            return True
        has_properties = has_properties or _PROPERTIES in part
        is_off = is_off or bool(_SWITCHED_OFF.search(part))
    return has_properties and (is_off or bool(_SWITCHED_OFF.search(data)))


def _without_encryption(document: PdfDocument) -> bytes:
    from pypdfium2 import PdfiumError, raw

    copy = BytesIO()
    try:
        document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
    except PdfiumError:
        return b""
    return copy.getvalue()


def _object_streams(data: bytes) -> Iterator[bytes | None]:
    """The object streams of a file, unpacked; None for one that is too large or not packed as usual."""
    position, room = 0, _MAX_UNPACKED
    while (name := data.find(_OBJECT_STREAM, position)) >= 0:
        position = name + len(_OBJECT_STREAM)
        start = data.find(b"stream", position, position + 500)
        if start < 0:
            continue
        part, position = _unpacked(data, start + (8 if data[start + 6 : start + 8] == b"\r\n" else 7), room)
        room -= len(part)
        if room <= 0 or (not part and b"/Filter" in data[max(0, name - 200) : start]):
            yield None
            return
        yield part


def _unpacked(data: bytes, start: int, room: int) -> tuple[bytes, int]:
    """What is packed from ``start`` on, at most ``room`` bytes of it, and where it ends."""
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    size = 256  # most of what is no packed stream shows soon
    while start < len(data) and not unpacker.eof and room > 0:
        chunk = data[start : start + size]
        start += len(chunk)
        size = min(2 * size, _CHUNK)
        try:
            parts.append(unpacker.decompress(chunk, room))
        except zlib.error:  # what was unpacked before is read, as pdfium does
            break
        room -= len(parts[-1])
    return b"".join(parts), start - len(unpacker.unused_data)


class _Node(NamedTuple):
    """An object of a page. ``parent`` is the number of the form XObject that it is in, -1 on the page itself."""

    handle: Any
    kind: int
    parent: int


def hidden_objects(page: PdfPage) -> set[int]:
    """The addresses of the text objects of ``page`` in layers that are off when the file is opened.

    They are the addresses of what FPDFText_GetTextObject returns. All objects of ``page`` are active afterwards.
    """
    from pypdfium2 import raw

    nodes = _nodes(page)
    by_mark = _marks(nodes)
    if not by_mark and not any(node.kind == raw.FPDF_PAGEOBJ_FORM for node in nodes):
        return set()
    for node in nodes:
        raw.FPDFPageObj_SetIsActive(node.handle, False)
    try:
        hidden = _marked_off(page, by_mark)
        _hide_contents(nodes, hidden)
        _hide_forms(page, nodes, hidden)
    finally:
        for node in nodes:
            raw.FPDFPageObj_SetIsActive(node.handle, True)
    return {_address(nodes[number].handle) for number in hidden if nodes[number].kind == raw.FPDF_PAGEOBJ_TEXT}


def _address(handle: Any) -> int:
    return ctypes.addressof(handle.contents)


def _nodes(page: PdfPage) -> list[_Node]:
    """The objects of ``page``, those of a form XObject after it."""
    from pypdfium2 import raw

    def node(handle: Any, parent: int) -> _Node:
        return _Node(handle, raw.FPDFPageObj_GetType(handle), parent)

    count = min(raw.FPDFPage_CountObjects(page), _MAX_OBJECTS)
    nodes = [node(raw.FPDFPage_GetObject(page, number), -1) for number in range(count)]
    for number, form in enumerate(nodes):  # grows under way
        if form.kind == raw.FPDF_PAGEOBJ_FORM:
            count = min(raw.FPDFFormObj_CountObjects(form.handle), _MAX_OBJECTS - len(nodes))
            nodes += [node(raw.FPDFFormObj_GetObject(form.handle, child), number) for child in range(count)]
    return nodes


def _marks(nodes: Sequence[_Node]) -> dict[int, tuple[Any, list[int]]]:
    """The marks of layers, by address, each with the numbers of the objects that it is on."""
    from pypdfium2 import raw

    others: set[int] = set()
    by_mark: dict[int, tuple[Any, list[int]]] = {}
    for number, node in enumerate(nodes):
        for index in range(min(raw.FPDFPageObj_CountMarks(node.handle), 100)):
            mark = raw.FPDFPageObj_GetMark(node.handle, index)
            address = _address(mark)
            if address in by_mark:
                by_mark[address][1].append(number)
            elif address not in others:
                if _is_of_layer(mark):
                    by_mark[address] = mark, [number]
                else:
                    others.add(address)
    return by_mark


def _is_of_layer(mark: Any) -> bool:
    from pypdfium2 import raw

    name = (ctypes.c_ushort * 4)()
    length = ctypes.c_ulong()
    return bool(raw.FPDFPageObjMark_GetName(mark, name, 8, length)) and bytes(name)[:5] == b"O\0C\0\0"


def _marked_off(page: PdfPage, by_mark: dict[int, tuple[Any, list[int]]]) -> set[int]:
    """The numbers of the objects whose mark pdfium does not draw. All objects of ``page`` are inactive."""
    hidden: set[int] = set()
    remaining = iter(by_mark.values())
    while chunk := list(islice(remaining, _SQUARES * _SQUARES)):
        shown = _shown(page, [mark for mark, _numbers in chunk])
        for is_shown, (_mark, numbers) in zip(shown, chunk, strict=True):
            if not is_shown:
                hidden.update(numbers)
    return hidden


def _shown(page: PdfPage, marks: Sequence[Any]) -> list[bool]:
    """Whether pdfium draws what has the mark: for each mark a square of one pixel is put on ``page`` for a moment."""
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    width, height = (right - left) / _SQUARES, (top - bottom) / _SQUARES
    squares = []
    for number, mark in enumerate(marks):
        row, column = divmod(number, _SQUARES)
        square = raw.FPDFPageObj_CreateNewRect(left + column * width, top - (row + 1) * height, width, height)
        raw.FPDFPath_SetDrawMode(square, raw.FPDF_FILLMODE_WINDING, False)
        raw.FPDFPageObj_AddExistingMark(square, mark)
        raw.FPDFPage_InsertObject(page, square)
        squares.append(square)
    turn = -page.get_rotation() // 90 % 4  # the squares stand upright in the bitmap
    alpha = _alpha(page, _SQUARES, _SQUARES, turn)
    for square in squares:
        raw.FPDFPage_RemoveObject(page, square)
        raw.FPDFPageObj_Destroy(square)
    return [value > 127 for value in alpha[: len(marks)]]


def _alpha(page: PdfPage, width: int, height: int, turn: int = 0) -> bytes:
    """How much pdfium draws on each pixel of ``page``: 0 is nothing. ``turn``: quarters, clockwise."""
    from pypdfium2 import raw

    pixels = ctypes.create_string_buffer(4 * width * height)
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRA, pixels, 4 * width)
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, turn, 0)
    raw.FPDFBitmap_Destroy(bitmap)
    return pixels.raw[3::4]


def _hide_contents(nodes: Sequence[_Node], hidden: set[int]) -> None:
    """Add to ``hidden`` what is in hidden form XObjects: a form stands before it in ``nodes``."""
    for number, node in enumerate(nodes):
        if node.parent in hidden:
            hidden.add(number)


def _hide_forms(page: PdfPage, nodes: Sequence[_Node], hidden: set[int]) -> None:
    """Add to ``hidden`` the texts of form XObjects that are in a layer as a whole, and are not drawn.

    All objects of ``page`` are inactive.
    """
    from pypdfium2 import raw

    texts: dict[int, list[int]] = {}
    for number, node in enumerate(nodes):
        if node.kind == raw.FPDF_PAGEOBJ_TEXT and node.parent >= 0 and number not in hidden:
            texts.setdefault(node.parent, []).append(number)
    for form, numbers in islice(texts.items(), _MAX_FORMS):
        few, rest = numbers[:_DRAWN_TEXTS], numbers[_DRAWN_TEXTS:]
        if not _is_drawn(page, nodes, form, few) and not (rest and _is_drawn(page, nodes, form, rest)):
            hidden.update(numbers)


def _is_drawn(page: PdfPage, nodes: Sequence[_Node], form: int, numbers: Sequence[int]) -> bool:
    """Whether anything is seen of the texts ``numbers`` in ``form``; invisible ones (of a scan) are made visible."""
    from pypdfium2 import raw

    shown = [nodes[number].handle for number in numbers]
    modes = [raw.FPDFTextObj_GetTextRenderMode(text) for text in shown]
    while form >= 0:
        shown.append(nodes[form].handle)
        form = nodes[form].parent
    for handle in shown:
        raw.FPDFPageObj_SetIsActive(handle, True)
    invisible = [text for text, mode in zip(shown, modes, strict=False) if mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE]
    for text in invisible:
        raw.FPDFTextObj_SetTextRenderMode(text, raw.FPDF_TEXTRENDERMODE_FILL)
    width, height = page.get_size()
    scale = _DRAWN_SIZE / max(width, height, 1)
    alpha = _alpha(page, max(1, round(scale * width)), max(1, round(scale * height)))
    for text in invisible:
        raw.FPDFTextObj_SetTextRenderMode(text, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    for handle in shown:
        raw.FPDFPageObj_SetIsActive(handle, False)
    return any(alpha)

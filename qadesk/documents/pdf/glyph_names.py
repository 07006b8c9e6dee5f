"""Characters of a PDF page that pdfium has no Unicode for, by the names of their glyphs: "f_f_i" is "ffi".

pdfium gives the code of such a character in its font instead. The names are in the font's /Differences, which pdfium
does not hand out (``file_objects``).
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from qadesk.documents.pdf.file_objects import FileObjects, damage, resolved

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_MAX_FONTS = 500  # of a page
_MAX_FORMS = 500  # XObjects of a page, looked into for fonts
_MAX_DIFFERENCES = 1_000  # entries of a font
_MAX_NAME = 100  # characters of a glyph name
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_HEXADECIMAL = re.compile(r"uni((?:[0-9A-F]{4})+)|u([0-9A-F]{4,6})")

# In use without the underscores that the rules ask for.
_LIGATURES = frozenset(("fj", "ffj", "fb", "ffb", "fh", "ffh", "fk", "ffk", "ft", "fft", "tt", "ti", "tti", "Th", "ct"))

Names = Mapping[int, str]
"""The glyph names of a font by character code."""


class GlyphNames:
    """Reads what the unknown characters of the pages of a document are; the names are read when first needed."""

    def __init__(self, objects: FileObjects) -> None:
        self._objects = objects

    def texts(self, page_index: int, textpage: PdfTextPage, indices: Sequence[int]) -> dict[int, str]:
        """The texts, by index, of those of the characters ``indices`` of ``textpage`` whose glyphs have known names.

        ``page_index`` counts from 0. Where fonts of the page share a name, they must agree.
        """
        from pypdfium2 import raw

        unknown = [index for index in indices if raw.FPDFText_HasUnicodeMapError(textpage, index) == 1]
        fonts = self._fonts(page_index) if unknown else {}
        texts: dict[int, str] = {}
        for index in unknown if any(map(any, fonts.values())) else ():
            text = _text(fonts.get(_font_name(textpage, index), ()), raw.FPDFText_GetUnicode(textpage, index))
            if text:
                texts[index] = text
        return texts

    def _fonts(self, page_index: int) -> dict[str, list[Names]]:
        """The glyph names of the fonts of a page, by the plain names of the fonts. Empty where they are damaged."""
        fonts: dict[str, list[Names]] = {}
        try:
            for font in islice(_font_objects(self._objects.page(page_index)), _MAX_FONTS):
                name = _plain_name(str(font.get("/BaseFont", "")).removeprefix("/"))
                fonts.setdefault(name, []).append(_differences(font))
        except damage():
            return {}
        return fonts


def _text(fonts: Sequence[Names], code: int) -> str:
    """The text of ``code`` in whichever of ``fonts`` it is printed; a font without a glyph for it does not print it."""
    names = {font.get(code, ".notdef" if font else "") for font in fonts} - {".notdef"}
    texts = {text_of_glyph(name) for name in names}
    return texts.pop() if len(texts) == 1 else ""


def _font_objects(page: Any) -> Iterator[Any]:
    """The font dictionaries of a page and of the form XObjects on it, each once."""
    seen: set[int] = set()
    waiting = [page]
    for holder in waiting:  # grows under way
        resources = resolved(holder.get("/Resources"))
        if not hasattr(resources, "get"):
            continue
        yield from _values(resources.get("/Font"))
        for form in _values(resources.get("/XObject")):
            if form.get("/Subtype") == "/Form" and id(form) not in seen and len(waiting) < _MAX_FORMS:
                seen.add(id(form))
                waiting.append(form)


def _values(dictionary: Any) -> Iterator[Any]:
    """The dictionaries that are values of ``dictionary``, which need not be one."""
    dictionary = resolved(dictionary)
    values = list(dictionary.values())[:_MAX_FONTS] if hasattr(dictionary, "values") else []
    for value in map(resolved, values):
        if hasattr(value, "get"):
            yield value


def _differences(font: Any) -> dict[int, str]:
    """What /Differences says: [code name name ... code name ...]."""
    encoding = resolved(font.get("/Encoding"))
    names: dict[int, str] = {}
    code = 0
    entries = resolved(encoding.get("/Differences")) if hasattr(encoding, "get") else None
    for entry in entries[:_MAX_DIFFERENCES] if isinstance(entries, list) else ():
        if isinstance(entry, str):
            names[code] = entry.removeprefix("/")
            code += 1
        else:
            code = int(entry)
    return names


def _font_name(textpage: PdfTextPage, index: int) -> str:
    from pypdfium2 import raw

    text = raw.FPDFText_GetTextObject(textpage, index)
    font = raw.FPDFTextObj_GetFont(text) if text else None
    buffer = ctypes.create_string_buffer(200)
    length = raw.FPDFFont_GetBaseFontName(font, buffer, 200) if font else 0
    return _plain_name(buffer.value.decode("latin-1")) if 0 < length <= 200 else ""


def _plain_name(name: str) -> str:
    """A font's name without the mark of a part of it ("ABCDEF+") and spaces."""
    return _SUBSET.sub("", name).replace(" ", "")


def text_of_glyph(name: str) -> str:
    """The text of a glyph by its name, by the rules of Adobe's glyph list; '' if the name says nothing.

    "f_f_i" is "ffi", "one.oldstyle" is "1", "uni00410042" is "AB". Ligatures are spelt out.
    """
    base = name[:_MAX_NAME].partition(".")[0]
    parts = [_text_of_part(part) for part in base.split("_")]
    return "".join(parts) if all(parts) else ""


def _text_of_part(name: str) -> str:
    from pypdf._codecs import adobe_glyphs  # the only list of them in a library so small

    if name in _LIGATURES:
        return name
    text = adobe_glyphs.get(f"/{name}", "")
    match = _HEXADECIMAL.fullmatch(name)
    if not text and match:
        digits = match[1] or ""
        codes = [digits[at : at + 4] for at in range(0, len(digits), 4)] or [match[2]]
        text = "".join(chr(min(int(code, 16), 0x110000 - 1)) for code in codes)
    if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in text):
        return ""
    return "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in text)

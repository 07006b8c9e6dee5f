"""Calls of pdfium's functions for thousands of characters, with as little around them as there can be."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_LEAST_ROOM = 1024


@cache
def function_of(name: str, result: Any) -> Callable[..., Any]:
    """The function ``name`` of pdfium, which returns a ``result``, for calls with ctypes values and small ints.

    pypdfium2's own functions check each argument and free the interpreter lock, which takes several times as long.
    """
    from pypdfium2 import raw

    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    function: Callable[..., Any] = ctypes.PYFUNCTYPE(result)(address or 0)
    return function


def address_of(page: PdfPage | PdfTextPage) -> Any:
    """``page`` as an argument of ``function_of``, converted once for all calls."""
    return ctypes.c_void_p.from_param(ctypes.cast(page.raw, ctypes.c_void_p).value)


def of_characters(name: str, result: Any, textpage: PdfTextPage, indices: Sequence[int]) -> list[Any]:
    """The results of pdfium's function ``name`` (text page, index) for ``indices``."""
    return list(map(function_of(name, result), repeat(address_of(textpage)), indices))


def room_for(kind: Any, count: int) -> tuple[Any, list[Any]]:
    """Room for at least ``count`` values of a ctypes ``kind`` that pdfium writes, and a reference to each.

    It is used again for the next page: what is in it is to be read before.
    """
    return _room(kind, max(_LEAST_ROOM, 1 << count.bit_length()))


@cache
def _room(kind: Any, count: int) -> tuple[Any, list[Any]]:
    buffer = (kind * count)()
    size = ctypes.sizeof(kind)
    return buffer, [ctypes.byref(buffer, number * size) for number in range(count)]

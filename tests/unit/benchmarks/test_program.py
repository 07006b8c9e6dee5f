"""Whether a window is painted, by the picture that xwd writes of it."""

from __future__ import annotations

import struct

import pytest

from benchmarks import program


def dump(pixels: list[int]) -> bytes:
    """As xwd writes it: header with a name of 4 bytes, a table of two colours, pixels."""
    header = struct.pack(">25I", 104, 7, *[0] * 17, 2, *[0] * 5)
    return header + b"win\0" + bytes(range(24)) + b"".join(struct.pack(">I", pixel) for pixel in pixels)


@pytest.mark.parametrize(("pixels", "count"), [([7] * 5000, 1), ([7] * 2500 + [8] * 2500, 2), ([], 0)])
def test_the_colours_of_a_window_are_counted(pixels: list[int], count: int) -> None:
    assert program.colours(dump(pixels)) == count


def test_a_window_without_a_picture_has_none() -> None:
    assert program.colours(b"") == 0


def test_without_a_display_it_shows_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program.shutil, "which", lambda _name: "/usr/bin/tool")
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(SystemExit, match="xvfb-run"):
        program.check_tools()


def test_without_the_tools_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match="xdotool and xwd"):
        program.check_tools()

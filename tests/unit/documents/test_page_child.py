"""The child process that draws pages, as a process."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pdf_files import encrypted_pdfs, make_pdf

from qadesk import paths

Ask = Callable[[dict[str, Any]], dict[str, Any]]
ROOM = 1 << 20


@pytest.fixture
def child(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    (tmp_path / "pixels").write_bytes(bytes(2 * ROOM))
    (tmp_path / "lamp.pdf").write_bytes(make_pdf([["The lamp."], ["The oil."]]))
    process = subprocess.Popen(
        [*paths.own_command(), "--draw-pages"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=paths.own_environment(),
    )
    with process:
        yield process
        process.kill()


@pytest.fixture
def ask(child: subprocess.Popen[bytes]) -> Ask:
    def send(request: dict[str, Any]) -> dict[str, Any]:
        assert child.stdin
        assert child.stdout
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.flush()
        reply: dict[str, Any] = json.loads(child.stdout.readline())
        return reply

    return send


def opening(folder: Path, name: str = "lamp.pdf", password: str | None = None) -> dict[str, Any]:
    files = {"path": str(folder / name), "pixels": str(folder / "pixels")}
    what = {"kind": "pdf", "scans": None, "recognized_pages": []}
    return {"id": 0, "password": password, "max_bytes": 1_000_000, **what, **files}


def test_pixels_boxes_and_links_come_through_the_shared_file(
    ask: Ask, child: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert ask(opening(tmp_path)) == {"id": 0, "sizes": [[600.0, 800.0], [600.0, 800.0]]}
    part = [1, 0, 0, 0, 300, 100]
    assert ask({"id": 7, "do": "draw", "page": 1, "look": "paper", "part": part, "at": ROOM}) == {"id": 7}
    assert ask({"id": 8, "do": "boxes", "page": 1, "at": 0, "room": ROOM}) == {"id": 8, "count": 8}
    assert ask({"id": 9, "do": "boxes", "page": 0, "at": 64, "room": 48}) == {"id": 9, "count": 3}
    assert ask({"id": 10, "do": "links", "page": 0}) == {"id": 10, "links": []}
    data = (tmp_path / "pixels").read_bytes()
    pixels = np.frombuffer(data, np.uint8, 300 * 100 * 4, ROOM).reshape(100, 300, 4)
    boxes = np.frombuffer(data, np.float32, 4)
    ink = np.argwhere(pixels[:, :, 0] < 128)
    assert (boxes[[1, 0]] - 1 <= ink.min(axis=0)).all()
    assert child.stdin
    child.stdin.close()
    assert child.wait(10) == 0


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("missing.pdf", "There is no file 'missing.pdf'."),
        ("locked.pdf", "'locked.pdf' is protected by a password."),
        ("none.pdf", "'none.pdf' is damaged or incomplete, or has no pages."),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(
    ask: Ask, child: subprocess.Popen[bytes], tmp_path: Path, name: str, error: str
) -> None:
    (tmp_path / "locked.pdf").write_bytes(encrypted_pdfs()["AES-256"])
    (tmp_path / "none.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert ask(opening(tmp_path, name)) == {"id": 0, "error": error}
    assert child.wait(10) == 0


@pytest.mark.skipif(os.name == "nt", reason="no limits on Windows")
def test_it_may_not_write_files(child: subprocess.Popen[bytes], ask: Ask, tmp_path: Path) -> None:
    ask(opening(tmp_path))
    limits = Path(f"/proc/{child.pid}/limits").read_text() if Path("/proc").is_dir() else ""
    for line in limits.splitlines():
        if line.startswith(("Max file size", "Max processes")):
            assert line.split()[3 if "file" in line else 2] == "0"

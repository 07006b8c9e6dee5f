from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pdf_files import make_pdf

import qadesk
from qadesk import paths
from qadesk.structure.character_map import CharacterMap, Run

ROOT = Path(qadesk.__file__).parents[1]
IN_CHILD = "from qadesk.documents.child_limits import set_limits; set_limits(300); "


def ask(request: object, *, program: list[str] | None = None) -> subprocess.CompletedProcess[bytes]:
    command = program or [*paths.own_command(), "--read-document"]
    line = json.dumps(request).encode() + b"\n"
    return subprocess.run(command, input=line, capture_output=True, timeout=20, check=False, cwd=ROOT)


def request(path: Path, **parts: Any) -> dict[str, Any]:
    return {"path": str(path), "kind": "pdf", "password": None, "max_bytes": 100_000, **parts}


def test_the_memory_of_the_parent_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([["first"]]))
    memory = bytearray(300_000_000)
    assert json.loads(ask(request(path)).stdout)["is_spent"] is False
    del memory


def test_one_line_in_one_object_out(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([["first"], ["second"]]))
    process = ask(request(path))
    assert process.returncode == 0
    assert process.stderr == b""
    assert json.loads(process.stdout) == {
        "text": "first\n\nsecond",
        "pages": [[1, "1", 0, 5, "page"], [2, "2", 7, 13, "page"]],
        "notes": [],
        "blocks": [["paragraph", 0, 5, 0, 0, 0, []], ["paragraph", 7, 13, 0, 7, 0, []]],
        "outline": [],
        "characters": CharacterMap([Run(0, 1, 0, 5), Run(7, 2, 0, 6)]).to_base64(),
        "rows": [],
        "scans": [],
        "recognized_pages": [],
        "is_spent": False,
    }


def test_rows_have_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Item,Price\r\n\r\nBolt,3\r\n")
    reply = json.loads(ask(request(path, kind="csv")).stdout)
    assert reply["text"] == "Item\tPrice\nBolt\t3"
    assert reply["rows"] == [[0, 1], [11, 3]]


def test_errors_travel_by_their_parts(tmp_path: Path) -> None:
    reply = json.loads(ask(request(tmp_path / "gone.pdf")).stdout)
    assert reply["message"] == "There is no file 'gone.pdf'."
    assert reply["hint"]
    assert reply["wrong_password"] is None
    assert reply["needs_encoding"] is False


def test_rubbish_on_standard_input_ends_it_with_a_traceback() -> None:
    process = ask("no request")
    assert process.returncode != 0
    assert process.stdout == b""
    assert b"TypeError" in process.stderr


def test_heavy_modules_of_other_formats_are_not_imported(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>x")
    program = (
        "import sys; from qadesk.documents import parser_child as p; p.main(); "
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    process = ask(request(path, kind="html"), program=[sys.executable, "-c", program])
    assert json.loads(process.stdout)["text"] == "x"
    assert b"'qadesk.documents.html'" in process.stderr
    for module in (b"pypdfium2", b"markdown_it", b"numpy", b"chardet", b"PySide6"):
        assert b"'" + module + b"'" not in process.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know fewer limits")
@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        ("bytearray(3 << 30)", b"MemoryError"),
        ("open('written', 'w').write('x' * 100000)", b"File too large"),
        ("import resource; assert resource.getrlimit(resource.RLIMIT_CPU) == (300, 300)", b""),
        ("import resource; assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)", b""),
    ],
)
def test_limits(attempt: str, outcome: bytes, tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", IN_CHILD + attempt],
        capture_output=True,
        timeout=20,
        check=False,
        cwd=tmp_path,
        env=paths.own_environment(),
    )
    assert outcome in process.stderr
    assert bool(process.returncode) is bool(outcome)


def test_what_a_library_prints_does_not_reach_the_reply(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>x")
    program = (
        "import os; from qadesk.documents import html, parser_child as child; read = html.read\n"
        "def noisy(*all):\n    os.write(1, b'noise'); return read(*all)\n"
        "html.read = noisy; child.main()"
    )
    process = ask(request(path, kind="html"), program=[sys.executable, "-c", program])
    assert json.loads(process.stdout)["text"] == "x"
    assert process.stderr == b"noise"

"""The process that indexes a real folder is killed in the middle; the next one goes on, and everything is found."""

from __future__ import annotations

import json
import signal
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qadesk import paths
from qadesk.library.index import LibraryIndex, open_index
from qadesk.records import LibraryCounts, Scope

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is of Unix")
FILES = 150
"""Of each format: so many that the process is killed long before it has read them all."""
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_word(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w") as out:
        relation = f'<Relationship Id="r" Type="{OFFICE}" Target="word/document.xml"/>'
        out.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>')
        body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        out.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


def write_pdf(path: Path, text: str) -> None:
    content = f"BT /F 12 Tf 50 700 Td ({text}) Tj ET"
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[4 0 R]/Count 1>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/MediaBox[0 0 595 842]/Contents 5 0 R>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
    ]
    data, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    data += f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size 6>>\nstartxref\n{len(data)}\n%%EOF\n"
    path.write_bytes(data.encode("ascii"))


def make_folder(folder: Path, count: int) -> int:
    """A folder with ``count`` documents of each of five formats, each with a code of its own. Returns how many."""
    folder.mkdir()
    for number in range(count):
        for inner, suffix, text in (
            ("texts", ".txt", "The code of text {} is t{}x."),
            ("texts", ".md", "# Heading\n\nThe code of note {} is m{}x."),
            ("web", ".html", "<h1>Heading</h1><p>The code of page {} is h{}x."),
            ("office", ".docx", "The code of letter {} is d{}x."),
            ("office", ".pdf", "The code of report {} is p{}x."),
        ):
            path = folder / inner / f"{number}{suffix}"
            path.parent.mkdir(exist_ok=True)
            writer = {".docx": write_word, ".pdf": write_pdf}.get(suffix, Path.write_text)
            writer(path, text.format(number, number))
    return 5 * count


def run_child(folder: Path, *, kill_after: int = 0) -> dict[str, Any]:
    """Start an update; kill the process once so many files were read, else stop it at the end. Returns the end.

    The counts of a step may be half a second old, in which a fast machine reads hundreds of such files; its progress
    is of now.
    """
    with subprocess.Popen(
        [*paths.own_command(), "--index-library"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=paths.own_environment(),
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(json.dumps({"do": "update", "sources": [str(folder)]}).encode() + b"\n")
        child.stdin.flush()
        for line in child.stdout:
            message: dict[str, Any] = json.loads(line)
            assert "error" not in message, message
            progress = message.get("step", {}).get("progress", {"total": 0})
            if kill_after and progress["total"] and progress["done"] >= kill_after:
                child.kill()
                return message["step"]
            if "done" in message:
                child.stdin.write(b'{"do": "stop"}\n')
                child.stdin.flush()
                assert child.wait(20) == 0
                return message["done"]
    raise AssertionError("the child ended by itself")


def check_found(index: LibraryIndex, count: int) -> None:
    for letter, suffix in (("t", ".txt"), ("m", ".md"), ("h", ".html"), ("d", ".docx"), ("p", ".pdf")):
        for number in (0, count // 2, count - 1):
            found = index.search(f"What is {letter}{number}x?", 3, Scope()).passages
            assert found, f"{letter}{number}x"
            assert found[0].document.path
            assert found[0].document.path.name == f"{number}{suffix}"


@pytest.mark.slow
def test_a_killed_indexer_goes_on_and_everything_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    files = make_folder(folder, FILES)
    indexed = 0
    for part in (10, 80):
        run_child(folder, kill_after=part)
        with closing(open_index(paths.data_dir() / "library")) as index:
            counts: LibraryCounts = index.counts()
        assert counts.files == files
        assert counts.indexed >= indexed  # what was there before
        assert counts.failed == 0
        assert counts.waiting > 0
        indexed = counts.indexed
    done = run_child(folder)
    assert (done["indexed"], done["files"], done["waiting"]) == (files, files, 0)
    with closing(open_index(paths.data_dir() / "library")) as index:
        assert index.notices == ()
        check_found(index, FILES)
    again = run_child(folder)
    assert again["indexed"] == files

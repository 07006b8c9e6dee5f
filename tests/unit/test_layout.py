"""The version of the user's data folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from qadesk import __version__, layout, paths
from qadesk.app.open_store import open_store
from qadesk.cli import main
from qadesk.errors import StoreError


def write(**values):
    path = paths.data_dir() / layout.FILE_NAME
    path.write_text(json.dumps(values))
    return path


def test_opening_the_store_marks_the_folder():
    open_store().close()
    layout_file = json.loads((paths.data_dir() / "layout.json").read_text())
    assert layout_file == {"layout": 1, "program": __version__}


def test_a_folder_that_is_marked_is_not_written_again():
    path = write(layout=layout.LAYOUT, program="0.0.1")
    layout.mark("0.1.0")
    assert json.loads(path.read_text())["program"] == "0.0.1"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"layout": "old"}', '{"program": "1"}'])
def test_a_mark_that_cannot_be_read_is_written_anew(content):
    path = paths.data_dir() / layout.FILE_NAME
    path.write_text(content)
    layout.check_version()
    layout.mark("0.1.0")
    assert json.loads(path.read_text())["layout"] == 1


def test_a_newer_layout_is_refused_and_nothing_is_written():
    write(layout=2, program="7.1.0")
    before = {path: path.read_bytes() for path in paths.data_dir().iterdir()}
    with pytest.raises(StoreError, match="newer version of QADesk") as excinfo:
        open_store()
    assert excinfo.value.hint == "Install QADesk 7.1.0 or a newer one to open them. Nothing was changed."
    assert {path: path.read_bytes() for path in paths.data_dir().iterdir()} == before


def test_the_command_line_refuses_a_newer_layout(capsys):
    write(layout=2, program="7.1.0")
    assert main.main(["models"], lambda _files, _safe: 0) == 2
    assert "newer version of QADesk. Install QADesk 7.1.0" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_reported_in_words():
    folder = paths.data_dir()
    folder.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="cannot be written to"):
            layout.mark("0.1.0")
    finally:
        folder.chmod(0o700)


def test_it_costs_no_library():
    code = (
        "import sys; from qadesk import layout; layout.check_version(); "
        "print('numpy' in sys.modules, 'PySide6' in sys.modules)"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.split() == ["False", "False"]

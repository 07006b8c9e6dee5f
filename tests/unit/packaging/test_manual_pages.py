"""The manual pages: every command and every option of the program is in them, in a form that man shows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import manual_pages
import pytest

from qadesk.cli import main


def test_every_command_has_a_section() -> None:
    lines = manual_pages.page().splitlines()
    for name in main.COMMANDS:
        assert any(line.startswith(f".SS qadesk {name}") for line in lines), name


def test_options_come_from_the_parsers() -> None:
    parser = manual_pages.parser_of(main.COMMANDS["ask"])
    assert parser.prog == "qadesk ask"
    page = manual_pages.page().replace("\\-", "-")
    for action in parser._actions[1:]:
        for name in action.option_strings:
            assert f"\\fB{name}\\fR" in page


def test_what_reads_no_arguments_is_refused() -> None:
    with pytest.raises(ValueError, match="reads no arguments"):
        manual_pages.parser_of(lambda _arguments: 0)


def test_nothing_in_a_text_is_a_command() -> None:
    assert manual_pages._text(".it's \\n -x") == "\\&.it\\(aqs \\en \\-x"


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_pages_have_no_fault(tmp_path: Path) -> None:
    for path in manual_pages.write(tmp_path):
        command = ["groff", "-man", "-Tutf8", "-ww", "-rCHECKSTYLE=3", "-z", str(path)]
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        assert shown.stderr == ""

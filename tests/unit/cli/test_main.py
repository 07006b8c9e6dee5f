"""The command line: commands, exit codes, the window, pipes that close early."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import qadesk
from qadesk import paths
from qadesk.cli import main

Run = Callable[[list[str]], int]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "missing.txt", "Who?"], "missing.txt"),
        (["ask", "FILE", "?!"], "no words"),
        (["ask", "FILE", "Who?", "--model", "nowhere"], "There is no folder"),
        (["ask", "FILE", "Who?", "--device", "abacus"], "no device"),
        (["ask", "FILE", "Who?", "--top-k", "0"], "from 1 to 20"),
        (["ask", "FILE", "Who?", "--password", "nowhere"], "No password"),
        (["ask", "FILE", "--questions", "nowhere"], "cannot be read"),
        (["ask", "FILE", "--questions", os.devnull], "no questions"),
        (["eval", "missing.json"], "missing.json"),
        (["eval", "FILE"], "in no format that QADesk knows"),
        (["settings", "no.such"], "no setting"),
        (["settings", "qa.top_k", "many"], "type int"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_2(
    run: Run, arguments: list[str], words: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(file) if argument == "FILE" else argument for argument in arguments]) == 2
    output = capsys.readouterr()
    assert words in output.err
    assert "Traceback" not in output.err
    assert output.out == ""


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "x"], ["eval"], ["eval", "x", "--limit", "0"], ["--nonsense"]])
def test_bad_use_is_exit_2(run: Run, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as excinfo:
        run(arguments)
    assert excinfo.value.code == 2
    assert "usage: qadesk" in capsys.readouterr().err


def test_files_alone_open_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.chdir(tmp_path)
    calls: list[tuple[list[Path], bool]] = []
    code = main.main(["a.txt", "--safe-mode"], lambda files, safe: calls.append((files, safe)) or 7)
    assert (code, calls) == (7, [([tmp_path / "a.txt"], True)])


def test_a_pipe_that_closes_early_is_no_error(file: Path, home: Path) -> None:
    code = "import sys; from qadesk.cli import main; sys.exit(main.main(sys.argv[1:], print))"
    command = [sys.executable, "-c", code, "ask", str(file), *["Who built the tower?"] * 40]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_the_module_is_the_program(run: Run, file: Path) -> None:
    command = [sys.executable, "-m", "qadesk", "--version"]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (process.returncode, process.stdout) == (0, f"qadesk {qadesk.__version__}\n")


def test_resources_are_found() -> None:
    assert paths.sample_path().is_file()
    assert (paths.bundled_model_dir() / "config.json").is_file()


def test_a_reader_that_stops_early_is_no_error():
    code = "import sys; from qadesk.cli.main import main; sys.exit(main(['settings'], None))"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    with process.stderr as errors:
        assert errors.read() == b""
    assert process.wait(timeout=30) == 0

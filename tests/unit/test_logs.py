"""The log: its level, standard error, child processes, and that it holds no text of a document or a question."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qadesk import logs, paths
from qadesk.cli import main

HTML = "<p>The tower was built by Thomas Reeve.</p>"


@pytest.fixture(autouse=True)
def _variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.VARIABLE, "")  # what a test sets is taken back


def read_log(home: Path) -> str:
    path = home / "log" / "qadesk.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def log_all_levels() -> None:
    logger = logging.getLogger("qadesk.test")
    logger.debug("a debug line")
    logger.info("an info line")
    logger.warning("a warning line")


@pytest.mark.parametrize(
    ("value", "count"), [("", 2), ("debug", 3), ("info", 2), ("warning", 1), (" Debug ", 3), ("debug,stderr", 3)]
)
def test_the_variable_sets_the_level(
    value: str, count: int, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(logs.VARIABLE, value)
    logs.start_logging()
    logs.start_logging()  # no line is written twice
    log_all_levels()
    lines = [line.partition(": ")[2] for line in read_log(home).splitlines()]
    assert lines == ["a debug line", "an info line", "a warning line"][3 - count :]
    assert capsys.readouterr().err.count("\n") == (count if "stderr" in value else 0)


def test_an_unknown_level_is_logged_and_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.VARIABLE, "loud")
    logs.start_logging()
    log_all_levels()
    assert "QADESK_LOG takes debug, info or warning, not 'loud'" in read_log(home)
    assert "a debug line" not in read_log(home)


def test_a_home_that_cannot_be_written_keeps_nothing_from_starting(home: Path) -> None:
    home.write_text("not a folder")
    logs.start_logging()
    log_all_levels()


@pytest.mark.parametrize("arguments", [["--debug", "settings", "qa.top_k"], ["settings", "qa.top_k", "--debug"]])
def test_debug_is_for_a_command_and_its_children(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main.main(arguments, lambda _files, _safe: 0) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("qa.top_k = 5\n")
    assert "on " + sys.platform + ": settings" in printed.err
    assert printed.err == read_log(home)
    assert paths.own_environment()[logs.VARIABLE] == "debug,stderr"


@pytest.mark.parametrize("arguments", [["--debug", "a.txt"], ["a.txt", "--debug"], ["--debug"]])
def test_debug_is_for_the_window_too(
    arguments: list[str], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert main.main(arguments, lambda files, _safe: len(files)) == len(arguments) - 1
    assert capsys.readouterr().err == read_log(home)
    assert read_log(home).endswith(": window\n")


def test_without_it_nothing_is_logged(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["settings"], lambda _files, _safe: 0) == 0
    assert (capsys.readouterr().err, read_log(home)) == ("", "")


def test_a_debug_log_names_the_work_and_no_text(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "Reeve.html"
    document.write_text(HTML, encoding="utf-8")
    question = "Who built the tower?"
    assert main.main(["--debug", "ask", str(document), question], lambda _files, _safe: 0) == 0
    log = read_log(home)
    assert "document read: html, 36 characters, 0 pages" in log
    assert "reader loaded: " in log
    assert "on cpu, onnx, int8" in log
    for text in ("tower", "Reeve", "Who"):
        assert text not in log
    assert main.main(["--debug", "ask", str(tmp_path / "Reeve.pdf"), question], lambda _files, _safe: 0) == 2
    assert "document not read: DocumentError" in read_log(home)
    assert "Reeve" not in read_log(home)
    capsys.readouterr()


def run_child(
    arguments: list[str], level: str, request: bytes = b"", *, stays_open: bool = True
) -> subprocess.CompletedProcess[bytes]:
    environment = {**paths.own_environment(), logs.VARIABLE: level}
    command = [*paths.own_command(), *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(request)
        child.stdin.flush()
        if not stays_open:  # some children end their work when it closes, others only then
            child.stdin.close()
        output, errors = child.stdout.read(), child.stderr.read()
    return subprocess.CompletedProcess(command, child.returncode, output, errors)


def test_a_child_writes_to_the_same_log(home: Path, tmp_path: Path) -> None:
    process = run_child(["--prepare-model", "/nowhere", str(tmp_path)], "debug,stderr")
    assert b"There is no folder" in process.stdout
    assert "child process --prepare-model" in read_log(home)
    assert str(os.getpid()) not in read_log(home)
    assert process.stderr.decode() == read_log(home)


def test_a_child_without_the_variable_writes_none(home: Path, tmp_path: Path) -> None:
    process = run_child(["--prepare-model", "/nowhere", str(tmp_path)], "")
    assert (process.stderr, read_log(home)) == (b"", "")


def test_the_child_that_reads_documents_writes_no_file(home: Path, tmp_path: Path) -> None:
    document = tmp_path / "tower.html"
    document.write_text(HTML, encoding="utf-8")
    request = {"path": str(document), "kind": "html", "password": None, "max_bytes": 1000}
    process = run_child(["--read-document"], "debug,stderr", json.dumps(request).encode() + b"\n", stays_open=False)
    assert b"Thomas Reeve" in process.stdout
    assert b"child process --read-document" in process.stderr
    assert b"tower" not in process.stderr
    assert read_log(home) == ""

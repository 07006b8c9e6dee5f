"""The smoke test reports every mistake that a program can make: small real programs make them."""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import smoke
import smoke_documents
import smoke_sandbox

from qadesk.app import documents
from qadesk.app.reading.recognize import recognize
from qadesk.documents.recognition import language_files
from qadesk.settings import Settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs that stand in are scripts with a first line")

Write = Callable[..., Path]
ANSWER = {
    "text": smoke.SAMPLE_ANSWER,
    "confidence": 0.9,
    "card": f"Answer 1: {smoke.SAMPLE_ANSWER}",
    "precision": "int8",
}
REPORT: dict[str, Any] = {
    "version": "1.2.3",
    "problem": "",
    "steps": [{"what": "the sample is open", "seconds": 0.1}],
    "training": {"has_model": True},
    "first": {**ANSWER, "model": "reader"},
    "tuned": {**ANSWER, "model": "reader tuned", "confidence": 0.8},
}


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke_sandbox, "_GRACE", 0.3)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts a program into a bundle."""

    def script(code: str, name: str = "qadesk", folder: Path = tmp_path / "bundle") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_text(f"#!{sys.executable} -I\n{code}\n", encoding="utf-8")
        path.chmod(0o755)
        return folder

    return script


@pytest.fixture
def trying(write: Write) -> Iterator[smoke.Smoke]:
    with smoke_sandbox.sandbox(write("print('hello')"), None, "") as sandbox:
        yield smoke.Smoke(sandbox)


@pytest.fixture
def home(trying: smoke.Smoke) -> smoke_sandbox.Home:
    return trying.sandbox.make_home("someone")


# The place


def test_a_good_program_is_no_problem(trying: smoke.Smoke, home: smoke_sandbox.Home) -> None:
    assert trying.run(home, "qadesk").out == "hello\n"
    assert trying.problems == []
    assert trying.runs[0]["code"] == 0


def test_it_gets_its_folders_and_nothing_else(trying: smoke.Smoke, home: smoke_sandbox.Home, write: Write) -> None:
    write("import json, os; print(json.dumps(dict(os.environ, cwd=os.getcwd(), found=os.listdir(os.environ['PATH']))))")
    environment = json.loads(trying.run(home, "qadesk").out)
    assert environment.pop("found") == []
    assert (environment.pop("HOME"), environment.pop("TMPDIR"), environment.pop("cwd")) == (
        str(home.home),
        str(home.tmp),
        str(home.cwd),
    )
    screen = {"DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "QT_QPA_PLATFORM"}
    assert environment.keys() - screen == {"PATH", "LANG", "TEMP", "TMP"} | environment.keys() & {
        "LC_CTYPE"
    }  # Python's own


def test_it_reaches_no_network(trying: smoke.Smoke, home: smoke_sandbox.Home, write: Write) -> None:
    if not trying.sandbox.offline_command:
        pytest.skip("this user may not take the network away")
    write("import socket; socket.create_connection(('192.0.2.1', 9), 1)")
    assert "Network is unreachable" in trying.run(home, "qadesk", code=1, err="(?s).*unreachable").err
    assert trying.problems == []


def test_a_link_is_followed_inside_its_root(tmp_path: Path, write: Write) -> None:
    root = tmp_path / "root"
    inside = write("", folder=root / "usr" / "lib" / "qadesk")
    (root / "usr" / "bin").mkdir()
    for link, to in (("qadesk", "/usr/lib/qadesk/qadesk"), ("qadesk-window", "../lib/qadesk/qadesk")):
        (root / "usr" / "bin" / link).symlink_to(to)
        assert smoke_sandbox.Sandbox(root / "usr" / "bin", tmp_path, root).program(link) == inside / "qadesk"


# How it ends


def test_an_exit_code_a_complaint_and_slowness_are_noticed(
    trying: smoke.Smoke, home: smoke_sandbox.Home, write: Write
) -> None:
    write("import sys; print('oh', file=sys.stderr); sys.exit(3)")
    trying.run(home, "qadesk", "ask")
    assert trying.problems == [
        "'qadesk ask' ended with 3, not with 0: oh",
        "'qadesk ask' wrote to standard error: oh",
    ]
    trying.problems.clear()
    write("import time; time.sleep(60)")
    trying.run(home, "qadesk", seconds=0.3)
    assert "did not end in 0 s" in trying.problems[0]


def test_what_qt_says_without_a_screen_is_no_complaint(
    trying: smoke.Smoke, home: smoke_sandbox.Home, write: Write
) -> None:
    write("import sys; print('This plugin does not support propagateSizeHints()', file=sys.stderr)")
    trying.run(home, "qadesk")
    assert trying.problems == []


@pytest.mark.parametrize("own_session", [False, True])
def test_a_process_that_is_left_is_noticed_and_ended(
    trying: smoke.Smoke, home: smoke_sandbox.Home, write: Write, *, own_session: bool
) -> None:
    if own_session and sys.platform != "linux":
        pytest.skip("seen on Linux only")
    write(
        "import subprocess, sys\n"
        "child = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
        f"print(subprocess.Popen(child, start_new_session={own_session}, stdout=2).pid)"
    )
    pid = int(trying.run(home, "qadesk").out)
    assert "left processes" in trying.problems[0]
    assert str(pid) in trying.problems[0]
    assert smoke_sandbox._remaining_processes(-1, f"HOME={home.home}", {}) == ()


# What it leaves


def test_the_user_folders_are_the_only_place_for_files(trying: smoke.Smoke, home: smoke_sandbox.Home) -> None:
    own = home.home / smoke_sandbox._USER_FOLDERS[sys.platform][0]
    own.mkdir(parents=True)
    (own / "qadesk.sqlite").touch()
    assert smoke_sandbox.stray_files(home) == []
    (home.home / ".cache" / "thing").mkdir(parents=True)
    (home.home / "own").touch()
    assert smoke_sandbox.stray_files(home) == [home.home / ".cache" / "thing", home.home / "own"]


def test_every_trace_is_a_problem(trying: smoke.Smoke, home: smoke_sandbox.Home) -> None:
    before = smoke_sandbox.snapshot(home.cwd)
    trying._check_traces(home, before)
    assert trying.problems == []
    own = home.home / smoke_sandbox._USER_FOLDERS[sys.platform][-1]
    own.mkdir(parents=True)
    (own / "qadesk.log").write_text(
        "2026-11-24 15:00:00,000 INFO qadesk.a: an ERROR in its words\n"
        "2026-11-24 15:00:00,000 WARNING qadesk.b: slow\n",
        encoding="utf-8",
    )
    (own / "crash-1.txt").write_text("Traceback", encoding="utf-8")
    (own / "fault.txt").touch()
    (home.tmp / "rest").touch()
    (home.cwd / "core").touch()
    (home.home / ".rc").touch()
    trying._check_traces(home, before)
    assert trying.problems == [
        "a file outside the user folders: .rc",
        "a temporary file is left: rest",
        "the folder that it was started in is not as it was: core",
        "in the log: qadesk.log: 2026-11-24 15:00:00,000 WARNING qadesk.b: slow",
        "in the log: crash-1.txt: Traceback",
    ]


def test_a_changed_installation_is_noticed(tmp_path: Path) -> None:
    for name in ("same", "grows", "goes"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    (tmp_path / "proc").mkdir()
    before = smoke_sandbox.snapshot(tmp_path)
    assert smoke_sandbox.changed_files(before, smoke_sandbox.snapshot(tmp_path)) == []
    (tmp_path / "grows").write_text("12", encoding="utf-8")
    (tmp_path / "goes").unlink()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "proc" / "1").touch()
    after = smoke_sandbox.snapshot(tmp_path)
    assert [Path(name).name for name in smoke_sandbox.changed_files(before, after)] == ["__pycache__", "goes", "grows"]


# What the window reports


def complaints(trying: smoke.Smoke, report: dict[str, Any]) -> list[str]:
    trying.report = report
    trying._check_report("1.2.3")
    return trying.problems


def test_a_good_report_is_no_problem(trying: smoke.Smoke) -> None:
    assert complaints(trying, REPORT) == []


@pytest.mark.parametrize(
    ("part", "key", "value", "words"),
    [
        ("", "problem", "no model", "the window could not go on: no model"),
        ("", "version", "1.2.2", "the window is of version 1.2.2"),
        ("first", "text", "1931", "the bundled model answers '1931'"),
        ("tuned", "confidence", 0.2, "the confidence of the tuned model is 0.20"),
        ("first", "card", "Answer 1: 1931", "the answer that is shown is 'Answer 1: 1931'"),
        ("tuned", "precision", "float32", "the tuned model reads in float32"),
        ("tuned", "model", "reader", "'reader' answers, and not a new model"),
        ("tuned", "confidence", 0.9, "the tuned model is no other than the one before"),
    ],
)
def test_each_wrong_fact_in_a_report_is_a_problem(
    trying: smoke.Smoke, part: str, key: str, value: object, words: str
) -> None:
    report = copy.deepcopy(REPORT)
    (report[part] if part else report)[key] = value
    assert len(complaints(trying, report)) == 1
    assert words in trying.problems[0]


def test_a_training_that_taught_nothing_leaves_the_model(trying: smoke.Smoke) -> None:
    report = {**REPORT, "training": {"has_model": False}, "tuned": REPORT["first"]}
    assert complaints(trying, report) == []
    (complaint,) = complaints(trying, {**report, "tuned": REPORT["tuned"]})
    assert complaint == "'reader tuned' answers, though nothing was learned"


def test_a_window_that_writes_no_report_is_noticed(trying: smoke.Smoke, write: Write) -> None:
    write("", "qadesk-window")
    trying.try_window("1.2.3")
    assert trying.problems == ["the window wrote no report"]


# All of it


def test_a_program_that_only_says_hello_fails(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write("print('hello')")
    write("", "qadesk-window")
    assert smoke.main([str(folder), "--json", str(tmp_path / "found.json")]) == 1
    report = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert "'qadesk --version' says 'hello'" in report["problems"]
    assert "the window wrote no report" in report["problems"]
    assert "problems." in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["paper.txt", "paper.html", "paper.pdf", "paper.docx", "paper.odt", "paper.pptx", "paper.epub"]
)
def test_our_own_readers_read_the_papers(tmp_path: Path, name: str) -> None:
    assert name in [path.name for path in smoke_documents.write(tmp_path)]
    text = documents.open_document(tmp_path / name, Settings()).text
    assert " ".join(text.split()) == " ".join(smoke_documents.TEXT)


@pytest.mark.skipif(not language_files.is_available(), reason="there is no text recognition for this system")
@pytest.mark.parametrize("name", smoke_documents.PICTURES)
def test_the_pictures_are_recognised(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QADESK_HOME", str(tmp_path / "home"))
    smoke_documents.write(tmp_path)
    document = documents.open_document(tmp_path / name, Settings())
    assert document.scans == (1,)
    for _progress in recognize(document, Settings()):
        pass
    text = documents.open_document(tmp_path / name, Settings()).text
    assert " ".join(text.split()) == " ".join(smoke_documents.TEXT)

"""The command line, with the bundled model."""

from __future__ import annotations

import functools
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import qadesk
from qadesk import paths
from qadesk.app.reading.device_listing import measure
from qadesk.cli import main

TEXT = "The tower was built by Thomas Reeve. It was finished in 1862."


def run(arguments: list[str]) -> int:
    """The command line, where no window may open."""

    def refuse(files: list[Path], safe_mode: bool) -> int:
        raise AssertionError(f"a window was opened for {files}, {safe_mode}")

    return main.main(arguments, refuse)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tower.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_ask_answers_with_confidence_and_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", str(file), "Who built the tower?", "--top-k", "2"]) == 0
    out = capsys.readouterr().out
    assert "1. Thomas Reeve" in out
    assert "start" in out
    assert "end" in out
    assert "line 1" in out
    assert "3." not in out


def test_ask_says_no_answer_and_exits_1(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", str(file), "Who built the tower?", "How many penguins live on Mars?"]) == 1
    assert "No answer in this document" in capsys.readouterr().out


def test_a_file_of_questions_is_answered_in_its_order(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("\ufeffWhen was it finished?\n\n  Who built the tower?  \n", encoding="utf-8")
    assert run(["ask", str(file), "--questions", str(questions), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["questions"]
    assert [each["question"] for each in found] == ["When was it finished?", "Who built the tower?"]
    assert [each["answers"][0]["text"] for each in found] == ["1862", "Thomas Reeve"]
    assert [each["seconds"] for each in found] == [None, None]


def test_ask_prints_json_as_documented(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", str(file), "When was it finished?", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["document"] == {"title": "tower.txt", "kind": "text", "characters": len(TEXT)}
    assert found["model"]["precision"] == "int8"
    (question,) = found["questions"]
    assert question["answered"] is True
    best = question["answers"][0]
    assert TEXT[best["start"] : best["end"]] == best["text"] == "1862"
    assert best["score"] == pytest.approx(best["start_score"] + best["end_score"] - best["null_score"])
    assert best["page"] is None
    documented = Path(__file__).parents[3] / "docs" / "command-line.md"
    for key in (*found, *question, *best, *found["model"]):
        assert f"`{key}`" in documented.read_text(encoding="utf-8"), key


def test_ask_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert run(["ask", "-", "Who built the tower?"]) == 0
    assert "Thomas Reeve" in capsys.readouterr().out


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
        (["eval", "FILE"], "not valid JSON"),
        (["settings", "no.such"], "no setting"),
        (["settings", "qa.top_k", "many"], "type int"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_2(
    arguments: list[str], words: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(file) if each == "FILE" else each for each in arguments]) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "x"], ["eval"], ["eval", "x", "--limit", "0"], ["--nonsense"]])
def test_bad_use_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(arguments)
    assert caught.value.code == 2
    assert "usage: qadesk" in capsys.readouterr().err


def squad(path: Path, *, impossible: bool) -> Path:
    rows = [
        {"id": "1", "question": "Who built the tower?", "answers": [{"text": "Thomas Reeve", "answer_start": 23}]},
        {"id": "2", "question": "When was it finished?", "answers": [{"text": "in 1862", "answer_start": 53}]},
    ]
    if impossible:
        rows.append({"id": "3", "question": "How many penguins live on Mars?", "answers": [], "is_impossible": True})
    content = {"version": "v2.0", "data": [{"title": "t", "paragraphs": [{"context": TEXT, "qas": rows}]}]}
    path.write_text(json.dumps(content))
    return path


def test_eval_gives_the_official_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, nulls = tmp_path / "out.json", tmp_path / "null.json"
    path = squad(tmp_path / "data.json", impossible=True)
    arguments = ["eval", str(path), "--json", "--predictions", str(out), "--na-probabilities", str(nulls)]
    assert run(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    # exact: 1 of 2 answered questions; F1: 1 and 2/3 ('1862' against 'in 1862'); the third is rightly left open
    assert found["exact"] == pytest.approx(100 * 2 / 3)
    assert found["f1"] == pytest.approx(100 * (1 + 2 / 3 + 1) / 3)
    assert found["has_answer"] == {"exact": 50, "f1": pytest.approx(100 * (1 + 2 / 3) / 2), "total": 2}
    assert found["no_answer"] == {"exact": 100, "f1": 100, "total": 1}
    assert found["best_f1"] >= found["f1"]
    assert 0 <= found["ece"] <= 1
    assert json.loads(out.read_text()) == {"1": "Thomas Reeve", "2": "1862", "3": ""}
    assert json.loads(nulls.read_text())["3"] > 0.5


def test_eval_of_a_set_without_unanswerable_questions_always_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", str(squad(tmp_path / "data.json", impossible=False)), "--limit", "1"]) == 0
    out = capsys.readouterr().out
    assert "exact 100.00" in out
    assert "no answer" not in out


def test_settings_are_listed_changed_and_reset(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "qa.top_k", "7"]) == 0
    assert run(["settings"]) == 0
    assert "qa.top_k = 7" in capsys.readouterr().out
    assert run(["settings", "qa.top_k", "default"]) == 0
    assert "qa.top_k = 5" in capsys.readouterr().out


def test_devices_are_listed_measured_and_printed_as_documented(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["devices"]) == 0
    out = capsys.readouterr().out
    assert "* cpu        Processor" in out
    assert "Taken: optimised graph on" in out
    assert "Not measured yet." in out
    monkeypatch.setattr("qadesk.app.reading.device_listing.measure", functools.partial(measure, seconds=0.1))
    assert run(["devices", "--measure", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert date.fromisoformat(found["measured"]) <= date.today()
    cpu = found["devices"][0]
    assert (cpu["name"], cpu["precision"], cpu["backend"], cpu["chosen"]) == ("cpu", "int8", "onnx", True)
    assert cpu["timing"]["speed"] > 0
    assert run(["devices"]) == 0
    assert "windows a second" in capsys.readouterr().out


def test_info_names_versions_devices_and_paths(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["versions"]["qadesk"] == qadesk.__version__
    assert "cpu" in found["devices"]
    assert found["paths"]["data"] == str(home / "data")


def test_licences_lists_everything_or_shows_the_text_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["licences"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert any(line.startswith("numpy ") and ": BSD-3-Clause" in line for line in lines)
    assert run(["licences", "NumPy"]) == 0
    assert "Redistribution and use in source and binary forms" in capsys.readouterr().out
    assert run(["licences", "nothing of that name"]) == 2
    assert "'qadesk licences' lists everything." in capsys.readouterr().err


def test_without_a_display_the_sample_is_answered_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert run([]) == 0
    out = capsys.readouterr().out
    assert "There is no display" in out
    assert "12 October 1862" in out


def test_files_alone_open_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.chdir(tmp_path)
    opened: list[tuple[list[Path], bool]] = []
    code = main.main(["a.txt", "--safe-mode"], lambda files, safe: opened.append((files, safe)) or 7)
    assert (code, opened) == (7, [([tmp_path / "a.txt"], True)])


def test_a_pipe_that_closes_early_is_no_error(file: Path, home: Path) -> None:
    code = "import sys; from qadesk.cli import main; sys.exit(main.main(sys.argv[1:], print))"
    command = [sys.executable, "-c", code, "ask", str(file), *["Who built the tower?"] * 40]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_the_module_is_the_program(file: Path) -> None:
    command = [sys.executable, "-m", "qadesk", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"qadesk {qadesk.__version__}\n")


def test_resources_are_found() -> None:
    assert paths.sample_path().is_file()
    assert (paths.bundled_model_dir() / "config.json").is_file()


def test_a_reader_that_stops_early_is_no_error():
    code = "import sys; from qadesk.cli.main import main; sys.exit(main(['settings'], None))"
    started = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    started.stdout.close()
    with started.stderr as told:
        assert told.read() == b""
    assert started.wait(timeout=30) == 0

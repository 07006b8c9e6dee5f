"""``qadesk batch``: rows in and out, exit codes, progress, Ctrl+C, and what it says of mistakes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qadesk import documents, paths
from qadesk.app.library.collections import add_collection
from qadesk.app.open_store import open_store
from qadesk.library.index import FileStamp, open_index

Run = Callable[[list[str]], int]
TOWER = "The tower was built by Thomas Reeve. It was finished in 1862."

_LISTENING = """
import signal, sys
from qadesk.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""
"""The program as it is, with Ctrl+C, which a shell's background jobs ignore: the tests may run in one."""


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    row = {"question": "Who built the tower?", "context": TOWER}
    path.write_text("".join(json.dumps({"id": f"r{n}", **row}) + "\n" for n in range(3)), encoding="utf-8")
    return path


def output_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_row_gets_its_answers(run: Run, rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert run(["batch", str(rows), str(out), "--workers", "1", "--top-k", "2", "--expect", "surely"]) == 0
    outputs = output_of(out)
    assert [row["id"] for row in outputs] == ["r0", "r1", "r2"]
    assert [len(row["answers"]) for row in outputs] == [2, 2, 2]  # type: ignore[arg-type]
    assert outputs[0]["no_answer"] is None
    printed = capsys.readouterr()
    assert printed.out.startswith("3 rows, 3 with an answer, ")
    assert printed.out.endswith(f"They are in {out}.\n")
    assert printed.err == ""


def test_rows_with_an_error_are_counted(
    run: Run, rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows.write_text(rows.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    assert run(["batch", str(rows), str(tmp_path / "out.jsonl"), "--workers", "1"]) == 1
    assert "1 rows have an error, which is in the column 'error'." in capsys.readouterr().out


def test_progress_in_json(run: Run, rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(rows), str(tmp_path / "out.jsonl"), "--json"]) == 0
    *steps, summary = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert steps[0] == {
        "progress": {"what": "Answering", "done": 0, "total": 3, "seconds_left": None},
        "errors": 0, "rows_a_second": 0.0, "notice": "",
    }  # fmt: skip
    assert {key: summary[key] for key in ("rows", "answered", "errors", "rows_now")} == {
        "rows": 3, "answered": 3, "errors": 0, "rows_now": 3,
    }  # fmt: skip


def test_questions_to_a_folder(run: Run, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    file.rename(folder / "tower.txt")
    questions = tmp_path / "questions.txt"
    questions.write_text("Who built the tower?\nWhen was it finished?\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert run(["batch", str(questions), str(out), "--folder", str(folder), "--workers", "1"]) == 0
    assert [(row["id"], row["file"]) for row in output_of(out)] == [
        ("1:tower.txt", "tower.txt"),
        ("2:tower.txt", "tower.txt"),
    ]


def test_questions_to_a_collection(run: Run, file: Path, tmp_path: Path) -> None:
    with closing(open_store()) as store:
        add_collection(store, "Towers", [tmp_path])
    with closing(open_index(paths.data_dir() / "library", writes=True)) as index:
        index.add_document(FileStamp(file, 10, 1), b"hash".ljust(16), documents.read(file))
        index.commit()
    questions = tmp_path / "questions.txt"
    questions.write_text("Who built the tower?\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert run(["batch", str(questions), str(out), "--library", "towers", "--workers", "1"]) == 0
    answers = output_of(out)[0]["answers"]
    assert isinstance(answers, list)
    assert (answers[0]["text"], answers[0]["file"]) == ("Thomas Reeve", str(file))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["in.jsonl", "in.jsonl"], "There is already something at"),
        (["in.jsonl", "out.doc"], "ends in .jsonl or .parquet"),
        (["in.csv", "out.jsonl"], "is neither JSON lines"),
        (["in.jsonl", "out.jsonl", "--library", "nowhere"], "There is no collection 'nowhere'."),
        (["in.jsonl", "out.jsonl", "--model", "nowhere"], "nowhere"),
        (["in.jsonl", "out.jsonl", "--top-k", "99"], "takes a number from 1 to 20"),
    ],
)
def test_mistakes_are_told(
    run: Run,
    rows: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["batch", *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.is_dir() and "home" not in path.name] == []


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
def test_a_number_of_workers_that_makes_no_sense(run: Run, rows: Path, workers: str) -> None:
    with pytest.raises(SystemExit):
        run(["batch", str(rows), "out.jsonl", f"--workers={workers}"])


@pytest.mark.skipif(os.name == "nt", reason="SIGINT is of Unix")
def test_ctrl_c_stops_and_the_same_command_goes_on(run: Run, rows: Path, tmp_path: Path) -> None:
    rows.write_text(rows.read_text(encoding="utf-8") * 60, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    command = ["batch", str(rows), str(out), "--workers", "1"]
    with subprocess.Popen([sys.executable, "-c", _LISTENING, *command], stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.glob("out.jsonl.part/chunk-*.jsonl"))) < 3:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert said == (f"qadesk: interrupted. What was answered is in '{out}.part': the same command goes on.\n")
    assert run(command) == 0
    assert [row["id"] for row in output_of(out)] == ["r0", "r1", "r2"] * 60

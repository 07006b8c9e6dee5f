"""``qadesk ask``, with the bundled model."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TEXT = "The tower was built by Thomas Reeve. It was finished in 1862."
Run = Callable[[list[str]], int]


def test_ask_answers_with_confidence_and_place(run: Run, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", str(file), "Who built the tower?", "--top-k", "2"]) == 0
    out = capsys.readouterr().out
    assert "1. Thomas Reeve" in out
    assert "start" in out
    assert "end" in out
    assert "line 1" in out
    assert "3." not in out


def test_ask_prints_no_answer_and_exits_1(run: Run, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", str(file), "Who built the tower?", "How many penguins live on Mars?"]) == 1
    assert "Probably not in this document" in capsys.readouterr().out


def test_ask_prints_the_question_as_it_was_read(run: Run, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", str(file), "Who built the twoer?"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "Who built the twoer?",
        '  Read as "Who built the tower?"',
        "  1. Thomas Reeve",
    ]
    assert run(["ask", str(file), "Who built the twoer?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"][0]["read_as"] == "Who built the tower?"


def test_unlikely_answers_are_counted_and_listed_with_all(
    run: Run, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", str(file), "Who built the tower?"]) == 0
    assert "4 unlikely ones not listed (--all lists all)." in capsys.readouterr().out
    assert run(["ask", str(file), "Who built the tower?", "--all"]) == 0
    assert "  5. " in capsys.readouterr().out


def test_the_odds_of_no_answer_follow_what_is_expected(
    run: Run, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chances = []
    for expectation in ("usually", "maybe", "surely"):
        run(["ask", str(file), "How many penguins live on Mars?", "--expect", expectation, "--json"])
        chances.append(json.loads(capsys.readouterr().out)["questions"][0]["no_answer"])
    usually, maybe, surely = chances
    ratio = (0.6 / 0.4) / (0.35 / 0.65)  # of the odds that are expected
    assert maybe / (1 - maybe) == pytest.approx(ratio * usually / (1 - usually))
    assert surely is None


def test_a_file_of_questions_is_answered_in_its_order(
    run: Run, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("\ufeffWhen was it finished?\n\n  Who built the tower?  \n", encoding="utf-8")
    assert run(["ask", str(file), "--questions", str(questions), "--json"]) == 0
    output = json.loads(capsys.readouterr().out)["questions"]
    assert [row["question"] for row in output] == ["When was it finished?", "Who built the tower?"]
    assert [row["answers"][0]["text"] for row in output] == ["1862", "Thomas Reeve"]
    assert [row["seconds"] for row in output] == [None, None]


def test_a_question_that_cannot_be_asked_is_left_out_and_named(
    run: Run, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text(f"When was it finished?\n\n???\n{'very ' * 430}\n", encoding="utf-8")
    assert run(["ask", str(file), "Who built the tower?", "--questions", str(questions), "--json"]) == 1
    output = capsys.readouterr()
    assert output.err.splitlines() == [
        "questions.txt, line 3: The question has no words in it. It was left out.",
        "questions.txt, line 4: This question is too long: its 432 tokens leave the model no room for the document. "
        "It was left out.",
    ]
    rows = json.loads(output.out)["questions"]
    assert [row["question"][:8] for row in rows] == ["Who buil", "When was", "???", "very ver"]
    assert [row["answers"][0]["text"] for row in rows[:2]] == ["Thomas Reeve", "1862"]
    assert [row["problem"] for row in rows[:3]] == [None, None, "The question has no words in it."]
    empty = {"question": "???", "read_as": None, "answered": False, "no_answer": None, "seconds": None, "answers": []}
    assert rows[2] == {**empty, "problem": "The question has no words in it."}
    assert run(["ask", str(file), "Who built the tower?", "..."]) == 1
    output = capsys.readouterr()
    assert output.err == "question 2: The question has no words in it. It was left out.\n"
    assert "1. Thomas Reeve" in output.out


def test_only_questions_that_cannot_be_asked_are_bad_input(
    run: Run, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", str(file), "...", "???"]) == 2
    output = capsys.readouterr()
    assert output.err == "qadesk: The question has no words in it. Ask with at least one word or number.\n"
    assert output.out == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_a_file_of_questions_is_read_in_any_encoding(
    run: Run, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_bytes("Who built the tower?\nWho met Zoé in the café?\n".encode(encoding))
    assert run(["ask", str(file), "--questions", str(questions), "--json"]) in (0, 1)
    rows = json.loads(capsys.readouterr().out)["questions"]
    assert [row["question"] for row in rows] == ["Who built the tower?", "Who met Zoé in the café?"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_questions_may_come_through_a_pipe(run: Run, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a shell's <(...) gives them."""
    output, source = os.pipe()
    os.write(source, b"Who built the tower?\n")
    os.close(source)
    assert run(["ask", str(file), "--questions", f"/dev/fd/{output}"]) == 0
    os.close(output)
    assert "Thomas Reeve" in capsys.readouterr().out


def test_a_file_of_questions_that_is_no_text_is_refused(
    run: Run, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "questions.txt"
    path.write_bytes(bytes(range(256)) * 9)
    assert run(["ask", str(file), "--questions", str(path)]) == 2
    assert "It must be a text file." in capsys.readouterr().err
    assert run(["ask", str(file), "--questions", str(tmp_path / "none.txt")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_ask_prints_json_as_documented(run: Run, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", str(file), "When was it finished?", "--json"]) == 0
    output = json.loads(capsys.readouterr().out)
    assert output["document"] == {"title": "tower.txt", "kind": "text", "characters": len(TEXT)}
    assert output["model"]["precision"] == "int8"
    (question,) = output["questions"]
    assert question["answered"] is True
    best = question["answers"][0]
    assert TEXT[best["start"] : best["end"]] == best["text"] == "1862"
    assert best["score"] == pytest.approx(best["start_score"] + best["end_score"] - best["null_score"])
    assert best["page"] is None
    documented = Path(__file__).parents[3] / "docs" / "command-line.md"
    for key in (*output, *question, *best, *output["model"]):
        assert f"`{key}`" in documented.read_text(encoding="utf-8"), key


def test_ask_reads_a_file_in_the_encoding_that_is_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tower.txt"
    path.write_bytes("The tower was built by Łukasz Żak.".encode("cp1250"))
    assert run(["ask", str(path), "Who built the tower?", "--encoding", "Windows-1250"]) == 0
    output = capsys.readouterr()
    assert "Łukasz Żak" in output.out
    assert "guessed" not in output.err
    assert run(["ask", str(path), "Who built the tower?", "--encoding", "morse"]) == 2
    assert "QADesk knows no encoding called 'morse'" in capsys.readouterr().err


def test_ask_reads_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert run(["ask", "-", "Who built the tower?"]) == 0
    assert "Thomas Reeve" in capsys.readouterr().out


def test_without_a_display_the_sample_is_answered_in_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert run([]) == 0
    out = capsys.readouterr().out
    assert "There is no display" in out
    assert "12 October 1862" in out

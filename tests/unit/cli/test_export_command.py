"""``qadesk export``, with the bundled model."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from qadesk.app.history import history_entries, remember_answers, star
from qadesk.app.open_store import open_store
from qadesk.records import Answer, Answers, Document

sys.path.append(str(Path(__file__).parents[1] / "documents"))

from pdf_files import make_pdf

Run = Callable[[list[str]], int]
TEXT = "The tower was built by Thomas Reeve. It was finished in 1862."


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.txt"
    path.write_text("Who built the tower?\nWhen was it finished?\n", encoding="utf-8")
    return path


@pytest.fixture
def history(tmp_path: Path) -> None:
    """Two questions, the second with a star."""
    store = open_store()
    for question, words in (("Who built it?", "Thomas Reeve"), ("When?", "1862")):
        start = TEXT.index(words)
        answer = Answer(start, start + len(words), words, 0.9, 0.9, 0.9, 1, 1, 0)
        document = Document(TEXT, "tower.txt", "text", tmp_path / "tower.txt")
        remember_answers(store, document, Answers(question, (answer,), 0.1, 1, 1), "reader")
    star(store, history_entries(store)[0].id)
    store.close()


def test_a_list_of_questions_becomes_a_file(
    run: Run,
    file: Path,
    questions: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "answers.csv"
    monkeypatch.chdir(tmp_path)
    assert run(["export", "answers", file.name, "--questions", str(questions), "--to", str(out)]) == 0
    assert capsys.readouterr().out == "2 questions written to answers.csv.\n"
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    best = {row["question"]: row for row in rows if row["rank"] == "1"}
    assert best["Who built the tower?"]["answer"] == "Thomas Reeve"
    assert TEXT[int(best["When was it finished?"]["start"]) : int(best["When was it finished?"]["end"])] == "1862"
    assert best["Who built the tower?"]["file"] == str(file)


def test_a_pdf_becomes_a_copy_with_highlights(
    run: Run, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tower.pdf").write_bytes(make_pdf([TEXT.split(". ")]))
    arguments = ["export", "answers", str(tmp_path / "tower.pdf"), "--questions", str(questions), "--to"]
    assert run([*arguments, str(tmp_path / "copy.pdf")]) == 0
    assert "highlights written to copy.pdf." in capsys.readouterr().out
    (page,) = pypdf.PdfReader(tmp_path / "copy.pdf").pages
    notes = [annotation.get_object()["/Contents"] for annotation in page["/Annots"]]
    assert any(note.startswith("Who built the tower?\nThomas Reeve\n") for note in notes)
    assert run([*arguments, str(tmp_path / "tower.pdf")]) == 2
    assert "is the document itself" in capsys.readouterr().err


def test_what_cannot_be_written_is_said_before_anything_is_asked(
    run: Run, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for target, sentence in (
        ("copy.pdf", "Only a PDF document can be copied with highlights."),
        ("a.doc", "'a.doc' does not say in which format to write."),
        ("tower.txt", "does not say in which format"),
    ):
        assert run(["export", "answers", str(file), "Who?", "--to", str(tmp_path / target)]) == 2
        assert sentence in capsys.readouterr().err
    assert run(["export", "answers", str(file), "Who?", "--to", str(tmp_path / "a.md"), "--format", "doc"]) == 2
    assert "There is no format 'doc'." in capsys.readouterr().err
    assert run(["export", "answers", str(file), "Who?", "--to", str(tmp_path / "no" / "a.md")]) == 2
    assert "'a.md' could not be written." in capsys.readouterr().err
    assert not list(tmp_path.glob("a.md*"))


def test_questions_without_an_answer_or_that_cannot_be_asked_are_said(
    run: Run, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "answers.out"
    arguments = ["export", "answers", str(file), "How many penguins live on Mars?", "???", "--to", str(out)]
    assert run([*arguments, "--format", "json"]) == 1
    assert "question 2: " in capsys.readouterr().err
    (question,) = json.loads(out.read_text(encoding="utf-8"))["questions"]
    assert question["answered"] is False
    assert question["options"]["qa.expected"] == "usually"


@pytest.mark.usefixtures("history")
def test_the_history_is_written_with_its_filters(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def exported(*filters: str) -> list[str]:
        assert run(["export", "history", *filters, "--to", str(tmp_path / "h.json")]) == 0
        return [row["question"] for row in json.loads((tmp_path / "h.json").read_text(encoding="utf-8"))["questions"]]

    assert exported() == ["When?", "Who built it?"]
    assert exported("--starred") == ["When?"]
    assert exported("--search", "reeve") == ["Who built it?"]
    assert exported("--file", str(tmp_path / "tower.txt")) == ["When?", "Who built it?"]
    assert run(["export", "history", "--search", "penguin", "--to", str(tmp_path / "n.md")]) == 2
    assert "There are no answers to export." in capsys.readouterr().err
    assert run(["export", "history", "--to", str(tmp_path / "h.pdf")]) == 2
    assert "Only a PDF document" in capsys.readouterr().err


def test_what_to_export_must_be_said(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["export"], ["export", "labels"], ["export", "history"]):
        with pytest.raises(SystemExit):
            run(arguments)
    assert "--to" in capsys.readouterr().err

"""Lists of questions: which rows they make with the documents of a folder, and with the library."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk.app.batch import batch_rows, question_rows
from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.row_input import open_rows
from qadesk.errors import DataError

MakeJob = Callable[..., BatchJob]


def rows_of(job: BatchJob, order: int = 1) -> list[BatchRow]:
    source = open_rows(job)
    try:
        chunks = [source.rows(chunk) for chunk in job.chunks[::order]]
    finally:
        source.close()
    return [row for chunk in chunks[::order] for row in chunk]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "docs" / "questions.txt"
    path.parent.mkdir()
    path.write_text("Who?\n\n  When? \n", encoding="utf-8")
    return path


@pytest.mark.parametrize("least", [1, 4, 800])
@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
def test_each_document_of_a_folder_gets_all_questions(
    make_job: MakeJob, questions: Path, monkeypatch: pytest.MonkeyPatch, least: int, order: int
) -> None:
    monkeypatch.setattr(batch_rows, "_LEAST_CHUNKS", least)
    folder = questions.parent
    (folder / "sub").mkdir()
    for name in ("b.txt", "é.md", "sub/a.txt", ".hidden/c.txt", "photo.xyz~"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("Ada.", encoding="utf-8")
    rows = rows_of(make_job(questions, folder=folder), order)
    assert [row.id for row in rows] == ["1:b.txt", "2:b.txt", "1:sub/a.txt", "2:sub/a.txt", "1:é.md", "2:é.md"]
    assert rows[1] == BatchRow("2:b.txt", "When?", None, "b.txt")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_text_is_kept(make_job: MakeJob, questions: Path) -> None:
    Path(os.fsdecode(os.fsencode(questions.parent) + b"/\xff.txt")).write_text("Ada.", encoding="utf-8")
    row = rows_of(make_job(questions, folder=questions.parent))[0]
    assert row.id == "1:\ufffd.txt"
    assert (questions.parent / (row.file or "")).read_text(encoding="utf-8") == "Ada."


def test_of_many_documents_each_is_in_one_chunk(
    make_job: MakeJob, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (questions.parent / f"{number}.txt").write_text("Ada.", encoding="utf-8")
    monkeypatch.setattr(question_rows, "_MANY_DOCUMENTS", 5)
    for least, expected in (1600, [2] * 5), (2, [4, 4, 2]), (1, [10]):
        monkeypatch.setattr(batch_rows, "_LEAST_CHUNKS", least)
        job = make_job(questions, f"{least}.jsonl", folder=questions.parent)
        assert [chunk.rows for chunk in job.chunks] == expected
        assert [row.file for row in rows_of(job)] == [f"{number // 2}.txt" for number in range(10)]
    monkeypatch.setattr(question_rows, "MOST_ROWS", 1)
    job = make_job(questions, "one.jsonl", folder=questions.parent)
    assert len(rows_of(job)) == 10


def test_questions_to_the_library_are_rows(make_job: MakeJob, questions: Path) -> None:
    assert rows_of(make_job(questions, library=())) == [BatchRow("1", "Who?"), BatchRow("2", "When?")]


def test_what_makes_no_rows_is_refused(make_job: MakeJob, questions: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There are no documents in"):
        make_job(questions, folder=questions.parent)
    with pytest.raises(DataError, match="There is no folder"):
        make_job(questions, folder=tmp_path / "nowhere")
    questions.write_text("\n \n", encoding="utf-8")
    with pytest.raises(DataError, match="There are no questions in"):
        make_job(questions, library=())
    questions.write_bytes(b"\0\1\2\xff" * 100)
    with pytest.raises(DataError, match="must be a text file"):
        make_job(questions, library=())
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all folders")
def test_a_folder_that_cannot_be_read_is_named(make_job: MakeJob, questions: Path) -> None:
    closed = questions.parent / "closed"
    closed.mkdir(mode=0)
    (questions.parent / "a.txt").write_text("Ada.", encoding="utf-8")
    assert "'closed' could not be read" in make_job(questions, folder=questions.parent).notices[0]
    assert len(make_job(questions, folder=questions.parent).notices) == 1
    closed.chmod(0o700)


def test_progress_is_told_of_many_files(
    make_job: MakeJob, questions: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(question_rows, "_STEP", 2)
    for number in range(5):
        (questions.parent / f"{number}.txt").write_text("Ada.", encoding="utf-8")
    steps = question_rows.cut_documents(questions.parent, 2, [questions], tmp_path / "listing")
    assert [step.done for step in steps] == [2, 4]

"""Rows are answered by the bundled reader as a question is that is asked alone; bad ones get a sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from qadesk import documents, paths
from qadesk.app.batch import chunk_answering
from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.chunk_answering import ChunkAnswerer
from qadesk.app.batch.job_folder import done_chunks
from qadesk.app.batch.output_rows import KILLED, OutputRow
from qadesk.errors import DataError, ModelError
from qadesk.library.index import FileStamp, open_index
from qadesk.qa.engine import Reader
from qadesk.records import Answers
from qadesk.sentences import verbatim

TOWER = "The tower was built by Thomas Reeve. It was finished in 1862."
MakeJob = Callable[..., BatchJob]


@pytest.fixture
def job(make_job: MakeJob, write_rows: Callable[..., Path], tmp_path: Path) -> BatchJob:
    shutil.copy(paths.sample_path(), tmp_path / "tower.txt")
    (tmp_path / "damaged.pdf").write_bytes(b"%PDF-1.7 and no more")
    return make_job(write_rows([{"question": "Who built the tower?", "context": TOWER}] * 3))


@contextmanager
def answerer(job: BatchJob, reader: Reader) -> Iterator[ChunkAnswerer]:
    with closing(ChunkAnswerer(job, reader)) as opened:
        yield opened


def check(row: OutputRow, answers: Answers) -> None:
    """``row`` has what ``answers`` has, to the last bit."""
    assert (row["answered"], row["no_answer"], row["error"]) == (answers.is_answered, answers.no_answer, None)
    assert [
        (a["text"], a["start"], a["end"], a["confidence"], a["start_confidence"], a["end_confidence"], a["score"])
        for a in row["answers"]
    ] == [
        (a.text, a.start, a.end, a.confidence, a.start_confidence, a.end_confidence, a.score) for a in answers
    ]  # fmt: skip


def test_rows_are_answered_as_one_by_one(job: BatchJob, reader: Reader, tmp_path: Path) -> None:
    file = BatchRow("2", "How tall is the tower?", file="tower.txt")
    rows = [BatchRow("1", "Who built the tower?", TOWER), file, BatchRow("3", "When was it finsihed?", TOWER)]
    with answerer(job, reader) as opened:
        outputs = opened.answer_rows(rows)
        assert opened.answer_rows(rows[2:] + rows[:2]) == outputs[2:] + outputs[:2]
    document = documents.read(tmp_path / "tower.txt")
    check(outputs[0], reader.ask(rows[0].question, TOWER, 5))
    check(outputs[1], reader.ask(file.question, document, 5))
    check(outputs[2], reader.ask(rows[2].question, TOWER, 5))
    assert [row["id"] for row in outputs] == ["1", "2", "3"]
    assert outputs[1]["file"] == outputs[1]["answers"][0]["file"] == "tower.txt"
    assert outputs[2]["read_as"] == "When was it finished?"
    assert {row["model"] for row in outputs} == {job.reader.fingerprint}


def test_a_row_that_cannot_be_asked_gets_a_sentence(job: BatchJob, reader: Reader) -> None:
    rows = [
        BatchRow("0", "", error="The row has no question."),
        BatchRow("1", " ", TOWER),
        BatchRow("2", "?!", TOWER),
        BatchRow("3", "Who?", " "),
        BatchRow("4", "Who " * 2000 + "?", TOWER),
        BatchRow("5", "Who?", file="nowhere.txt"),
        BatchRow("6", "Who?", file="damaged.pdf"),
        BatchRow("7", "Who?", file="a\0b"),
        BatchRow("8", "Who?", file="."),
        BatchRow("9", "?", file="tower.txt"),
        BatchRow("10", "Who built the tower?", TOWER),
    ]
    with answerer(job, reader) as opened:
        outputs = opened.answer_rows(rows)
    errors = [row["error"] or "" for row in outputs]
    assert errors[:4] == [
        "The row has no question.",
        "There is no question.",
        "The question has no words in it.",
        "The document is empty.",
    ]
    assert "too long" in errors[4]
    assert errors[5] == "There is no file 'nowhere.txt'."
    assert "'damaged.pdf'" in errors[6]
    assert errors[7].startswith("There is no file")
    assert "is a folder" in errors[8]
    assert errors[9:] == ["The question has no words in it.", ""]
    assert [row["answers"] for row in outputs[:10]] == [[]] * 10
    assert outputs[10]["answers"][0]["text"] == "Thomas Reeve"


def test_a_document_is_read_once(job: BatchJob, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(
        chunk_answering.documents, "read", lambda path, **options: read.append(path.name) or documents_read(path)
    )
    rows = [BatchRow(str(n), "Who built it?", file="tower.txt") for n in range(3)]
    rows.insert(1, BatchRow("x", "Who?", file="nowhere.txt"))
    with answerer(job, reader) as opened:
        opened.answer_rows(rows)
        opened.answer_rows([rows[1]])
    assert read == ["tower.txt", "nowhere.txt"]


documents_read = documents.read


def test_a_model_that_fails_at_one_row_answers_the_others(
    job: BatchJob, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_many = Reader.answer_many

    def fail(self: Reader, items: list[tuple[str, str]], *arguments: object) -> object:
        if any("1862" in question for question, _ in items):
            raise ModelError(verbatim("It failed."))
        return answer_many(self, items, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Reader, "answer_many", fail)
    questions = ("Who built the tower?", "What was in 1862?", "When was it finished?")
    with answerer(job, reader) as opened:
        outputs = opened.answer_rows([BatchRow("", question, TOWER) for question in questions])
    assert [row["error"] for row in outputs] == [None, "It failed.", None]
    check(outputs[2], reader.ask(questions[2], TOWER, 5))


def test_chunks_are_stored(job: BatchJob, reader: Reader) -> None:
    with answerer(job, reader) as opened:
        done = opened.answer(1)
    assert done._asdict() == {"number": 1, "rows": 1, "errors": 0, "answered": 1, "notice": ""}
    assert [done.number for done in done_chunks(job)] == [1]


def test_rows_that_end_processes_are_left_out(
    make_job: MakeJob, write_rows: Callable[..., Path], reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qadesk.app.batch.batch_rows._LEAST_CHUNKS", 1)
    job = make_job(write_rows([{"question": "Who built the tower?", "context": TOWER}] * 4))
    begun: list[int] = []
    with answerer(job, reader) as opened:
        done = opened.answer_singly(0, [1, 3], begun.append)
    assert (done.rows, done.errors, begun) == (4, 2, [0, 2])
    stored = (job.folder / "chunk-0000000.jsonl").read_text(encoding="utf-8")
    assert stored.count(KILLED) == 2


def test_questions_are_put_to_the_library(
    make_job: MakeJob, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "minutes.txt"
    path.write_text("Mrs Okafor was elected treasurer of the society.", encoding="utf-8")
    with closing(open_index(paths.data_dir() / "library", writes=True)) as index:
        index.add_document(FileStamp(path, 10, 1), b"hash".ljust(16), documents.read(path))
        index.commit()
    questions = tmp_path / "questions.txt"
    questions.write_text("Who was elected treasurer?\n?\n", encoding="utf-8")
    for scope, text in ((), "Mrs Okafor"), ((tmp_path / "other",), None):
        job = make_job(questions, f"out-{bool(scope)}.jsonl", library=scope)
        with answerer(job, reader) as opened:
            rows = [row for number in (0, 1) for row in opened.answer_rows(opened.rows(number))]
        best = rows[0]["answers"][0] if rows[0]["answers"] else None
        assert (best and best["text"]) == text
        assert rows[1]["error"] == "The question has no words in it."
        if best:
            assert (best["file"], best["page"]) == (str(path), None)
            assert path.read_text(encoding="utf-8")[best["start"] : best["end"]] == text


def test_an_input_that_went_is_an_error(job: BatchJob, reader: Reader) -> None:
    Path(job.source.path).unlink()
    with pytest.raises(DataError, match=r"The rows in 'in.jsonl' cannot be read"):
        ChunkAnswerer(job, reader)

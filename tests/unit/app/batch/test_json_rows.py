"""Rows in JSON lines: which are rows, which have errors, how they are cut, and that each is read where it stands."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk.app.batch import batch_rows, json_rows
from qadesk.app.batch.batch_job import BatchJob, JobChunk
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.json_rows import JsonRows, cut_json_lines
from qadesk.errors import DataError
from qadesk.progress import finish

MakeJob = Callable[..., BatchJob]


def rows_of(job: BatchJob, order: int = 1) -> list[BatchRow]:
    """All rows of ``job``, read chunk by chunk in their order, or in the reverse of it for -1."""
    source = JsonRows(job)
    try:
        chunks = [source.rows(chunk) for chunk in job.chunks[::order]]
    finally:
        source.close()
    return [row for chunk in chunks[::order] for row in chunk]


def test_rows_have_an_id_or_the_number_of_their_line(make_job: MakeJob, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(
        '\ufeff{"id": "a", "question": "Who?", "context": "Ada.", "other": 1}\n\n'
        '{"question": "When?", "file": "a.txt"}\r\n  \n{"id": 7, "question": "Why?", "context": "x", "file": "y"}',
        encoding="utf-8",
    )
    expected = [
        BatchRow("a", "Who?", "Ada."),
        BatchRow("3", "When?", None, "a.txt"),
        BatchRow("7", "Why?", "x"),  # a context goes before a file
    ]
    assert rows_of(make_job(path)) == expected


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{", "The line is not valid JSON."),
        (b"[" * 100_000, "The line is not valid JSON."),
        (b"[1]", "The line is no JSON object."),
        (b'{"question": "Who\xff"}', "The line is not in UTF-8."),
        (b"{}", "The row has no question."),
        (b'{"question": 5, "context": "x"}', "The row has no question."),
        (b'{"question": "Who?"}', "The row has neither a context nor a file."),
        (b'{"question": "Who?", "context": null}', "The row has neither a context nor a file."),
        (b'{"question": "Who?", "context": ["x"]}', "The row has neither a context nor a file."),
        (b'{"id": 1' + b"0" * 5000 + b"}", "The line is not valid JSON."),
    ],
    ids=["cut", "deep", "list", "bytes", "empty", "number", "alone", "null", "array", "huge number"],
)
def test_a_bad_line_is_a_row_with_an_error(make_job: MakeJob, tmp_path: Path, line: bytes, error: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"question": "A?", "context": "x"}\n' + line + b'\n{"question": "B?", "context": "x"}\n')
    rows = rows_of(make_job(path))
    assert [row.error for row in rows] == ["", error, ""]
    assert [row.id for row in rows] == ["1", "2", "3"]


def test_half_of_a_character_is_replaced(make_job: MakeJob, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "\\ud800", "question": "Wh\\udc80?", "context": "x\\ud800y"}\n', encoding="utf-8")
    assert rows_of(make_job(path)) == [BatchRow("\ufffd", "Wh\ufffd?", "x\ufffdy")]


def test_a_line_that_is_too_long_is_skipped(make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "LONGEST_LINE", 60)
    monkeypatch.setattr(json_rows, "_PIECE", 16)
    path = tmp_path / "in.jsonl"
    lines = ['{"question": "A?", "context": "x"}', json.dumps({"question": "B?", "context": "x" * 200})]
    path.write_text("\n".join([*lines, lines[0], lines[1]]), encoding="utf-8")
    rows = rows_of(make_job(path))
    assert [row.question for row in rows] == ["A?", "", "A?", ""]
    assert rows[1].error == rows[3].error == "The line is longer than 60 bytes."


@pytest.mark.parametrize("name", ["in.jsonl", "in.ndjson", "in.jsonl.gz"])
@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
def test_chunks_are_read_where_they_stand(
    make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, order: int
) -> None:
    monkeypatch.setattr(batch_rows, "_LEAST_CHUNKS", 800)
    text = "".join(f'{{"id": {n}, "question": "Q?", "context": "é{n}"}}\n\n' for n in range(1700))
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    job = make_job(path)
    assert {chunk.rows for chunk in job.chunks} == {2}
    rows = rows_of(job, order)
    assert [(row.id, row.context) for row in rows] == [(str(n), f"é{n}") for n in range(1700)]


def test_a_chunk_has_a_part_of_the_rows_and_of_the_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_rows, "_LEAST_CHUNKS", 2)
    monkeypatch.setattr(json_rows, "MOST_CHARACTERS", 100)
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(['"1"', '"2"', f'"{"3" * 200}"', '"4"', '"5"', '"6"', '"7"']), encoding="utf-8")
    expected = [JobChunk(1, 2, 0), JobChunk(3, 1, 8), JobChunk(4, 3, 211), JobChunk(7, 1, 223)]
    assert finish(cut_json_lines(path)) == expected


def test_progress_is_told_of_a_long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "_STEP", 10)
    path = tmp_path / "in.jsonl"
    path.write_text("{}\n" * 25, encoding="utf-8")
    assert [step.what for step in cut_json_lines(path)] == ["Counting rows"] * 2 + ["Dividing rows among workers"] * 2


def test_a_damaged_packed_file_is_refused(make_job: MakeJob, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"question": "Q?"}\n' * 1000)[:-9])
    with pytest.raises(DataError, match=r"The rows in 'in.jsonl.gz' cannot be read"):
        make_job(path)
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.name.startswith((".", "out"))) == []


def test_a_file_that_became_shorter_is_an_error(make_job: MakeJob, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("{}\n{}\n", encoding="utf-8")
    job = make_job(path)
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(DataError, match="has fewer rows than when the job began"):
        rows_of(job)

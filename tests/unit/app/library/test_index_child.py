"""The child process that indexes: requests in, messages out, and what it does while nobody asks."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qadesk import paths
from qadesk.app.library.index_messages import counts_from, done_message, error_message, step_from, step_message
from qadesk.errors import LibraryError
from qadesk.library.compression import compress, decompress
from qadesk.library.index import open_index
from qadesk.progress import Progress
from qadesk.records import IndexStep, LibraryCounts, Scope


class Child:
    """The child process with its pipes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [*paths.own_command(), "--index-library"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=paths.own_environment(),
            text=True,
        )

    def send(self, do: str, **parts: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **parts}) + "\n")
        self.process.stdin.flush()

    def until(self, key: str) -> dict[str, Any]:
        """The next message with ``key``."""
        assert self.process.stdout
        for line in self.process.stdout:
            message: dict[str, Any] = json.loads(line)
            assert key == "error" or "error" not in message, message
            if key in message:
                return message
        raise AssertionError(f"the child ended without {key}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child()
    yield child
    child.close()


def names(words: str) -> list[str]:
    """The files with passages that hold ``words``."""
    with closing(open_index(paths.data_dir() / "library")) as index:
        found = index.search(f'"{words}"', 20, Scope()).passages
        return sorted({passage.document.path.name for passage in found if passage.document.path})


def test_an_update_then_a_changed_file_then_a_stop(child: Child, folder: Path) -> None:
    (folder / "a.txt").write_text("some words")
    (folder / "b.pdf").write_text("no PDF")
    child.send("update", sources=[str(folder)])
    assert child.until("watching") == {"watching": True, "reason": ""}
    step = step_from(child.until("step"))
    assert step.progress.what == "Looking through folders"
    counts = counts_from(child.until("done"))
    assert (counts.indexed, counts.failed) == (1, 1)
    assert names("some words") == ["a.txt"]
    if sys.platform == "linux":
        (folder / "c.txt").write_text("some words too")
        assert counts_from(child.until("done")).indexed == 2
        assert names("some words too") == ["c.txt"]
    child.send("retry", paths=[str(folder / "b.pdf")])
    assert counts_from(child.until("done")).failed == 1
    child.send("stop")
    assert child.process.wait(20) == 0


def test_a_pause_can_be_ended(child: Child, folder: Path) -> None:
    (folder / "a.txt").write_text("some words")
    child.send("pause")
    child.send("update", sources=[str(folder)])
    while step_from(child.until("step")).progress.what != "Paused":
        pass
    child.send("resume")
    assert counts_from(child.until("done")).indexed == 1


def test_a_newer_update_takes_the_place_of_one_that_runs(child: Child, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (folder / "a.txt").write_text("some words")
    (other / "b.txt").write_text("other words")
    child.send("pause")
    child.send("update", sources=[str(folder)])
    while step_from(child.until("step")).progress.what != "Paused":
        pass
    child.send("update", sources=[str(other)], forget=True)
    child.send("resume")
    assert counts_from(child.until("done")).indexed == 1
    assert names("other words") == ["b.txt"]
    assert names("some words") == []


def test_a_missing_folder_is_a_notice(child: Child, tmp_path: Path) -> None:
    child.send("update", sources=[str(tmp_path / "gone")])
    assert child.until("notice")["notice"].startswith("'gone' is not there")
    assert counts_from(child.until("done")).files == 0


def test_a_second_one_says_a_sentence_and_ends(child: Child) -> None:
    with closing(open_index(paths.data_dir() / "library", writes=True)):
        error = child.until("error")["error"]
        assert error["message"] == "Another window or command of QADesk is indexing the library."
        assert child.process.wait(20) == 1


def test_it_ends_with_its_parent(child: Child) -> None:
    child.send("update", sources=[])
    child.until("done")
    assert child.process.stdin
    child.process.stdin.close()
    assert child.process.wait(20) == 1


def test_it_makes_the_index_smaller_while_it_has_nothing_to_do(child: Child, folder: Path) -> None:
    words = "The keepers lit lamps each evening before dusk because ships passed the northern rocks at night".split()
    draw = random.Random(1)
    text = "\n\n".join(f"{' '.join(draw.choices(words, k=30))} {number}." for number in range(300))
    (folder / "report.txt").write_text(text)
    child.send("update", sources=[str(folder)])
    child.until("done")
    end = time.monotonic() + 20
    while not _is_compressed_once_more() and time.monotonic() < end:
        time.sleep(0.02)
    assert _is_compressed_once_more()
    assert names("299") == ["report.txt"]
    child.send("stop")
    assert child.process.wait(20) == 0


def _is_compressed_once_more() -> bool:
    with closing(sqlite3.connect(paths.data_dir() / "library" / "index.db")) as connection:
        ((data,),) = connection.execute("select data from chunks").fetchall()
        return bool(data == compress(decompress(data), thoroughly=True))


def test_messages_travel() -> None:
    counts = LibraryCounts(files=3, indexed=2)
    step = IndexStep(Progress("Reading files", 1, 3, 2.5), Path("/a/b\udce9.txt"), counts, 1.5, 20.0)
    assert step_from(json.loads(json.dumps(step_message(step)))) == step
    nowhere = IndexStep(Progress("Looking", 1, 0), None, counts)
    assert step_from(json.loads(json.dumps(step_message(nowhere)))) == nowhere
    assert counts_from(json.loads(json.dumps(done_message(counts)))) == counts
    assert error_message(LibraryError("M", "H", "D")) == {"error": {"message": "M", "hint": "H", "detail": "D"}}

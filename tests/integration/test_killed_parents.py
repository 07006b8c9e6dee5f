"""A child process ends by itself when the process that started it is gone: its pipe is closed then, by any system."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from qadesk import paths

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from pdf_files import make_pdf

LONG = 20  # seconds, on a machine that has other work
OF_DOCUMENTS = ("--read-document", "--draw-pages", "--recognize-pages", "--mark-pages")


def start(argument: str) -> subprocess.Popen[bytes]:
    """Start the child that the hidden ``argument`` names."""
    return subprocess.Popen(
        [*paths.own_command(), argument],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=paths.own_environment(),
    )


@pytest.mark.parametrize("argument", OF_DOCUMENTS)
def test_a_child_that_reads_documents_ends_with_its_pipe(argument: str) -> None:
    with start(argument) as child:
        assert child.stdin
        child.stdin.close()
        child.wait(LONG)


def children_of(process: int) -> Iterator[int]:
    """The processes that ``process`` started and that are alive."""
    for task in Path(f"/proc/{process}/task").glob("*"):
        yield from map(int, (task / "children").read_text(encoding="ascii").split())


def alive(processes: Collection[int]) -> list[int]:
    """Those of ``processes`` that have not ended; a zombie, which nobody has waited for, has."""
    states = {}
    for process in processes:
        try:
            stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        except OSError:
            continue
        states[process] = stat.rpartition(")")[2].split()[0]
    return [process for process, state in states.items() if state != "Z"]


@pytest.mark.skipif(not Path(f"/proc/{os.getpid()}/task").is_dir(), reason="/proc tells which children there are")
def test_the_parsers_of_a_killed_indexer_end_too(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.pdf").write_bytes(make_pdf([[f"Report {number}, page {page}"] for page in range(60)]))
    parsers: list[int] = []
    with start("--index-library") as indexer:
        assert indexer.stdin
        assert indexer.stdout
        indexer.stdin.write(json.dumps({"do": "update", "sources": [str(folder)]}).encode() + b"\n")
        indexer.stdin.flush()
        while not parsers and indexer.stdout.readline():  # a message with each step
            parsers = list(children_of(indexer.pid))
        indexer.kill()
        indexer.wait(LONG)
    assert parsers
    end = time.monotonic() + LONG
    while alive(parsers) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(parsers)

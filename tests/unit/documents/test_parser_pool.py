"""Children that parse many files: kept while they behave, replaced when one fails, none left at the end."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qadesk import documents, paths
from qadesk.documents import parser_pool
from qadesk.documents.parser_pool import ParserPool
from qadesk.errors import Cancelled, DocumentError

SERVER = """
import json, os, sys, time
for line in sys.stdin:
    request = json.loads(line)
    exec(open(request["path"]).read()[3:])
    reply = {"text": str(os.getpid()), "pages": [], "notes": [], "blocks": [], "outline": [], "characters": "",
             "rows": [], "scans": [], "recognized_pages": [], "is_spent": False}
    print(json.dumps({**reply, **globals().pop("more", {})}), flush=True)
"""


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    pool = ParserPool()
    yield pool
    pool.close()
    assert not [thread for thread in threading.enumerate() if "parser_process" in type(thread).__module__]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child runs what stands in the file, after 'do:', and replies its process id as the text."""
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", SERVER])


def read(pool: ParserPool, folder: Path, script: str = "pass") -> str:
    path = folder / "file.html"
    path.write_text(f"do:{script}")
    return pool.parse(path, "html", None, 10_000, lambda: False).text


def test_one_child_reads_files_of_all_formats(tmp_path: Path, pool: ParserPool) -> None:
    contents = {"a.html": "<p>one", "b.md": "*two*", "c.txt": "three", "d.csv": "Item,Price\nBolt,4\n"}
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    texts = [documents.read(tmp_path / name, parsers=pool).text for name in contents]
    assert texts == ["one", "two", "three", "Item\tPrice\nBolt\t4"]
    assert [process.files for process in pool._idle] == [4]


def test_a_file_that_cannot_be_read_leaves_the_child_alone(tmp_path: Path, pool: ParserPool) -> None:
    for name in ("gone.html", "bad.docx"):
        (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 rubbish")
        with pytest.raises(DocumentError):
            documents.read(tmp_path / name, parsers=pool)
    (tmp_path / "good.html").write_text("<p>good")
    assert documents.read(tmp_path / "good.html", parsers=pool).text == "good"
    assert len(pool._idle) == 1


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize(
    "script",
    [
        "os._exit(3)",
        "print('rubbish', flush=True)",
        "more = {'text': 7, 'pages': [[9]]}",
        "more = {'pages': [[float('inf'), '', 0, 0, '']]}",
        "more = {'is_spent': True}",
        "print('{}', flush=True)",
    ],
)
def test_a_child_that_fails_or_is_spent_is_replaced(tmp_path: Path, pool: ParserPool, script: str) -> None:
    first = read(pool, tmp_path)
    assert read(pool, tmp_path) == first
    if "spent" in script:
        assert read(pool, tmp_path, script) == first
    else:
        with pytest.raises(DocumentError, match="could not be read"):
            read(pool, tmp_path, script)
    assert not pool._idle
    assert read(pool, tmp_path) != first


@pytest.mark.usefixtures("scripted")
def test_one_that_was_cancelled_is_replaced(tmp_path: Path, pool: ParserPool) -> None:
    path = tmp_path / "file.html"
    path.write_text("do:time.sleep(60)")
    with pytest.raises(Cancelled):
        pool.parse(path, "html", None, 10_000, lambda: True)
    assert not pool._idle


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.usefixtures("scripted")
def test_one_that_died_while_it_was_idle_costs_no_file(tmp_path: Path, pool: ParserPool) -> None:
    first = read(pool, tmp_path)
    os.kill(int(first), signal.SIGKILL)
    pool._idle[0]._replies.join(5)
    assert read(pool, tmp_path) != first


@pytest.mark.usefixtures("scripted")
def test_a_child_is_replaced_after_many_files(
    tmp_path: Path, pool: ParserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser_pool, "MOST_FILES", 3)
    children = [read(pool, tmp_path) for _ in range(7)]
    assert [children.count(child) for child in dict.fromkeys(children)] == [3, 3, 1]


@pytest.mark.usefixtures("scripted")
def test_two_threads_have_a_child_each(tmp_path: Path, pool: ParserPool) -> None:
    texts: list[str] = []

    def read_slowly(name: str) -> None:
        (tmp_path / name).mkdir()
        texts.append(read(pool, tmp_path / name, "time.sleep(0.3)"))

    threads = [threading.Thread(target=read_slowly, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(texts)) == 2
    assert len(pool._idle) == 2


@pytest.mark.usefixtures("scripted")
def test_nothing_is_kept_once_it_is_closed(tmp_path: Path, pool: ParserPool) -> None:
    pool.close()
    read(pool, tmp_path)
    assert not pool._idle

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from qadesk.documents.open_file import open_file, quoted_name, title_of, without_surrogates
from qadesk.errors import DocumentError


def refusal(path: Path, max_bytes: int = 1000) -> str:
    with pytest.raises(DocumentError) as excinfo:
        open_file(path, max_bytes)
    assert excinfo.value.hint
    return excinfo.value.message


def test_a_regular_file_opens(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc\r\n")
    with open_file(tmp_path / "a.txt", 5) as file:
        assert file.read() == b"abc\r\n"


def test_each_obstacle_has_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "large.txt").write_bytes(b"x" * 2_500_001)
    assert refusal(tmp_path) == f"'{tmp_path.name}' is a folder, not a file."
    assert refusal(tmp_path / "empty.txt") == "'empty.txt' is empty."
    assert refusal(tmp_path / "gone.txt") == "There is no file 'gone.txt'."
    assert refusal(tmp_path / "empty.txt" / "below.txt") == "There is no file 'below.txt'."
    assert refusal(tmp_path / "nul\0.txt") == "There is no file 'nul\ufffd.txt'."
    assert refusal(tmp_path / "large.txt", 2_000_000) == "'large.txt' has 2.5 MB, and QADesk opens files of up to 2 MB."
    assert refusal(tmp_path / ("x" * 5000)).endswith(" could not be read from the disk.")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    assert refusal(path) == "You may not read 'secret.txt'."


def test_no_permission_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    path = tmp_path / "secret.txt"
    path.write_text("x")
    monkeypatch.setattr(os, "open", refuse)  # the administrator may read every file, and tests may run as one
    assert refusal(path) == "You may not read 'secret.txt'."


def test_a_file_that_changes_between_check_and_opening_is_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "grows.txt"
    path.write_text("x")
    real_open = os.open

    def grow_and_open(path: Path, flags: int) -> int:
        path.write_bytes(b"x" * 2000)
        return real_open(path, flags)

    monkeypatch.setattr(os, "open", grow_and_open)
    assert refusal(path, 1000).startswith("'grows.txt' has ")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("plain.txt", "plain.txt"),
        ("two\nlines.txt", "two\ufffdlines.txt"),
        ("exe.\u202efdp.txt", "exe.\ufffdfdp.txt"),
        ("👨‍👩‍👧 שלום.txt", "👨‍👩‍👧 שלום.txt"),
        ("bad\udcff.txt", "bad\ufffd.txt"),
    ],
)
def test_title_of_is_one_printable_line(name: str, title: str) -> None:
    assert title_of(Path("/folder") / name) == title


def test_a_long_name_is_shortened_in_sentences() -> None:
    name = quoted_name(Path("a" * 200 + ".txt"))
    assert len(name) < 85
    assert name.endswith("aaa.txt'")


def test_without_surrogates_keeps_the_length() -> None:
    assert without_surrogates("a\ud800b\udfff😀") == "a\ufffdb\ufffd😀"
    assert without_surrogates("a😀") == "a😀"

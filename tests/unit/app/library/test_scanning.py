"""What is seen in folders, what is left out, and what is said of it; and the survey of that."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.library.scanning import FolderScan, is_hidden, without_dots
from qadesk.app.library.survey import survey
from qadesk.errors import LibraryError
from qadesk.progress import finish

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def seen(folder: Path) -> dict[str, str]:
    return {file.path.relative_to(folder).as_posix(): file.reason for file in FolderScan().files(folder)}


def write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_of_all_folders_with_size_and_time(tmp_path: Path) -> None:
    path = write(tmp_path / "in" / "a" / "b" / "c.txt", "12345")
    write(tmp_path / "in" / "d.pdf")
    scan = FolderScan()
    files = {file.path: file for file in scan.files(tmp_path / "in")}
    assert set(files) == {path, tmp_path / "in" / "d.pdf"}
    assert (files[path].size, files[path].modified_ns) == (5, path.stat().st_mtime_ns)
    assert (scan.folders, scan.hidden_folders, scan.notices) == (3, 0, [])


def test_a_source_can_be_a_file_or_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    assert [file.path for file in FolderScan().files(path)] == [path]
    assert list(FolderScan().files(tmp_path / "gone")) == []
    assert list(FolderScan().files(tmp_path / "a\0b")) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("~$letter.docx", "beside a file that is open"),
        (".~lock.letter.odt#", "beside a file that is open"),
        ("film.crdownload", "a temporary file"),
        ("notes.txt~", "a temporary file"),
        ("a.TMP", "a temporary file"),
        (".profile", "a hidden file"),
    ],
)
def test_what_is_left_out_by_its_name(tmp_path: Path, name: str, reason: str) -> None:
    write(tmp_path / name)
    assert reason in seen(tmp_path)[name]


def test_what_is_left_out_by_its_size(tmp_path: Path) -> None:
    write(tmp_path / "empty.txt", "")
    write(tmp_path / "disk.iso", "x" * 2_000_001)
    write(tmp_path / "large.txt", "x" * 2_000_001)
    write(tmp_path / "small.iso", "x")
    reasons = seen(tmp_path)
    assert "empty" in reasons["empty.txt"]
    assert "too large to try" in reasons["disk.iso"]
    assert reasons["large.txt"] == reasons["small.iso"] == ""


def test_folders_that_are_not_entered_are_counted(tmp_path: Path, home: Path) -> None:
    for name in (".git", "node_modules", "__pycache__"):
        write(tmp_path / name / "inner" / "a.txt")
    write(paths.data_dir() / "index.db")
    scan = FolderScan()
    assert list(scan.files(tmp_path)) == []
    assert scan.hidden_folders == 4
    assert [is_hidden(name) for name in (".git", "$RECYCLE.BIN", "letters")] == [True, True, False]
    assert home.exists()


@unix
def test_links_to_files_are_followed_and_circles_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    target = write(tmp_path / "elsewhere" / "real.txt", "12345678")
    folder.mkdir()
    (folder / "link.txt").symlink_to(target)
    (folder / "circle").symlink_to(folder)
    (folder / "up").symlink_to(tmp_path)
    (folder / "broken.txt").symlink_to(tmp_path / "gone")
    (folder / "itself.txt").symlink_to(folder / "itself.txt")
    os.mkfifo(folder / "pipe.txt")
    scan = FolderScan()
    files = {file.path.name: file for file in scan.files(folder)}
    assert files["link.txt"].size == 8
    assert scan.hidden_folders == 2
    assert files["broken.txt"].reason == files["itself.txt"].reason == "It is a link to a file that is not there."
    assert "a device or a pipe" in files["pipe.txt"].reason
    assert len(files) == 4


@unix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_a_notice(tmp_path: Path) -> None:
    write(tmp_path / "open.txt")
    locked = write(tmp_path / "locked" / "a.txt").parent
    locked.chmod(0)
    scan = FolderScan()
    try:
        assert [file.path.name for file in scan.files(tmp_path)] == ["open.txt"]
    finally:
        locked.chmod(0o700)
    assert scan.unreadable == [locked]
    assert "'locked' could not be read" in scan.notices[0]


def test_a_folder_that_cannot_be_read_is_a_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "bad" / "a.txt")
    write(tmp_path / "good" / "b.txt")
    really_scan = os.scandir

    def fail(folder: Path) -> object:
        if Path(folder).name == "bad":
            raise PermissionError(13, "Permission denied")
        return really_scan(folder)

    monkeypatch.setattr(os, "scandir", fail)
    scan = FolderScan()
    assert [file.path.name for file in scan.files(tmp_path)] == ["b.txt"]
    assert scan.notices == ["'bad' could not be read (Permission denied)."]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let it be made")
def test_names_that_are_not_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    write(path / "b\xff.txt")
    assert len(seen(tmp_path)) == 1


def test_dots_are_taken_out_of_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert without_dots(Path("../b/./c")) == tmp_path / "b" / "c"


def test_a_survey_counts_by_format(tmp_path: Path) -> None:
    for name, size in (("a.txt", 10), ("b/c.log", 20), ("d.pdf", 500), ("e.xyz", 7), ("f.tmp", 3), (".g/h.txt", 1)):
        write(tmp_path / "in" / name, "x" * size)
    result = finish(survey(tmp_path / "in"))
    assert result.kinds == (("PDF", 1, 500), ("Text", 2, 30))
    assert result.other == ((".xyz", 1, 7), (".tmp", 1, 3))
    assert (result.files, result.size, result.folders, result.hidden_folders) == (3, 530, 2, 1)


def test_a_survey_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="There is no folder or file 'gone'"):
        finish(survey(tmp_path / "gone"))

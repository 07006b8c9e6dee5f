"""Updates of the index: what is read, what is not read again, and what is said of each file that is not searchable."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qadesk import documents, paths
from qadesk.app.library import file_reading, index_progress
from qadesk.app.library.indexing import forget_others, read_again, update
from qadesk.app.library.scanning import FolderScan, ScannedFile
from qadesk.errors import DocumentError, LibraryError, PasswordNeeded
from qadesk.library.index import LibraryIndex, open_index
from qadesk.progress import finish
from qadesk.records import LibraryCounts, Scope
from qadesk.settings import Settings

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_word(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w") as out:
        relation = f'<Relationship Id="r" Type="{OFFICE}" Target="word/document.xml"/>'
        out.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>')
        body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        out.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


def test_files_of_several_formats_are_searched(folder: Path, run_update: Any) -> None:
    (folder / "a.txt").write_text("The lamp of the tower burns oil.")
    (folder / "b.md").write_text("# Lamps\n\nThe lamp of the ship burns gas.")
    (folder / "c.html").write_text("<p>The lamp of the inn burns wax.")
    (folder / "notes").mkdir()
    write_word(folder / "notes" / "d.docx", "The lamp of the mine burns spirit.")
    counts = run_update()
    assert (counts.files, counts.indexed, counts.searchable) == (4, 4, 4)
    assert run_update.finds("burns wax") == ["c.html"]
    assert run_update.finds("the lamp of the") == ["a.txt", "b.md", "c.html", "d.docx"]
    document = run_update.index.document(folder / "b.md")
    assert document.outline[0].title == "Lamps"
    assert run_update.steps[-1].counts.indexed == 4


def test_an_unchanged_tree_is_not_read_again(folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"number {number}")
    (folder / "empty.txt").touch()
    (folder / "bad.pdf").write_text("no PDF")
    assert run_update().indexed == 5
    assert run_update.files_read == 6
    monkeypatch.setattr(file_reading.FileReading, "hash", lambda *_: pytest.fail("a file was opened"))
    monkeypatch.setattr(LibraryIndex, "set_state", lambda *_: pytest.fail("a row was written"))
    assert run_update().indexed == 5
    assert run_update.files_read == 0


def test_what_changed_is_read_and_what_is_gone_is_forgotten(folder: Path, run_update: Any) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"word of {name}")
    run_update()
    (folder / "a.txt").write_text("another word of a")
    (folder / "b.txt").unlink()
    (folder / "d.txt").write_text("word of d")
    counts = run_update()
    assert (counts.files, run_update.files_read) == (3, 2)
    assert run_update.finds("another word") == ["a.txt"]
    assert run_update.finds("word of") == ["a.txt", "c.txt", "d.txt"]


def test_only_the_named_paths_are_looked_at(folder: Path, run_update: Any, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"word of {name}")
    run_update()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"new word of {name}")
    (folder / "c.txt").unlink()
    (folder / "inner" / ".hidden").mkdir(parents=True)
    (folder / "inner" / "e.txt").write_text("new word of e")
    (folder / "inner" / ".hidden" / "f.txt").write_text("new word of f")
    (tmp_path / "other.txt").write_text("new word of no one")
    only = {folder / "a.txt", folder / "c.txt", folder / "inner", folder / "inner" / "e.txt", tmp_path / "other.txt"}
    run_update(only={*only, folder / "inner" / ".hidden" / "f.txt"})
    assert run_update.finds("new word of") == ["a.txt", "e.txt"]
    assert run_update.finds("word of c") == []
    shutil.rmtree(folder / "inner")
    assert run_update(only={folder / "inner"}).files == 2


def test_the_same_content_is_parsed_once(folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    really_read = documents.read

    def read(path: Path, **options: Any) -> Any:
        parsed.append(path.name)
        return really_read(path, **options)

    monkeypatch.setattr(documents, "read", read)
    for number in range(20):
        (folder / f"{number}.txt").write_text("the same words")
    (folder / "other.md").write_text("the same words")  # another format: another document
    counts = run_update()
    assert (counts.indexed, len(parsed)) == (21, 2)
    os.utime(folder / "3.txt", (1, 1))
    assert run_update().indexed == 21
    assert (run_update.files_read, len(parsed)) == (1, 2)


def test_reasons_are_said_in_words(folder: Path, run_update: Any) -> None:
    (folder / "bad.pdf").write_text("no PDF")
    (folder / "film.dat").write_bytes(bytes(range(256)) * 9)
    (folder / "old.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (folder / "blank.txt").write_text(" \n ")
    (folder / "list.data").write_text("plain words in it")
    counts = run_update()
    assert run_update.state(folder / "bad.pdf") == (
        "failed: 'bad.pdf' is not a PDF, although its name says so. It may be damaged."
    )
    assert run_update.state(folder / "film.dat").startswith("left out: 'film.dat' ")
    assert run_update.state(folder / "old.doc").startswith("left out: 'old.doc' is an old Word (.doc)")
    assert run_update.state(folder / "blank.txt") == "failed: 'blank.txt' holds no text."
    assert run_update.finds("plain words") == ["list.data"]
    assert (counts.failed, counts.left_out, counts.indexed) == (2, 2, 1)
    assert run_update.index.files(Scope((folder / "bad.pdf",)))[0].kind == "pdf"


def test_a_password_is_a_reason(folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path, **_options: Any) -> Any:
        raise PasswordNeeded(f"'{path.name}' is encrypted.", "Enter its password.")

    monkeypatch.setattr(documents, "read", read)
    (folder / "a.pdf").write_text("%PDF-1.4")
    run_update()
    (file,) = run_update.index.files(Scope())
    assert (file.state, file.reason) == ("failed", "'a.pdf' is encrypted.")
    assert file.hint.startswith("The library asks for no passwords.")


def test_failed_files_are_read_again_when_asked(folder: Path, run_update: Any) -> None:
    path = folder / "a.pdf"
    path.write_text("no PDF")
    run_update()
    Settings().set("documents.max_megabytes", 100)
    read_again(run_update.index, [path])
    assert run_update.state(path) == "waiting"
    run_update(only={path})
    assert run_update.state(path).startswith("failed")
    assert run_update.files_read == 1


def test_a_file_that_may_not_be_read_is_tried_again_by_each_scan(
    folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.txt"
    path.write_text("some words")
    really_open = os.open

    def refuse(name: Any, *rest: Any, **named: Any) -> int:
        if str(name).endswith("a.txt"):
            raise PermissionError(13, "Permission denied")
        return really_open(name, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    run_update()
    assert run_update.state(path) == "failed: You may not read 'a.txt'."
    monkeypatch.undo()
    run_update()
    assert run_update.state(path) == "indexed"


def test_a_source_that_is_gone_is_told_and_its_documents_are_kept(folder: Path, run_update: Any) -> None:
    (folder / "a.txt").write_text("some words")
    run_update()
    folder.rename(folder.with_name("unplugged"))
    counts = run_update()
    assert (counts.missing, counts.files) == (1, 1)
    assert run_update.notices == ["'papers' is not there: its documents are not asked until it is back."]
    assert run_update.finds("some words") == []
    folder.with_name("unplugged").rename(folder)
    assert run_update().indexed == 1
    assert run_update.files_read == 0
    assert run_update.finds("some words") == ["a.txt"]


def test_a_source_that_is_empty_at_once_is_rather_a_drive_that_is_gone(folder: Path, run_update: Any) -> None:
    (folder / "a.txt").write_text("some words")
    run_update()
    (folder / "a.txt").unlink()
    assert run_update().missing == 1
    assert "'papers' is empty now" in run_update.notices[0]


@pytest.mark.parametrize("whole", [True, False])
def test_a_folder_is_removed_while_it_is_indexed(
    folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    inner = folder / "inner"
    inner.mkdir()
    for number in range(30):
        (inner / f"{number}.txt").write_text(f"number {number}")
    really_hash = file_reading.FileReading._hash
    done: list[Path] = []

    def hash_and_remove(self: Any, path: Path) -> Any:
        done.append(path)
        if len(done) == 5:
            shutil.rmtree(folder if whole else inner)
        return really_hash(self, path)

    monkeypatch.setattr(file_reading.FileReading, "_hash", hash_and_remove)
    counts = run_update()
    assert counts.waiting == counts.failed == 0
    if whole:
        assert counts.missing == 30
        assert len(run_update.notices) == 1
    else:
        assert counts.files < 10


def test_a_file_that_grows_is_read_again_later(folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.log"
    path.write_text("line\n")
    really_parse = file_reading.FileReading._parse
    sizes: list[int] = []

    def parse_and_grow(self: Any, stamp: Any, hash_: bytes) -> Any:
        sizes.append(stamp.size)
        with path.open("a") as file:
            file.write("another line\n" * 10)
        return really_parse(self, stamp, hash_)

    monkeypatch.setattr(file_reading.FileReading, "_parse", parse_and_grow)
    assert run_update().indexed == 1  # the second time it is taken as it is
    assert len(sizes) == 2
    monkeypatch.setattr(file_reading.FileReading, "_parse", really_parse)
    assert run_update().indexed == 1
    assert run_update.files_read == 1  # it was known to have changed
    run_update()
    assert run_update.files_read == 0


@pytest.mark.parametrize("goes", [False, True])
def test_a_file_that_changes_after_it_was_read_is_not_taken_as_it_was(
    folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch, goes: bool
) -> None:
    path = folder / "a.txt"
    path.write_text("the old words")
    really_parse = file_reading.FileReading._parse
    results: list[Any] = []

    def parse_and_change(self: Any, stamp: Any, hash_: bytes) -> Any:
        results.append(really_parse(self, stamp, hash_))
        if goes:
            path.unlink()
        elif len(results) == 1:
            path.write_text("the new words, which are more")
        return results[-1]

    monkeypatch.setattr(file_reading.FileReading, "_parse", parse_and_change)
    assert run_update().files == (0 if goes else 1)
    assert run_update.finds("new words") == ([] if goes else ["a.txt"])
    assert run_update.finds("old words") == []


def test_a_drive_that_goes_while_it_is_looked_through_keeps_its_documents(
    folder: Path, run_update: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "file.txt").write_text(f"words of {name}")
    run_update()
    really_files = FolderScan.files

    def files_of_a_drive_that_goes(self: FolderScan, source: Path) -> Iterator[ScannedFile]:
        for file in really_files(self, source):
            yield file
            if folder.exists():
                folder.rename(folder.with_name("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(FolderScan, "files", files_of_a_drive_that_goes)
        assert run_update().missing == 2
    assert len(run_update.notices) == 1
    folder.with_name("gone").rename(folder)
    assert run_update().indexed == 2
    assert run_update.files_read == 0


def test_closing_keeps_what_was_read_and_the_rest_goes_on(
    folder: Path, index: LibraryIndex, run_update: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_progress, "_STEP", 0.0)
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(f"number {number}")
    work = update(index, [folder], Settings())
    for step in work:
        if step.progress.total and step.progress.done:
            break
    work.close()
    counts = index.counts()
    assert counts.files == 40
    assert 0 < counts.waiting < 40
    assert run_update().indexed == 40
    assert run_update.files_read == counts.waiting


def test_a_pause_holds_the_reading(folder: Path, index: LibraryIndex) -> None:
    (folder / "a.txt").write_text("some words")
    is_paused = True
    work = update(index, [folder], Settings(), is_paused=lambda: is_paused)
    steps = [next(work) for _ in range(4)]
    assert [step.progress.what for step in steps[-2:]] == ["Paused", "Paused"]
    assert steps[-1].counts.waiting == 1
    is_paused = False
    assert finish(work).indexed == 1


@unix
def test_links_in_circles_end(folder: Path, run_update: Any) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "a.txt").write_text("some words")
    (folder / "inner" / "up").symlink_to(folder)
    (folder / "a link.txt").symlink_to(folder / "inner" / "a.txt")
    counts = run_update()
    assert (counts.indexed, counts.hidden_folders) == (2, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let it be made")
def test_paths_that_are_not_unicode(folder: Path, run_update: Any) -> None:
    inner = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9"))
    inner.mkdir()
    (inner / os.fsdecode(b"b\xff.html")).write_text("<p>some words")
    assert run_update().indexed == 1
    assert run_update().indexed == 1
    assert run_update.files_read == 0


def test_ten_thousand_files_of_one_name(folder: Path, run_update: Any) -> None:
    for number in range(10_000):
        inner = folder / f"{number // 100:03}" / f"{number:05}"
        inner.mkdir(parents=True)
        (inner / "README").write_bytes(b"" if number else b"read me")
    counts = run_update()
    assert (counts.files, counts.indexed, counts.left_out) == (10_000, 1, 9_999)
    run_update()
    assert run_update.files_read == 0


def test_pictures_wait_for_recognition(folder: Path, run_update: Any) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("L", (80, 60), 255).save(folder / "scan.png")
    (folder / "a.txt").write_text("some words")
    counts = run_update()
    assert (counts.pictures, counts.indexed) == (1, 1)
    assert run_update.state(folder / "scan.png").startswith("pictures: The page is a picture")
    assert run_update().pictures == 1
    assert run_update.files_read == 0


def test_files_of_no_source_are_forgotten(folder: Path, run_update: Any, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (folder / "a.txt").write_text("some words")
    (other / "b.txt").write_text("some other words")
    run_update(folder, other)
    forget_others(run_update.index, [other])
    assert [file.path.name for file in run_update.index.files(Scope())] == ["b.txt"]


def test_two_programs_cannot_fill_one_index(run_update: Any) -> None:
    assert run_update().files == 0
    with pytest.raises(LibraryError, match="Another window or command of QADesk is indexing the library"):
        open_index(paths.data_dir() / "library", writes=True)


def test_a_damaged_index_is_made_anew(folder: Path, index: LibraryIndex, run_update: Callable[..., Any]) -> None:
    (folder / "a.txt").write_text("some words")
    assert run_update().indexed == 1
    index.close()
    (paths.data_dir() / "library" / "index.db").write_bytes(b"rubbish" * 1000)
    with closing(open_index(paths.data_dir() / "library", writes=True)) as again:
        assert "made anew" in again.notices[0]
        counts: LibraryCounts = finish(update(again, [folder], Settings()))
        assert counts.indexed == 1


def test_an_error_of_the_disk_that_is_no_document_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    error = file_reading.as_document_error(tmp_path / "a.txt", OSError(5, "Input/output error"))
    assert isinstance(error, DocumentError)
    assert error.message == "'a.txt' could not be read from the disk."

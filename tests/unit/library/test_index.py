"""What the index knows of files and gives of their texts; both searches where they could differ."""

from __future__ import annotations

import gc
import os
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.library.index import FileStamp, KnownFile, LibraryIndex
from qadesk.records import Document, LibraryCounts, Page, Scope

KEEPERS = "The keepers of the lighthouse lit the lamp each evening."
CATS = "Cats sleep most of the day, and hunt at dusk."
HOME, WORK = Path("/home/ann"), Path("/work")
ALL = Scope()
ENGINES = pytest.mark.parametrize("most_fts_passages", [50_000, 0], ids=["fts", "tantivy"])


def _names(index: LibraryIndex, question: str, scope: Scope = ALL, limit: int = 10) -> list[str]:
    return [passage.document.title for passage in index.search(question, limit, scope).passages]


def test_a_missing_index_is_empty_for_readers_until_it_is_there(folder, add):
    reader = folder.read()
    assert reader.counts() == LibraryCounts()
    assert reader.files(Scope()) == []
    assert reader.search("lighthouse", 5) == ((), 0, "lighthouse")
    assert reader.document(HOME / "a.txt") is None
    assert reader.notices == ()
    writer = folder.write()
    assert reader.counts() == LibraryCounts()
    add(writer, HOME / "a.txt", KEEPERS)
    writer.commit()
    assert _names(reader, "lighthouse keeper") == ["a.txt"]


def test_many_blocks_are_given_back_and_left_out_of_the_search_for_garbage(folder, add):
    writer = folder.write()
    text = "\n\n".join(f"Paragraph {number} of many." for number in range(6000))
    add(writer, HOME / "long.txt", text)
    writer.commit()
    before = gc.get_freeze_count()
    try:
        document = folder.read().document(HOME / "long.txt")
        assert document is not None
        assert document.text == text
        assert gc.isenabled()
        assert len(document.blocks) == 6000
        assert gc.get_freeze_count() >= before + 6000
    finally:
        gc.unfreeze()


def test_readers_count_anew_what_was_committed_meanwhile(folder, add):
    writer, reader = folder.write(), folder.read()
    for number in range(3):
        add(writer, HOME / f"{number}.txt", f"{KEEPERS} {number}")
        assert reader.counts().indexed == reader.counts(Scope((HOME,))).indexed == number
        writer.commit()
        assert reader.counts().indexed == reader.counts(Scope((HOME,))).indexed == number + 1
        assert reader.counts(Scope((WORK,))) == LibraryCounts()


def test_files_that_were_read_since_are_counted(folder, add):
    writer, reader = folder.write(), folder.read()
    assert reader.next_passage() == reader.count_newer(ALL, 0) == 0
    add(writer, HOME / "a.txt", KEEPERS)
    add(writer, HOME / "b.txt", CATS)
    writer.commit()
    before = reader.next_passage()
    assert (reader.count_newer(ALL, 0), reader.count_newer(ALL, before)) == (2, 0)
    add(writer, HOME / "a.txt", f"{KEEPERS} It burns oil.", modified_ns=2)
    add(writer, WORK / "c.txt", f"{CATS} At dawn too.")
    add(writer, WORK / "copy.txt", CATS)
    writer.commit()
    assert reader.count_newer(ALL, before) == 2
    assert reader.count_newer(Scope((WORK,)), before) == 1
    writer.mark_missing(WORK)
    writer.commit()
    assert reader.count_newer(ALL, before) == 1


@ENGINES
def test_readers_see_what_was_committed(folder, add, most_fts_passages):
    writer, reader = folder.write(most_fts_passages), folder.read()
    add(writer, HOME / "a.txt", KEEPERS)
    assert _names(reader, "lighthouse") == []
    writer.commit()
    assert _names(reader, "lighthouse") == ["a.txt"]
    add(writer, HOME / "b.txt", CATS)
    assert _names(reader, "cats") == []
    writer.commit()
    assert _names(reader, "cats") == ["b.txt"]


@ENGINES
def test_a_passage_tells_where_it_stands(folder, add, most_fts_passages):
    text = "\n\n".join(f"Paragraph {number} is about number {number}. " + "Some more words here. " * 20
                       for number in range(50)) + f"\n\n{KEEPERS}"  # fmt: skip
    writer = folder.write(most_fts_passages)
    assert add(writer, HOME / "a.txt", text) > 20
    writer.commit()
    passage = writer.search("Who lit the lamp?", 1).passages[0]
    at = passage.document.text.index("keepers")
    assert text[passage.offset_in_document(at) :].startswith("keepers of the lighthouse")
    assert passage.document.blocks[-1].kind == "paragraph"
    assert (passage.document.path, passage.document.kind) == (HOME / "a.txt", "text")
    assert passage.score > 0


def test_a_document_comes_whole_from_the_index_with_its_pages(folder):
    writer = folder.write()
    text = f"{KEEPERS}\n\n{CATS}"
    pages = (Page(1, "i", 0, 57), Page(2, "ii", 57, len(text)))
    document = Document(text, "a.pdf", "pdf", HOME / "a.pdf", pages, ("A note.",))
    writer.add_document(FileStamp(HOME / "a.pdf", 9, 9), b"hash", document)
    writer.commit()
    reader = folder.read()
    assert reader.document(HOME / "a.pdf") == document
    (passage,) = reader.search("cats", 5).passages
    assert reader.page_at(passage, text.index("Cats")) == pages[1]
    assert reader.page_at(passage, 0) == pages[0]


def test_files_without_pages_have_none_at_an_offset(folder, add):
    writer = folder.write()
    add(writer, HOME / "a.txt", KEEPERS)
    (passage,) = writer.search("keepers", 5).passages
    assert writer.page_at(passage, 0) is None


def test_files_wait_and_are_known(folder, add):
    writer = folder.write()
    stamps = [FileStamp(HOME / "a.txt", 5, 1_700_000_000_000_000_000), FileStamp(WORK / "b.txt", 6, 2)]
    writer.add_waiting(stamps)
    assert writer.known_files(HOME) == {HOME / "a.txt": KnownFile(stamps[0], b"", "waiting")}
    assert writer.known_files(WORK / "b.txt").keys() == {WORK / "b.txt"}
    assert writer.known_files(Path("/home/an")) == {}
    (file,) = writer.files(Scope((HOME,)))
    assert (file.state, file.size, file.modified) == ("waiting", 5, 1_700_000_000)
    assert writer.counts().waiting == 2


def test_a_file_that_changed_waits_and_is_searched_as_it_was_until_it_is_read(folder, add):
    writer = folder.write()
    add(writer, HOME / "a.txt", KEEPERS)
    writer.add_waiting([FileStamp(HOME / "a.txt", len(KEEPERS), 1)])
    assert writer.files(Scope())[0].state == "indexed"
    writer.add_waiting([FileStamp(HOME / "a.txt", len(KEEPERS), 2)])
    assert writer.files(Scope())[0].state == "waiting"
    assert _names(writer, "lighthouse") == ["a.txt"]
    assert writer.known_files(HOME)[HOME / "a.txt"].hash != b""


@ENGINES
def test_the_old_text_of_a_file_is_not_found_any_more(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    add(writer, HOME / "a.txt", KEEPERS)
    writer.commit()
    add(writer, HOME / "a.txt", CATS, modified_ns=2)
    assert _names(writer, "lighthouse") == []
    writer.commit()
    assert (_names(writer, "lighthouse"), _names(writer, "cats")) == ([], ["a.txt"])
    assert writer.counts().passages == 1
    assert writer.search("the lamp", 5).matches == 0


@ENGINES
def test_files_that_are_removed_missing_or_failed_are_not_found(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    for number in range(4):
        add(writer, HOME / f"{number}.txt", f"{KEEPERS} {number}")
    add(writer, WORK / "w.txt", f"{KEEPERS} at work")
    writer.commit()
    writer.remove([HOME / "0.txt"])
    writer.set_state(FileStamp(HOME / "1.txt", 5, 2), "failed", "It is damaged.", "Mend it.", "text")
    assert sorted(_names(writer, "lighthouse")) == ["2.txt", "3.txt", "w.txt"]
    writer.mark_missing(HOME)
    writer.commit()
    assert _names(writer, "lighthouse") == ["w.txt"]
    counts = writer.counts()
    assert (counts.files, counts.missing, counts.indexed, counts.passages) == (4, 3, 1, 1)


def test_missing_files_that_are_back_are_as_they_were(folder, add):
    writer = folder.write()
    add(writer, HOME / "a.txt", KEEPERS)
    failed = FileStamp(HOME / "f.txt", 5, 2)
    writer.set_state(failed, "failed", "It is damaged.", "Mend it.", "pdf")
    writer.mark_missing(HOME)
    writer.mark_missing(HOME)  # again at the next scan
    writer.add_waiting([FileStamp(HOME / "a.txt", len(KEEPERS), 1), failed])
    states = {file.path.name: (file.state, file.reason) for file in writer.files(Scope())}
    assert states == {"a.txt": ("indexed", ""), "f.txt": ("failed", "It is damaged.")}
    assert _names(writer, "lighthouse") == ["a.txt"]


def test_a_file_can_be_retried(folder, add):
    writer = folder.write()
    stamp = FileStamp(HOME / "f.txt", 5, 2)
    writer.set_state(stamp, "failed", "It is damaged.", "Mend it.", "pdf")
    writer.set_state(stamp, "waiting", "")
    (file,) = writer.files(Scope(), "waiting")
    assert (file.reason, file.hint) == ("", "")


def test_a_document_whose_pages_are_pictures_has_that_state(folder):
    writer = folder.write()
    pages = (Page(1, "1", 0, 3), Page(2, "2", 3, 3))
    document = Document("abc", "a.pdf", "pdf", HOME / "a.pdf", pages, scans=(2,))
    writer.add_document(FileStamp(HOME / "a.pdf", 9, 9), b"hash", document)
    empty = replace(document, text="", pages=(Page(1, "1", 0, 0),), scans=(1,))
    assert writer.add_document(FileStamp(HOME / "b.pdf", 9, 9), b"other", empty) == 0
    first, second = writer.files(Scope(), "pictures")
    assert first.reason == "1 of 2 pages is a picture without text."
    assert second.reason == "The page is a picture without text."
    assert writer.document(HOME / "b.pdf") == replace(empty, title="a.pdf", path=HOME / "b.pdf")


@ENGINES
def test_equal_texts_are_one_result_with_copies(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    add(writer, HOME / "a.txt", KEEPERS)
    hash_ = writer.known_files(HOME)[HOME / "a.txt"].hash
    assert writer.add_copy(FileStamp(WORK / "b.txt", 5, 2), hash_, "b.txt")
    assert not writer.add_copy(FileStamp(WORK / "b.md", 5, 2), hash_, "b.md")
    assert not writer.add_copy(FileStamp(WORK / "c.txt", 5, 2), b"unknown", "c.txt")
    add(writer, WORK / "d.txt", KEEPERS)
    writer.commit()
    (passage,) = writer.search("lighthouse", 5).passages
    assert (passage.document.title, passage.copies) == ("a.txt", (WORK / "b.txt", WORK / "d.txt"))
    (passage,) = writer.search("lighthouse", 5, Scope((WORK,))).passages
    assert (passage.document.title, passage.copies) == ("b.txt", (WORK / "d.txt",))
    writer.remove([HOME / "a.txt", WORK / "d.txt"])
    writer.commit()
    (passage,) = writer.search("lighthouse", 5).passages
    assert (passage.document.title, passage.copies) == ("b.txt", ())
    assert writer.document(WORK / "b.txt").title == "b.txt"


@ENGINES
def test_a_text_that_no_file_has_can_come_back(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    add(writer, HOME / "a.txt", KEEPERS)
    writer.commit()
    writer.remove([HOME / "a.txt"])
    add(writer, HOME / "moved.txt", KEEPERS)
    writer.commit()
    assert _names(writer, "lighthouse") == ["moved.txt"]
    writer.remove([HOME / "moved.txt"])
    writer.commit()
    add(writer, HOME / "again.txt", KEEPERS)
    writer.commit()
    assert _names(writer, "lighthouse") == ["again.txt"]
    assert writer.search("lighthouse", 5).matches == 1


def test_a_scope_can_have_many_sources(folder, add):
    writer = folder.write()
    for number in range(3):
        add(writer, f"/home/ann/{number}.txt", "The lighthouse stands on a rock.")
    writer.commit()
    sources = tuple(Path(f"/home/ann/{number}.txt") for number in range(1, 3000))
    assert writer.counts(Scope(sources)).files == 2


@ENGINES
def test_filters_of_a_scope(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    for number, path in enumerate(("/home/ann/Rent/Flat.txt", "/home/ann/old/flat two.txt", "/work/rent.txt")):
        add(writer, path, f"{KEEPERS} {number}")
    note = Document(f"{KEEPERS} Note.", "n.md", "markdown", HOME / "n.md")
    writer.add_document(FileStamp(HOME / "n.md", 5, 5), b"n", note)
    writer.commit()

    def names(**filters: object) -> list[str]:
        return sorted(_names(writer, "lighthouse", Scope(**filters)))  # type: ignore[arg-type]

    assert names(sources=(HOME,)) == ["Flat.txt", "flat two.txt", "n.md"]
    assert names(sources=(WORK, HOME / "n.md")) == ["n.md", "rent.txt"]
    assert names(folder="RENT") == ["Flat.txt"]
    assert names(name="flat") == ["Flat.txt", "flat two.txt"]
    assert names(name="flat", folder="old") == ["flat two.txt"]
    assert names(kind="markdown") == ["n.md"]
    assert names(sources=(HOME,), kind="pdf") == []
    assert [file.path.name for file in writer.files(Scope(name="FLAT"))] == ["Flat.txt", "flat two.txt"]
    assert writer.counts(Scope((WORK,))).files == 1


@ENGINES
def test_a_narrow_scope_is_found_behind_many_better_passages(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    for number in range(400):
        add(writer, HOME / f"{number}.txt", f"lighthouse {number}")
    add(writer, WORK / "w.txt", "One lighthouse among many other words. " * 4)
    writer.commit()
    result = writer.search("lighthouse", 5, Scope((WORK,)))
    assert ([passage.document.title for passage in result.passages], result.matches) == (["w.txt"], 1)
    assert writer.search("lighthouse", 5).matches == 200


@ENGINES
def test_words_in_quotes_and_minus_words(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    add(writer, HOME / "1.txt", "The dark blue house has a red door.")
    add(writer, HOME / "2.txt", "The blue house is dark; its door is red.")
    add(writer, HOME / "3.txt", "A house.")
    writer.commit()
    assert set(_names(writer, "dark blue house")) == {"1.txt", "2.txt", "3.txt"}
    assert _names(writer, '"dark blue" house') == ["1.txt"]
    assert _names(writer, '"DARK  blue"') == ["1.txt"]
    assert set(_names(writer, "house -doors")) == {"3.txt"}
    assert set(_names(writer, 'house -"dark blue"')) == {"2.txt", "3.txt"}
    assert writer.search('Which "dark blue" house? -garden', 5).question == "Which dark blue house?"


@ENGINES
@pytest.mark.parametrize(
    "question",
    ["", " ", "?!", "😀", "\x00", '"', '""', "- -", "*", "()", "NEAR(", "house AND", "col:x", "^", "a" * 100_000,
     "\ud800 house", "house\x00door", '"house', "'; drop table files; --", "-house", '"?"',
     "ﬁ ß Ω 漢字", "x " * 5000, '"a" "b" -c -"d"'],
)  # fmt: skip
def test_any_question_can_be_asked(folder, add, most_fts_passages, question):
    writer = folder.write(most_fts_passages)
    add(writer, HOME / "1.txt", "The house has a door. \ud800 😀")
    writer.commit()
    result = writer.search(question, 5)
    assert len(result.passages) == ("house" in question and question != "-house")
    assert result.question or not question


def test_hidden_folders_are_counted_by_source(folder):
    writer = folder.write()
    writer.set_hidden_folders(HOME, 3)
    writer.set_hidden_folders(WORK, 2)
    writer.set_hidden_folders(WORK, 4)
    writer.commit()
    assert writer.counts().hidden_folders == 7
    assert writer.counts(Scope((WORK,))).hidden_folders == 4


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 there")
def test_paths_need_not_be_valid_text(folder, add):
    path = Path(os.fsdecode(b"/home/ann/caf\xe9 \xff/a\xfe.txt"))
    writer = folder.write()
    add(writer, path, KEEPERS)
    writer.commit()
    reader = folder.read()
    assert reader.search("lighthouse", 5, Scope((path.parent,), name="A")).passages[0].document.path == path
    assert reader.known_files(path.parent).keys() == {path}
    assert reader.document(path).text == KEEPERS


def test_ten_thousand_files_of_one_name(folder):
    writer = folder.write()
    paths = [HOME / str(number) / "index.html" for number in range(10_000)]
    writer.add_waiting(FileStamp(path, 1, 1) for path in paths)
    writer.commit()
    assert writer.counts(Scope((HOME,))).waiting == 10_000
    assert writer.known_files(HOME / "7").keys() == {paths[7]}
    assert len(writer.files(Scope(name="index"), limit=20, offset=9_990)) == 10


def test_files_come_in_pages(folder):
    writer = folder.write()
    writer.add_waiting(FileStamp(HOME / f"{number:02}.txt", 1, 1) for number in range(30))
    writer.set_state(FileStamp(HOME / "11.txt", 1, 1), "left out", "No format that is read.")
    assert [file.path.name for file in writer.files(Scope(), limit=3, offset=10)] == ["10.txt", "11.txt", "12.txt"]
    assert [file.path.name for file in writer.files(Scope(), "left out")] == ["11.txt"]
    assert writer.counts().left_out == 1


@ENGINES
def test_texts_are_compressed_once_more_and_answer_as_before(folder, add, most_fts_passages):
    writer, reader = folder.write(most_fts_passages), folder.read()
    for number in range(3):
        add(writer, HOME / f"{number}.txt", "\n\n".join(f"{KEEPERS} {number * place}" for place in range(300)))
    writer.commit()
    query = "select sum(length(data)) from chunks"
    (before,) = writer._connection.execute(query).fetchone()
    texts = [reader.document(HOME / f"{number}.txt") for number in range(3)]
    assert [writer.recompress() for _ in range(4)] == [True, True, True, False]
    assert writer._connection.execute(query).fetchone()[0] < before
    assert [reader.document(HOME / f"{number}.txt") for number in range(3)] == texts
    add(writer, HOME / "new.txt", CATS)
    writer.commit()
    assert [writer.recompress() for _ in range(2)] == [True, False]  # the new one alone
    writer.shrink(writes_anew=True)
    assert _names(reader, "cats") == ["new.txt"]
    assert len(_names(reader, "lighthouse")) == 10


def test_a_large_index_is_not_compressed_once_more(folder, add, monkeypatch):
    monkeypatch.setattr("qadesk.library.index_writing.MOST_RECOMPRESSED", 1)
    writer = folder.write()
    for number in range(2):
        add(writer, HOME / f"{number}.txt", f"{KEEPERS} {number}")
    writer.commit()
    assert not writer.recompress()


@ENGINES
def test_an_index_shrinks_and_answers_as_before(folder, add, most_fts_passages):
    writer = folder.write(most_fts_passages)
    for number in range(200):
        add(writer, HOME / f"{number}.txt", f"{KEEPERS} Number {number} of the logbooks has page {number * 7}.")
        writer.commit()
    before = _names(writer, "lighthouse logbooks number 33", limit=3)
    size = _bytes_in(folder.path)
    writer.shrink()
    assert _bytes_in(folder.path) < size
    assert _names(writer, "lighthouse logbooks number 33", limit=3) == before


def _bytes_in(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from qadesk.records import GoldSpan, Label, LabelText
from qadesk.sentences import Sentence, verbatim
from qadesk.store import backups, journal, label_rows, rescue
from qadesk.store.database import open_database
from qadesk.store.journal import LabelBatch
from qadesk.structure import Block

COUNT = 400
BLOCKS = (Block("heading", 0, 5, 1), Block("paragraph", 6, 30))
ROW = Label(0, 0, "", "", (GoldSpan(0, 5, "Words"),), False, "labelled", "note", "ask", "{}", 1.0, 2.0)


def words(number):
    return f"Words number {number}. " * 40


def add(connection, numbers):
    for number in numbers:
        text = LabelText(0, f"t{number}", "text", None, "g", words(number), BLOCKS)
        text_id = label_rows.add_label_text(connection, text)
        LabelBatch(connection, verbatim("a test")).add(replace(ROW, key=f"k{number}", question=f"{number}?"), text_id)


@pytest.fixture
def path(tmp_path):
    """A database with 400 labels, and a backup of it with the first 100."""
    for part in (range(100), range(100, COUNT)):
        with closing(open_database(tmp_path)) as store, store.writing() as connection:
            add(connection, part)
    return tmp_path / "qadesk.db"


@pytest.fixture
def fresh(tmp_path):
    with closing(open_database(tmp_path / "fresh")) as store:
        yield store.connection


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    (tmp_path / "fresh").mkdir()


def overwrite_in_the_middle(path, share=0.2):
    content = bytearray(path.read_bytes())
    begin, size = len(content) // 2 // 4096 * 4096, int(len(content) * share) // 4096 * 4096
    content[begin : begin + size] = bytes(size)
    path.write_bytes(content)


def test_labels_come_back_as_they_were(path, fresh):
    before = path.read_bytes()
    assert rescue.copy_labels(path, fresh) == COUNT
    labels = label_rows.select_labels(fresh)
    assert labels[7] == replace(ROW, id=labels[7].id, text_id=labels[7].text_id, key="k7", question="7?")
    text = label_rows.find_label_text(fresh, labels[7].text_id)
    assert (text.text, text.blocks) == (words(7), BLOCKS)
    assert path.read_bytes() == before
    assert rescue.copy_labels(path, fresh) == 0
    fresh.execute("begin")
    assert journal.undo_batch(fresh).sentence == Sentence("label.rescue")
    assert label_rows.select_labels(fresh) == []


def test_what_is_newer_is_kept(path, fresh):
    add(fresh, [1, 2, 3])
    one, two, _ = (label.id for label in label_rows.select_labels(fresh))
    LabelBatch(fresh, verbatim("newer")).change(one, {"note": "newer"})
    fresh.execute("update labels set changed = 1, note = 'older', state = 'lost', answered_in = 1 where id = ?", (two,))
    assert rescue.copy_labels(path, fresh) == COUNT - 2
    assert label_rows.find_label(fresh, one).note == "newer"
    restored = label_rows.find_label(fresh, two)
    assert (restored.note, restored.state, restored.answers) == ("note", "labelled", ROW.answers)


def test_only_what_is_sound_is_taken(path, fresh):
    with closing(sqlite3.connect(path)) as source, source:
        source.execute("update texts set text = 'Words, but others' where id = 1")
        source.execute("""update labels set answers = '[[1, 6, "Words"]]' where id = 2""")
        source.execute("update labels set answers = '[[0, 5' where id = 3")
        source.execute("update labels set answers = '[7]' where id = 4")
        source.execute("update labels set question = cast(x'ff' as text) where id = 5")
    assert rescue.copy_labels(path, fresh) == COUNT - 5
    assert [label.key for label in label_rows.select_labels(fresh)][:2] == ["k5", "k6"]


def test_a_part_of_the_file_is_enough(path, fresh):
    overwrite_in_the_middle(path)
    count = rescue.copy_labels(path, fresh)
    assert COUNT // 2 < count < COUNT
    texts = {
        label.key: label_rows.find_label_text(fresh, label.text_id).text for label in label_rows.select_labels(fresh)
    }
    assert texts == {key: words(int(key[1:])) for key in texts}


def test_where_the_table_of_texts_is_damaged_its_index_is_read(path, fresh):
    with closing(sqlite3.connect(path)) as source:
        (root,) = source.execute("select rootpage from sqlite_schema where name = 'label_texts'").fetchone()
        (size,) = source.execute("pragma page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
    assert rescue.copy_labels(path, fresh) == COUNT
    label = label_rows.label_with_key(fresh, "k7")
    text = label_rows.find_label_text(fresh, label.text_id)
    assert (text.title, text.kind, text.path, text.group, text.text) == ("g", "pasted", None, "g", words(7))


@pytest.mark.parametrize("content", [b"", b"S", b"my shopping list\n" * 1000])
def test_what_is_no_database_holds_nothing(path, fresh, content):
    path.write_bytes(content)
    assert rescue.copy_labels(path, fresh) == 0
    assert not journal.has_undo(fresh)


def test_a_label_is_taken_without_the_blocks_of_its_text_where_they_are_damaged(tmp_path, fresh):
    text = "Rent is due. " * 2000
    blocks = tuple(Block("paragraph", start, start + 12) for start in range(0, len(text) - 1, 13))
    with closing(open_database(tmp_path)) as store, store.writing() as connection:
        text_id = label_rows.add_label_text(connection, LabelText(0, "t", "text", None, "g", text, blocks))
        row = replace(ROW, answers=(GoldSpan(0, 4, "Rent"),), key="k", question="?")
        LabelBatch(connection, verbatim("a test")).add(row, text_id)
    path = tmp_path / "qadesk.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    content = bytearray(path.read_bytes())
    page = content.index(b'["paragraph",19500') // 4096 * 4096
    content[page : page + 4] = b"\xff\xff\xff\xff"  # the number of the next page
    path.write_bytes(content)
    assert rescue.copy_labels(path, fresh) == 1
    (label,) = label_rows.select_labels(fresh)
    rescued = label_rows.find_label_text(fresh, label.text_id)
    assert (rescued.text, rescued.blocks) == (text, ())


def test_a_database_from_before_there_were_labels_holds_nothing(path, fresh):
    path.unlink()
    with closing(sqlite3.connect(path)) as source, source:
        source.execute("create table documents (x)")
    assert rescue.copy_labels(path, fresh) == 0


def test_a_damaged_database_is_replaced_by_its_backup_and_the_labels_since(path, tmp_path):
    with closing(open_database(tmp_path)) as store:
        with store.writing() as connection:
            add(connection, [COUNT])
        for sidecar in ("", "-wal"):  # as a power cut leaves it
            shutil.copy(f"{path}{sidecar}", tmp_path / "fresh" / f"qadesk.db{sidecar}")
    damaged = tmp_path / "fresh" / "qadesk.db"
    shutil.copytree(tmp_path / "backups", tmp_path / "fresh" / "backups")
    with closing(sqlite3.connect(backups.newest_first(damaged)[0])) as backup:
        assert backup.execute("select count(*) from labels").fetchone() == (100,)
    overwrite_in_the_middle(damaged, 0.1)
    with closing(open_database(tmp_path / "fresh")) as store:
        count = len(label_rows.select_labels(store.connection)) - 100
        assert count > 100
        assert store.notices[0].endswith(
            f"was opened instead. Labels that it did not have could still be read and were added: {count}."
        )
        assert label_rows.label_with_key(store.connection, f"k{COUNT}")
    with closing(open_database(tmp_path / "fresh")) as store:
        assert store.notices == ()

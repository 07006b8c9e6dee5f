import sqlite3
import threading
from contextlib import closing
from datetime import date

import pytest

from qadesk.errors import StoreError
from qadesk.records import Changes
from qadesk.store import backups, migrations
from qadesk.store.database import open_database, replace_backups, translated_errors

ASK = "insert into questions (question, asked, seconds) values (?, 1, 1)"


@pytest.fixture
def store(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store


def asked_questions(store):
    return [question for (question,) in store.connection.execute("select question from questions")]


def pragma(store, name):
    return store.connection.execute(f"pragma {name}").fetchone()[0]


def test_a_new_database(store, tmp_path):
    assert store.path == tmp_path / "qadesk.db"
    assert store.notices == ()
    assert migrations.pending(store.connection) == []
    assert backups.newest_first(store.path) == []  # there is nothing to lose yet


def test_it_is_made_to_last(store):
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 2  # full
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "secure_delete") == 1
    assert pragma(store, "trusted_schema") == 0


def test_the_second_opening_makes_a_backup(store, tmp_path):
    with store.writing() as connection:
        connection.execute(ASK, ("Who?",))
    with closing(open_database(tmp_path)):
        pass
    (backup,) = backups.newest_first(store.path)
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("select question from questions").fetchall() == [("Who?",)]


def test_a_change_of_shape_is_backed_up_first(store, tmp_path, monkeypatch):
    with closing(open_database(tmp_path)):
        pass  # today's backup
    with store.writing() as connection:
        connection.execute(ASK, ("Who?",))
    step = {"m999_drop": lambda db: db.execute("delete from questions")}
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS | step)
    with closing(open_database(tmp_path)) as store:
        assert asked_questions(store) == []
    with closing(sqlite3.connect(backups.newest_first(store.path)[0])) as copy:
        assert copy.execute("select question from questions").fetchall() == [("Who?",)]


def test_a_backup_that_cannot_be_made_is_reported_and_does_not_keep_anyone_from_work(store, tmp_path):
    (tmp_path / "backups").write_text("in the way", encoding="utf-8")
    with closing(open_database(tmp_path)) as store:
        assert "backup" in store.notices[0]
        with store.writing() as connection:
            connection.execute(ASK, ("Who?",))
        assert asked_questions(store) == ["Who?"]


def test_writing_is_all_or_nothing(store):
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        connection.executemany(ASK, ((f"{1 / number}",) for number in (1, 0)))
    assert asked_questions(store) == []
    with store.writing() as connection:
        connection.execute(ASK, ("Why?",))
    assert asked_questions(store) == ["Why?"]


def test_changes_are_collected_until_they_are_taken(store):
    assert not store.take_changes()
    for changes in (Changes(recent=True), Changes(labels=True)):
        with store.writing(changes) as connection:
            connection.execute(ASK, ("Why?",))
    assert store.take_changes() == Changes(recent=True, labels=True)
    assert store.take_changes() == Changes()


def test_a_transaction_that_writes_nothing_or_is_rolled_back_adds_no_changes(store):
    with store.writing(Changes(questions=True)) as connection:
        connection.execute("delete from questions")
    assert not store.take_changes()
    with pytest.raises(ZeroDivisionError), store.writing(Changes(questions=True)) as connection:
        connection.executemany(ASK, ((f"{1 / number}",) for number in (1, 0)))
    assert not store.take_changes()


def test_a_transaction_that_is_rolled_back_leaves_earlier_changes(store):
    with store.writing(Changes(questions=True)) as connection:
        connection.execute(ASK, ("Why?",))
    with pytest.raises(ZeroDivisionError), store.writing(Changes(labels=True)) as connection:
        connection.execute(ASK, (f"{1 / 0}",))
    assert store.take_changes() == Changes(questions=True)


def test_two_windows_see_each_other(store, tmp_path):
    with closing(open_database(tmp_path)) as second_store:
        with second_store.writing() as connection:
            connection.execute(ASK, ("Who?",))
        assert asked_questions(store) == ["Who?"]


def test_a_database_in_use_is_reported_in_words(store, tmp_path):
    with closing(open_database(tmp_path)) as second_store:
        second_store.connection.execute("pragma busy_timeout = 10")
        with store.writing(), pytest.raises(StoreError, match="Another program"), second_store.writing():
            pass


def test_a_full_disk_is_reported_in_words_and_nothing_is_half_written(store):
    store.connection.execute(f"pragma max_page_count = {pragma(store, 'page_count') + 10}")
    with pytest.raises(StoreError, match="disk is full"), store.writing() as connection:
        connection.executemany(ASK, [("Who?",), ("x" * 1_000_000,)])
    assert asked_questions(store) == []


def test_our_own_mistakes_pass_through(store):
    with pytest.raises(sqlite3.OperationalError, match="no such table"), store.reading() as connection:
        connection.execute("select * from nowhere")
    with pytest.raises(sqlite3.IntegrityError), store.writing() as connection:
        connection.execute(ASK, (None,))


def test_every_message_has_its_path_filled_in(tmp_path):
    for code in range(30):
        error = sqlite3.OperationalError("low-level words")
        error.sqlite_errorcode = code | 0x300  # a refinement of the code
        with pytest.raises((StoreError, sqlite3.OperationalError)) as excinfo, translated_errors(tmp_path):
            raise error
        if isinstance(excinfo.value, StoreError):
            assert "low-level" not in str(excinfo.value)
            assert "{" not in str(excinfo.value)


def test_it_belongs_to_the_thread_that_opened_it(store):
    errors = []

    def misuse():
        try:
            with store.reading() as connection:
                connection.execute("select 1")
        except sqlite3.ProgrammingError as error:
            errors.append(error)

    thread = threading.Thread(target=misuse)
    thread.start()
    thread.join()
    assert len(errors) == 1


def test_closing_twice_is_fine_and_leaves_one_file(store, tmp_path):
    store.close()
    store.close()
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith("qadesk")] == ["qadesk.db"]


def test_a_lost_file_is_replaced_by_the_newest_backup(store, tmp_path):
    with store.writing() as connection:
        connection.execute(ASK, ("Who?",))
    with closing(open_database(tmp_path)):
        pass
    store.close()
    store.path.unlink()
    with closing(open_database(tmp_path)) as store:
        assert asked_questions(store) == ["Who?"]
        assert store.notices == (
            "Your saved documents, questions and labels were missing. "
            f"The backup of {date.today().isoformat()} was opened instead.",
        )


def test_renew_copies(store, tmp_path):
    with store.writing() as connection:
        connection.execute(ASK, ("To be forgotten?",))
    with closing(open_database(tmp_path)):
        pass
    (tmp_path / "backups" / "qadesk-2020-01-01.db").write_bytes(b"x")
    (tmp_path / "qadesk-damaged-2020-01-01-000000-000000.db").write_bytes(b"x")
    (tmp_path / "mine.txt").write_bytes(b"x")
    with store.writing() as connection:
        connection.execute("delete from questions")
    replace_backups(store)
    (backup,) = backups.newest_first(store.path)
    assert b"To be forgotten?" not in backup.read_bytes()
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("select count(*) from migrations").fetchone() == (len(migrations.MIGRATIONS),)
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.suffix in {".db", ".txt"}) == [
        "mine.txt",
        "qadesk.db",
    ]

import sqlite3
from contextlib import closing

import pytest

from qadesk.errors import StoreError
from qadesk.store import migrations


@pytest.fixture
def connection():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def steps(monkeypatch):
    """The table of steps, to add to without harm."""
    copy = dict(migrations.MIGRATIONS)
    monkeypatch.setattr(migrations, "MIGRATIONS", copy)
    return copy


def tables(connection):
    return {name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'")}


def columns(connection, table):
    return [row[1] for row in connection.execute(f"pragma table_info({table})")]


def test_steps_are_named_in_order_and_explained():
    names = [name[:4] for name in migrations.MIGRATIONS]
    assert names == [f"m{number:03}" for number in range(1, len(names) + 1)]
    assert all(step.__doc__ for step in migrations.MIGRATIONS.values())


def test_from_nothing(connection):
    assert migrations.pending(connection) == list(migrations.MIGRATIONS)
    migrations.migrate(connection)
    assert migrations.pending(connection) == []
    assert tables(connection) - {"sqlite_sequence"} == {
        "migrations", "texts", "files", "recent", "questions",
        "label_texts", "labels", "label_batches", "label_changes", "collections", "collection_sources",
        "question_answers", "question_words",
    }  # fmt: skip
    assert columns(connection, "texts") == ["id", "hash", "text", "blocks"]
    assert columns(connection, "files") == ["id", "path", "mtime", "size", "text_id"]
    assert columns(connection, "recent") == ["id", "file_id", "text_id", "turn", "title", "kind", "opened"]
    assert columns(connection, "questions") == [
        "id", "file_id", "text_id", "question", "asked", "seconds", "no_answer", "library", "title", "model", "options",
        "starred", "taken",
    ]  # fmt: skip
    assert columns(connection, "question_answers") == [
        "id", "question_id", "number", "place", "file_id", "title", "page", "answer", "confidence", "start", "end",
        "spans", "sentence", "shown_start", "shown_end", "start_confidence", "end_confidence",
    ]  # fmt: skip
    assert columns(connection, "label_texts") == ["id", "text_id", "group", "title", "kind", "file_id"]
    assert columns(connection, "labels") == [
        "id", "text_id", "answered_in", "key", "question", "answers", "is_impossible", "state", "note", "origin",
        "extra", "made", "changed", "author",
    ]  # fmt: skip
    assert columns(connection, "label_batches") == ["id", "sentence", "undone"]
    assert columns(connection, "label_changes") == ["id", "batch", "label", "before", "after"]
    assert columns(connection, "collections") == ["id", "name"]
    assert columns(connection, "collection_sources") == ["id", "collection_id", "path"]


def test_twice_changes_nothing(connection):
    migrations.migrate(connection)
    before = list(connection.iterdump())
    migrations.migrate(connection)
    assert list(connection.iterdump()) == before


def test_each_older_shape_gets_the_steps_that_it_lacks(connection, steps):
    every = dict(steps)
    for count in range(len(every) + 1):
        steps.clear()
        steps.update(list(every.items())[:count])
        migrations.migrate(connection)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrations.migrate(fresh)
        shape = "select sql from sqlite_schema order by name"
        assert connection.execute(shape).fetchall() == fresh.execute(shape).fetchall()


def test_rows_survive_a_step(connection, steps):
    migrations.migrate(connection)
    connection.execute("insert into questions (question, asked, seconds) values ('Who?', 1, 1)")
    steps["m999_stars"] = lambda db: db.execute("alter table questions add column star integer")
    migrations.migrate(connection)
    assert connection.execute("select question, star from questions").fetchall() == [("Who?", None)]


def test_a_step_that_fails_leaves_no_trace_and_the_ones_before_it_stay(connection, steps):
    def fails(db):
        db.execute("create table half (x)")
        db.execute("insert into nowhere values (1)")

    steps["m998_works"] = lambda db: db.execute("create table works (x)")
    steps["m999_fails"] = fails
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrations.migrate(connection)
    assert migrations.pending(connection) == ["m999_fails"]
    assert "works" in tables(connection)
    assert "half" not in tables(connection)
    assert not connection.in_transaction


def test_a_step_that_another_window_applied_meanwhile_is_skipped(connection, steps):
    migrations.migrate(connection)

    def first(db):  # while this one runs, the second is recorded as done
        db.execute("insert into migrations values ('m999_second', 1)")

    def second(db):
        pytest.fail("was applied twice")

    steps["m998_first"], steps["m999_second"] = first, second
    migrations.migrate(connection)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(connection):
    migrations.migrate(connection)
    connection.execute("insert into migrations values ('m123_from_the_future', 1)")
    before = list(connection.iterdump())
    for function in (migrations.pending, migrations.migrate):
        with pytest.raises(StoreError, match="newer version of QADesk") as excinfo:
            function(connection)
        assert "m123_from_the_future" in excinfo.value.detail
    assert list(connection.iterdump()) == before

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.records import GoldSpan, Label, LabelText
from qadesk.sentences import verbatim
from qadesk.store import label_rows
from qadesk.store.database import open_database
from qadesk.store.journal import LabelBatch
from qadesk.structure import Block

TEXT = LabelText(0, "Lamps", "text", Path("/docs/lamps.txt"), "/docs/lamps.txt", "The lamp was lit in 1862.")
WHEN = GoldSpan(20, 24, "1862")


@pytest.fixture
def db(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store.connection


def text(words, **more):
    columns = {"title": "Lamps", "kind": "text", "path": None, "group": "g"} | more
    return LabelText(0, text=words, **columns)


def add(db, question, text_id, *answers, state="labelled", key="", **more):
    row = Label(0, 0, key or question, question, answers, not answers and state == "labelled", state, **more)
    return LabelBatch(db, verbatim("a test")).add(row, text_id)


def questions(db, **criteria):
    return [label.question for label in label_rows.select_labels(db, **criteria)]


def test_a_text_comes_back_as_it_was(db):
    id_ = label_rows.add_label_text(db, TEXT)
    assert label_rows.find_label_text(db, id_) == LabelText(
        id_, TEXT.title, TEXT.kind, TEXT.path, TEXT.group, TEXT.text
    )
    assert label_rows.find_label_text(db, id_ + 1) is None


def test_a_text_has_its_blocks_where_it_is_read_alone(db):
    blocks = (Block("paragraph", 0, len(TEXT.text)),)
    id_ = label_rows.add_label_text(db, replace(TEXT, blocks=blocks))
    assert label_rows.find_label_text(db, id_).blocks == blocks
    assert [row.blocks for row in label_rows.texts_equal_to(db, TEXT.text)] == [()]
    other_id = label_rows.add_label_text(db, replace(TEXT, group="another", blocks=()))
    assert label_rows.find_label_text(db, other_id).blocks == blocks  # the same text


@pytest.mark.parametrize("words", ["", "a\0b", "😀 e\u0301 \u202e", "line\r\nline\n", "x" * 3_000_000])
def test_words_are_kept_verbatim(db, words):
    id_ = label_rows.add_label_text(db, text(words))
    assert label_rows.find_label_text(db, id_).text == words
    assert [row.id for row in label_rows.texts_equal_to(db, words)] == [id_]


def test_the_same_words_in_the_same_group_are_one_row(db):
    first = label_rows.add_label_text(db, text("one"))
    assert label_rows.add_label_text(db, text("one", title="other")) == first
    other_ids = {label_rows.add_label_text(db, text("one", group="h")), label_rows.add_label_text(db, text("two"))}
    assert first not in other_ids
    assert len(other_ids) == 2


def test_halves_of_characters_do_no_harm(db):
    id_ = label_rows.add_label_text(db, text("a\ud83d b", title="t\ud83d", group="g\ud83d"))
    assert label_rows.add_label_text(db, text("a\ud83d b", group="g\ud83d")) == id_
    row = label_rows.find_label_text(db, id_)
    assert (row.text, row.title, row.group) == ("a? b", "t?", "g?")
    label_id = add(db, "W\ud83dy?", id_, GoldSpan(0, 2, "a\ud83d"), note="\ud83d", key="k\ud83d", origin="\ud83d")
    label = label_rows.find_label(db, label_id)
    assert (label.question, label.answers, label.note) == ("W?y?", (GoldSpan(0, 2, "a?"),), "?")
    assert label.answers[0].stands_in(row.text)


def test_a_label_comes_back_as_it_was(db):
    id_ = label_rows.add_label_text(db, TEXT)
    answers = (WHEN, WHEN, GoldSpan(0, 3, 'T"e'))
    row = Label(0, 0, "k", "When?", answers, False, "labelled", "n", "o.json", "{}", 1.5, 2.5)
    label_id = LabelBatch(db, verbatim("a test")).add(row, id_)
    stored_label = label_rows.find_label(db, label_id)
    assert stored_label == Label(label_id, id_, "k", "When?", answers, False, "labelled", "n", "o.json", "{}", 1.5, 2.5)
    assert label_rows.find_label(db, label_id + 1) is None
    assert label_rows.label_with_key(db, "k") == stored_label
    assert label_rows.label_with_key(db, "K") is None


def test_what_was_made_just_now_is_marked_as_such(db):
    label = label_rows.find_label(db, add(db, "When?", label_rows.add_label_text(db, TEXT), WHEN))
    assert label.made == label.changed > 1.6e9


def test_document_order(db):
    first, second = label_rows.add_label_text(db, text("one " * 99)), label_rows.add_label_text(db, text("two " * 99))
    add(db, "a", second, GoldSpan(0, 3, "two"))
    add(db, "open 1", first, state="open")
    add(db, "c", first, GoldSpan(40, 43, "one"), GoldSpan(8, 11, "one"))
    add(db, "no answer", first)
    add(db, "b", first, GoldSpan(4, 7, "one"))
    add(db, "d", first, GoldSpan(80, 83, "one"))
    assert questions(db) == ["b", "c", "d", "open 1", "no answer", "a"]
    assert questions(db, text_id=second) == ["a"]
    assert questions(db, text_id=second + 1) == []


def test_labels_by_state(db):
    id_ = label_rows.add_label_text(db, TEXT)
    for state in ("open", "labelled", "skipped", "lost"):
        add(db, state, id_, state=state)
    for state in ("open", "labelled", "skipped", "lost"):
        assert questions(db, state=state) == [state]


def test_search(db):
    lamps = label_rows.add_label_text(db, TEXT)
    other_id = label_rows.add_label_text(db, text("other", title="Straße"))
    add(db, "When was it?", lamps, WHEN)
    add(db, "WHO did it?", lamps, GoldSpan(4, 8, "lamp"), note="Ask Ada")
    add(db, "Where 100% _sure_?", other_id)
    assert questions(db, search="who DID") == ["WHO did it?"]
    assert questions(db, search="1862") == ["When was it?"]
    assert questions(db, search="20") == []  # an offset
    assert questions(db, search='"') == []  # how the answers are stored
    assert questions(db, search="ada") == ["WHO did it?"]
    assert questions(db, search="STRASSE") == ["Where 100% _sure_?"]
    assert questions(db, search="lamps") == ["WHO did it?", "When was it?"]
    assert questions(db, search="0% _S") == ["Where 100% _sure_?"]
    assert questions(db, search="lamps", state="labelled", text_id=other_id) == []


def test_texts_are_listed_unless_newer_words_have_taken_their_place(db):
    old = label_rows.add_label_text(db, TEXT)
    new = label_rows.add_label_text(db, text("newer", path=TEXT.path))
    pasted = label_rows.add_label_text(db, text("pasted"))
    assert [row.id for row in label_rows.select_texts(db)] == [new, pasted]
    add(db, "When?", old, WHEN)
    assert [row.id for row in label_rows.select_texts(db)] == [old, new, pasted]
    assert [row.id for row in label_rows.labelled_texts_at(db, TEXT.path)] == [old]


def test_a_text_can_be_renamed(db):
    id_ = label_rows.add_label_text(db, TEXT)
    moved_text = LabelText(id_, "New", "markdown", Path("/new/lamps.md"), "/new/lamps.md", TEXT.text)
    label_rows.rename_text(db, moved_text)
    assert label_rows.find_label_text(db, id_) == moved_text


def test_labels_are_counted(db):
    assert label_rows.count_labels(db) == ({}, 0, 0, 0)
    assert not label_rows.has_texts(db)
    first, second = label_rows.add_label_text(db, TEXT), label_rows.add_label_text(db, text("two", group=TEXT.group))
    label_rows.add_label_text(db, text("three"))
    add(db, "a", first)
    add(db, "b", second, GoldSpan(0, 3, "two"))
    add(db, "c", second, state="open")
    assert label_rows.count_labels(db) == ({"labelled": 2, "open": 1}, 1, 2, 1)
    assert label_rows.has_texts(db)
    assert label_rows.select_questions(db, second) == [(2, "b"), (3, "c")]


def test_answers_in_another_text_have_no_place_in_this_one(db):
    old, new = label_rows.add_label_text(db, TEXT), label_rows.add_label_text(db, text("1862 or so, in another text"))
    label_id = add(db, "When?", old, WHEN)
    LabelBatch(db, verbatim("a test")).change(label_id, {"text_id": new, "answered_in": old, "state": "lost"})
    label = label_rows.find_label(db, label_id)
    assert label.answers == (GoldSpan(-1, -1, "1862"),)
    assert label_rows.select_labels(db, search="1862") == [label]
    assert label_rows.stored_answers(db, label_id) == (old, (WHEN,))

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.records import Document, HistoryAnswer, HistoryEntry
from qadesk.store import question_search, questions, recent, texts
from qadesk.store.database import open_database
from qadesk.store.question_search import HistoryFilter

FILE = Document("Ada wrote it.", "note.txt", "text", Path("/docs/note.txt").absolute())
PASTED = Document("Ada wrote it.", "Ada wrote it.")
LAMPS = Path("/docs/Lämpchen.pdf").absolute()
OPTIONS = (("qa.top_k", "5"), ("qa.expected", "usually"))
ALL = HistoryFilter()


@pytest.fixture
def db(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store.connection


def answer(document=FILE, text="Ada", confidence=0.9, **more):
    return HistoryAnswer(text, confidence, document.path, document.title, "", 0, len(text), document.text, **more)


def entry(document=FILE, question="Who?", answers=None, **more):
    answers = (answer(document),) if answers is None else answers
    return HistoryEntry(
        0, question, 5.5, "", document.path, document.title, "reader", OPTIONS, 0.05, 0.25, answers, **more
    )


def library_entry(*answers, question="Where?", library="Papers"):
    return HistoryEntry(0, question, 6.5, library, None, "", "reader", OPTIONS, None, 1.5, answers)


def ask(db, document=FILE, question="Who?", **more):
    return questions.add_entry(db, entry(document, question, **more), texts.hash_of(document.text))


def forget(db, document):
    file_id = None if document.path is None else texts.find_file(db, document.path)
    text_id = texts.find_text(db, document.text)
    questions.delete_questions(db, questions.questions_to_source(db, file_id, text_id))


def sources(db):
    return db.execute(
        """
        select path, hash, text from questions
        left join files on files.id = questions.file_id left join texts on texts.id = questions.text_id
        """
    ).fetchall()


def questions_of(db, **conditions):
    return [row.question for row in question_search.select_entries(db, HistoryFilter(**conditions), 100)]


def test_an_entry_comes_back_as_it_was(db):
    spans = ((4, 7), (20, 23))
    marked = answer(spans=spans, shown_start=4, shown_end=7, start_confidence=0.95)
    answers = (marked, answer(text="it", confidence=0.04))
    added = entry(answers=answers, is_starred=True)
    id_ = questions.add_entry(db, added, texts.hash_of(FILE.text))
    assert question_search.entries_with_ids(db, [id_]) == [replace(added, id=id_)]
    assert questions.hash_of_asked_text(db, id_) == texts.hash_of(FILE.text)


def test_a_question_to_a_library_comes_back_with_all_documents_of_its_answers(db):
    lamps = Document("Ada lit it.", "Lamps", "pdf", LAMPS)
    added = library_entry(replace(answer(lamps), others=(answer(FILE), answer(lamps))), answer(FILE, "it"))
    id_ = questions.add_entry(db, added)
    assert question_search.entries_with_ids(db, [id_]) == [replace(added, id=id_)]
    assert question_search.ids_of_library(db, "Papers") == [id_]
    assert questions.questions_answered_in(db, texts.find_file(db, LAMPS)) == [id_]


def test_an_answer_refers_to_the_text_that_was_asked_also_when_the_file_is_read_in_another_way(db):
    ask(db)
    recent.add_document(db, replace(FILE, text="1. Ada wrote it."))
    ((path, hash_, _text),) = sources(db)
    assert texts.path_from(path) == FILE.path
    assert hash_ == texts.hash_of(FILE.text)


def test_a_question_without_answers(db):
    ask(db, answers=())
    ((*_, answers, _starred),) = [
        (row.question, row.answers, row.is_starred) for row in question_search.select_entries(db, ALL, 10)
    ]
    assert answers == ()


def test_different_questions_newest_first(db):
    for question in ("one", "two", "one", "three", "two"):
        ask(db, question=question)
    assert questions.newest_questions(db, 10) == ["two", "three", "one"]
    assert questions.newest_questions(db, 2) == ["two", "three"]
    assert question_search.count_entries(db) == 5


def test_half_characters_are_replaced(db):
    ask(db, question="Who \ud83d?")
    assert questions.newest_questions(db, 1) == ["Who ??"]


def test_the_newest_are_kept_and_the_starred_ones(db, monkeypatch):
    monkeypatch.setattr(questions, "MAX_QUESTIONS", 3)
    ask(db, question="starred", is_starred=True)
    for number in range(4):
        ask(db, question=str(number))
    assert questions.newest_questions(db, 10) == ["3", "2", "1", "starred"]


def test_stars(db):
    ids = [ask(db, question=question) for question in ("one", "two")]
    questions.set_star(db, ids[0], True)
    assert questions_of(db, starred=True) == ["one"]
    questions.set_star(db, ids[0], False)
    assert questions_of(db, starred=True) == []


def test_a_question_refers_to_the_text_and_the_file_that_it_was_asked_of(db):
    ask(db)
    ask(db, PASTED)
    assert sources(db) == [
        (texts.path_column(FILE.path), texts.hash_of(FILE.text), None),  # the content is not needed
        (None, texts.hash_of(PASTED.text), None),
    ]


def test_the_questions_to_a_file_stay_when_its_text_changes(db):
    ask(db, question="one")
    ask(db, replace(FILE, text="Other words."), "two")
    ask(db, PASTED, "three")
    ask(db, question="one")
    assert questions.of_document(db, FILE, 10) == ["one", "two"]
    assert questions.of_document(db, FILE, 1) == ["one"]
    assert questions.of_document(db, PASTED, 10) == ["three"]
    assert questions.of_document(db, replace(PASTED, text="Other words."), 10) == []
    assert questions.of_document(db, replace(FILE, path=Path("/docs/other.txt")), 10) == []


def test_all_words_of_a_search_are_in_the_question_an_answer_or_a_title_in_any_case_without_accents(db):
    lamps = Document("Étienne lit it.", "Lamps", "pdf", LAMPS)
    ask(db, question="Who wrote the Straße?")
    questions.add_entry(db, library_entry(answer(lamps, "Étienne"), question="WHO lit it?"))
    assert questions_of(db, search="who") == ["WHO lit it?", "Who wrote the Straße?"]
    assert questions_of(db, search="who ETIENNE") == ["WHO lit it?"]
    assert questions_of(db, search="strasse") == ["Who wrote the Straße?"]
    assert questions_of(db, search="lampchen") == ["WHO lit it?"]
    assert questions_of(db, search="papers") == ["WHO lit it?"]
    assert questions_of(db, search="note.txt ada") == ["Who wrote the Straße?"]
    assert questions_of(db, search="who%") == []
    assert questions_of(db, search="who " * 1500) == ["WHO lit it?", "Who wrote the Straße?"]


def test_filters(db):
    ask(db, question="of the file")
    ask(db, PASTED, "of the text")
    questions.add_entry(db, library_entry(answer(FILE), question="of the library"))
    assert questions_of(db, document=FILE) == questions_of(db, document=FILE.path) == ["of the file"]
    assert questions_of(db, document=PASTED) == ["of the text"]
    assert questions_of(db, document=Path("/nowhere")) == []
    assert questions_of(db, library="Papers") == ["of the library"]
    assert questions_of(db, since=6.0) == ["of the library"]
    assert questions_of(db, since=7.0) == []


def test_pages_of_entries(db):
    for number in range(5):
        ask(db, question=str(number))
    assert [row.question for row in question_search.select_entries(db, ALL, 2, 2)] == ["2", "1"]


def test_forget(db):
    for document, question in ((FILE, "of the file"), (PASTED, "of the text")):
        recent.add_document(db, document)
        ask(db, document, question)
    forget(db, FILE)
    assert questions.newest_questions(db, 10) == ["of the text"]
    forget(db, FILE)
    forget(db, PASTED)
    assert questions.newest_questions(db, 10) == []
    ask(db)
    questions.add_entry(db, library_entry(answer(Document("x", "x", path=LAMPS))))
    questions.delete_all_questions(db)
    assert questions.newest_questions(db, 10) == []
    for table in ("question_answers", "question_words"):
        assert db.execute(f"select count(*) from {table}").fetchone() == (0,)
    assert [path for (path,) in db.execute("select path from files")] == [texts.path_column(FILE.path)]  # a recent one

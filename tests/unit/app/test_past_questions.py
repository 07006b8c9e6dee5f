"""Questions with all their answers: kept, looked up, starred, forgotten and put back."""

from contextlib import closing
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app import history
from qadesk.app.entries import asked_depth, library_entry_of
from qadesk.app.open_store import open_store
from qadesk.errors import StoreError
from qadesk.records import Answer, AnswerPlace, Answers, Changes, Document, LibraryAnswer, LibraryAnswers, Page

WORDS = "Ada wrote the note in 1862. Ada kept it."
FILE = Document(WORDS, "note.txt", "text", Path("/docs/note.txt").absolute(), pages=(Page(1, "iv", 0, len(WORDS)),))
PASTED = Document("A lamp was lit in 1862.", "A lamp was lit")
OPTIONS = (("qa.top_k", "5"),)


def span(start, text, confidence, places=()):
    return Answer(start, start + len(text), text, confidence, 0.9, 0.9, 5.0, 5.0, 0.0, places)


ANSWERS = Answers("Who?", (span(0, "Ada", 0.9, ((28, 31),)), span(22, "1862", 0.01)), 0.1, 1, 1, 0.25)


def place(name, text):
    sentence = f"It was {text}."
    return AnswerPlace(
        Path(f"/docs/{name}").absolute(), name, "pdf", "page 3", "3", 7, 7 + len(text), sentence, 7, 7 + len(text)
    )


def library_answers(*answers):
    rows = tuple(LibraryAnswer(text, 0.8, 0.9, 0.9, 5.0, 5.0, 0.0, places) for text, places in answers)
    return LibraryAnswers("Who in all?", rows, 0.2, 5, 9, 4, 0, 1.5)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("QADESK_HOME", str(tmp_path))
    with closing(open_store()) as store:
        yield store


def bytes_on_disk():
    return b"".join(path.read_bytes() for path in paths.data_dir().rglob("*") if path.is_file())


def test_a_question_is_kept_with_all_its_answers(store):
    id_ = history.remember_answers(store, FILE, ANSWERS, "reader 5", OPTIONS)
    assert store.take_changes() == Changes(questions=True)
    (entry,) = history.history_entries(store)
    assert history.entry_with_id(store, id_) == entry
    assert (entry.question, entry.path, entry.title, entry.library) == ("Who?", FILE.path, "note.txt", "")
    assert (entry.model, entry.options, entry.no_answer, entry.seconds) == ("reader 5", OPTIONS, 0.1, 0.25)
    assert entry.is_answered
    first, second = entry.answers
    assert (first.text, first.page, first.spans) == ("Ada", "page iv", ((0, 3), (28, 31)))
    assert (second.text, second.confidence) == ("1862", 0.01)  # also what was not listed
    assert second.sentence[second.shown_start : second.shown_end] == "1862"


def test_a_question_to_a_library_is_kept_with_all_places_of_its_answers(store):
    answers = library_answers(
        ("Ada", (place("a.pdf", "Ada"), place("b.pdf", "Ada"))), ("Eve", (place("b.pdf", "Eve"),))
    )
    history.remember_library_answers(store, "Papers", answers, "reader 5", OPTIONS)
    (entry,) = history.history_entries(store, library="Papers")
    assert (entry.library, entry.path, entry.title) == ("Papers", None, "")
    ada, eve = entry.answers
    assert [answer.title for answer in (ada, *ada.others)] == ["a.pdf", "b.pdf"]
    assert (eve.text, eve.page, eve.others) == ("Eve", "page 3", ())
    assert history.questions(store) == ["Who in all?"]  # the Up key has it too


def test_the_answers_of_a_question_that_is_read_on_take_the_place_of_the_first_ones(store):
    lamp, note = place("lamp.pdf", "Ada"), place("note.pdf", "Eve")
    id_ = history.remember_library_answers(store, "Papers", library_answers(("Ada", (lamp,))), "reader 5", OPTIONS)
    history.star(store, id_)
    (before,) = history.history_entries(store)
    deeper = library_entry_of(library_answers(("Eve", (note,))), "Papers", "reader 6", (("library.depth", "60"),))
    history.replace_library_answers(store, id_, deeper)
    (after,) = history.history_entries(store)
    assert [answer.title for answer in after.answers] == ["note.pdf"]
    assert (after.id, after.asked, after.is_starred) == (before.id, before.asked, True)
    assert (after.model, asked_depth(after)) == ("reader 6", 60)
    assert [entry.id for entry in history.history_entries(store, "eve")] == [id_]
    assert history.history_entries(store, "lamp.pdf") == []
    history.forget_entry(store, id_)
    assert b"lamp.pdf" not in bytes_on_disk()
    history.replace_library_answers(store, id_, deeper)
    assert history.history_entries(store) == []


def test_a_search_and_a_star(store):
    ids = [history.remember_answers(store, document, ANSWERS) for document in (FILE, PASTED)]
    store.take_changes()
    history.star(store, ids[0])
    assert store.take_changes() == Changes(questions=True)
    history.star(store, ids[0])
    assert not store.take_changes()
    assert [entry.id for entry in history.history_entries(store, "ADA", starred=True)] == ids[:1]
    assert [entry.id for entry in history.history_entries(store, document=PASTED)] == ids[1:]
    assert [entry.id for entry in history.history_entries(store, limit=1, offset=1)] == ids[:1]
    assert history.count_of_entries(store) == 2


def test_an_entry_is_forgotten_and_put_back(store):
    ids = [history.remember_answers(store, document, ANSWERS, "reader 5", OPTIONS) for document in (FILE, PASTED)]
    history.star(store, ids[0])
    before = history.history_entries(store)
    forgotten = history.forget_entry(store, ids[0])
    assert [entry.id for entry in history.history_entries(store)] == ids[1:]
    assert b"note.txt" not in bytes_on_disk()
    history.restore(store, forgotten)
    assert history.history_entries(store) == before
    assert history.history_entries(store, document=FILE) == before[1:]
    assert history.forget_entry(store, 99) == []


def test_all_of_a_document_is_forgotten_and_put_back(store):
    in_file = AnswerPlace(FILE.path, FILE.title, "text", "", "", 0, 3, "Ada wrote.", 0, 3)
    lamps = place("b.pdf", "Ada")
    ids = [history.remember_answers(store, document, ANSWERS) for document in (FILE, PASTED, FILE)]
    answers = library_answers(("Ada", (in_file, lamps)), ("1862", (in_file,)))
    ids.append(history.remember_library_answers(store, "Papers", answers))
    before = history.history_entries(store)
    forgotten = history.forget_source(store, ids[2])
    after = history.history_entries(store)
    assert [entry.id for entry in after] == [ids[3], ids[1]]
    assert [(answer.text, answer.title, answer.others) for answer in after[0].answers] == [("Ada", "b.pdf", ())]
    assert b"note.txt" not in bytes_on_disk()
    assert history.history_entries(store, "note.txt") == []
    history.restore(store, forgotten)
    assert history.history_entries(store) == before


def test_all_of_a_pasted_text_or_of_a_library_is_forgotten(store):
    ids = [history.remember_answers(store, document, ANSWERS) for document in (PASTED, FILE)]
    ids += [
        history.remember_library_answers(store, name, library_answers()) for name in ("Papers", "Letters", "Papers")
    ]
    history.forget_source(store, ids[0])
    history.forget_source(store, ids[2])
    assert [entry.id for entry in history.history_entries(store)] == [ids[3], ids[1]]
    assert history.forget_source(store, 99) == []


def test_forgetting_a_recent_document_takes_its_answers_out_of_those_of_a_library(store):
    history.remember_document(store, FILE)
    in_file = AnswerPlace(FILE.path, FILE.title, "text", "", "", 0, 3, "Ada wrote.", 0, 3)
    history.remember_library_answers(store, "Papers", library_answers(("Ada", (in_file,))))
    history.forget_document(store, history.recent_documents(store)[0])
    (entry,) = history.history_entries(store)
    assert entry.answers == ()
    assert b"note.txt" not in bytes_on_disk()


def test_the_pasted_text_of_an_entry_while_it_is_kept(store):
    id_ = history.remember_answers(store, PASTED, ANSWERS)
    with pytest.raises(StoreError, match="no longer kept"):
        history.pasted_text_of(store, id_)
    history.remember_document(store, PASTED)
    assert history.pasted_text_of(store, id_).text == PASTED.text
    file_id = history.remember_answers(store, FILE, ANSWERS)
    with pytest.raises(StoreError, match="no longer kept"):
        history.pasted_text_of(store, file_id)

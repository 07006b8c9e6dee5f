from contextlib import closing

import pytest

from qadesk.app.history import remember_answers
from qadesk.app.labelling import labels
from qadesk.app.labelling.asked import count_asked, take_asked_questions
from qadesk.records import OPEN, Answers, Document, GoldSpan
from qadesk.store.database import open_database

TEXT = "Ada Lovelace wrote the first program in 1843."


@pytest.fixture
def store(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store


@pytest.fixture(params=["file", "pasted"])
def document(request, tmp_path):
    return Document(TEXT, "Ada", "text", tmp_path / "ada.txt" if request.param == "file" else None)


def ask(store, document, *questions):
    for question in questions:
        remember_answers(store, document, Answers(question, (), 0.9, 1, 1))


def label(store, document):
    return labels.answer(store, document, "Who?", [GoldSpan(0, 3, "Ada")])


def open_questions(store):
    return [label.question for label in labels.labels(store, state=OPEN)]


def test_what_is_asked_of_a_document_with_labels_becomes_an_open_label_once(store, document):
    ask(store, document, "When?", "when ?", "WHO?", "When?")
    assert take_asked_questions(store) == []
    label(store, document)
    assert len(take_asked_questions(store)) == 2
    assert open_questions(store) == ["When?", "when ?"]
    assert take_asked_questions(store) == []
    ask(store, document, "Why?")
    take_asked_questions(store)
    assert open_questions(store) == ["When?", "when ?", "Why?"]


def test_a_question_that_was_deleted_does_not_come_back(store, document):
    label(store, document)
    ask(store, document, "When?")
    labels.delete(store, take_asked_questions(store))
    ask(store, document, "when?")
    assert take_asked_questions(store) == []
    assert open_questions(store) == []


def test_questions_to_other_documents_do_not_come(store, document, tmp_path):
    label(store, document)
    ask(store, Document("Bob ate.", "Bob", "text", tmp_path / "bob.txt"), "Who ate?")
    ask(store, Document("Cy sat.", "Cy"), "Who sat?")
    assert take_asked_questions(store) == []
    assert count_asked(store, Document("Cy sat.", "Cy")) == 1


def test_that_they_come_is_no_step_to_undo(store, document):
    label(store, document)
    labels.skip(store, 1)
    labels.undo(store)
    ask(store, document, "When?")
    take_asked_questions(store)
    assert labels.can_redo(store)
    labels.undo(store)
    assert open_questions(store) == ["When?"]


def test_what_was_asked_and_is_no_label_is_counted(store, document):
    ask(store, document, "When?", "Who?")
    assert count_asked(store, document) == 2
    label(store, document)
    assert count_asked(store, document) == 1

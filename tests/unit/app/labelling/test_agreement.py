import csv
import json
from contextlib import closing

import pytest

from qadesk.app.labelling import exchange, labels
from qadesk.app.labelling.agreement import agreement_findings, agreements
from qadesk.labels.checks import find_mistakes
from qadesk.records import LABELLED, OPEN, Document, GoldSpan, LabeledExample
from qadesk.store.database import open_database

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."
DOCUMENT = Document(TEXT, "Ada")


@pytest.fixture
def store(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store


def span(words):
    return GoldSpan(TEXT.index(words), TEXT.index(words) + len(words), words)


def example(key, question, *answers):
    return LabeledExample(key, question, TEXT, "Ada", tuple(map(span, answers)), not answers)


def drain(work):
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def write(path, *rows):
    questions = [
        {"id": key, "question": question, "author": author, "is_impossible": not answer, "answers": answer}
        for key, question, author, answer in rows
    ]
    data = {"data": [{"title": "Ada", "paragraphs": [{"context": TEXT, "qas": questions}]}]}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def answer_of(words):
    return [{"text": words, "answer_start": TEXT.index(words)}]


OWN = [
    example("a", "Who?", "Ada Lovelace"),
    example("b", "When?", "1843"),
    example("c", "Why?"),
    example("d", "Where?", "London"),
]
OTHER = [example("e", "who?", "Lovelace"), example("f", "When?"), example("g", "Why?"), example("h", "Whose?", "Ada")]


def test_the_agreement_is_of_questions_that_both_labelled():
    (result,) = agreements({"": OWN, "Bo": OTHER})
    assert (result.first, result.second, len(result.questions)) == ("You", "Bo", 3)
    assert result.exact == pytest.approx(1 / 3)
    assert result.f1 == pytest.approx((2 / 3 + 0 + 1) / 3)
    # answered: 2 of 3 and 1 of 3; by chance they agree in 2/9 + 2/9, and they agree in 2 of 3
    assert result.kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert result.sentence.startswith(
        "You and Bo both labelled 3 questions: exact match 33\N{NO-BREAK SPACE}%, F1 56\N{NO-BREAK SPACE}%;"
    )


def test_kappa_is_not_defined_where_all_answer():
    (result,) = agreements({"": OWN[:1], "Bo": OTHER[:1]}, "Ada")
    assert (result.first, result.kappa) == ("Ada", None)
    assert "not defined" in result.sentence


def test_there_is_none_without_a_question_of_both():
    assert agreements({"": OWN[3:], "Bo": OTHER}) == []
    assert agreements({"": OWN}) == []


def test_each_question_in_which_they_disagree_is_a_finding():
    kinds = [(finding.kind, finding.label_keys) for finding in agreement_findings({"": OWN, "Bo": OTHER})]
    assert kinds == [("agreement", ()), ("disagreement", ("a", "e")), ("disagreement", ("b", "f"))]
    assert find_mistakes([]) == []


def test_a_file_of_another_person_stands_beside_ones_own_labels(store, tmp_path):
    own = labels.answer(store, DOCUMENT, "Who?", [span("Ada Lovelace")])
    path = write(tmp_path / "bo.json", (own.key, "Who?", "Bo", answer_of("Lovelace")), ("k", "When?", "Bo", []))
    file = drain(exchange.read_labels(path))
    assert exchange.import_labels(store, file) == 2
    assert exchange.import_labels(store, file) == 0
    assert [label.answers[0].text for label in labels.labels(store)] == ["Ada Lovelace"]
    assert [(label.question, label.author) for label in labels.labels(store, author="Bo")] == [
        ("Who?", "Bo"), ("When?", "Bo"),
    ]  # fmt: skip
    assert labels.authors(store) == ["Bo"]
    assert (labels.counts(store).labelled, len(labels.examples(store))) == (1, 1)
    assert [document.labels for document in labels.labelled_documents(store, "Bo")] == [2]
    kinds = [finding.kind for finding in exchange.check_labels(store)]
    assert kinds == ["disagreement", "agreement", "balance", "size"]
    assert labels.undo(store)
    assert labels.authors(store) == []


def test_the_author_can_be_named_for_a_file_that_names_none(store, tmp_path):
    file = drain(exchange.read_labels(write(tmp_path / "x.json", ("k", "Who?", None, answer_of("Ada")))))
    exchange.import_labels(store, file, author="Bo")
    exchange.import_labels(store, file, author="Cy", own_name="Cy")
    assert [label.author for label in labels.labels(store, author=None)] == ["Bo", ""]


def test_me_is_the_user_in_an_import_as_in_an_export(store, tmp_path):
    file = drain(exchange.read_labels(write(tmp_path / "x.json", ("k", "Who?", None, answer_of("Ada")))))
    exchange.import_labels(store, file, author="me")
    assert [label.author for label in labels.labels(store, author=None)] == [""]


def test_what_is_written_to_the_label_of_another_person_is_ones_own(store, tmp_path):
    file = drain(exchange.read_labels(write(tmp_path / "x.json", ("k", "Who?", "Bo", answer_of("Ada")))))
    exchange.import_labels(store, file)
    (others,) = labels.labels(store, author="Bo")
    own = labels.set_answers(store, others.id, [span("Ada Lovelace")])
    assert (own.author, own.state) == ("", LABELLED)
    assert own.id != others.id
    assert labels.set_no_answer(store, others.id).id == own.id
    assert labels.labels(store, author="Bo") == [others]
    labels.undo(store)
    assert labels.undo(store).label_ids == ()
    assert labels.labels(store) == []
    assert [label.state for label in labels.add_questions(store, others.text_id, ["Who?"])] == [OPEN]


@pytest.mark.parametrize("name", ["labels.json", "labels.jsonl", "labels.csv"])
def test_files_name_the_authors_and_their_agreement(store, tmp_path, name):
    labels.answer(store, DOCUMENT, "Who?", [span("Ada Lovelace")])
    path = tmp_path / name
    drain(exchange.export_labels(store, path))
    assert "author" not in path.read_text(encoding="utf-8")
    exchange.import_labels(
        store, drain(exchange.read_labels(write(tmp_path / "x.json", ("k", "Who?", "Bo", answer_of("Lovelace")))))
    )
    drain(exchange.export_labels(store, path, own_name="Ada"))
    content = path.read_text(encoding="utf-8")
    if name.endswith("csv"):
        rows = [(row["author"], row["agreement"]) for row in csv.DictReader(content.splitlines())]
        assert rows == [("Ada", "0.6667"), ("Bo", "0.6667")]
    else:
        assert content.count('"agreement": 0.6667') == 2
    (tmp_path / "other").mkdir()
    with closing(open_database(tmp_path / "other")) as other:
        file = drain(exchange.read_labels(path))
        assert sorted(exchange.examples_in_file(file)) == ["Ada", "Bo"]
        exchange.import_labels(other, file, own_name="Bo")
        assert {label.author for label in labels.labels(other, author=None)} == {"", "Ada"}
        assert all("agreement" not in label.extra for label in labels.labels(other, author=None))
    assert drain(exchange.export_labels(store, path, author="")) == 1


def test_labels_of_others_belong_to_the_text_that_the_user_has(store, tmp_path):
    own = labels.answer(store, Document(TEXT, "My Ada"), "Who?", [span("Ada Lovelace")])
    file = drain(exchange.read_labels(write(tmp_path / "x.json", ("k", "Who?", "Bo", answer_of("Ada")))))
    exchange.import_labels(store, file)
    (others,) = labels.labels(store, author="Bo")
    assert others.text_id == own.text_id
    assert labels.set_no_answer(store, others.id).id == own.id


def test_ones_own_export_adds_nothing_to_the_same_file(store, tmp_path):
    labels.answer(store, Document(TEXT, "ada.txt", "text", tmp_path / "ada.txt"), "Who?", [span("Ada")])
    drain(exchange.export_labels(store, tmp_path / "x.json"))
    assert exchange.import_labels(store, drain(exchange.read_labels(tmp_path / "x.json"))) == 0
    assert labels.counts(store).texts == 1


def test_the_check_of_the_store_knows_the_blocks_of_a_document(store):
    text = "Allowed on the balcony.\n\nOne cat may be kept."
    start = text.index("balcony")
    labels.answer(store, Document(text, "rent"), "What?", [GoldSpan(start, len(text) - 1, text[start:-1])])
    findings = [finding.what for finding in exchange.check_labels(store) if finding.kind == "border"]
    assert findings == ["The answer “balcony. One cat may be kept” to “What?” runs over the end of a paragraph."]

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qadesk.labels.formats import squad, squad_export
from qadesk.labels.formats.raw_rows import RowCollector
from qadesk.labels.formats.writing import entries
from qadesk.labels.label_files import read_dataset
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, GoldSpan, Label, LabelText

from .conftest import TEXT, as_entries, as_stored

ONE = {"id": "q1", "question": " Who wrote it?", "answers": [{"text": "Ada", "answer_start": 0}] * 2}
NONE = {"id": "q2", "question": "Where did she die?", "answers": [], "is_impossible": True,
        "plausible_answers": [{"text": "London", "answer_start": 62}]}  # fmt: skip


def squad_set(*questions, **more):
    return {"version": "1.1", "data": [{"title": "Ada", "paragraphs": [{"context": TEXT, "qas": [*questions]}]}]} | more


def there_and_back(content, has_flag):
    """``content`` after it was read, kept and written."""
    gathering = RowCollector("set.json")
    for row in squad.rows(content, "f1", "set", gathering.note):
        gathering.add(row)
    assert [problem.what for problem in gathering.problems if "has no words" not in problem.what] == []
    return exported(as_entries(gathering), has_flag)


def exported(rows, has_flag):
    return json.loads("".join(squad_export.write(rows, has_flag=has_flag)))


def as_compared(content):
    return json.dumps(content, sort_keys=True)


def test_labels_and_texts_of_a_file(read, labels_of):
    imported = read(squad_set(ONE, NONE, version="v2.0"))
    assert (imported.format, imported.problems) == ("squad-2.0", [])
    ((text, labels),) = imported.texts
    assert (text.title, text.group, text.text) == ("Ada", "Ada", TEXT)
    assert [label.key for label in labels] == ["q1", "q2"]
    assert labels[0].question == " Who wrote it?"
    assert labels[0].answers == (GoldSpan(0, 3, "Ada"),) * 2
    assert (labels[1].answers, labels[1].is_impossible, labels[1].state) == ((), True, LABELLED)


EXACT = {
    "1.1": (squad_set(ONE, {"id": "q3", "question": "W?", "answers": [{"text": "1843", "answer_start": 40}]}), False),
    "2.0": (squad_set(ONE | {"is_impossible": False}, NONE, version="v2.0", source="here", data2=[1.5, None]), True),
    "no version": ({"data": squad_set(ONE)["data"]}, False),
    "marks in some rows": (squad_set(ONE, NONE, version="2.0"), True),
    "an odd version": (squad_set(ONE, version=2), False),
    "unknown keys": (
        {"version": "1.1", "data": [
            {"title": "Ada", "lang": "en", "paragraphs": [
                {"context": TEXT, "document_id": 7, "qas": [ONE | {"level": "easy", "extra": {"a": []}}]},
                {"context": TEXT + " Again.", "qas": [ONE | {"id": "q9"}]}]}]},
        False,
    ),
    "keys of answers": (squad_set(ONE | {"answers": [{"text": "Ada", "answer_start": 0, "kind": "P"}]}), False),
    "no titles": ({"data": [{"paragraphs": [{"context": TEXT, "qas": [ONE]}]},
                            {"paragraphs": [{"context": TEXT, "qas": [ONE | {"id": "b"}]}]}]}, False),
    "a title that is no text": ({"data": [{"title": None, "paragraphs": [{"context": TEXT, "qas": [ONE]}]}]}, False),
    "a title twice": ({"data": [{"title": "A", "paragraphs": [{"context": TEXT, "qas": [ONE]}]},
                                {"title": "A", "paragraphs": [{"context": TEXT, "qas": [ONE | {"id": "b"}]}]}]}, False),
    "a text twice": ({"data": [{"title": "A", "paragraphs": [{"context": TEXT, "qas": [ONE]},
                                                             {"context": TEXT, "qas": [ONE | {"id": "b"}]}]}]}, False),
    "numbers as ids": (squad_set(ONE | {"id": 17}, ONE | {"id": "18"}), False),
    "a question twice": (squad_set(ONE, ONE | {"id": "q7"}), False),
    "nothing asked": (
        {"data": [{"title": "Empty", "paragraphs": []},
                  {"title": "Ada", "paragraphs": [{"context": "First.", "qas": []}, {"context": TEXT, "qas": [ONE]},
                                                  {"context": "Last.", "qas": [], "more": 1}]},
                  {"title": "Unasked", "paragraphs": [{"context": "Alone.", "qas": []}]}]},
        False,
    ),
    "no answer without a list": (squad_set(ONE, {"id": "q2", "question": "Where?", "is_impossible": True}), True),
    "no answer as an empty one": (
        squad_set({"id": "q", "question": "W?", "is_impossible": True, "answers": [{"text": "", "answer_start": -1}]}),
        True,
    ),
    "open questions": (squad_set(ONE, {"id": "q4", "question": "Why?"}), False),
    "blocks": (
        {"data": [{"title": "Ada", "paragraphs": [
            {"context": TEXT, "qadesk_blocks": [["pair", 0, 69, 0, 13, 0, []]], "qas": [ONE, ONE | {"id": "b"}]},
            {"context": TEXT + " Again.", "qas": [ONE | {"id": "c"}]}]}]},
        False,
    ),
    "no characters but ours": (squad_set(ONE | {"id": "é😀", "x": "half \ud83d", "question": "¿Qué?\u2028"}), False),
}  # fmt: skip


@pytest.mark.parametrize(("content", "has_flag"), EXACT.values(), ids=EXACT)
def test_what_comes_in_goes_out_word_for_word(content, has_flag):
    original = copy.deepcopy(content)
    assert as_compared(there_and_back(content, has_flag)) == as_compared(original)


KEYS = st.dictionaries(
    st.text(max_size=3).map("x".__add__), st.integers() | st.text(max_size=4) | st.none(), max_size=2
)
WORDS = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() and "\f" not in text)


@st.composite
def a_data_set(draw):
    """Any data set in good order: unknown keys at all levels, repeated texts and titles, empty parts."""
    number = iter(range(1000))

    def question(context):
        row = draw(KEYS) | {"id": f"q{next(number)}", "question": draw(WORDS)}
        start = draw(st.integers(0, len(context) - 1))
        text = context[start : draw(st.integers(start + 1, len(context)))]
        is_impossible = draw(st.booleans()) or not text.strip()
        answers = [draw(KEYS) | {"text": text, "answer_start": start}] * draw(st.integers(1, 2))
        return row | {"answers": [] if is_impossible else answers, "is_impossible": is_impossible}

    def paragraph():
        context = draw(st.sampled_from([TEXT, "😀 Ada"]) | WORDS)
        return draw(KEYS) | {"context": context, "qas": [question(context) for _ in range(draw(st.integers(0, 2)))]}

    def article():
        paragraphs = [paragraph() for _ in range(draw(st.integers(0, 3)))]
        return draw(KEYS) | {"title": draw(WORDS | st.just("Ada")), "paragraphs": paragraphs}

    return draw(KEYS) | {"version": "v2.0", "data": [article() for _ in range(draw(st.integers(1, 3)))]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(a_data_set())
def test_any_data_set_goes_out_word_for_word(content):
    if squad.size(content):
        assert as_compared(there_and_back(content, True)) == as_compared(content)


def test_problems_have_article_paragraph_question_and_id(read):
    bad = {"id": "q5", "question": "Who?", "answers": [{"text": "Ada", "answer_start": 44}]}
    content = squad_set(ONE, bad, {"id": "q6", "question": " "}, "?")
    content["data"] += [3, {"title": "Babbage", "paragraphs": [None]}]
    imported = read(content)
    assert [(problem.where, problem.what) for problem in imported.problems] == [
        ("Ada, paragraph 1, question 2 (q5)", "The answer 'Ada' is not at 44 but at 46. The question was left out."),
        ("Ada, paragraph 1, question 3 (q6)", "The question is empty and was left out."),
        ("Ada, paragraph 1, question 4", "It has no question and was left out."),
        ("article 2", "It has no list of paragraphs and was left out."),
        ("Babbage, paragraph 1", "It has no list of questions and was left out."),
    ]
    assert [label.key for _, labels in imported.texts for label in labels] == ["q1"]


def test_the_keys_of_a_file_survive_its_first_question(read):
    content = squad_set(ONE | {"question": ""}, ONE | {"id": "q8"}, source="here")
    out = exported(as_entries(read(content)), False)
    assert (out["source"], [row["id"] for row in out["data"][0]["paragraphs"][0]["qas"]]) == ("here", ["q8"])


def test_blocks_that_do_not_fit_are_reported_and_do_not_go_out(read):
    content = squad_set(ONE)
    content["data"][0]["paragraphs"][0]["qadesk_blocks"] = [["pair", 0, 99, 0, 13, 0, []]]
    imported = read(content)
    assert [problem.where for problem in imported.problems] == ["Ada, paragraph 1"]
    assert list(exported(as_entries(imported), False)["data"][0]["paragraphs"][0]) == ["qas", "context"]


def test_an_answer_that_was_changed_goes_out_as_it_is_now(read):
    labels, texts = as_stored(read(squad_set(ONE | {"answers": [{"text": "Ada", "answer_start": 0, "category": "P"}]})))
    label = replace(labels[0], answers=(GoldSpan(40, 44, "1843"),))
    (row,) = exported(entries([label], texts), False)["data"][0]["paragraphs"][0]["qas"]
    assert row["answers"] == [{"text": "1843", "answer_start": 40}]


def test_labels_of_ones_own_stand_behind_those_that_were_imported(read):
    labels, texts = as_stored(read(squad_set(ONE, source="here")))
    texts[7] = LabelText(7, "notes.txt", "text", None, "/home/me/notes.txt", "Bob ate pie.")
    texts[8] = LabelText(8, "Ada", "text", None, "Ada", "More on Ada.")
    own = [
        Label(90, 1, "mine1", "When?", (GoldSpan(40, 44, "1843"),), False, LABELLED),
        Label(91, 7, "mine2", "Who ate?", (GoldSpan(0, 3, "Bob"),), False, LABELLED),
        Label(92, 8, "mine3", "On whom?", (GoldSpan(8, 11, "Ada"),), False, LABELLED),
    ]
    out = exported(entries([*own, *labels], texts), False)
    assert (out["version"], out["source"]) == ("1.1", "here")
    imported = [(article["title"], [[row["id"] for row in paragraph["qas"]] for paragraph in article["paragraphs"]])
             for article in out["data"]]  # fmt: skip
    assert imported == [("Ada", [["q1", "mine1"], ["mine3"]]), ("notes.txt", [["mine2"]])]


def test_two_files_in_one_lose_only_the_keys_of_the_files(read):
    first, texts = as_stored(read(squad_set(ONE, source="here", version="mine")))
    second = read(squad_set(ONE | {"id": "z1"}, source="there"), "other.json")
    second = [replace(label, id=50, text_id=1) for _, labels in second.texts for label in labels]
    out = exported(entries([*first, *second], texts), False)
    assert {key: value for key, value in out.items() if key != "data"} == {"version": "1.1"}
    assert [[row["id"] for row in article["paragraphs"][0]["qas"]] for article in out["data"]] == [["q1"], ["z1"]]


def test_a_file_of_the_other_version_gets_marks_and_a_version_that_fits(read):
    imported = as_entries(read(squad_set(ONE, source="here")))
    out = exported(imported, True)
    assert (out["version"], out["source"]) == ("v2.0", "here")
    assert out["data"][0]["paragraphs"][0]["qas"][0]["is_impossible"] is False


def test_what_the_versions_keep():
    def label(state=LABELLED, is_impossible=False, extra=""):
        return Label(1, 1, "k", "Q?", (), is_impossible, state, extra=extra)

    open_entry = '{"squad":{"file":"f","at":[0,0,0],"answers":null,"marked":false}}'
    for has_flag in (False, True):
        assert squad_export.keeps(label(), has_flag=has_flag)
        assert squad_export.keeps(label(is_impossible=True), has_flag=has_flag) is has_flag
        assert squad_export.keeps(label(OPEN, extra=open_entry), has_flag=has_flag)
        for state in (OPEN, SKIPPED, LOST):
            assert not squad_export.keeps(label(state), has_flag=has_flag)


def test_the_evaluation_reads_what_is_written(read, tmp_path):
    path = tmp_path / "out.json"
    path.write_text(
        "".join(squad_export.write(as_entries(read(squad_set(ONE, NONE))), has_flag=True)), encoding="utf-8"
    )
    imported = read_dataset(path)
    assert imported.problems == ()
    assert [example.is_impossible for example in imported.examples] == [False, True]

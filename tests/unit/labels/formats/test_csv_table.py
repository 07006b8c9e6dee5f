import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qadesk.errors import DataError
from qadesk.labels.formats import csv_table
from qadesk.records import LABELLED, OPEN, SKIPPED, GoldSpan

from .conftest import TEXT, as_entries

HEAD = "id,question,context,answer,answer_start\n"


def table(*rows, head="id,question,context,answer,answer_start", delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([head.split(","), *rows])
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["set.csv", "set.tsv", "set.txt"])
def test_the_first_line_shows_the_delimiter(read, labels_of, delimiter, name):
    imported = read("\ufeff" + table(["a", "Who?", TEXT, "Ada", "46"], delimiter=delimiter), name)
    (label,) = labels_of(imported)
    assert (imported.format, label.key, label.answers) == ("csv", "a", (GoldSpan(46, 49, "Ada"),))


def test_names_of_columns_as_people_write_them(read, labels_of):
    imported = read(table(["Who?", TEXT, "1843", "yes"], head="Question,Context,Answer,Is Impossible"), "set.csv")
    assert [(label.answers, label.state) for label in labels_of(imported)] == [((GoldSpan(40, 44, "1843"),), LABELLED)]


@pytest.mark.parametrize(
    ("answer", "impossible", "state", "is_impossible"),
    [("", "", OPEN, False), ("", "false", OPEN, False), ("", "TRUE", LABELLED, True), ("", "1", LABELLED, True)],
)
def test_an_empty_cell_is_an_open_question(read, labels_of, answer, impossible, state, is_impossible):
    imported = read(table(["Who?", TEXT, answer, impossible], head="question,context,answer,is_impossible"), "set.csv")
    assert [(label.state, label.is_impossible) for label in labels_of(imported)] == [(state, is_impossible)]
    assert imported.problems == []


def test_lines_of_one_id_are_answers_to_one_question_in_any_order(read, labels_of):
    rows = [["a", "Who?", TEXT, "Ada", "0"], ["a", "Who?", "", "Ada", "46"], ["b", "When?", TEXT, "1843", ""],
            ["a", "", "", "Ada Lovelace", "0"]]  # fmt: skip
    for ordered in (rows, rows[::-1], sorted(rows, key=lambda row: row[3])):
        imported = read(table(*ordered), "set.csv")
        assert imported.problems == []
        answers = {label.key: {(span.start, span.text) for span in label.answers} for label in labels_of(imported)}
        assert answers == {"a": {(0, "Ada"), (46, "Ada"), (0, "Ada Lovelace")}, "b": {(40, "1843")}}


def test_the_same_line_twice_is_a_duplicate(read, labels_of):
    row = ["a", "Who?", TEXT, "Ada", "0"]
    imported = read(table(row, row), "set.csv")
    assert [(problem.where, problem.what) for problem in imported.problems] == [
        ("line 3", "An earlier row has the same id: this one is a duplicate and was left out.")
    ]
    assert [label.answers for label in labels_of(imported)] == [(GoldSpan(0, 3, "Ada"),)]
    imported = read(table(row, ["a", "Another?", TEXT, "Ada", "0"]), "set.csv")
    assert [problem.where for problem in imported.problems] == ["line 3 (a)"]


def test_places_count_the_lines_within_cells(read):
    imported = read(table(["a", "Who?", "One\n\ntwo", "two", "5"], ["b", "", TEXT, "Ada", "0"]), "set.csv")
    assert [problem.where for problem in imported.problems] == ["line 5 (b)"]


def test_numbers_with_a_point_are_whole_numbers(read, labels_of):
    imported = read(table(["a", "Who?", TEXT, "Ada", "46.0"], ["b", "Who?", TEXT, "Ada", "4x"]), "set.csv")
    assert [label.answers[0].start for label in labels_of(imported)] == [46]
    assert imported.problems[0].what == (
        "An answer has an offset that is not a whole number. The question was left out."
    )


def test_the_table_of_label_studio(read, labels_of):
    cell = '[{"start": 46, "end": 49, "text": "Ada", "labels": ["Answer"]}]'
    imported = read(table([7, "Who?", TEXT, cell], head="id,question,text,answer"), "set.csv")
    assert [label.answers for label in labels_of(imported)] == [(GoldSpan(46, 49, "Ada"),)]


def test_a_quotation_mark_that_is_missing(read):
    with pytest.raises(DataError, match="cannot be read to its end"):
        read(HEAD + 'a,"Who?' + "x" * 30_000_000, "set.csv")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=x", "''@"])
def test_cells_that_a_spreadsheet_runs_are_escaped(cell):
    assert csv_table.escape(cell) == f"'{cell}"
    assert csv_table.unescape(f"'{cell}") == cell


@pytest.mark.parametrize("cell", ["", "x=1", "'", "'x", "1-2", " =1"])
def test_other_cells_stay_as_they_are(cell):
    assert csv_table.escape(cell) == csv_table.unescape(cell) == cell


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_escaping_can_be_taken_back(cell):
    assert csv_table.unescape(csv_table.escape(cell)) == cell
    assert not cell or csv_table.escape(cell)[0] not in "=+-@\t\r"


def test_there_and_back(read, labels_of):
    text = "=Ada, \"Lovelace\"\r\nand 'Babbage'; -1"
    rows = [
        {"id": "a", "title": "=T", "question": "+Who?", "context": text, "note": "@sure",
         "answers": [{"text": "=Ada", "answer_start": 0}, {"text": "-1", "answer_start": 33},
                     {"text": '"Lovelace"\r\nand', "answer_start": 6}]},
        {"id": "b", "title": "=T", "question": "Where?", "context": text, "is_impossible": True},
        {"id": "c", "title": "=T", "question": "Why?", "context": text},
        {"id": "d", "title": "U", "question": "How?", "context": text, "state": "skipped"},
    ]  # fmt: skip
    imported = read(rows)
    assert imported.problems == []
    out = "".join(csv_table.write(as_entries(imported)))
    assert all(cell[:1] not in tuple("=+@-") for row in csv.reader(io.StringIO(out, newline="")) for cell in row)
    reimported = read("\ufeff" + out, "set.csv")
    assert reimported.problems == []
    assert labels_of(imported) == [replace(label, origin="set.json") for label in labels_of(reimported)]
    assert [text for text, _ in reimported.texts] == [text for text, _ in imported.texts]
    assert [label.state for label in labels_of(reimported)] == [LABELLED, LABELLED, OPEN, SKIPPED]

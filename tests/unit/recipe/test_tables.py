"""Tables in another order, and without the cell that a question asks for."""

from __future__ import annotations

from random import Random

from tables import shuffled, without_cell
from tiny_run import an_example

TABLE = "Item\tPrice\tStock\tFrom\nMilk\t2\tten\tPetra\nBread\t3\tnone\tOmar\nTea\t4\tsix\tLucia"
TEXT = f"Prices of the shop at the corner.\n\n{TABLE}\n\nWe close at noon."


def test_rows_and_columns_move_and_answers_move_with_them() -> None:
    orders = set()
    for seed in range(60):
        example = shuffled(an_example("Who brings the bread?", TEXT, "Omar", "We close at noon."), Random(seed))
        assert [answer.stands_in(example.context) for answer in example.answers] == [True, True]
        lines = example.context.splitlines()
        headers, *rows = [line.split("\t") for line in lines[2:6]]
        assert lines[:2] + lines[6:] == ["Prices of the shop at the corner.", "", "", "We close at noon."]
        assert (headers[0], sorted(headers[1:])) == ("Item", ["From", "Price", "Stock"])
        assert {row[0]: row[headers.index("From")] for row in rows} == {
            "Milk": "Petra",
            "Bread": "Omar",
            "Tea": "Lucia",
        }
        orders.add(tuple(lines[2:6]))
    assert len(orders) > 20


def test_a_text_without_tables_stays() -> None:
    example = an_example("Who?", "The man bought milk.", "man")
    assert shuffled(example, Random(1)) == example


def test_without_its_row_or_column_a_question_has_no_answer() -> None:
    tables = set()
    for seed in range(40):
        other = without_cell(an_example("Who brings the bread?", TEXT, "Omar"), Random(seed))
        assert other is not None
        assert (other.is_impossible, other.answers) == (True, ())
        tables.add("\n".join(other.context.splitlines()[2:-2]))
    assert tables == {
        "Item\tPrice\tStock\tFrom\nMilk\t2\tten\tPetra\nTea\t4\tsix\tLucia",
        "Item\tPrice\tStock\nMilk\t2\tten\nBread\t3\tnone\nTea\t4\tsix",
    }


def test_what_the_rest_may_answer_is_left_alone() -> None:
    for question, text, answer in (
        ("What is the dearest thing?", TEXT, "Tea"),  # another one is, then
        ("Who brings the bread?", f"{TEXT}\n\nOmar is new.", "Omar"),
        ("When do we close?", TEXT, "noon"),  # not in the table
    ):
        assert without_cell(an_example(question, text, answer), Random(1)) is None

"""Documents of our own with questions, as they are written for the recipe."""

from __future__ import annotations

from pathlib import Path

import data
import pytest
from documents import FormatError, read_documents

FILE = """
Prices of a laundry
ALDER LANE LAUNDRY

Item | Wash | Iron
Shirt | 2.80 | 1.90
Duvet | 14.00 | 1.90
-----
Q: how much to iron a duvet
A: 1.90 << Duvet
Q: What is the dearest thing to wash?
A: Duvet || Duvet | 14.00
N: do they clean leather
=====
A note
Back at ten.
-----
M: When did she leave?
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shops.txt"


def test_documents_become_questions(path: Path) -> None:
    path.write_text(FILE, encoding="utf-8")
    iron, dearest, leather, note = read_documents(path)
    assert iron.context == "ALDER LANE LAUNDRY\n\nItem\tWash\tIron\nShirt\t2.80\t1.90\nDuvet\t14.00\t1.90"
    assert (iron.question, iron.title) == ("how much to iron a duvet", "Prices of a laundry")
    (answer,) = iron.answers
    assert (iron.context[: answer.start][-6:], answer.text) == ("14.00\t", "1.90")
    assert dearest.gold_texts == ("Duvet", "Duvet\t14.00")
    assert all(answer.stands_in(example.context) for example in (iron, dearest) for answer in example.answers)
    assert [example.is_impossible for example in (iron, dearest, leather, note)] == [False, False, True, True]
    assert (note.context, note.question) == ("Back at ten.", "When did she leave?")
    assert len({example.id for example in (iron, dearest, leather, note)}) == 4


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("A: 1.90 << Shirt", ""),
        ("A: 1.90", "more than once"),
        ("A: 4.00", "not in the text"),  # a part of 14.00
        ("A: 2.80 << Duvet", "not in the text"),
        ("A: 1.90 << Sheet", "not in the text"),
        ("", "no answer below"),
    ],
)
def test_every_problem_is_named(path: Path, line: str, problem: str) -> None:
    path.write_text(
        FILE.replace("A: 1.90 << Duvet", line).replace("N: do", "X: do") if problem else FILE, encoding="utf-8"
    )
    if not problem:
        assert read_documents(path)
        return
    with pytest.raises(FormatError) as error:
        read_documents(path)
    first, second = str(error.value).splitlines()
    assert first.startswith("shops.txt: Prices of a laundry: Q: how much to iron a duvet: ")
    assert problem in first
    assert second.endswith("X: do they clean leather: not a question")


def test_the_documents_of_the_recipe_are_right() -> None:
    sets = data.read(Path(), [data.OWN])
    assert len(sets[data.OWN]) > 1000
    assert len({example.id for example in sets[data.OWN]}) == len(sets[data.OWN])
    assert set(data.fingerprints(Path(), [data.OWN])) == {f"documents/{path.name}" for path in data.own_files()}

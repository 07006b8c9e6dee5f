"""The card and the picture's points come from what was measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import card
import prepare
import pytest
import reliability
from measure import Said
from tiny_run import RECIPE, Make

SIZES = {"windows": 200, "tokens": 5000, "without answer": 50}


def a_report(**changed: Any) -> dict[str, Any]:
    return {"total": 1234, "exact": 61.25, "f1": 70.04, "best_f1": None, "ece": 0.0312} | changed


def test_every_number_is_in_the_card() -> None:
    found = {
        "place": {"steps": 900, "tokens": 4000, "knots": [[2500, 1.0], [4000, 0.0]]},
        "weights": "average",
        "temperature": 0.86,
        "sets": {"squad-v1": a_report(), "squad-v2": a_report(best_f1=66.66)},
        "development": {"one": a_report(), "two": a_report(f1=55.5)},
        "float32": {"one": a_report(), "two": a_report(f1=55.9)},
    }
    facts = {"recipe": RECIPE, "sizes": {"constant": SIZES, "decay": SIZES}, "data": {"squad1.1-a": "", "qed-nq": ""}}
    text = card.card("Reader", facts, found, [("Who | what?", "he", "she", 0.512)])
    assert text.startswith("# Reader\n")
    assert "4,000 tokens in 900 steps. First 2,500 at a constant rate" in text
    assert "200 windows, of which 25 % without an answer" in text
    assert "| squad-v2, int8 | 1,234 | 61.2 | 70.0 | 66.7 | 0.031 |" in text
    assert "| half of them without, float32 | 1,234 | 61.2 | 55.9 |  | 0.031 |" in text
    assert "| Who / what? | he | she | 51 % |" in text
    assert "Temperature 0.86" in text
    assert text.endswith("Natural Questions: CC BY-SA 3.0; SQuAD: CC BY-SA 4.0.\n")


def test_every_set_of_the_recipe_has_a_licence() -> None:
    plan = prepare.recipe()
    names = {row["name"] for phase in prepare.PHASES for row in plan[phase]["sets"]}
    assert card.licences(sorted(names))


def test_failures_are_wrong_and_the_surest_first(example: Make) -> None:
    rows = [
        (example("a", "The man bought milk.", "man"), Said("milk", 0.5, 0.0)),
        (example("b", "The man bought milk.", "man"), Said("milk", 0.9, 0.0)),
        (example("c", "The man bought milk.", "man"), Said("The man", 0.99, 0.0)),
        (example("d", "The man bought milk.", "man bought"), Said("bought", 0.99, 0.0)),
    ]
    assert [row[0] for row in card.worst(rows)] == ["b", "a"]


def test_points_are_means_of_their_tenth() -> None:
    found = reliability.points([0.12, 0.18, 0.95, 1.0], [True, False, True, True])
    assert [(point.confidence, point.right, point.count) for point in found] == [
        (pytest.approx(0.15), 0.5, 2),
        (pytest.approx(0.975), 1.0, 2),
    ]


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    """In a process of its own: here Qt is hidden."""
    code = (
        "import sys; from pathlib import Path; import reliability; "
        "reliability.draw(Path(sys.argv[1]), {'a': ([0.1, 0.9], [False, True]), 'b': ([0.5], [True])})"
    )
    folder = str(Path(reliability.__file__).parent)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "p.png")], check=True, cwd=folder, timeout=60)
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")

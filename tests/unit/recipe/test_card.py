"""The model card and the reliability diagram come from the measurements."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import card
import prepare
import reliability
from measure import Questions
from tiny_run import RECIPE, Make

from qadesk.qa.calibration import UNCALIBRATED

SIZES = {"windows": 200, "tokens": 5000, "without answer": 50}


def a_report(**changed: Any) -> dict[str, Any]:
    return {"total": 1234, "exact": 61.25, "f1": 70.04, "best_f1": None, "ece": 0.0312, "no_answer": {}} | changed


def test_every_number_is_in_the_card() -> None:
    results = {
        "place": {"steps": 900, "tokens": 4000, "knots": [[2500, 1.0], [4000, 0.0]]},
        "weights": "average",
        "shares": {},
        "calibration": {
            "temperature": 0.86,
            "answerable": 0.625,
            "null": {"slope": 0.25, "bias": 1.125},
            "best": {"slope": 0.75, "bias": -0.5},
            "other": {"slope": 0.5, "bias": 0.0},
        },
        "sets": {
            "squad-v1": a_report(no_answer=None, seconds=12.34),
            "squad-v2": a_report(best_f1=66.66, f1=65.04, seconds=10),
        },
        "everyday": {"total": 60, "useful": 0.75, "top": 0.8, "kinds": {"table": [3, 5]}, "auc": 0.9},
        "trust": {"20": {"total": 120, "confidence": 0.514, "right": 0.5}},
        "development": {"one": a_report(), "two": a_report(f1=55.5)},
        "float32": {"one": a_report(), "two": a_report(f1=55.9)},
    }
    sizes = {"constant": SIZES, "decay": SIZES}
    facts = {"base": "", "recipe": RECIPE, "sizes": sizes, "data": {"squad1.1-a": "", "qed-nq": ""}}
    text = card.card("Reader", facts, results, [("Who | what?", "he", "she", 0.512)])
    assert text.startswith("# Reader\n")
    flat = " ".join(text.split())
    assert "4,000 tokens in 900 steps. First 2,500 at a constant rate" in flat
    assert "200 windows, of which 25 % without an answer" in flat
    assert "Started from the encoder of all-MiniLM-L6-v2 (Apache-2.0). 4,000" in flat
    assert "the weights are the running average of the last steps." in flat
    assert "Dropout of 0.1 from 300 tokens on" in flat
    assert "| squad-v2, int8 | 1,234 | 61.2 | 65.0 | 66.7 | 0.031 |" in text
    assert "| this one | 22.6 M | 70.0 | 65.0 |" in text
    assert "60 questions as people type them): 75.0 % get what is useful" in flat
    assert "right for 80.0 % of those with an answer: 3 of 5 in table cells." in flat
    assert "in which 62 % of the questions have an answer" in flat
    assert "| 20 | 120 | 51 % | 50 % |" in text
    assert "100 questions a second of squad-v1, 123 questions a second of squad-v2, on a processor" in text
    assert "| half of them without, float32 | 1,234 | 61.2 | 55.9 |  | 0.031 |" in text
    assert "| Who / what? | he | she | 51 % |" in text
    assert "Temperature 0.860. The chance that there is an answer has the log odds 0.250 m - 1.125," in flat
    assert "the best one 0.750 x + 0.500, and another of those listed 0.500 x - 0.000," in flat
    assert text.endswith("Natural Questions: CC BY-SA 3.0; SQuAD: CC BY-SA 4.0.\n")
    results |= {"weights": "mixed", "shares": {"base": 0.4, "a": 0.35, "b": 0.25}}
    flat = " ".join(card.card("Reader 3", facts | {"base": "Reader 2"}, results, []).split())
    assert "Started from Reader 2, which came from the encoder" in flat
    assert "the weights are the mean of 40% of what it started from and 35% of the run a and 25% of the run b." in flat


def test_every_set_of_the_recipe_has_a_licence() -> None:
    plan = prepare.recipe()
    names = {row["name"] for phase in prepare.PHASES for row in plan[phase]["sets"]}
    assert card.licences(sorted(names))


def test_failures_are_wrong_and_the_surest_first(example: Make, fixed: Callable[..., Questions]) -> None:
    text = "The man bought milk."
    questions = [
        example("a", text, "man"),
        example("b", text, "man"),
        example("c", text, "The man"),
        example("d", text, "man bought"),
        example("e", text),
    ]
    scored_questions = fixed(questions, {"a": (3, 1.0), "b": (3, 4.0), "c": (1, 9.0), "d": (2, 9.0), "e": (2, 2.0)})
    rows = card.worst_answers(scored_questions, UNCALIBRATED)
    assert [row[:3] for row in rows] == [("b", "milk", "man"), ("e", "bought", "no answer"), ("a", "milk", "man")]
    assert rows[0][3] > rows[1][3] > rows[2][3] > 0


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    """In a process of its own: here Qt is hidden."""
    code = (
        "import sys; from pathlib import Path; import reliability; "
        "reliability.draw(Path(sys.argv[1]), {'a': ([0.1, 0.9], [False, True]), 'b': ([0.5], [True])})"
    )
    folder = str(Path(reliability.__file__).parent)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "p.png")], check=True, cwd=folder, timeout=60)
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")

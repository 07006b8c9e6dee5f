"""Nothing of a development article is left in training, in whatever file and spelling."""

from __future__ import annotations

import hashlib
from pathlib import Path

import data
from tiny_run import Make

from qadesk.app.training.run_folder import as_squad, write_json

SECRET = "The old mill by the river ground corn for nine villages until the great flood of 1883 carried it away."
OPEN = "A tower was built on the hill by the first settlers, who came with nothing but two oxen and a broken plough."


def test_development_articles_go_from_training(example: Make) -> None:
    sets = {
        "one": [
            example("When was the flood?", SECRET, "1883", title="Old_Mill_(Town)"),
            example("Who built it?", OPEN, "first settlers", title="Tower"),
        ],
        "two": [
            example("What is it?", "A mill of the same name.", "mill", title="old mill (town)"),  # same article
            example("What ground it?", SECRET.lower().replace(",", " ,"), "mill", title="x"),  # detokenised
            example("What came?", f"Before. {SECRET} After.", "flood", title="y"),  # part of a longer text
            example("Who came?", OPEN, "settlers", title="z"),
        ],
    }
    training, development = data.part(sets, {"one": ["Old Mill (Town)"]})
    assert [row.question for row in development["one"]] == ["When was the flood?"]
    assert [row.question for row in training["one"]] == ["Who built it?"]
    assert [row.question for row in training["two"]] == ["Who came?"]


def test_a_short_sentence_of_a_development_paragraph_goes_too(example: Make) -> None:
    sets = {
        "one": [example("Where?", f"It stood there. {OPEN}", "hill", title="Tower")],
        "two": [
            example("Where did it stand?", "It stood there.", "there", title=""),
            example("Where else?", "It stood here.", "here", title=""),
        ],
    }
    training, _ = data.part(sets, {"one": ["Tower"]})
    assert [row.question for row in training["two"]] == ["Where else?"]


def test_titles_are_compared_by_their_words() -> None:
    assert data.plain_title("Saint_Barth%C3%A9lemy") == data.plain_title("Saint Barthélemy")


def test_files_are_read_by_name_and_known_by_their_bytes(tmp_path: Path, example: Make) -> None:
    rows = [example("Who?", "The man.", "man", key="a"), example("Why?", "The man.", key="b")]
    write_json(tmp_path / "set.json", as_squad(rows))
    sets_read = data.read(tmp_path, ["set"])
    assert [row.gold_texts for row in sets_read["set"]] == [("man",), ()]
    fingerprint = hashlib.sha256((tmp_path / "set.json").read_bytes()).hexdigest()
    assert data.fingerprints(tmp_path, ["set"]) == {"set": fingerprint}

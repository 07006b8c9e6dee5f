"""Two entries of one question, side by side."""

from pathlib import Path

from qadesk.app.history.answer_changes import change_summary, changed_answers
from qadesk.records import HistoryAnswer, HistoryEntry


def entry(*answers, no_answer=0.1):
    rows = tuple(HistoryAnswer(text, sure, Path("/a.txt"), "a.txt", "", 0, 1) for text, sure in answers)
    return HistoryEntry(1, "Who?", 1.0, "", Path("/a.txt"), "a.txt", "reader", (), no_answer, 0.1, rows)


def test_answers_with_the_same_words_are_one_and_unlikely_ones_are_left_out():
    before = entry(("Ada", 0.6), ("Bob", 0.2), ("Carla", 0.1), ("Eve", 0.01))
    after = entry(("ada", 0.7), ("Carla", 0.101), ("Dora", 0.09), ("Bob\nLee", 0.02))
    changes = changed_answers(before, after)
    assert [(change.words, (change.after or change.before).text) for change in changes] == [
        ("▲ surer", "ada"),
        ("= same", "Carla"),
        ("+ new", "Dora"),
        ("− gone", "Bob"),
    ]
    assert changed_answers(after, before)[0].change == "less sure"


def test_the_summary():
    yes, other, no = entry(("Ada", 0.6)), entry(("Bob", 0.9)), entry(("Ada", 0.1), no_answer=0.8)
    assert change_summary(yes, yes) == 'The answer is the same, "Ada": 60\u00a0% then, 60\u00a0% now.'
    assert change_summary(yes, other) == 'The answer has changed: "Ada" then, "Bob" now.'
    assert change_summary(no, yes) == 'Now there is an answer: "Ada".'
    assert change_summary(yes, no) == 'Now there is probably no answer; then it was: "Ada".'
    assert change_summary(no, entry()) == "Now as then there is probably no answer."

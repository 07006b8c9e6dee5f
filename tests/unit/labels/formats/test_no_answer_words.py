import pytest

from qadesk.labels.formats.no_answer_words import NoAnswerWords

from .conftest import TEXT


@pytest.mark.parametrize(
    "words",
    [
        "No answer", "no_answer", "No Answer.", "Not in the text", "not in text", "NOT IN THIS DOCUMENT",
        "Unanswerable", "is_impossible", "Impossible", "Not answerable", "Cannot be answered", "Can't answer",
        "CANNOTANSWER",
        "Not mentioned", "NOT_GIVEN", "not given in the passage", "There is no answer", "Answer not found",
        "The answer is not in the text", "No possible answer", "not answered by the text",
    ],
)  # fmt: skip
def test_well_known_words(words):
    assert NoAnswerWords().includes(words)


@pytest.mark.parametrize("words", ["", "Easy", "Answer", "Not sure", "No", "None", "answered", "In the text", None, 3])
def test_other_words(words):
    assert not NoAnswerWords().includes(words)


def test_words_of_the_user():
    words = NoAnswerWords(["Keine Antwort!", "?"])
    assert words.includes("keine antwort")
    assert words.includes("?")
    assert not words.includes("Antwort")


def label_studio(*choices):
    result = [{"type": "choices", "value": {"choices": [choice]}} for choice in choices]
    return {"data": {"text": TEXT, "question": "When?"}, "annotations": [{"result": result}]}


@pytest.mark.parametrize(
    "row",
    [
        label_studio("Keine Antwort"),
        {"text": TEXT, "question": "When?", "label": ["Keine Antwort"]},
        {"text": TEXT, "question": "When?", "label": [[0, 3, "Keine Antwort"]]},
        {"context": TEXT, "question": "When?", "answer": "Keine Antwort"},
        {"text": TEXT, "question": "When?", "annotation_id": 4, "wahl": {"choices": ["Keine Antwort"]}},
    ],
)
def test_the_words_of_the_user_count_in_all_formats(read, labels_of, row):
    contents = read([row], "set.json", "keine Antwort")
    assert [(label.answers, label.is_impossible) for label in labels_of(contents)] == [((), True)]
    assert contents.problems == []


def test_a_choice_that_is_not_known_is_told_and_leaves_the_question_open(read, labels_of):
    contents = read([label_studio("Easy"), label_studio("No answer"), label_studio("Easy") | {"id": 3}])
    assert [label.state for label in labels_of(contents)] == ["open"]
    assert (
        contents.problems[0].what == "Its choice 'Easy' is not known to mean 'not in the text': the question is open."
    )
    assert [(choice.words, choice.count, choice.means_none) for choice in contents.file.choices] == [
        ("Easy", 2, False), ("No answer", 1, True),
    ]  # fmt: skip


def test_a_span_counts_for_more_than_a_choice(read, labels_of):
    row = label_studio("No answer")
    row["annotations"][0]["result"].append({"value": {"start": 40, "end": 44, "text": "1843"}})
    contents = read([row])
    assert [label.is_impossible for label in labels_of(contents)] == [False]
    assert contents.problems[0].what == "It has an answer, but also 'No answer': the answer counts."

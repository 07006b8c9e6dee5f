"""The general set: the questions that show whether fine-tuning made a reader worse in general."""

import json
from collections import Counter

import pytest

from qadesk.labels.label_files import read_dataset
from qadesk.paths import replay_set_path, resources_dir

PATH = resources_dir() / "general.json"


@pytest.fixture(scope="module")
def paragraphs():
    content = json.loads(PATH.read_text(encoding="utf-8"))
    return [paragraph for article in content["data"] for paragraph in article["paragraphs"]]


@pytest.fixture(scope="module")
def questions(paragraphs):
    return [question for paragraph in paragraphs for question in paragraph["qas"]]


def test_it_is_large_enough(paragraphs, questions):
    assert len(questions) >= 100
    assert len({paragraph["context"] for paragraph in paragraphs}) == len(paragraphs) >= 30


def test_it_loads_without_problems(questions):
    dataset = read_dataset(PATH)
    assert (dataset.version, dataset.problems) == ("2.0", ())
    assert [example.id for example in dataset.examples] == [question["id"] for question in questions]


def test_ids_are_unique(questions):
    assert [key for key, times in Counter(question["id"] for question in questions).items() if times > 1] == []


def test_every_answer_stands_at_its_offset(paragraphs):
    wrong = [
        question["id"]
        for paragraph in paragraphs
        for question in paragraph["qas"]
        for answer in question["answers"]
        if not is_whole_words(paragraph["context"], answer["answer_start"], answer["text"])
    ]
    assert wrong == []


def test_answers_of_a_question_differ(questions):
    repetitions = [
        question["id"]
        for question in questions
        if len({answer["text"] for answer in question["answers"]}) < len(question["answers"])
    ]
    assert repetitions == []


def test_some_questions_have_no_answer(questions):
    impossible = [question["is_impossible"] for question in questions]
    assert impossible == [not question["answers"] for question in questions]
    assert 0.2 <= sum(impossible) / len(impossible) <= 0.4


def test_no_question_is_asked_twice_of_a_text(paragraphs):
    for paragraph in paragraphs:
        texts = [" ".join(question["question"].casefold().split()) for question in paragraph["qas"]]
        assert len(set(texts)) == len(texts), paragraph["context"][:40]


def is_whole_words(context, start, text):
    """Whether ``text`` stands at ``start``, cuts no word and has nothing around it that is not the answer."""
    end = start + len(text)
    if not text or start < 0 or context[start:end] != text:
        return False
    cut_before = text[0].isalnum() and context[start - 1 : start].isalnum()
    cut_after = text[-1].isalnum() and context[end : end + 1].isalnum()
    return not cut_before and not cut_after and text == text.strip(" \n.,;:!?()\"'“”")


def test_what_is_replayed_is_another_set():
    replayed, general = read_dataset(replay_set_path()), read_dataset(PATH)
    assert replayed.problems == ()
    assert len(replayed.examples) >= 300
    assert 0.4 < sum(example.is_impossible for example in replayed.examples) / len(replayed.examples) < 0.6
    assert len({example.id for example in replayed.examples}) == len(replayed.examples)
    assert not {example.title for example in replayed.examples} & {example.title for example in general.examples}
    texts = {example.context for example in general.examples}
    assert not any(example.context in text for example in replayed.examples for text in texts)

from __future__ import annotations

import json
from string import Formatter

import pytest

from qadesk import sentences
from qadesk.sentences import TEMPLATES, Sentence, from_json, verbatim


def test_a_count_chooses_between_singular_and_plural(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "TEMPLATES", {"lamp": ("{count} lamp", "{count:,} lamps")})
    texts = [Sentence("lamp", {"count": count}).text for count in (0, 1, 2000)]
    assert texts == ["0 lamps", "1 lamp", "2,000 lamps"]


def test_a_sentence_is_read_as_it_was_written() -> None:
    sentence = verbatim("50 % {of} it")
    assert from_json(json.loads(json.dumps(sentence.as_json()))) == sentence
    assert sentence.text == "50 % {of} it"


def test_english_of_an_older_version_is_kept_word_for_word() -> None:
    assert from_json('the answer to "Who?"').text == 'the answer to "Who?"'


def test_an_id_of_a_newer_version_is_shown_as_it_is() -> None:
    assert from_json(["not-{name}-yet", {"name": "x"}]).text == "not-{name}-yet"


def test_a_sentence_in_a_sentence_is_read_as_it_was_written() -> None:
    sentence = Sentence("device.has_problem", {"device": "cuda", "problem": Sentence("problem.no_graph")})
    assert sentence.as_json() == ["device.has_problem", {"device": "cuda", "problem": ["problem.no_graph", {}]}]
    assert from_json(json.loads(json.dumps(sentence.as_json()))) == sentence
    assert sentence.text == "The device 'cuda' cannot be used: it has no ONNX graph."


def test_a_sentence_deeper_than_that_is_refused() -> None:
    inner = ["text", {"text": ["problem.no_graph", {}]}]
    assert from_json(inner).text == "it has no ONNX graph"
    with pytest.raises(ValueError, match="not a sentence"):
        from_json(["text", {"text": inner}])


def test_a_sentence_in_place_of_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a sentence"):
        from_json(["run.share", {"share": ["text", {"text": "half"}]}])


@pytest.mark.parametrize("value", [None, 3, [], ["text"], ["text", {}], ["text", {"text": []}], [3, {}], {"text": "x"}])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not a sentence"):
        from_json(value)


@pytest.mark.parametrize("id_", TEMPLATES)
def test_a_template_names_its_arguments_and_a_pair_has_a_count(id_: str) -> None:
    template = TEMPLATES[id_]
    forms = template if isinstance(template, tuple) else (template,)
    for form in forms:
        names = [name for _, name, _, _ in Formatter().parse(form) if name is not None]
        assert all(name.isidentifier() for name in names)
    assert not isinstance(template, tuple) or "count" in template[1]

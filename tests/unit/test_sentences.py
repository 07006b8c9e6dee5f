from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
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
    for names in names_of_forms(id_):
        assert all(name.isidentifier() for name in names)
    assert not isinstance(template, tuple) or "count" in template[1]


PACKAGE = Path(sentences.__file__).parent


def names_of_forms(id_: str) -> list[set[str]]:
    """The arguments that the template names: one set, or those of the singular and the plural."""
    template = TEMPLATES[id_]
    forms = template if isinstance(template, tuple) else (template,)
    return [{name for _, name, _, _ in Formatter().parse(form) if name is not None} for form in forms]


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every module but ``sentences`` with its path in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != Path(sentences.__file__):
            yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def sentences_with_literal_ids() -> Iterator[tuple[str, str, ast.expr | None]]:
    """Each ``Sentence("id", arguments)`` in the package: where it is, the id, and the expression of the arguments."""
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
                assert not node.keywords, f"{module}:{node.lineno}"
                if isinstance(node.args[0], ast.Constant):
                    arguments = node.args[1] if len(node.args) > 1 else None
                    yield f"{module}:{node.lineno}", str(node.args[0].value), arguments


def problem_of(id_: str, arguments: ast.expr | None) -> str:
    """What does not agree with ``TEMPLATES``, or ''. Only names that are literals can be compared."""
    if id_ not in TEMPLATES:
        return "unknown id"
    if arguments is not None and not isinstance(arguments, ast.Dict):
        return ""
    keys = arguments.keys if arguments else []
    names = {key.value for key in keys if isinstance(key, ast.Constant)}
    if len(names) < len(keys):  # some are in a ``**`` or a variable
        return "" if any(names <= form for form in names_of_forms(id_)) else f"unknown names: {names}"
    return "" if names in names_of_forms(id_) else f"other names than in the template: {names}"


def test_sentences_in_the_package_agree_with_the_templates() -> None:
    rows = list(sentences_with_literal_ids())
    assert len(rows) > 40
    problems = {where: problem for where, id_, arguments in rows if (problem := problem_of(id_, arguments))}
    assert problems == {}


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ('Sentence("run.resumed", {"step": 3})', ""),
        ('Sentence("run.preparing")', ""),
        ('Sentence("run.started")', "unknown id"),
        ('Sentence("run.resumed")', "other names"),
        ('Sentence("run.resumed", {"count": 3})', "other names"),
        ('Sentence("run.resumed", {"step": 3, "of": 4})', "other names"),
        ('Sentence("graph.drifts", {"precision": "int8", **measured})', ""),
        ('Sentence("graph.drifts", {"precison": "int8", **measured})', "unknown names"),
    ],
)
def test_a_sentence_that_does_not_agree_is_found(call: str, problem: str) -> None:
    expression = ast.parse(call, mode="eval").body
    assert isinstance(expression, ast.Call)
    id_, *arguments = expression.args
    assert isinstance(id_, ast.Constant)
    result = problem_of(str(id_.value), arguments[0] if arguments else None)
    assert result.startswith(problem)
    assert bool(result) == bool(problem)


def test_every_template_is_used() -> None:
    literals = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    composed = ("verdict.", "placement.")  # their ids are put together: test_outcome and test_network show them
    assert {id_ for id_ in TEMPLATES if not id_.startswith(composed)} <= literals

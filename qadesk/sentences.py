"""Sentences that are stored: an id with arguments on the disk, English only where a person reads it.

This is the one place where an id becomes English. A row of ``TEMPLATES`` is a format string over the arguments, or a
pair of them, for a ``count`` of one and for all others. An argument may be a sentence itself: 'Training on {device}.'
What an older version stored as English is the id ``TEXT``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union

Argument = Union[str, int, float, "Sentence"]
Template = str | tuple[str, str]
TEXT = "text"

_LABEL_CHANGES: Mapping[str, Template] = {
    "label.answer": 'the answer to "{question}"',
    "label.skip": 'skipping "{question}"',
    "label.reopen": 'reopening "{question}"',
    "label.wording": 'the wording of "{question}"',
    "label.note": 'the note on "{question}"',
    "label.add": ('the adding of the question "{question}"', "the adding of {count} questions"),
    "label.delete": ('the deletion of "{question}"', "the deletion of {count} labels"),
    "label.import": "the import of '{file}'",
    "label.relocate": "the move of the labels of '{title}' to its new words",
    "label.rescue": "what was read from the damaged file",
}
_VERDICTS: Mapping[str, Template] = {
    f"verdict.{gain}{forgotten}{few}": (
        f"{word} on yours: F1 {{own_before}} → {{own_after}}. General: {{general_before}} → {{general_after}}."
        f"{forgotten_words}{few_words}"
    )
    for gain, word in (("better", "Better"), ("same", "No better"), ("worse", "Worse"))
    for forgotten, forgotten_words in (("", ""), ("_forgotten", " It has forgotten too much of what it knew."))
    for few, few_words in (("", ""), ("_few", " Only {questions} of your questions were there to measure with."))
}
_NOTHING: Mapping[str, Template] = {
    "verdict.nothing": "Nothing was learned: your questions are answered no better than before. No new model was made, "
    "and the one in use stays as it is."
}
_RUN_NOTES: Mapping[str, Template] = {
    "run.preparing": "Preparing the labels and the model.",
    "run.device": "Training on {device}.",
    "run.processes": "{count} processes train together: each takes its share of every batch.",
    "run.left_out": "{left_out} of {total} labels were left out: "
    "their answers do not stand in the text, or their questions are too long.",
    "run.resumed": "Going on after step {step}.",
    "run.share": "It forgot too much, so its weights went further back: {share:.0%} of what was learned is in them.",
}
_PLACEMENTS: Mapping[str, Template] = {
    # where a model is trained, and why there: the {device} of run.device
    f"placement.{kind}{reason}": f"{name}{reason_words}"
    for kind, name in (("cpu", "the processor"), ("mps", "the Apple GPU"), ("cuda", "{card}"))
    for reason, reason_words in (
        ("", ""),
        ("_has_bfloat16", ", which has bfloat16"),
        ("_set", ", {precision} as asked for"),
    )
}
_DEVICES: Mapping[str, Template] = {
    # why a device could not be measured (the setting state.devices)
    "device.not_available": "The device '{device}' is not available on this computer.",
    "device.provider_does_not_start": "'{provider}' does not start on this computer.",
    "device.cannot_load": "The device '{device}' cannot be used. The model could not be loaded.",
    "device.too_little_memory": "The device '{device}' cannot be used. A single window does not fit.",
    "device.failed_in_torch": "The device '{device}' cannot be used. It failed while it read.",
    "device.failed_in_onnx": "The device failed while it read.",
    "device.replaced": "The device '{device}' failed, so the processor goes on.",
    "device.unknown": "There is no device '{device}'.",
    "device.unknown_precision": "There is no precision '{precision}'.",
    "device.not_of_backend": "'{backend}' does not run a model in {precision} on '{device}'.",
    "device.has_problem": "The device '{device}' cannot be used: {problem}.",
    "problem.not_in_torch": "the PyTorch that is installed cannot use it",
    "problem.only_graph": "it has an ONNX graph only, and this takes safetensors",
    "problem.no_graph": "it has no ONNX graph",
    "problem.graph_in_int8": "its graph is in int8, not in float32",
    # why a model could not be loaded for the measurement
    "model.not_on_device": "The model '{model}' cannot run on '{device}': {problem}.",
    "model.not_in_precision": "The model '{model}' cannot run so: {problem}.",
    "model.no_folder": "There is no folder '{folder}'.",
    "model.no_config": "The folder '{folder}' holds no model: it has no config.json.",
    "model.own_code": "The model in '{folder}' brings its own program code, which QADesk does not run.",
    "model.file_broken": "The file '{file}' of this model is broken.",
    "model.file_cut_short": "The file '{file}' of this model is broken or cut short.",
    "model.file_too_large": "The file '{file}' of this model is too large to be right.",
    "model.not_a_number": "'{key}' in this model's configuration is not a number.",
    "model.no_tokenizer": "The model in '{folder}' has no fast tokenizer (tokenizer.json).",
    "model.tokenizer_broken": "The tokenizer of '{folder}' is broken.",
    "model.tokenizer_too_large": "The tokenizer of '{folder}' has {tokens:,} tokens, "
    "but the model knows only {known:,}: they do not belong together.",
    "model.no_weights": "The folder '{folder}' holds no weights.",
    "model.weights_as_code": "The model in '{folder}' has its weights only as '{file}', a format that can run code.",
    "model.weights_missing": "A part of the weights is missing: {files}.",
    "model.weights_cut_short": "The weights file '{file}' is broken or cut short.",
    "model.weights_incomplete": "The weights of '{model}' are not complete.",
    "model.vocabularies_differ": "The model in '{folder}' does not fit together: config.json says {tokens:,} tokens, "
    "the weights have {rows:,}.",
    "model.no_head": "The model in '{folder}' cannot answer questions: it has no question-answering head.",
    "model.other_head": "The model in '{folder}' is a {architecture}, but its weights have no question-answering head "
    "that QADesk reads.",
    "model.other_architecture": "The model '{model}' is a {architecture}, which does not answer questions to a text.",
    "model.cannot_load": "The model '{model}' cannot be loaded.",
    "model.cannot_load_graph": "The ONNX graph of '{model}' cannot be loaded: it is broken or too new.",
    "model.other_graph": "The ONNX graph of '{model}' is not one of a question-answering model.",
    "model.cannot_read": "The model '{model}' cannot read this text.",
    "model.scores_not_numbers": "The model '{model}' gave scores that are not numbers.",
    # why a model has no int8 graph (prepared.json)
    "graph.not_made": "No {precision} graph can be made of its architecture.",
    "graph.not_loaded": "Its {precision} graph was made, but this computer cannot run it.",
    "graph.drifts": "Its {precision} graph strays too far from the model: by {drift:.0f} % of the spread of its "
    "scores, and {agreement:.0f} % of its answers agree.",
    "graph.scores_not_numbers": "Its {precision} graph strays too far from the model: its scores are not numbers.",
}

TEMPLATES: Mapping[str, Template] = {
    TEXT: "{text}",
    **_LABEL_CHANGES,
    **_VERDICTS,
    **_NOTHING,
    **_RUN_NOTES,
    **_PLACEMENTS,
    **_DEVICES,
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """An id of ``TEMPLATES`` with the arguments that its template names."""

    id: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in English. An id that only a newer version knows is shown as it is."""
        template = TEMPLATES.get(self.id)
        if template is None:
            return self.id
        if isinstance(template, tuple):
            template = template[self.arguments.get("count") != 1]
        return template.format_map(self.arguments)

    def __str__(self) -> str:
        return self.text

    def as_json(self) -> list[Any]:
        """The id and the arguments, as JSON holds them."""
        values = (
            (name, value.as_json() if isinstance(value, Sentence) else value) for name, value in self.arguments.items()
        )
        return [self.id, dict(values)]


def verbatim(text: str) -> Sentence:
    """English of an older version, or of something that is not ours (an exception of a library)."""
    return Sentence(TEXT, {"text": text})


def from_json(value: object) -> Sentence:
    """What ``Sentence.as_json`` gave; a string, as older versions wrote it, is taken verbatim.

    Raises ``ValueError`` for anything else.
    """
    match value:
        case str():
            return verbatim(value)
        case [str() as id_, dict() as values]:
            arguments = {name: _argument(value) for name, value in values.items()}
            if _fits(id_, arguments):
                return Sentence(id_, arguments)
    raise ValueError(f"not a sentence: {value!r:.80}")


def _argument(value: Any) -> Any:
    """An argument as ``Sentence.as_json`` gave it: a list is a sentence, whose own arguments are none."""
    match value:
        case [_, dict() as values] if not any(isinstance(inner, list) for inner in values.values()):
            return from_json(value)
    return value


def _fits(id_: str, arguments: Mapping[Any, Any]) -> bool:
    """Whether the arguments are of the types that we write, and all that the template names are there."""
    if not all(
        isinstance(name, str) and isinstance(value, str | int | float | Sentence) for name, value in arguments.items()
    ):
        return False
    try:
        _ = Sentence(id_, arguments).text
    except (LookupError, ValueError, TypeError, AttributeError):
        return False
    return True

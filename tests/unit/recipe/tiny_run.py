"""Questions in a language of twenty words, and a recipe for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qadesk.records import GoldSpan, LabeledExample

WORDS = "[CLS] [SEP] [UNK] who what when did ? . the man woman bought sold milk bread tea at noon night in town".split()

Make = Callable[..., LabeledExample]


def an_example(question: str, context: str, *answers: str, title: str = "Town", key: str = "") -> LabeledExample:
    """A question with the first place of each of ``answers`` in ``context``."""
    spans = tuple(GoldSpan(context.index(answer), context.index(answer) + len(answer), answer) for answer in answers)
    return LabeledExample(key or question, question, context, title, spans, not answers)


def some_examples() -> list[LabeledExample]:
    """24 questions, a quarter of them without an answer."""
    examples = []
    for number in range(24):
        who, what = ("man", "woman")[number % 2], ("milk", "bread", "tea")[number % 3]
        context = f"The {who} bought {what} at noon ." + " In town at night ." * (number % 5)
        if number % 4 == 3:
            examples.append(an_example(f"What did the {who} sold ?", context, key=str(number)))
        else:
            examples.append(an_example("Who bought ?", context, who, f"The {who}", key=str(number)))
    return examples


RECIPE: dict[str, Any] = {
    "seed": 7,
    "windows": {"max_seq_length": 32, "doc_stride": 8},
    "development": {"squad-a": ["Town"]},
    "learning": {
        "rate": 3e-3,
        "warmup_tokens": 200,
        "layer_decay": 0.9,
        "weight_decay": 0.01,
        "betas": [0.9, 0.98],
        "clip": 1.0,
        "group_tokens": 96,
        "groups": 2,
        "dropout": 0.1,
        "dropout_after": 300,
        "average": 0.9,
        "decay_share": 0.4,
    },
}

"""The card of the bundled reader: a README generated from the measurements, so that no number is copied by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from measure import Questions, evaluate_questions

from qadesk.qa.calibration import Calibration
from qadesk.qa.processor import has_vnni
from qadesk.records import LabeledExample
from qadesk.train import metrics

TEMPLATE = Path(__file__).with_name("card.md")

LICENCES = {
    "squad": "SQuAD: CC BY-SA 4.0",
    "synthetic": "SQuAD: CC BY-SA 4.0",
    "squadshifts": "SQuADShifts: CC BY 4.0",
    "qed": "Natural Questions: CC BY-SA 3.0",
    "nq": "Natural Questions: CC BY-SA 3.0",
    "fairytaleqa": "FairytaleQA: Apache-2.0",
    "quoref": "Quoref: CC BY 4.0",
    "timeqa": "TimeQA: BSD-3-Clause",
    "qamr": "QAMR: MIT",
    "documents": "more of them, in recipe/documents: CC0",
    "everyday": "everyday documents and questions, written for QADesk: CC0",
    "misleading": "misleading and casual questions on SQuAD and SQuADShifts, written for QADesk: CC0",
}
"""By the first word of a set's name, before a digit, a dash or a slash."""


def licences(names: Sequence[str]) -> list[str]:
    """The sources of the sets with their licences, each once."""
    firsts = (name.split("/")[0].split("-")[0].rstrip("0123456789.") for name in names)
    return sorted({LICENCES[first] for first in firsts})


def worst_answers(questions: Questions, calibration: Calibration, count: int = 6) -> list[tuple[str, str, str, float]]:
    """The wrong answers of the highest confidence, with F1 below 0.2: question, answer, right answer, confidence."""
    examples, evaluation = evaluate_questions(questions, calibration)
    wrong = [
        (example.question, prediction, _gold(example), evaluation.confidences[example.id])
        for example in examples
        if (prediction := evaluation.predictions[example.id]) and metrics.f1(prediction, example.gold_texts) < 0.2
    ]
    return sorted(wrong, key=lambda row: -row[3])[:count]


def _gold(example: LabeledExample) -> str:
    return example.gold_texts[0] if example.answers else "no answer"


def card(
    name: str,
    facts: Mapping[str, Any],
    measurements: Mapping[str, Any],
    failures: Sequence[tuple[str, str, str, float]],
) -> str:
    """The text. ``facts`` are the run's, ``measurements`` those of ``finish``, ``failures`` the ``worst_answers``."""
    position, sizes, recipe = measurements["place"], facts["sizes"], facts["recipe"]
    learning, calibration = recipe["learning"], measurements["calibration"]
    return TEMPLATE.read_text(encoding="utf-8").format(
        name=name,
        tokens=position["tokens"],
        steps=position["steps"],
        constant_tokens=position["knots"][0][0],
        rate=learning["rate"],
        layer_decay=learning["layer_decay"],
        dropout=learning["dropout"],
        dropout_after=learning["dropout_after"],
        constant_windows=sizes["constant"]["windows"],
        constant_empty=_share(sizes["constant"]),
        decay_windows=sizes["decay"]["windows"],
        decay_empty=_share(sizes["decay"]),
        base=_BASES[bool(facts["base"])].format(facts["base"]),
        weights=_weights(measurements),
        sets=_rows({f"{key}, int8": report for key, report in measurements["sets"].items()}),
        articles=sum(map(len, recipe["development"].values())),
        development=_rows(_both(measurements)),
        everyday=_everyday(measurements["everyday"]),
        answerable=f"{100 * calibration['answerable']:.0f} %",
        temperature=calibration["temperature"],
        null=_odds(calibration["null"], "m"),
        best=_odds(calibration["best"], "x"),
        other=_odds(calibration["other"], "x"),
        f1_one=_f1(measurements["sets"], answerable=True),
        f1_two=_f1(measurements["sets"], answerable=False),
        trust=_trust(measurements["trust"]),
        speed=_speed(measurements["sets"]),
        failures="\n".join(f"| {_cell(q)} | {_cell(a)} | {_cell(g)} | {100 * c:.0f} % |" for q, a, g, c in failures),
        licences="; ".join(licences(list(facts["data"]))),
    )


_BASES = (
    "Started from the encoder of all-MiniLM-L6-v2 (Apache-2.0).",
    "Started from {0}, which came from the encoder of all-MiniLM-L6-v2 (Apache-2.0) by 30 million tokens of the same\n"
    "sets, and read on several times with everyday documents and more misleading questions. The last time:",
)
"""What a run of an encoder, and a branch of a reader, started from."""


_PARTS = {"base": "what it started from", "reader": "the reader that shipped before"}
"""Names of parts of a mixture that say what they are; others are names of runs."""


def _weights(measurements: Mapping[str, Any]) -> str:
    kinds = {"average": "running average of the last steps", "weights": "last ones"}
    if measurements["weights"] != "mixed":
        return kinds[measurements["weights"]]
    shares = measurements["shares"]
    first, *others = (f"{share:.0%} of {_PARTS.get(name, f'the run {name}')}" for name, share in shares.items())
    return f"mean of {first} and {' and '.join(others)}"


def _odds(logistic: Mapping[str, float], evidence: str) -> str:
    sign = "-" if logistic["bias"] >= 0 else "+"
    return f"{logistic['slope']:.3f} {evidence} {sign} {abs(logistic['bias']):.3f}"


def _f1(sets: Mapping[str, Mapping[str, Any]], *, answerable: bool) -> str:
    """The F1 of the set in which all questions have answers, or of the other; '' if it was not measured."""
    scores = [report["f1"] for report in sets.values() if (report["no_answer"] is None) == answerable]
    return f"{scores[0]:.1f}" if scores else ""


def _trust(measurements: Mapping[str, Mapping[str, float]]) -> str:
    return "\n".join(
        f"| {size} | {row['total']:,} | {100 * row['confidence']:.0f} % | {100 * row['right']:.0f} % |"
        for size, row in measurements.items()
    )


def _speed(sets: Mapping[str, Mapping[str, Any]]) -> str:
    speeds = [f"{report['total'] / report['seconds']:.0f} questions a second of {key}" for key, report in sets.items()]
    kind = "with" if has_vnni() else "without"
    return f"{', '.join(speeds)}, on a processor with {os.cpu_count()} cores, {kind} VNNI."


def _both(measurements: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    words = {"one": "with an answer", "two": "half of them without"}
    return {
        f"{words[key]}, {kind}": report
        for kind, reports in (("float32", measurements["float32"]), ("int8", measurements["development"]))
        for key, report in reports.items()
    }


_KINDS = {
    "paragraph": "paragraphs", "item": "list items", "table": "table cells", "pair": "keys and values",
    "heading": "headings",
}  # fmt: skip


def _everyday(summary: Mapping[str, Any]) -> str:
    """What ``everyday.summary`` says, as a paragraph; '' where there are no such documents."""
    if not summary["total"]:
        return ""
    kinds = [f"{right} of {total} in {_KINDS[kind]}" for kind, (right, total) in summary["kinds"].items()]
    useful, top = f"{100 * summary['useful']:.1f} %", f"{100 * summary['top']:.1f} %"
    return (
        f"**Everyday documents** of the development split ({summary['total']:,} questions as people type them): "
        f"{useful} get\nwhat is useful, the right answer given or none where there is none, with the default "
        f"expectation. The best span is right\nfor {top} of those with an answer: {', '.join(kinds)}. "
        f"The weight of\nall spans tells right spans from questions without an answer with an AUC of "
        f"{summary['auc']:.3f}.\n\n"
    )


def _share(size: Mapping[str, int]) -> str:
    return f"{100 * size['without answer'] / size['windows']:.0f} %"


def _rows(reports: Mapping[str, Mapping[str, Any]]) -> str:
    return "\n".join(
        f"| {key} | {report['total']:,} | {report['exact']:.1f} | {report['f1']:.1f} "
        f"| {_number(report['best_f1'])} | {report['ece']:.3f} |"
        for key, report in reports.items()
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())

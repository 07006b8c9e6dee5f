"""Measures how much of the text of PDF files is read, against poppler's ``pdftotext``.

    python benchmarks/pdf_text.py FOLDER --out after.json [--before before.json] [--below 0.97]

Word recall is the share of pdftotext's words that QADesk reads, precision the share of QADesk's words that pdftotext
reads, both as multisets: the order does not count. Divided words and hyphens, ligatures and the shapes of letters are
made alike first. Another version of QADesk is measured by running this file with that version on ``PYTHONPATH``.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from qadesk.documents import pdf
from qadesk.documents.open_file import quoted_name
from qadesk.documents.parsing import Source
from qadesk.errors import DocumentError

GOOD = 0.97
_DIVIDED = re.compile(r"(?<=\w)[-\u2010\xad\ufffe\x02]\s*\n\s*(?=\w)")
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011\xad](?=\w)")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WORD = re.compile(r"\w+")


class Score(NamedTuple):
    """Word recall and precision of a file, 0 to 1, and how many words pdftotext reads in it."""

    recall: float
    precision: float
    words: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="the folder with the PDF files, also in folders of it")
    parser.add_argument("--out", type=Path, help="where to write the scores of each file")
    parser.add_argument("--before", type=Path, help="scores of another version, to compare with")
    parser.add_argument("--below", type=float, default=0.0, help="list the files with a smaller recall or precision")
    arguments = parser.parse_args()
    scores = scores_of(arguments.folder)
    if arguments.out:
        arguments.out.write_text(json.dumps(scores, indent=0), encoding="utf-8")
    if arguments.before:
        before = {name: Score(*score) for name, score in json.loads(arguments.before.read_text("utf-8")).items()}
        print(summary("before", [before[name] for name in scores if name in before]))
    print(summary("now", list(scores.values())))
    for name, score in sorted(scores.items(), key=lambda item: min(item[1][:2])):
        if min(score.recall, score.precision) < arguments.below:
            print(f"{score.recall:.3f} {score.precision:.3f} {score.words:6d}  {name}")


def scores_of(folder: Path) -> dict[str, Score]:
    """The score of each PDF file in ``folder`` that pdftotext finds words in."""
    scores = {}
    for path in sorted(folder.rglob("*.pdf")):
        expected = words(_reference(path))
        if expected:
            scores[path.relative_to(folder).as_posix()] = score(expected, words(_read(path)))
    return scores


def _reference(path: Path) -> str:
    command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace").replace("\f", "\n")


def _read(path: Path) -> str:
    with path.open("rb") as file:
        try:
            return pdf.read(Source(file, quoted_name(path))).text
        except DocumentError:
            return ""


def words(text: str) -> Counter[str]:
    """The words of ``text`` with their number, written in one way."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return Counter(_WORD.findall(_HYPHEN.sub("", _DIVIDED.sub("", text)).casefold()))


def score(expected: Counter[str], actual: Counter[str]) -> Score:
    """How far the words agree."""
    common = (expected & actual).total()
    return Score(common / expected.total(), common / max(1, actual.total()), expected.total())


def summary(title: str, scores: list[Score]) -> str:
    """One line about all files."""
    parts = [f"{title}: {len(scores)} files"]
    for name, values in (("recall", [s.recall for s in scores]), ("precision", [s.precision for s in scores])):
        share = sum(value >= GOOD for value in values) / max(1, len(values))
        middle = statistics.median(values) if values else 0.0
        parts.append(f"{name} median {middle:.4f}, at least {GOOD} in {share:.1%}")
    both = sum(min(s.recall, s.precision) >= GOOD for s in scores) / max(1, len(scores))
    return "; ".join([*parts, f"both in {both:.1%}"])


if __name__ == "__main__":
    main()

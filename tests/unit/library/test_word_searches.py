"""FTS5 and tantivy give the same passages, within a tolerance."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from qadesk import paths
from qadesk.library.index import LibraryIndex
from qadesk.library.query import parse_query

SHARE, OF, AMONG = 0.8, 10, 15
"""Of the first 10 passages of FTS5 this share is among the first 15 of tantivy, on average over questions."""


def _texts_and_questions() -> tuple[list[str], list[str]]:
    """Those that come with the program: short texts about all kinds of things."""
    data = json.loads(paths.general_set_path().read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    return [row["context"] for row in paragraphs], [qa["question"] for row in paragraphs for qa in row["qas"]][::5]


def _numbers(index: LibraryIndex, question: str, limit: int) -> list[str]:
    return [passage.document.title for passage in index.search(question, limit).passages]


def test_the_first_passages_of_fts_are_among_those_of_tantivy(folder, add):
    texts, questions = _texts_and_questions()
    lists = {}
    for most, limit in ((50_000, OF), (0, AMONG)):
        folder.path = folder.path.with_name(f"library {most}")
        index = folder.write(most)
        for number, text in enumerate(texts):
            add(index, Path(f"/made/{number}.txt"), text)
        index.commit()
        lists[most] = [_numbers(index, question, limit) for question in questions]
    shares = [len(set(first) & set(second)) / len(first) for first, second in zip(lists[50_000], lists[0], strict=True)]
    assert len(questions) > 20
    assert sum(shares) / len(shares) >= SHARE


def test_both_know_words_in_their_forms_and_without_accents(folder, add):
    for most in (50_000, 0):
        folder.path = folder.path.with_name(f"library {most}")
        index = folder.write(most)
        add(index, "/made/a.txt", "The cafés were opened by two brothers, Zoë and Đuro.")
        index.commit()
        for question in ("cafe", "CAFÉ", "opening", "brother", "zoe"):
            assert _numbers(index, question, 5) == ["a.txt"], question


def test_hits_come_best_first_and_each_once(folder, add):
    for most in (50_000, 0):
        folder.path = folder.path.with_name(f"library {most}")
        index = folder.write(most)
        for number in range(250):  # more than tantivy is asked for at first
            add(index, f"/made/{number}.txt", "lighthouse " + "and more words " * (number % 30) + str(number))
        index.commit()
        hits = list(islice(index._words(index._connection).ranked(parse_query("lighthouse")), 1000))
        assert len({hit.passage for hit in hits}) == len(hits) == 250
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

"""Tables, and sections of RESULTS.md that are replaced in place."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from benchmarks import results

DOCUMENT = (
    "# Results\n\nHead.\n\n## One (a card)\n\nfirst\n\n## Two\n\nsecond\n\n### Part\n\nmore\n\n## Three\n\nthird\n"
)


def test_a_table() -> None:
    markdown = results.table(["", "ms"], [["a", "1.0"], ["b", "2.0"]])
    assert markdown == "|  | ms |\n| --- | ---: |\n| a | 1.0 |\n| b | 2.0 |"


@pytest.mark.parametrize("title", ["One (a card)", "Two", "Three"])
def test_a_section_is_replaced_in_place(title: str) -> None:
    document = results.replace_section(DOCUMENT, title, "new\n")
    assert [line for line in document.splitlines() if line.startswith("## ")] == [
        "## One (a card)",
        "## Two",
        "## Three",
    ]
    assert f"## {title}\n\nnew\n" in document
    texts = {"One (a card)": "first", "Two": "second", "Three": "third"}
    assert texts.pop(title) not in document
    assert all(text in document for text in texts.values())
    assert results.replace_section(document, title, "new") == document


def test_a_new_section_comes_last() -> None:
    assert results.replace_section(DOCUMENT, "Four", "fourth") == DOCUMENT + "\n## Four\n\nfourth\n"


def test_a_title_that_only_begins_alike_is_another_section() -> None:
    document = results.replace_section(DOCUMENT, "One", "new")
    assert "first" in document
    assert document.endswith("## One\n\nnew\n")


def test_a_file_is_begun_and_added_to(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    results.write_section("One", "first", path)
    results.write_section("Two", "second", path)
    results.write_section("One", "again", path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Results\n\n")
    assert text.endswith("## One\n\nagain\n\n## Two\n\nsecond\n")


def test_circumstances_name_versions_but_no_computer() -> None:
    sentence = results.circumstances("NVIDIA A2")
    assert "NVIDIA A2" in sentence
    assert f"Python {platform.python_version()}" in sentence
    assert "numpy " in sentence
    assert len(platform.node()) < 4 or platform.node() not in sentence


def test_a_ratio() -> None:
    assert results.ratio(5, 2) == "2.50 ×"

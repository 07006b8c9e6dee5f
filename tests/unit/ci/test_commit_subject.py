"""The hook that reads a commit's message."""

from __future__ import annotations

from pathlib import Path

import commit_subject
import pytest

LONGEST = "Add " + "x" * 68
COMMENT = "# Please enter the commit message for your changes. Lines starting with '#' are ignored."


@pytest.mark.parametrize(
    "message",
    [
        "Add a table of formats\n",
        LONGEST,
        f"{LONGEST}\n\nA body of any length: {'x' * 200}.\n",
        f"\n{COMMENT}\nAdd a table\n{COMMENT}\n",
        f"Merge branch '{'x' * 80}'\n",
        f"fixup! {LONGEST}\n",
        f"{COMMENT}\n",
    ],
)
def test_these_are_in_order(message: str) -> None:
    assert commit_subject.problem(message) == ""


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (LONGEST + "x\n", "The subject has 73 characters, more than 72"),
        (f"{COMMENT}\n{LONGEST}x\n", "The subject has 73 characters"),
        ("Add a table.\n", "full stop"),
        ("Add a table\nof formats\n", "after the subject is not empty"),
    ],
)
def test_these_are_not(message: str, sentence: str) -> None:
    assert sentence in commit_subject.problem(message)


def test_it_ends_with_1_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "COMMIT_EDITMSG"
    path.write_text("Add a table\n", encoding="utf-8")
    assert commit_subject.main(str(path)) == 0
    path.write_text("Add a table.\n", encoding="utf-8")
    assert commit_subject.main(str(path)) == 1
    assert capsys.readouterr().out == "The subject ends with a full stop.\n"

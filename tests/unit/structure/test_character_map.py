from __future__ import annotations

from base64 import b64encode

import pytest

from qadesk.structure.character_map import CharacterMap, Run

RUNS = [Run(0, 1, 0, 10), Run(11, 1, 12, 4), Run(20, 3, 0, 5)]
MAP = CharacterMap(RUNS)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 30, RUNS),
        (2, 5, [Run(2, 1, 2, 3)]),
        (8, 13, [Run(8, 1, 8, 2), Run(11, 1, 12, 2)]),
        (15, 20, []),
        (22, 23, [Run(22, 3, 2, 1)]),
        (10, 11, []),
        (5, 5, []),
    ],
)
def test_the_runs_of_a_span(start: int, end: int, expected: list[Run]) -> None:
    assert MAP.runs(start, end) == expected


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (10, 1), (14, 1), (19, 1), (20, 3), (99, 3)])
def test_the_page_of_a_character(offset: int, page: int) -> None:
    assert MAP.page_at(offset) == page


def test_before_the_first_run_there_is_no_page() -> None:
    assert CharacterMap([Run(3, 1, 0, 2)]).page_at(2) is None
    assert CharacterMap().page_at(0) is None


def test_a_map_comes_back_from_base64() -> None:
    assert CharacterMap.from_base64(MAP.to_base64(), 25, 3) == MAP
    assert CharacterMap.from_base64(CharacterMap().to_base64(), 0, 0) == CharacterMap()
    assert CharacterMap(RUNS[:2]) != MAP
    assert len(MAP) == 3


def test_a_map_comes_back_from_its_steps() -> None:
    again = CharacterMap.from_steps(MAP.to_steps(), 25, 3)
    assert again == MAP
    assert again.runs(0, 30) == RUNS
    assert CharacterMap.from_steps(CharacterMap().to_steps(), 0, 0) == CharacterMap()
    with pytest.raises(ValueError, match="an invalid run"):
        CharacterMap.from_steps(MAP.to_steps(), 24, 3)
    with pytest.raises(ValueError, match="incomplete runs"):
        CharacterMap.from_steps(bytes(20), 24, 3)


@pytest.mark.parametrize(
    "runs",
    [
        [Run(0, 0, 0, 1)],
        [Run(0, 4, 0, 1)],
        [Run(0, 1, -1, 1)],
        [Run(0, 1, 0, 0)],
        [Run(24, 1, 0, 2)],
        [Run(-1, 1, 0, 2)],
        [Run(0, 1, 0, 3), Run(2, 1, 0, 1)],
    ],
)
def test_invalid_runs_are_refused(runs: list[Run]) -> None:
    with pytest.raises(ValueError, match="an invalid run"):
        CharacterMap.from_base64(CharacterMap(runs).to_base64(), 25, 3)


@pytest.mark.parametrize("text", ["!", "AAAA", b64encode(bytes(12)).decode()])
def test_what_is_no_map_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|bytes|incomplete|length|padding"):
        CharacterMap.from_base64(text, 25, 3)

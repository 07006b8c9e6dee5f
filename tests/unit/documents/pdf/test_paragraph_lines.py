"""Paragraphs without space between them, and the page number below them."""

from __future__ import annotations

import io

import pytest
from pdf_objects import drawn, drawn_pages

from qadesk.documents import parsing, pdf

LEADING = 13


def blocks(*contents: bytes) -> list[tuple[str, str]]:
    parsed = pdf.read(parsing.Source(io.BytesIO(drawn_pages(*contents)), "'x'"))
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


def lines_at(lines: list[str], y: float = 700) -> bytes:
    """``lines`` from ``y`` down; those that begin with a space are indented."""
    return drawn(*[(84 if text[0] == " " else 72, y - LEADING * n, text.strip()) for n, text in enumerate(lines)])


def test_first_lines_with_an_indent_begin_paragraphs() -> None:
    chat = [
        " 02.05.2024, 08:12 - Anouk: three viewings today, I can only do one",
        "of them because of the dentist.",
        " 02.05.2024, 08:15 - Ben: I can do Kiln Lane at 17:30, I work nearby",
        " 02.05.2024, 08:15 - Chidera: then I take Salter Street, was it six?",
        " 02.05.2024, 08:17 - Anouk: the agent for Salter Street is Mr Prowse",
        "and that of Kiln Lane is Leila.",
        " 02.05.2024, 08:32 - Ben: yes",
    ]
    text = "\n".join(chat).replace("\nand", " and").replace("\nof", " of").replace(" 02", "02")
    assert blocks(lines_at(chat)) == [("paragraph", line) for line in text.split("\n")]


def test_lines_behind_an_indented_paragraph_stand_alone() -> None:
    letter = [
        " If you wish to speak, I am best reached between three and half past",
        "four, on the kitchen line.",
        " Food cost in his section fell from 27 per cent to a little more than",
        "twenty per cent.",
        "Barnaby Oyinlola",
        "Executive Chef",
    ]
    assert [text for _, text in blocks(lines_at(letter))] == [
        f"{letter[0].strip()} {letter[1]}",
        f"{letter[2].strip()} {letter[3]}",
        "Barnaby Oyinlola\nExecutive Chef",
    ]


def test_a_line_that_ends_a_little_short_ends_a_paragraph_of_justified_text() -> None:
    words = "sold seven red boats and two green ones in June"  # in any order: of one width
    others = "in June sold seven red boats and two green ones"
    first = [f"Mara {words}", f"{words} Mara", f"{others} Mara", "seven red boats and two green ones Mara sold"]
    second = [f"Mara {others}", f"{words} Mara", f"{others} Mara", "and sold seven boats."]
    assert [text for _, text in blocks(lines_at(first + second))] == [" ".join(first), " ".join(second)]


@pytest.mark.parametrize("number", ["1", "- 1 -", "1/1", "1 of 1", "Page 1 of 1"])
def test_the_number_of_the_only_page_is_its_footer(number: str) -> None:
    content = lines_at(["The gate is opened at eight.", "It is shut at nine."]) + drawn((290, 30, number), size=8)
    assert blocks(content)[-1] == ("footer", number)


@pytest.mark.parametrize(("number", "y"), [("2", 30), ("1", 674), ("1/3", 30)])
def test_a_number_that_is_not_that_of_the_page_is_text(number: str, y: int) -> None:
    content = lines_at(["The gate is opened at", "eight."]) + drawn((72, y, number))
    assert "footer" not in [kind for kind, _ in blocks(content)]


def test_a_value_goes_on_in_a_line_that_looks_like_a_key() -> None:
    lines = ["Ear clinic: grommet advised, waiting time is four months. Late mornings in the", "fortnight: none."]
    assert blocks(lines_at(lines)) == [("paragraph", " ".join(lines))]
    assert blocks(lines_at(["Contact: harbour office", "fax: 555 0166"])) == [
        ("pair", "Contact: harbour office"),
        ("pair", "fax: 555 0166"),
    ]


def test_a_list_of_boxes_is_no_caption() -> None:
    lines = ["Box 3: Catalog of 1871", "Box 11: Field book of the survey", "Box 17: Letters"]
    assert blocks(lines_at(lines)) == [("pair", line) for line in lines]
    assert blocks(lines_at(lines[:1])) == [("caption", lines[0])]


@pytest.mark.parametrize("form", ["{} ", "[02/05/24, {}:07] ", "{} - "])
def test_lines_that_begin_with_a_time_are_entries(form: str) -> None:
    entries = [
        "14:02 Ana: three viewings today, I can only do one of them because of the dentist",
        "14:03 Ben: I can do Kiln Lane",
        "14:07 Chidera: then I take Salter Street, was it at six? I must run from work to be",
        "there",
        "14:10 Ana: six, yes",
    ]
    lines = [form.format(line[:5]) + line[6:] if line[0] == "1" else line for line in entries]
    read = [*lines[:2], f"{lines[2]} there", lines[4]]
    assert blocks(lines_at(lines)) == [("paragraph", line) for line in read]


def test_a_time_at_the_start_of_a_line_may_be_within_a_sentence() -> None:
    lines = ["06:40 Flight from London to Lisbon, where you arrive at 09:25;", "11:50 Flight from Lisbon to Horta"]
    assert blocks(lines_at(lines)) == [("paragraph", " ".join(lines))]
    lines = ["14:02 Ana: the bus to Salter Street goes at 17:20, that to Kiln Lane at", "17:30, I think"]
    assert blocks(lines_at(lines)) == [("paragraph", " ".join(lines))]

"""Spans that cut an address, number or quantity grow to all of it; brackets have their partners."""

from __future__ import annotations

import time

import pytest

from qadesk.qa.completion import complete


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("to help.desk+eu@example-mail.org for", "desk+eu@example-mail.org", "help.desk+eu@example-mail.org"),
        ("at a.b-c@mail.example.com during", "mail.example.com", "a.b-c@mail.example.com"),
        ("The site is www.orrin-mill.example/visit?lang=en.", "www.orrin-mill", "www.orrin-mill.example/visit?lang=en"),
        ("See https://a.example/b(c)/d, please", "a.example", "https://a.example/b(c)/d"),
        ("Call +49 (0)30 1234-5678 now", "+49", "+49 (0)30 1234-5678"),
        ("call 0800 123 4567 for help", "0800", "0800 123 4567"),
        ("3,5 Mio. € this year", "3,5 Mio", "3,5 Mio. €"),
        ("It costs $3.5 million today", "3.5", "$3.5 million"),
        ("It costs £1,250.00 a month", "1,250.00", "£1,250.00"),
        ("1.234,50 € in all", "1.234,50", "1.234,50 €"),
        ("at -40 °C outside", "40", "-40 °C"),
        ("a play of ±0.05 mm", "0.05", "±0.05 mm"),
        ("the Backup Box (A$1,290 fitted)", "$1,290", "A$1,290"),
        ("costs US$40 a year", "40", "US$40"),
        ("costs US$\u00a040 a year", "40", "US$\u00a040"),
        ("- `sum_all()`; use `Table.total()`.", "Table", "`Table.total()`"),
        ('Pass `sep="auto"` to read()', "auto", '`sep="auto"`'),
        ("call Table.total() instead", "total", "Table.total()"),
        ("repeat steps 5 and 6.", "repeat steps", "repeat steps 5 and 6"),
        ("in Room 12b, upstairs", "Room", "Room 12b"),
        ("see pages 3-5 for it", "pages", "pages 3-5"),
        ("The loss was ($1.2m) in 2020.", "$1.2m)", "($1.2m)"),
        ("Ada (born 1840) came", "Ada (born 1840", "Ada (born 1840)"),
        ("b) the second", "b)", "b"),
        ("the (only one", "the (only", "the"),
    ],
)  # fmt: skip
def test_a_span_grows_to_the_whole_thing(text: str, span: str, whole: str) -> None:
    start = text.index(span)
    low, high = complete(text, start, start + len(span), 0, len(text))
    assert text[low:high] == whole


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("in 1841 a mill", "1841"),
        ("In 2010, 15 people", "2010"),
        ("between 10 and 20 %", "10"),
        ("5 a day", "5"),
        ("at 12 A.M. sharp", "12"),
        ("1,000 in London", "1,000"),
        ("DE00 1234 5678", "DE00 1234"),
        ("v2.4.1-rc3", "v2.4.1"),
        ("He left in 1841.Then she came", "1841"),
        ("the lamp, the keeper", "the lamp"),
        ("the rooms are 20 % larger", "rooms"),
        ("on floors 2.5 m high", "floors"),
        ("the room of 1912", "room"),
    ],
)
def test_all_else_stays_as_it_is(text: str, span: str) -> None:
    start = text.index(span)
    assert complete(text, start, start + len(span), 0, len(text)) == (start, start + len(span))


def test_a_span_stays_inside_its_cell() -> None:
    text = "Rent\t£1,675\tper month"
    start = text.index("1,675")
    assert complete(text, start, start + 5, start, start + 5) == (start, start + 5)


@pytest.mark.parametrize("text", ["a" * 4000, "a." * 2000, "1" * 4000, "a-b." * 1000, "(" * 4000, "@a." * 1300])
def test_long_runs_take_no_time(text: str) -> None:
    begin = time.process_time()
    for start in range(0, 3000, 300):
        complete(text, start, start + 300, 0, len(text))
    assert time.process_time() - begin < 2

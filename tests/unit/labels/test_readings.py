"""Answers in the text of a file that is read in another way than before: the words are the same."""

import pytest

from qadesk.labels.relocation import TextChange
from qadesk.records import GoldSpan

PDF = (
    "House rules of Linden Court\nEvery tenant receives two keys, and the caretaker keeps a third one, which\n"
    "is locked away. A selfemployed cleaner comes every sec-\n\n2\n\nHouse rules of Linden Court\nond Friday and "
    "is paid by the owners of the\nhouse. The post o\ufb03ce is next door.\nYear Staff Places Visits\n2018 453 1,100\n"
    "2019 472 1,250\n2020 381 980\n2021 130 77"
)
NEW_PDF = (
    "House rules of Linden Court\n\nEvery tenant receives two keys, and the caretaker keeps a third one, which is "
    "locked away. A self-employed cleaner comes every second Friday and is paid by the owners of the house. The post "
    "office is next door.\n\n2\n\nHouse rules of Linden Court\n\n"
    "Year\tStaff\tPlaces\tVisits\n2018\t45\t3\t1,100\n2019\t47\t2\t1,250\n2020\t38\t1\t980\n2021\t13\t0\t77"
)
WORD = (
    "Tenancy agreement\n\nDuties of the tenant\n\nRent is due on the first.\n\nLate rent costs five euros.\n\n"
    "Pets need consent.\n\nBicycles are kept in the cellar.\n\nTermination\n\nNotice is three months.\n\n"
    "Half of it, 12, is due in advance."
)
NEW_WORD = (
    "Verein Lindenhof, Basel\n\nTenancy agreement\n\n2. Duties of the tenant\n\n2.1 Rent is due on the first.\n\n"
    "2.2 Late rent costs five euros.\n\n(a) Pets need consent.\n(b) Bicycles are kept in the cellar.\n\n"
    "3. Termination\n\nNotice is three months.\n\nHalf of it, 1/2, is due in advance."
)
MARKDOWN = (
    "# Guide to the *old* mill\n\nBuilt by **Greta Holm** in 1742, see [the town records](https://example.org/a "
    '"Records"),\nit is a `museum`.\n\n1. From July on it opens at *nine*.\n\n| Adults   | 8.50  |\n'
    "|----------|------:|\n| Children | 3.20  |\n\n* Write to Selma&nbsp;Brandt first.\n"
)
NEW_MARKDOWN = (
    "Guide to the old mill\n\nBuilt by Greta Holm in 1742, see the town records, it is a museum.\n\n"
    "1. From July on it opens at nine.\n\nAdults\t8.50\nChildren\t3.20\n\n\u2022 Write to Selma\u00a0Brandt first."
)


def relocated(old, new, answer):
    start = old.index(answer)
    span = TextChange(old, new).relocate(GoldSpan(start, start + len(answer), answer))
    assert span is None or span.stands_in(new)
    return None if span is None else (new[max(0, span.start - 5) : span.start], span.text, new[span.end : span.end + 5])


@pytest.mark.parametrize(
    ("old", "new", "answer", "expected"),
    [
        (PDF, NEW_PDF, "two keys", ("ives ", "two keys", ", and")),
        (PDF, NEW_PDF, "which\nis locked away", ("one, ", "which is locked away", ". A s")),
        (PDF, NEW_PDF, "A selfemployed cleaner", ("way. ", "A self-employed cleaner", " come")),
        (PDF, NEW_PDF, "every sec-\n\n2\n\nHouse rules of Linden Court\nond Friday",
         ("omes ", "every second Friday", " and ")),
        (PDF, NEW_PDF, "Friday", ("cond ", "Friday", " and ")),
        (PDF, NEW_PDF, "the owners of the\nhouse", ("d by ", "the owners of the house", ". The")),
        (PDF, NEW_PDF, "post o\ufb03ce", ("The ", "post office", " is n")),
        (PDF, NEW_PDF, "1,250", ("7\t2\t", "1,250", "\n2020")),
        (PDF, NEW_PDF, "381", ("2020\t", "38\t1", "\t980\n")),
        (WORD, NEW_WORD, "five euros", ("osts ", "five euros", ".\n\n(a")),
        (WORD, NEW_WORD, "Pets need consent.", ("\n(a) ", "Pets need consent.", "\n(b) ")),
        (WORD, NEW_WORD, "Pets need consent.\n\nBicycles are kept in the cellar.",
         ("\n(a) ", "Pets need consent.\n(b) Bicycles are kept in the cellar.", "\n\n3. ")),
        (WORD, NEW_WORD, "Termination", ("\n\n3. ", "Termination", "\n\nNot")),
        (WORD, NEW_WORD, "12", (" it, ", "1/2", ", is ")),
        (MARKDOWN, NEW_MARKDOWN, "Guide to the *old* mill", ("", "Guide to the old mill", "\n\nBui")),
        (MARKDOWN, NEW_MARKDOWN, "**Greta Holm**", ("t by ", "Greta Holm", " in 1")),
        (MARKDOWN, NEW_MARKDOWN, "the town records", (" see ", "the town records", ", it ")),
        (MARKDOWN, NEW_MARKDOWN, "`museum`", ("is a ", "museum", ".\n\n1.")),
        (MARKDOWN, NEW_MARKDOWN, "at *nine*.", ("pens ", "at nine.", "\n\nAdu")),
        (MARKDOWN, NEW_MARKDOWN, "3.20", ("dren\t", "3.20", "\n\n\u2022 W")),
        (MARKDOWN, NEW_MARKDOWN, "Selma&nbsp;Brandt", ("e to ", "Selma\u00a0Brandt", " firs")),
    ],
)  # fmt: skip
def test_an_answer_stays_on_its_words(old, new, answer, expected):
    context, text, following = relocated(old, new, answer)
    assert (text, following) == expected[1:]
    assert context.endswith(expected[0])


def test_signs_at_the_ends_of_an_answer_stay_where_they_are_the_same():
    old = "The fee, see the list of all fees on the last page, is\n(about) 5 \u20ac. It is \u201cdue\u201d "
    old += "in \u201cMay\u201d."
    new = old.replace("\n", " ").replace("\u201cMay\u201d", "May")
    assert relocated(old, new, "(about) 5 \u20ac.")[1] == "(about) 5 \u20ac."
    assert relocated(old, new, "\u201cdue\u201d")[1] == "\u201cdue\u201d"
    assert relocated(old, new, "\u201cMay\u201d.")[1] == "May."


def test_a_number_that_is_part_of_an_answer_is_not_taken_away():
    old = "The committee meets on the following days in the old school:\n12. May\n9. June\nNo other days are known."
    assert relocated(old, old.replace("\n", "\n\n"), "12. May") == ("ol:\n\n", "12. May", "\n\n9. ")
    assert relocated(old, old.replace("12. May", "13. May"), "12. May") is None
    assert relocated(old, old.replace("\n", "\n\n"), "12.") == ("ol:\n\n", "12.", " May\n")
    assert relocated(old.replace("12. May", "2. May"), old, "2.") is None
    assert relocated(old, old.replace("12. May", "13. May"), "9. June") == (" May\n", "9. June", "\nNo o")


def test_an_answer_of_signs_alone_stays_between_the_same_words():
    old = "Mode of payment and whether it is free\nBy bank\t\u2713\t\nBy post\t\t\u2717\nBy card\t\u2713\t\nAnd so on."
    new = old.replace("\n", "\n\n").replace("\t\t", "\t-\t")
    assert relocated(old, new, "\u2717") == ("st\t-\t", "\u2717", "\n\nBy ")
    assert relocated(old, new.replace("\u2717", "\u2717\u2717"), "\u2717") is None
    assert relocated(old, new.replace("\u2717", ""), "\u2717") is None
    assert relocated("\u2713 is first", "\u2713\nis first", "\u2713") == (
        "",
        "\u2713",
        "\nis f",
    )  # nothing else changed


@pytest.mark.parametrize(
    "new",
    [
        PDF.replace("two keys", "three keys"),
        PDF.replace("1,250", "1250"),
        PDF.replace("1,250", "-1,250").replace("two keys", "no keys").replace("1,250", "1.250"),
    ],
)
def test_an_answer_of_which_a_sign_or_a_word_changed_is_not_found(new):
    assert None in {relocated(PDF, new, answer) for answer in ("two keys", "1,250")}


def test_words_or_lines_that_came_into_an_answer_make_it_another_one():
    duties = "Pets need consent.\n\nBicycles are kept in the cellar."
    for addition in ("Not so for cats.\n\n", "always "):
        assert relocated(WORD, NEW_WORD.replace("(b) Bicycles", f"(b) {addition}Bicycles"), duties) is None
    without_a_line = PDF.replace("2\n\nHouse rules of Linden Court\nond", "ond").replace("House", "Home")
    assert relocated(PDF, without_a_line, "every sec-\n\n2\n\nHouse rules of Linden Court\nond Friday") is None


def test_values_of_a_table_that_changed_places_are_not_followed():
    rows = [
        "Charge Paid by Amount",
        "Council tax Tenants 148",
        "Water Tenants 62",
        "Heating Tenants 310",
        "All sums are in euros a year",
    ]
    old = "What the tenants of the house pay for in a year:\n" + "\n".join(rows)
    new = old.replace(" 148", " x").replace(" 62", " 148").replace(" x", " 62").replace(" Tenants ", "\tTenants\t")
    assert relocated(old, new, "148") is None
    assert relocated(old, new, "62") is None
    assert relocated(old, new, "310") == ("ants\t", "310", "\nAll ")


def test_the_same_item_of_two_lists_is_told_apart_by_the_numbers_around_it():
    old = "".join(f"Part {part} of the rules\n\nby post\n\nby bank\n\nEnd of part {part}\n\n" for part in "ABC")
    new = "".join(f"Part {part} of the rules\n\n1. by post\n2. by bank\n\nEnd of part {part}\n\n" for part in "ABC")
    change = TextChange(old, new)
    starts = [old.index("by bank", old.index(f"Part {part}")) for part in "ABC"]
    spans = [change.relocate(GoldSpan(start, start + 7, "by bank")) for start in starts]
    assert [new[span.end :].split("\n\n")[1] for span in spans] == [f"End of part {part}" for part in "ABC"]


def test_rows_that_are_quite_the_same_are_not_told_apart():
    old = "yes no\n" * 400
    new = old.replace(" ", "\t") + "yes\tno"
    assert TextChange(old, new).relocate(GoldSpan(700, 703, "yes")) is None


def test_pages_that_say_the_same_stay_in_their_order():
    page = "".join(f"Line {number} of the form says that the name is Ada.\n" for number in range(60))
    old, new = page * 3 + "The end", page.replace("Ada.\n", "Ada. ") * 3 + "That is the end"
    starts = [start for start in range(len(old)) if old.startswith("Line 30 ", start)]
    change = TextChange(old, new)
    spans = [change.relocate(GoldSpan(start, start + 7, "Line 30")) for start in starts]
    assert [span and span.start for span in spans] == starts
    without_a_page = TextChange(old, page * 2 + "That is the end")
    assert [without_a_page.relocate(GoldSpan(start, start + 7, "Line 30")) for start in starts] == [None] * 3


def test_a_long_text_with_many_answers():
    facts = [
        f"Fact {number}: house {number * 7919 % 9973} has {number % 37} rooms and a\ngarden.\n"
        for number in range(20_000)
    ]
    old = "".join(facts)
    new = "".join(f"{number % 900}. {fact.replace(chr(10), chr(32))}\n" for number, fact in enumerate(facts))
    change = TextChange(old, new)
    for number in range(0, 20_000, 1000):
        start = old.index(f"{number % 37} rooms", old.index(f"Fact {number}:"))
        span = change.relocate(GoldSpan(start, start + len(f"{number % 37}"), f"{number % 37}"))
        assert new[: span.end].endswith(facts[number].split(" rooms")[0])
    assert change.adds_nothing


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        ("a" * 600 + "b") * 200,
        "yes no\n" * 15_000,
        "\n1. " * 25_000,
        "](" * 50_000,
        "<a" * 50_000,
        "1.,-+" * 20_000,
        "\u0301" * 100_000,
        "ab" * 100 + "".join(f"{'a' * (number % 7)}b" for number in range(20_000)),
    ],
    ids=range(9),
)
def test_a_text_that_is_made_to_be_slow(text):
    change = TextChange(text, f"{text[: len(text) // 2]} new {text[len(text) // 2 :]} new")
    middle = len(text) // 2 + 100
    spans = [
        GoldSpan(start, start + length, text[start : start + length])
        for start in range(middle, middle + 5)
        for length in (1, 90)
    ]
    for span in spans:
        change.relocate(span)  # in time, whatever it gives
    assert not change.adds_nothing

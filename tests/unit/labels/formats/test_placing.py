import pytest

from qadesk.labels.formats.offset_counting import CODE_POINTS, COUNTINGS, OffsetEvidence
from qadesk.labels.formats.placing import Placed, place_answer
from qadesk.labels.formats.raw_answers import RawAnswer
from qadesk.records import GoldSpan

from .conftest import TEXT


@pytest.mark.parametrize(
    ("answer", "span"),
    [
        (RawAnswer("Ada", 0), GoldSpan(0, 3, "Ada")),
        (RawAnswer("Ada", 46, 49), GoldSpan(46, 49, "Ada")),
        (RawAnswer(None, 40, 44), GoldSpan(40, 44, "1843")),
        (RawAnswer("London"), GoldSpan(62, 68, "London")),
        (RawAnswer("London "), GoldSpan(62, 68, "London")),
        (RawAnswer("Ada", "46", "49"), GoldSpan(46, 49, "Ada")),
        (RawAnswer("Ada", 46.0, float("nan")), GoldSpan(46, 49, "Ada")),
        (RawAnswer(1843, 40), GoldSpan(40, 44, "1843")),
        (RawAnswer(1843.0, 40), GoldSpan(40, 44, "1843")),
        (RawAnswer("first\u00a0program ", 23), GoldSpan(23, 36, "first program")),
        (RawAnswer("first  program", 23, 36), GoldSpan(23, 36, "first program")),
    ],
)
def test_an_answer_in_its_place(answer, span):
    assert place_answer(answer, TEXT) == Placed(span)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (RawAnswer("Ada", 44), "The answer 'Ada' is not at 44 but at 46."),
        (RawAnswer("Ada", -9), "The answer 'Ada' is not at -9 but at 0."),
        (RawAnswer("Ada", 10**18), "The answer 'Ada' is not at 1000000000000000000 but at 46."),
        (RawAnswer("Babbage", 3), "The answer 'Babbage' is not in the text."),
        (RawAnswer("Babbage"), "The answer 'Babbage' is not in the text."),
        (RawAnswer("Ada"), "The answer 'Ada' stands at 0 and at 46, and no offset says which."),
        (RawAnswer(None, 60, 99), "An answer from 60 to 99 is not within the text."),
        (RawAnswer(None, 9, 9), "An answer from 9 to 9 is not within the text."),
        (RawAnswer(None, -3, 2), "An answer from -3 to 2 is not within the text."),
        (RawAnswer(None, 3, 4), "An answer has no text."),
        (RawAnswer("Ada", "x"), "An answer has an offset that is not a whole number."),
        (RawAnswer("3"), "The answer '3' stands in the text only inside a word, at 43."),
        (RawAnswer("Ada", True), "An answer has an offset that is not a whole number."),
        (RawAnswer(None, 4.5, 7), "An answer has an offset that is not a whole number."),
        (RawAnswer(None, 4), "An answer has neither a text nor an end."),
        (RawAnswer(["Ada"], 0), "An answer has no text."),
        (RawAnswer("", 5), "An answer has no text."),
        (RawAnswer(), ""),
        (RawAnswer("", -1), ""),
    ],
)  # fmt: skip
def test_an_answer_out_of_place_is_reported_with_where_it_stands(answer, what):
    assert place_answer(answer, TEXT) == Placed(None, what)


def test_an_answer_across_pages_is_left_out():
    what = "The answer 'one\ftwo' goes across pages."
    assert place_answer(RawAnswer("one\ftwo", 0), "one\ftwo") == Placed(None, what)


@pytest.mark.parametrize(
    ("answer", "text", "words", "what"),
    [
        (RawAnswer("first program", 23), "Ada Lovelace wrote the First program.", "First program",
         "The answer 'first program' is spelled 'First program' in the text."),
        (RawAnswer("Zo\u00eb", 0), "Zoe\u0308 came.", "Zoe\u0308", ""),
        (RawAnswer("London", 3), TEXT, "London",
         "The answer 'London' is not at 3 but at 62: it was taken from there."),
        (RawAnswer("London", -1), TEXT, "London",
         "The answer 'London' is not at -1 but at 62: it was taken from there."),
    ],
)  # fmt: skip
def test_an_answer_that_can_mean_one_place_alone_is_taken_from_there(answer, text, words, what):
    placed = place_answer(answer, text)
    assert (placed.span.text, placed.what) == (words, what)
    assert placed.span.stands_in(text)


def test_part_of_a_word_is_not_the_one_place():
    assert place_answer(RawAnswer("don", 3), TEXT) == Placed(None, "The answer 'don' is not at 3 but at 65.")


UTF16, CRLF, BOTH, SEEN = COUNTINGS[1:]
BOAT = "\U0001f6a2"
FIREMAN = "\U0001f468\U0001f3fb\u200d\U0001f692"


@pytest.mark.parametrize(
    ("counting", "text", "start"),
    [
        (UTF16, f"{BOAT} The mate, Ida Berg, and Ida Berg", 13),
        (CRLF, "One.\r\nTwo.\r\nThe mate, Ida Berg, and Ida Berg", 20),
        (BOTH, f"{BOAT}{BOAT}{BOAT}\r\n\r\nThe mate, Ida Berg, and Ida Berg", 18),
        (SEEN, f"{FIREMAN}e\u0301\r\nThe mate, Ida Berg, and Ida Berg", 13),
    ],
)
def test_offsets_of_other_programs_are_read_as_they_count(counting, text, start):
    right = text.index("Ida Berg")
    assert start != right
    assert place_answer(RawAnswer("Ida Berg", start), text).span == GoldSpan(right, right + 8, "Ida Berg")
    answer = RawAnswer(None, start, start + 8)
    evidence = OffsetEvidence()
    evidence.add_row(text, [answer])
    assert evidence.counting is counting
    assert evidence.note == f"Its offsets count {counting.what}: they were read so."
    assert place_answer(answer, text, evidence.counting) == Placed(GoldSpan(right, right + 8, "Ida Berg"))


def test_all_answers_of_a_file_decide_how_it_counts():
    text = f"{BOAT} Ida and Ada and Eva"
    evidence = OffsetEvidence()
    evidence.add_row(text, [RawAnswer("Ada", 11), RawAnswer("Eva", 19)])  # their texts prove UTF-16
    evidence.add_row(f"{BOAT} a b c", [RawAnswer(None, 4, 5)])  # 'b' as code points, a blank in UTF-16
    assert evidence.counting is UTF16
    placed = place_answer(RawAnswer(None, 5, 6), f"{BOAT} a b c", UTF16)
    assert placed.span == GoldSpan(4, 5, "b")


def test_a_span_that_can_be_read_in_two_ways_is_read_as_code_points_and_told():
    evidence = OffsetEvidence()
    evidence.add_row(f"{BOAT} \u4e00\u4e8c\u4e09\u56db", [RawAnswer(None, 3, 5)])
    assert evidence.counting is CODE_POINTS
    assert evidence.note == (
        "Whether its offsets count an emoji as two characters cannot be told: each character was read as one."
    )


def test_a_span_that_no_way_of_counting_explains_is_told():
    text = f"{BOAT} The mate is Ida Berg"
    placed = place_answer(RawAnswer(None, 12, 17), text)
    assert placed.span is not None
    assert placed.what == "The answer 's Ida' may be shifted: it does not begin and end with words."


def test_the_text_of_an_exported_span_proves_its_offsets():
    text = f"{BOAT}ab cd"
    assert place_answer(RawAnswer(None, 2, 5, hint="b c"), text, UTF16) == Placed(GoldSpan(2, 5, "b c"))
    assert place_answer(RawAnswer(None, 1, 3, hint="moved since"), text) == Placed(GoldSpan(1, 3, "ab"))


@pytest.mark.parametrize("start", [-(10**30), -1, 10**30])
def test_offsets_out_of_all_bounds_do_no_harm(start):
    text = f"{BOAT}\r\nIda"
    for counting in COUNTINGS:
        assert place_answer(RawAnswer(None, start, start + 3), text, counting).span is None

import pytest

from qadesk.labels.relocation import TextChange
from qadesk.records import GoldSpan

FILLER = "The harbour of the small town was dredged twice, and nobody could say what it had cost the council. "
SENTENCE = "The lighthouse at the northern end of the bay was first lit in 1862 by the keeper's own daughter. "
OTHER = "A second lamp, which the fishermen paid for themselves, has stood on the southern mole since 1862 as well. "
OLD = FILLER + SENTENCE + OTHER + FILLER.upper()


def span(text, words="1862", number=0):
    start = -1
    for _ in range(number + 1):
        start = text.index(words, start + 1)
    return GoldSpan(start, start + len(words), words)


def relocate(answer, old, new):
    return TextChange(old, new).relocate(answer)


def relocated(new, words="1862", number=0, old=OLD):
    match = relocate(span(old, words, number), old, new)
    assert match is None or match.stands_in(new)
    return None if match is None else new[match.start - 10 : match.end]


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(
    "new",
    [
        OLD,
        "A title in front.\n" + OLD,
        OLD + "Something at the end.",
        OLD.replace(FILLER, ""),
        FILLER + OTHER + SENTENCE,
        OLD.replace("dredged", "cleaned"),
        OLD.replace("in 1862 by", "in 1862, by"),
        OLD.replace("first lit in", "first alight in"),
        OLD.replace("since 1862", "from 1862"),
    ],
)
def test_an_answer_is_found_by_its_surroundings(new, number):
    expected = span(new, number=number if new.index("northern") < new.index("southern") else 1 - number)
    assert relocate(span(OLD, number=number), OLD, new) == expected


def test_each_of_two_equal_answers_keeps_its_own_place():
    new = SENTENCE + FILLER + OTHER
    assert relocated(new, number=0) == "st lit in 1862"
    assert relocated(new, number=1) == "ole since 1862"


def test_an_answer_that_is_gone_is_lost():
    assert relocated(OLD.replace("1862", "1863")) is None
    assert relocated("") is None


def test_the_same_words_elsewhere_are_not_the_answer():
    assert relocated("In 1862, far away from any sea, a railway was opened. " + FILLER) is None


def test_a_twin_does_not_take_the_answer_of_a_sentence_that_was_deleted():
    twins = "Year one: sales of the northern branch rose to 1862 units. " + FILLER
    twins += "Year two: sales of the northern branch rose to 1862 units. " + FILLER.upper()
    second_only = twins[twins.index("Year two") :]
    assert relocated(second_only, number=0, old=twins) is None
    assert relocated(second_only, number=1, old=twins) == "h rose to 1862"


def test_what_stands_twice_in_the_same_surroundings_is_ambiguous():
    page = "x" * 600 + SENTENCE + "x" * 600
    assert relocated(page + page, old=page) is None
    assert relocated(page, old=page + page) is None
    assert relocated(page, old=page) is not None


def test_a_copy_of_the_sentence_is_distinguished_by_what_is_around_it():
    new = OLD + "It was said above: " + SENTENCE
    assert relocate(span(OLD), OLD, new) == span(OLD)


def test_changes_on_both_sides_close_to_the_answer_are_too_many():
    assert relocated(FILLER + "Somebody else says in 1862 by contrast nothing was lit. " + OTHER) is None


def test_a_short_text_must_agree_as_a_whole():
    old = "Ada wrote it."
    assert relocate(span(old, "Ada"), old, "Today Ada wrote it. Nobody knows why.") == GoldSpan(6, 9, "Ada")
    assert relocate(span(old, "Ada"), old, "Ada wrote nothing.") is None
    assert relocate(span("yes", "yes"), "yes", "no, yes") == GoldSpan(4, 7, "yes")
    assert relocate(span("yes", "yes"), "yes", "yes, yes") is None


def test_words_that_stand_in_a_thousand_places_are_distinguished_all_the_same():
    crowd = "".join(f"row {number} of the table says yes. " for number in range(3000))
    old = crowd + "But the last row, the one that matters, says yes, and that is all there is to it. " + crowd
    answer = span(old, "yes", 3000)
    assert old[answer.end] == ","
    new = "A title. " + old
    assert relocate(answer, old, new) == GoldSpan(answer.start + 9, answer.end + 9, "yes")
    same = "yes " * 3000
    assert relocate(span(same, "yes", 1500), same, same + "yes ") is None


@pytest.mark.parametrize("wrong", [GoldSpan(0, 4, "1862"), GoldSpan(-1, 3, "1862"), GoldSpan(3, 3, "")])
def test_an_answer_that_did_not_stand_there_is_not_found(wrong):
    assert relocate(wrong, OLD, "x" + OLD) is None


def test_offsets_are_code_points():
    old = "😀 " + SENTENCE
    new = "e\u0301 😀😀 " + old
    assert relocate(span(old), old, new) == span(new)

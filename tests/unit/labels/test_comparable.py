import pytest

from qadesk.labels.comparable import ComparableText


def compared(text):
    return ComparableText(text).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the rent\nis due", "the rent is due"),
        ("a\tb\r\nc", "a b\nc"),
        ("prop-\nerty", "property"),
        ("selfemployed", "self-employed"),
        ("- by post", "\u2022 by post"),
        ("a so\u00adft hy\u200bphen", "a soft hyphen"),
        ("## The *old* `mill`", "The old mill"),
        ("see [the records](https://example.org/a_b.html 'Records') now", "see the records now"),
        ('see [the records](https://example.org/a "The records") now', "see the records now"),
        ("see [the records][1] now", "see the records now"),
        ("Selma&nbsp;Brandt<br/>Basel", "Selma\u00a0Brandt Basel"),
        ("the o\ufb03ce \ufb01le", "the office file"),
        ("cafe\u0301", "caf\u00e9"),
        ("x\u00b2 and \u00bd", "x^2 and 1/2"),
        ("2.1 Rent is due.\n(a) by post\n  iv) by bank", "Rent is due.\n\u2022 by post\n- by bank"),
        ("2019-\n2020 and 12,\n500", "2019-2020 and 12,500"),
        ("\u304b\u3099", "\u304c"),
    ],
)
def test_what_readers_change_is_not_compared(one, other):
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10.5", "105"),
        ("a profit of -5", "a profit of 5"),
        ("a profit of \u22125", "a profit of 5"),
        ("07:45", "0745"),
        ("5 %", "5"),
        ("\u20ac5", "$5"),
        ("Rent", "rent"),
        ("about\n2.1 million", "about million"),
        ("1862. The lamp", "The lamp"),
        ("\u0915\u093e", "\u0915\u0947"),  # vowel signs of an Indian script
    ],
)
def test_what_changes_the_meaning_is_compared(one, other):
    assert compared(one) != compared(other)


@pytest.mark.parametrize("text", ["", "\n \t-*", "a\ufb03 b-\nc e\u0301.", "\U0001f600 x \u00bd 1.5\r\n"])
def test_each_character_knows_its_place(text):
    comparable = ComparableText(text)
    offsets = [comparable.offset_at(index) for index in range(len(comparable.text))]
    assert offsets == sorted(offsets)
    assert all(
        compared(text[offset]).startswith(comparable.text[index]) or comparable.text[index] in compared(text[offset])
        for index, offset in enumerate(offsets)
        if comparable.text[index].isalnum()
    )
    assert comparable.offset_at(len(comparable.text)) == len(text)
    assert [comparable.index_at(offset) for offset in dict.fromkeys(offsets)] == [
        offsets.index(offset) for offset in dict.fromkeys(offsets)
    ]


def test_words_end_at_white_space_and_signs_but_not_in_a_ligature():
    comparable = ComparableText("of\ufb01ce, 12")
    assert comparable.text == "office12"
    assert [index for index in range(9) if comparable.is_boundary(index)] == [0, 6, 8]


def test_an_end_takes_its_combining_characters_along():
    comparable = ComparableText("cafe\u0301\u0323, no")
    assert comparable.end_before(4) == 6
    assert comparable.signs_at(4) == ", "
    assert comparable.signs_at(0) == ""


def test_the_lines_that_have_something_to_compare():
    comparable = ComparableText("\n\na\r\n--\rb\n \nc\n")
    assert comparable.text == "abc"
    assert comparable.lines == [(0, 1), (1, 2), (2, 3)]
    assert ComparableText("").lines == []
    assert [comparable.line_number(index) for index in range(4)] == [0, 1, 2, 2]

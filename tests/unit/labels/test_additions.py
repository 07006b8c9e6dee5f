import pytest

from qadesk.labels.additions import adds_nothing
from qadesk.labels.comparable import ComparableText

OLD = (
    "House rules\nEvery tenant gets two keys, and the caretaker of the prop-\nerty keeps a third one.\n"
    "Page 1\n\nHouse rules\nThe cellar is locked at ten in the even-\n\nPage 2\ning by Mr Okoro.\nYear Staff\n2019 47"
)


def adds_nothing_to(old, new):
    return adds_nothing(ComparableText(old), ComparableText(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one\ntwo\nthree", "three\none"),
        ("one\r\ntwo", "one\ntwo\n"),
        ("one", ""),
        (OLD, OLD.replace("\n", " ")),
        (OLD, OLD.replace("prop-\nerty", "property").replace("2019 47", "2019\t47")),
        (
            OLD,
            "House rules\n\nEvery tenant gets two keys, and the caretaker of the property keeps a third one.\n\n"
            "Page 1\n\nThe cellar is locked at ten in the evening by Mr Okoro.\n\nPage 2\n\nYear\tStaff\n2019\t47",
        ),
        ("Rent is due.\nLate rent costs five euros.", "2.1 Rent is due.\n2.2 Late rent costs five euros."),
        ("by post\nby bank", "a) by post\nb) by bank"),
        ("# Fees\n\nSee [the list](fees.html) of *all* fees.", "Fees\n\nSee the list of all fees."),
        ("12. May is a\n13. June", "May is a June"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a\tb\n1\t2"),
    ],
)
def test_nothing_new(old, new):
    assert adds_nothing_to(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one\ntwo", "one\ntwo!\nthree"),
        ("", "one"),
        ("north\nsouth", "no\nsouth"),
        ("A\nNobody came.", "A\nNo\nNobody came."),
        ("It ends in 2026.\nSee page 25.", "It ends in 2025.\nSee page 25."),
        ("The rent is not due on Sunday.", "The rent is due on Sunday."),
        ("The rent is 10.5 euros.", "The rent is 105 euros."),
        (OLD, OLD + "\nIlse Varga"),
        (OLD, OLD.replace("47", "471")),
        (OLD, OLD.replace("two keys", "two new keys")),
        ("Rent is due.", "3. Rent is due today."),
    ],
)
def test_something_new(old, new):
    assert not adds_nothing_to(old, new)


def test_much_out_of_order_is_not_compared_for_ever():
    lines = [f"Line number {number} of the whole text." for number in range(3000)]
    assert adds_nothing_to("\n".join(lines), "\n".join(reversed(lines)))
    pairs = [f"{one} {other}" for one, other in zip(lines[::2], lines[1::2], strict=True)]
    assert not adds_nothing_to("\n".join(pairs), "\n".join(reversed(lines)))

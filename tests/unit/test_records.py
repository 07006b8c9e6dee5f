import pytest

from qadesk.records import GoldSpan, LabeledExample


@pytest.mark.parametrize(
    ("start", "stands"),
    [(4, True), (3, False), (-4, False), (100, False), (10**400, False)],  # text[-4:] would be 'cat.'
)
def test_a_span_knows_whether_it_stands_there(start, stands):
    assert GoldSpan(start, start + 4, "cat.").stands_in("The cat.") is stands


def test_gold_texts():
    spans = (GoldSpan(0, 3, "The"), GoldSpan(4, 7, "cat"))
    assert LabeledExample("q", "Who?", "The cat.", "", spans, False).gold_texts == ("The", "cat")

"""Charts of Word documents: titles, and cached data as a table."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from word_files import NAMESPACES, paragraph, parsed, word_file

from qadesk.documents.parsing import Parsed


def chart(xml: str) -> Parsed:
    data = f"<c:chartSpace {NAMESPACES}>{xml}</c:chartSpace>"
    body = '<w:p><w:r><w:drawing><c:chart r:id="d"/></w:drawing></w:r></w:p>' + paragraph("after")
    return parsed(word_file(body, embedded={"d": ("chart", "charts/c.xml", data.encode())}))


def title(text: str) -> str:
    return f"<c:title><c:tx><c:rich><a:p><a:r><a:t>{text}</a:t></a:r></a:p></c:rich></c:tx></c:title>"


def points(texts: Mapping[int, str]) -> str:
    return "".join(f'<c:pt idx="{number}"><c:v>{text}</c:v></c:pt>' for number, text in texts.items())


def cache(role: str, texts: list[str], code: str = "") -> str:
    kind = "num" if code else "str"
    code = f"<c:formatCode>{code}</c:formatCode>" if code else ""
    cached = f"<c:{kind}Cache>{code}<c:ptCount val='9'/>{points(dict(enumerate(texts)))}</c:{kind}Cache>"
    return f"<c:{role}><c:{kind}Ref><c:f>Sheet1!$A$1</c:f>{cached}</c:{kind}Ref></c:{role}>"


def series(name: str, *parts: str) -> str:
    return f"<c:ser>{cache('tx', [name])}{''.join(parts)}</c:ser>"


def rows(result: Parsed) -> list[list[str]]:
    """The cells of the tables of ``result``; header cells in brackets."""
    return [
        [
            f"[{result.text[cell.start : cell.end]}]" if cell.is_header else result.text[cell.start : cell.end]
            for cell in row
        ]
        for block in result.blocks
        for row in block.rows
    ]


def test_series_with_the_same_categories_are_one_table() -> None:
    years = cache("cat", ["2019", "2020"])
    result = chart(
        title("Guests and staff")
        + series("Guests", years, cache("val", ["1250", "980"], "General"))
        + series("Staff", years, cache("val", ["47", "38"], "General"))
        + f"<c:catAx>{title('Year')}</c:catAx><c:valAx>{title('Persons')}</c:valAx>"
    )
    assert result.text == "Guests and staff\nPersons\n\nYear\tGuests\tStaff\n2019\t1250\t47\n2020\t980\t38\n\nafter"
    assert [block.kind for block in result.blocks] == ["caption", "paragraph", "table", "paragraph"]
    assert rows(result)[0] == ["[Year]", "[Guests]", "[Staff]"]


def test_series_with_other_categories_are_other_tables() -> None:
    result = chart(
        series("A", cache("xVal", ["1", "2"], "General"), cache("yVal", ["10", "20"], "General"))
        + series("B", cache("xVal", ["3"], "General"), cache("yVal", ["30"], "General"))
    )
    assert rows(result) == [["[]", "[A]"], ["1", "10"], ["2", "20"], ["[]", "[B]"], ["3", "30"]]


def test_a_title_alone_and_one_that_is_a_cell() -> None:
    assert chart(title("Guests")).text == "Guests\n\nafter"
    assert chart(f"<c:title>{cache('tx', ['Guests'])}</c:title>").text == "Guests\n\nafter"


def test_points_without_values_and_categories() -> None:
    values = f"<c:val><c:numRef><c:numCache>{points({0: '4', 2: '6'})}</c:numCache></c:numRef></c:val>"
    assert rows(chart(series("A", cache("cat", ["x", "y", "z"]), values)))[1:] == [["x", "4"], ["y", ""], ["z", "6"]]
    assert rows(chart(series("A", values)))[1:] == [["1", "4"], ["3", "6"]]


def test_levels_of_categories_are_put_together() -> None:
    inner, outer = points({0: "Q1", 1: "Q2", 2: "Q1"}), points({0: "2019", 2: "2020"})
    levels = f"<c:cat><c:multiLvlStrCache><c:lvl>{inner}</c:lvl><c:lvl>{outer}</c:lvl></c:multiLvlStrCache></c:cat>"
    table = rows(chart(series("A", levels, cache("val", ["1", "2", "3"], "General"))))
    assert table[1:] == [["2019 Q1", "1"], ["2019 Q2", "2"], ["2020 Q1", "3"]]


@pytest.mark.parametrize(
    ("cached", "code", "shown"),
    [
        ("4.3", "General", "4.3"),
        ("2.4000000000000004", "General", "2.4"),
        ("0.25", "0%", "25%"),
        ("0.1234", "0.0%", "12.3%"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("3", "0.00", "3.00"),
        ("43555", "m/d/yyyy", "2019-03-31"),
        ("43555", "[$-409]d\\-mmm\\-yy;@", "2019-03-31"),
        ("12", '0" days"', "12"),
        ("#N/A", "General", "#N/A"),
        ("nan", "dd.mm.yyyy", "nan"),
    ],
)
def test_numbers_are_shown_as_their_format_says(cached: str, code: str, shown: str) -> None:
    assert rows(chart(series("A", cache("val", [cached], code))))[1] == ["1", shown]


def test_days_since_1904() -> None:
    xml = '<c:date1904 val="1"/>' + series("A", cache("val", ["42093"], "yyyy\\-mm\\-dd"))
    assert rows(chart(xml))[1] == ["1", "2019-03-31"]


def test_words_of_data_labels_are_no_data() -> None:
    label = f"<c:dLbls><c:dLbl>{cache('tx', ['note'])}</c:dLbl></c:dLbls>"
    assert rows(chart(series("A", label, cache("val", ["5"], "General")))) == [["[]", "[A]"], ["1", "5"]]


def test_too_many_data_are_left_out_and_told() -> None:
    single = [
        f"<c:ser><c:cat>{points({n: 'x'})}</c:cat><c:val>{points({n: '1'})}</c:val></c:ser>" for n in range(20_000)
    ]
    result = chart(title("Much") + "".join(single))
    assert result.text == "Much\n\nafter"
    assert result.notes == ("The data of a chart are too many to show and were left out.",)

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qadesk.documents.xlsx.number_formats import shown_number, shown_text

sys.path.append(str(Path(__file__).parents[1]))
from sheet_files import MAIN, one_sheet, parsed, sheet_xml, workbook

EUROS = '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-'


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        # whole numbers and decimals
        (1234.5, "#,##0.00", "1,234.50"),
        (1234, '#,##0" km"', "1,234 km"),
        (12, "00000", "00012"),
        (2.675, "0.00", "2.68"),
        (5, "0.##", "5"),
        (12.3456, "0.0##", "12.346"),
        (0.5, "#.##", ".5"),
        (1000, "#,##0.-", "1,000.-"),
        (1234567, "#,##0,", "1,235"),
        (1234567, '0.0,,"M"', "1.2M"),
        (123456789, "000-00-0000", "123-45-6789"),
        (-0.12, "0%", "-12%"),
        (0.12, "0 %", "12 %"),
        (7, '0" kg"', "7 kg"),
        # signs, zero and conditions
        (-1234.5, "#,##0.00;[Red]-#,##0.00", "-1,234.50"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"none"', "none"),
        (7, ";;;", ""),
        (150, '[>100]"high";[<=100]"low"', "high"),
        (50, '[>100]"high";[<=100]"low"', "low"),
        # money
        (1234.5, EUROS, "1,234.50 €"),
        (-1234.5, EUROS, "-1,234.50 €"),
        (0, EUROS, "- €"),
        (1234.5, "[$$-409]#,##0.00", "$1,234.50"),
        (1234.5, "[$€-2] #,##0.00", "€ 1,234.50"),
        (1234.5, "[$CHF] #,##0.00", "CHF 1,234.50"),
        # powers of ten and fractions
        (12345, "0.00E+00", "1.23E+04"),
        (0.00012, "0.0E-0", "1.2E-4"),
        (12345, "##0.0E+0", "12.3E+3"),
        (99.95, "0.0E+0", "1.0E+2"),
        (0, "0.0E+0", "0.0E+0"),
        (2.3333333333, "# ?/?", "2 1/3"),
        (0.5, "?/?", "1/2"),
        (2, "# ?/?", "2"),
        (0.25, "# ?/8", "2/8"),
        (0.999999, "# ??/??", "1"),
        # General
        (3.14159265358979, "General", "3.141592654"),
        (0.1 + 0.2, "General", "0.3"),
        (9783161484100, "General", "9783161484100"),
        (1e20, "General", "1E+20"),
        (-5.0, "General", "-5"),
        (5, 'General" pieces"', "5 pieces"),
        (5, "@", "5"),
        (1e300, "0.00", "1E+300"),
        (1e35, "#,##0.00", "100,000,000,000,000,000,000,000,000,000,000,000.00"),
        # dates and times
        (45780, "d mmm yyyy", "3 May 2025"),
        (45780, "[$-407]d. mmmm yyyy", "3. May 2025"),
        (45780, "dddd, dd.mm.yy", "Saturday, 03.05.25"),
        (45780, "mmmmm", "M"),
        (45780.5, "yyyy-mm-dd hh:mm:ss", "2025-05-03 12:00:00"),
        (45780, 'yyyy"年"m"月"d"日"', "2025年5月3日"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
        (0.0, "h:mm AM/PM", "12:00 AM"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (0.0625, "[mm]:ss", "90:00"),
        (12.345 / 86400, "mm:ss.00", "00:12.34"),
        (0.041667, "mm:ss", "00:00"),
        (59, "d mmm yyyy", "28 Feb 1900"),
        (60, "d mmm yyyy", "29 Feb 1900"),
        (61, "d mmm yyyy", "1 Mar 1900"),
        (2958465, "d mmm yyyy", "31 Dec 9999"),
        (-1, "d mmm yyyy", "-1"),
        (1e9, "d mmm yyyy", "1000000000"),
        # what is no format
        (5, "", "5"),
        (5, "0" * 300, "5"),
        (5, '0"', "5"),
    ],
)
def test_numbers_as_shown(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_dates_from_1904() -> None:
    assert shown_number(44318, "d mmm yyyy", begins_in_1904=True) == "3 May 2025"
    assert shown_number(1.5, "[h]:mm", begins_in_1904=True) == "36:00"


@pytest.mark.parametrize(
    ("code", "shown"), [("General", "ab"), ("@", "ab"), ('0;-0;0;"Ref "@', "Ref ab"), ("0.00", "ab"), (EUROS, " ab ")]
)
def test_texts_as_shown(code: str, shown: str) -> None:
    assert shown_text("ab", code) == shown


def test_cells_of_all_types() -> None:
    result = one_sheet(
        {
            "A1": "text", "B1": 1234.5, "C1": True, "D1": ("e", "#N/A"), "E1": ("str", "of a formula"),
            "F1": ("d", "2025-05-03"), "G1": 0.125, "H1": ("n", "rubbish"), "I1": ("s", "99"), "J1": ("b", "0"),
        },
        number_formats=("#,##0.00", "d mmm yyyy", "0.0%"),
        styles={"B1": 1, "F1": 2, "G1": 3},
    )  # fmt: skip
    assert result.text == "text\t1,234.50\tTRUE\t#N/A\tof a formula\t3 May 2025\t12.5%\trubbish\tFALSE"


def test_shared_strings_are_read_without_readings_and_escapes() -> None:
    strings = [
        "<t>plain</t>",
        "<r><t>two </t></r><r><t>runs</t></r>",
        "<t>灯</t><rPh><t>とう</t></rPh>",
        "<t>a_x000D_&#10;b</t>",
    ]
    sheet = sheet_xml({f"A{number + 1}": ("s", number) for number in range(4)})
    assert parsed(workbook(("S", sheet), strings=strings)).text == "plain\ntwo runs\n灯\na\nb"


def test_formulas_are_read_by_their_stored_values() -> None:
    row = '<row r="1"><c r="A1"><f>B1*2</f><v>14</v></c><c r="B1"><v>7</v></c><c r="C1"><f>B1+1</f></c></row>'
    result = parsed(workbook(("S", f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>')))
    assert result.text == "14\t7"
    assert result.notes == (
        "Formulas without a stored value (Excel stores it when it saves the file) were left out: S.",
    )


def test_built_in_formats_and_the_date_system_of_the_file() -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="4"/><xf numFmtId="9"/></cellXfs>'
    sheet = sheet_xml({"A1": 44318, "B1": 1234.5, "C1": 0.5}, styles={"A1": 1, "B1": 2, "C1": 3})
    data = workbook(("S", sheet), styles=styles, properties='<workbookPr date1904="1"/>')
    assert parsed(data).text == "2025-05-03\t1,234.50\t50%"


@settings(max_examples=300, deadline=None)
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.sampled_from([*'0#?.,%/@;E+-_*\\[]$hmsydeg "x', "General", "AM/PM", "[h]", "[>5]", "E+"]), max_size=20),
)
def test_any_format_shows_something(value: float, pieces: list[str]) -> None:
    code = "".join(pieces)
    assert isinstance(shown_number(value, code), str)
    assert isinstance(shown_text("text", code), str)

"""The numbers and bullets of lists come out as Word prints them."""

from __future__ import annotations

import pytest
from word_files import blocks, item, level, numbering, paragraph, parsed, run, word_file

CLAUSES = numbering(level(0, "%1."), level(1, "%1.%2"), level(2, "(%3)", "lowerLetter"))


def style(name: str, more: str = "", kind: str = "paragraph") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{more}</w:style>'


def of_list(num_id: int = 1, level_: int | None = None) -> str:
    number = "" if level_ is None else f'<w:ilvl w:val="{level_}"/>'
    return f'<w:pPr><w:numPr>{number}<w:numId w:val="{num_id}"/></w:numPr></w:pPr>'


def labels(body: str, **parts: str) -> list[str]:
    return [number.strip() for kind, _, number, _ in blocks(word_file(body, **parts)) if kind == "item"]


def test_clauses_have_their_numbers() -> None:
    body = (
        item("Definitions") + item("Payment") + item("Rent is due.", 1) + item("Late rent costs 25.", 1)
        + item("in cash", 2) + item("Termination")
    )  # fmt: skip
    data = word_file(body, numbering=CLAUSES)
    assert parsed(data).text == (
        "1. Definitions\n2. Payment\n2.1 Rent is due.\n2.2 Late rent costs 25.\n(a) in cash\n3. Termination"
    )
    assert blocks(data)[2:5] == [
        ("item", 2, "2.1 ", "Rent is due."),
        ("item", 2, "2.2 ", "Late rent costs 25."),
        ("item", 3, "(a) ", "in cash"),
    ]


def test_a_paragraph_between_items_does_not_restart_them() -> None:
    text = parsed(word_file(item("a") + paragraph("between") + item("b"), numbering=CLAUSES)).text
    assert text == "1. a\n\nbetween\n\n2. b"


def test_lists_of_one_abstract_list_go_on_unless_they_override_the_start() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    body = item("a") + item("b", num_id=2) + item("c", num_id=3) + item("d", num_id=3) + item("e")
    assert labels(body, numbering=numbering(level(0, "%1."), more=more)) == ["1.", "2.", "7.", "8.", "9."]


def test_a_list_may_override_a_level() -> None:
    other = level(0, "Article %1", "upperRoman")
    more = f'<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">{other}</w:lvlOverride></w:num>'
    body = item("a") + item("b", num_id=2)
    assert labels(body, numbering=numbering(level(0, "%1."), more=more)) == ["1.", "Article II"]


@pytest.mark.parametrize(
    ("restart", "expected"),
    [
        ("", ["1.", "1.1", "a)", "1.2", "a)", "2.", "2.1", "a)"]),
        ('<w:lvlRestart w:val="0"/>', ["1.", "1.1", "a)", "1.2", "b)", "2.", "2.1", "c)"]),
        ('<w:lvlRestart w:val="1"/>', ["1.", "1.1", "a)", "1.2", "b)", "2.", "2.1", "a)"]),
    ],
)
def test_when_a_level_restarts(restart: str, expected: list[str]) -> None:
    levels = numbering(level(0, "%1."), level(1, "%1.%2"), level(2, "%3)", "lowerLetter", restart))
    assert labels("".join(item("x", number) for number in (0, 1, 2, 1, 2, 0, 1, 2)), numbering=levels) == expected


def test_a_skipped_level_counts_as_begun() -> None:
    body = item("a") + item("b", 2) + item("c", 1)
    assert labels(body, numbering=numbering(level(0, "%1"), level(1, "%1.%2"), level(2, "%1.%2.%3"))) == [
        "1", "1.1.1", "1.2",
    ]  # fmt: skip


def test_a_level_without_a_start_begins_at_zero() -> None:
    bare = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimalZero"/><w:lvlText w:val="%1"/></w:lvl>'
    assert labels(item("a") + item("b"), numbering=numbering(bare)) == ["00", "01"]


def test_legal_numbers_are_decimal_on_all_levels() -> None:
    levels = numbering(level(0, "%1.", "upperRoman"), level(1, "%1.%2", more="<w:isLgl/>"))
    assert labels(item("a") + item("b", 1), numbering=levels) == ["I.", "1.1"]


def test_custom_formats_have_leading_zeros() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="9"/><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
        '<w:lvlText w:val="R-%1"/></w:lvl>'
    )
    assert labels(item("a") + item("b"), numbering=numbering(custom)) == ["R-009", "R-010"]


@pytest.mark.parametrize(
    ("symbol", "font", "expected"),
    [
        ("\uf0b7", "Symbol", "•"), ("\uf0a7", "Wingdings", "▪"), ("o", "Courier New", "◦"), ("-", "Calibri", "-"),
        ("\uf0fc", "Wingdings", "✓"), ("\ue123", "Some Font", "•"), ("\uf0b7", "Calibri", "•"), ("§", "Wingdings", "▪"),
    ],
)  # fmt: skip
def test_bullets(symbol: str, font: str, expected: str) -> None:
    levels = numbering(level(0, symbol, "bullet", f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'))
    assert parsed(word_file(item("x") + item("y"), numbering=levels)).text == f"{expected} x\n{expected} y"


@pytest.mark.parametrize(("suffix", "text"), [("tab", "1. x"), ("space", "1. x"), ("nothing", "1.x")])
def test_what_comes_after_a_number(suffix: str, text: str) -> None:
    levels = numbering(level(0, "%1.", more=f'<w:suff w:val="{suffix}"/>'))
    assert parsed(word_file(item("x"), numbering=levels)).text == text


def test_a_number_is_never_glued_to_a_number() -> None:
    levels = numbering(level(0, "%1", more='<w:suff w:val="nothing"/>'))
    assert parsed(word_file(item("2019 was dry."), numbering=levels)).text == "1 2019 was dry."


def test_a_list_without_a_printed_number_is_a_paragraph() -> None:
    assert blocks(word_file(item("x"), numbering=numbering(level(0, "", "none")))) == [("paragraph", 0, "", "x")]
    hidden = level(0, "%1.", more="<w:rPr><w:vanish/></w:rPr>")
    assert blocks(word_file(item("x"), numbering=numbering(hidden))) == [("paragraph", 0, "", "x")]


@pytest.mark.parametrize("parts", [{}, {"numbering": "<w:num/>"}, {"numbering": CLAUSES}])
def test_a_list_that_is_not_there(parts: dict[str, str]) -> None:
    assert parsed(word_file(item("x", num_id=9), **parts)).text == "x"


def test_deleted_items_are_not_counted() -> None:
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
    deleted = f"<w:p><w:pPr>{properties}</w:pPr><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>"
    assert parsed(word_file(item("a") + deleted + item("b"), numbering=CLAUSES)).text == "1. a\n2. b"


def test_a_column_of_automatic_numbers() -> None:
    cells = "".join(f"<w:tr><w:tc>{item('')}</w:tc><w:tc>{paragraph(name)}</w:tc></w:tr>" for name in ("Ayr", "Ely"))
    assert parsed(word_file(f"<w:tbl>{cells}</w:tbl>{item('')}", numbering=CLAUSES)).text == "1.\tAyr\n2.\tEly"


# Numbers through styles


def test_a_style_numbers_its_paragraphs() -> None:
    styles = style("Clause", of_list()) + style("Deeper", '<w:basedOn w:val="Clause"/>')
    levels = numbering(
        level(0, "%1.", more='<w:pStyle w:val="Clause"/>'), level(1, "%1.%2", more='<w:pStyle w:val="Deeper"/>')
    )
    body = "".join(paragraph("x", f'<w:pStyle w:val="{name}"/>') for name in ("Clause", "Deeper", "Deeper", "Clause"))
    assert labels(body, styles=styles, numbering=levels) == ["1.", "1.1", "1.2", "2."]


def test_a_paragraph_may_take_itself_out_of_the_list_of_its_style() -> None:
    body = paragraph("x", '<w:pStyle w:val="Clause"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert blocks(word_file(body, styles=style("Clause", of_list()), numbering=CLAUSES)) == [("paragraph", 0, "", "x")]


def test_numbered_headings_begin_with_their_number() -> None:
    styles = style("heading 1", of_list()) + style("heading 2", of_list(level_=1))
    body = "".join(paragraph(f"Rent {name}", f'<w:pStyle w:val="heading {name}"/>') for name in (1, 2))
    assert blocks(word_file(body, styles=styles, numbering=CLAUSES)) == [
        ("heading", 1, "", "1. Rent 1"),
        ("heading", 2, "", "1.1 Rent 2"),
    ]


def test_a_list_whose_levels_a_style_names() -> None:
    link = '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="Contract"/></w:abstractNum>'
    more = f'{link}<w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>'
    styles = style("Contract", of_list(), kind="numbering")
    lists = CLAUSES.replace("</w:num>", f"</w:num>{more}")
    assert labels(item("a", num_id=2) + item("b", 1, 2), styles=styles, numbering=lists) == ["1.", "1.1"]


def test_the_depth_of_a_list_that_only_its_style_tells() -> None:
    body = paragraph("a", '<w:pStyle w:val="List Bullet"/>') + paragraph("b", '<w:pStyle w:val="List Bullet 2"/>')
    styles = style("List Bullet", of_list()) + style("List Bullet 2", of_list())
    levels = numbering(level(0, "-", "bullet"))
    assert [block[:2] for block in blocks(word_file(body, styles=styles, numbering=levels))] == [
        ("item", 1),
        ("item", 2),
    ]


def test_text_in_several_runs_is_one_item() -> None:
    properties = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    body = f"<w:p>{properties}{run(' the ')}{run('rent', '<w:b/>')}</w:p>"
    assert blocks(word_file(body, numbering=CLAUSES)) == [("item", 1, "1. ", "the rent")]

"""What of a web page is hidden: by style sheets, by styles and attributes of elements."""

from __future__ import annotations

import io

import pytest

from qadesk.documents import html, markdown
from qadesk.documents.html import hiding
from qadesk.documents.html.media_queries import is_for_screens
from qadesk.documents.parsing import Parsed, Source


def read(page: str) -> Parsed:
    return html.read(Source(io.BytesIO(page.encode()), "'x'"))


@pytest.mark.parametrize(
    "sheet",
    [
        ".x { display: none }",
        "p.x{color:red;DISPLAY:None!important}",
        "#y { visibility: hidden }",
        ".x { visibility: collapse; }",
        "h1, .z > .q, p.x.two { display: none }",
        "div .x { display: none }",
        "html body > div#d > p.x { display:none }",
        "[data-state=closed] { display: none }",
        "p[data-state^='clo'] { display: none }",
        'p[data-state$="SED" i] { display: none }',
        "[data-state*=lose], [data-state~=x] { display: none }",
        "p:not(.keep) { display: none }",
        ".x:not(.one, #z) { display: none }",
        ":root .x { display: none }",
        "html.dark .x { display: none }",
        "body.home .x { display: none }",
        ".x { background: url(data:x;y{z}) ; display: none }",
        ".x { content: '}'; display: none }",
        "/* .x { */ .x { display: none } /* } */",
        "<!-- .x { display: none } -->",
        "@import 'other.css'; .x { display: none }",
        "@font-face { font-family: x } .x { display: none }",
        "@media screen { .x { display: none } }",
        "@media print, (min-width: 600px) { .x { display: none } }",
        "@supports (display: grid) { @media all { .x { display: none } } }",
        "@layer base { .x { display: none } }",
        ".x { display: block } .x { display: none }",
        "#y { display: none } .x { display: block }",
        ".x { display: none !important } p#y { display: block }",
        ".x { display: none",
        r".\78 { display: none } .a\:b { display: block }",
    ],
)
def test_rules_of_the_page_hide(sheet: str) -> None:
    page = f"""<html class="dark"><body class="home"><style>{sheet}</style>
        <div id=d>before <p class="x two" id=y data-state=closed>hidden</p> <p class=keep>after</p></div>"""
    assert read(page).text == "before\n\nafter"


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print { .x { display: none } }",
        "@media (max-width: 600px) { .x { display: none } }",
        "@media not screen { .x { display: none } }",
        "@media (monochrome) { .x { display: none } }",
        "@supports not (display: grid) { .x { display: none } }",
        "@page { .x { display: none } }",
        ".x:hover { display: none }",
        ".x::before { display: none }",
        ".w + .x { display: none }",
        "section .x { display: none }",
        "div > .x { display: none }",
        ".X { display: none }",
        ".x { display: none } .x { display: block }",
        ".x { display: none } p.x { display: flex }",
        ".x { display: none\\9; *display: none }",
        ".x { .y & { display: none } }",
        "/* .x { display: none } */",
        ".x { content: 'display: none' }",
        "body { display: none } html { visibility: hidden }",
    ],
)
def test_other_rules_do_not_hide(sheet: str) -> None:
    assert read(f"<style>{sheet}</style><main><p class=w>a</p><p class=x>shown</p></main>").text == "a\n\nshown"


@pytest.mark.parametrize(
    ("element", "is_shown"),
    [
        ("<p class=none style='display:block'>x", True),
        ("<p class=never style='display:block'>x", False),
        ("<p class=never style='display:block!important'>x", True),
        ("<p class=block style='display:none'>x", False),
        ("<p class=block hidden>x", True),
        ("<p hidden>x", False),
        ("<p hidden=until-found>x", True),
        ("<dialog>x</dialog>", False),
        ("<dialog class=block>x</dialog>", True),
        ("<div class=invisible>x</div>", False),
        ("<div class=invisible><b>x</b></div>", False),
        ("<div class=none><b class=block>x</b></div>", False),
    ],
)
def test_the_rule_of_the_highest_rank_counts(element: str, is_shown: bool) -> None:
    sheet = ".none{display:none}.never{display:none!important}.block{display:block}.invisible{visibility:hidden}"
    assert read(f"<style>{sheet}</style>a<div>{element}</div>").text.split() == ["a", "x"][: 1 + is_shown]


def test_what_is_visible_within_the_invisible_is_shown() -> None:
    page = "<div style='visibility:hidden'>no <b style='visibility:visible'>yes</b> no<i>no</i></div>"
    assert read(page).text == "yes"


@pytest.mark.parametrize(
    ("query", "applies"),
    [
        ("", True),
        ("screen", True),
        ("print", False),
        ("only screen and (min-width: 48em)", True),
        ("screen and (max-width:480px)", False),
        ("screen and (min-width: 600px) and (max-width: 1500px)", True),
        ("(600px <= width <= 1280px)", True),
        ("(width < 1280px)", False),
        ("(width>=80rem)", True),
        ("(max-device-width: 600px)", False),
        ("not print", True),
        ("not (hover)", False),
        ("(prefers-color-scheme: dark)", False),
        ("(unknown-feature)", False),
        ("not (unknown-feature)", False),
        ("(min-width: 1px) or (max-width: 1px)", False),
    ],
)
def test_media_queries(query: str, applies: bool) -> None:
    assert is_for_screens(query) == applies


def test_a_hidden_formula_of_which_a_picture_is_shown_is_read() -> None:
    sheet = "<style>.a{visibility:hidden}.b{display:none}</style>"
    formulas = "".join(f"<span class='mathml {name}'><math><mi>{name}</mi></math></span> " for name in "ab")
    assert read(f"{sheet}<p>{formulas}").text == "a b"


def test_too_many_rules_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiding, "_MAX_STATEMENTS", 2)
    assert read("<style>.a,.b{display:none}</style><p class=a>x<p>y").text == "y"
    parsed = read("<style>.a,.b,.c{display:none}</style><p class=a>x")
    assert parsed.text == "x"
    assert parsed.notes == ("The page has too many styles to apply: hidden parts of it may be in the text.",)


def test_a_sheet_for_print_is_not_applied() -> None:
    assert read("<style media=print>p{display:none}</style><p>x").text == "x"


def test_what_a_click_unfolds_is_read_but_menus_are_not() -> None:
    page = """<style>.panel{display:none}</style>
        <button aria-controls="a">When is it open?</button><div id=a class=panel>From nine.</div>
        <button aria-controls="b">Menu</button><nav><div id=b class=panel>Home</div></nav>
        <div role=tabpanel hidden>Second tab.</div><div id=c class=panel>Other.</div>"""
    assert read(page).text == "When is it open?\nFrom nine.\nMenu\nSecond tab."


def test_a_page_that_a_script_would_show_is_read_without_its_sheets() -> None:
    assert read("<style>#app{display:none}</style><div id=app>The text.</div>").text == "The text."


def test_markdown_with_a_sheet() -> None:
    text = "<style>.x{display:none}</style>\n\n<div class=x>no</div>\n\nyes\n"
    assert markdown.read(Source(io.BytesIO(text.encode()), "'x.md'")).text == "yes"

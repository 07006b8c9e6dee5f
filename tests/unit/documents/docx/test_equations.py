"""Formulas as a line of text."""

from __future__ import annotations

import pytest
from word_files import parsed, run, word_file


def r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def el(name: str, *inside: str) -> str:
    return f"<m:{name}>{''.join(inside)}</m:{name}>"


def fraction(above: str, below: str, more: str = "") -> str:
    return el("f", more, el("num", above), el("den", below))


def power(base: str, exponent: str) -> str:
    return el("sSup", el("e", base), el("sup", exponent))


def setting(name: str, value: str) -> str:
    return f'<m:{name} m:val="{value}"/>'


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (fraction(r("1"), r("2")), "1/2"),
        (fraction(r("a+b"), r("c")), "(a+b)/c"),
        (fraction(fraction(r("1"), r("2")), r("3")), "(1/2)/3"),
        (fraction(r("n"), r("k"), el("fPr", setting("type", "noBar"))), "n over k"),
        (power(r("10"), r("3")), "10^3"),
        (power(r("x"), r("n+1")), "x^(n+1)"),
        (power(el("d", el("e", r("a+b"))), r("2")), "(a+b)^2"),
        (power(r("e"), r("x")) + r("y"), "e^x y"),
        (el("sSub", el("e", r("x")), el("sub", r("1"))), "x_1"),
        (el("sSubSup", el("e", r("x")), el("sub", r("1")), el("sup", r("2"))), "x_1^2"),
        (el("rad", el("radPr", setting("degHide", "1")), el("deg"), el("e", r("x+1"))), "√(x+1)"),
        (el("rad", el("deg", r("3")), el("e", r("8"))), "8^(1/3)"),
        (el("nary", el("naryPr", setting("chr", "∑")), el("sub", r("i=1")), el("sup", r("n")), el("e", r("i"))),
         "∑_(i = 1)^n i"),
        (el("nary", el("sub"), el("sup"), el("e", r("f"))), "∫ f"),
        (el("d", el("dPr", setting("begChr", "["), setting("endChr", "]"), setting("sepChr", ",")), el("e", r("0")),
            el("e", r("1"))), "[0,1]"),
        (el("m", el("mr", el("e", r("a")), el("e", r("b"))), el("mr", el("e", r("c")), el("e", r("d")))), "a, b; c, d"),
        (el("func", el("fName", r("sin")), el("e", r("x"))), "sin x"),
        (el("func", el("fName", el("limLow", el("e", r("lim")), el("lim", r("x→0")))), el("e", r("f"))),
         "lim_(x → 0) f"),
        (el("acc", el("e", r("v"))), "v\u0302"),
        (el("bar", el("e", r("ab"))), "ab"),
        (el("eqArr", el("e", r("a=1")), el("e", r("b=2"))), "a = 1; b = 2"),
        (r("E=") + r("m") + power(r("c"), r("2")), "E = mc^2"),
    ],
)  # fmt: skip
def test_formulas(formula: str, text: str) -> None:
    assert parsed(word_file(f"<w:p>{el('oMath', formula)}</w:p>")).text == text


def test_a_formula_within_a_sentence() -> None:
    body = f"<w:p>{run('Half is ')}{el('oMath', fraction(r('1'), r('2')))}{run(' of it.')}</w:p>"
    assert parsed(word_file(body)).text == "Half is 1/2 of it."


def test_a_deleted_part_of_a_formula() -> None:
    formula = el("oMath", r("a"), f"<w:del>{r('b')}</w:del>", el("sSup", el("e", r("c")), el("sup", r("2"))))
    assert parsed(word_file(f"<w:p>{formula}</w:p>")).text == "ac^2"


def test_deep_formulas_keep_their_text() -> None:
    depth = 3000
    nested = "<m:sSup><m:e>" * depth + r("x") + "</m:e></m:sSup>" * depth
    assert parsed(word_file(f"<w:p>{el('oMath', nested)}</w:p>")).text == "x"

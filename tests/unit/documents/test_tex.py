"""LaTeX is read as it is printed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsed_texts import assert_changes_are_read, assert_sound, first_table, kinds_and_texts, parsed_by

from qadesk import documents
from qadesk.documents import tex
from qadesk.documents.file_source import source_of
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError

PARTS = [
    "\\emph{", "}", "{", "\\begin{tabular}{ll}", "\\end{tabular}", "&", "\\\\", "\\hline", "\\begin{enumerate}",
    "\\end{enumerate}", "\\item ", "\\item[a]", "$", "$$", "x^2", "_{", "\\frac", "\\footnote{", "\\section{", "\n\n",
    " word", "\\(", "\\)", "\\[", "[", "]", "\\begin{equation}", "\\end{equation}", "\\caption{",
    "\\multicolumn{2}{c}{",
    "\\multirow{2}{*}{", "\\verb|", "\\begin{verbatim}", "\\end{verbatim}", "%c\n", "\\newcommand{\\a}[1]{", "#1",
    "\\a",
    "\\title{", "\\maketitle", "\\begin{document}", "\\end{document}", "\\begin{description}", "\\end{description}",
    "\\cite{k}", "\\iffalse", "\\fi", "\\else", "\\'", "é", "\\begin{longtable}{l}", "\\end{longtable}", "\\endhead",
    "\\begin{thebibliography}{9}", "\\bibitem{", "\\begin{frame}{", "\\begin{abstract}", "\\textsuperscript{", "\\left",
    "\\newtheorem{t}{T}", "\\begin{t}", "\\def\\b", "\\b", "\\let\\c", "\\c", "\\url{", "\\begin{cases}", "~", "\0",
]  # fmt: skip


def read(source: str | bytes) -> Parsed:
    return parsed_by(tex.read, source)


def blocks(source: str) -> list[tuple[str, str]]:
    return kinds_and_texts(read(source))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("\\emph{soft} \\textbf{strong}, {\\it old}", "soft strong, old"),
        ("``quoted'' `it' --- 10--20 \\dots", "“quoted” ‘it’ — 10–20 …"),
        ("a \\& b 5\\,\\% \\$ \\# \\_ \\{x\\} 1~km", "a & b 5 % $ # _ {x} 1 km"),
        ("caf\\'e na\\\"{\\i}ve \\c{c}a \\v{S} Stra\\ss e \\o{} \\H o", "café naïve ça Š Straße ø ő"),
        ("one % hidden\ntwo\n% all\nthree\\par four", "one two three\n\nfour"),
        ("see \\cite[p.~5]{a, b} and \\citep{c} in \\ref{sec:x}, \\eqref{e}", "see [a, b, p. 5] and [c] in sec:x, (e)"),
        ("\\texttt{--flag} \\verb|a_b%| \\url{http://x.org/a_b%20} \\href{http://a}{link}",
         "--flag a_b% http://x.org/a_b%20 link"),
        ("\\textcolor{red}{seen} \\label{x}\\vspace*{2cm}\\index{y}end", "seen end"),
        ("\\iffalse gone \\else kept\\fi", "kept"),
        ("\\begin{tikzpicture}\\draw (0,0);\\end{tikzpicture}after", "after"),
        ("\\unknown[opt]{its text} is shown", "its text is shown"),
        ("km$^2$, H$_2$O, word\\textsuperscript{3}, \\enquote{so}", "km^2, H2O, word[3], “so”"),
        ("\\SI{5.2}{\\kilo\\metre\\per\\second}, \\qty{3}{\\square\\metre} \\si{kg} \\num{1000}",
         "5.2 km/s, 3 m^2 kg 1000"),
        ("line\\\\[2mm] next \\newline third", "line\nnext\nthird"),
    ],
)  # fmt: skip
def test_text_is_as_printed(source: str, text: str) -> None:
    assert read(f"\\noindent {source}").text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("$E = mc^2$", "E = mc^2"),
        ("$\\frac{a+b}{2}$, \\(\\alpha_1 \\leq 90^\\circ\\)", "(a+b)/2, α_1 ≤ 90°"),
        ("$x\\in\\mathbb{R}$, $\\sqrt{x}$, $\\sqrt[3]{x}$", "x ∈ ℝ, √(x), x^(1/3)"),
        ("$\\sum_{i=1}^{n} i$ $2\\sin x$ $\\hat{y}$ $\\text{so if } x$", "∑_(i = 1)^n i 2 sin x ŷ so if x"),
        ("$\\left(\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right)$", "(1, 2; 3, 4)"),
        ("so \\[ a = b \\] and", "so\na = b\nand"),
        ("\\begin{align*}a &= b \\label{q}\\\\ &= c\\nonumber\\end{align*}", "a = b\n= c"),
        ("costs \\$5 and $5", "costs $5 and $5"),
    ],
)
def test_formulas_are_lines(source: str, text: str) -> None:
    assert read(f"\\noindent {source}").text == text


def test_structure() -> None:
    source = (
        "\\documentclass{article}\n\\title{Harbour \\emph{Rules}}\\author{Ida Kern \\and Ola Berg}\\date{3 May 2021}\n"
        "\\begin{document}\\maketitle\n\\begin{abstract}About fees.\\end{abstract}\n"
        "\\section[Short]{Fees}\\label{s}Text.\\footnote{A \\emph{note}.}\n\\subsection*{More}\n"
        "\\begin{enumerate}\\item one\\item two\\begin{enumerate}\\item in\\end{enumerate}\\end{enumerate}\n"
        "\\begin{itemize}\\item dot\\end{itemize}\\begin{description}\\item[Fee] The price.\\end{description}\n"
        "\\begin{enumerate}[label=(\\roman*), start=3]\\item three\\end{enumerate}\n"
        "\\begin{verbatim}\nx = 1 % y\n  \\z\n\\end{verbatim}\n"
        "\\begin{thebibliography}{9}\\bibitem{kn} Knuth.\\end{thebibliography}\n\\end{document}\nignored"
    )
    assert blocks(source) == [
        ("heading", "Harbour Rules"),
        ("paragraph", "Ida Kern\nOla Berg"),
        ("paragraph", "3 May 2021"),
        ("heading", "Abstract"),
        ("paragraph", "About fees."),
        ("heading", "Fees"),
        ("paragraph", "Text.[1]"),
        ("footnote", "1. A note."),
        ("heading", "More"),
        ("item", "1. one"),
        ("item", "2. two"),
        ("item", "(a) in"),
        ("item", "• dot"),
        ("item", "Fee The price."),
        ("item", "(iii) three"),
        ("code", "x = 1 % y\n  \\z"),
        ("heading", "References"),
        ("item", "[kn] Knuth."),
    ]
    parsed = read(source)
    assert [part.level for part in parsed.blocks if part.kind == "heading"] == [1, 1, 1, 2, 1]
    assert [part.level for part in parsed.blocks if part.kind == "item"] == [1, 1, 2, 1, 1, 1, 1]
    bodies = [parsed.text[part.body : part.end] for part in parsed.blocks if part.kind == "item"]
    assert bodies == ["one", "two", "in", "dot", "The price.", "three", "Knuth."]


def test_chapters_are_above_sections() -> None:
    parsed = read("\\chapter{A}\\section{B}\\subsubsection{C}\\paragraph{D}x")
    assert [part.level for part in parsed.blocks if part.kind == "heading"] == [1, 2, 4, 5]


def cells(source: str) -> list[list[tuple[str, int, bool, bool]]]:
    return first_table(read(source))


def test_a_table_with_a_header_row() -> None:
    source = (
        "\\begin{table}\\caption{Fees}\\begin{tabular}[t]{l*{2}{r}}\\toprule Boat & \\multicolumn{2}{c}{Fee} \\\\"
        "\\cmidrule(lr){2-3} & Summer & Winter \\\\ \\midrule Small & 10 & 5 \\\\ "
        "\\bottomrule\\end{tabular}\\end{table}"
    )
    assert blocks(source)[0] == ("caption", "Fees")
    assert cells(source) == [
        [("Boat", 1, True, False), ("Fee", 2, True, False)],
        [("", 1, True, False), ("Summer", 1, True, False), ("Winter", 1, True, False)],
        [("Small", 1, False, False), ("10", 1, False, False), ("5", 1, False, False)],
    ]


def test_rules_between_all_rows_name_no_header() -> None:
    rows = cells("\\begin{tabular}{|l|l|}\\hline a & b\\\\\\hline c & d\\\\\\hline e & f\\\\\\hline\\end{tabular}")
    assert [[is_header for _, _, is_header, _ in row] for row in rows] == [[False, False]] * 3


def test_a_cell_over_rows_and_a_long_table() -> None:
    rows = cells("\\begin{tabular}{ll}\\multirow{2}{*}{a} & b\\\\ & c\\\\ d & e\\end{tabular}")
    assert [(text, is_covered) for row in rows for text, _, _, is_covered in row] == [
        ("a", False), ("b", False), ("", True), ("c", False), ("d", False), ("e", False),
    ]  # fmt: skip
    source = (
        "\\begin{longtable}{ll}\\caption{Long}\\\\ \\hline A & B\\\\ \\hline\\endfirsthead again & B\\\\ "
        "\\hline\\endhead "
        "goes on\\\\ \\endfoot 1 & 2\\\\ 3 & 4\\\\ \\end{longtable}"
    )
    assert blocks(source) == [("caption", "Long"), ("table", "A\tB\n1\t2\n3\t4")]
    assert [row[0][2] for row in cells(source)] == [True, False, False]


def test_own_commands_are_expanded() -> None:
    source = (
        "\\newcommand{\\R}{\\mathbb{R}}\\newcommand*\\greet[2][Hello]{#1, #2!}\\def\\pair#1#2{(#1; #2)}"
        "\\let\\hi\\greet\\DeclareMathOperator{\\tr}{tr}\\newenvironment{box}[1]{Box #1: }{ (end)}"
        "\\NewDocumentCommand{\\opt}{O{x} m}{#1#2}\\newtheorem{thm}{Theorem}"
        "\\greet{you} \\hi[Hi]{me} \\pair ab $\\R\\tr A$ \\begin{box}{1}in\\end{box} \\opt{y}\\opt[1]{2}\n\n"
        "\\begin{thm}[Euler] It holds.\\end{thm}"
    )
    assert read(source).text == ("Hello, you! Hi, me! (a; b) ℝ tr A Box 1: in (end) xy12\n\nTheorem (Euler). It holds.")


def test_other_files_are_named_and_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("secret")
    path = tmp_path / "a.tex"
    path.write_text("\\section{A}\\input{secret}\\include{b}\\input c \\includegraphics{p}text \\write18{ls}")
    document = documents.read(path)
    assert document.kind == "tex"
    assert "secret" not in document.text
    assert document.notes == ("The file takes in other files, which were not read: 'secret', 'b', 'c'.",)
    assert [entry.title for entry in document.outline] == ["A"]
    assert source_of(path).text.startswith("\\section{A}")


def test_slides() -> None:
    source = "\\begin{frame}<1->{Plan}\\begin{itemize}\\item<2-> one\\pause\\end{itemize}\\end{frame}"
    source += "\\frame{\\frametitle{B}c}"
    assert blocks(source) == [("heading", "Plan"), ("item", "• one"), ("heading", "B"), ("paragraph", "c")]


@pytest.mark.parametrize("text", ["No LaTeX.\r\nIt costs 5% & $3_a.\n", "C:\\users\\ida {x}"])
def test_a_text_without_commands_is_shown_as_it_is(text: str) -> None:
    parsed = read(text)
    assert (parsed.text, parsed.notes) == (text, ())


def test_encodings() -> None:
    source = "\\documentclass{a}\n\\usepackage[latin9]{inputenc}\n\\begin{document}caf\xe9 \xa4\\end{document}"
    assert read(source.encode("latin-1")).text == "café €"
    chosen = Source(io.BytesIO("\\par Größe".encode("cp437")), "'x'", encoding="IBM866")
    assert tex.read(chosen).text.startswith("Gr")
    with pytest.raises(DocumentError, match="'x' does not hold text"):
        read(b"\0\1\2")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
def test_any_commands_are_read(source: str) -> None:
    assert_sound(read(f"\\par{source.replace(chr(0), '')}"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8))
def test_changed_bytes_raise_nothing_else(changes: list[tuple[int, int]]) -> None:
    source = b"\\section{A}\\begin{tabular}{ll}a & $b^2$\\\\ \\hline c & d\\end{tabular}\\footnote{x} \\'e " * 5
    assert_changes_are_read(tex.read, source, changes)

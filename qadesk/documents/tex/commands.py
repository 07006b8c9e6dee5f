"""What follows the commands and environments of LaTeX of which only a part is printed."""

from __future__ import annotations

_BY_FORM = {  # s: a star, o: an option, d: an argument that is not printed; what comes after these is text
    "o": "footnotemark framebox linebreak makebox nolinebreak nopagebreak pagebreak printbibliography printglossaries "
    "printglossary printindex",
    "d": "DeclareGraphicsExtensions addbibresource bibliographystyle captionsetup cline color fontencoding fontfamily "
    "fontseries fontshape geometry glossary graphicspath hyperlink hypersetup hypertarget hyphenation index label "
    "linespread lstset newcounter newlength newsavebox nocite onehalfspacing* pagecolor pagenumbering pagestyle "
    "pgfplotsset phantom hphantom vphantom refstepcounter selectlanguage foreignlanguage setbeamertemplate sisetup "
    "stepcounter tcbset thispagestyle tikzset urlstyle usebox usetheme usecolortheme usefonttheme usetikzlibrary "
    "value enlargethispage theoremstyle allowbreak* bookmarksetup lstdefinestyle* crefname*",
    "dd": "addtocontents addtolength colorlet fontsize markboth markright* numberwithin setkeys setlength settowidth "
    "settoheight DeclareUnicodeCharacter lstdefinestyle",
    "ddd": "addcontentsline crefname Crefname",
    "ddo": "newcolumntype*",
    "sd": "hspace vspace",
    "od": "colorbox documentclass documentstyle hyperref pdfbookmark rotatebox setmainfont setmonofont setsansfont "
    "textcolor todo usepackage RequirePackage",
    "odd": "definecolor* fcolorbox rule",
    "sdd": "resizebox",
    "do": "scalebox",
    "dooo": "raisebox",
    "oood": "parbox",
    "ddds": "definecolor",
}
FORMS = {f"\\{name}": form for form, names in _BY_FORM.items() for name in names.split() if not name.endswith("*")}
"""The parts after a command that are left out."""

ENVIRONMENT_FORMS = {
    **dict.fromkeys(("algorithm", "figure", "figure*", "table", "table*", "lstfloat", "columns", "listing"), "o"),
    **dict.fromkeys(("multicols", "multicols*", "spacing", "column", "otherlanguage", "otherlanguage*"), "d"),
    **dict.fromkeys(("minipage", "subfigure", "subtable"), "oood"),
    **dict.fromkeys(("wrapfigure", "wraptable"), "odod"),
    **dict.fromkeys(("adjustwidth", "list", "CJK", "CJK*"), "dd"),
    **dict.fromkeys(("adjustbox", "textblock", "sloppypar*", "thebibliography", "changemargin"), "d"),
    **dict.fromkeys(("tabular", "array", "longtable", "longtabu", "supertabular", "xtabular", "mpsupertabular"), "od"),
    **dict.fromkeys(("tabular*", "tabularx", "tabulary", "xltabular"), "dod"),
    "tblr": "od",
}
"""The parts after \\begin and the name; of others only an option."""

TABLES = frozenset((
    "tabular", "tabular*", "tabularx", "tabulary", "longtable", "longtabu", "supertabular", "xltabular", "tblr",
    "array",
    "xtabular", "mpsupertabular",
))  # fmt: skip
FORMULAS = frozenset((
    "equation", "align", "alignat", "gather", "multline", "eqnarray", "displaymath", "math", "flalign", "dmath",
    "xalignat", "IEEEeqnarray",
))  # fmt: skip
"""Without a star, which each of them may have."""

CODE = frozenset((
    "verbatim", "verbatim*", "Verbatim", "BVerbatim", "LVerbatim", "lstlisting", "minted", "alltt", "code",
    "SaveVerbatim",
    "pyglist", "semiverbatim",
))  # fmt: skip
NOT_PRINTED = frozenset((
    "tikzpicture", "picture", "pspicture", "pgfpicture", "comment", "filecontents", "filecontents*", "pgfplots",
    "tikzcd",
    "asy", "CCSXML", "forest", "circuitikz", "xy",
))  # fmt: skip
"""Pictures and comments."""

LISTS = frozenset(("itemize", "enumerate", "description", "compactitem", "compactenum", "inparaenum"))

SECTIONS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")

OTHER_FILES = frozenset((
    "\\input", "\\include", "\\subfile", "\\subfileinclude", "\\import", "\\subimport", "\\bibliography",
    "\\lstinputlisting", "\\verbatiminput", "\\inputminted", "\\includepdf", "\\addbibresource",
))  # fmt: skip
"""Commands that take in another file."""

IN_PREAMBLE = OTHER_FILES | {"\\title", "\\author", "\\date", "\\makeatletter", "\\makeatother", "\\affil", "\\begin"}
"""Commands that mean something before the body begins, beside definitions."""


def _commands(names: str) -> frozenset[str]:
    return frozenset(f"\\{name}" for name in names.split())


CITATIONS = _commands(
    "cite citep citet citealt citealp parencite textcite autocite footcite fullcite citeauthor citeyear citeyearpar "
    "citenum supercite Cite Citep Citet Parencite Textcite Autocite smartcite citeonline shortcite onlinecite"
)
REFERENCES = _commands("ref pageref autoref cref Cref nameref vref eqref subref labelcref")

"""What follows the commands and environments of LaTeX of which only a part is printed."""

from __future__ import annotations


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


def commands(names: str) -> frozenset[str]:
    """The commands with ``names``, which stand without their backslashes."""
    return frozenset(f"\\{name}" for name in names.split())


_BY_FORM = {  # s: a star, o: an option, d: an argument that is not printed; what comes after these is text
    "o": "framebox makebox nolinebreak nopagebreak pagebreak printbibliography printglossaries printglossary "
    "printindex",
    "d": "DeclareGraphicsExtensions bibliographystyle bookmarksetup captionsetup cline color enlargethispage "
    "fontencoding fontfamily fontseries fontshape foreignlanguage geometry glossary graphicspath hphantom hyperlink "
    "hypersetup hypertarget hyphenation index label linespread lstset newcounter newlength newsavebox nocite pagecolor "
    "pagenumbering pagestyle pgfplotsset phantom refstepcounter selectlanguage setbeamertemplate sisetup stepcounter "
    "tcbset theoremstyle thispagestyle tikzset urlstyle usebox usecolortheme usefonttheme usetheme usetikzlibrary "
    "value vphantom",
    "dd": "addtocontents addtolength colorlet fontsize markboth numberwithin setkeys setlength settowidth settoheight "
    "DeclareUnicodeCharacter lstdefinestyle",
    "ddd": "addcontentsline crefname Crefname",
    "sd": "hspace vspace",
    "od": "colorbox documentclass documentstyle hyperref pdfbookmark rotatebox setmainfont setmonofont setsansfont "
    "textcolor todo usepackage RequirePackage",
    "odd": "fcolorbox rule",
    "sdd": "resizebox",
    "do": "scalebox",
    "dooo": "raisebox",
    "oood": "parbox",
    "ddds": "definecolor",
}
FORMS = {command: form for form, names in _BY_FORM.items() for command in commands(names)}
"""The parts after a command that are left out."""

TABLE_FORMS = {
    **dict.fromkeys(_names("tabular longtable longtabu supertabular xtabular mpsupertabular tblr"), "od"),
    **dict.fromkeys(_names("tabular* tabularx tabulary xltabular"), "dod"),
}
"""The parts after \\begin and the name of a table that are left out."""

ENVIRONMENT_FORMS = {
    **dict.fromkeys(_names("algorithm figure figure* table table* lstfloat columns listing"), "o"),
    **dict.fromkeys(_names("multicols multicols* spacing column otherlanguage otherlanguage*"), "d"),
    **dict.fromkeys(_names("adjustbox textblock sloppypar* thebibliography changemargin"), "d"),
    **dict.fromkeys(_names("adjustwidth list CJK CJK*"), "dd"),
    **dict.fromkeys(_names("minipage subfigure subtable"), "oood"),
    **dict.fromkeys(_names("wrapfigure wraptable"), "odod"),
    "array": "od",
}
"""The same for other environments; only an option for those that are not here."""

FORMULAS = _names(
    "equation align alignat gather multline eqnarray displaymath math flalign dmath xalignat IEEEeqnarray"
)
"""Without a star, which each of them may have."""

CODE = _names(
    "verbatim verbatim* Verbatim BVerbatim LVerbatim SaveVerbatim lstlisting minted alltt code pyglist semiverbatim"
)
NOT_PRINTED = _names(
    "tikzpicture picture pspicture pgfpicture pgfplots tikzcd asy forest circuitikz xy CCSXML comment filecontents "
    "filecontents*"
)
"""Pictures and comments."""

LISTS = _names("itemize enumerate description compactitem compactenum inparaenum")

SECTIONS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")

OTHER_FILES = commands(
    "input include subfile subfileinclude import subimport bibliography lstinputlisting verbatiminput inputminted "
    "includepdf addbibresource"
)
"""Commands that take in another file."""

IN_PREAMBLE = OTHER_FILES | commands("title author date affil makeatletter makeatother begin")
"""Commands that mean something before the body begins, beside definitions."""

CITATIONS = commands(
    "cite citep citet citealt citealp parencite textcite autocite footcite fullcite citeauthor citeyear citeyearpar "
    "citenum supercite Cite Citep Citet Parencite Textcite Autocite smartcite citeonline shortcite onlinecite"
)
REFERENCES = commands("ref pageref autoref cref Cref nameref vref eqref subref labelcref")

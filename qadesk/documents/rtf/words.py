"""Control words that stand for characters, and those that begin what is not read."""

from __future__ import annotations

CHARACTERS = {
    "tab": "\t", "\t": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "~": "\xa0", "_": "\u2011", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip

PICTURES = frozenset(("pict", "nonshppict"))
SKIPPED = PICTURES | frozenset((
    # tables of the document, and what is known about it
    "colortbl", "info", "filetbl", "revtbl", "listtable", "listoverridetable", "rsidtbl", "generator", "template",
    "pgptbl", "xmlnstbl", "latentstyles", "themedata", "colorschememapping", "datastore", "userprops", "docvar",
    # entries of an index, marks, comments
    "xe", "tc", "tcn", "rxe", "txe", "bkmkstart", "bkmkend", "annotation", "atnid", "atnauthor", "atnref", "atndate",
    "atnicn", "atnparent",
    # what is drawn, objects, formulas, and texts that stand twice
    "sp", "shprslt", "objdata", "objclass", "objname", "objalias", "objsect", "mmath", "nonesttables", "pntxta",
    "pntxtb", "htmltag", "mhtmltag", "datafield", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
    "private", "panose", "falt", "fontemb", "fontfile", "fname",
))  # fmt: skip

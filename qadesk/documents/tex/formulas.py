"""Formulas of LaTeX as a line of text: 1/2, (a+b)/c, x^2, x_1, √(x), α."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from qadesk.documents.formula_groups import JOINT, grouped
from qadesk.documents.tex.commands import commands
from qadesk.documents.tex.macros import Macros
from qadesk.documents.tex.symbols import ACCENTS, FORMULA_CHARACTERS
from qadesk.documents.tex.tex_tokens import PARAGRAPH, TexTokens

_MAX_DEPTH = 40
"""Formulas nested deeper lose their structure, not their text."""

_BETWEEN_WORDS = re.compile(r"(?<=[^\W_])\0+(?=[^\W_])|(?<=[)\]}!%°])\0+(?=[^\W_])")
_SPACING = re.compile(r"(?<=[\w)\]}|'°!])([=<>≤≥≠≈≡∼≅∝→←⇒⇐⇔↦∈∉⊂⊆⊃⊇≪≫≔×±∪∩])(?=[\w(\[{|√∑∏∫−∅+.…⋯-])")
_RELATIONS = frozenset("=<>≤≥≠≈≡∼≅∝→⇒⇔∈⊂⊆")
_SPACES = re.compile(r" {2,}")
_ORDINAL = re.compile(r"st|nd|rd|th|er|re|ère|e|o|a")

_TEXTS = commands(
    "text textrm textit textbf textsf texttt textnormal textup mbox hbox intertext operatorname mathrm mathsf mathtt "
    "mathit emph textsc tag mathop fbox ensuremath bm boldsymbol mathbf pmb unit si"
)
_WORDS = commands("text textrm mbox hbox intertext textit textbf textnormal")
_ALPHABETS = commands("mathbb Bbb")
_LETTERS = commands("mathcal mathscr mathfrak cal")
_HATS = {
    "\\hat": "^", "\\widehat": "^", "\\tilde": "~", "\\widetilde": "~", "\\bar": "=", "\\overline": "=", "\\dot": ".",
    "\\ddot": '"', "\\check": "v", "\\breve": "u", "\\acute": "'", "\\grave": "`", "\\mathring": "r",
}  # fmt: skip
_ONE_IGNORED = commands("label color vspace hspace phantom hphantom vphantom mspace index")
_SPACE_COMMANDS = commands(", ; : > quad qquad enspace space") | {"\\ ", "\\\n"}
_DELIMITER = commands("left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr")
_IGNORED = commands(
    "displaystyle textstyle scriptstyle limits nolimits nonumber notag rm bf it sf tt ! / - "
    "mathstrut relax hline centering bigm par protect hfill allowbreak nobreak noindent mathord "
    "mathrel mathbin mathopen mathclose mathpunct mathinner scriptscriptstyle normalfont smash strut "
    "vcenter boldmath em small footnotesize & toprule midrule bottomrule qedhere kern"
)
_FRACTIONS = commands("frac dfrac tfrac cfrac nicefrac sfrac")
_MATRICES = {"pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "cases": "{}"}
_CELLS = frozenset((*_MATRICES, "matrix", "smallmatrix", "array", "rcases", "dcases", "tabular"))


def formula_text(tokens: TexTokens, macros: Macros) -> str:
    """The formula that the whole of ``tex_tokens`` is; rows of it on lines of their own."""
    text = _Formula(tokens, macros, 0).text()
    text = _BETWEEN_WORDS.sub(" ", text).replace(JOINT, "")
    return "\n".join(filter(None, map(_spaced, text.split("\n"))))


def _spaced(line: str) -> str:
    """``line`` with spaces around what relates its sides."""
    spaced = _SPACES.sub(" ", _SPACING.sub(r" \1 ", line)).strip()
    return f"{spaced[0]} {spaced[1:].lstrip()}" if spaced[1:] and spaced[0] in _RELATIONS else spaced


class _Formula:
    def __init__(self, tokens: TexTokens, macros: Macros, depth: int) -> None:
        self._tokens = tokens
        self._macros = macros
        self._depth = depth
        self._pieces: list[str] = []
        self._matrices: list[str] = []  # the open environments with cells

    def text(self) -> str:
        while token := self._tokens.next():
            self._take(token)
        return "".join(self._pieces)

    def _part(self) -> str:
        """The next argument as text."""
        argument = self._tokens.argument()
        while len(argument) == 1 and argument[0][0] == "\\" and len(argument[0]) > 1:
            if argument[0] in _FRACTIONS or argument[0] in _TEXTS or argument[0] in _HATS:  # x^\frac12
                self._tokens.put_back(argument)
                return self._command_text(self._tokens.next())
            inner = TexTokens.of(argument, self._tokens.budget)
            if not self._macros.expand(argument[0], inner):
                break
            argument = _all_of(inner)
        return self._text_of(argument)

    def _text_of(self, argument: list[str]) -> str:
        if self._depth >= _MAX_DEPTH:
            return "".join(token for token in argument if token not in ("{", "}"))
        return _Formula(TexTokens.of(argument, self._tokens.budget), self._macros, self._depth + 1).text()

    def _command_text(self, command: str) -> str:
        if self._depth >= _MAX_DEPTH:
            return ""
        self._depth += 1
        before, self._pieces = self._pieces, []
        self._take(command)
        written, self._pieces = "".join(self._pieces), before
        self._depth -= 1
        return written

    def _take(self, token: str) -> None:
        if token[0] == "\\" and len(token) > 1:
            if not self._macros.expand(token, self._tokens):
                self._command(token)
        elif token == "{":
            self._tokens.put_back([token])
            self._pieces.append(self._text_of(self._tokens.argument()))
        elif token in ("^", "_"):
            self._script(token)
        elif token == "&":
            self._pieces.append(", " if self._matrices else JOINT)
        elif token == "~":
            self._pieces.append(" ")
        elif token not in ("}", "$", "$$", "#", "##", "\\", PARAGRAPH):
            self._pieces.append("".join(token.split()))

    def _script(self, mark: str) -> None:
        text = self._part().strip(f" {JOINT}")
        base = self._pieces[-1][-1:] if self._pieces else ""
        if text in ("∘", "°") and mark == "^":
            self._pieces.append("°")
        elif text and not text.strip("′'"):
            self._pieces.append(text.replace("′", "'"))
        elif mark == "^" and base.isdigit() and _ORDINAL.fullmatch(text):
            self._pieces.append(text)
        elif text:
            self._pieces += [mark, grouped(text), JOINT]

    def _command(self, token: str) -> None:
        write = _WRITERS.get(token)
        name = token[1:]
        if write:
            write(self, token)
        elif name in FORMULA_CHARACTERS:
            self._pieces.append(FORMULA_CHARACTERS[name])
        elif token not in _IGNORED:  # a function, as sin, too
            self._pieces.append(name if not name.isalpha() else f"{JOINT}{name}{JOINT}")

    def _space(self, _command: str) -> None:
        self._pieces.append(" ")

    def _new_row(self, _command: str) -> None:
        self._tokens.has_star()
        self._tokens.option()
        self._pieces.append("; " if self._matrices else "\n")

    def _skip_argument(self, _command: str) -> None:
        self._tokens.argument()

    def _fraction(self, _command: str) -> None:
        self._pieces.append(f"{grouped(self._part())}/{grouped(self._part())}{JOINT}")

    def _binomial(self, _command: str) -> None:
        self._pieces.append(f"({self._part()} over {self._part()})")

    def _root(self, _command: str) -> None:
        degree = self._tokens.option()
        body = self._part()
        if degree:
            self._pieces.append(f"{grouped(body)}^(1/{grouped(self._text_of(degree))}){JOINT}")
        else:
            self._pieces.append(f"√({body.strip(JOINT)}){JOINT}")

    def _delimiter(self, _command: str) -> None:
        token = self._tokens.after_space()
        self._tokens.put_back_token(token.removeprefix("."))

    def _environment(self, command: str) -> None:
        name = "".join(self._tokens.argument()).strip("* ")
        brackets = _MATRICES.get(name, "")
        opening, closing = brackets[:1], brackets[1:]
        if command == "\\begin":
            if name in ("array", "tabular", "alignedat"):
                self._tokens.option()
                self._tokens.argument()
            if name in _CELLS:
                self._matrices.append(name)
            self._pieces.append(opening)
        else:
            if name in _CELLS and self._matrices:
                self._matrices.pop()
            self._pieces.append(closing)

    # Commands with an argument

    def _words(self, command: str) -> None:
        argument = self._tokens.argument()
        if command in _WORDS:
            text = "".join(_plain(token) for token in argument)
            self._pieces.append(text if text.strip() else "")
            return
        text = self._text_of(argument)
        self._pieces.append(f" ({text})" if command == "\\tag" else f"{JOINT}{text}{JOINT}" if text[1:] else text)

    def _alphabet(self, _command: str) -> None:
        text = self._part()
        letters = []
        for letter in text:
            try:
                name = unicodedata.name(letter).replace("LATIN ", "").replace("LETTER ", "")
                letters.append(unicodedata.lookup(f"DOUBLE-STRUCK {name}"))
            except (KeyError, ValueError):
                letters.append(_mathematical(letter))
        self._pieces.append("".join(letters))

    def _letters(self, _command: str) -> None:
        self._pieces.append(self._part())

    def _hat(self, command: str) -> None:
        base = self._part()
        is_letter = len(base) == 1 and base.isalnum()
        self._pieces.append(unicodedata.normalize("NFC", base + ACCENTS[_HATS[command]]) if is_letter else base)

    def _not(self, _command: str) -> None:
        sign = self._part()
        self._pieces.append(unicodedata.normalize("NFC", f"{sign[:1]}\u0338{sign[1:]}"))

    def _stacked(self, command: str) -> None:
        above, base = self._part(), self._part()
        if any(character.isalnum() for character in above):
            mark = "_" if command == "\\underset" else "^"
            self._pieces.append(f"{base}{mark}{grouped(above)}{JOINT}")
        else:
            self._pieces.append(base)


_WRITERS: dict[str, Callable[[_Formula, str], None]] = {
    **dict.fromkeys(_SPACE_COMMANDS, _Formula._space),
    **dict.fromkeys(_DELIMITER, _Formula._delimiter),
    **dict.fromkeys(_ONE_IGNORED, _Formula._skip_argument),
    **dict.fromkeys(_FRACTIONS, _Formula._fraction),
    **dict.fromkeys(("\\binom", "\\dbinom", "\\tbinom"), _Formula._binomial),
    **dict.fromkeys(("\\begin", "\\end"), _Formula._environment),
    **dict.fromkeys(_TEXTS, _Formula._words),
    **dict.fromkeys(_ALPHABETS, _Formula._alphabet),
    **dict.fromkeys((*_LETTERS, "\\vec", "\\underline", "\\overbrace", "\\underbrace", "\\boxed"), _Formula._letters),
    **dict.fromkeys(_HATS, _Formula._hat),
    **dict.fromkeys(("\\overset", "\\underset", "\\stackrel"), _Formula._stacked),
    "\\sqrt": _Formula._root,
    "\\not": _Formula._not,
    "\\\\": _Formula._new_row,
}


def _plain(token: str) -> str:
    if token in ("{", "}", "$", "\\"):
        return ""
    if token[0] == "\\":
        return FORMULA_CHARACTERS.get(token[1:], "" if token[1:].isalpha() else token[1:])
    return " " if token in ("~", PARAGRAPH) else token.replace("\n", " ")


def _all_of(tokens: TexTokens) -> list[str]:
    result = []
    while token := tokens.next():
        result.append(token)
    return result


def _mathematical(letter: str) -> str:
    """ℝ has a place of its own, 𝔽 is in the block of mathematical letters."""
    try:
        kind, name = ("CAPITAL", letter) if letter.isupper() else ("SMALL", letter.upper())
        return unicodedata.lookup(f"MATHEMATICAL DOUBLE-STRUCK {kind} {name}")
    except (KeyError, ValueError):
        return letter

"""What goes through the tokens of a LaTeX file: braces, formulas, and commands by a table. Nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Callable

from qadesk.documents.tex.commands import FORMS, IN_PREAMBLE
from qadesk.documents.tex.formulas import formula_text
from qadesk.documents.tex.languages import language_of
from qadesk.documents.tex.macros import Macros
from qadesk.documents.tex.symbols import ACCENTS, CHARACTERS, FORMULA_CHARACTERS, accented
from qadesk.documents.tex.tex_flow import TexFlow
from qadesk.documents.tex.tex_tokens import PARAGRAPH, Budget, TexTokens
from qadesk.documents.tex.typography import typeset

_DIMENSION = re.compile(r"\s*=?\s*-?[\d.]+\s*(?:pt|em|ex|cm|mm|in|bp|pc|sp)?(?:\s+(?:plus|minus)\s*[\d.]+\s*\w\w)*\s*")
End = Callable[[], None]
Writer = Callable[[str], None]
"""Writes a command, which it is given, with the arguments that follow."""


def has_body(text: str) -> bool:
    """Whether ``text`` has a preamble, and a body after it."""
    return re.search(r"^[^%\n]*\\begin[ \t]*\{document\}", text, re.M) is not None


class BaseStory:
    """Writes the text of a file to ``tex_flow``. Those that it is the base of add commands to ``_writers``."""

    def __init__(self, text: str, name: str, budget: Budget) -> None:
        self.flow = TexFlow(name)
        self._budget = budget
        self._tokens = TexTokens(text, budget)
        self._writers: dict[str, Writer] = {
            **dict.fromkeys(("\\only", "\\uncover", "\\visible", "\\alert", "\\onslide", "\\pause"), self._nothing),
            **dict.fromkeys(("\\makeatletter", "\\makeatother"), self._set_names),
            **dict.fromkeys(("\\vskip", "\\hskip", "\\kern", "\\parindent", "\\parskip"), self._skip_dimension),
            **dict.fromkeys(("\\(", "\\["), self._formula_between),
            "\\else": self._skip_branch,
        }
        self._macros = Macros(self._writers)
        self._frames: list[tuple[str, End | None]] = []  # open braces and environments
        self._typewriter = 0  # how many arguments in a fixed width are open
        self._tabbing = 0
        self._is_preamble = has_body(text)
        self._language = language_of(text)

    def _run(self) -> None:
        while token := self._tokens.next():
            if token[0] == "\\" and len(token) > 1:
                self._command(token)
            elif not self._is_preamble:
                self._sign(token)

    def _run_apart(self, tokens: list[str]) -> None:
        """Write ``tex_tokens`` before the next ones."""
        outer, self._tokens = self._tokens, TexTokens.of(tokens, self._budget)
        depth = len(self._frames)
        self._run()
        while len(self._frames) > depth:
            self._close()
        self._tokens = outer

    def _sign(self, token: str) -> None:
        if token == "{":
            self._frames.append(("{", None))
        elif token == "}":
            if self._frames and self._frames[-1][0] == "{":
                self._close()
        elif token == PARAGRAPH:
            self.flow.paragraph()
        elif token in ("$", "$$"):
            self._formula_between(token)
        elif token == "~":
            self.flow.text(" ")
        elif token == "&" and self.flow.is_in_table:
            self.flow.next_cell()
        elif token not in ("#", "##"):
            self.flow.text(token if self._typewriter else typeset(token, is_german=self._language == "de"))

    def _close(self) -> None:
        end = self._frames.pop()[1]
        if end:
            end()

    def _enclose(self, end: End) -> None:
        """Call ``end`` when the next argument has been written."""
        token = self._tokens.after_space()
        if token in ("", "}"):
            self._tokens.put_back_token(token)
            end()
            return
        if token != "{":
            run = token.lstrip() if token[0] != "\\" else token
            first, rest = (run, "") if run[0] == "\\" else (run[0], run[1:])
            self._tokens.put_back_token(rest)
            self._tokens.put_back([first, "}"])
        self._frames.append(("{", end))

    def _plain(self, tokens: list[str]) -> str:
        """``tex_tokens`` as text on one line, for labels and names."""
        return " ".join(
            "".join("" if token in ("{", "}") else " " if token == "~" else token for token in tokens).split()
        )

    def _skip(self, form: str) -> None:
        for part in form:
            if part == "s":
                self._tokens.has_star()
            elif part == "o":
                self._tokens.option()
            else:
                self._tokens.argument()

    def _command(self, token: str) -> None:
        if self._macros.define(token, self._tokens):
            return
        if self._is_preamble and token not in IN_PREAMBLE:
            return
        if self._macros.expand(token, self._tokens):
            return
        write = self._writers.get(token)
        name = token[1:]
        if write:
            write(token)
        elif name in ACCENTS and not (self._tabbing and name in "=>'`"):
            self.flow.text(accented(name, self._characters(self._tokens.argument())))
        elif name in CHARACTERS:
            self.flow.text(CHARACTERS[name])
        elif token in FORMS or name.startswith(("index", "nomencl")):
            self._skip(FORMS.get(token, "od"))
        elif name in FORMULA_CHARACTERS:
            self.flow.text(FORMULA_CHARACTERS[name])
        elif name.startswith("if"):
            self._condition(name)
        else:
            self._tokens.option()

    def _characters(self, tokens: list[str]) -> str:
        """The few characters that ``tex_tokens`` are."""
        pieces = []
        for token in tokens:
            if token in ("\\i", "\\j", "\\ae", "\\o", "\\aa"):
                pieces.append(token if len(tokens) == 1 else token[1:])
            elif token[0] == "\\":
                pieces.append(CHARACTERS.get(token[1:], ""))
            elif token not in ("{", "}"):
                pieces.append(token)
        return "".join(pieces)

    def _condition(self, name: str) -> None:
        """Leave out the second branch of a condition, and both where it is \\iffalse."""
        if name in ("ifthenelse", "iftoggle", "ifdefined@", "ifbool"):
            self._tokens.argument()
            shown = self._tokens.argument()
            self._tokens.argument()
            self._tokens.put_back(shown)
        elif name == "iffalse":
            self._skip_branch()
        elif name in ("ifx", "if", "ifcat"):
            self._tokens.argument()
            self._tokens.argument()
        elif name == "ifdefined":
            self._tokens.argument()

    def _skip_branch(self, _command: str = "") -> None:
        depth = 1
        while depth and (token := self._tokens.next()):
            if token == "\\fi":
                depth -= 1
            elif token == "\\else" and depth == 1:
                return
            elif token.startswith("\\if") and token not in ("\\iff", "\\ifthenelse", "\\iftoggle", "\\ifbool"):
                depth += 1

    def _nothing(self, _command: str) -> None:
        self._tokens.skip_overlay()

    def _set_names(self, command: str) -> None:
        self._tokens.set_package_names(is_on=command == "\\makeatletter")

    def _skip_dimension(self, _command: str) -> None:
        """Leave out the dimension of \\vskip 1em and the like."""
        token = self._tokens.next()
        match = _DIMENSION.match(token)
        if match and match.end():
            token = token[match.end() :]
        self._tokens.put_back_token(token)

    def _formula_between(self, opening: str) -> None:
        closing = {"\\(": "\\)", "\\[": "\\]"}.get(opening, opening)
        tokens = self._tokens.until(closing)
        if tokens is None:
            self.flow.text(opening if opening[0] == "$" else "")
            return
        self._write_formula(tokens, is_apart=opening in ("$$", "\\["))

    def _write_formula(self, tokens: list[str], *, is_apart: bool) -> None:
        if not is_apart and tokens and tokens[0] in ("^", "_"):
            self._write_script(tokens)
            return
        text = formula_text(TexTokens.of(tokens, self._budget), self._macros)
        if is_apart:
            self.flow.line()
        for number, line in enumerate(text.split("\n")):
            if number:
                self.flow.line()
            self.flow.text(line)
        if is_apart:
            self.flow.line()

    def _write_script(self, tokens: list[str]) -> None:
        """Write a formula that is only a power or an index: m$^2$, H$_2$O, a mark of a note."""
        source = TexTokens.of(tokens[1:], self._budget)
        text = formula_text(TexTokens.of(source.argument(), self._budget), self._macros)
        (self.flow.raised if tokens[0] == "^" else self.flow.lowered)(text.replace("∘", "°"))
        rest = formula_text(source, self._macros)
        self.flow.text(rest)

    def _leave_out(self, name: str) -> None:
        if self._tokens.raw_to(f"\\end{{{name}}}") is None:
            self._to_end(name)

    def _to_end(self, name: str) -> list[str]:
        tokens: list[str] = []
        while token := self._tokens.next():
            if token == "\\end":
                ended = self._tokens.argument()
                if self._plain(ended) == name:
                    break
                tokens += [token, "{", *ended, "}"]
            else:
                tokens.append(token)
        return tokens

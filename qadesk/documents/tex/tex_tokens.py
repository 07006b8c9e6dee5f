"""Cuts LaTeX into tokens as they are asked for, within a bound on all steps.

A token is a string: a command with its backslash, one of ``SIGNS``, ``PARAGRAPH``, or a run of text in which no
command or sign is. "" is the end. Comments make no token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qadesk.documents.parsing import Heartbeat

PARAGRAPH = "\n\n"
SIGNS = frozenset("{}[]$&~^_#") | {"$$", "##"}

_LONGEST_OPTION = 2000  # tokens
_RUN = r"(?:[^\\{}$&~^_#%\[\]\n]++|\n(?![ \t]*+\n))++"
_REST = (
    r"|%[^\n]*+(?:\n[ \t]*+)?(?P<blank>\n\s*+)?|(?P<paragraph>\n\s*+)|(?P<sign>\$\$|##|[{}\[\]$&~^_#])"
    r"|(?P<symbol>\\[^a-zA-Z]?)"
)
_WORD = r"(?P<word>\\[%s]++)(?:[ \t]*+(?:\n[ \t]*+(?!\n))?)"
_TOKEN = re.compile(f"(?P<run>{_RUN})|{_WORD % 'a-zA-Z'}{_REST}", re.S)
_TOKEN_IN_PACKAGES = re.compile(f"(?P<run>{_RUN})|{_WORD % 'a-zA-Z@'}{_REST}", re.S)  # between \makeat...
_OVERLAY = re.compile(r"\s*<[^<>\n]{0,80}>")


class TexTooComplexError(Exception):
    """The text asks for too many steps: commands that make ever more of themselves."""


class Budget:
    """The steps that are left for a file."""

    def __init__(self, steps: int, heartbeat: Heartbeat) -> None:
        self._left = steps
        self._heartbeat = heartbeat

    def spend(self, count: int = 1) -> None:
        """Take ``count`` steps. Raises ``TexTooComplexError`` when there are none left."""
        self._left -= count
        if self._left < 0:
            raise TexTooComplexError
        if not self._left & 0xFF or count > 0xFF:
            self._heartbeat()


class TexTokens:
    """The tokens of ``text``, and before them those that were put back."""

    def __init__(self, text: str, budget: Budget) -> None:
        self.budget = budget
        self._text = text
        self._place = 0
        self._waiting: list[str] = []  # the next one last
        self._pattern = _TOKEN

    @classmethod
    def of(cls, tokens: Sequence[str], budget: Budget) -> TexTokens:
        """A source of ``tex_tokens`` alone."""
        source = cls("", budget)
        source.put_back(tokens)
        return source

    def set_package_names(self, *, is_on: bool) -> None:
        """Whether @ is a letter in names of commands."""
        self._pattern = _TOKEN_IN_PACKAGES if is_on else _TOKEN

    def put_back(self, tokens: Sequence[str]) -> None:
        """Make ``tex_tokens`` the next ones."""
        self.budget.spend(len(tokens))
        self._waiting += reversed(tokens)

    def put_back_token(self, token: str) -> None:
        """Make ``token`` the next one; the end, "", is none."""
        if token:
            self.put_back([token])

    def next(self) -> str:
        """The next token."""
        self.budget.spend()
        return self._waiting.pop() if self._waiting else self._cut()

    def _mark(self) -> int:
        """Where the next token begins in the text; -1 where tokens were put back."""
        return -1 if self._waiting else self._place

    def _return_to(self, mark: int, taken: Sequence[str]) -> None:
        """Give back ``taken``, all tokens since ``mark``; in the text, so that it can still be read as characters."""
        if mark >= 0 and not self._waiting:
            self._place = mark
        else:
            self.put_back([token for token in taken if token])

    def _cut(self) -> str:
        while match := self._pattern.match(self._text, self._place):
            if match.end() == self._place:
                break
            self._place = match.end()
            kind = match.lastgroup
            if kind in ("blank", "paragraph"):
                return PARAGRAPH
            if kind:
                return match[kind]
        return ""

    # Parts of a command

    def after_space(self) -> str:
        """The next token that is not white space."""
        token = self.next()
        while token and token.isspace():
            token = self.next()
        return token

    def has_star(self) -> bool:
        """Take a star, if one is next."""
        mark = self._mark()
        token = self.next()
        if token.startswith("*"):
            if mark >= 0:
                self._place = mark + 1
            else:
                self.put_back_token(token[1:])
            return True
        self._return_to(mark, [token])
        return False

    def argument(self) -> list[str]:
        """The next argument: the tokens in braces, or the next character or command."""
        token = self.after_space()
        if token == "{":
            return self._to_brace()
        if token in ("}", ""):
            self.put_back_token(token)
            return []
        if token[0] == "\\" or token in SIGNS:
            return [token]
        run = token.lstrip()
        self.put_back_token(run[1:])
        return [run[0]]

    def group_argument(self) -> list[str] | None:
        """The tokens in the braces that are next; None where no brace is."""
        token = self.after_space()
        if token == "{":
            return self._to_brace()
        self.put_back_token(token)
        return None

    def _to_brace(self) -> list[str]:
        tokens: list[str] = []
        depth = 1
        while token := self.next():
            depth += (token == "{") - (token == "}")
            if not depth:
                break
            tokens.append(token)
        return tokens

    def option(self) -> list[str] | None:
        """The tokens in the square brackets that are next; None where there are none."""
        mark = self._mark()
        skipped = [self.next()]
        while skipped[-1].isspace() and skipped[-1] != PARAGRAPH and len(skipped) < 3:
            skipped.append(self.next())
        if skipped[-1] != "[":
            self._return_to(mark, skipped)
            return None
        tokens: list[str] = []
        depth = 0
        while (token := self.next()) and token != PARAGRAPH and len(tokens) < _LONGEST_OPTION:
            if token == "]" and not depth:
                return tokens
            depth += (token == "{") - (token == "}")
            if depth < 0:
                break
            tokens.append(token)
        self._return_to(mark, [*skipped, *tokens, token])
        return None

    def until(self, last: str) -> list[str] | None:
        """The tokens before ``last``, in the same paragraph; None, with all put back, where it is not there."""
        mark = self._mark()
        tokens: list[str] = []
        while (token := self.next()) and token != PARAGRAPH:
            if token == last:
                return tokens
            tokens.append(token)
        self._return_to(mark, [*tokens, token])
        return None

    # Characters as they stand in the file

    def skip_overlay(self) -> None:
        """Leave out the <1-2> of slides."""
        if not self._waiting and (match := _OVERLAY.match(self._text, self._place)):
            self._place = match.end()

    def raw_to(self, end: str, *, longest: int = 0) -> str | None:
        """The characters up to ``end``, which is left out; None, with none taken, where it is not there.

        ``longest``: how far it may be away, 0 for anywhere.
        """
        if self._waiting:
            return None
        stop = min(len(self._text), self._place + longest) if longest else len(self._text)
        place = self._text.find(end, self._place, stop)
        self.budget.spend(((stop if place < 0 else place) - self._place) // 32)
        if place < 0:
            return None
        raw = self._text[self._place : place]
        self._place = place + len(end)
        return raw

    def rest(self) -> str:
        """All characters that are left."""
        place, self._place = self._place, len(self._text)
        return self._text[place:]

    def raw_argument(self) -> str:
        """The characters in the next braces, or between two signs: of an address or of code."""
        match = None if self._waiting else re.compile(r"[ \t]*(\S)").match(self._text, self._place)
        if match is None:
            return "".join(self.argument())
        opening = match[1]
        self._place = match.end()
        if opening != "{":
            return self.raw_to(opening, longest=2000) or ""
        depth, start = 1, self._place
        for brace in re.compile(r"[{}]").finditer(self._text, start, start + 5000):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                self._place = brace.end()
                return self._text[start : brace.start()]
        self._place = start - 1
        return "".join(self.argument())

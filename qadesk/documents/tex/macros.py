"""The commands that a file defines itself, expanded within the bounds of ``Budget``. Nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from qadesk.documents.tex.tex_tokens import TexTokens

_MAX_ARGUMENTS = 9
_MAX_DEFINITIONS = 20_000


@dataclass(frozen=True, slots=True)
class Macro:
    """What a command stands for: tokens with #1, #2 for its arguments. ``default``: of the first one, if optional."""

    body: tuple[str, ...]
    count: int = 0
    default: tuple[str, ...] | None = None
    options: tuple[tuple[str, ...] | None, ...] = ()  # the default of each argument, None where one is needed


class Macros:
    """The definitions of a file. ``kept`` are commands whose meaning is not given up for one of the file's own."""

    def __init__(self, kept: Container[str]) -> None:
        self._kept = kept
        self._macros: dict[str, Macro] = {}
        self.environments: dict[str, tuple[Macro, Macro]] = {}
        self.theorems: dict[str, list[str]] = {}

    def define(self, command: str, tokens: TexTokens) -> bool:
        """Take a definition, if ``command`` begins one."""
        reader = _READERS.get(command)
        if reader is None:
            return False
        reader(self, command, tokens)
        return True

    def expand(self, command: str, tokens: TexTokens) -> bool:
        """Put back what ``command`` stands for, if it is one of the file's own."""
        macro = self._macros.get(command)
        if macro is None:
            return False
        tokens.put_back(filled_body(macro, arguments_of(macro, tokens), tokens))
        return True

    def _add(self, name: str, macro: Macro, *, is_weak: bool = False) -> None:
        is_known = name in self._kept or (is_weak and name in self._macros)
        if name.startswith("\\") and not is_known and len(self._macros) < _MAX_DEFINITIONS:
            self._macros[name] = macro

    def _read_newcommand(self, command: str, tokens: TexTokens) -> None:
        tokens.has_star()
        name = _name(tokens.argument())
        count = _number(tokens.option())
        default = tokens.option()
        body = tokens.argument()
        macro = Macro(tuple(body), count, None if default is None else tuple(default))
        self._add(name, macro, is_weak=command == "\\providecommand")

    def _read_def(self, _command: str, tokens: TexTokens) -> None:
        name = tokens.after_space()
        parameters: list[str] = []
        while (token := tokens.next()) and token != "{" and len(parameters) < 100:
            parameters.append(token)
        tokens.put_back_token(token)
        body = tokens.argument()
        count = parameters.count("#")
        signs = "".join(parameters).replace(" ", "")
        if signs == "".join(f"#{number}" for number in range(1, count + 1)):
            self._add(name, Macro(tuple(body), count))
        else:  # arguments that are divided by words: what it stands for cannot be told
            self._add(name, Macro(()))

    def _read_let(self, _command: str, tokens: TexTokens) -> None:
        name = tokens.after_space()
        value = tokens.after_space()
        if value.startswith("="):
            value = value[1:].strip() or tokens.after_space()
        if value.startswith("\\") and value != name:
            self._add(name, self._macros.get(value, Macro((value,))))

    def _read_operator(self, _command: str, tokens: TexTokens) -> None:
        tokens.has_star()
        name = _name(tokens.argument())
        self._add(name, Macro(("\\operatorname", "{", *tokens.argument(), "}")))

    def _read_document_command(self, _command: str, tokens: TexTokens) -> None:
        name = _name(tokens.argument())
        kinds = re.findall(r"[mor]|O\{[^{}]*\}|[a-zA-Z]", "".join(tokens.argument()).replace(" ", ""))
        body = tokens.argument()
        options = tuple(None if kind == "m" else tuple(filter(None, [kind[2:-1]])) for kind in kinds)
        is_known = all(kind[0] in "moO" for kind in kinds) and len(kinds) <= _MAX_ARGUMENTS
        self._add(name, Macro(tuple(body), len(kinds), None, options) if is_known else Macro(()))

    def _read_environment(self, _command: str, tokens: TexTokens) -> None:
        tokens.has_star()
        name = "".join(tokens.argument()).strip()
        count = _number(tokens.option())
        default = tokens.option()
        begin, end = tokens.argument(), tokens.argument()
        if name != "document" and len(self.environments) < _MAX_DEFINITIONS:
            macro = Macro(tuple(begin), count, None if default is None else tuple(default))
            self.environments[name] = (macro, Macro(tuple(end), count))

    def _read_theorem(self, _command: str, tokens: TexTokens) -> None:
        tokens.has_star()
        name = "".join(tokens.argument()).strip()
        tokens.option()
        title = tokens.argument()
        tokens.option()
        if len(self.theorems) < _MAX_DEFINITIONS:
            self.theorems[name] = title


_READERS: dict[str, Callable[[Macros, str, TexTokens], None]] = {
    **dict.fromkeys(
        ("\\newcommand", "\\renewcommand", "\\providecommand", "\\DeclareRobustCommand"), Macros._read_newcommand
    ),
    **dict.fromkeys(("\\def", "\\gdef", "\\edef", "\\xdef"), Macros._read_def),
    **dict.fromkeys(("\\newenvironment", "\\renewenvironment"), Macros._read_environment),
    **dict.fromkeys(
        ("\\NewDocumentCommand", "\\RenewDocumentCommand", "\\ProvideDocumentCommand", "\\DeclareDocumentCommand"),
        Macros._read_document_command,
    ),
    "\\let": Macros._read_let,
    "\\newtheorem": Macros._read_theorem,
    "\\DeclareMathOperator": Macros._read_operator,
}


def arguments_of(macro: Macro, tokens: TexTokens) -> list[list[str]]:
    """The arguments that come next."""
    arguments: list[list[str]] = []
    for number in range(macro.count):
        default = macro.options[number] if macro.options else macro.default if number == 0 else None
        option = None if default is None else tokens.option()
        if option is None:
            option = tokens.argument() if default is None else list(default)
        arguments.append(option)
    return arguments


def filled_body(macro: Macro, arguments: Sequence[Sequence[str]], tokens: TexTokens) -> list[str]:
    """The tokens of ``macro`` with ``arguments`` in place of #1, #2, each as a group where it is more than a token."""
    result: list[str] = []
    body = macro.body
    place = 0
    while place < len(body):
        token = body[place]
        place += 1
        if token == "##":
            token = "#"
        elif token == "#" and place < len(body) and body[place][0].isdigit() and macro.count:
            digit, rest = int(body[place][0]), body[place][1:]
            argument = arguments[digit - 1] if 0 < digit <= len(arguments) else ()
            tokens.budget.spend(len(argument))
            result += argument
            if rest:
                result.append(rest)
            place += 1
            continue
        result.append(token)
    return result


def _name(tokens: Sequence[str]) -> str:
    return next((token for token in tokens if not token.isspace()), "")


def _number(tokens: Sequence[str] | None) -> int:
    digits = "".join(tokens or ()).strip()
    return min(int(digits), _MAX_ARGUMENTS) if digits.isdecimal() and len(digits) < 3 else 0

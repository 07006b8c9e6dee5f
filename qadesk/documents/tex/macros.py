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
    """What a command stands for: tokens with #1, #2 for its arguments.

    ``defaults`` has the default of each argument, None for one that is not optional.
    """

    body: tuple[str, ...]
    defaults: tuple[tuple[str, ...] | None, ...] = ()


class Macros:
    """The definitions of a file. ``fixed`` are commands that a file cannot define anew."""

    def __init__(self, fixed: Container[str]) -> None:
        self._fixed = fixed
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
        is_fixed = name in self._fixed or (is_weak and name in self._macros)
        if name.startswith("\\") and not is_fixed and len(self._macros) < _MAX_DEFINITIONS:
            self._macros[name] = macro

    def _read_newcommand(self, command: str, tokens: TexTokens) -> None:
        tokens.has_star()
        name = _name(tokens.argument())
        defaults = _defaults(tokens)
        self._add(name, Macro(tuple(tokens.argument()), defaults), is_weak=command == "\\providecommand")

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
            self._add(name, Macro(tuple(body), (None,) * count))
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
        defaults = tuple(None if kind == "m" else tuple(filter(None, [kind[2:-1]])) for kind in kinds)
        is_readable = all(kind[0] in "moO" for kind in kinds) and len(kinds) <= _MAX_ARGUMENTS
        self._add(name, Macro(tuple(body), defaults) if is_readable else Macro(()))

    def _read_environment(self, _command: str, tokens: TexTokens) -> None:
        tokens.has_star()
        name = "".join(tokens.argument()).strip()
        defaults = _defaults(tokens)
        begin, end = tokens.argument(), tokens.argument()
        if name != "document" and len(self.environments) < _MAX_DEFINITIONS:
            self.environments[name] = (Macro(tuple(begin), defaults), Macro(tuple(end), defaults))

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
    for default in macro.defaults:
        option = None if default is None else tokens.option()
        if option is None:
            option = tokens.argument() if default is None else list(default)
        arguments.append(option)
    return arguments


def filled_body(macro: Macro, arguments: Sequence[Sequence[str]], tokens: TexTokens) -> list[str]:
    """The tokens of ``macro`` with ``arguments`` in place of #1, #2."""
    result: list[str] = []
    body = macro.body
    place = 0
    while place < len(body):
        token = body[place]
        place += 1
        if token == "##":
            token = "#"
        elif token == "#" and place < len(body) and body[place][0].isdigit() and macro.defaults:
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


def _defaults(tokens: TexTokens) -> tuple[tuple[str, ...] | None, ...]:
    """The defaults of as many arguments as [2] says, of which the first may have one: [2][Hello]."""
    digits = "".join(tokens.option() or ()).strip()
    count = min(int(digits), _MAX_ARGUMENTS) if digits.isdecimal() and len(digits) < 3 else 0
    first = tokens.option()
    return (None if first is None else tuple(first), *(None,) * (count - 1)) if count else ()

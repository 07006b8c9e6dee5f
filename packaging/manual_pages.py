"""Makes the manual pages out of the command line's own parsers, so that they say what the program does.

``python packaging/manual_pages.py FOLDER`` writes qadesk.1 and qadesk-window.1 into FOLDER (default: here).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import facts

sys.path.insert(0, str(facts.ROOT))

from qadesk.cli import main  # of these sources, not one that happens to be installed

TEMPLATES = Path(__file__).with_name("linux")


class _CaughtError(Exception):
    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser


def parser_of(command: Callable[[list[str]], object]) -> argparse.ArgumentParser:
    """The parser that ``command`` makes, caught when it is about to read the arguments with it.

    Raises ``ValueError`` for a command that reads no arguments.
    """

    def catch(parser: argparse.ArgumentParser, *_rest: object) -> NoReturn:
        raise _CaughtError(parser)

    parse = argparse.ArgumentParser.parse_args
    argparse.ArgumentParser.parse_args = catch
    try:
        command([])
    except _CaughtError as caught:
        return caught.parser
    finally:
        argparse.ArgumentParser.parse_args = parse
    raise ValueError(f"{command} reads no arguments")


def page() -> str:
    """The manual page of ``qadesk``: the window, then every command and its verbs."""
    window = parser_of(lambda arguments: main.start_window(arguments, lambda _files, _safe_mode: 0))
    parsers = [parser for command in main.COMMANDS.values() for parser in _with_verbs(parser_of(command))]
    return facts.render(
        TEMPLATES / "qadesk.1",
        SYNOPSIS="\n".join(_synopsis(window)),
        DESCRIPTION=_text(window.description or ""),
        OPTIONS="\n".join(_options(window)),
        COMMANDS="\n".join(line for parser in parsers for line in _section(parser)),
    )


def window_page() -> str:
    """The manual page of ``qadesk-window``."""
    return facts.render(TEMPLATES / "qadesk-window.1")


def write(folder: Path) -> list[Path]:
    """Write the pages into ``folder``, which is made if it is not there. Returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {f"{facts.COMMAND}.1": page(), f"{facts.COMMAND}-window.1": window_page()}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def _with_verbs(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """``parser``, or the parsers of its verbs if it has any."""
    verbs = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not verbs:
        yield parser
    for action in verbs:
        yield from action.choices.values()


def _section(parser: argparse.ArgumentParser) -> list[str]:
    return [f".SS {_text(parser.prog)}", *_synopsis(parser), ".PP", _text(parser.description or ""), *_options(parser)]


def _synopsis(parser: argparse.ArgumentParser) -> list[str]:
    usage = " ".join(parser.format_usage().split()).removeprefix(f"usage: {parser.prog}").strip()
    return [f".B {_text(parser.prog)}", _text(usage)]


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.help is None or isinstance(action, argparse._HelpAction):
            continue
        shown = f"\\fI{_text(_value(action))}\\fR"
        if action.option_strings:
            names = ", ".join(f"\\fB{_text(name)}\\fR" for name in action.option_strings)
            shown = names if action.nargs == 0 else f"{names} {shown}"
        yield from (".TP", shown, _text(action.help))


def _value(action: argparse.Action) -> str:
    """How the value of ``action`` is called in the usage."""
    if action.metavar:
        return str(action.metavar)
    if action.choices:
        return "|".join(map(str, action.choices))
    return action.dest.upper() if action.option_strings else action.dest


def _text(words: str) -> str:
    """``words`` as they are: nothing in them is a command of roff, and minus signs can be copied."""
    for character, written in (("\\", "\\e"), ("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga")):
        words = words.replace(character, written)
    return f"\\&{words}" if words.startswith(".") else words


if __name__ == "__main__":
    for path in write(Path(sys.argv[1] if len(sys.argv) > 1 else ".")):
        print(path)

"""``qadesk licences``: what QADesk is made of, and under which licences."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qadesk.cli.output import DONE
from qadesk.errors import QadeskError

if TYPE_CHECKING:
    from qadesk.app.licences import Package


def show_licences(arguments: Sequence[str]) -> int:
    """``qadesk licences [NAME]``: list all packages, or show the licence text of one. Returns the exit code."""
    from qadesk.app.licences import packages

    parser = argparse.ArgumentParser(prog="qadesk licences", description="List what QADesk is made of, with licences.")
    parser.add_argument("name", nargs="?", help="show the text of the licence of the packages with NAME in their names")
    name = parser.parse_args(arguments).name
    matches = [package for package in packages() if not name or name.lower() in package.name.lower()]
    if not matches:
        raise QadeskError(f"Nothing that QADesk is made of is called '{name}'.", "'qadesk licences' lists everything.")
    print("\n\n".join(package.full_text for package in matches) if name else "\n".join(map(_line, matches)))
    return DONE


def _line(package: Package) -> str:
    return f"{package.title}: {package.licence}" + (f" (part of {package.part_of})" if package.part_of else "")

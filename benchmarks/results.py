"""Tables in Markdown, and the file with the last run of each measurement."""

from __future__ import annotations

import datetime
import os
import platform
import re
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

from qadesk import __version__
from qadesk.qa.processor import has_vnni, physical_cores

RESULTS = Path(__file__).with_name("RESULTS.md")
_LIBRARIES = ("torch", "transformers", "onnxruntime", "tokenizers", "numpy")
_HEAD = """# Results

Written by the programs in this folder; what each number means is said in them. A section is the last run of its
measurement on that kind of machine.
"""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column to the left, the others, numbers, to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ratio(value: float, base: float) -> str:
    """``value`` as a multiple of ``base``: '2.31 ×'."""
    return f"{value / base:.2f} ×"


def milliseconds(seconds: float) -> str:
    """With one digit after the point."""
    return f"{1000 * seconds:.1f}"


def megabytes(count: float) -> str:
    """Of a million bytes, without the unit."""
    return f"{count / 1e6:.1f}"


def replace_section(document: str, title: str, body: str) -> str:
    """``document`` with the section under the heading ``title`` replaced, or with a new one at its end."""
    section = f"## {title}\n\n{body.strip()}\n"
    heading = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    match = heading.search(document)
    if match is None:
        return f"{document.rstrip()}\n\n{section}"
    after = document[match.end() :]
    return document[: match.start()] + section + ("\n" + after if after else "")


def write_section(title: str, body: str, path: Path = RESULTS) -> None:
    """Write a section to the file ``path``, in place of an earlier one."""
    document = path.read_text(encoding="utf-8") if path.is_file() else _HEAD
    path.write_text(replace_section(document, title, body), encoding="utf-8")


def circumstances(card: str = "") -> str:
    """Date, processor, memory, ``card`` and versions of this measurement, without the computer's name."""
    cores = physical_cores()
    parts = [
        f"{datetime.date.today():%d %B %Y}".lstrip("0"),
        f"{processor()}, {cores} {'core' if cores == 1 else 'cores'}, {'with' if has_vnni() else 'without'} VNNI",
        *([f"{_memory()} GB of memory"] if _memory() else []),
        *([card] if card else []),
        f"{platform.system()} on {platform.machine()}",
    ]
    versions = [f"QADesk {__version__}", f"Python {platform.python_version()}", *map(_version, _LIBRARIES)]
    return f"{'; '.join(parts)}. {', '.join(versions)}."


def processor() -> str:
    """The processor's name by /proc/cpuinfo; elsewhere by Python's platform."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    match = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return match[1] if match else platform.machine()


def _memory() -> int:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _version(library: str) -> str:
    try:
        return f"{library} {metadata.version(library)}"
    except metadata.PackageNotFoundError:
        return f"no {library}"

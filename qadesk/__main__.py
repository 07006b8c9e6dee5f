"""``qadesk`` and ``python -m qadesk``: chooses what this process is before it imports anything heavy."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

_CHILDREN = {  # hidden first arguments: the module whose ``main`` is the child process, and whether it may write files
    "--read-document": ("qadesk.documents.parser_child", False),  # parses an untrusted file
    "--draw-pages": ("qadesk.documents.page_child", False),  # draws the pages of an untrusted file
    "--recognize-pages": ("qadesk.documents.recognition.recognition_child", False),  # reads pictures on pages
    "--mark-pages": ("qadesk.documents.pdf.marking_child", False),  # copies an untrusted PDF with highlights
    "--prepare-model": ("qadesk.app.reading.prepare_child", True),  # makes a model's fast graph
    "--check-model": ("qadesk.app.reading.trial_child", True),  # tries out a model before it is listed
    "--index-library": ("qadesk.app.library.index_child", True),  # fills the index of the library
    "--answer-batch": ("qadesk.app.batch.batch_child", True),  # answers rows of a batch job
    "--answer-on-ray": ("qadesk.app.batch.ray_driver", True),  # has Ray answer a batch job
    "--train": ("qadesk.app.training.train_child", True),
    "--train-rank": ("qadesk.app.training.rank_child", True),  # trains together with the process of --train
}


def main() -> int:
    """Run as the window, a command, or a child process of either. Returns the exit code."""
    _replace_missing_streams()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of libraries are for developers, who see them with python -W
    arguments = sys.argv[1:]
    if arguments and arguments[0] in _CHILDREN:
        module, may_write = _CHILDREN[arguments[0]]
        child: Callable[[Sequence[str]], int] = import_module(module).main
        _start_log(may_write=may_write)
        return child(arguments[1:])
    if arguments[:1] == ["--self-check"]:  # hidden: the window that the smoke test of a built program opens
        from qadesk.ui.shell.self_check import main as self_check

        return self_check(Path(arguments[1]))
    from qadesk.cli.main import main as command_line

    return command_line(arguments, _open_window)


def _start_log(*, may_write: bool = True) -> None:
    """In a child process: the log is imported only where it is wanted, as that takes longer than a short document."""
    if os.environ.get("QADESK_LOG"):
        from qadesk import logs

        logs.start_in_child(may_write=may_write)


def _replace_missing_streams() -> None:
    """On Windows a program with a window has no standard streams, and libraries write to them all the same."""
    # they stay open for as long as the process lives
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _open_window(files: list[Path], safe_mode: bool) -> int:
    from qadesk.ui.shell.launch import run

    return run(files, safe_mode=safe_mode)


if __name__ == "__main__":
    sys.exit(main())

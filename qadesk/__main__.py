"""``qadesk`` and ``python -m qadesk``: decides what this process is, before anything heavy is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> int:
    """Run as the window, a command, or a child process of either. Returns the exit code."""
    _give_streams()
    arguments = sys.argv[1:]
    if arguments[:1] == ["--read-document"]:  # hidden: the child process that parses untrusted files
        from qadesk.documents.parser_child import main as read_document

        return read_document()
    if arguments[:1] == ["--prepare-model"]:  # hidden: the child process that makes a model's fast graph
        from qadesk.app.reading.prepare_child import main as prepare_model

        return prepare_model(arguments[1:])
    if arguments[:1] == ["--train"]:  # hidden: the child process that trains a model
        from qadesk.app.training.train_child import main as train

        return train(arguments[1:])
    if arguments[:1] == ["--self-check"]:  # hidden: the window that the smoke test of a built program opens
        from qadesk.ui.shell.self_check import main as check_itself

        return check_itself(Path(arguments[1]))
    from qadesk.cli.main import main as command_line

    return command_line(arguments, _open_window)


def _give_streams() -> None:
    """A program with a window has no standard streams on Windows, and libraries write to them unasked."""
    # they stay open for as long as the process lives
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _open_window(files: list[Path], safe_mode: bool) -> int:
    from qadesk.ui.shell.launch import run

    return run(files, safe_mode=safe_mode)


if __name__ == "__main__":
    sys.exit(main())

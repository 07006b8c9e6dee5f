"""The command line: the table of commands, and the start of the window where none is named.

Exit codes: 0 done or answered, 1 no answer, or rows with an error, 2 bad use or input, 130 after Ctrl+C.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import qadesk
from qadesk import layout, logs
from qadesk.cli.ask_command import ask_sample, run_ask
from qadesk.cli.batch_command import run_batch
from qadesk.cli.devices_command import run_devices
from qadesk.cli.eval_command import run_eval
from qadesk.cli.export_command import export_answers
from qadesk.cli.info_command import show_info
from qadesk.cli.labels_command import manage_labels
from qadesk.cli.library_command import manage_library
from qadesk.cli.licences_command import show_licences
from qadesk.cli.models_command import manage_models
from qadesk.cli.output import DONE, FAILED, INTERRUPTED
from qadesk.cli.prepare_command import run_prepare
from qadesk.cli.settings_command import change_settings
from qadesk.cli.text_command import print_text
from qadesk.cli.train_command import run_train
from qadesk.errors import Cancelled, QadeskError

_log = logging.getLogger(__name__)

OpenWindow = Callable[[list[Path], bool], int]
COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "ask": run_ask,
    "batch": run_batch,
    "export": export_answers,
    "text": print_text,
    "eval": run_eval,
    "models": manage_models,
    "prepare": run_prepare,
    "devices": run_devices,
    "info": show_info,
    "settings": change_settings,
    "labels": manage_labels,
    "library": manage_library,
    "train": run_train,
    "licences": show_licences,
}
_DEBUG = "--debug"


def main(arguments: Sequence[str], open_window: OpenWindow) -> int:
    """Run ``qadesk`` with ``arguments``. Returns the exit code.

    Without a command it calls ``open_window`` with the files to open and whether to start in safe mode.
    """
    if _DEBUG in arguments:  # before or after a command
        logs.set_debug()
        arguments = [argument for argument in arguments if argument != _DEBUG]
    logs.start_logging()
    _replace_unprintable()
    try:
        if arguments and arguments[0] in COMMANDS:
            _log_start(arguments[0])
            layout.check_version()
            code = COMMANDS[arguments[0]](arguments[1:])
            sys.stdout.flush()  # here, so that a closed pipe is handled below
            return code
        return start_window(arguments, open_window)
    except QadeskError as error:
        print(f"qadesk: {error}", file=sys.stderr)
        return FAILED
    except (Cancelled, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:  # what reads our output, 'head' for example, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def start_window(arguments: Sequence[str], open_window: OpenWindow) -> int:
    """``qadesk [FILE...]``: open the window; without a display, answer the sample in the terminal."""
    parser = argparse.ArgumentParser(
        prog="qadesk",
        description="Ask your own documents, offline. Without a command, the window opens.",
        epilog="Commands: " + ", ".join(COMMANDS) + ". See 'qadesk COMMAND --help'.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="documents to open in the window")
    parser.add_argument("--safe-mode", action="store_true", help="start with default settings, on the processor")
    parser.add_argument(
        _DEBUG,
        action="store_true",
        help=f"log more, on standard error too, also with a COMMAND (see {logs.VARIABLE} in docs/command-line.md)",
    )
    parser.add_argument("--version", action="version", version=f"qadesk {qadesk.__version__}")
    options = parser.parse_args(arguments)
    _log_start("window")
    if not _has_display():
        return ask_sample()
    return open_window([path.absolute() for path in options.files], options.safe_mode)


def _log_start(command: str) -> None:
    _log.debug("qadesk %s, Python %s on %s: %s", qadesk.__version__, platform.python_version(), sys.platform, command)


def _has_display() -> bool:
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _replace_unprintable() -> None:
    """Print a substitute for a character that the terminal's encoding lacks, in place of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

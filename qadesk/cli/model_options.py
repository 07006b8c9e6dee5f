"""The options ``--model``, ``--device`` and ``--precision`` of the commands that load a reader."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to ``parser``."""
    parser.add_argument("--model", metavar="FOLDER", help="a model folder (default: the setting)")
    parser.add_argument("--device", default=None, help="auto or one that 'qadesk devices' lists (default: the setting)")
    parser.add_argument("--precision", default="auto", help="auto, or float32 for torch's float arithmetic")


def reader_from(options: argparse.Namespace, settings: Settings) -> Reader:
    """Load the reader that the options name, else the one in the settings. Raises ``ModelError``, ``DeviceError``."""
    from qadesk.app.reading.load import load_reader as load

    return load(
        options.model or settings["model.folder"],
        device=options.device or settings["model.device"],
        precision=options.precision,
        threads=settings["model.threads"],
    )

"""``qadesk prepare``: make the fast graph of a model now."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from qadesk.cli.output import DONE, show_progress
from qadesk.settings import Settings


def run_prepare(arguments: Sequence[str]) -> int:
    """``qadesk prepare [MODEL]``: make the graph, check it, and print the result. Returns the exit code."""
    from qadesk.app.reading.load import model_folder
    from qadesk.app.reading.prepare import prepare as prepare_model
    from qadesk.app.reading.prepare import summary

    parser = argparse.ArgumentParser(prog="qadesk prepare", description="Make the fast graph of a model.")
    parser.add_argument("model", nargs="?", metavar="MODEL", help="a model folder (default: the setting)")
    parser.add_argument("--force", action="store_true", help="make the graph anew even if it is there")
    options = parser.parse_args(arguments)
    folder = model_folder(options.model or Settings()["model.folder"])
    print(summary(show_progress(prepare_model(folder, force=options.force), at_once=True)))
    return DONE

"""``qadesk info``: versions, devices, paths and models."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from qadesk.cli.output import DONE


def show_info(arguments: Sequence[str]) -> int:
    """``qadesk info``. Returns the exit code."""
    from qadesk.app.about import info

    parser = argparse.ArgumentParser(prog="qadesk info", description="Show versions, devices and paths.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    headings = info()
    if options.json:
        print(json.dumps(headings, indent=2))
        return DONE
    for heading, values in headings.items():
        print(heading)
        for name, value in values.items():
            print(f"  {name:14} {value}")
    return DONE

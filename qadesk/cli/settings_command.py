"""``qadesk settings``: list, show or change the settings."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from qadesk.cli.output import DONE
from qadesk.settings import ROWS, Settings, row


def change_settings(arguments: Sequence[str]) -> int:
    """``qadesk settings [KEY [VALUE]]``: change one, then print it, or print all. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="qadesk settings", description="List, show or change the settings.")
    parser.add_argument("key", nargs="?")
    parser.add_argument("value", nargs="?", help="the new value; 'default' goes back to the default")
    options = parser.parse_args(arguments)
    settings = Settings()
    if options.value == "default":
        settings.reset(options.key)
    elif options.value is not None:
        settings.set(options.key, row(options.key).parse(options.value))
    for setting in [row(options.key)] if options.key else [setting for setting in ROWS if setting.page]:
        print(f"{setting.key} = {json.dumps(settings[setting.key])}\n    {setting.title}. {setting.help}")
    return DONE

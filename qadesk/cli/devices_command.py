"""``qadesk devices``: the devices of this computer, the one that is chosen and why, and their measured speed."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qadesk.cli.output import DONE, show_progress
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.app.reading.device_listing import ListedDevice, Listing
    from qadesk.app.reading.device_timings import Timing


def run_devices(arguments: Sequence[str]) -> int:
    """``qadesk devices``: list the devices; ``--measure`` times them first. Returns the exit code."""
    from qadesk.app.reading import device_listing
    from qadesk.app.reading.device_timings import save_timings

    parser = argparse.ArgumentParser(prog="qadesk devices", description="List what can run the model on this computer.")
    parser.add_argument("--measure", action="store_true", help="time each of them; 'auto' then takes the fastest")
    parser.add_argument("--json", action="store_true", help="print JSON (described in docs/command-line.md)")
    options = parser.parse_args(arguments)
    settings = Settings()
    if options.measure:
        save_timings(settings, show_progress(device_listing.time_devices(settings)))
    listing = device_listing.list_devices(settings)
    print(json.dumps(listing_as_json(listing), ensure_ascii=False, indent=2) if options.json else _lines(listing))
    return DONE


def _lines(listing: Listing) -> str:
    """A paragraph for each device, with a star at the one that is chosen."""
    lines = []
    for listed in listing.devices:
        title, *rest = listed.lines
        rest += [f"Calculates in {listed.device.precision}."] if listed.device.precision else []
        lines.append(f"{'*' if listed.reason else ' '} {listed.device.name:10} {title}")
        lines += [f"{'':12} {line}" for line in rest]
    return "\n".join([*lines, *filter(None, [listing.problem]), listing.when])


def listing_as_json(listing: Listing) -> dict[str, Any]:
    """What ``--json`` prints (docs/command-line.md)."""
    return {
        "devices": [_device_as_json(listed) for listed in listing.devices],
        "measured": str(listing.measured) if listing.measured else None,
        "problem": listing.problem,
    }


def _device_as_json(listed: ListedDevice) -> dict[str, Any]:
    return {
        **dataclasses.asdict(listed.device),
        "problem": listed.device.problem.text if listed.device.problem else None,
        "chosen": bool(listed.reason),
        "reason": listed.reason or None,
        "timing": _timing_as_json(listed.timing) if listed.timing else None,
    }


def _timing_as_json(timing: Timing) -> dict[str, Any]:
    return {**dataclasses.asdict(timing), "problem": timing.problem.text if timing.problem else None}

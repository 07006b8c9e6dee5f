"""Lets the tests beside it import ``benchmarks`` from the checkout, whatever is installed, and ``markdown_tables``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[3]), str(Path(__file__).parent)]

"""The measurements are scripts beside the package: found from the checkout, whatever is installed."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

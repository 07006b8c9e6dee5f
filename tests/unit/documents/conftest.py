"""Lets the tests beside it import what they share: ``pdf_files`` and others."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

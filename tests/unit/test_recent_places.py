"""Where a recent document lies, in a few words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from qadesk.app.phrases import folder_and_day
from qadesk.records import RecentDocument

OPENED = datetime(2026, 11, 24, 12, 0).timestamp()


def recent(path: Path | None) -> RecentDocument:
    return RecentDocument(1, "lease.pdf", "pdf", path, OPENED)


def test_the_folder_is_short_and_the_day_is_named() -> None:
    assert folder_and_day(recent(None)) == "Pasted text · 24 Nov 2026"
    assert folder_and_day(recent(None), date(2026, 11, 24)) == "Pasted text · today"
    home = Path.home() / "leases" / "lease.pdf"
    assert folder_and_day(recent(home)) == f"{Path('~') / 'leases'} · 24 Nov 2026"
    deep = Path("/srv", *["folder"] * 20, "lease.pdf")
    shown = folder_and_day(recent(deep)).partition(" · ")[0]
    assert len(shown) == 40
    assert shown.startswith("…")
    assert shown.endswith("folder")

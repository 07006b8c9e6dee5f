"""The peak memory of this process."""

from __future__ import annotations

import mmap

import pytest

from benchmarks import memory


@pytest.mark.parametrize("resettable", [True, False])
def test_a_peak_is_seen_though_it_is_gone_at_the_end(resettable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not resettable:
        monkeypatch.setattr(memory, "_reset_mark", lambda: False)
    # Not an array: that may reuse what the process holds already.
    with memory.Peak() as peak, mmap.mmap(-1, 64_000_000) as block:
        for at in range(0, len(block), mmap.PAGESIZE):
            block[at] = 1
        peak._done.wait(0.05)
    assert 60e6 < peak.above < 90e6

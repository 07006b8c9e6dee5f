"""The table of growth: time and memory by the length of the text."""

from __future__ import annotations

from markdown_tables import cells

from benchmarks import growth
from benchmarks.fresh import QuestionTiming, TextMeasurement


def test_growth_of_time_and_memory() -> None:
    def open_text(seconds: float, memory_above: int, size: int) -> TextMeasurement:
        return TextMeasurement(0.1, memory_above, 0, size, (QuestionTiming(0.3, seconds, True, 20),))

    report = growth.growth_table({10: open_text(1.0, 80_000_000, 20_000), 100: open_text(10.0, 81_000_000, 220_000)})
    rows = cells(report.partition("\n\n")[0])
    assert rows[1][:8] == ["10", "20", "0.10", "0.30", "1.00", "50.0", "100.0", "+0.0%"]
    assert rows[1][-2:] == ["-", "-"]
    assert rows[2][-4:] == ["0.2", "81.0", "5.0 ×", "-"]
    assert "100.00 ms a page" in report
    assert "1.000th power" in report

"""A region's gross factors over the years, a line a coverage."""

from __future__ import annotations

from carbontui.text import display

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.records import Region

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"


def series(region: Region) -> list[str]:
    """Each coverage with its years, a sparkline from 0 to the largest of all, and the figures in gCO2e/kWh.

    Nothing where no coverage has two years.
    """
    by_coverage: dict[str, dict[int, float]] = {}
    for factor in region.factors:
        if factor.gross is not None:
            years = by_coverage.setdefault(factor.coverage or "unknown", {})
            years.setdefault(int(factor.period[:4]), factor.gross.value)
    if all(len(years) < 2 for years in by_coverage.values()):
        return []
    first, last = (end(year for years in by_coverage.values() for year in years) for end in (min, max))
    most = max(value for years in by_coverage.values() for value in years.values())
    lines = []
    for coverage, years in by_coverage.items():
        bars = "".join(_bar(years[year], most) if year in years else _GAP for year in range(first, last + 1))
        figures = " ".join(display.significant(years[year]) for year in sorted(years))
        lines.append(f"{coverage:<10} {bars}  {figures}")
    head = f"gross factor in gCO2e/kWh, {first} to {last}"
    return [head, *lines]


def _bar(value: float, most: float) -> str:
    return _BARS[min(int(value / most * len(_BARS)), len(_BARS) - 1)] if most else _BARS[0]

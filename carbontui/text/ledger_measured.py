"""Powers that a ledger's runs metered, beside those that are estimated for such jobs."""

from __future__ import annotations

from carbontui.engine.ledger.measured import Measured
from carbontui.text import display
from carbontui.text.laws import is_for, of_whole_machine
from carbontui.text.table import Column
from carbontui_registry.text import clean, count_of, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The column with the kind of jobs that an estimate is for.
ESTIMATE_FOR = "estimate for"


def measured_columns(found: Sequence[Measured]) -> list[Column]:
    """Powers that were measured beside those that are estimated."""
    return [
        Column("measured", [one.hardware for one in found], right=False),
        Column("boundary", [one.boundary for one in found], right=False),
        Column("runs", [f"{one.runs:,}" for one in found]),
        Column("power", [display.shown(one.power, "power") for one in found]),
        Column(
            "spread", [display.shown(one.spread, "share") if one.spread is not None else "" for one in found], keep=4
        ),
        Column("estimate", [display.shown(one.estimated, "power") for one in found]),
        Column(
            "90 % range",
            [display.interval(*one.interval, "power") if one.interval else "" for one in found],
            keep=5,
        ),
        Column("vs estimate", [display.times(one.ratio) for one in found]),
        Column(ESTIMATE_FOR, [is_for(one.laws) for one in found], right=False, keep=3),
    ]


def estimates_said(found: Sequence[Measured]) -> list[str]:
    """Why estimates beside meters are not those of a run without a meter or of a planned job."""
    laws = [one.laws for one in found if one.laws and not of_whole_machine(one.laws)]
    jobs = list(dict.fromkeys(map(is_for, laws)))
    if not jobs:
        return []
    there = "at the meter's boundary; runs without a meter, and planned jobs, are estimated at the wall, which"
    return [f"these estimates are for {listed(jobs)}, {there} adds the rest of the server"]


def meters_said(found: Sequence[Measured], names: Mapping[str, str], use: str) -> list[str]:
    """Where runs are estimated far from what meters showed on the same hardware; `use` says how the meters count."""
    lines = []
    for one in found:
        if one.enough and one.off and one.unmetered:
            runs = f"{count_of(one.unmetered, 'run')} on {clean(names.get(one.hardware, one.hardware))}"
            has = "has no meter and counts" if one.unmetered == 1 else "have no meter and count"
            counted, power = (display.shown(watts, "power") for watts in (one.counted, one.power))
            lines.append(f"{runs} {has} {counted} a chip: {use} {power} of the metered runs")
    return lines

"""What runs without a figure lack, and which PUE is in the energy of those that have one."""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.entry import FACILITY
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from numpy.typing import NDArray

    from carbontui.engine.ledger.entry import Setting
    from carbontui.engine.ledger.rates import Rates
    from carbontui.engine.ledger.runs import Coded, Runs

    class Counted(Protocol):
        """What is asked here of a ledger, which asks this module in turn."""

        runs: Runs
        kinds: NDArray[Any]
        kind_settings: list[Setting]
        rates: list[Rates]
        has_meter: NDArray[Any]
        hours: NDArray[Any]
        of_chips: NDArray[Any]

        def values(self, key: str) -> NDArray[np.float64]:
            """A figure of each run."""

        def column(self, by: str) -> Coded:
            """A word of each run."""


# Where the PUE of a run is from.
TOLD, OF_REGION, ASSUMED = "told", "region", "assumed"


class Lacking(NamedTuple):
    """How many runs without a figure have no region, how many have no energy because the power of their cores is not
    known, or what their accelerators are; and the tools that wrote of them."""

    placeless: int = 0
    powerless: int = 0
    nameless: int = 0
    placeless_tools: tuple[str, ...] = ()
    energyless_tools: tuple[str, ...] = ()


class Hourless(NamedTuple):
    """How many runs have no known chip-hours, and how many no known core-hours; `counted` of both have an energy."""

    chips: int = 0
    cores: int = 0
    counted: int = 0


class UsedPue(NamedTuple):
    """The PUEs from one place, the least and the largest, of how many runs; `tools` wrote of these."""

    of: str
    low: float
    high: float
    runs: int
    tools: tuple[str, ...]


def lacking(ledger: Counted, values: NDArray[np.float64], some: NDArray[np.intp]) -> Lacking:
    """What those of some runs lack whose value is not known."""
    settings = list(ledger.runs.settings)

    def where(holds: list[bool]) -> NDArray[np.bool_]:
        return np.array(holds, dtype=bool)[ledger.runs.setting_numbers[some]]

    if not len(some):
        return Lacking()
    unknown = np.isnan(values)
    energyless = unknown & np.isnan(ledger.values("energy_kwh")[some])
    placeless = unknown & where([not one.region for one in settings])
    powerless = energyless & where([one.chips is None and one.power is None for one in settings])
    nameless = energyless & where([one.chips is not None and not one.hardware for one in settings])
    return Lacking(
        int(placeless.sum()),
        int(powerless.sum()),
        int(nameless.sum()),
        _tools(ledger, some[placeless]),
        _tools(ledger, some[powerless | nameless]),
    )


def hourless(ledger: Counted, some: NDArray[np.intp]) -> Hourless:
    """Those of some runs whose hours are not known."""
    without = some[np.isnan(ledger.hours[some])]
    chips = int(ledger.of_chips[without].sum())
    counted = int((~np.isnan(ledger.values("energy_kwh")[without])).sum())
    return Hourless(chips, len(without) - chips, counted)


def used_pues(ledger: Counted, some: NDArray[np.intp]) -> tuple[UsedPue, ...]:
    """Where the PUEs are from that are in the energy of some runs, those of the most runs first."""
    known = some[~np.isnan(ledger.values("energy_kwh")[some])]
    kinds, metered = ledger.kinds[known], ledger.has_meter[known]
    found: dict[str, list[tuple[float, NDArray[np.intp]]]] = {}
    for kind, own in {*zip(kinds.tolist(), metered.tolist(), strict=True)}:
        setting, rates = ledger.kind_settings[kind], ledger.rates[kind]
        filled = rates.metered if own and rates.metered is not None else rates.planned
        # An energy with the PUE in it has that of its tool.
        if "pue" not in filled.inputs or (own and setting.energy_of == FACILITY):
            continue
        pue = filled.inputs["pue"]
        of = TOLD if setting.pue is not None else ASSUMED if pue.basis == "assumed" else OF_REGION
        found.setdefault(of, []).append((pue.value, known[(kinds == kind) & (metered == own)]))
    made = []
    for of, uses in found.items():
        values, rows = [value for value, _ in uses], np.concatenate([rows for _, rows in uses])
        made.append(UsedPue(of, min(values), max(values), len(rows), _tools(ledger, rows)))
    return tuple(sorted(made, key=lambda one: (-one.runs, one.of)))


def _tools(ledger: Counted, rows: NDArray[np.intp]) -> tuple[str, ...]:
    column = ledger.column("tool")
    return tuple(sorted({column.words[code] for code in np.unique(column.codes[rows]).tolist()}))

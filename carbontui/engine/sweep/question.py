"""What to sweep, and the limits of a cell."""

from __future__ import annotations

from carbontui.engine.lookup import country_code
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui_registry.catalogue import Catalogue

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


class Limits(Value):
    """The limits of a cell: days, tCO2e gross or net, MWh, USD, chips; GiB of one chip; countries, or `EU`."""

    max_days: float | None = None
    max_gross: float | None = None
    max_net: float | None = None
    max_energy: float | None = None
    max_cost: float | None = None
    max_chips: float | None = None
    min_memory: float | None = None
    within: tuple[str, ...] = ()

    def most(self) -> dict[str, float]:
        """The largest value of each metric that is limited, in engine units."""
        most = {"duration": (self.max_days, 24.0), "gross": (self.max_gross, 1000.0), "net": (self.max_net, 1000.0)}
        most |= {"energy": (self.max_energy, 1000.0), "cost": (self.max_cost, 1.0)}
        return {metric: value * units for metric, (value, units) in most.items() if value is not None}


class SweepQuestion(Value):
    """What to sweep: scenarios whose work is meant, and ids or globs of hardware and regions; periods and chips.

    Without hardware all there is, without regions all datacenters, without periods each region's latest factors,
    without chips those of the model's run.
    """

    bases: tuple[Scenario, ...]
    hardware: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    chips: tuple[float, ...] = ()
    objective: str = "gross"
    # What the Pareto front sets the objective against.
    against: str = "duration"
    accounting: str = "lifecycle"
    limits: Limits = Limits()
    # Whether cells that nobody can rent may be best all the same.
    marked: bool = False
    # Whether only what is offered may be best, what was named not excepted, or is of the job's own provider, whose
    # offers may not be known; the job's own hardware is then neither too small nor too slow for it.
    to_rent: bool = False


def countries(within: Sequence[str], catalogue: Catalogue) -> frozenset[str]:
    """Countries (two letters) that `EU`, codes and English names mean. Raises `ScenarioError`."""
    found: set[str] = set()
    for word in within:
        if word.upper() == "EU":
            found |= set(EU.split())
        elif code := country_code(catalogue, word):
            found.add(code)
        else:
            raise ScenarioError(f"within: {word!r} is not EU, a country such as Sweden, or its code such as SE")
    return frozenset(found)

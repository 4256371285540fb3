"""A carbon factor of one coverage from that of the other, with how far off that is.

Rule C2: lifecycle = direct + what the grid's sources add upstream, by the shares of the national mix. What fuels add is
scaled by the place's own direct factor over the nation's. How far off it is was measured on places where both coverages
are published (`carbontui verify --estimates`).
"""

from __future__ import annotations

from math import log

from carbontui.engine.assumptions import DEFAULT_SPREADS, WIDE_COUNTRIES, WIDE_FACTOR
from carbontui.engine.uncertainty import Z90, spread_of
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName
from carbontui_registry.figures import CarbonFactor, Source
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui_registry.records import Region

DIRECT, LIFECYCLE = "direct", "lifecycle"
OTHER_COVERAGE = {DIRECT: LIFECYCLE, LIFECYCLE: DIRECT}
# gCO2e/kWh that a source of electricity adds to its direct emissions: mining, transport and leaks of fuels; making and
# building of all else. Round figures near the medians of IPCC AR5, WG III, annex III (2014); none is fitted.
FUEL = {"coal": 60.0, "gas": 120.0, "oil": 60.0}
REST = {"nuclear": 12.0, "wind": 11.0, "solar": 41.0, "hydro": 24.0, "bioenergy": 230.0}
# Fuels add at most this share of what burning them emits: gas, 120 of about 370 g.
MOST_OF_FUEL = 0.33
# A direct factor follows from a lifecycle one at least as this share of it, where the rest would leave nothing.
LEAST_DIRECT = 0.10
# Below this a direct factor from a lifecycle one is a guess: the upstream part is most of it.
GUESS_BELOW = 100.0
IPCC = Source(
    "IPCC AR5, WG III, annex III: emissions of electricity supply technologies",
    "https://www.ipcc.ch/report/ar5/wg3/",
    2014,
    None,
    "ipcc-ar5-wg3",
)

# By rule: the 90th percentile of its test, of places and of countries together; below `GUESS_BELOW` a factor of 2.
WITHIN = {"c2": 0.34, "inverse": 0.30, "guess": 1.0}


# Relative spread of a grid's factor for a place in it: of another data center on the same grid, as Google's figures and
# eGRID's subregions differ there; of a state, a province or a subregion, as Google's figures for places in it differ
# from it; of a country, the default, wider where it has many grids.
_SAME_GRID, _PART_OF_COUNTRY = 0.15, 0.45


def location_spread(grid: Region) -> float:
    """Relative spread of a grid's factor, taken for a place in it."""
    if grid.provider is not None:
        return _SAME_GRID
    if grid.grid is not None:
        return _PART_OF_COUNTRY
    return WIDE_FACTOR if grid.country in WIDE_COUNTRIES else DEFAULT_SPREADS["gross"]


class Conversion(Value):
    """What a factor is multiplied by, by which rule, and the relative spread of that.

    `wanted` is the coverage that it makes of the other one, `factor` what is converted, by the mix of `nation`; `fuel`
    and `rest` are the grams between the two, None where the rule leaves only `LEAST_DIRECT`.
    """

    value: float
    rule: str
    wanted: str
    factor: float
    nation: str
    fuel: float | None = None
    rest: float | None = None

    @property
    def spread(self) -> float:
        """Relative standard deviation, from the rule's test."""
        return spread_of((log(1 + WITHIN[self.rule]) / Z90) ** 2)


class Nation(Value):
    """What the national grid says in a year, in gCO2e/kWh: lifecycle, what fuels add and what all else adds."""

    name: str
    lifecycle: float
    fuel: float
    rest: float

    @property
    def fuel_ratio(self) -> float:
        """What fuels add for each gram of direct emissions."""
        direct = self.lifecycle - self.fuel - self.rest
        return min(self.fuel / direct, MOST_OF_FUEL) if direct > 0 else MOST_OF_FUEL if self.fuel else 0.0


def nation_of(chain: Sequence[Registered], catalogue: Catalogue, year: str) -> Nation | None:
    """The national grid above a place, or that of its country, in the nearest year; None where its mix is not known."""
    known = [one for one in chain if one.record.shares is not None]
    if not known and chain[0].record.country:
        try:
            known = [catalogue.region(f"grid:{chain[0].record.country.lower()}")]
        except UnknownName:
            return None
    region: Region | None = known[-1].record if known else None
    if region is None or region.shares is None:
        return None
    lifecycle = nearest(region.factors, LIFECYCLE, year)
    if lifecycle is None or lifecycle.gross is None:
        return None
    shares = {name: share.value for name in (*FUEL, *REST) if (share := getattr(region.shares, name)) is not None}
    fuel, rest = (sum(grams[name] * shares.get(name, 0.0) for name in grams) for grams in (FUEL, REST))
    return Nation(region.name, lifecycle.gross.value, fuel, rest)


def nearest(factors: Sequence[CarbonFactor], coverage: str, year: str) -> CarbonFactor | None:
    """The factor of a coverage whose year is nearest, of two the later."""
    known = [f for f in factors if f.coverage == coverage and f.gross is not None]
    return min(known, key=lambda f: (abs(int(f.period[:4]) - int(year[:4])), -int(f.period[:4]))) if known else None


def conversion(value: float, wanted: str, nation: Nation) -> Conversion | None:
    """What makes a factor of the wanted coverage of one of the other; None where there is nothing to multiply."""
    if value <= 0:
        return None
    if wanted == LIFECYCLE:
        made = Conversion(lifecycle_of(value, nation) / value, "c2", wanted, value, nation.name)
        return made.replace(fuel=value * nation.fuel_ratio, rest=nation.rest)
    direct = direct_of(value, nation)
    made = Conversion(direct / value, "inverse" if value >= GUESS_BELOW else "guess", wanted, value, nation.name)
    least = direct == LEAST_DIRECT * value
    return made if least else made.replace(fuel=direct * nation.fuel_ratio, rest=nation.rest)


def lifecycle_of(direct: float, nation: Nation) -> float:
    """Rule C2: gCO2e/kWh of the whole lifecycle from direct ones."""
    return direct * (1 + nation.fuel_ratio) + nation.rest


def direct_of(lifecycle: float, nation: Nation) -> float:
    """Rule C2 the other way round."""
    return max((lifecycle - nation.rest) / (1 + nation.fuel_ratio), LEAST_DIRECT * lifecycle)

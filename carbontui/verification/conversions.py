"""The rule that converts a carbon factor's coverage, held against places and countries that publish both."""

from __future__ import annotations

from math import ceil

from carbontui.engine import coverage
from carbontui.engine.coverage import DIRECT, LIFECYCLE, WITHIN, nation_of, nearest
from carbontui.engine.place import grids
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Google's factors are lifecycle ones up to 2020 and direct ones from 2021.
BEFORE, AFTER = "2020", "2021"


class Converted(Value):
    """One test of a rule: what it gives over what is published."""

    of: str
    ratio: float


class Tested(Value):
    """A rule with its tests: how far off it is in the median, in 9 of 10 cases and in all, and what is said of it."""

    rule: str
    name: str
    cases: tuple[Converted, ...]

    def off(self, share: float) -> float:
        """By how much the rule is off at most in this share of the cases, as a share of what is published."""
        errors = sorted(abs(case.ratio - 1) for case in self.cases)
        return errors[ceil(share * len(errors)) - 1]

    @property
    def bias(self) -> float:
        """The middle error with its sign."""
        return sorted(case.ratio for case in self.cases)[len(self.cases) // 2] - 1

    @property
    def said(self) -> float:
        """Within how much 9 of 10 converted figures are said to be."""
        return WITHIN[self.rule]

    @property
    def holds(self) -> bool:
        """Whether 9 of 10 cases are within what is said, to the percent."""
        return self.off(0.9) <= self.said + 0.005


def conversions(catalogue: Catalogue) -> list[Tested]:
    """Each rule against the first-party factors of which both coverages are known."""
    regions = [one for one in catalogue.all("region") if one.first_party]
    places = [case for one in regions if (case := _place(one, catalogue)) is not None]
    forwards, backwards = [], []
    for one, period, direct, lifecycle in _countries(regions):
        nation = nation_of([one], catalogue, period)
        if nation is None:
            continue
        of = f"{one.id} {period}"
        forwards.append(Converted(of, coverage.lifecycle_of(direct, nation) / lifecycle))
        if lifecycle >= coverage.GUESS_BELOW:
            backwards.append(Converted(of, coverage.direct_of(lifecycle, nation) / direct))
    return [
        Tested("c2", "lifecycle from direct, places", tuple(places)),
        Tested("c2", "lifecycle from direct, countries", tuple(forwards)),
        Tested("inverse", "direct from lifecycle, countries of 100 g and more", tuple(backwards)),
    ]


def _place(one: Registered, catalogue: Catalogue) -> Converted | None:
    """Google's lifecycle factor of one year from its direct one of the next; the nation's change in between is taken
    out."""
    known = {(f.period, f.coverage): f.gross.value for f in one.record.factors if f.gross is not None}
    lifecycle, direct = known.get((BEFORE, LIFECYCLE)), known.get((AFTER, DIRECT))
    if one.record.provider is None or not lifecycle or not direct:
        return None
    chain = grids(one, catalogue)
    before, after = (nation_of(chain, catalogue, year) for year in (BEFORE, AFTER))
    if before is None or after is None:
        return None
    made = coverage.lifecycle_of(direct, after) * before.lifecycle / after.lifecycle
    return Converted(one.id, made / lifecycle)


def _countries(regions: Iterable[Registered]) -> Iterable[tuple[Registered, str, float, float]]:
    """The grids of countries and years of which an office gives a direct factor and Ember a lifecycle one."""
    for one in regions:
        if one.record.shares is None:
            continue
        for factor in one.record.factors:
            other = nearest(one.record.factors, LIFECYCLE, factor.period)
            if factor.coverage != DIRECT or factor.gross is None or other is None or other.period != factor.period:
                continue
            assert other.gross is not None
            yield one, factor.period, factor.gross.value, other.gross.value

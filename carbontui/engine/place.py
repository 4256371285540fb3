"""The figures of a place: which period, which carbon factors, which PUE."""

from __future__ import annotations

from carbontui.engine.assumptions import ASSUMED_PUE, DESK_FORMS, DESK_PUE, stands_in
from carbontui.engine.claims import Claim
from carbontui.engine.coverage import DIRECT, GUESS_BELOW, OTHER_COVERAGE, Conversion, conversion, nation_of
from carbontui.engine.scenario import Note, ScenarioError, Way
from carbontui.quantities import coverage_of, is_strict
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.figures import CarbonFactor
from carbontui_registry.located import latest, nearest, net_holds, net_near, of_period, pue_near
from carbontui_registry.records import Region, TrainingRun
from carbontui_registry.text import listed
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# A factor this many years older than the current one is said to be old.
OLD = 3


class Factors(Value):
    """The carbon factor chosen for a place, whose record has it, what makes it one of the coverage asked for, and what
    one should know about the choice."""

    factor: CarbonFactor | None
    owner: Registered | None
    notes: tuple[Note, ...] = ()
    conversion: Conversion | None = None


def grids(region: Registered, catalogue: Catalogue) -> list[Registered]:
    """The region and the grids above it, the finest first."""
    chain: list[Registered] = []
    owner: Registered | None = region
    while owner is not None and all(owner.id != known.id for known in chain):
        chain.append(owner)
        owner = catalogue.named_by(owner, "region", owner.record.grid)
    return chain


def gross_of(region: Region, coverage: str | None = None) -> list[CarbonFactor]:
    """The gross factors of a region, of one coverage or of any."""
    return [f for f in region.factors if f.gross is not None and (coverage is None or f.coverage == coverage)]


def choose_factor(
    region: Registered,
    asked: str | None,
    run: TrainingRun | None,
    run_here: bool,
    accounting: str,
    catalogue: Catalogue,
) -> Factors:
    """The factor of the finest grid, of the period asked for, of the run's, or the latest. Raises `ScenarioError` for a
    period that the region lacks."""
    chain = grids(region, catalogue)
    coverage = coverage_of(accounting)
    with_gross = [one for one in chain if gross_of(one.record)]
    finest = with_gross[0] if with_gross else None
    # Net alone is a figure too, of the region itself.
    alone = not with_gross and any(f.net is not None for f in region.record.factors)
    known = [factor for one in chain for factor in one.record.factors]
    if asked is not None and all(factor.period != asked for factor in known):
        if run_here and run is not None and run.period == asked:
            return Factors(None, finest)
        periods = sorted({factor.period for factor in known})
        has = f"has {listed(periods)}" if periods else "has no carbon factors"
        raise ScenarioError(f"{region.id} has no period {asked}; it {has}")
    when = asked or (run.period if run is not None else None)
    if alone:
        factor, _ = pick([f for f in region.record.factors if f.net is not None], when)
        return Factors(factor, region)
    if finest is None:
        return Factors(None, None)
    if coverage is None:
        return _published(finest, None, when)
    found = _of_coverage(chain, coverage, when, accounting, catalogue)
    if found is None:
        only = tuple(sorted({factor.coverage or "unknown" for one in with_gross for factor in gross_of(one.record)}))
        return Factors(None, None, (Note("coverage", "other-coverage", (region.record.name, only)),))
    return found


def _of_coverage(
    chain: Sequence[Registered], coverage: str, when: str | None, accounting: str, catalogue: Catalogue
) -> Factors | None:
    """A factor of the coverage from the finest grid: published, or converted from one of the other coverage."""
    chain = [one for one in chain if gross_of(one.record)]
    finest = chain[0]
    having = [one for one in chain if gross_of(one.record, coverage)]
    published = _published(having[0], coverage, when) if having else None
    if is_strict(accounting):
        return published
    factor, notes = pick(gross_of(finest.record), when)
    same = of_period(gross_of(finest.record, coverage), factor.period)
    if same is not None:
        return Factors(same, finest, notes)
    if nearest(gross_of(finest.record, coverage), factor.period) is not None and (when is None or coverage == DIRECT):
        # A direct factor of a year nearby is nearer than one from a lifecycle factor.
        return _published(finest, coverage, when or factor.period)
    if factor.coverage not in OTHER_COVERAGE:
        return Factors(factor, finest, (*notes, Note("gross", "coverage-unknown", (finest.record.name, coverage))))
    assert factor.gross is not None
    if coverage == DIRECT and factor.gross.value < GUESS_BELOW:
        coarser = next((one for one in chain[1:] if gross_of(one.record, coverage)), None)
        if coarser is not None:
            return _published(coarser, coverage, when)
    nation = nation_of(chain, catalogue, factor.period)
    made = conversion(factor.gross.value, coverage, nation) if nation is not None else None
    if made is None:
        return published
    said = Note("gross", "coverage-converted", (finest.record.name, factor.coverage, factor.gross.value, coverage))
    return Factors(factor, finest, (*notes, said), made)


def _published(owner: Registered, coverage: str | None, when: str | None) -> Factors:
    factor, notes = pick(gross_of(owner.record, coverage), when)
    return Factors(factor, owner, notes)


def pick(factors: Sequence[CarbonFactor], when: str | None) -> tuple[CarbonFactor, tuple[Note, ...]]:
    """The first factor of a period or the nearest to it, else the latest; and a note unless it is of the period.

    There is at least one.
    """
    if when is not None and (found := of_period(factors, when) or nearest(factors, when)) is not None:
        return found, (() if found.period == when else (Note("period", "period-nearest", (found.period, when)),))
    last = latest(factors)
    assert last is not None
    from time import gmtime

    old = gmtime().tm_year - int(last.period[:4]) > OLD
    return last, ((Note("period", "period-old", (last.period,)),) if old else ())


def net_of(region: Registered, chosen: Factors, accounting: str) -> tuple[CarbonFactor, Registered] | None:
    """Whose net holds: the chosen factor's own, or the region's nearest to its period. A grid's other operator's net is
    not that of who runs this place, and a converted factor has none."""
    coverage = coverage_of(accounting)
    if chosen.factor is not None and chosen.owner is not None and chosen.factor.net is not None:
        held = coverage is None or chosen.factor.coverage != OTHER_COVERAGE[coverage]
        if held and net_holds(chosen.owner.record, region.record):
            return chosen.factor, chosen.owner
    found = net_near(region.record, chosen.factor.period if chosen.factor is not None else None)
    return (found, region) if found is not None else None


def pue_claim(
    region: Registered | None, period: str | None, run: Registered | None, factor: CarbonFactor | None
) -> tuple[Claim | None, str | None]:
    """The PUE of the run in its own place, of the period, or of the region; and of what it is. `run` is None where the
    scenario is elsewhere or in another period."""
    where = region.id if region else None
    if run is not None and run.record.pue is not None:
        return Claim("pue", run.record.pue, run.origin, Way("run", run.id), ("pue", where, period)), None
    if region is None:
        return None, None
    record: Region = region.record
    of = pue_near(record, period)
    if of is not None and of.pue is not None:
        return Claim("pue", of.pue, region.origin, Way("region", region.id), ("pue", where, period)), of.pue_kind
    if record.pue is None:
        return None, None
    own = factor if factor in record.factors else pick(record.factors, period)[0] if record.factors else None
    kind = own.pue_kind if own is not None else None
    figure = stands_in(record.pue) if kind in ("fleet", "survey") else record.pue
    return Claim("pue", figure, region.origin, Way("region", region.id), ("pue", where, period)), kind


def assumed_pue(region: str | None, form: str | None) -> tuple[Claim, Note | None]:
    """The PUE where none is known: that of a survey, or 1 for a machine at a desk."""
    if form in DESK_FORMS:
        claim = Claim("pue", DESK_PUE, "carbontui", Way("desk", form or ""), ("pue", region, "desk"))
        return claim, Note("pue", "pue-at-a-desk", (form,))
    return Claim("pue", ASSUMED_PUE, "carbontui", Way("survey"), ("pue", region, None)), None

"""The figures of a place: which period, which carbon factors, which PUE."""

from __future__ import annotations

from carbontui.engine.assumptions import ASSUMED_PUE, DESK_FORMS, DESK_PUE, stands_in
from carbontui.engine.claims import Claim
from carbontui.engine.scenario import Note, ScenarioError, Way
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.figures import CarbonFactor
from carbontui_registry.records import Region, TrainingRun
from carbontui_registry.text import listed
from carbontui_registry.values import NamedTuple

# A factor of so many years before this one is said to be old.
OLD = 3
# A past run takes the factor nearest to its year, if it is no further away.
NEAR = 2


class Factors(NamedTuple):
    """The carbon factor chosen for a place, whose record has it, and what one should know about the choice."""

    factor: CarbonFactor | None
    owner: Registered | None
    notes: tuple[Note, ...] = ()


def admitted(region: Region, accounting: str) -> list[CarbonFactor]:
    """The factors of a region that an accounting takes."""
    if accounting == "as-published":
        return list(region.factors)
    return [factor for factor in region.factors if factor.coverage == accounting]


def owner_of_factors(
    region: Registered, accounting: str, catalogue: Catalogue
) -> tuple[Registered | None, list[CarbonFactor]]:
    """The region itself or the nearest grid above it that has factors which the accounting takes."""
    owner: Registered | None = region
    seen: set[str] = set()
    while owner is not None and owner.id not in seen:
        seen.add(owner.id)
        if factors := admitted(owner.record, accounting):
            return owner, factors
        owner = catalogue.named_by(owner, "region", owner.record.grid)
    return None, []


def choose_factor(
    region: Registered,
    asked: str | None,
    run: TrainingRun | None,
    run_here: bool,
    accounting: str,
    catalogue: Catalogue,
) -> Factors:
    """The factor of the period asked for, of the run's, or the latest. Raises `ScenarioError` for a period that the
    region lacks."""
    owner, factors = owner_of_factors(region, accounting, catalogue)
    known = (*region.record.factors, *factors)
    of_run = run_here and run is not None and run.period == asked
    if asked is not None and not of_run and all(factor.period != asked for factor in known):
        periods = sorted({factor.period for factor in known})
        has = f"has {listed(periods)}" if periods else "has no carbon factors"
        raise ScenarioError(f"{region.id} has no period {asked}; it {has}")
    if owner is None:
        _, others = owner_of_factors(region, "as-published", catalogue)
        only = tuple(sorted({factor.coverage or "unknown" for factor in others}))
        return Factors(None, None, (Note("coverage", "other-coverage", (region.id, only)),) if only else ())
    factor, note = pick(factors, asked, run.period if run is not None else None)
    if asked is not None and factor.period != asked:
        if accounting == "as-published":
            return Factors(None, owner)
        note = Note("period", "period-of-accounting", (factor.period, accounting, asked))
    return Factors(factor, owner, (note,) if note else ())


def pick(factors: list[CarbonFactor], asked: str | None, run_period: str | None) -> tuple[CarbonFactor, Note | None]:
    """The first factor of the period asked for, else of the run's or the nearest to it, else the latest."""
    first_of = {f.period: f for f in reversed(factors)}
    for period in (asked, run_period):
        if period in first_of:
            return first_of[period], None
    if run_period is not None:
        year = int(run_period[:4])
        near = min(first_of, key=lambda p: (abs(int(p[:4]) - year), p))
        if abs(int(near[:4]) - year) <= NEAR:
            return first_of[near], Note("period", "period-nearest", (near, run_period))
    latest = max(first_of)
    from time import gmtime

    if gmtime().tm_year - int(latest[:4]) > OLD:
        return first_of[latest], Note("period", "period-old", (latest,))
    return first_of[latest], None


def pue_claim(
    region: Registered | None, period: str | None, run: Registered | None, factor: CarbonFactor | None
) -> tuple[Claim | None, str | None]:
    """The PUE of the run in its own place, of the factor, or of the region; and of what it is. `run` is None where the
    scenario is elsewhere or in another period."""
    where = region.id if region else None
    if run is not None and run.record.pue is not None:
        return Claim("pue", run.record.pue, run.origin, Way("run", run.id), ("pue", where, period)), None
    if region is None:
        return None, None
    record: Region = region.record
    if record.factors and (factor is None or factor not in record.factors):
        # The accounting may have taken a factor of the grid, or none; the PUE is the place's own all the same.
        factor, _ = pick(list(record.factors), period, period)
    figure = (factor.pue if factor else None) or record.pue
    if figure is None:
        return None, None
    kind = factor.pue_kind if factor is not None else None
    if kind in ("fleet", "survey"):
        figure = stands_in(figure)
    return Claim("pue", figure, region.origin, Way("region", region.id), ("pue", where, period)), kind


def assumed_pue(region: str | None, form: str | None) -> tuple[Claim, Note | None]:
    """The PUE where none is known: that of a survey, or 1 for a machine at a desk."""
    if form in DESK_FORMS:
        claim = Claim("pue", DESK_PUE, "carbontui", Way("desk", form or ""), ("pue", region, "desk"))
        return claim, Note("pue", "pue-at-a-desk", (form,))
    return Claim("pue", ASSUMED_PUE, "carbontui", Way("survey"), ("pue", region, None)), None

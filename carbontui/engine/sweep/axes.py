"""The machines and places of a sweep, each filled in once as a scenario is."""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.assumptions import DESK_FORMS
from carbontui.engine.lookup import NOWHERE
from carbontui.engine.planned import planned
from carbontui.engine.run_choice import OF_ONES_OWN, OWN
from carbontui.engine.scenario import Filled, Note, Scenario, ScenarioError
from carbontui.engine.selection import chosen, named_ids
from carbontui.engine.solver import fill
from carbontui.engine.sweep.question import SweepQuestion, countries
from carbontui.quantities import PLACE, QUANTITIES
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.figures import Figure
from carbontui_registry.text import listed
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# What a scenario keeps on other hardware and in another place; all else was entered for those it had.
KEPT = (
    *("chips", "compute", "params", "active_params", "trainable", "tokens", "utilisation", "count"),
    *("queries", "energy_per_query"),
)
# The hours of a job, which belong to its own hardware: they do not show how long other hardware would take.
HOURS = ("duration", "chip_hours")
OF_PLACE = tuple(key for key, quantity in QUANTITIES.items() if quantity.part == PLACE)


class Base(NamedTuple):
    """A scenario of the sweep: as it was asked for, filled in as it stands, and what of it is swept.

    Of a job `by_hours` nothing but its hours tells how much work it is.
    """

    asked: Scenario
    standing: Filled
    kept: Scenario
    by_hours: bool = False


class Machine(NamedTuple):
    """A job on some number of chips of some hardware; `filled` has its time and energy for one run of it. Both are
    unknown where the job is `elsewhere`: by hours on hardware that is not its own."""

    base: int
    hardware: Registered
    scenario: Scenario
    filled: Filled
    chips: float | None
    times: float
    at_a_desk: bool
    elsewhere: bool = False


class Place(NamedTuple):
    """A region in one period."""

    region: Registered
    period: str | None
    filled: Filled
    given: tuple[tuple[str, Figure], ...] = ()


class Made(NamedTuple):
    """What an earlier sweep of the same jobs filled in, by which another one need not: machines by job, hardware and
    chips, places by region and period asked for."""

    machines: dict[tuple[int, str, float | None], Machine]
    places: dict[tuple[str, str | None], Place]


NOTHING_MADE = Made({}, {})


def base_of(asked: Scenario, question: SweepQuestion, catalogue: Catalogue, notes: list[Note]) -> Base:
    """A scenario with what of it is swept. Raises `ScenarioError` where it says nothing that could be."""
    standing = planned(asked, catalogue, question.accounting)
    given = dict(asked.given)
    if standing.model is None and not {"chips", "compute", "tokens", "params", *HOURS} & set(given):
        raise ScenarioError(
            "names no model and no job; a sweep needs a model, or duration=, chip_hours=, tokens= or compute=",
            where=standing.name,
        )
    kept = set(KEPT)
    carried = tuple(pair for pair in asked.carried if pair[0] in ("compute", "params", "active_params", "tokens"))
    timed = standing.status == OWN and bool(set(HOURS) & set(given))
    by_hours = timed and standing.value("compute") is None
    if by_hours:
        kept |= set(HOURS)
        notes.append(Note("duration", "sweep-hours", (standing.name,)))
    dropped = tuple(key for key in given if key not in kept and not _of_own_machine(key, asked, question))
    if dropped:
        notes.append(Note("sweep", "sweep-dropped", (standing.name, dropped)))
    entered = tuple(pair for pair in asked.given if pair[0] in kept)
    if question.chips:
        entered = tuple(pair for pair in entered if pair[0] != "chips")
    if timed and not by_hours and not {"compute", "tokens"} & {*given, *dict(carried)}:
        # The work that follows from hours at a known throughput; of itself the model would bring that of its own run.
        entered += (("compute", Figure(_of_one(standing, "compute"), "derived")),)
    model = standing.model.id if standing.model is not None else asked.model
    own_run = asked.run if asked.run is not None and standing.status != OWN else None
    swept = Scenario(
        model=model, given=entered, carried=carried, run=own_run, form=asked.form, work=asked.work,
        precision=asked.precision, boundary=asked.boundary,
    )  # fmt: skip
    return Base(asked, standing, swept, by_hours)


def _of_own_machine(key: str, asked: Scenario, question: SweepQuestion) -> bool:
    """Whether what was entered holds in the cells of the job's own hardware or region, and so is not lost."""
    if key in OF_PLACE:
        return asked.region is not None and len(question.bases) == 1
    return asked.hardware is not None and key not in ("energy", "it_energy")


def machines(
    question: SweepQuestion, bases: Sequence[Base], catalogue: Catalogue, made: Made = NOTHING_MADE
) -> list[Machine]:
    """Each job on each hardware with each number of chips. Raises `ScenarioError` where limits leave none.

    A job by hours is on its own hardware, and elsewhere only where that hardware was named.
    """
    hardware = chosen(catalogue, "hardware", question.hardware)
    if (least := question.limits.min_memory) is not None:
        hardware = [h for h in hardware if h.record.memory is not None and h.record.memory.value >= least]
        if not hardware:
            raise ScenarioError(f"no hardware has {least:g} GiB")
    most = question.limits.max_chips
    counts: list[float | None] = [n for n in question.chips if most is None or n <= most] or [None]
    if question.chips and counts == [None]:
        raise ScenarioError(f"every number of chips asked for is more than {most:,.0f}")
    found = []
    named = named_ids(catalogue, "hardware", question.hardware)
    for number, base in enumerate(bases):
        count = dict(base.kept.given).get("count")
        own = base.standing.hardware.id if base.standing.hardware is not None else None
        timed_on = own or (hardware[0].id if len(hardware) == 1 else None)
        if base.by_hours and timed_on is None:
            raise ScenarioError(
                "hours alone do not show how long it would take on each hardware: name its hardware,"
                " or add tokens= or compute=",
                where=base.standing.name,
            )
        for one in hardware:
            elsewhere = base.by_hours and one.id != timed_on
            if elsewhere and one.id not in named:
                continue
            scenario = base.kept.choose("hardware", one.id).replace(run=base.kept.run)
            if elsewhere:
                # With its model and without its hours it would be the model's own training.
                scenario = scenario.choose("model", None).give("duration", None).give("chip_hours", None)
            if base.asked.hardware is not None and own == one.id:
                scenario = _with(scenario, base.asked, OF_PLACE)
                drew = base.standing.result("it_energy_kwh")
                if count is None and {"energy", "it_energy"} & set(dict(base.asked.given)) and drew is not None:
                    # A meter's energy is the machine's wherever it stands.
                    scenario = scenario.give("it_energy", Figure(drew, "entered"))
            for chips in counts:
                if (number, one.id, chips) in made.machines:
                    found.append(made.machines[number, one.id, chips])
                    continue
                if chips is not None:
                    scenario = scenario.give("chips", Figure(chips, "entered"))
                    if base.by_hours and not elsewhere and base.standing.value("chip_hours") is not None:
                        # On twice the chips the same job takes half the days.
                        hours = Figure(_of_one(base.standing, "chip_hours"), "entered")
                        scenario = scenario.give("duration", None).give("chip_hours", hours)
                # Away from any run's own place: where one stands the cell is filled in whole.
                away = scenario.give("count", None).choose("region", NOWHERE).give("gross", Figure(1.0, "entered"))
                # At a price of 1 the cost is what a price is multiplied by.
                away = away.give("price", Figure(1.0, "entered"))
                filled = fill(away, catalogue, question.accounting)
                form = scenario.form or one.record.form
                times = count.value if count else 1.0
                found.append(Machine(number, one, scenario, filled, chips, times, form in DESK_FORMS, elsewhere))
    if not found:
        raise ScenarioError(
            "hours alone do not show how long other hardware would take, and the job's own is not among these;"
            " add tokens= or compute=",
            where=bases[0].standing.name,
        )
    return found


def _of_one(standing: Filled, key: str) -> float:
    """A known quantity of one run of the job; what follows is of all of them."""
    if key in standing.inputs:
        return standing.inputs[key].value
    return standing.results[QUANTITIES[key].file_key].value / disclosure.count(standing)


def _with(scenario: Scenario, asked: Scenario, without: Sequence[str]) -> Scenario:
    """The scenario with what was entered for its own machine."""
    known = {key for key, _ in scenario.given}
    work = {"compute", "tokens"} & known
    for key, figure in asked.given:
        timed = key in OF_ONES_OWN and key in HOURS and work
        if key not in known and key not in without and key not in ("energy", "it_energy") and not timed:
            scenario = scenario.give(key, figure)
    return scenario


def places(
    question: SweepQuestion,
    bases: Sequence[Base],
    catalogue: Catalogue,
    notes: list[Note],
    made: Made = NOTHING_MADE,
) -> list[Place]:
    """Each region in each period. Raises `ScenarioError` where none is left."""
    regions = chosen(catalogue, "region", question.regions)
    if within := countries(question.limits.within, catalogue):
        regions = [r for r in regions if r.record.country in within]
        if not regions:
            raise ScenarioError(f"none of the regions is within {listed(question.limits.within)}")
    own = bases[0].standing.region if len(bases) == 1 and bases[0].asked.region is not None else None
    found, without = [], 0
    for region in regions:
        given: tuple[tuple[str, Figure], ...] = ()
        if own is not None and own.id == region.id:
            given = tuple(pair for pair in bases[0].asked.given if pair[0] in OF_PLACE)
        for period in question.periods or (None,):
            if (region.id, period) in made.places:
                found.append(made.places[region.id, period])
                continue
            try:
                scenario = Scenario(region=region.id, period=period, given=given)
                filled = fill(scenario, catalogue, question.accounting)
            except ScenarioError:
                without += 1
                continue
            found.append(Place(region, filled.texts.get("period"), filled, given))
    if not found:
        has = sorted({factor.period for region in regions for factor in region.record.factors})
        known = f"; they have {listed(has)}" if has else ""
        raise ScenarioError(f"none of the regions has {listed(question.periods)}{known}")
    if without:
        notes.append(Note("period", "sweep-without-period", (without,)))
    return found

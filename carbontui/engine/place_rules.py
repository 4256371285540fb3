"""The place of a scenario: its period, its carbon factors, and what multiplies or stands outside the training."""

from __future__ import annotations

from carbontui.engine import place
from carbontui.engine.assumptions import OWN_ESTIMATE, ranged
from carbontui.engine.claims import Claim, product
from carbontui.engine.coverage import IPCC, location_spread
from carbontui.engine.offers import Market, best_offer
from carbontui.engine.rules import file_claim
from carbontui.engine.run_choice import (
    OWN,
    in_region,
)
from carbontui.engine.scenario import Note, Term, Way
from carbontui.engine.subject import Subject, at_the_place, run_in_its_place
from carbontui.engine.taking import State, entered_claim, put
from carbontui.quantities import OF_LIFETIME, PLACE, TEXTS, coverage_of
from carbontui_registry.figures import CarbonFactor, Figure
from carbontui_registry.records import TrainingRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.catalogue import Registered

# Texts that a file carries with the figures of the place.
_OF_PLACE = tuple(key for key, text in TEXTS.items() if text.part == PLACE)


def choose_factor(subject: Subject, texts: dict[str, str], notes: list[Note]) -> place.Factors:
    """The period and the carbon factor of the place; a file's own are carried."""
    asked = subject.asked
    if subject.sealed or {"gross", "net"} & set(subject.carried):
        texts.update({key: text for key, text in asked.texts if key in _OF_PLACE})
        return place.Factors(None, None)
    run = subject.run
    of_run: TrainingRun | None = run.record if run is not None and (subject.status != OWN or asked.run) else None
    chosen = place.Factors(None, None)
    if subject.parts.region is not None:
        here = run is not None and in_region(run, subject.parts.region, subject.catalogue)
        chosen = place.choose_factor(
            subject.parts.region, asked.period, of_run, here, subject.accounting, subject.catalogue
        )
        entered = {"gross", "net"} & set(subject.entered)
        notes += [note for note in chosen.notes if not (note.code == "other-coverage" and entered)]
    factor = chosen.factor
    here_too = of_run if of_run is not None and at_the_place(subject) else None
    period = factor.period if factor else asked.period or (here_too.period if here_too is not None else None)
    if period is not None:
        texts["period"] = period
    return chosen


def take_factors(subject: Subject, state: State, texts: dict[str, str], chosen: place.Factors) -> None:
    """Gross and net: entered, the file's, the run's own, or the chosen factor's; an entered gross belongs to no region,
    so no net is taken from one beside it."""
    run = run_in_its_place(subject, texts) if subject.accounting == "as-published" else None
    looked_up = set()
    for key in ("gross", "net"):
        if key in subject.entered:
            put(state, entered_claim(key, subject.entered[key]))
        elif key == "net" and "gross" in subject.entered:
            continue
        elif key in subject.carried:
            put(state, file_claim(subject, key, subject.carried[key]))
        elif subject.sealed:
            continue
        elif (claim := _of_run(subject, key, run, texts) or _of_place(subject, key, chosen)) is not None:
            put(state, claim)
            looked_up.add(key)
    # What was entered says nothing about its kind.
    if looked_up and chosen.factor is not None:
        texts.update(_said_by(subject, state, chosen, chosen.factor, looked_up))
    if "gross" in subject.entered and "net" not in subject.entered:
        for key in ("coverage", "mix", "grid_losses", "net_basis"):
            texts.pop(key, None)


def _said_by(
    subject: Subject, state: State, chosen: place.Factors, factor: CarbonFactor, looked_up: set[str]
) -> dict[str, str]:
    """What the factors say of themselves."""
    said = {"coverage": coverage_of(subject.accounting) if chosen.conversion is not None else factor.coverage}
    if "net" in looked_up:
        region = subject.parts.region
        of_net = place.net_of(region, chosen, subject.accounting) if region is not None else None
        said["net_basis"] = (of_net[0] if of_net is not None else factor).net_basis
    if any(state.inputs[key].way.kind == "factor" for key in looked_up):
        # A run's own factor is of its authors, who do not say.
        said["mix"] = factor.mix
        said["grid_losses"] = None if factor.includes_td is None else "included" if factor.includes_td else "excluded"
    return {key: text for key, text in said.items() if text is not None}


def _of_run(subject: Subject, key: str, run: Registered | None, texts: dict[str, str]) -> Claim | None:
    """The run's own factor in its own place."""
    figure = getattr(run.record, f"{key}_factor") if run is not None else None
    if run is None or figure is None:
        return None
    where = subject.parts.region.id if subject.parts.region else None
    ranged_figure = ranged(key, figure, _country(subject))
    return Claim(key, ranged_figure, run.origin, Way("run", run.id), (key, where, texts.get("period")))


def _of_place(subject: Subject, key: str, chosen: place.Factors) -> Claim | None:
    """The factor chosen for the place: converted to the coverage asked for, and with the error of taking a grid's for a
    place in it."""
    region = subject.parts.region
    if region is None:
        return None
    if key == "net":
        found = place.net_of(region, chosen, subject.accounting)
        if found is None:
            return None
        factor, owner = found
    else:
        if chosen.factor is None or chosen.owner is None or chosen.factor.gross is None:
            return None
        factor, owner = chosen.factor, chosen.owner
    way = Way("factor", owner.id, factor.period)
    figure = ranged(key, getattr(factor, key), owner.record.country)
    identity = (key, owner.id, factor.period, factor.coverage)
    terms = []
    if owner.id != region.id and figure.basis != "assumed":
        located = Figure(1.0, "assumed", location_spread(owner.record), OWN_ESTIMATE)
        terms.append(Term("place_to_grid", "number", located, "carbontui", ("place_to_grid", region.id)))
    if key == "gross" and chosen.conversion is not None:
        made = chosen.conversion
        converted = Figure(made.value, "derived", made.spread, IPCC)
        identity_of_rule = ("conversion", made.rule, owner.id)
        terms.append(Term("conversion", "number", converted, "carbontui", identity_of_rule, made=made))
    if not terms:
        return Claim(key, figure, owner.origin, way, identity)
    return product(key, way, (*terms, Term("factor", "factor", figure, owner.origin, identity)))


def _country(subject: Subject) -> str | None:
    return subject.parts.region.record.country if subject.parts.region else None


def _take_offer(subject: Subject, state: State) -> None:
    """The list price of the hardware in the region, and whether it can be had there."""
    hardware, region = subject.parts.hardware, subject.parts.region
    if hardware is None or region is None or subject.sealed:
        return
    market = Market(subject.catalogue)
    found = best_offer(market.offers(hardware, region), state.known["chips"].value if "chips" in state.known else None)
    if found is None:
        of_the_run = subject.run_here is not None and at_the_place(subject)
        known = region.record.provider in subject.catalogue.complete_providers()
        if known and not of_the_run and (barred := market.barred(hardware, region)):
            state.notes.append(Note("hardware", f"offered-{barred}", (hardware.record.name, region.record.name)))
    elif found.price is not None and "price" not in state.inputs:
        offer = subject.catalogue.offer(found.number)
        way = Way("offer", offer.id, offer.record.period or "")
        put(state, Claim("price", offer.record.price, offer.origin, way, ("price", offer.id)))
        if offer.record.note:
            state.notes.append(Note("price", "of-figure", (offer.record.note,)))


def take_the_rest(subject: Subject, state: State) -> None:
    """What multiplies results or stands outside the training: count, TDP, water, price, and the lifetime's figures."""
    asked = subject.asked
    given = dict(asked.given)
    for key in ("tdp", "count", "wue", "price", *OF_LIFETIME):
        if key in given:
            put(state, entered_claim(key, given[key]))
        elif key in subject.carried:
            put(state, file_claim(subject, key, subject.carried[key]))
    region = subject.parts.region
    if region is not None and region.record.water is not None and "wue" not in state.inputs and not subject.sealed:
        put(state, Claim("wue", region.record.water, region.origin, Way("region", region.id), ("wue", region.id)))
    _take_offer(subject, state)
    outside = tuple(key for key in OF_LIFETIME if key in state.inputs and (key in given or key in subject.carried))
    if outside:
        state.notes.append(Note(outside[0], "outside-training", (outside,)))

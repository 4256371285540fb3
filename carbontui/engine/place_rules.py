"""The place of a scenario: its period, its carbon factors, and what multiplies or stands outside the training."""

from __future__ import annotations

from carbontui.engine import place
from carbontui.engine.assumptions import ranged, stands_in
from carbontui.engine.claims import Claim
from carbontui.engine.rules import file_claim
from carbontui.engine.run_choice import (
    OWN,
    in_region,
)
from carbontui.engine.scenario import Note, Way
from carbontui.engine.subject import Subject, at_the_place, run_in_its_place
from carbontui.engine.taking import State, entered_claim, put
from carbontui.quantities import OF_LIFETIME, PLACE, TEXTS
from carbontui_registry.figures import CarbonFactor
from carbontui_registry.records import TrainingRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

# Texts that a file carries with the figures of the place.
_OF_PLACE = tuple(key for key, text in TEXTS.items() if text.part == PLACE)


def choose_factor(subject: Subject, texts: dict[str, str], notes: list[Note]) -> place.Factors:
    """The period and the carbon factor of the place; a file's own are carried."""
    asked = subject.asked
    carried_texts = dict(asked.texts)
    if asked.sealed and asked.sealed != subject.accounting:
        carried_texts = {key: text for key, text in carried_texts.items() if key == "pue_kind" or key not in _OF_PLACE}
    if subject.sealed or {"gross", "net"} & set(subject.carried):
        texts.update({key: text for key, text in carried_texts.items() if key in _OF_PLACE})
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
    country = subject.parts.region.record.country if subject.parts.region else None
    factor: CarbonFactor | None = chosen.factor
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
        elif run is not None and getattr(run.record, f"{key}_factor") is not None:
            where = subject.parts.region.id if subject.parts.region else None
            figure = ranged(key, getattr(run.record, f"{key}_factor"), country)
            put(state, Claim(key, figure, run.origin, Way("run", run.id), (key, where, texts.get("period"))))
            looked_up.add(key)
        elif factor is not None and chosen.owner is not None and getattr(factor, key) is not None:
            owner = chosen.owner
            identity = (key, owner.id, factor.period, factor.coverage)
            way = Way("factor", owner.id, factor.period)
            figure = getattr(factor, key)
            if owner != subject.parts.region and owner.id == f"grid:{(country or '').lower()}":
                figure = stands_in(figure)
            put(state, Claim(key, ranged(key, figure, country), owner.origin, way, identity))
            looked_up.add(key)
    # What was entered says nothing about its kind.
    if factor is not None and looked_up:
        if factor.coverage is not None:
            texts["coverage"] = factor.coverage
        if factor.net_basis is not None and "net" in looked_up:
            texts["net_basis"] = factor.net_basis
        if any(state.inputs[key].way.kind == "factor" for key in looked_up):
            # A run's own factor is of its authors, who do not say.
            if factor.mix is not None:
                texts["mix"] = factor.mix
            if factor.includes_td is not None:
                texts["grid_losses"] = "included" if factor.includes_td else "excluded"
    if "gross" in subject.entered and "net" not in subject.entered:
        for key in ("coverage", "mix", "grid_losses", "net_basis"):
            texts.pop(key, None)


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
    outside = tuple(key for key in OF_LIFETIME if key in state.inputs and (key in given or key in subject.carried))
    if outside:
        state.notes.append(Note(outside[0], "outside-training", (outside,)))

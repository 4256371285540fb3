"""How a scenario is filled in: which figure is used first, and what follows from it.

The rules are those of the section "How a scenario is filled in" of the docs; each is one function here. A claim is
taken unless its quantity already follows from those taken before it, so the last word is the user's and the rest
follows. The order in which things were entered does not matter.
"""

from __future__ import annotations

from itertools import chain

from carbontui.engine import place
from carbontui.engine.outcome import (
    missing,
    published,
    results_of,
    said_by_records,
    training_of,
    without_effect,
)
from carbontui.engine.place_rules import choose_factor, take_factors, take_the_rest
from carbontui.engine.plausibility import unlikely
from carbontui.engine.rules import (
    assumed_pue,
    claims_of_run,
    power,
    pue_of_place,
    take_carried,
    take_entered,
    take_facts,
    take_model,
    throughput,
)
from carbontui.engine.run_choice import (
    OWN,
)
from carbontui.engine.scenario import Filled, Note, Replaced, Scenario, ScenarioError
from carbontui.engine.subject import Subject, default_name, subject_of
from carbontui.engine.taking import State, offer
from carbontui_registry.catalogue import Catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass


def fill(asked: Scenario, catalogue: Catalogue, accounting: str = "as-published") -> Filled:
    """Fill a scenario in and compute its footprint.

    Raises `UnknownName` for an id that nothing has, `ScenarioError` for a period that the region lacks and for entered
    figures that contradict each other or cannot be.
    """
    notes: list[Note] = []
    subject = subject_of(asked, catalogue, accounting, notes)
    state = State({}, {}, {}, notes)
    texts: dict[str, str] = {}
    chosen = choose_factor(subject, texts, notes)
    _solve(subject, state, texts, chosen)
    take_factors(subject, state, texts, chosen)
    _take_serving(subject, state)
    if (training := training_of(subject, state)) is not None:
        texts["training"] = training
    take_the_rest(subject, state)
    notes += said_by_records(subject, state, chosen.factor)
    results = results_of(subject, state)
    notes += unlikely(state.known, state.inputs, subject.parts.hardware, texts)
    notes += without_effect(subject, state, results)
    return Filled(
        asked,
        asked.name or default_name(subject),
        *subject.parts,
        subject.run if subject.status != OWN else None,
        state.inputs,
        texts,
        results,
        published(subject),
        missing(subject, state, results),
        _notes(subject, notes),
        subject.status,
        _replaced_estimate(subject),
    )


def _solve(subject: Subject, state: State, texts: dict[str, str], chosen: place.Factors) -> None:
    """Take every claim that does not already follow: entered, the file's, the run's, the model's, the hardware's, and
    what is estimated."""
    take_facts(subject, state)
    take_entered(subject, state)
    take_carried(subject, state, texts)
    if not _open(subject, state):
        _note_boundary(subject, state, texts)
        return
    # One by one, as a claim of the run depends on those taken before it.
    for claim in chain(pue_of_place(subject, state, texts, chosen), claims_of_run(subject, state)):
        offer(subject, state, claim)
    take_model(subject, state)
    _note_boundary(subject, state, texts)
    for estimate in (assumed_pue, power, throughput):
        for claim in estimate(subject, state, texts):
            offer(subject, state, claim)
    if "power" not in state.inputs:
        texts.pop("boundary", None)


def _open(subject: Subject, state: State) -> bool:
    """Whether the registry is asked: not for a file that says all there is, unless what it says became void."""
    if not subject.sealed:
        return True
    void = [key for key in ("duration", "chip_hours") if key in subject.carried and key not in state.inputs]
    return bool(void) and "chip_hours" not in state.known


def _replaced_estimate(subject: Subject) -> dict[str, Replaced]:
    """What the energy would have been without the one that was entered."""
    asked = subject.asked
    if not {"energy", "it_energy"} & set(subject.entered):
        return {}
    if subject.sealed and not asked.edited:
        return {key: Replaced(value, interval) for key, value, interval in asked.replaced}
    without = asked.replace(
        given=tuple(pair for pair in asked.given if pair[0] not in ("energy", "it_energy")), name="-"
    )
    try:
        results = fill(without, subject.catalogue, subject.accounting).results
    except ScenarioError:
        return {}
    keys = ("it_energy_kwh", "energy_kwh", "gross_kgco2e", "net_kgco2e")
    return {key: Replaced(results[key].value, results[key].interval) for key in keys if key in results}


def _note_boundary(subject: Subject, state: State, texts: dict[str, str]) -> None:
    """What the power that was taken is of."""
    if "power" not in state.inputs:
        return
    kind = state.inputs["power"].way.kind
    if kind == "entered" and subject.asked.boundary is not None:
        texts["boundary"] = subject.asked.boundary
    elif kind == "run" and subject.run is not None and subject.run.record.boundary is not None:
        texts["boundary"] = subject.run.record.boundary


def _take_serving(subject: Subject, state: State) -> None:
    """The PUE and factors of where it is served, if that is elsewhere."""
    if subject.asked.serving is not None:
        there = fill(Scenario(region=subject.asked.serving), subject.catalogue, subject.accounting)
        for key in ("pue", "gross", "net"):
            if (found := there.inputs.get(key)) is not None:
                state.inputs[f"serving_{key}"] = found


def _notes(subject: Subject, notes: list[Note]) -> tuple[Note, ...]:
    """What one should know; of a file that nobody has edited, what it says."""
    asked = subject.asked
    if subject.sealed and asked.said and not asked.edited:
        return tuple(Note(key, "said", (text,)) for key, text in asked.said)
    return tuple(dict.fromkeys(notes))

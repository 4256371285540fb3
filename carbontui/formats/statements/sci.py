"""ISO/IEC 21031:2024, Software Carbon Intensity: `SCI = (E x I + M) per R`, with the SCI for AI of the Green Software
Foundation (ratified 2025), which has two scores: the provider's of training, the consumer's of use.
"""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.intensity import UNITS, intensity
from carbontui.engine.lifetime import embodied, of_one_query
from carbontui.engine.scenario import Filled
from carbontui.formats.statements import Answer, Item, Unknown
from carbontui.text import display, prose
from carbontui.text.lifetime import how, needs

_PER = {"run": "run", "flop": "1e18 FLOP", "token": "1e6 tokens trained on", "parameter": "1e9 parameters"}


def _co2e(value: float) -> str:
    return f"{display.shown(value, 'co2e')}CO2e"


def _boundary(one: Filled) -> Answer:
    boundary = prose.BOUNDARY_WORDS.get(one.texts.get("boundary", ""), "with an unknown boundary")
    return (
        f"the accelerators used for training, with power {boundary}, and PUE {prose.entry(one, 'pue')}; without data"
        " preparation, storage, failed runs, integration and end of life"
    )


def _unit(one: Filled) -> Answer:
    made = intensity(one)
    known = [_PER[unit] for unit in UNITS if unit in made.amounts]
    return f"{', '.join(known)}" + ("; a query" if "energy_per_query" in one.inputs else "")


def _energy(one: Filled) -> Answer:
    energy = one.result("energy_kwh")
    if energy is None:
        return Unknown()
    per_run = energy / disclosure.count(one)
    return f"{display.shown(per_run, 'energy')} per run, PUE included"


def _factor(one: Filled) -> Answer:
    if "gross" not in one.inputs:
        return Unknown()
    said = f"{prose.entry(one, 'gross')}, a location-based average without market-based measures"
    return f"{said}; {prose.coverage_sentence(one)[:1].lower()}{prose.coverage_sentence(one)[1:].rstrip('.')}"


def _embodied(one: Filled) -> Answer:
    line = embodied(one)
    if line.gross is None:
        return Unknown(f"needs {needs(line)}")
    return f"{_co2e(line.gross.value / disclosure.count(one))} per run, {line.gross.basis} ({how(line)})"


def _provider(one: Filled) -> Answer:
    made = intensity(one)
    if made.operational is None:
        return Unknown()
    score = made.total or made.operational
    each = [f"{_co2e(score.value / amount)} per {_PER[unit]}" for unit, amount in made.amounts.items()]
    ends = ""
    if score.interval is not None and score.value:
        ends = f" (90 % range {display.between(*(end / score.value for end in score.interval))} times that)"
    ends += "; rests on an assumption" if score.basis == "assumed" else ""
    if made.total is None:
        return Unknown(f"M is not known; E x I alone is {', '.join(each)}{ends}")
    return f"{', '.join(each)}{ends}"


def _consumer(one: Filled) -> Answer:
    query = of_one_query(one)
    if query is None:
        lacks = "give it as energy_per_query=" if "energy_per_query" not in one.inputs else "where it is served"
        return Unknown(lacks)
    elsewhere = "serving_pue" in one.inputs
    pue, gross = ("serving_pue", "serving_gross") if elsewhere else ("pue", "gross")
    if "serving_gross" in one.inputs:
        gross = "serving_gross"
    parts = f"{prose.entry(one, 'energy_per_query')} x PUE {prose.entry(one, pue)} x {prose.entry(one, gross)}"
    ends = f", 90 % range {display.interval(*query.interval, 'co2e')}" if query.interval else ""
    return Unknown(f"M of the servers is not known; E x I alone is {_co2e(query.value)} per query ({parts}{ends})")


def _method(one: Filled) -> Answer:
    method = disclosure.method(one)
    if method is None:
        return Unknown()
    if method == disclosure.ESTIMATED:
        return "calculation: accelerator-hours x mean power x PUE x carbon factor"
    return f"energy {method}; carbon by calculation"


ITEMS = (
    Item("Software boundary", "ISO/IEC 21031, Software boundary; SCI for AI, 6", _boundary),
    Item("Functional unit R", "ISO/IEC 21031, Functional unit; SCI for AI, 8", _unit),
    Item("Energy E", "ISO/IEC 21031, Energy", _energy),
    Item("Carbon intensity I", "ISO/IEC 21031, Region-specific carbon intensity", _factor),
    Item("Embodied emissions M", "ISO/IEC 21031, Embodied emissions", _embodied),
    Item("Score of the training, (E x I + M) per R", "SCI for AI, 8.2, provider", _provider),
    Item("Score of use, (E x I + M) per R", "SCI for AI, 8.1, consumer", _consumer),
    Item("Quantification method", "ISO/IEC 21031, Quantification method", _method),
)

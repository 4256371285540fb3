"""GHG Protocol Scope 2 Guidance (2015), chapter 7, with the Corporate Standard (2004, amended 2013) and the Scope 3
Standard (2011) where it leans on them.

Scope 2 is of the company that buys the electricity; who that is, and its contracts, no registry knows.
"""

from __future__ import annotations

from carbontui.engine.scenario import Filled
from carbontui.formats.statements import Answer, Item, Unknown
from carbontui.text import prose
from carbontui.text.inputs import how

_MIXES = {
    "generation": "of the electricity generated there",
    "consumption": "of the electricity consumed there, including imports",
}
_LOSSES = {
    "included": "in the factors, and so in these figures, although they belong to Scope 3, category 3",
    "excluded": "not in the factors; they are Scope 3, category 3",
}
_UPSTREAM = {
    "direct": "not in these figures: the factors count only what power plants emit",
    "lifecycle": "in these figures: the factors count the whole life cycle, so Scope 2 alone is smaller",
}


def _boundary(_: Filled) -> Answer:
    return Unknown("who buys the electricity. For a cloud customer all of this is Scope 3, category 1")


def _total(one: Filled, key: str) -> Answer:
    if key not in one.results:
        return Unknown()
    return f"{prose.amount(one, key)}{prose.within(one, key)}"


def _factor(one: Filled, key: str) -> str:
    found = one.inputs[key]
    where = "entered" if found.basis == "entered" else how(found.way)
    return f"{prose.entry(one, key)} ({where}{', assumed' if found.basis == 'assumed' else ''})"


def _location_factor(one: Filled) -> Answer:
    if "gross" not in one.inputs:
        return Unknown()
    mix = _MIXES.get(one.texts.get("mix", ""))
    kind = f"an average {mix}" if mix else "whether it is for electricity generated or consumed is not known"
    return f"{_factor(one, 'gross')}; {kind}"


def _instruments(one: Filled) -> Answer:
    if "net" not in one.inputs:
        return Unknown()
    basis = prose.NET_WORDS.get(one.texts.get("net_basis", ""), "matched in an unknown way")
    said = f"{_factor(one, 'net')} after the operator's carbon-free purchases ({basis})"
    return f"{said}; the contractual instruments and their generation are not known"


def _quality(_: Filled) -> Answer:
    return Unknown("only the operator can say whether its instruments meet them")


def _residual(_: Filled) -> Answer:
    return Unknown("no residual mix was used, so purchases by others may be counted twice")


def _gases(one: Filled) -> Answer:
    counted = f"; {prose.coverage_sentence(one)[:1].lower()}{prose.coverage_sentence(one)[1:].rstrip('.')}"
    return Unknown(f"the figures are in CO2e, with the global warming potentials that the factors use{counted}")


def _losses(one: Filled) -> Answer:
    return _LOSSES.get(one.texts.get("grid_losses", "")) or Unknown("no source says whether the factors include them")


def _upstream(one: Filled) -> Answer:
    return _UPSTREAM.get(one.texts.get("coverage", "")) or Unknown("the coverage of the factors")


def _energy(one: Filled) -> Answer:
    if "energy_kwh" not in one.results:
        return Unknown()
    return f"{prose.amount(one, 'energy_kwh')}{prose.within(one, 'energy_kwh')}, PUE included"


def _period(one: Filled) -> Answer:
    known = "period" in one.texts and not prose.factor_entered(one)
    factors = f"; the carbon factors are of {one.texts['period']}" if known else ""
    return Unknown(f"the dates of the job{factors}")


ITEMS = (
    Item("Organizational boundary", "Corporate Standard, chapter 9", _boundary),
    Item("Reporting period", "Corporate Standard, chapter 9", _period),
    Item("Scope 2, location-based", "Scope 2 Guidance, 7.1", lambda one: _total(one, "gross_kgco2e")),
    Item("Scope 2, market-based", "Scope 2 Guidance, 7.1", lambda one: _total(one, "net_kgco2e")),
    Item("Emission factor, location-based", "Scope 2 Guidance, chapter 6", _location_factor),
    Item("Instruments, market-based", "Scope 2 Guidance, 7.1", _instruments),
    Item("Scope 2 Quality Criteria", "Scope 2 Guidance, 7.1", _quality),
    Item("Residual mix", "Scope 2 Guidance, 7.1", _residual),
    Item("Each gas separately", "Corporate Standard, chapter 9", _gases),
    Item("Grid losses", "Scope 3 Standard, category 3", _losses),
    Item("Upstream of the power plants", "Scope 3 Standard, category 3", _upstream),
    Item("Electricity consumed", "Scope 2 Guidance, chapter 7, recommended", _energy),
)

"""How an input was found, in words."""

from __future__ import annotations

from carbontui.engine.scenario import Input, Term, Way

# Key of a term -> what people call it.
TERMS = {
    "flop_per_parameter": "FLOP per parameter and token",
    "active_params": "active parameters",
    "tokens": "tokens",
    "chip_hours": "chip-hours",
    "throughput": "throughput",
    "tdp": "TDP",
    "power_over_tdp": "power over TDP",
    "peak": "peak",
    "utilisation": "utilisation",
    "factor": "grid factor",
    "place_to_grid": "place-to-grid ratio",
    "conversion": "coverage conversion",
}
# What a power is of.
BOUNDARIES = {"system": "at the wall", "node": "of the node", "accelerator": "of the chip alone"}
# In a formula the number itself says more than its name.
_IN_FORMULA = {"flop_per_parameter": "6"}


def how(way: Way) -> str:
    """Where an input was found."""
    texts = {
        "entered": "entered",
        "file": "from the file",
        "run": f"run {way.of}",
        "hours-of-run": f"compute over chip-hours of run {way.of}",
        "pair": f"run {way.of}, as an estimate for another job",
        "model": f"model {way.of}",
        "six": "6 FLOP per active parameter and token",
        "hardware": f"hardware {way.of}",
        "measured": f"measurements of {way.of} by {way.more}, as an estimate for another run",
        "mean": f"mean of {way.of}, as an estimate for another run",
        "region": f"region {way.of}",
        "factor": f"{way.of} in {way.more}",
        "offer": f"list price on demand, {way.of}" + (f", {way.more}" if way.more else ""),
        "survey": "no PUE is known here",
        "desk": "not in a data center",
    }
    if way.kind == "tdp":
        return f"{way.more:g} x TDP of {way.of}" if way.of else f"{way.more:g} x TDP"
    if way.kind == "peak":
        return f"{way.more:.0%} of the peak" + (f" of {way.of}" if way.of else "")
    return texts[way.kind]


def formula(terms: tuple[Term, ...]) -> str:
    """The product of terms, by their names."""
    return " x ".join(_IN_FORMULA.get(term.key, TERMS[term.key]) for term in terms)


def how_of(found: Input) -> str:
    """Where an input was found."""
    return how(found.way)

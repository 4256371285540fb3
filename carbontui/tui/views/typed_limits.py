"""Limits in one typed line, such as `EU, 30 d, 5000 USD, keep hardware`: each says by its unit what it limits."""

from __future__ import annotations

from carbontui.engine.lookup import country_code
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.sweep import Limits
from carbontui.engine.sweep.question import countries
from carbontui.typed import quantity
from carbontui_registry import units
from carbontui_registry.catalogue import Catalogue

# What may be kept as it is.
KEEP = ("hardware", "region", "start", "trials")
EXAMPLE = "EU, 30 d, 5000 USD, 1 tCO2e, keep hardware"
# Kind of unit -> the limit, and engine units in its own.
_KINDS = {
    "duration": ("max_days", 24.0),
    "cost": ("max_cost", 1.0),
    "co2e": ("max_gross", 1000.0),
    "energy": ("max_energy", 1000.0),
    "memory": ("min_memory", 1.0),
}


def read_limits(text: str, catalogue: Catalogue) -> tuple[Limits, tuple[str, ...]]:
    """Limits and what is kept as it is, from words with commas between them. Raises `ScenarioError` for a word that
    says neither."""
    limits, keep, within = Limits(), list[str](), list[str]()
    for word in filter(None, (part.strip() for part in text.split(","))):
        first, _, rest = word.partition(" ")
        if first.lower() == "keep":
            if rest not in KEEP:
                raise ScenarioError(f"keep is followed by {', '.join(KEEP)}", given=word)
            keep.append(rest)
        elif rest == "chips":
            limits = limits.replace(max_chips=quantity("chips", first).value)
        elif word.upper() == "EU" or country_code(catalogue, word):
            within.append(word)
        elif word.replace(" ", "").isalpha():
            within += word.split()
            countries(within, catalogue)
        else:
            limits = _with(limits, word)
    return limits.replace(within=tuple(within)), tuple(keep)


def _with(limits: Limits, word: str) -> Limits:
    for kind, (name, size) in _KINDS.items():
        try:
            value = units.parse(word, kind)
        except units.UnitError:
            continue
        return limits.replace(**{name: value / size})
    raise ScenarioError(f"{word!r} is not a limit; write it like {EXAMPLE}")

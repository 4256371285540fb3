"""Limits in one typed line, such as `EU, 30 d, 5000 USD, keep hardware`: each says by its unit what it limits."""

from __future__ import annotations

import re

from carbontui.engine.lookup import country_code
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.sweep import Limits
from carbontui.engine.sweep.question import countries
from carbontui.typed import limit_of_any, quantity
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.units import UnitError

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


# Between limits; the one in `16,000 chips` is within a number.
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9]{3}(?![0-9]))")
_CHIPS = re.compile(r"([0-9].*?)\s*chips?\Z")
# Words of a limit that has neighbours without a comma between: `3 days 4 hours`, a country of several words.
_LONGEST = 5

# What one limit says: `keep`, `within` or a field of `Limits`, and its value.
_Said = tuple[str, str | float]


def read_limits(text: str, catalogue: Catalogue) -> tuple[Limits, tuple[str, ...]]:
    """Limits, and what is kept as it is, from text with commas between them. The commas may be left out where every
    word or two is a limit by itself. Raises `ScenarioError` for anything else, and for two limits of one kind."""
    limits: dict[str, float] = {}
    keep, within = list[str](), list[str]()
    for part in _COMMA.split(text):
        for name, value in _limits_in(part.split(), catalogue):
            if isinstance(value, str):
                (keep if name == "keep" else within).append(value)
            elif name in limits:
                raise ScenarioError("is a second limit of the same kind", given=part.strip(), expected="leave one out")
            else:
                limits[name] = value
    return Limits(**limits, within=tuple(within)), tuple(keep)


def _limits_in(words: list[str], catalogue: Catalogue) -> list[_Said]:
    """The limits in what stands between two commas: one, or several of which each is one by itself."""
    found: list[_Said] = []
    while words:
        refused: ScenarioError | None = None
        for length in (len(words), *range(min(len(words) - 1, _LONGEST), 0, -1)):
            try:
                found += _limit(" ".join(words[:length]), catalogue)
            except ScenarioError as error:
                refused = refused or error
            else:
                words = words[length:]
                break
        else:
            assert refused is not None
            raise refused
    return found


def _limit(word: str, catalogue: Catalogue) -> list[_Said]:
    first, _, rest = word.partition(" ")
    if first.lower() == "keep":
        if not rest or not all(one in KEEP for one in rest.split()):
            raise ScenarioError(f"keep is followed by {', '.join(KEEP)}", given=word)
        return [("keep", one) for one in rest.split()]
    if chips := _CHIPS.match(word):
        return [("max_chips", quantity("chips", chips[1]).value)]
    if word.upper() == "EU" or country_code(catalogue, word):
        return [("within", word)]
    if word.replace(" ", "").isalpha():
        countries(word.split(), catalogue)
        return [("within", one) for one in word.split()]
    try:
        kind, value = limit_of_any(word, tuple(_KINDS), "a limit", EXAMPLE)
    except UnitError as error:
        raise ScenarioError(str(error)) from None
    name, size = _KINDS[kind]
    return [(name, value / size)]

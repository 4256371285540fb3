"""What a picker offers beside what is registered: a job without a model, and something new that is described."""

from __future__ import annotations

import re

from carbontui.engine.lookup import DESCRIBED_BY, one_slip_from, other_name
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.tui.views.choices import Choice, Finder, is_grid, matching
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# No id begins so.
OWN, NEW = "*own", "*new "
OWN_JOB = Choice(OWN, "my own job (no model)", "", "my own job no model none")
OWN_MODEL = Choice(
    f"{NEW}my model", "my own model: parameters, tokens (type its name, if it has one)", "", "my own model"
)
# What is asked of something new: quantities, and what they are called in the picker.
ASKED = {"model": ("params", "tokens"), "hardware": ("tdp", "peak"), "region": ("gross", "pue")}
_CALLED = {"model": "parameters, tokens", "hardware": "TDP, peak", "region": "factor, PUE"}
_COUNTED = re.compile(r"([1-9][0-9]{0,6})\s?[x×]\s?(\S.*)\Z", re.IGNORECASE)


def counted(typed: str) -> tuple[int | None, str]:
    """`8xH100` as eight of them; no number where none was typed."""
    match = _COUNTED.match(typed.strip())
    return (int(match[1]), match[2]) if match else (None, typed.strip())


def found(
    kind: str, offered: Sequence[Choice], query: str, catalogue: Catalogue, finder: Finder | None = None
) -> list[Choice]:
    """What a picker lists for what was typed: never nothing, unless conditions leave nothing."""
    if Finder.conditions(offered, query):
        return (finder or Finder(kind, catalogue)).find(offered, query)
    typed = counted(query)[1] if kind == "hardware" else query.strip()
    if not typed:
        return [OWN_JOB, OWN_MODEL, *offered] if kind == "model" else list(offered)
    listed = matching(offered, typed)
    known = _known(kind, typed, catalogue)
    if known is not None:
        # A country by its code, hardware by what a tool prints, a slip in a name: what was meant comes first.
        first = [choice for choice in offered if choice.id == known[0]]
        if first and is_grid(first[0]) and typed.lower() != first[0].id:
            # Before a grid come datacenters that are called so: before a country, those that are called just so.
            country = len(first[0].id) == len("grid:xx")
            first = [*(one for one in listed if _called(one, typed)), *first] if country else []
        listed = [*first, *(choice for choice in listed if choice not in first)]
    if known is None or not known[1]:
        name = clean(typed)[:60]
        new = Choice(f"{NEW}{name}", f"new {kind} '{name}': {_CALLED[kind]}", "", "")
        # Letters in order are no name: what they were found in comes after what was typed.
        named = not listed or all(word in listed[0].search for word in typed.lower().split())
        listed = [*listed, new] if named or known is not None else [new, *listed]
    return [*(_special(typed.lower()) if kind == "model" and len(typed) > 1 else ()), *listed]


def registered(kind: str, offered: Sequence[Choice], query: str, catalogue: Catalogue) -> list[Choice]:
    """The same without what a person may describe, where only a record will do."""
    return [choice for choice in found(kind, offered, query, catalogue) if not choice.id.startswith(NEW)]


def _special(typed: str) -> list[Choice]:
    """What is no record and has all the words that were typed, what is called so first."""
    words = [word.strip("()") for word in typed.split()]
    meant = [
        one
        for one in (OWN_JOB, OWN_MODEL)
        if all(any(own.startswith(word) for own in one.search.split()) for word in words)
    ]
    return sorted(meant, key=lambda one: not one.name.startswith(typed))


def _called(choice: Choice, typed: str) -> bool:
    """Whether a datacenter is called so after its provider: `AWS Ireland`."""
    return not is_grid(choice) and choice.name.lower().partition(" ")[2] == typed.lower()


def _known(kind: str, typed: str, catalogue: Catalogue) -> tuple[str, bool] | None:
    """The id that is meant by what was typed, and whether nothing new can be called so."""
    try:
        # An error would look for the nearest of ten thousand names, at each key.
        if catalogue.claimants(kind, typed):
            return catalogue.find(kind, typed).id, True
    except UnknownName:
        pass
    try:
        other = other_name(catalogue, kind, typed)
    except ScenarioError:
        # A country and a state are called so: both are in the list, and nothing new is.
        return None
    if other is not None:
        return other.id, True
    near = one_slip_from(typed.lower(), catalogue.names(kind))
    if near is None:
        return None
    try:
        return catalogue.find(kind, near).id, True
    except UnknownName:
        return None


def described(scenario: Scenario, kind: str, name: str) -> Scenario:
    """The scenario with something new in a part: its figures are asked for next."""
    return undescribed(scenario, kind).choose(kind, name.replace("@", " ").replace(",", " ").replace("=", " "))


def undescribed(scenario: Scenario, kind: str) -> Scenario:
    """Without the figures of something new in a part, which go with it."""
    for key in ASKED[kind]:
        scenario = scenario.give(key, None)
    return scenario


def says_enough(kind: str, given: Collection[str]) -> bool:
    """Whether the figures that were entered describe something new."""
    return bool(set(DESCRIBED_BY[kind]) & set(given))

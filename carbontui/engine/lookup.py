"""What a person means by the name of a model, hardware or region: a record, or something new that is described."""

from __future__ import annotations

from carbontui.engine.scenario import ScenarioError
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

# What describes something new of each kind.
DESCRIBED_BY = {
    "model": ("params", "active_params", "compute", "tokens", "chip_hours", "duration"),
    "hardware": ("tdp", "power"),
    "region": ("gross", "net"),
}


def find(
    catalogue: Catalogue, kind: str, name: str | None, given: Collection[str], *, carried: bool
) -> Registered | None:
    """The record of a name; None without a name, for something new that `given` describes, and for what a file carried.

    Raises `UnknownName`, and `ScenarioError` where a new name looks like a slip in a registered one.
    """
    if name is None:
        return None
    try:
        return catalogue.find(kind, name)
    except UnknownName as error:
        if carried:
            return other_name(catalogue, kind, name)
        # A name that several plugins claim, or whose plugin is switched off, is no new one.
        if error.ambiguous or error.switched_off:
            raise
        if (found := other_name(catalogue, kind, name)) is not None:
            return found
        if not set(DESCRIBED_BY[kind]) & set(given):
            raise error
        if near := next((known for known in catalogue.names(kind) if one_slip(name.lower(), known)), None):
            article = "Hardware" if kind == "hardware" else f"A {kind}"
            raise ScenarioError(
                f"{name} is not registered; did you mean {near}? {article} of your own that is called so: leave"
                f" {kind.upper()} out and write name={name}"
            ) from None
        return None


def other_name(catalogue: Catalogue, kind: str, name: str) -> Registered | None:
    """The record that is meant by a country's name or code, or by what a tool prints for hardware."""
    if kind == "hardware":
        return catalogue.hardware_by_tool_name(name)
    if kind == "region":
        return country(catalogue, name)
    return None


def country(catalogue: Catalogue, name: str) -> Registered | None:
    """The grid of a country by its two letters or its English name, written with spaces or hyphens."""
    word = name.strip().lower()
    if len(word) == 2 and word.isalpha():
        try:
            return catalogue.region(f"grid:{word}")
        except UnknownName:
            return None
    wanted = word.replace("-", " ")
    for line in catalogue.briefs("region"):
        is_country = line.first_party and len(line.id) == len("grid:xx") and line.id.startswith("grid:")
        if is_country and line.name.lower().replace("-", " ") == wanted:
            return catalogue.region(line.id)
    return None


def one_slip(word: str, known: str) -> bool:
    """Whether one letter more, less or other, or two letters swapped, make one word of the other."""
    if word == known or abs(len(word) - len(known)) > 1 or min(len(word), len(known)) < 3:
        return False
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    end = 0
    while end < min(len(word), len(known)) - start and word[-1 - end] == known[-1 - end]:
        end += 1
    a, b = word[start : len(word) - end], known[start : len(known) - end]
    return (len(a) <= 1 and len(b) <= 1) or (len(a) == 2 and a == b[::-1])

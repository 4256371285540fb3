"""SPEC: a scenario in one word of the command line, `MODEL[@[HARDWARE][@[REGION]]][,key=value]...`."""

from __future__ import annotations

import re

from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.quantities import QUANTITIES, wrong_quantity
from carbontui_registry import units
from carbontui_registry.records import BOUNDARIES, Figure
from carbontui_registry.text import clean, did_you_mean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

# The six runs of Patterson et al. 2021, Table 4, with which the app begins.
PAPER_RUNS = ("gpt-3", "switch-transformer", "meena", "t5", "gshard-600b", "evolved-transformer-nas")

TEXT_KEYS = ("name", "run", "period", "boundary", "serving")
KEYS = (*TEXT_KEYS, *QUANTITIES)
# A value may hold commas; it runs to the next key that is known.
_NEXT_KEY = re.compile(r",\s*([A-Za-z_]+)\s*=")
_PERIOD = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?\Z")


def parse_spec(spec: str) -> Scenario:
    """The scenario that a SPEC asks for. Raises `ScenarioError`."""
    first = _NEXT_KEY.search(spec)
    head = spec[: first.start()] if first else spec
    if "," in head or "=" in head:
        rest = head.partition(",")[2].strip()
        hint = f"{rest!r} is no key=value" if rest else "ids hold no ',' or '='"
        raise ScenarioError(f"{_brief(spec)}: {hint}; keys are {listed(KEYS)}")
    parts = head.strip().split("@")
    if len(parts) > 3:
        raise ScenarioError(f"{_brief(spec)}: has {len(parts) - 1} @; write MODEL@HARDWARE@REGION")
    if any(" " in part for part in parts):
        raise ScenarioError(f"{_brief(spec)}: an id holds no space; options follow a comma, such as ,chips=8")
    model, hardware, region = (*(part.lower() or None for part in parts), None, None)[:3]
    scenario = Scenario(model=model, hardware=hardware, region=region)
    for key, value in _options(spec[first.start() :] if first else ""):
        try:
            scenario = give(scenario, key, value)
        except ScenarioError as error:
            raise ScenarioError(f"{_brief(spec)}: {error}") from None
    return scenario


def _brief(spec: str) -> str:
    return clean(spec if len(spec) <= 80 else spec[:77] + "...")


def _options(text: str) -> list[tuple[str, str]]:
    known: list[re.Match[str]] = []
    for match in _NEXT_KEY.finditer(text):
        word = match.group(1)
        if word.lower() in KEYS:
            known.append(match)
            continue
        # A name may hold anything but what looks like a key written wrong; no other value holds `,word=`.
        hint = did_you_mean(word.lower(), KEYS)
        if hint or not known or known[-1].group(1).lower() != "name":
            raise ScenarioError(f"{word!r} is no key{hint}; keys are {listed(KEYS)}")
    for n, match in enumerate(known):
        if match.group(1).lower() in (earlier.group(1).lower() for earlier in known[:n]):
            raise ScenarioError(f"{match.group(1)!r} is given twice")
    ends = [*(m.start() for m in known[1:]), len(text)]
    return [(m.group(1).lower(), text[m.end() : end].strip()) for m, end in zip(known, ends, strict=False)]


def give(scenario: Scenario, key: str, value: str) -> Scenario:
    """The scenario with one key set, as a SPEC or a person types it. Raises `ScenarioError`."""
    if key == "name":
        name = clean(value)[:200]
        if not name.strip():
            raise ScenarioError("name: is empty")
        return scenario.replace(name=name)
    if key == "run":
        return scenario.choose("run", value.lower())
    if key == "period":
        return scenario.choose("period", period(value))
    if key == "serving":
        return scenario.replace(serving=value.lower())
    if key == "boundary":
        if value not in BOUNDARIES:
            raise ScenarioError(f"boundary: {value!r} is not one of {listed(BOUNDARIES)}")
        return scenario.replace(boundary=value)
    return scenario.give(key, quantity(key, value))


def period(text: str) -> str:
    """A year or a month. Raises `ScenarioError`."""
    if not _PERIOD.match(text):
        raise ScenarioError(f"period: {text!r} is no period; write a year '2025' or a month '2025-03'")
    return text


def quantity(key: str, text: str) -> Figure:
    """What was typed for a quantity, entered, in the engine's unit. Raises `ScenarioError`."""
    kind = QUANTITIES[key].kind
    try:
        value = units.parse(text, kind)
    except units.UnitError as error:
        raise ScenarioError(f"{key}: {error}") from None
    if wrong := wrong_quantity(key, value):
        raise ScenarioError(f"{key}: {text!r} {wrong}")
    return Figure(value, "entered")

"""SPEC: a scenario in one word of the command line, `MODEL[@[HARDWARE][@[REGION]]][,key=value]...`."""

from __future__ import annotations

import re

from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.quantities import QUANTITIES
from carbontui_registry.figures import Figure, Source
from carbontui_registry.text import LONGEST_TEXT, clean, did_you_mean, listed, not_allowed
from carbontui_registry.vocabulary import BOUNDARIES, FORMS, PRECISIONS, TRAININGS, is_period

WORK = ("training", *TRAININGS, "serving")

# The six runs of Patterson et al. 2021, Table 4, with which the app begins.
PAPER_TITLE = "paper-2021"
PAPER_RUNS = ("gpt-3", "switch-transformer", "meena", "t5", "gshard-600b", "evolved-transformer-nas")

# Text key -> what it says; those with a list of words take no other.
TEXT_KEYS = {
    "name": "name of the scenario",
    "group": "group to add the scenario up in, such as a project",
    "run": "id of the published run to use",
    "period": "year or month of the carbon factors, such as 2024 or 2024-03",
    "boundary": "what the power covers",
    "form": "kind of machine",
    "work": "what the job does; default: training",
    "precision": "number format of the training; its peak limits the throughput",
    "config": "path of a Hugging Face config.json to read the parameters from",
    "serving": "region where the model is served, if not where it is trained",
}
WORDS = {"boundary": BOUNDARIES, "form": FORMS, "work": WORK, "precision": PRECISIONS}
KEYS = (*TEXT_KEYS, *QUANTITIES)
# What a configuration gives.
OF_CONFIG = ("params", "active_params")
# What people also call a key; only ever a hint.
OTHER_WORDS = {
    **dict.fromkeys(("gpus", "num_gpus", "gpu", "accelerators", "devices", "tpus", "n_gpus"), "chips"),
    **dict.fromkeys(("mfu", "utilization", "hfu", "efficiency"), "utilisation"),
    **dict.fromkeys(("hours", "days", "time", "walltime", "wall_time", "runtime"), "duration"),
    **dict.fromkeys(("gpu_hours", "gpuhours", "device_hours", "chiphours"), "chip_hours"),
    **dict.fromkeys(("parameters", "model_size", "n_params", "num_params"), "params"),
    **dict.fromkeys(("flops", "flop"), "compute"),
    **dict.fromkeys(("carbon_intensity", "intensity", "ci", "factor"), "gross"),
    **dict.fromkeys(("watts", "watt", "w"), "power"),
    **dict.fromkeys(("trials", "runs", "repeats", "n"), "count"),
    **dict.fromkeys(("lora", "trainable_params"), "trainable"),
    **dict.fromkeys(("year", "month", "date"), "period"),
    **dict.fromkeys(("kwh", "metered"), "it_energy"),
}
_PARTS = ("model", "hardware", "region", "place", "location", "site", "country", "zone")
# Compiled where a SPEC has such a part: the plainest one needs neither.
_COUNTED = r"([1-9][0-9]{0,6})\s?[xX×]\s?(\S.*)\Z"
# A value may hold commas; it runs to the next key that is known.
_NEXT_KEY = r",\s*([A-Za-z_]+)\s*="


def parse_spec(spec: str) -> Scenario:
    """The scenario that a SPEC asks for. Raises `ScenarioError`."""
    first = re.search(_NEXT_KEY, spec) if "," in spec else None
    head = spec[: first.start()] if first else spec
    if "," in head or "=" in head:
        rest = head.partition(",")[2].strip()
        hint = f"{rest!r} is not key=value" if rest else "ids hold no ',' or '='"
        raise ScenarioError(f"{_brief(spec)}: {hint}; keys are {listed(KEYS)}")
    parts = head.strip().split("@")
    if len(parts) > 3:
        raise ScenarioError(f"{_brief(spec)}: has {len(parts) - 1} @; write MODEL@HARDWARE@REGION")
    if " " in parts[0]:
        raise ScenarioError(f"{_brief(spec)}: an id holds no space; options follow a comma, such as ,chips=8")
    model, hardware, region = (*(part.strip() or None for part in parts), None, None)[:3]
    options = _options(spec[first.start() :]) if first else []
    if hardware is not None and (counted := re.match(_COUNTED, hardware)):
        # `8xH100` is eight of them.
        hardware = counted[2]
        if any(key == "chips" for key, _ in options):
            raise ScenarioError(f"{_brief(spec)}: gives chips twice, as {counted[1]}x and as chips=")
        options.insert(0, ("chips", counted[1]))
    scenario = Scenario(model=model, hardware=hardware, region=region)
    for key, value in options:
        try:
            scenario = give(scenario, key, value)
        except ScenarioError as error:
            raise ScenarioError(f"{_brief(spec)}: {error}") from None
    return scenario


def _brief(spec: str) -> str:
    return clean(spec if len(spec) <= 80 else spec[:77] + "...")


def _options(text: str) -> list[tuple[str, str]]:
    known: list[re.Match[str]] = []
    for match in re.finditer(_NEXT_KEY, text):
        word = match.group(1)
        if word.lower() in KEYS:
            known.append(match)
            continue
        # A name may hold anything but what looks like a key written wrong; no other value holds `,word=`.
        hint = key_hint(word.lower())
        if hint or not known or known[-1].group(1).lower() != "name":
            raise ScenarioError(f"{word!r} is not a key{hint or f'; keys are {listed(KEYS)}'}")
    for n, match in enumerate(known):
        if match.group(1).lower() in (earlier.group(1).lower() for earlier in known[:n]):
            raise ScenarioError(f"{match.group(1)!r} is given twice")
    ends = [*(m.start() for m in known[1:]), len(text)]
    return [(m.group(1).lower(), text[m.end() : end].strip()) for m, end in zip(known, ends, strict=False)]


def give(scenario: Scenario, key: str, value: str) -> Scenario:
    """The scenario with one key set, as a SPEC or a person types it. Raises `ScenarioError`."""
    if key == "name":
        name = _label(key, value)
        if not name.strip():
            raise ScenarioError("name: is empty")
        return scenario.replace(name=name)
    if key == "run":
        return scenario.choose("run", value.lower())
    if key == "period":
        return scenario.choose("period", period(value))
    if key == "serving":
        return scenario.replace(serving=value.lower())
    if key in WORDS:
        if value.lower() not in WORDS[key]:
            raise ScenarioError(f"{key}: {not_allowed(repr(value), value, WORDS[key])}")
        return scenario.replace(**{key: value.lower()})
    if key == "group":
        return scenario.replace(group=_label(key, value).strip())
    if key == "config":
        return _from_config(scenario, value)
    if key in OF_CONFIG and any(known == key and figure.basis == "derived" for known, figure in scenario.given):
        raise _said_twice(key)
    from carbontui.typed import quantity

    return scenario.give(key, quantity(key, value))


def _label(key: str, value: str) -> str:
    """A text that only names something. Raises `ScenarioError` where it is too long to be told apart from others."""
    text = clean(value)
    if len(text) > LONGEST_TEXT:
        raise ScenarioError(f"{key}: has {len(text):,} characters; at most {LONGEST_TEXT} are allowed")
    return text


def period(text: str) -> str:
    """A year or a month. Raises `ScenarioError`."""
    if not is_period(text):
        raise ScenarioError(f"period: {text!r} is not a period; write a year '2025' or a month '2025-03'")
    return text


def key_hint(word: str) -> str:
    """`; did you mean chips?` for a word that is not a key, or nothing."""
    if word in _PARTS:
        return "; model, hardware and region come first, as in t5@8xa100@aws:us-east-1,duration=3d"
    if word in OTHER_WORDS:
        return f"; did you mean {OTHER_WORDS[word]}?"
    return did_you_mean(word, KEYS)


def _said_twice(key: str) -> ScenarioError:
    return ScenarioError(f"{key}: config= gives the parameters already; leave one of them out")


def _from_config(scenario: Scenario, path: str) -> Scenario:
    """The scenario with the parameters that a Hugging Face `config.json` gives. Raises `FileError`, `ScenarioError`."""
    from carbontui.engine.architecture import UnknownArchitecture, parameters
    from carbontui.files import parse, read_text

    try:
        found = parameters(parse(path, read_text(path)))
    except UnknownArchitecture as error:
        raise ScenarioError(f"config: {clean(path)} {error}") from None
    source = Source(f"parameters counted from {clean(path)[-100:]}")
    for key, figure in scenario.given:
        if key in OF_CONFIG and figure.basis == "entered":
            raise _said_twice(key)
    scenario = scenario.give("params", Figure(found.total, "derived", None, source))
    if found.active != found.total:
        scenario = scenario.give("active_params", Figure(found.active, "derived", None, source))
    return scenario

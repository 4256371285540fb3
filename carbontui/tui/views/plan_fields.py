"""What the form of Plan asks of a job: a field each, its value, and how the arrows step it."""

from __future__ import annotations

from math import floor, log, log10
from typing import NamedTuple

from carbontui.engine.disclosure import of_model
from carbontui.engine.scenario import Filled, short_hardware_name
from carbontui.quantities import METERED, QUANTITIES
from carbontui.text import display
from carbontui.text.inputs import BOUNDARIES, how
from carbontui.text.table import part_name
from carbontui_registry.figures import Figure
from carbontui_registry.text import listed

ASK = "?"


class Scale(NamedTuple):
    """The ends of a field's slider, which is logarithmic, and where the first step of an unknown value leads."""

    low: float
    high: float
    start: float


# In engine units.
SCALES = {
    "chips": Scale(1.0, 100_000.0, 8.0),
    "duration": Scale(1.0, 8766.0, 24.0),
    "tokens": Scale(1e6, 1e14, 1e9),
    "params": Scale(1e6, 1e13, 7e9),
    "power": Scale(50.0, 2000.0, 400.0),
    "utilisation": Scale(0.05, 0.8, 0.4),
    "pue": Scale(1.0, 2.0, 1.2),
    "count": Scale(1.0, 1000.0, 1.0),
    "energy": Scale(1.0, 1e8, 100.0),
    "it_energy": Scale(1.0, 1e8, 100.0),
}
_DIGITS = 3


class Field(NamedTuple):
    """A line of the form: `key` is what it changes, a part or a quantity; `mark` is how its value is meant: "" entered
    or chosen, "assumed", "follows" from others or looked up, "missing", "unknown". `slide` is where the knob is, from 0
    to 1, None where there is none. `longer` are texts that say more, the longest first, for where there is room."""

    key: str
    label: str
    text: str
    mark: str = ""
    slide: float | None = None
    longer: tuple[str, ...] = ()

    def fitting(self, width: int) -> str:
        """The text that says most of those that fit."""
        return next((text for text in self.longer if len(text) <= width), self.text)


# What is lacking where the work is known and its speed is not.
_BEFORE_CHIPS = {"hardware-speed", "hardware", "params"}


def fields(one: Filled) -> list[Field]:
    """The fields of a job: those that everybody knows, then those that are looked up or estimated unless entered."""
    lacking = {code for codes in one.missing.values() for code in codes}
    if lacking & _BEFORE_CHIPS and one.value("duration") is None:
        # Asked for from the start, though other things have to be known first.
        lacking.add("chips")
    given = dict(one.scenario.given)
    # A model of one's own is known by its parameters.
    described = one.scenario.model is not None and one.model is None
    keys = [*(("params",) if described or "params" in given else ()), *(("tokens",) if _has_model(one) else ())]
    after = [*(("utilisation",) if one.value("compute") is not None else ()), "pue", "count"]
    # Of a job the meter is mostly one of its machines.
    after.append("energy" if "energy" in given else "it_energy")
    return [
        _part(one, "model", "What"),
        *(_number(one, key, lacking) for key in keys),
        _part(one, "hardware", "Hardware"),
        _number(one, "chips", lacking),
        _number(one, "duration", lacking),
        _part(one, "region", "Region"),
        _number(one, "power", lacking),
        *(_number(one, key, lacking) for key in after),
    ]


def filled_in(of: list[Field]) -> str:
    """What a published run brings with it: `V100, 10,000 chips, 14.8 d, Microsoft`."""
    shown = {field.key: field.text for field in of if field.mark in ("follows", "assumed")}
    if "chips" in shown:
        number, _, mark = shown["chips"].partition(" ")
        shown["chips"] = f"{number} chips {mark}".strip()
    if "hardware" not in shown:
        # On other hardware the time is no longer the run's.
        shown.pop("duration", None)
    return ", ".join(text for key, text in shown.items() if key in _OF_A_RUN)


def aftermath(before: list[Field], now: list[Field], changed: str) -> list[str]:
    """What an entry has done beside what was entered: figures that are not known any more, or looked up in another
    place."""
    was = {field.key: field for field in before if field.mark not in ("missing", "unknown")}
    known = {field.key for field in now if field.mark not in ("missing", "unknown")}
    gone = [
        f"{field.label.lower()} {field.text}" for key, field in was.items() if key not in {*known, *METER_OF, changed}
    ]
    said = [f"no longer known: {listed(gone)}"] if gone and changed != "model" else []
    said += [
        f"{field.label} {was[field.key].text} → {field.text}"
        for field in now
        if changed != "model" and field.key in _LOOKED_UP and field.key in was
        if field.mark and field.text != was[field.key].text
    ]
    return said


# What belongs to hardware and regions, and so changes with them.
_LOOKED_UP = ("power", "pue")
_OF_A_RUN = ("hardware", "chips", "duration", "region")


def _has_model(one: Filled) -> bool:
    return one.scenario.model is not None or bool({"params", "tokens", "compute"} & set(dict(one.scenario.given)))


def _part(one: Filled, part: str, label: str) -> Field:
    found = getattr(one, part)
    if part == "model" and not _has_model(one):
        return Field(part, label, "my own, no model")
    if part == "model" and one.scenario.model is None:
        return Field(part, label, "my own")
    name = whole = part_name(one, part)
    if part == "hardware" and found is not None:
        name = short_hardware_name(found.record)
    if name == display.UNKNOWN:
        return Field(part, label, ASK if part != "model" else name, "missing" if part != "model" else "unknown")
    return Field(part, label, name, "" if getattr(one.scenario, part) else "follows", longer=(whole,))


_LABELS = {"power": "Power/chip", "count": "Count", "energy": "Metered site", "it_energy": "Metered IT", "pue": "PUE"}
# What each meter covers.
METER_OF = {
    "it_energy": "a meter on the machines, for one run of the job (PUE is added)",
    "energy": "a meter for the whole site, cooling included, for one run of the job",
}
# Examples of what to type, for newcomers.
SUCH_AS = {
    "chips": "8",
    "duration": "3 d",
    "tokens": "15T",
    "params": "70B",
    "power": "700 W",
    "utilisation": "40 %",
    "pue": "1.1",
    "count": "20",
    "energy": "412 kWh",
    "it_energy": "412 kWh",
}
# Counts that people write as 70B.
_COUNTED = ("params", "tokens")
# What the time of a job lacks is asked for in both.
_TIMED = ("chips", "duration")


def _number(one: Filled, key: str, lacking: set[str]) -> Field:
    label = _LABELS.get(key) or QUANTITIES[key].label.capitalize()
    given = dict(one.scenario.given).get(key)
    value = value_of(one, key)
    if value is None:
        missing = key in lacking or ("time" in lacking and key in _TIMED)
        return Field(key, label, ASK if missing else display.UNKNOWN, "missing" if missing else "unknown", None)
    found = one.inputs.get(key) or one.results.get(QUANTITIES[key].file_key)
    if key == "utilisation" and found is None:
        found = one.inputs.get("throughput")
    assumed = given is None and found is not None and found.basis == "assumed"
    text = display.count(value) if key in _COUNTED else display.shown(value, QUANTITIES[key].kind)
    mark = "assumed" if assumed else "" if given is not None else "follows"
    text = f"{text} ~" if assumed else text
    longer = _power(one, text) if key == "power" else ()
    return Field(key, label, text, mark, _where(key, value), longer)


def _power(one: Filled, text: str) -> tuple[str, ...]:
    """A power with what it is of and how much more than the TDP."""
    of = BOUNDARIES.get(one.texts.get("boundary") or "", "")
    found = one.inputs.get("power")
    times = how(found.way.replace(of="")) if found is not None and found.way.kind == "tdp" else ""
    return tuple(f"{text}  {', '.join(filter(None, said))}" for said in ((times, of), (times,), (of,)) if any(said))


def value_of(one: Filled, key: str) -> float | None:
    """A quantity in engine units; of the energy only what a meter said, and one run where no number was entered."""
    given = dict(one.scenario.given).get(key)
    if given is not None:
        return given.value
    if key in METERED:
        known = one.inputs.get(key)
        return known.value if known else None
    if key in ("params", "tokens") and key not in one.inputs:
        # A published run's compute is its own: nothing follows from its model's figures, and they are known.
        figure = of_model(one, key)
        return figure.value if figure is not None else None
    if key == "utilisation":
        return one.value(key) or _utilisation(one)
    return one.value(key) or (1.0 if key == "count" else None)


def _utilisation(one: Filled) -> float | None:
    """What a throughput that is known otherwise is of the hardware's 16-bit peak."""
    peak = one.hardware.record.matrix_peak if one.hardware is not None else None
    throughput = one.value("throughput")
    return throughput / peak.value if throughput is not None and peak is not None else None


def _where(key: str, value: float) -> float | None:
    scale = SCALES.get(key)
    if scale is None:
        return None
    return max(0.0, min(1.0, log(max(value, scale.low) / scale.low) / log(scale.high / scale.low)))


def stepped(one: Filled, key: str, factor: float) -> Figure:
    """The quantity times a factor, entered; at least one more or less of what comes in whole numbers. An unknown one
    begins at a common value."""
    value, scale, of = value_of(one, key), SCALES[key], QUANTITIES[key]
    if value is None:
        return _entered(key, scale.start)
    # All of a PUE that can change is what is above 1.
    new = 1 + max(value - 1, 0.01 * (factor > 1)) * factor if key == "pue" else value * factor
    if of.whole:
        new = max(round(value) + 1, round(new)) if factor > 1 else min(round(value) - 1, round(new))
    return _entered(key, new)


def slid(key: str, where: float) -> Figure:
    """The quantity where a slider was clicked, from 0 to 1, entered with two digits."""
    scale = SCALES[key]
    return _entered(key, _rounded(scale.low * (scale.high / scale.low) ** max(0.0, min(1.0, where)), 2))


def _entered(key: str, value: float) -> Figure:
    of = QUANTITIES[key]
    bounded = max(of.least, min(of.most, _rounded(value, _DIGITS)))
    return Figure(float(round(bounded)) if of.whole else bounded, "entered")


def _rounded(value: float, digits: int) -> float:
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else value

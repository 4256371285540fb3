"""The arithmetic of Patterson et al. 2021, section 2 (arXiv:2104.10350).

One scenario and an array of them go through the same functions in the same order of operations, and so agree to the
last bit.
"""

from __future__ import annotations

from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeVar

    import numpy as np
    from numpy.typing import NDArray

    Number = TypeVar("Number", float, NDArray[np.float64])
    # Powers of the inputs that a result is the product of.
    Exponents = dict[str, int]

SECONDS_PER_HOUR = 3600
WATTS_PER_KILOWATT = 1000
GRAMS_PER_KILOGRAM = 1000


class Formula(Value):
    """A quotient of products, by the keys of inputs and results; keys in a tuple of their own are multiplied first."""

    over: tuple[str | tuple[str, ...], ...]
    under: tuple[str, ...] = ()

    def keys(self) -> tuple[str, ...]:
        """The keys in it, in their order."""
        over = (key for one in self.over for key in (one if isinstance(one, tuple) else (one,)))
        return (*over, *self.under)


def duration(compute: float, chips: float, throughput: float) -> float:
    """Hours that `chips` at `throughput` (FLOP/s each) need for `compute` (FLOP)."""
    return compute / (chips * throughput) / SECONDS_PER_HOUR


def it_energy(duration: float, chips: float, power: float) -> float:
    """Energy before PUE in kWh, of `chips` drawing `power` (W each) for `duration` (h)."""
    return duration * chips * power / WATTS_PER_KILOWATT


def energy(it_energy: float, pue: float) -> float:
    """Energy of the facility in kWh."""
    return it_energy * pue


def co2e(it_energy: float, pue: float, factor: float) -> float:
    """Emissions in kgCO2e: the machine part (kWh) times the place part (PUE x gCO2e/kWh)."""
    return it_energy * place(pue, factor)


def place(pue: Number, factor: Number) -> Number:
    """The place part: kgCO2e for each kWh before PUE, at gCO2e/kWh."""
    return pue * factor / GRAMS_PER_KILOGRAM


_DURATION = Formula(("duration",))
_HOURS_OVER_CHIPS = Formula(("chip_hours",), ("chips",))
_WORK_OVER_SPEED = Formula(("compute",), ("chips", "throughput"))
_CHIP_HOURS = Formula(("chip_hours",))
_DURATION_CHIPS = Formula(("duration_h", "chips"))
_WORK_ALONE = Formula(("compute",), ("throughput",))


def time_part(known: Mapping[str, Any]) -> tuple[Any, Exponents, Formula] | None:
    """Hours that a run takes, what they are the product of, and the formula; None where that is not known.

    `known` holds inputs in engine units by their names: a duration, or chip-hours, or compute and throughput.
    """
    if "duration" in known:
        return known["duration"], {"duration": 1}, _DURATION
    if "chips" not in known:
        return None
    if "chip_hours" in known:
        return known["chip_hours"] / known["chips"], {"chip_hours": 1, "chips": -1}, _HOURS_OVER_CHIPS
    if "compute" in known and "throughput" in known:
        hours = duration(known["compute"], known["chips"], known["throughput"])
        return hours, {"compute": 1, "chips": -1, "throughput": -1}, _WORK_OVER_SPEED
    return None


def chip_time(known: Mapping[str, Any]) -> tuple[Any, Any, Exponents, Formula] | None:
    """Hours and chips whose product are the chip-hours, what these are the product of, and the formula, or None."""
    if "chip_hours" in known:
        return known["chip_hours"], 1.0, {"chip_hours": 1}, _CHIP_HOURS
    time = time_part(known)
    if time is not None and "chips" in known:
        uses = {**time[1], "chips": time[1].get("chips", 0) + 1}
        return time[0], known["chips"], uses, _DURATION_CHIPS
    if "chips" not in known and "compute" in known and "throughput" in known:
        # Without chips there is no duration, but the chip-hours are the same for any number of them.
        hours = duration(known["compute"], 1.0, known["throughput"])
        return hours, 1.0, {"compute": 1, "throughput": -1}, _WORK_ALONE
    return None


def footprint(known: Mapping[str, Any]) -> dict[str, tuple[Any, Exponents, Formula]]:
    """All results that follow from inputs in engine units, by the keys of `RESULTS`: each with what it is the product
    of, and its formula. A result with an unknown factor is absent.

    An `energy` (PUE included) or `it_energy` (before PUE) among the inputs beats what the machine would draw. A `count`
    multiplies everything but the duration, last.
    """
    made: dict[str, tuple[Any, Exponents, Formula]] = {}
    if (time := time_part(known)) is not None:
        made["duration_h"] = time
    machine = chip_time(known) if "power" in known or "price" in known else None
    if "energy" in known:
        if "pue" in known:
            made["it_energy_kwh"] = (
                known["energy"] / known["pue"],
                {"energy": 1, "pue": -1},
                Formula(("energy",), ("pue",)),
            )
        made["energy_kwh"] = known["energy"], {"energy": 1}, Formula(("energy",))
    elif "it_energy" in known:
        made["it_energy_kwh"] = known["it_energy"], {"it_energy": 1}, Formula(("it_energy",))
    elif "power" in known and machine is not None:
        hours, chips, uses, formula = machine
        value = it_energy(hours, chips, known["power"])
        made["it_energy_kwh"] = value, {**uses, "power": 1}, formula.replace(over=(*formula.over, "power"))
    if "it_energy_kwh" in made and "pue" in known and "energy_kwh" not in made:
        value, uses, _ = made["it_energy_kwh"]
        made["energy_kwh"] = energy(value, known["pue"]), {**uses, "pue": 1}, Formula(("it_energy_kwh", "pue"))
    if "energy_kwh" in made:
        whole, uses, _ = made["energy_kwh"]
        for key in ("gross", "net"):
            if key in known:
                if "it_energy_kwh" in made:
                    value = co2e(made["it_energy_kwh"][0], known["pue"], known[key])
                    formula = Formula(("it_energy_kwh", ("pue", key)))
                else:
                    value = whole * known[key] / GRAMS_PER_KILOGRAM
                    formula = Formula(("energy_kwh", key))
                made[f"{key}_kgco2e"] = value, {**uses, key: 1}, formula
    if "wue" in known and "it_energy_kwh" in made:
        value, uses, _ = made["it_energy_kwh"]
        made["water_l"] = value * known["wue"], {**uses, "wue": 1}, Formula(("it_energy_kwh", "wue"))
    if "price" in known and machine is not None:
        hours, chips, uses, formula = machine
        made["cost_usd"] = (
            hours * chips * known["price"],
            {**uses, "price": 1},
            formula.replace(over=(*formula.over, "price")),
        )
    if "count" in known:
        for key, (value, uses, formula) in made.items():
            if key != "duration_h":
                counted = formula.replace(over=(*formula.over, "count"))
                made[key] = value * known["count"], {**uses, "count": 1}, counted
    return made

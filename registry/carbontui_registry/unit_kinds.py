"""What a figure can be: a power, a duration, a price; each with the engine's unit and how people write it."""

from __future__ import annotations


class Kind:
    """What a figure can be: its engine unit, the end of its key names, and how people speak of it."""

    __slots__ = ("example", "name", "noun", "suffix", "unit", "units")

    def __init__(self, name: str, noun: str, unit: str, suffix: str, example: str, units: str = "") -> None:
        self.name = name
        self.noun = noun
        self.unit = unit  # of the engine; "" for a share (kept as a fraction), a PUE and a plain number
        self.suffix = suffix
        self.example = example
        self.units = tuple(units.split())  # the single names that a person may write

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"


_TIMES = (
    "s sec secs second seconds min mins minute minutes h hr hrs hour hours d day days"
    " week weeks wk wks yr yrs year years"
)
_FLOPS = "FLOP kFLOP MFLOP GFLOP TFLOP PFLOP EFLOP"

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("power", "a power", "W", "_w", "300 W", "W kW MW"),
        Kind("duration", "a duration", "h", "_h", "14.8 d", _TIMES),
        Kind("energy", "an energy", "kWh", "_kwh", "1287 MWh", "Wh kWh MWh GWh TWh"),
        Kind("co2e", "an amount of CO2e", "kgCO2e", "_kgco2e", "552 tCO2e", "gCO2e kgCO2e tCO2e lbCO2e"),
        Kind("factor", "a carbon factor", "gCO2e/kWh", "_gco2e_per_kwh", "429 gCO2e/kWh"),
        Kind("compute", "an amount of compute", "FLOP", "_flop", "3.14e23 FLOP", _FLOPS),
        Kind("throughput", "a throughput", "FLOP/s", "_flop_per_s", "312 TFLOP/s"),
        Kind("op_rate", "a rate of integer operations", "OP/s", "_op_per_s", "624 TOP/s"),
        Kind("water", "an amount of water", "L", "_l", "1200 L", "L m3"),
        Kind("water_per_energy", "water per energy", "L/kWh", "_l_per_kwh", "1.8 L/kWh"),
        Kind("cost", "a cost", "USD", "_usd", "1200 USD", "USD"),
        Kind("price", "a price", "USD/h", "_usd_per_h", "2.5 USD/h"),
        Kind("memory", "an amount of memory", "GiB", "_gib", "80 GiB", "MB MiB GB GiB TB TiB"),
        Kind("share", "a share", "", "", "5 %", "%"),
        Kind("pue", "a PUE", "", "", "1.1"),
        Kind("number", "a plain number", "", "", "7e9"),
    )
}
ENGINE_UNIT: dict[str, str] = {kind.name: kind.unit for kind in KINDS.values()}

# The kind of an amount of operations is only ever part of a rate.
_OPS = ("OP", "kOP", "MOP", "GOP", "TOP", "POP", "EOP")
PLAIN = ("pue", "number")
NO_KIND = "operations"
KIND_OF = {name: kind.name for kind in KINDS.values() for name in kind.units} | dict.fromkeys(_OPS, NO_KIND)


def suffix(kind: str) -> str:
    """The end of key names for a kind, `_w` or `_gco2e_per_kwh`; empty where the engine has no unit."""
    return KINDS[kind].suffix


def usual() -> list[tuple[str, str]]:
    """The single names and the compounds that people write most, each with its kind."""
    found = [(name, kind) for name, kind in KIND_OF.items() if kind != NO_KIND]
    for energy in KINDS["energy"].units:
        found += [(f"{co2e}/{energy}", "factor") for co2e in KINDS["co2e"].units]
    for flop in KINDS["compute"].units:
        found.append((f"{flop}/s", "throughput"))
        found += [(f"{flop}/s*{time}", "compute") for time in ("s", "h", "d", "yr")]
    found += [(f"{op}/s", "op_rate") for op in _OPS]
    found += [("L/kWh", "water_per_energy"), ("USD/h", "price")]
    found += [(f"{power}*{time}", "energy") for power in KINDS["power"].units for time in ("h", "d", "yr")]
    return found

"""What a model costs beyond its training run, each a line of its own and never part of the training's results.

Serving is queries x energy per query x PUE x factor of where it is served; embodied is the share of the chips'
manufacture that falls to the run; development and idle capacity are shares of the training's own footprint. Nothing of
it is assumed to be: a line stands only where what it needs was entered or is registered.
"""

from __future__ import annotations

from carbontui import display
from carbontui import footprint as arithmetic
from carbontui.scenario import Filled, Result
from carbontui_registry.records import Figure, Source
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from carbontui.footprint import Factors

LUCCIONI = Source(
    "Luccioni et al. 2022, Estimating the Carbon Footprint of BLOOM",
    "https://arxiv.org/abs/2211.02001",
    2022,
    None,
    "luccioni-2022",
)
# Section 4.1 there: a life of 6 years, of which a fleet is in use 85 %.
HARDWARE_LIFE = Figure(6 * 8766.0, "assumed", None, LUCCIONI)
FLEET_USE = Figure(0.85, "assumed", None, LUCCIONI)
# Section 4.2 there: idle and reserved nodes emitted 59 % of what the computation did; shown as an example only.
BLOOM_IDLE = 0.59


class Line(Value):
    """One part of the lifetime, gross and net in kgCO2e; `how` is its formula, `missing` what it would need."""

    key: str
    label: str
    gross: Result | None
    net: Result | None
    how: str
    missing: str = ""


def lifetime(one: Filled) -> list[Line]:
    """The lines of a scenario: serving, embodied, development, idle. What is not known says what it would need."""
    return [_serving(one), _embodied(one), *(_share(one, key) for key in ("development", "idle"))]


def _serving(one: Filled) -> Line:
    missing = [key for key in ("queries", "energy_per_query") if key not in one.inputs]
    where = "the place of the training" if "serving_pue" not in one.inputs else "the place of serving"
    how = f"queries x energy per query x PUE x factor of {where}"
    if missing:
        return Line(
            "serving", "serving", None, None, how, f"{' and '.join(missing)}: published figures differ twentyfold"
        )
    found: dict[str, Result | None] = {}
    pue = "serving_pue" if "serving_pue" in one.inputs else "pue"
    for kind in ("gross", "net"):
        served = f"serving_{kind}"
        # A factor of one place and the PUE of another make no place.
        factor = served if "serving_pue" in one.inputs or served in one.inputs else kind
        uses = {"queries": 1, "energy_per_query": 1, pue: 1, factor: 1}
        found[kind] = None
        if all(key in one.inputs for key in uses):
            values = {key: one.inputs[key].value for key in uses}
            it_energy = values["queries"] * values["energy_per_query"]
            found[kind] = _product(one, arithmetic.co2e(it_energy, values[pue], values[factor]), uses, how)
    return Line("serving", "serving", found["gross"], found["net"], how, "" if found["gross"] else "a gross factor")


def _embodied(one: Filled) -> Line:
    how = "chip-hours x embodied / (life x use of the fleet)"
    chip_time = arithmetic.chip_time({key: found.value for key, found in one.inputs.items()})
    embodied, life, use = (of_making(one, key) for key in ("embodied", "hardware_life", "fleet_use"))
    if chip_time is None or embodied is None or life is None or use is None:
        missing = "chip-hours" if chip_time is None else "embodied: kgCO2e of making one chip"
        return Line("embodied", "embodied", None, None, how, missing)
    hours, chips, uses, _ = chip_time
    value = hours * chips * embodied.value / (life.value * use.value)
    factors: list[tuple[float, Factors]] = [(float(power), one.inputs[key].factors) for key, power in uses.items()]
    hardware = one.hardware.id if one.hardware else None
    for name, figure, power in (("embodied", embodied, 1.0), ("hardware_life", life, -1.0), ("fleet_use", use, -1.0)):
        if figure.spread:
            factors.append((power, {(name, hardware): (1.0, arithmetic.log_variance(figure.spread))}))
    assumed = any(one.inputs[key].basis == "assumed" for key in uses)
    assumed = assumed or "assumed" in (embodied.basis, life.basis, use.basis)
    combined = arithmetic.combined(*factors)
    spread = arithmetic.factors_spread(combined)
    result = Result(value, "assumed" if assumed else "derived", spread, combined, dict(uses), how)
    shown = f"{how}: {life.value / 8766:g} yr, {100 * use.value:.0f} %"
    return Line("embodied", "embodied", result, result, shown)


def _share(one: Filled, key: str) -> Line:
    label = {"development": "development and failed runs", "idle": "idle and reserved capacity"}[key]
    how = f"{key} x the training's CO2e"
    if key not in one.inputs:
        example = f", such as {100 * BLOOM_IDLE:.0f} % for BLOOM" if key == "idle" else ""
        return Line(key, label, None, None, how, f"{key}: a share on top of the training{example}")
    found: dict[str, Result | None] = {}
    for kind in ("gross", "net"):
        result = one.results.get(f"{kind}_kgco2e")
        found[kind] = None
        if result is not None:
            uses = {**result.exponents, key: 1}
            found[kind] = _product(one, result.value * one.inputs[key].value, uses, how)
    return Line(key, label, found["gross"], found["net"], how, "" if found["gross"] else "the training's CO2e")


def _product(one: Filled, value: float, uses: dict[str, int], how: str) -> Result:
    factors = arithmetic.combined(*((float(power), one.inputs[key].factors) for key, power in uses.items()))
    basis = "assumed" if any(one.inputs[key].basis == "assumed" for key in uses) else "derived"
    return Result(value, basis, arithmetic.factors_spread(factors), factors, uses, how)


def of_making(one: Filled, key: str) -> Figure | None:
    """What is entered of `embodied`, `hardware_life` or `fleet_use`, else registered of the hardware, else assumed."""
    if (given := one.inputs.get(key)) is not None:
        basis: Any = given.basis
        return Figure(given.value, basis, given.spread, given.source)
    if key == "embodied":
        figure: Figure | None = one.hardware.record.embodied if one.hardware is not None else None
        return figure
    return {"hardware_life": HARDWARE_LIFE, "fleet_use": FLEET_USE}[key]


class Rate(Value):
    """A figure by which scenarios of different size can be set side by side, None where it is unknown."""

    key: str
    label: str
    value: float | None

    @property
    def text(self) -> str:
        """The figure with its unit."""
        if self.value is None:
            return display.UNKNOWN
        if self.key == "flop_per_joule":
            return f"{display.significant(self.value / 1e9)} GFLOP/J"
        return display.shown(self.value * 1000, "co2e")


def rates(one: Filled) -> list[Rate]:
    """Like with like: tCO2e gross for each 1e21 FLOP and 1e9 tokens, and FLOP for each joule, PUE included."""
    gross, energy = one.result("gross_kgco2e"), one.result("energy_kwh")
    compute = one.inputs["compute"].value if "compute" in one.inputs else None
    tokens = one.model.record.tokens.value if one.model is not None and one.model.record.tokens else None

    def over(value: float | None, units: float | None) -> float | None:
        return value / units if value is not None and units else None

    tonnes = over(gross, 1000.0)
    return [
        Rate("gross_tco2e_per_1e21_flop", "gross/1e21 FLOP", over(tonnes, over(compute, 1e21))),
        Rate("gross_tco2e_per_1e9_tokens", "gross/1e9 tokens", over(tonnes, over(tokens, 1e9))),
        Rate("flop_per_joule", "FLOP per joule", over(compute, energy * 3.6e6 if energy else None)),
    ]


def as_data(one: Filled) -> dict[str, Any]:
    """The lines as JSON's own types; what is unknown is absent."""
    data: dict[str, Any] = {}
    for line in lifetime(one):
        for kind, result in (("gross", line.gross), ("net", line.net)):
            if result is not None:
                data[f"{line.key}_{kind}_kgco2e"] = result.value
                if result.interval is not None:
                    data.setdefault("interval90", {})[f"{line.key}_{kind}_kgco2e"] = list(result.interval)
    return data


def rates_data(one: Filled) -> dict[str, float]:
    """The rates as JSON's own types; what is unknown is absent."""
    return {rate.key: rate.value for rate in rates(one) if rate.value is not None}


def as_text(scenarios: Sequence[Filled], width: int | None) -> str:
    """The lines of each scenario as a table, with the training above them for scale, and what is missing below."""
    from carbontui.exchange.table import Column, render, wrapped

    rows: list[tuple[str, str, str, str, str]] = []
    missing: dict[str, None] = {}
    for one in scenarios:
        gross, net = one.result("gross_kgco2e"), one.result("net_kgco2e")
        rows.append((one.name, "training", display.shown(gross, "co2e"), display.shown(net, "co2e"), ""))
        for line in lifetime(one):
            if line.gross is None:
                missing[f"{line.label}: needs {line.missing}"] = None
                continue
            mark = f" {display.ASSUMED}" if line.gross.basis == "assumed" else ""
            ends = display.interval(*line.gross.interval, "co2e") if line.gross.interval else ""
            net_text = display.shown(line.net.value, "co2e") + mark if line.net else display.UNKNOWN
            rows.append(("", line.label, display.shown(line.gross.value, "co2e") + mark, net_text, ends))
    columns = [
        Column("scenario", [row[0] for row in rows], right=False, least=14),
        Column("beside the training", [row[1] for row in rows], right=False, least=14),
        Column("gross CO2e", [row[2] for row in rows]),
        Column("net CO2e", [row[3] for row in rows]),
        Column("90 % interval", [row[4] for row in rows], keep=5),
    ]
    hows = dict.fromkeys(line.how for one in scenarios for line in lifetime(one) if line.gross is not None)
    return "\n".join([*render(columns, width), "", *wrapped([*hows, *missing], width)]) + "\n"


def rates_text(scenarios: Sequence[Filled], width: int | None) -> str:
    """The rates of each scenario as a table."""
    from carbontui.exchange.table import Column, render

    table = [rates(one) for one in scenarios]

    columns = [
        Column("scenario", [one.name for one in scenarios], right=False, least=14),
        *(
            Column(made[0].label, [rate.text for rate in made])
            for made in zip(*table, strict=True)
        ),
    ]  # fmt: skip
    return "\n".join(render(columns, width)) + "\n"

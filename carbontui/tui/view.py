"""What the Compare screen shows, as text and marks, computed apart from how it is drawn."""

from __future__ import annotations

from typing import NamedTuple

from carbontui import display
from carbontui.comparison import METRICS, Comparison
from carbontui.equivalents import EQUIVALENTS
from carbontui.exchange.table import part_name
from carbontui.explain import LABELS
from carbontui.lifetime import lifetime, of_making, rates
from carbontui.scenario import OF_LIFETIME, QUANTITIES, Filled, short_hardware_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

METRIC_NAMES = {"gross": "gross CO2e", "net": "net CO2e", "energy": "energy", "duration": "duration"}
ASK = "?"
SHORT_LABELS = {
    "serving_gross": "gross of serving",
    "serving_net": "net of serving",
    "embodied": "embodied per chip",
    "hardware_life": "hardware life",
    "development": "development",
    "idle": "idle, reserved",
}


class Cell(NamedTuple):
    """One figure on the screen. `unit` is apart so that it can stand in the name of the row instead.

    `mark` is how it is meant: "" plain, "assumed", "same" as the baseline, "better", "worse", "missing", "unknown".
    """

    text: str = ""
    unit: str = ""
    mark: str = ""
    assumed: bool = False

    def written(self, *, with_unit: bool) -> str:
        """The cell's text, with `~` behind an assumed figure."""
        unit = f" {self.unit}" if with_unit and self.unit else ""
        return f"{self.text}{unit}{' ~' if self.assumed else ''}"


class Row(NamedTuple):
    """A row of the sheet: `key` names what it shows, `edits` what Enter changes there ("" for nothing)."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    edits: str = ""
    strong: bool = False
    rule: bool = False
    # The label where the unit stands in it, because the cells have no room for it.
    short: str = ""


RULE = Row("", "", (), rule=True)


def rows(
    comparison: Comparison, *, all_inputs: bool, unit: str = "auto", beside: bool = False, like: bool = False
) -> list[Row]:
    """The rows of the comparison: inputs above results; below them what is `beside` the training, and rates."""
    scenarios = comparison.scenarios
    base = scenarios[comparison.baseline] if scenarios else None
    made = [
        _part_row("model", "Model", scenarios, base),
        _part_row("hardware", "Hardware", scenarios, base),
        _input_row("chips", "Chips", scenarios, base),
        _part_row("region", "Region", scenarios, base),
    ]
    if all_inputs:
        made.append(_text_row("period", "Period", scenarios, base))
        made.append(_input_row("compute", "Compute", scenarios, base))
        made.append(_input_row("throughput", "Throughput", scenarios, base))
    made += [
        _duration_row(scenarios, base),
        _input_row("power", "Power per chip", scenarios, base),
        _input_row("pue", "PUE", scenarios, base),
    ]
    metric = comparison.question.metric
    if all_inputs:
        made.append(_input_row("gross", "Gross factor", scenarios, base))
        made.append(_input_row("net", "Net factor", scenarios, base))
    else:
        factor = "net" if metric == "net" else "gross"
        made.append(_input_row(factor, f"{factor.capitalize()} factor", scenarios, base))
    made.append(RULE)
    made += [
        _result_row("energy_kwh", "Energy", scenarios, strong=metric == "energy"),
        _result_row("gross_kgco2e", "CO2e gross", scenarios, unit, strong=metric == "gross"),
        _result_row("net_kgco2e", "CO2e net", scenarios, unit, strong=metric == "net"),
        _ratio_row(comparison),
        _interval_row(comparison, unit),
        _published_row(comparison, unit),
    ]
    if like and scenarios:
        made += [RULE, *_rate_rows(scenarios)]
    if beside and scenarios:
        made.append(RULE)
        made += [_beside_input_row(key, scenarios, base) for key in OF_LIFETIME]
        made += _beside_rows(scenarios, unit)
    return made


def _rate_rows(scenarios: tuple[Filled, ...]) -> list[Row]:
    made = []
    for alike in zip(*map(rates, scenarios), strict=True):
        cells = []
        for one, rate in zip(scenarios, alike, strict=True):
            assumed = "gross_kgco2e" in one.results and one.results["gross_kgco2e"].basis == "assumed"
            number, _, name = rate.text.partition(" ")
            known = rate.value is not None
            cells.append(
                Cell(number, name, "unknown" if not known else "assumed" if assumed else "", assumed and known)
            )
        made.append(Row(alike[0].key, alike[0].label[:1].upper() + alike[0].label[1:], tuple(cells)))
    return made


def _beside_input_row(key: str, scenarios: tuple[Filled, ...], base: Filled | None) -> Row:
    label = SHORT_LABELS.get(key, LABELS[key])
    row = _input_row(key, label[:1].upper() + label[1:], scenarios, base)
    if key not in ("embodied", "hardware_life", "fleet_use"):
        return row
    kind = QUANTITIES[key][0]
    found = [of_making(one, key) for one in scenarios]
    cells = tuple(
        cell if figure is None else _figure_cell(figure.value, figure.basis, kind, same=False)
        for cell, figure in zip(row.cells, found, strict=True)
    )
    return row._replace(cells=cells)


def _beside_rows(scenarios: tuple[Filled, ...], unit: str) -> list[Row]:
    """Gross CO2e of serving, embodied, development and idle, each a row and none in the sums above."""
    made = []
    for alike in zip(*map(lifetime, scenarios), strict=True):
        known = [line.gross.value if line.gross else None for line in alike]
        size = co2e_unit(unit) or display.unit_for(known, "co2e")
        cells = tuple(
            _figure_cell(line.gross.value, line.gross.basis, "co2e", same=False, unit=size)
            if line.gross
            else Cell(display.UNKNOWN, mark="unknown")
            for line in alike
        )
        made.append(Row(f"beside {alike[0].key}", f"+ {alike[0].key} gross", cells))
    return made


def _part_row(part: str, label: str, scenarios: Iterable[Filled], base: Filled | None) -> Row:
    cells = []
    for one in scenarios:
        found = getattr(one, part)
        name = part_name(one, part)
        if found is not None and part == "hardware":
            name = short_hardware_name(found.record)
        there = getattr(base, part) if base is not None and one is not base else None
        same = found is not None and there is not None and there.id == found.id
        if name == display.UNKNOWN:
            cells.append(Cell(ASK, mark="missing"))
        else:
            cells.append(Cell(name, mark="same" if same else ""))
    return Row(part, label, tuple(cells), edits=part)


def _text_row(key: str, label: str, scenarios: Iterable[Filled], base: Filled | None) -> Row:
    cells = []
    for one in scenarios:
        text = one.texts.get(key)
        same = base is not None and one is not base and base.texts.get(key) == text
        cells.append(Cell(text or display.UNKNOWN, mark="same" if same and text else "" if text else "unknown"))
    return Row(key, label, tuple(cells), edits=key)


def _figure_cell(value: float, basis: str, kind: str, *, same: bool, unit: tuple[str, float] | None = None) -> Cell:
    text = display.shown(value, kind, unit)
    number, _, name = text.partition(" ")
    assumed = basis == "assumed"
    return Cell(number, name, "assumed" if assumed else "same" if same else "", assumed)


def _input_row(key: str, label: str, scenarios: Iterable[Filled], base: Filled | None) -> Row:
    kind = QUANTITIES[key][0]
    cells = []
    for one in scenarios:
        found = one.inputs.get(key)
        if found is None:
            cells.append(Cell(ASK, mark="missing") if key in one.missing else Cell(display.UNKNOWN, mark="unknown"))
            continue
        there = base.inputs.get(key) if base is not None and one is not base else None
        same = there is not None and there.value == found.value
        cells.append(_figure_cell(found.value, found.basis, kind, same=same))
    return Row(key, label, tuple(cells), edits=key, short=key.capitalize() if key in ("gross", "net") else "")


def _duration_row(scenarios: Iterable[Filled], base: Filled | None) -> Row:
    cells = []
    for one in scenarios:
        found = one.results.get("duration_h")
        if found is None:
            missing = "duration" in one.missing
            cells.append(Cell(ASK, mark="missing") if missing else Cell(display.UNKNOWN, mark="unknown"))
            continue
        there = base.result("duration_h") if base is not None and one is not base else None
        cells.append(_figure_cell(found.value, found.basis, "duration", same=there == found.value))
    return Row("duration_h", "Duration", tuple(cells), edits="duration")


def _result_row(key: str, label: str, scenarios: tuple[Filled, ...], unit: str = "auto", *, strong: bool) -> Row:
    kind = display.kind_of(key)
    size = co2e_unit(unit) if kind == "co2e" else None
    size = size or display.unit_for((one.result(key) for one in scenarios), kind)
    cells = []
    for one in scenarios:
        found = one.results.get(key)
        if found is None:
            cells.append(Cell(display.UNKNOWN, mark="unknown"))
        else:
            cells.append(_figure_cell(found.value, found.basis, kind, same=False, unit=size))
    return Row(key, label, tuple(cells), strong=strong)


def co2e_unit(unit: str) -> tuple[str, float] | None:
    """The unit in which a person asked to see CO2e, with its size in kgCO2e; None for the one that fits."""
    if unit in EQUIVALENTS:
        return EQUIVALENTS[unit].unit, EQUIVALENTS[unit].kgco2e
    return {"tonnes": ("t", 1e3), "kilograms": ("kg", 1.0)}.get(unit)


def _ratio_row(comparison: Comparison) -> Row:
    metric = comparison.question.metric
    cells = []
    for n, ratios in enumerate(comparison.ratios):
        if metric not in ratios:
            cells.append(Cell(display.UNKNOWN, mark="unknown"))
            continue
        value = ratios[metric].value
        mark = "" if n == comparison.baseline or value == 1 else "better" if value < 1 else "worse"
        cells.append(Cell(display.times(value), mark=mark))
    return Row("ratio", "against baseline", tuple(cells), strong=True)


def _interval_row(comparison: Comparison, unit: str) -> Row:
    key = comparison.metric_key
    kind = display.kind_of(key)
    size = (co2e_unit(unit) if kind == "co2e" else None) or display.unit_for(
        (one.result(key) for one in comparison.scenarios), kind
    )
    cells = []
    for one in comparison.scenarios:
        found = one.results[key].interval if key in one.results else None
        if found is None:
            cells.append(Cell())
        else:
            text = display.interval(*found, kind, size)
            cells.append(Cell(text.removesuffix(f" {size[0]}"), size[0]))
    return Row("interval", "90 % interval", tuple(cells))


def _published_row(comparison: Comparison, unit: str) -> Row:
    key = comparison.metric_key
    kind = display.kind_of(key)
    known = [one.published.get(key) for one in comparison.scenarios]
    size = (co2e_unit(unit) if kind == "co2e" else None) or display.unit_for((f.value for f in known if f), kind)
    cells = [Cell() if figure is None else Cell(display.plain(figure.value / size[1]), size[0]) for figure in known]
    return Row("published", f"published {comparison.question.metric}", tuple(cells))


class Bar(NamedTuple):
    """One scenario's bar: `value` in the unit of the chart, the end of it in words, its 90 % interval."""

    name: str
    value: float | None
    text: str
    assumed: bool
    low: float | None
    high: float | None
    baseline: bool


def bars(comparison: Comparison, unit: str = "auto") -> tuple[str, list[Bar]]:
    """The title of the chart and a bar a scenario, by the metric."""
    metric = comparison.question.metric
    key = METRICS[metric]
    kind = display.kind_of(key)
    size = (co2e_unit(unit) if kind == "co2e" else None) or display.unit_for(
        (one.result(key) for one in comparison.scenarios), kind
    )
    made = []
    for n, one in enumerate(comparison.scenarios):
        result = one.results.get(key)
        interval = result.interval if result else None
        made.append(
            Bar(
                f"{n + 1} {one.name}",
                result.value / size[1] if result else None,
                display.shown(result.value, kind, size) if result else display.UNKNOWN,
                bool(result and result.basis == "assumed"),
                interval[0] / size[1] if interval else None,
                interval[1] / size[1] if interval else None,
                n == comparison.baseline,
            )
        )
    return f"{METRIC_NAMES[metric]}, {size[0]}", made

"""The rows of the sheet: inputs above results, each cell as text, unit and mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from carbontui.engine.comparison import Comparison, ForEach
from carbontui.engine.disclosure import of_model
from carbontui.engine.equivalents import EQUIVALENTS
from carbontui.engine.scenario import Filled, short_hardware_name
from carbontui.quantities import JOB, LABELS, MACHINE, METERED, METRICS, MODEL, OF_LIFETIME, PLACE, QUANTITIES, RESULTS
from carbontui.text import display
from carbontui.text.table import part_name

ASK = "?"
SHORT_LABELS = {
    "serving_gross": "serving gross",
    "serving_net": "serving net",
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
    cells: Sequence[Cell]
    edits: str = ""
    strong: bool = False
    rule: bool = False
    # The label with the unit in it, for when the cells have no room for the unit.
    short: str = ""
    # Whether it stays in sight where rows above it are scrolled to.
    stays: bool = False


RULE = Row("", "", (), rule=True)


def rows(
    comparison: Comparison,
    *,
    all_inputs: bool,
    describing: bool = False,
    unit: str = "auto",
    beside: bool = False,
    like: bool = False,
) -> list[Row]:
    """The rows of the comparison: inputs above results; below them what is `beside` the training, and rates.

    `describing` shows what commonly describes a job, also where nothing is entered yet.
    """
    scenarios = comparison.scenarios
    base = scenarios[comparison.baseline] if scenarios else None
    made = [
        _part_row("model", "Model", scenarios, base),
        _part_row("hardware", "Hardware", scenarios, base),
        _input_row("chips", "Chips", scenarios, base),
        _part_row("region", "Region", scenarios, base),
    ]
    if any(one.scenario.group for one in scenarios):
        made.append(_group_row(scenarios))
    if all_inputs:
        made.append(_text_row("period", "Factor period", scenarios, base))
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
    described = _described(scenarios, {row.edits or row.key for row in made}, describing=describing)
    labels = {key: LABELS[key][:1].upper() + LABELS[key][1:] for key in described}
    labels |= {key: label for key, label in _OF_METERS.items() if not _estimated(key, scenarios)}
    made += [_input_row(key, labels[key], scenarios, base) for key in described]
    made.append(RULE)
    made += [
        _result_row("energy_kwh", "Energy", scenarios, strong=metric == "energy"),
        *([_estimate_row(scenarios)] if any(one.estimate for one in scenarios) else []),
        _result_row("gross_kgco2e", "Gross CO2e", scenarios, unit, strong=metric == "gross"),
        _result_row("net_kgco2e", "Net CO2e", scenarios, unit, strong=metric == "net"),
        *(
            _result_row(METRICS[one], RESULTS[METRICS[one]].label.capitalize(), scenarios, strong=metric == one)
            for one in ("water", "cost")
            if metric == one or (one == "cost" and all_inputs and any("cost_usd" in each.results for each in scenarios))
        ),
        _ratio_row(comparison),
        _interval_row(comparison, unit),
        *_published_row(comparison, unit),
    ]
    if like and scenarios:
        made += [RULE, *_rate_rows(scenarios)]
    if beside and scenarios:
        made.append(RULE)
        made += [_beside_input_row(key, scenarios, base) for key in OF_LIFETIME]
        made += _beside_rows(scenarios, unit)
    return made


def in_order(rows: Sequence[Row], scenarios: Sequence[Filled]) -> list[Row] | None:
    """The rows of the same scenarios in another order; None where a row has to be made again for that."""
    made = []
    for row in rows:
        if row.cells and not isinstance(row.cells, ForEach):
            return None
        made.append(row._replace(cells=row.cells.of(scenarios)) if isinstance(row.cells, ForEach) else row)
    return made


_OF_METERS = {"energy": "Metered energy", "it_energy": "Metered IT"}


def _estimated(key: str, scenarios: Sequence[Filled]) -> bool:
    """Whether an energy that a job brings with it, of any of them, is no meter's."""
    return any((found := one.inputs.get(key)) is not None and found.basis == "assumed" for one in scenarios)


def _rate_rows(scenarios: tuple[Filled, ...]) -> list[Row]:
    # Rates, and what is beside the training, are for those who ask for them.
    from carbontui.engine.lifetime import RATES, assumed_rate, rates
    from carbontui.text.lifetime import rate_text

    made = []
    for key, label in RATES.items():

        def cell(one: Filled, key: str = key) -> Cell:
            known = rates(one)[key]
            assumed = assumed_rate(one, key)
            number, _, name = rate_text(key, known).partition(" ")
            mark = "unknown" if known is None else "assumed" if assumed else ""
            return Cell(number, name, mark, assumed and known is not None)

        made.append(Row(key, label[:1].upper() + label[1:], ForEach(scenarios, cell)))
    return made


def _beside_input_row(key: str, scenarios: tuple[Filled, ...], base: Filled | None) -> Row:
    label = SHORT_LABELS.get(key, LABELS[key])
    row = _input_row(key, label[:1].upper() + label[1:], scenarios, base)
    if key not in ("embodied", "hardware_life", "fleet_use"):
        return row
    from carbontui.engine.lifetime import of_making

    kind = QUANTITIES[key].kind
    found = [of_making(one, key) for one in scenarios]
    cells = tuple(
        cell if figure is None else _figure_cell(figure.value, figure.basis, kind, same=False)
        for cell, figure in zip(row.cells, found, strict=True)
    )
    return row._replace(cells=cells)


def _beside_rows(scenarios: tuple[Filled, ...], unit: str) -> list[Row]:
    """Gross CO2e of serving, embodied, development and idle, each a row and none in the sums above."""
    from carbontui.engine.lifetime import lifetime

    made = []
    for alike in zip(*map(lifetime, scenarios), strict=True):
        known = [line.gross.value if line.gross else None for line in alike]
        asked, common = co2e_unit(unit), display.unit_for(known, "co2e")
        cells = tuple(
            _figure_cell(
                line.gross.value,
                line.gross.basis,
                "co2e",
                same=False,
                unit=asked or display.suited(line.gross.value, "co2e", common),
            )
            if line.gross
            else Cell(display.UNKNOWN, mark="unknown")
            for line in alike
        )
        made.append(Row(f"beside {alike[0].key}", f"+ {alike[0].key} gross", cells))
    return made


def _part_row(part: str, label: str, scenarios: Sequence[Filled], base: Filled | None) -> Row:
    def cell(one: Filled) -> Cell:
        found = getattr(one, part)
        name = part_name(one, part)
        if found is not None and part == "hardware":
            name = short_hardware_name(found.record)
        there = getattr(base, part) if base is not None and one is not base else None
        same = found is not None and there is not None and there.id == found.id
        if name == display.UNKNOWN:
            # A job needs no model, and runs that were added up have no one machine or place.
            needed = part != "model" and (part in _lacking(one) or not one.results)
            return Cell(ASK, mark="missing") if needed else Cell(name, mark="unknown")
        return Cell(name, mark="same" if same else "")

    return Row(part, label, ForEach(scenarios, cell), edits=part)


def _group_row(scenarios: Sequence[Filled]) -> Row:
    def cell(one: Filled) -> Cell:
        return Cell(one.scenario.group, mark="" if one.scenario.group else "unknown")

    return Row("group", "Group", ForEach(scenarios, cell), edits="group")


def _text_row(key: str, label: str, scenarios: Sequence[Filled], base: Filled | None) -> Row:
    def cell(one: Filled) -> Cell:
        text = one.texts.get(key)
        same = base is not None and one is not base and base.texts.get(key) == text
        return Cell(text or display.UNKNOWN, mark="same" if same and text else "" if text else "unknown")

    return Row(key, label, ForEach(scenarios, cell), edits=key)


def _figure_cell(value: float, basis: str, kind: str, *, same: bool, unit: tuple[str, float] | None = None) -> Cell:
    text = display.shown(value, kind, unit)
    number, _, name = text.partition(" ")
    assumed = basis == "assumed"
    return Cell(number, name, "assumed" if assumed else "same" if same else "", assumed)


def _input_row(key: str, label: str, scenarios: Sequence[Filled], base: Filled | None) -> Row:
    kind = QUANTITIES[key].kind

    def cell(one: Filled) -> Cell:
        found = one.inputs.get(key) or one.results.get(QUANTITIES[key].file_key if key not in METERED else "")
        if found is None and key in ("params", "tokens") and (figure := of_model(one, key)) is not None:
            # Known, though nothing here follows from it.
            return Cell(display.count(figure.value), assumed=figure.basis == "assumed")
        if found is None:
            return Cell(ASK, mark="missing") if key in _lacking(one) else Cell(display.UNKNOWN, mark="unknown")
        there = base.value(key) if base is not None and one is not base and key not in METERED else None
        same = there is not None and there == found.value
        if key in _COUNTED:
            assumed = found.basis == "assumed"
            mark = "assumed" if assumed else "same" if same else ""
            unit = "h" if key == "chip_hours" else ""
            return Cell(display.count(found.value), unit, mark=mark, assumed=assumed)
        return _figure_cell(found.value, found.basis, kind, same=same)

    short = key.capitalize() if key in ("gross", "net") else ""
    return Row(key, label, ForEach(scenarios, cell), edits=key, short=short)


# Counts that people write as 70B; chip-hours are no time of anybody's clock.
_COUNTED = ("params", "active_params", "trainable", "tokens", "chip_hours")


def _lacking(one: Filled) -> set[str]:
    """What any unknown metric lacks."""
    lacks = {code for codes in one.missing.values() for code in codes}
    # A time depends on the number of chips: where it is asked for, so are they.
    return {*lacks, "chips"} if "time" in lacks else lacks


def _described(scenarios: tuple[Filled, ...], shown: set[str], *, describing: bool) -> list[str]:
    """Quantities that describe a job: those that were entered, and the commonest where one is described."""
    common = ("chip_hours", "params", "tokens", "trainable", "it_energy", "count") if describing else ()
    given = {key for one in scenarios for key, found in one.inputs.items() if found.basis == "entered"}
    return [
        key
        for key, quantity in QUANTITIES.items()
        if quantity.part in (MODEL, MACHINE, PLACE, JOB) and key not in shown and (key in common or key in given)
    ]


def _duration_row(scenarios: Sequence[Filled], base: Filled | None) -> Row:
    def cell(one: Filled) -> Cell:
        found = one.results.get("duration_h")
        if found is None:
            missing = "time" in _lacking(one)
            return Cell(ASK, mark="missing") if missing else Cell(display.UNKNOWN, mark="unknown")
        there = base.result("duration_h") if base is not None and one is not base else None
        return _figure_cell(found.value, found.basis, "duration", same=there == found.value)

    return Row("duration_h", "Duration", ForEach(scenarios, cell), edits="duration")


def _result_row(key: str, label: str, scenarios: Sequence[Filled], unit: str = "auto", *, strong: bool) -> Row:
    kind = RESULTS[key].kind
    size = co2e_unit(unit) if kind == "co2e" else None
    common = display.unit_for((one.result(key) for one in scenarios), kind)

    def cell(one: Filled) -> Cell:
        found = one.results.get(key)
        if found is None:
            return Cell(display.UNKNOWN, mark="unknown")
        own = size or display.suited(found.value, kind, common)
        return _figure_cell(found.value, found.basis, kind, same=False, unit=own)

    return Row(key, label, ForEach(scenarios, cell), strong=strong, stays=strong)


def _estimate_row(scenarios: Sequence[Filled]) -> Row:
    """What the energy would be without the one that was entered."""
    common = display.unit_for((one.result("energy_kwh") for one in scenarios), "energy")

    def cell(one: Filled) -> Cell:
        found = one.estimate.get("energy_kwh")
        if found is None:
            return Cell()
        size = display.suited(found.value, "energy", common)
        number, _, name = display.shown(found.value, "energy", size).partition(" ")
        return Cell(number, name, assumed=True)

    return Row("estimate", "Energy, estimated", ForEach(scenarios, cell))


def co2e_unit(unit: str) -> tuple[str, float] | None:
    """The unit in which a person asked to see CO2e, with its size in kgCO2e; None for the one that fits."""
    if unit in EQUIVALENTS:
        return EQUIVALENTS[unit].unit, EQUIVALENTS[unit].kgco2e
    return {"tonnes": ("t", 1e3), "kilograms": ("kg", 1.0)}.get(unit)


def _ratio_row(comparison: Comparison) -> Row:
    metric, scenarios = comparison.question.metric, comparison.scenarios
    base = scenarios[comparison.baseline] if scenarios else None
    numbers = {id(one): number for number, one in enumerate(comparison.scenarios)}

    def cell(one: Filled) -> Cell:
        found = comparison.ratios[numbers[id(one)]].get(metric)
        if found is None:
            return Cell(display.UNKNOWN, mark="unknown")
        mark = "" if one is base or found.value == 1 else "better" if found.value < 1 else "worse"
        return Cell(display.times(found.value), mark=mark)

    return Row("ratio", "vs baseline", ForEach(comparison.scenarios, cell), strong=True, stays=True)


def _interval_row(comparison: Comparison, unit: str) -> Row:
    key = comparison.metric_key
    kind = RESULTS[key].kind
    asked = co2e_unit(unit) if kind == "co2e" else None
    common = display.unit_for((one.result(key) for one in comparison.scenarios), kind)

    def cell(one: Filled) -> Cell:
        result = one.results.get(key)
        if result is None:
            return Cell()
        found, size = result.interval, asked or display.suited(result.value, kind, common)
        if found is None:
            # A factor of 0 leaves nothing that could vary.
            return Cell("0", size[0]) if not result.value and result.basis == "assumed" else Cell()
        text = display.interval(*found, kind, size)
        return Cell(text.removesuffix(f" {size[0]}"), size[0])

    return Row("interval", "90 % range", ForEach(comparison.scenarios, cell), stays=True)


def _published_row(comparison: Comparison, unit: str) -> list[Row]:
    """What was published of the metric; no row where that is nothing."""
    key = comparison.metric_key
    kind = RESULTS[key].kind
    known = [figure.value for one in comparison.scenarios if (figure := one.published.get(key)) is not None]
    if not known:
        return []
    common = display.unit_for(known, kind)
    asked = co2e_unit(unit) if kind == "co2e" else None

    def cell(one: Filled) -> Cell:
        figure = one.published.get(key)
        if figure is None:
            return Cell()
        size = asked or display.suited(figure.value, kind, common)
        return Cell(display.plain(figure.value / size[1]), size[0])

    return [Row("published", f"Published {comparison.question.metric}", ForEach(comparison.scenarios, cell))]

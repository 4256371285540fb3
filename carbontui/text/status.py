"""How a figure came about in one line, as the app's status says it."""

from __future__ import annotations

from carbontui.engine.comparison import Comparison
from carbontui.engine.lifetime import lifetime
from carbontui.engine.scenario import Filled, Input
from carbontui.quantities import LABELS, QUANTITIES, RESULTS
from carbontui.text import display
from carbontui.text import lifetime as of_lifetime
from carbontui.text.formulas import label_of, result_formula
from carbontui.text.inputs import BOUNDARIES, how
from carbontui.text.notes import missing_text, notes_of
from carbontui.text.records import source_line


def one_line(one: Filled, key: str, comparison: Comparison) -> str:
    """What a status line says of a row of the sheet."""
    if one.notes and key in ("model", "hardware", "region", "period"):
        return f"{one.name}: {'; '.join(notes_of(one))}"
    if key in ("model", "hardware", "region"):
        found = getattr(one, key)
        if found is None:
            return f"{key}: none is known; Enter chooses one"
        warnings = f" · {'; '.join(found.warnings)}" if found.warnings else ""
        return f"{found.record.name} ({found.id}) · {found.origin} · {source_line(found.record.source)}{warnings}"
    if key in one.inputs:
        of = BOUNDARIES.get(one.texts.get("boundary") or "") if key == "power" else None
        return f"{LABELS[key]}: {input_line(one.inputs[key], of or '')}"
    followed = QUANTITIES[key].file_key if key in QUANTITIES else key
    if followed in one.results:
        result = one.results[followed]
        return f"{label_of(key)} = {result_formula(one, followed)} · {result.basis}{spread_text(result.spread)}"
    if key == "ratio" and comparison.scenarios:
        base = comparison.scenarios[comparison.baseline].name
        return f"{comparison.question.metric} of {one.name} relative to {base}; [w] shows why"
    if key == "interval":
        return "90 % interval of the metric, from the spreads of its inputs; none where no spread is known"
    if key.startswith("beside "):
        line = next(line for line in lifetime(one) if line.key == key.removeprefix("beside "))
        label = of_lifetime.LINE_LABELS[line.key]
        return f"{label} = {of_lifetime.how(line)}" + (f" · needs {of_lifetime.needs(line)}" if line.missing else "")
    if key == "published":
        return "as published by the run's authors; the rows above follow from the inputs"
    if key in QUANTITIES or key in RESULTS:
        metric = {"duration_h": "duration", "energy_kwh": "energy", "gross_kgco2e": "gross", "net_kgco2e": "net"}.get(
            key
        )
        lacks = missing_text(one, metric) if metric else ""
        more = f"; {lacks}" if lacks else "; Enter enters one" if key in QUANTITIES else ""
        return f"{LABELS[key]}: unknown{more}"
    return ""


def input_line(found: Input, of: str = "") -> str:
    """Where an input was found, what it is `of`, its basis, its spread and its source."""
    source = f" · {source_line(found.source)}" if found.source else ""
    said = how(found.way)
    basis = "" if said == found.basis else f" · {found.basis}"
    return f"{said}{f', {of}' if of else ''}{basis}{spread_text(found.spread)}{source}"


def spread_text(spread: float | None) -> str:
    """`, sd 39 %`, a standard deviation and so about 60 % of half a 90 % range; or nothing."""
    return f", sd {display.shown(spread, 'share')}" if spread else ""

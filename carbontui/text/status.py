"""How a figure came about in one line, as the app's status says it."""

from __future__ import annotations

from carbontui.engine.comparison import Comparison
from carbontui.engine.disclosure import of_model
from carbontui.engine.scenario import Filled, Input
from carbontui.quantities import LABELS, QUANTITIES, RESULTS
from carbontui.text import display
from carbontui.text.formulas import label_of, result_formula
from carbontui.text.inputs import BOUNDARIES, how
from carbontui.text.notes import missing_text, notes_of
from carbontui.text.records import source_line
from carbontui.text.table import part_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.figures import Source


def one_line(one: Filled, key: str, comparison: Comparison) -> str:
    """The status line on a row of the sheet."""
    if one.notes and key in ("model", "hardware", "region", "period"):
        return f"{one.name}: {'; '.join(notes_of(one))}"
    if key in ("model", "hardware", "region"):
        found = getattr(one, key)
        if found is None:
            return f"{key}: none chosen; press Enter to choose one"
        warnings = f" · {'; '.join(found.warnings)}" if found.warnings else ""
        return f"{found.record.name} ({found.id}) · {found.origin} · {source_line(found.record.source)}{warnings}"
    if key == QUANTITIES["duration"].file_key and "duration" in one.inputs:
        key = "duration"
    if key in one.inputs:
        of = BOUNDARIES.get(one.texts.get("boundary") or "") if key == "power" else None
        return f"{LABELS[key]}: {input_line(one.inputs[key], of or '')}"
    followed = QUANTITIES[key].file_key if key in QUANTITIES else key
    if followed in one.results:
        result = one.results[followed]
        return f"{label_of(key)} = {result_formula(one, followed)} · {result.basis}{spread_text(result.spread)}"
    if key in ("params", "tokens") and (figure := of_model(one, key)) is not None:
        source = figure.source or (one.model.record.source if one.model is not None else None)
        return f"{LABELS[key]}: of {part_name(one, 'model')}; no result here depends on it{source_of(source)}"
    if key == "ratio" and comparison.scenarios:
        base = comparison.scenarios[comparison.baseline].name
        return f"{comparison.question.metric} of {one.name} relative to {base}; [w] shows why"
    if key == "interval":
        return "90 % range of the metric, from the spreads of its inputs; none where no spread is known"
    if key.startswith("beside "):
        from carbontui.engine.lifetime import lifetime
        from carbontui.text import lifetime as of_lifetime

        line = next(line for line in lifetime(one) if line.key == key.removeprefix("beside "))
        label = of_lifetime.LINE_LABELS[line.key]
        return f"{label} = {of_lifetime.how(line)}" + (f" · needs {of_lifetime.needs(line)}" if line.missing else "")
    if key == "published":
        return "as published by the run's authors; the rows above follow from the inputs"
    if key in QUANTITIES or key in RESULTS:
        metric = {"duration_h": "duration", "energy_kwh": "energy", "gross_kgco2e": "gross", "net_kgco2e": "net"}.get(
            key
        )
        lacks = missing_text(one, metric, app=True) if metric else ""
        more = f"; {lacks}" if lacks else "; Enter enters one" if key in QUANTITIES else ""
        return f"{LABELS[key]}: unknown{more}"
    return ""


def input_line(found: Input, of: str = "") -> str:
    """Where an input was found, what it is `of`, its basis, its spread and its source."""
    said = how(found.way)
    basis = "" if said == found.basis else f" · {found.basis}"
    return f"{said}{f', {of}' if of else ''}{basis}{spread_text(found.spread)}{source_of(found.source)}"


def source_of(source: Source | None) -> str:
    """` · Brown et al. 2020`, or nothing."""
    return f" · {source_line(source)}" if source else ""


def spread_text(spread: float | None) -> str:
    """`, sd 39 %`, a standard deviation and so about 60 % of half a 90 % range; or nothing."""
    return f", sd {display.shown(spread, 'share')}" if spread else ""

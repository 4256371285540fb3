"""How a figure came about: its formula, the formula with numbers, and every leaf with basis, spread and source."""

from __future__ import annotations

import re

from carbontui import display
from carbontui import footprint as arithmetic
from carbontui.comparison import Comparison
from carbontui.lifetime import lifetime
from carbontui.matters import Matter, matters
from carbontui.records import source_line
from carbontui.scenario import QUANTITIES, RESULTS, Filled, Input, ScenarioError
from carbontui_registry import units
from carbontui_registry.records import Figure, Source
from carbontui_registry.text import did_you_mean, listed
from carbontui_registry.values import Value

LABELS = {
    "chips": "chips",
    "duration": "duration",
    "chip_hours": "chip-hours",
    "compute": "compute",
    "power": "power",
    "throughput": "throughput",
    "utilisation": "utilisation",
    "pue": "PUE",
    "gross": "gross factor",
    "net": "net factor",
    "energy": "energy",
    "queries": "queries",
    "energy_per_query": "energy per query",
    "serving_pue": "PUE of serving",
    "serving_gross": "gross factor of serving",
    "serving_net": "net factor of serving",
    "embodied": "embodied",
    "hardware_life": "life of the hardware",
    "fleet_use": "use of the fleet",
    "development": "development and failed runs",
    "idle": "idle and reserved capacity",
    "duration_h": "duration",
    "it_energy_kwh": "IT energy",
    "energy_kwh": "energy",
    "gross_kgco2e": "gross CO2e",
    "net_kgco2e": "net CO2e",
}
# A word of a formula -> the results and inputs that it may mean, first known first.
_WORDS = {
    "IT energy": ("it_energy_kwh",),
    "gross factor": ("gross",),
    "net factor": ("net",),
    "chip-hours": ("chip_hours",),
    "throughput": ("throughput",),
    "duration": ("duration_h",),
    "compute": ("compute",),
    "energy": ("energy", "energy_kwh"),
    "chips": ("chips",),
    "power": ("power",),
    "PUE": ("pue",),
}
_WORD = re.compile("|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)))


class Step(Value):
    """One formula: what it gives, in words and with numbers."""

    label: str
    formula: str
    numbers: str
    value: str
    number: float


class Leaf(Value):
    """One figure that nothing here computed."""

    label: str
    value: str
    basis: str
    spread: float | None
    how: str
    source: Source | None
    origin: str
    number: float
    unit: str


class Explanation(Value):
    """A figure from its result down to its sources."""

    scenario: str
    label: str
    value: str
    basis: str
    interval: str
    steps: tuple[Step, ...]
    leaves: tuple[Leaf, ...]
    notes: tuple[str, ...]
    # The key in files, the number in its unit, and the ends of the 90 % interval, in full.
    key: str
    number: float
    interval90: tuple[float, float] | None = None
    # What matters most for a result: each error in it, and the inputs of which no spread is known.
    matters: tuple[Matter, ...] = ()
    unspread: tuple[str, ...] = ()


def figure_key(wanted: str) -> str:
    """The key among inputs and results that `wanted` means, its unit being optional; a result before an input.

    Raises `ScenarioError`.
    """
    word = wanted.lower().replace("-", "_")
    results = {key: key for key in RESULTS}
    known = results | {name: key for key, (_, name) in QUANTITIES.items() if name not in results}
    if word in known:
        return known[word]
    for name, key in known.items():
        if word == re.sub(r"_(kgco2e|gco2e_per_kwh|flop_per_s|flop|kwh|w|h)$", "", name):
            return key
    if word in QUANTITIES:
        return word
    if word.endswith("ratio_to_baseline"):
        raise ScenarioError(
            f"{wanted!r}: a single scenario is its own baseline; compare two, and w in the app says why"
        )
    hint = did_you_mean(word, [*known, *QUANTITIES])
    raise ScenarioError(f"{wanted!r} is no figure{hint}; figures are {listed(known)}")


def explain(one: Filled, key: str) -> Explanation:
    """How the figure under `key` (of `RESULTS` or `QUANTITIES`) came about. Raises `ScenarioError` where unknown."""
    if key in one.results:
        result = one.results[key]
        value = display.shown(result.value, display.kind_of(key))
        ends = display.interval(*result.interval, display.kind_of(key)) if result.interval else ""
        steps = _steps(one, key)
        leaves = tuple(leaf for name in result.exponents for leaf in _leaves(name, one.inputs[name]))
        words = (one.name, LABELS[key], value, result.basis, ends, steps, leaves, one.notes)
        errors, unspread = matters(one, key)
        return Explanation(*words, key, result.value, result.interval, tuple(errors), tuple(unspread))
    if key in one.inputs:
        found = one.inputs[key]
        kind, file_key = QUANTITIES[key]
        value = display.shown(found.value, kind)
        within = arithmetic.interval90(found.value, found.spread) if found.spread and found.value else None
        ends = display.interval(*within, kind).strip() if within else ""
        steps, leaves = _input_steps(key, found), tuple(_leaves(key, found))
        words = (one.name, LABELS[key], value, found.basis, ends, steps, leaves, one.notes)
        return Explanation(*words, file_key, found.value, within)
    missing = f"; missing: {', '.join(one.missing)}" if one.missing else ""
    raise ScenarioError(f"{LABELS.get(key, key)} of {one.name} is unknown{missing}")


def _steps(one: Filled, key: str) -> tuple[Step, ...]:
    """The formula of a result, then those of what stands in it."""
    result = one.results[key]
    if key == "duration_h" and "duration" in one.inputs:
        return _input_steps("duration", one.inputs["duration"])
    made = [
        Step(
            LABELS[key],
            result.formula,
            _with_numbers(one, result.formula, key),
            display.shown(result.value, display.kind_of(key)),
            result.value,
        )
    ]
    for word in _WORD.findall(result.formula):
        name = _meant(one, word, key)
        if name in one.results and name != key:
            made += _steps(one, name)
        elif name in one.inputs:
            made += _input_steps(name, one.inputs[name])
    return tuple(dict.fromkeys(made))


def _meant(one: Filled, word: str, key: str) -> str:
    return next((name for name in _WORDS[word] if name != key and (name in one.inputs or name in one.results)), "")


def _with_numbers(one: Filled, formula: str, key: str) -> str:
    def number(match: re.Match[str]) -> str:
        name = _meant(one, match[0], key)
        if name in one.inputs:
            return display.shown(one.inputs[name].value, QUANTITIES[name][0])
        return display.shown(one.result(name), display.kind_of(name)) if name else match[0]

    return _WORD.sub(number, formula)


def _input_steps(key: str, found: Input) -> tuple[Step, ...]:
    if not found.terms:
        return ()
    numbers = " x ".join(display.shown(figure.value, kind) for _, kind, figure, _ in found.terms)
    return (Step(LABELS[key], found.formula, numbers, display.shown(found.value, QUANTITIES[key][0]), found.value),)


def _leaves(key: str, found: Input) -> list[Leaf]:
    if found.terms:
        return [_leaf(label, kind, figure, "", origin) for label, kind, figure, origin in found.terms]
    figure = Figure(found.value, found.basis, found.spread, found.source)  # type: ignore[arg-type]
    return [_leaf(LABELS[key], QUANTITIES[key][0], figure, found.how, found.origin)]


def _leaf(label: str, kind: str, figure: Figure, how: str, origin: str) -> Leaf:
    value = display.shown(figure.value, kind)
    words = (label, value, figure.basis, figure.spread, how, figure.source, origin)
    return Leaf(*words, figure.value, units.ENGINE_UNIT[kind])


def as_text(explanation: Explanation) -> str:
    """The explanation in lines, as it can be pasted anywhere."""
    e = explanation
    mark = f" {display.ASSUMED}" if e.basis == "assumed" else ""
    ends = f", 90 % interval {e.interval}" if e.interval else ""
    lines = [f"{e.label} of {e.scenario}: {e.value}{mark}  ({e.basis}{ends})", ""]
    for step in e.steps:
        lines += [f"{step.label} = {step.formula}", f"  = {step.numbers}" if step.numbers != step.formula else ""]
        lines[-1] = f"{lines[-1]} = {step.value}" if lines[-1] else f"  = {step.value}"
    if e.steps:
        lines.append("")
    indent = " " * (max((len(leaf.label) for leaf in e.leaves), default=0) + 2)
    for leaf in e.leaves:
        how = f", {leaf.how}" if leaf.how and leaf.how != leaf.basis else ""
        label = leaf.label.ljust(len(indent) - 2)
        lines.append(f"{label}  {leaf.value}  {leaf.basis}{spread_text(leaf.spread)}{how}")
        if leaf.source is not None:
            title, _, link = source_line(leaf.source).partition(", http")
            lines.append(indent + title)
            lines += [f"{indent}http{link}"] if link else []
        elif leaf.basis != "entered":
            lines.append(f"{indent}no source")
        if leaf.origin:
            lines[-1] += f"  [{leaf.origin}]"
    lines += ["", *_matters_lines(e)] if e.matters else []
    lines += ["", *e.notes] if e.notes else []
    return "\n".join(lines) + "\n"


def _matters_lines(e: Explanation) -> list[str]:
    """A tornado: the longer a bar, the more there is to gain from measuring that input."""
    kind = display.kind_of(e.key)
    lines = ["what matters most: 90 % range of the result if this were the only error, and its part of the whole"]
    names = [LABELS[m.input] + (f" ({m.label})" if m.label else "") for m in e.matters]
    wide = max(map(len, names))
    for name, matter in zip(names, e.matters, strict=True):
        bar = "█" * max(1, round(matter.share * 20))
        ends = display.interval(matter.low, matter.high, kind)
        lines.append(f"  {name:<{wide}}  {display.shown(matter.share, 'share'):>5}  {ends:<16}  {bar}")
    if e.unspread:
        lines.append(f"  no spread is known of {listed(LABELS[name] for name in e.unspread)}")
    return lines


def as_data(explanation: Explanation) -> dict[str, object]:
    """The explanation as JSON's own types: numbers in full in the engine's unit, and as `shown` to people."""
    e = explanation
    leaves = []
    for leaf in e.leaves:
        fields: dict[str, object] = {"label": leaf.label, "value": leaf.number, "unit": leaf.unit, "shown": leaf.value}
        fields |= {"basis": leaf.basis, "spread": leaf.spread, "how": leaf.how}
        fields |= {"source": source_line(leaf.source) if leaf.source else None, "origin": leaf.origin}
        leaves.append({k: v for k, v in fields.items() if v not in (None, "")})
    steps = [
        {"label": s.label, "formula": s.formula, "numbers": s.numbers, "value": s.number, "shown": s.value}
        for s in e.steps
    ]
    out: dict[str, object] = {"scenario": e.scenario, "figure": e.key, "label": e.label, "value": e.number}
    out |= {"shown": e.value, "basis": e.basis}
    if e.interval90:
        out["interval90"] = list(e.interval90)
    if e.matters:
        out["matters"] = [
            {
                "input": m.input,
                **({"term": m.label} if m.label else {}),
                "share": m.share,
                "interval90": [m.low, m.high],
            }
            for m in e.matters
        ]
    return out | {"steps": steps, "leaves": leaves, "notes": list(e.notes)}


def one_line(one: Filled, key: str, comparison: Comparison) -> str:
    """What a status line says of a row of the sheet."""
    if one.notes and key in ("model", "hardware", "region", "period"):
        return f"{one.name}: {'; '.join(one.notes)}"
    if key in ("model", "hardware", "region"):
        found = getattr(one, key)
        if found is None:
            return f"{key}: none is known; Enter chooses one"
        warnings = f" · {'; '.join(found.warnings)}" if found.warnings else ""
        return f"{found.record.name} ({found.id}) · {found.origin} · {source_line(found.record.source)}{warnings}"
    if key in one.inputs:
        return f"{LABELS[key]}: {input_line(one.inputs[key])}"
    if key in one.results:
        result = one.results[key]
        return f"{LABELS[key]} = {result.formula} · {result.basis}{spread_text(result.spread)}"
    if key == "ratio" and comparison.scenarios:
        base = comparison.scenarios[comparison.baseline].name
        return f"{comparison.question.metric} of {one.name} over that of {base}; w shows why"
    if key == "interval":
        return "90 % interval of the metric, from the spreads of its inputs; none where none is known"
    if key.startswith("beside "):
        line = next(line for line in lifetime(one) if line.key == key.removeprefix("beside "))
        return f"{line.label} = {line.how}" + (f" · needs {line.missing}" if line.missing else "")
    if key == "published":
        return "what the authors of the run published; what follows from the inputs stands above"
    if key in QUANTITIES or key in RESULTS:
        return f"{LABELS[key]}: unknown" + ("; Enter enters one" if key in QUANTITIES else "")
    return ""


def input_line(found: Input) -> str:
    """Where an input was found, its basis, its spread and its source."""
    source = f" · {source_line(found.source)}" if found.source else ""
    basis = "" if found.how == found.basis else f" · {found.basis}"
    return f"{found.how}{basis}{spread_text(found.spread)}{source}"


def spread_text(spread: float | None) -> str:
    """` ± 39 %`, or nothing."""
    return f" ± {display.shown(spread, 'share')}" if spread else ""

"""How a figure came about, in lines and as data."""

from __future__ import annotations

import re

from carbontui.engine.assumptions import FROZEN, TRAINED, UPDATED
from carbontui.engine.explanation import Explanation, Leaf, Step, explain
from carbontui.engine.scenario import Filled, ScenarioError
from carbontui.engine.sensitivity import Matter
from carbontui.quantities import FILE_KEYS, FLOP_PER_TOKEN, LABELS, QUANTITIES, RESULTS, kind_of
from carbontui.text import display
from carbontui.text.formulas import AS_ENTERED, WORDS, conversion_formula, formula_text, label_of, shown
from carbontui.text.inputs import TERMS, formula, how
from carbontui.text.laws import rests_on
from carbontui.text.markdown import escape, table
from carbontui.text.notes import note_text
from carbontui.text.records import source_line
from carbontui.text.status import spread_text
from carbontui.text.table import Column
from carbontui_registry import units
from carbontui_registry.text import did_you_mean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_UNIT_END = re.compile(r"_(kgco2e|gco2e_per_kwh|flop_per_s|flop|kwh|usd_per_h|usd|l_per_kwh|l|w|h)$")


# What stands in the formula of a figure and is none itself.
_PART_OF = {
    "power_over_tdp": "power",
    **dict.fromkeys(("factor", "place_to_grid", "conversion"), "gross"),
    **dict.fromkeys(("flop_per_parameter", FLOP_PER_TOKEN), "compute"),
}


def figure_key(wanted: str) -> str:
    """The key among inputs and results that `wanted` means, or what a formula calls it, its unit being optional; a
    result before an input.

    Raises `ScenarioError`.
    """
    word = wanted.lower().replace("-", "_")
    known = {key: key for key in RESULTS} | {name: key for name, key in FILE_KEYS.items() if name not in RESULTS}
    if word in known:
        return known[word]
    for name, key in known.items():
        if word == _UNIT_END.sub("", name):
            return key
    if word in QUANTITIES:
        return word
    said = {text.lower().replace("-", " "): key for key, text in (*TERMS.items(), *LABELS.items())}
    if key := said.get(word.replace("_", " "), ""):
        return _PART_OF.get(key, key)
    if word.endswith("ratio_to_baseline"):
        raise ScenarioError(f"{wanted!r}: a single scenario is its own baseline; compare two and press [w] in the app")
    hint = did_you_mean(word, [*known, *QUANTITIES])
    names: list[str] = []
    for name in known:
        short = _UNIT_END.sub("", name)
        names.append(name if short in names else short)
    raise ScenarioError(f"{wanted!r} is not a figure{hint}; figures are {listed(names)}")


def steps_text(steps: Iterable[Step]) -> list[str]:
    """Each formula with its numbers in lines."""
    lines = []
    for label, words, numbers, value in dict.fromkeys(map(_step_lines, steps)):
        lines += [f"{label} = {words}", f"  = {numbers} = {value}" if numbers not in (words, value) else f"  = {value}"]
    return lines


def _step_lines(step: Step) -> tuple[str, str, str, str]:
    """What a step gives, its formula, the formula with numbers, and the value."""
    result = shown(step.key, step.value)
    if step.made is not None:
        return *conversion_formula(step.made), result
    if step.key == FLOP_PER_TOKEN:
        by = (FROZEN, UPDATED) if len(step.numbers) > 1 else (TRAINED,)
        pairs = list(zip(by, step.numbers, strict=True))
        said = " + ".join(f"{n:g} x {label_of(key)}" for n, (key, _) in pairs)
        return label_of(step.key), said, " + ".join(f"{n:g} x {shown(key, v)}" for n, (key, v) in pairs), result
    if step.formula is None:
        numbers = " x ".join(display.shown(term.figure.value, term.kind) for term in step.terms)
        return label_of(step.key), formula(step.terms), numbers, result
    keys = step.formula.keys()
    if step.formula in AS_ENTERED:
        return label_of(step.key), AS_ENTERED[step.formula], result, result
    words = {name: WORDS.get(name) or label_of(name) for name in keys}
    numbers_of = words | {name: shown(name, value) for name, value in step.numbers}
    return label_of(step.key), formula_text(step.formula, words), formula_text(step.formula, numbers_of), result


def _leaf_label(leaf: Leaf) -> str:
    return TERMS[leaf.term] if leaf.term else label_of(leaf.key)


def _leaf_value(leaf: Leaf) -> str:
    return display.shown(leaf.figure.value, leaf.kind) if leaf.term else shown(leaf.key, leaf.figure.value)


def in_full(one: Filled, key: str) -> str:
    """A result down to its sources, as the app says it; nothing where it is unknown."""
    return as_text(explain(one, key), app=True) if key in one.results else ""


def as_text(e: Explanation, *, app: bool = False) -> str:
    """The explanation in lines, as it can be pasted anywhere; some words are other ones in the `app`."""
    kind = kind_of(e.key)
    mark = display.mark_of(e)
    ends = f", 90 % range {display.interval(*e.interval, kind).strip()}" if e.interval else ""
    head = f"{label_of(e.key)} of {e.scenario}: {shown(e.key, e.value)}{mark}  ({e.basis}{ends})"
    lines = [head, "", *steps_text(e.steps)]
    if e.steps:
        lines.append("")
    labels = [_leaf_label(leaf) for leaf in e.leaves]
    indent = " " * (max(map(len, labels), default=0) + 2)
    for label, leaf in zip(labels, e.leaves, strict=True):
        found = how(leaf.way) if leaf.way is not None else ""
        said = f", {found}" if found and found != leaf.figure.basis else ""
        lines.append(
            f"{label.ljust(len(indent) - 2)}  {_leaf_value(leaf)}  {leaf.figure.basis}"
            f"{spread_text(leaf.figure.spread)}{said}"
        )
        if leaf.figure.source is not None:
            title, _, link = source_line(leaf.figure.source).partition(", http")
            lines.append(indent + title)
            lines += [f"{indent}http{link}"] if link else []
        elif leaf.figure.basis != "entered":
            lines.append(f"{indent}no source")
        if leaf.origin:
            lines[-1] += f"  [{leaf.origin}]"
        lines += [f"{indent}from {rests_on(leaf.rests)}"] if leaf.rests else []
    lines += ["", *_matters_lines(e, app=app)] if e.matters else []
    lines += ["", *map(note_text, e.notes)] if e.notes else []
    return "\n".join(lines) + "\n"


def as_markdown(e: Explanation) -> str:
    """The explanation as Markdown: the formulas, the figures that go in with their sources, and what matters most."""
    ends = f", 90 % range {display.interval(*e.interval, kind_of(e.key)).strip()}" if e.interval else ""
    head = f"{label_of(e.key)} of {e.scenario}: {shown(e.key, e.value)}"
    parts = [f"# {escape(head)}", escape(f"{e.basis}{ends}")]
    steps = list(dict.fromkeys(map(_step_lines, e.steps)))
    if steps:
        parts.append(
            "\n".join(
                f"- {escape(f'{label} = {words} = {numbers} = {value}')}" for label, words, numbers, value in steps
            )
        )
    columns = {
        "figure": [_leaf_label(leaf) for leaf in e.leaves],
        "value": [_leaf_value(leaf) for leaf in e.leaves],
        "basis": [f"{leaf.figure.basis}{spread_text(leaf.figure.spread)}" for leaf in e.leaves],
        "found": [how(leaf.way) if leaf.way is not None else "" for leaf in e.leaves],
        "source": [source_line(leaf.figure.source) if leaf.figure.source else "" for leaf in e.leaves],
    }
    parts.append("\n".join(table([Column(title, cells, right=title == "value") for title, cells in columns.items()])))
    if e.matters:
        kind = kind_of(e.key)
        matters = {
            "error of": [matter_label(matter) for matter in e.matters],
            "part": [display.shown(matter.share, "share") for matter in e.matters],
            "90 % range": [display.interval(matter.low, matter.high, kind) for matter in e.matters],
        }
        parts.append("\n".join(table([Column(title, cells, right=False) for title, cells in matters.items()])))
    if e.notes:
        parts.append("\n".join(f"- {escape(note_text(note))}" for note in e.notes))
    return "\n\n".join(parts) + "\n"


def matter_label(matter: Matter) -> str:
    """The input, and the term in it, that an error is of."""
    return LABELS[matter.input] + (f" ({TERMS[matter.term]})" if matter.term else "")


def _matters_lines(e: Explanation, *, app: bool) -> list[str]:
    """A tornado: the longer a bar, the more there is to gain from measuring that input."""
    kind = kind_of(e.key)
    lines = ["what matters most: 90 % range if this were the only error, and its share of the total uncertainty"]
    names = [matter_label(matter) for matter in e.matters]
    wide = max(map(len, names))
    for name, matter in zip(names, e.matters, strict=True):
        bar = "█" * max(1, round(matter.share * 20))
        ends = display.interval(matter.low, matter.high, kind)
        lines.append(f"  {name:<{wide}}  {display.shown(matter.share, 'share'):>5}  {ends:<16}  {bar}")
    if e.unspread:
        lines.append(f"  no spread is known for {listed(LABELS[name] for name in e.unspread)}")
    return [*lines, *([f"  {_narrowing_text(e, app=app)}"] if e.narrow else [])]


# Where a better figure for an input comes from, if that is not obvious.
_TOLD_BY = {
    "power": "a meter",
    "throughput": "a few hundred steps of the job",
    "pue": "the operator of the site",
    "gross": "the site's own grid or supplier",
    "net": "the supplier's certificates",
}


def _narrowing_text(e: Explanation, *, app: bool) -> str:
    """Which input to measure first, where its figure comes from, and what knowing it would do to the range."""
    found = e.narrow
    assert found is not None
    assert e.interval is not None
    kind = kind_of(e.key)
    told = f" from {_TOLD_BY[found.input]}" if found.input in _TOLD_BY else ""
    now = display.interval(*e.interval, kind).strip()
    left = (
        f"becomes {display.interval(*found.interval, kind).strip()} instead of {now}"
        if found.interval
        else "disappears"
    )
    known = f"the {LABELS[found.input]}" if app else f"{found.input}="
    return f"measure first: {LABELS[found.input]}; with {known}{told} the range {left}"


def as_data(e: Explanation) -> dict[str, object]:
    """The explanation as JSON's own types: numbers in full in the engine's unit, and as `shown` to people."""
    leaves = []
    for leaf in e.leaves:
        fields: dict[str, object] = {"label": _leaf_label(leaf), "value": leaf.figure.value}
        fields |= {"unit": units.ENGINE_UNIT[leaf.kind], "shown": display.shown(leaf.figure.value, leaf.kind)}
        fields |= {"basis": leaf.figure.basis, "spread": leaf.figure.spread}
        fields |= {"how": how(leaf.way) if leaf.way is not None else None}
        fields |= {"source": source_line(leaf.figure.source) if leaf.figure.source else None, "origin": leaf.origin}
        fields |= {"rests_on": rests_on(leaf.rests) if leaf.rests else None}
        leaves.append({k: v for k, v in fields.items() if v not in (None, "")})
    steps = []
    for step in e.steps:
        label, words, numbers, value = _step_lines(step)
        steps.append({"label": label, "formula": words, "numbers": numbers, "value": step.value, "shown": value})
    out: dict[str, object] = {"scenario": e.scenario, "figure": e.key, "label": label_of(e.key), "value": e.value}
    out |= {"shown": shown(e.key, e.value), "basis": e.basis}
    if e.interval:
        out["interval90"] = list(e.interval)
    if e.matters:
        out["matters"] = [
            {
                "input": m.input,
                **({"term": TERMS[m.term]} if m.term else {}),
                "share": m.share,
                "interval90": [m.low, m.high],
            }
            for m in e.matters
        ]
    if e.narrow:
        ends = {"interval90": list(e.narrow.interval)} if e.narrow.interval else {}
        out["narrow_first"] = {"input": e.narrow.input, "share": e.narrow.share, **ends}
    return out | {"steps": steps, "leaves": leaves, "notes": [note_text(note) for note in e.notes]}

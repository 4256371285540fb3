"""How a figure came about: its formula, the numbers in it, and every leaf with basis, spread and source."""

from __future__ import annotations

from carbontui.engine import work
from carbontui.engine.footprint import Formula
from carbontui.engine.scenario import Filled, Input, Note, ScenarioError, Term, Way
from carbontui.engine.sensitivity import Matter, Narrowing, matters, narrow_first
from carbontui.engine.uncertainty import interval90
from carbontui.quantities import FILE_KEYS, FLOP_PER_TOKEN, LABELS, QUANTITIES, RESULTS, kind_of
from carbontui_registry.figures import Figure
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbontui.engine.coverage import Conversion


class Step(Value):
    """One formula: the key of what it gives, the formula by keys or by terms, the number of each, and the value; or how
    the coverage of a factor is converted."""

    key: str
    formula: Formula | None
    terms: tuple[Term, ...]
    numbers: tuple[tuple[str, float], ...]
    value: float
    made: Conversion | None = None


class Leaf(Value):
    """One figure that nothing here computed: the input's key, the term's where it is one, and how it was found."""

    key: str
    term: str
    kind: str
    figure: Figure
    way: Way | None
    origin: str
    # The laws of `text.laws` that it rests on.
    rests: tuple[str, ...] = ()


class Explanation(Value):
    """A figure from its result down to its sources; `key` is that in files."""

    scenario: str
    key: str
    value: float
    basis: str
    interval: tuple[float, float] | None
    steps: tuple[Step, ...]
    leaves: tuple[Leaf, ...]
    notes: tuple[Note, ...]
    # What matters most for a result: each error in it, and the inputs of which no spread is known.
    matters: tuple[Matter, ...] = ()
    unspread: tuple[str, ...] = ()
    # Which input to measure first, and what that would do.
    narrow: Narrowing | None = None


class UnknownFigure(ScenarioError):
    """A figure that was asked for and is not known; `missing` says what it lacks, by codes."""

    def __init__(self, key: str, scenario: str, missing: tuple[str, ...]) -> None:
        self.key = key
        self.missing = missing
        label = LABELS.get(key, key)
        super().__init__(f"{label} of {scenario} {'are' if label.endswith('s') else 'is'} unknown")


def explain(one: Filled, key: str) -> Explanation:
    """How the figure under `key`, of a result, an input, what an input is computed from or a record that the scenario
    found, came about. Raises `UnknownFigure`."""
    asked = key
    if key not in one.results and key in QUANTITIES and key not in one.inputs:
        key = QUANTITIES[key].file_key
    elif key == QUANTITIES["duration"].file_key and "duration" in one.inputs:
        # The result is the input itself, with its basis and source.
        key = "duration"
    if key in one.results:
        result = one.results[key]
        leaves = tuple(leaf for name in result.exponents for leaf in _leaves(name, one.inputs[name]))
        errors, unspread = matters(one, key)
        steps = tuple(dict.fromkeys(_steps(one, key)))
        words = (one.name, key, result.value, result.basis, result.interval, steps, leaves, one.notes)
        return Explanation(*words, tuple(errors), tuple(unspread), narrow_first(one, key))
    if key in one.inputs:
        found = one.inputs[key]
        ends = interval90(found.value, found.spread) if found.spread and found.value else None
        steps, leaves = tuple(input_steps(key, found)), tuple(_leaves(key, found))
        return Explanation(one.name, QUANTITIES[key].file_key, found.value, found.basis, ends, steps, leaves, one.notes)
    stated = _stated(one, asked)
    if stated is not None:
        leaf, figure = stated, stated.figure
        ends = interval90(figure.value, figure.spread) if figure.spread and figure.value else None
        return Explanation(one.name, asked, figure.value, figure.basis, ends, (), (leaf,), ())
    metric = {"energy_kwh": "energy", "duration_h": "duration", "gross_kgco2e": "gross", "net_kgco2e": "net"}
    raise UnknownFigure(FILE_KEYS.get(key, key), one.name, one.missing.get(metric.get(key, key), ()))


def _stated(one: Filled, asked: str) -> Leaf | None:
    """A figure that an input is computed from, or that a record has and no result needs."""
    of_file = {quantity.file_key: name for name, quantity in QUANTITIES.items()}
    key = of_file.get(asked, asked)
    for found in one.inputs.values():
        for term in found.terms:
            if term.key == key:
                return Leaf(key, term.key, term.kind, term.figure, None, term.origin, term.rests)
    figure = None
    if one.hardware is not None:
        record, registered = one.hardware.record, one.hardware
        figure = {"tdp": record.power.tdp, "peak": record.matrix_peak, "embodied": record.embodied}.get(key)
    if figure is None and one.model is not None:
        registered = one.model
        figure = getattr(one.model.record, key, None) if key in ("params", "active_params", "tokens") else None
    if figure is None:
        return None
    return Leaf(key, "", kind_of(key), figure, Way(registered.kind, registered.id), registered.origin)


def _steps(one: Filled, key: str, above: tuple[str, ...] = ()) -> Iterator[Step]:
    """The formula of a result, then those of what stands in it, but for those `above`: of an energy that was entered
    follows the time, and of the time the energy."""
    result = one.results[key]
    if result.formula == Formula(("duration",)):
        if "duration" in one.inputs:
            yield from input_steps("duration", one.inputs["duration"])
        return
    names = result.formula.keys()
    numbers = tuple((name, value) for name in names if (value := _value(one, name)) is not None)
    yield Step(key, result.formula, (), numbers, result.value)
    for name in names:
        if name == FLOP_PER_TOKEN:
            yield _flop_per_token(one)
            continue
        followed = name if name in one.results else QUANTITIES[name].file_key if name in QUANTITIES else ""
        if name in one.inputs:
            yield from input_steps(name, one.inputs[name])
        elif followed in one.results and followed not in (key, *above):
            yield from _steps(one, followed, (*above, key))


def _flop_per_token(one: Filled) -> Step:
    params: dict[str, float] = {
        k: one.inputs[k].value for k in ("active_params", "params", "trainable") if k in one.inputs
    }
    if "active_params" in params:
        params.pop("params", None)
    known = work.flop_per_token(params)
    assert known is not None
    return Step(FLOP_PER_TOKEN, None, (), tuple(params.items()), known.value)


def _value(one: Filled, name: str) -> float | None:
    if name == FLOP_PER_TOKEN:
        return _flop_per_token(one).value
    if name in RESULTS and name not in one.inputs:
        return one.result(name)
    return one.value(name) if name in QUANTITIES else None


def input_steps(key: str, found: Input) -> Iterator[Step]:
    """The formulas of an input that is computed from others."""
    if found.terms:
        yield Step(key, None, found.terms, (), found.value)
    for term in found.terms:
        if term.made is not None:
            yield Step(key, None, (), (), term.made.factor * term.made.value, term.made)


def _leaves(key: str, found: Input) -> list[Leaf]:
    if found.terms:
        return [Leaf(key, term.key, term.kind, term.figure, None, term.origin, term.rests) for term in found.terms]
    return [Leaf(key, "", kind_of(key), found.figure, found.way, found.origin)]

"""From one footprint to another as a waterfall: what each step takes away or adds, in kg and as a factor."""

from __future__ import annotations

from typing import NamedTuple

from carbontui.engine.four_ms import Step, Why, why
from carbontui.engine.scenario import Filled
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.text.four_ms import PLAIN, change_text, way_text
from carbontui_registry.catalogue import Catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui.engine.advice import Advice, Change


# Steps that are smaller, as parts of what they change, are not of the job but of the arithmetic.
_ROUNDING = 1e-9


class Bar(NamedTuple):
    """One line: from `start` to `end` in engine units; a whole footprint starts at 0 and has no `factor`.

    `factor` is the end over the start, `so_far` the end over the first footprint.
    """

    name: str
    change: str
    start: float
    end: float
    factor: float | None = None
    so_far: float | None = None

    @property
    def whole(self) -> bool:
        """Whether it is one of the two footprints, and no step between them."""
        return self.factor is None


class Waterfall(NamedTuple):
    """The steps from `old` to `new`, the first and the last bar being these; `way` says how they were told apart."""

    old: str
    new: str
    kind: str
    bars: tuple[Bar, ...]
    way: str = ""

    @property
    def ratio(self) -> float:
        """The last footprint over the first."""
        return self.bars[-1].end / self.bars[0].end

    @property
    def unit(self) -> tuple[str, float]:
        """One unit for all bars, that of the longest."""
        return display.unit_for([max(max(bar.start, bar.end) for bar in self.bars)], self.kind)

    def title(self, old: str, new: str, *, values: bool = True) -> str:
        """Both ends by these names, which is above the other by how much, and with `values` their figures."""
        ends = (display.shown(bar.end, self.kind, self.unit) for bar in (self.bars[0], self.bars[-1]))
        return f"{new} is {relation(self.ratio)} {old}{': ' + ' to '.join(ends) if values else ''}"

    def amount(self, bar: Bar) -> str:
        """What a step takes away or adds, or a whole footprint, in the unit of all."""
        if bar.whole:
            return display.shown(bar.end, self.kind, self.unit)
        change = bar.end - bar.start
        if abs(change) < _ROUNDING * max(abs(bar.end), abs(bar.start)):
            change = 0.0
        sign = "+" if change > 0 else "-" if change < 0 else "±"
        return sign + display.shown(abs(change), self.kind, self.unit)

    def spans(self, width: int) -> list[tuple[int, int]]:
        """The columns of each bar, from the first to the one behind the last, on one linear scale."""
        longest = max(max(bar.start, bar.end) for bar in self.bars) or 1.0
        return [
            (round(min(bar.start, bar.end) / longest * width), round(max(bar.start, bar.end) / longest * width))
            for bar in self.bars
        ]


def lines(fall: Waterfall, width: int) -> list[str]:
    """The waterfall as text: title, a line a bar, how the steps were told apart."""
    names = [bar.name if bar.whole else f"{bar.name:<14}{bar.change}" for bar in fall.bars]
    label = max(24, min(46, width - 30, max(map(len, names)) + 1))
    room = max(6, width - label - 20)
    made = [fall.title(fall.old, fall.new)]
    for name, bar, (left, right) in zip(names, fall.bars, fall.spans(room), strict=True):
        drawn = " " * left + ("█" * (right - left) or "▏")
        factor = f"  {factor_text(bar.factor)}" if bar.factor is not None else ""
        made.append(f"{display.clipped(name, label - 1):<{label}}{drawn} {fall.amount(bar)}{factor}")
    return [*made, *([fall.way] if fall.way else [])]


def factor_text(factor: float) -> str:
    """A factor that is never below 1: `÷5.7` for what makes less, `×2.1` for what makes more."""
    if abs(factor - 1) < 5e-4 or factor <= 0:
        return "×1"
    return f"×{display.significant(factor)}" if factor > 1 else f"÷{display.significant(1 / factor)}"


def relation(ratio: float) -> str:
    """How one footprint compares with another: `56.5x lower than`, `115x as high as`, `the same as`."""
    if abs(ratio - 1) < 5e-4 or ratio <= 0:
        return "the same as"
    return f"{display.times(ratio)} as high as" if ratio > 1 else f"{display.times(1 / ratio)} lower than"


def waterfall(found: Why, old: Filled, new: Filled) -> Waterfall:
    """From the footprint of `old` to that of `new` in the steps of the four Ms: `found = why(old, new, ...)`."""
    key = METRICS[found.metric]
    first, last = old.results[key].value, new.results[key].value
    steps = [(PLAIN.get(step.name, step.name), _change(step, old, new), 1 / step.ratio) for step in found.steps]
    return falling((old.name, first), (new.name, last), steps, RESULTS[key].kind, way_text(found))


def falling(
    old: tuple[str, float],
    new: tuple[str, float],
    steps: Sequence[tuple[str, str, float]],
    kind: str,
    way: str = "",
) -> Waterfall:
    """A waterfall between two named values in engine units; a step is its name, what it changes, and its factor."""
    bars, at = [Bar(old[0], "", 0.0, old[1])], old[1]
    for n, (name, change, factor) in enumerate(steps):
        # The last step ends where the other footprint is, to the last bit.
        end = new[1] if n == len(steps) - 1 else at * factor
        bars.append(Bar(name, change, at, end, factor, end / old[1]))
        at = end
    return Waterfall(old[0], new[0], kind, (*bars, Bar(new[0], "", 0.0, new[1])), way)


def of_change(advice: Advice, change: Change, catalogue: Catalogue) -> Waterfall | None:
    """From a job to a change of it; None where the change does not split into steps."""
    # Both bring NumPy, which the app's first screen has no need of.
    from carbontui.engine.advice import START
    from carbontui.text.advice import what

    key = METRICS[advice.metric]
    before = advice.own.results[key].value
    kind = RESULTS[key].kind
    if change.kind == START:
        after = before * change.ratio.value
        return falling(
            (advice.own.name, before), (what(change), after), [("start", what(change), change.ratio.value)], kind
        )
    found = why(advice.own, change.filled, advice.metric, catalogue)
    return None if found is None else waterfall(found, advice.own, change.filled)


def _change(step: Step, old: Filled, new: Filled) -> str:
    """What a step changed; where the hardware stays, what else made another energy of it."""
    if step.name == "model" and step.old is None and step.new is None:
        return "no model"
    if step.name != "machine" or step.old is None or step.old != step.new:
        return change_text(step) if step.old != step.new else f"same {PLAIN.get(step.name, step.name)}"
    for key, word in (("count", "runs"), ("chips", "chips"), ("duration", ""), ("power", "")):
        before, after = old.value(key), new.value(key)
        if before is not None and after is not None and abs(before / after - 1) > 1e-6 if after else False:
            kind = {"duration": "duration", "power": "power"}.get(key, "number")
            return f"{display.shown(before, kind)} → {display.shown(after, kind)} {word}".rstrip()
    return "same hardware"

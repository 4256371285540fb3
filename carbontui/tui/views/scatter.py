"""A sweep as dots: time across, the objective up, both on log scales, with ticks, the front as a line, and limits."""

from __future__ import annotations

from math import ceil, floor, log, log10
from typing import NamedTuple

import numpy as np

from carbontui.engine.scenario import short_hardware_name
from carbontui.engine.sweep.feasibility import OVER
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.tui.views.braille import Canvas
from carbontui.tui.views.heat import Heat
from carbontui.tui.views.labels import Cell, Labels
from carbontui.tui.views.signs import BEST, OWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from carbontui.engine.sweep import Limits

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.intp]

# Ticks of a time in hours: people count it in these.
TIMES = (
    *(1 / 3600, 10 / 3600, 1 / 60, 10 / 60, 0.5, 1, 3, 6, 12),
    *(24 * days for days in (1, 2, 3, 7, 14, 30, 60, 90, 180)),
    *(8766 * years for years in (1, 2, 5, 10, 30, 100, 300, 1000)),
)
# Providers that have a colour of their own, and the letter for each where there are no colours.
PROVIDERS = {"gcp": "g", "aws": "a", "azure": "z"}
OTHERS = "other"
FRONT, CURSOR = "●", "◉"
# Columns left of the plot, for the figures of its ticks.
GUTTER = 10
# Of what is over a limit this much more is shown, so that one sees what it keeps out.
_BEYOND = 3.0


# Round figures in engine units, each with its text.
Ticks = list[tuple[float, str]]


class Window(NamedTuple):
    """What part of the plane is seen: hours from left to right, the objective from low to high."""

    left: float
    right: float
    low: float
    high: float

    def nearer(self, hours: float, value: float, factor: float) -> Window:
        """A window around a point, `factor` times as large in logarithms."""
        width, height = (log(end / start) * factor / 2 for start, end in (self[:2], self[2:]))
        return Window(*_around(hours, width), *_around(value, height))


def _around(value: float, half: float) -> tuple[float, float]:
    return float(value * np.exp(-half)), float(value * np.exp(half))


class Point(NamedTuple):
    """A cell of the sweep on the plane."""

    machine: int
    place: int
    hours: float
    value: float


class Scattered:
    """The cells of a heat map as points; what no limit keeps out is drawn in the colour of its provider."""

    def __init__(self, heat: Heat, limits: Limits) -> None:
        self.heat, self.sweep = heat, heat.sweep
        # A time against itself would be a line: it is set against carbon.
        self.metric = "gross" if heat.sweep.question.objective == "duration" else heat.sweep.question.objective
        self.kind = RESULTS[METRICS[self.metric]].kind
        rows, columns = np.meshgrid(np.arange(heat.size[0]), np.arange(heat.size[1]), indexing="ij")
        machines, places = heat.columns[columns.ravel()], heat.rows[rows.ravel()]
        values, hours = self._values(machines, places), self._hours(machines, places)
        codes = heat.codes.ravel()
        known = ~np.isnan(values) & ~np.isnan(hours) & ((codes == 0) | (codes == OVER))
        # Nothing has no place on a logarithmic scale.
        self.at_nothing = int(np.count_nonzero(known & (values <= 0)))
        known &= (values > 0) & (hours > 0)
        self.machines, self.places = machines[known], places[known]
        self.hours, self.values, self.free = hours[known], values[known], codes[known] == 0
        names = [place.region.record.provider for place in self.sweep.places]
        of = [list(PROVIDERS).index(name) if name in PROVIDERS else len(PROVIDERS) for name in names]
        self.providers = np.array(of, dtype=np.intp)[self.places]
        limited = limits.most()
        self.most_hours, self.most_value = limited.get("duration"), limited.get(self.metric)
        self.front = sorted(
            point for cell in heat.front if (point := self.point(*cell)) is not None and point.value > 0
        )
        self.front.sort(key=lambda one: (one.hours, one.value))
        own = [point for cell in heat.as_it_is() if (point := self.point(*cell)) is not None]
        # The job as it is; of several periods none.
        self.own = own[0] if len(own) == 1 else None

    def _values(self, machines: Numbers, places: Numbers) -> Floats:
        if self.metric == self.sweep.question.objective:
            return self.heat.values.ravel()
        found = self.sweep.metric(self.metric, slice(0, len(self.sweep.machines)))
        return found[machines, places]

    def _hours(self, machines: Numbers, places: Numbers) -> Floats:
        hours = self.sweep.part.duration[machines].copy()
        for (machine, place), filled in self.sweep.patched.items():
            value = filled.result("duration_h")
            hours[(machines == machine) & (places == place)] = np.nan if value is None else value
        return hours

    def point(self, machine: int, place: int) -> Point | None:
        """A cell as a point; None where it is not drawn."""
        found = np.flatnonzero((self.machines == machine) & (self.places == place))
        if not found.size:
            return None
        return self._nth(int(found[0]))

    def _nth(self, n: int) -> Point:
        return Point(int(self.machines[n]), int(self.places[n]), float(self.hours[n]), float(self.values[n]))

    def window(self) -> Window | None:
        """All that is free, and of what a limit keeps out as much as shows where the limit is."""
        if not self.hours.size:
            return None
        seen = self.free if self.free.any() else np.ones_like(self.free)
        left, right = float(self.hours[seen].min()), float(self.hours[seen].max())
        low, high = float(self.values[seen].min()), float(self.values[seen].max())
        if self.most_hours is not None and not self.free.all():
            right = max(right, min(_BEYOND * self.most_hours, float(self.hours.max())))
        if self.most_value is not None and not self.free.all():
            high = max(high, min(_BEYOND * self.most_value, float(self.values.max())))
        # A single time, or a single figure, goes in the middle.
        spread = (1.5, 1.5) if right <= left else (1.0, 1.0)
        return Window(left / spread[0], right * spread[1], *((low / 1.5, high * 1.5) if high <= low else (low, high)))

    def near(self, plot: Plot, column: int, row: int) -> Point | None:
        """The free point that a click means: the nearest within three cells, on the front first."""
        xs, ys = plot.columns(self.hours), plot.rows(self.values)
        far = np.abs(xs - column) + 2 * np.abs(ys - row)
        far = np.where(self.free & plot.inside(self.hours, self.values), far, np.inf)
        if not far.size or not np.isfinite(far.min()) or far.min() > 6:
            return None
        nearest = [self._nth(int(n)) for n in np.flatnonzero(far == far.min())]
        return next((one for one in nearest if one in self.front), nearest[0])

    def next_to(self, plot: Plot, at: Point, across: int, down: int) -> Point | None:
        """The nearest free point in the direction of an arrow that is drawn in another cell."""
        dx = 2 * (plot.columns(self.hours) - plot.column(at.hours))
        dy = 4 * (plot.rows(self.values) - plot.row(at.value))
        along, aside = (across * dx, np.abs(dy)) if across else (down * dy, np.abs(dx))
        cost = np.where(self.free & plot.inside(self.hours, self.values) & (along > 0), along + 2.5 * aside, np.inf)
        if not cost.size or not np.isfinite(cost.min()):
            return None
        return self._nth(int(cost.argmin()))

    def label(self, point: Point) -> str:
        """What a point is: hardware, region, figure."""
        hardware = short_hardware_name(self.sweep.machines[point.machine].hardware.record)
        region = self.sweep.places[point.place].region.record.name
        return f"{hardware} · {region} · {display.shown(point.value, self.kind)}"


class Plot:
    """A window on the plane, drawn on `width` by `height` cells."""

    def __init__(self, window: Window, width: int, height: int) -> None:
        self.window, self.width, self.height = window, max(2, width), max(2, height)

    def column(self, hours: float) -> int:
        """The column of a time."""
        return round(self._across(hours) * (self.width - 1))

    def row(self, value: float) -> int:
        """The row of a figure."""
        return round(self._down(value) * (self.height - 1))

    def columns(self, hours: Floats) -> Numbers:
        """The columns of many times."""
        left, right = self.window[:2]
        found: Numbers = np.rint(np.log(hours / left) / log(right / left) * (self.width - 1)).astype(np.intp)
        return found

    def rows(self, values: Floats) -> Numbers:
        """The rows of many figures."""
        low, high = self.window[2:]
        found: Numbers = np.rint((1 - np.log(values / low) / log(high / low)) * (self.height - 1)).astype(np.intp)
        return found

    def inside(self, hours: Floats, values: Floats) -> NDArray[np.bool_]:
        """Which points are in the window."""
        left, right, low, high = self.window
        edge = 1 + 1e-9
        made: NDArray[np.bool_] = (
            (hours * edge >= left) & (hours <= right * edge) & (values * edge >= low) & (values <= high * edge)
        )
        return made

    def holds(self, point: Point) -> bool:
        """Whether a point is in the window."""
        return bool(self.inside(np.array([point.hours]), np.array([point.value]))[0])

    def _across(self, hours: float) -> float:
        return log(hours / self.window.left) / log(self.window.right / self.window.left)

    def _down(self, value: float) -> float:
        return 1 - log(value / self.window.low) / log(self.window.high / self.window.low)

    def dot(self, hours: float, value: float) -> tuple[float, float]:
        """The dot of a point, as `Canvas.line` takes it."""
        return self._across(hours) * (2 * self.width - 2) + 0.5, self._down(value) * (4 * self.height - 4) + 1.5

    def at(self, column: int, row: int) -> tuple[float, float]:
        """Time and figure in the middle of a cell."""
        left, right, low, high = self.window
        across, up = column / (self.width - 1), 1 - row / (self.height - 1)
        return left * (right / left) ** across, low * (high / low) ** up


def ticks(low: float, high: float, kind: str, most: int) -> Ticks:
    """At most this many round figures between two ends, each with its text."""
    if kind == "duration":
        found = [time for time in TIMES if low <= time <= high]
    else:
        _, size = display.unit_for([high], kind)
        powers = range(floor(log10(low / size)) - 1, ceil(log10(high / size)) + 1)
        for steps in ((1, 2, 5), (1, 3), (1,)):
            found = [s * 10.0**p * size for p in powers for s in steps if low <= s * 10.0**p * size <= high]
            if len(found) <= most:
                break
    every = max(1, ceil(len(found) / max(1, most)))
    return [(value, tick_text(value, kind)) for value in found[::every]]


def tick_text(value: float, kind: str) -> str:
    """A round figure as short as it can be: `30 t`, `7 d`, `12 h`."""
    if kind == "duration":
        name, size = next(one for one in reversed(display.SCALES[kind]) if value >= one[1] or one[0] == "s")
    else:
        name, size = display.unit_for([value], kind)
    return f"{display.plain(float(f'{value / size:.3g}'), 4)} {name}".rstrip()


class Mark(NamedTuple):
    """A sign or some text on the plot and its look: "dot-N" by provider, "over", "grid", "front", "best", "cursor",
    "limit", "label"."""

    text: str
    look: str


class Drawing:
    """All that no step of the cursor changes: grid, points, limits, front, the later above the earlier.

    `letters` writes a provider's letter in place of dots in its colour.
    """

    def __init__(self, of: Scattered, plot: Plot, *, letters: bool = False) -> None:
        self.of, self.plot = of, plot
        self.across, self.up = plot_ticks(of, plot)
        self._lines: list[dict[int, Mark]] = [{} for _ in range(plot.height)]
        _draw_grid(self._lines, plot, self.across, self.up)
        _draw_points(self._lines, of, plot, letters=letters)
        _draw_limits(self._lines, of, plot)
        self._signs = _draw_front(self._lines, of, plot)

    def lines(self, cursor: Point | None) -> list[dict[int, Mark]]:
        """The marks of each line by column, with the cursor and as many labels as have room."""
        of, plot, signs = self.of, self.plot, dict(self._signs)
        if cursor is not None and plot.holds(cursor):
            signs[plot.column(cursor.hours), plot.row(cursor.value)] = Mark(CURSOR, "cursor")
        else:
            cursor = None
        lines = [dict(line) for line in self._lines]
        for (x, y), mark in signs.items():
            lines[y][x] = mark
        room = Labels(plot.width, plot.height, signs)
        for point, look in [(cursor, "cursor"), *((one, "label") for one in _worth_a_label(of, plot))]:
            if point is None or (look == "label" and point == cursor):
                continue
            cell, text = (plot.column(point.hours), plot.row(point.value)), of.label(point)
            if (at := room.put(cell, text, must=look == "cursor")) is not None:
                lines[at[1]][at[0]] = Mark(text, look)
        return lines


def _worth_a_label(of: Scattered, plot: Plot) -> Sequence[Point]:
    """The ends of the front, which are the fastest and the best, then those between."""
    seen = [one for one in of.front if plot.holds(one)]
    return [*seen[-1:], *seen[:1], *seen[1:-1]]


def _draw_grid(lines: list[dict[int, Mark]], plot: Plot, across: Ticks, up: Ticks) -> None:
    rows = {plot.row(value) for value, _ in up}
    columns = {plot.column(value) for value, _ in across}
    for y, line in enumerate(lines):
        for x in range(plot.width) if y in rows else columns:
            line[x] = Mark("┼" if y in rows and x in columns else "┈" if y in rows else "┊", "grid")


def plot_ticks(of: Scattered, plot: Plot) -> tuple[Ticks, Ticks]:
    """The ticks below and at the left."""
    left, right, low, high = plot.window
    return ticks(left, right, "duration", max(2, plot.width // 12)), ticks(low, high, of.kind, max(2, plot.height // 3))


def _draw_points(lines: list[dict[int, Mark]], of: Scattered, plot: Plot, *, letters: bool) -> None:
    inside = plot.inside(of.hours, of.values)
    kinds = np.where(of.free, of.providers, len(PROVIDERS) + 1)
    fine = Plot(plot.window, 2 * plot.width, 4 * plot.height)
    xs, ys, kinds = fine.columns(of.hours[inside]), fine.rows(of.values[inside]), kinds[inside]
    canvas = Canvas(plot.width, plot.height)
    count: dict[Cell, dict[int, int]] = {}
    for x, y, kind in zip(xs.tolist(), ys.tolist(), kinds.tolist(), strict=True):
        canvas.dot(x, y)
        here = count.setdefault((x // 2, y // 4), {})
        here[kind] = here.get(kind, 0) + 1
    names = [*PROVIDERS, OTHERS, "over"]
    for (x, y), here in count.items():
        # What is free before what is not, then whose points are most.
        kind = min(here, key=lambda one: (one > len(PROVIDERS), -here[one], one))
        sign = _letter(kind) if letters else canvas.at(x, y)
        lines[y][x] = Mark(sign, "over" if names[kind] == "over" else f"dot-{names[kind]}")


def _letter(kind: int) -> str:
    return (*PROVIDERS.values(), "o", ".")[kind]


def _draw_limits(lines: list[dict[int, Mark]], of: Scattered, plot: Plot) -> None:
    left, right, low, high = plot.window
    if of.most_hours is not None and left <= of.most_hours <= right:
        x = plot.column(of.most_hours)
        for line in lines:
            line[x] = Mark("│", "limit")
    if of.most_value is not None and low <= of.most_value <= high:
        y = plot.row(of.most_value)
        for x in range(plot.width):
            lines[y][x] = Mark("─", "limit")


def _draw_front(lines: list[dict[int, Mark]], of: Scattered, plot: Plot) -> dict[Cell, Mark]:
    """The front as a line, from one of its points to the next; gives the signs of these, and of the job as it is."""
    canvas = Canvas(plot.width, plot.height)
    for one, other in zip(of.front, of.front[1:], strict=False):
        canvas.line(*plot.dot(one.hours, one.value), *plot.dot(other.hours, other.value))
    for y in range(plot.height):
        for x in range(plot.width):
            if (sign := canvas.at(x, y)) != " ":
                lines[y][x] = Mark(sign, "front")
    signs = {}
    for point in of.front:
        if plot.holds(point):
            best = (point.machine, point.place) == of.heat.best
            signs[plot.column(point.hours), plot.row(point.value)] = Mark(BEST if best else FRONT, "best")
    if (own := of.own) is not None and plot.holds(own):
        signs[plot.column(own.hours), plot.row(own.value)] = Mark(OWN, "best")
    return signs

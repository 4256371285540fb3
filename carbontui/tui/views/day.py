"""The mean day of a region's carbon factor: as a sparkline or a curve, with the start that is best for a job."""

from __future__ import annotations

from typing import NamedTuple

from carbontui.engine.best_start import LEAST_SAVED, Start, profile_of, when
from carbontui.engine.scenario import Filled
from carbontui.text import display
from carbontui.text.record import Shown
from carbontui.text.table import cells_of
from carbontui.tui.views.braille import Canvas
from carbontui.tui.views.footprint_lines import Pieces, wrapped
from carbontui.tui.views.hanging import to_fit
from carbontui_registry.catalogue import Catalogue, Registered

BARS = "▁▂▃▄▅▆▇█"
HOURS = 24
# What a start saves at least, so that it is worth a word.
MATTERS = 0.005
LIMITS = "an average day of a whole year, not a forecast; average factors, not marginal ones"


class Day(NamedTuple):
    """A mean day by the local clock of `zone`: 24 values with mean 1, of `owner`, the region or a grid above it.

    `best` and `worst` are starts of a job, None where there is none or its duration is not known. `factor` is the
    mean in gCO2e/kWh, None where it is not known.
    """

    owner: str
    period: str
    zone: str
    shape: tuple[float, ...]
    note: str
    best: Start | None = None
    worst: Start | None = None
    factor: float | None = None

    @property
    def lowest(self) -> int:
        """The hour with the lowest factor."""
        return self.shape.index(min(self.shape))

    @property
    def highest(self) -> int:
        """The hour with the highest factor."""
        return self.shape.index(max(self.shape))

    @property
    def saving(self) -> float:
        """What the best start saves of what any start costs in the mean; 0 without a job."""
        return 1 - self.best.relative if self.best is not None else 0.0


def day_of(region: Registered | None, catalogue: Catalogue, one: Filled | None = None) -> Day | None:
    """The mean day of a region or of its grid, None where no profile is known; with the best start of a job there.

    `one` is the job filled in, in this region: `day_of(one.region, catalogue, one)`.
    """
    found = profile_of(region, catalogue) if region is not None else None
    if found is None:
        return None
    owner, factor = found
    assert factor.hourly is not None
    hourly = factor.hourly
    starts = when(one, catalogue) if one is not None else None
    gross = one.value("gross") if one is not None else factor.gross.value if factor.gross is not None else None
    return Day(
        owner.record.name,
        hourly.period or factor.period,
        hourly.time_zone,
        hourly.shape,
        hourly.note or "",
        starts.best if starts is not None else None,
        starts.worst if starts is not None else None,
        gross,
    )


def day_lines(
    region: Registered | None, catalogue: Catalogue, one: Filled | None = None, *, width: int = 44, height: int = 0
) -> list[Shown]:
    """The mean day in lines of at most `width` columns; nothing where no profile is known.

    A sparkline of 24 columns, or with a `height` a curve of that many lines; the hours below it, where the best start
    is, what it saves, and what a mean day is not.
    """
    day = day_of(region, catalogue, one)
    if day is None:
        return []
    lines = [Shown(f"mean day of {day.owner} in {day.period}, {day.zone}", "head")]
    if height:
        lines += [Shown(line) for line in curve(day, width, height)]
        lines += [Shown(line, "dim") for line in below(day, width)]
    else:
        lines += [Shown(sparkline(day)), *(Shown(line, "dim") for line in axis(day, HOURS))]
    lines.append(Shown(start_text(day), "title" if day.saving >= MATTERS else ""))
    return [*lines, Shown("; ".join(filter(None, (day.note, LIMITS))), "dim")]


# Columns of a day beside a text, and what is left free between the two.
_WIDEST_BESIDE, _BETWEEN = 80, 3
# Lines of a curve that still has its shape.
_LOW_CURVE = 6


def day_pieces(one: Filled, catalogue: Catalogue, width: int, height: int) -> list[Pieces]:
    """The mean day of the job's region in lines that fit."""
    made: list[Pieces] = []
    for rows in range(max(3, min(12, height - 5)), 2, -1):
        lines = day_lines(one.region, catalogue, one, width=width, height=rows)
        # The curve stays as it is; only sentences are longer than a line.
        each = [wrapped(line.text, width, "dim" if line.mark == "dim" else "") for line in lines]
        made = [piece for pieces in each for piece in pieces]
        # What the day says of the job is never cut off, and what a mean day is not where the curve keeps its shape.
        if len(made) <= height or (rows <= _LOW_CURVE and len(made) - len(each[-1]) <= height):
            break
    if not made:
        known = "no mean day is known for this region" if one.region is not None else "appears once there is a region"
        return wrapped(known, width, "dim")
    return made


def day_and_text(
    one: Filled, catalogue: Catalogue, text: str, rest: str, width: int, height: int
) -> list[tuple[tuple[str, str], ...]]:
    """The mean day of the job's region, where one is known, and at its right a text; `rest` says where what has no room
    can be read."""
    if day_of(one.region, catalogue) is None:
        return [((line, "" if n else "strong"),) for n, line in enumerate(to_fit(text, width, height, rest))]
    left = min(_WIDEST_BESIDE, (width - _BETWEEN) // 2)
    days = day_pieces(one, catalogue, left, height)
    texts = to_fit(text, width - left - _BETWEEN, height, rest)
    made = []
    for n in range(max(len(days), len(texts))):
        pieces = days[n] if n < len(days) else ()
        gap = left + _BETWEEN - sum(cells_of(said) for said, _ in pieces)
        made.append((*pieces, (" " * gap, ""), (texts[n] if n < len(texts) else "", "" if n else "strong")))
    return made


def sparkline(day: Day) -> str:
    """A character an hour, from the lowest factor of the day to the highest."""
    low, high = min(day.shape), max(day.shape)
    size = (high - low) or 1.0
    return "".join(BARS[min(int((value - low) / size * len(BARS)), len(BARS) - 1)] for value in day.shape)


def brief(day: Day) -> list[str]:
    """The mean day in one line: the sparkline, the start or the hour that is best, and what is less then."""
    if day.best is not None and day.saving >= MATTERS:
        saves = f"-{display.significant(100 * day.saving, 2)} %"
        return [sparkline(day), f"best start {day.best.hour:02}:00", saves]
    return [sparkline(day), f"lowest at {day.lowest:02}:00", _percent(day.shape[day.lowest] - 1)]


def start_text(day: Day) -> str:
    """Which start is best and what it saves; without a job, which hours are lowest and highest."""
    if day.best is None or day.worst is None:
        low, high = day.lowest, day.highest
        return (
            f"lowest at {low:02}:00, {_percent(day.shape[low] - 1)};"
            f" highest at {high:02}:00, {_percent(day.shape[high] - 1)} relative to the day's mean"
        )
    if day.worst.relative - day.best.relative < 1e-9:
        return "no start is better: the job takes whole days"
    if day.saving < LEAST_SAVED:
        return f"no start is better: the best saves less than {100 * LEAST_SAVED:g} %, because the job is long"
    saves = f"saves {display.significant(100 * day.saving, 2)} % compared with an average start"
    if day.saving < MATTERS:
        return f"best start {day.best.hour:02}:00 {saves}: next to nothing, because the job is long"
    return f"▲ best start {day.best.hour:02}:00 {saves}; worst {day.worst.hour:02}:00"


def curve(day: Day, width: int, height: int) -> list[str]:
    """The day as a curve in braille, with its lowest and highest figure at the left.

    In gCO2e/kWh where the mean is known, else over the day's mean; each hour holds until the next.
    """
    gutter, room = _room(day, width)
    canvas = Canvas(room, height)
    low, high = min(day.shape), max(day.shape)
    size = (high - low) or 1.0
    columns, rows = canvas.dots
    before: int | None = None
    for x in range(columns):
        # Between the middles of two hours in a straight line.
        at = (x + 0.5) / columns * HOURS - 0.5
        hour = int(at // 1)
        part = at - hour
        value = day.shape[hour % HOURS] * (1 - part) + day.shape[(hour + 1) % HOURS] * part
        y = round((high - value) / size * (rows - 1))
        # Also where it is steep it is one line.
        for between in range(min(y, before if before is not None else y), max(y, before if before is not None else y)):
            canvas.dot(x, between)
        canvas.dot(x, y)
        before = y
    labels = {0: _label(day, high), height - 1: _label(day, low)}
    return [f"{labels.get(n, ''):>{gutter - 1}} {line}" for n, line in enumerate(canvas.lines())]


def below(day: Day, width: int) -> list[str]:
    """The hours below a curve of that width, and a mark where the best start is."""
    gutter, room = _room(day, width)
    return [" " * gutter + line for line in axis(day, room)]


def axis(day: Day, width: int) -> list[str]:
    """The hours of the day under a plot of that width, then a mark: under the best start of a job, where that matters;
    without a job under the lowest hour."""
    hours = [" "] * (width + 2)
    for hour in (0, 6, 12, 18):
        text = f"{hour:02}"
        hours[hour * width // HOURS : hour * width // HOURS + 2] = text
    if day.best is not None and day.saving < MATTERS:
        return ["".join(hours).rstrip(), ""]
    best = day.best.hour if day.best is not None else day.lowest
    mark = " " * min(width - 1, int((best + 0.5) * width / HOURS)) + "▲"
    return ["".join(hours).rstrip(), mark]


def _room(day: Day, width: int) -> tuple[int, int]:
    gutter = max(len(_label(day, end)) for end in (min(day.shape), max(day.shape))) + 1
    return gutter, max(8, width - gutter)


def _label(day: Day, relative: float) -> str:
    if day.factor is None:
        return f"{relative:.2f}"
    return display.significant(day.factor * relative, 3)


def _percent(share: float) -> str:
    return f"{'+' if share >= 0 else '-'}{display.significant(abs(100 * share), 2)} %"

"""What the heat map shows of a sweep: rows and columns in order, and of each cell its text, its shade, its mark."""

from __future__ import annotations

import textwrap

import numpy as np

from carbontui.engine.scenario import short_hardware_name
from carbontui.engine.sweep import CODES, Cell, Limits, Survey, Sweep
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.text.notes import missing_text
from carbontui.text.sweep import MARKS, limits_text
from carbontui.tui.views.ramp import shade
from carbontui.tui.views.signs import BARRED
from carbontui_registry.text import count_of, is_are

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from carbontui_registry.catalogue import Registered

ORDERS = ("best first", "by the cursor", "by name")
COLUMN = 10


class Heat:
    """Hardware as columns, places as rows, of one model and one number of chips.

    `order` says how both are sorted; the words of `query` leave only what has them, each among the regions, the
    hardware, or both.
    """

    def __init__(
        self, sweep: Sweep, survey: Survey, *, order: str = "best first", query: str = "", at: Cell | None = None
    ) -> None:
        self.sweep, self.survey = sweep, survey
        self.values, self.codes = sweep.values(slice(0, len(sweep.machines)))
        self.values, self.codes = self.values.T, self.codes.T
        rows, columns = _matching(sweep, query)
        self.rows = np.array(_sorted(self, rows, order, at, by_row=True), dtype=np.intp)
        self.columns = np.array(_sorted(self, columns, order, at, by_row=False), dtype=np.intp)
        self.values = self.values[np.ix_(self.rows, self.columns)]
        self.codes = self.codes[np.ix_(self.rows, self.columns)]
        self.best = survey.best[0][1:] if survey.best else None
        own = sweep.bases[0].standing
        self._own = own.region.id if own.region is not None else ""
        self._own_machine = (own.hardware.id, own.value("chips")) if own.hardware is not None else None
        self.front = {(cell.machine, cell.place) for cell in survey.front}
        self.kind = RESULTS[METRICS[sweep.question.objective]].kind
        free = self.values[self.codes == 0]
        shown = free if free.size else self.values[~np.isnan(self.values)]
        # One unit for all cells, that of the middle one: the eye compares numbers, not units.
        self.unit = display.unit_for([float(np.median(shown))], self.kind) if shown.size else ("", 1.0)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.columns)

    def cell(self, row: int, column: int) -> Cell:
        """The sweep's cell at that place."""
        return Cell(float(self.values[row, column]), int(self.columns[column]), int(self.rows[row]))

    def where(self, machine: int, place: int) -> tuple[int, int] | None:
        """Row and column of a cell, if they are shown."""
        rows, columns = np.flatnonzero(self.rows == place), np.flatnonzero(self.columns == machine)
        return (int(rows[0]), int(columns[0])) if rows.size and columns.size else None

    def knows(self, machine: int, place: int) -> bool:
        """Whether the cell is shown and its figure is known."""
        where = self.where(machine, place)
        return where is not None and not np.isnan(self.values[where])

    def text(self, row: int, column: int) -> str:
        """The figure, in the unit of all."""
        value = float(self.values[row, column])
        return display.UNKNOWN if np.isnan(value) else display.significant(value / self.unit[1], 3)

    def mark(self, row: int, column: int) -> str:
        """`◆` the best, `·` Pareto-best, `×` not possible."""
        if self.codes[row, column]:
            return BARRED if not np.isnan(self.values[row, column]) else ""
        at = (int(self.columns[column]), int(self.rows[row]))
        return "◆" if at == self.best else "·" if at in self.front else ""

    def shade(self, row: int, column: int, ends: tuple[float, float]) -> int | None:
        """0 to `SHADES - 1` by the logarithm between the ends, None where a cell is barred or unknown."""
        value = float(self.values[row, column])
        return None if self.codes[row, column] or np.isnan(value) else shade(value, *ends)

    def ends(self, rows: slice, columns: slice) -> tuple[float, float]:
        """The least and the most of some cells that may be best; of what they would be, where none may."""
        values, codes = self.values[rows, columns], self.codes[rows, columns]
        free = values[codes == 0]
        shown = free if free.size else values[~np.isnan(values)]
        # Nothing has no place on a logarithmic scale.
        some = shown[shown > 0]
        return (float((some if some.size else shown).min()), float(shown.max())) if shown.size else (0.0, 0.0)

    def why(self, row: int, column: int) -> str:
        """What keeps the cell from being best, in words."""
        code = CODES[self.codes[row, column]]
        return MARKS.get(code, "" if not code else self._unknown(row, column))

    def _unknown(self, row: int, column: int) -> str:
        one = self.sweep.filled(int(self.columns[column]), int(self.rows[row]))
        asked = self.sweep.question
        if asked.objective in one.missing and not {"gross", "net"} & set(one.missing[asked.objective]):
            return f"unknown: {missing_text(one, asked.objective, remedy=False)}"
        factor = (
            f"net factor of {asked.accounting} coverage" if asked.objective == "net" else f"{asked.accounting} factor"
        )
        return f"unknown: no {factor} of {one.region.id if one.region else 'this place'}"

    def heads(self, column: int) -> list[str]:
        """The hardware's name in two lines of a column."""
        name = short_hardware_name(self.sweep.machines[int(self.columns[column])].hardware.record)
        lines = textwrap.wrap(name, COLUMN - 1)[:2]
        return [*[""] * (2 - len(lines)), *lines]

    def label(self, row: int) -> str:
        """The region's name, with its period where several are swept."""
        place = self.sweep.places[int(self.rows[row])]
        period = f" {place.period}" if self.sweep.question.periods else ""
        return f"{place.region.record.name}{period}"

    def is_own(self, row: int) -> bool:
        """Whether the region is the job's own."""
        return self.sweep.places[int(self.rows[row])].region.id == self._own

    @property
    def has_own(self) -> bool:
        """Whether the job's own region is among the rows."""
        return any(map(self.is_own, range(len(self.rows))))

    def as_it_is(self) -> list[tuple[int, int]]:
        """Machine and place of the cells of the job's own region with as many chips of the same hardware: one, and
        of several periods more."""
        if self._own_machine is None:
            return []
        hardware, chips = self._own_machine
        # No number of chips is the job's own number.
        machines = [
            n for n, one in enumerate(self.sweep.machines) if one.hardware.id == hardware and one.chips in (None, chips)
        ]
        places = [n for n, one in enumerate(self.sweep.places) if one.region.id == self._own]
        return [(machine, place) for machine in machines for place in places]

    def none_said(self) -> str:
        """How many combinations are possible; where none is, what keeps all of them from it."""
        found, limits = self.survey, self.sweep.question.limits
        said = f"{found.possible:,} of {count_of(found.cells, 'combination')} {is_are(found.possible)} possible"
        if found.possible:
            return said
        for name in ("max_days", "max_gross", "max_net", "max_energy", "max_cost"):
            value = getattr(limits, name)
            if value is None:
                continue
            asked = self.sweep.question
            others = self.sweep.asked(asked.objective, limits.replace(**{name: None}), marked=asked.marked)
            if others.survey(1).possible:
                return f"{limits_text(Limits(**{name: value}))[0]} excludes all {count_of(found.cells, 'combination')}"
        offered = found.marked["nobody"] + found.marked["elsewhere"]
        parts = [
            (found.over, "over a limit"),
            (offered, "not offered"),
            (found.marked["memory"], "too small"),
            (found.marked["time"], "too slow"),
            (found.unlike, "not ranked"),
            (found.unknown + found.hours, "unknown"),
        ]
        most = sorted((part for part in parts if part[0]), reverse=True)[:2]
        return f"0 of {found.cells:,} are possible: {', '.join(f'{number:,} {what}' for number, what in most)}"

    def days_said(self, key: str) -> str:
        """What a limit of days leaves out, where it is nothing or most: the number of chips is not the limit's. `key`
        changes that number."""
        limits = self.sweep.question.limits
        if limits.max_days is None or self.sweep.by_hours:
            return ""
        asked = self.sweep.question
        others = self.sweep.asked(asked.objective, limits.replace(max_days=None), marked=asked.marked)
        possible = int(np.count_nonzero(others.values(slice(0, len(others.machines)))[1] == 0))
        out = possible - self.survey.possible
        if not possible or 0 < 2 * out <= possible:
            return ""
        numbers = {self.sweep.chips(n) for n in range(len(self.sweep.machines))}
        if numbers == {None}:
            return f"{limits.max_days:g} d excludes all without a number of chips ([{key}] enter it)"
        number = numbers.pop() if len(numbers) == 1 else None
        chips = count_of(number, "chip") if number is not None else "the job's number of chips"
        what = f"{out:,} of {possible:,}" if 0 < out < possible else "all" if out else "nothing"
        return f"{limits.max_days:g} d excludes {what} at {chips} ([{key}] change)"


def _matching(sweep: Sweep, query: str) -> tuple[list[int], list[int]]:
    rows, columns = list(range(len(sweep.places))), list(range(len(sweep.machines)))
    regions = [_words(place.region, place.region.record.country) for place in sweep.places]
    hardware = [_words(machine.hardware, machine.hardware.record.vendor) for machine in sweep.machines]
    for word in query.lower().split():
        in_rows, in_columns = [n for n in rows if word in regions[n]], [n for n in columns if word in hardware[n]]
        if in_rows or not in_columns:
            rows = in_rows
        if in_columns or not in_rows:
            columns = in_columns
    return rows, columns


def _words(found: Registered, more: str | None) -> str:
    return f"{found.id} {found.record.name} {more or ''}".lower()


def _sorted(heat: Heat, chosen: Sequence[int], order: str, at: Cell | None, *, by_row: bool) -> list[int]:
    """Numbers of rows or columns in order; barred and unknown ones come last."""
    values: NDArray[np.float64] = np.where(heat.codes == 0, heat.values, np.inf)
    names = (
        [place.region.record.name for place in heat.sweep.places]
        if by_row
        else [machine.hardware.record.name for machine in heat.sweep.machines]
    )
    if order == "by name":
        return sorted(chosen, key=lambda n: names[n].lower())
    if order == "by the cursor" and at is not None:
        line = values[:, at.machine] if by_row else values[at.place, :]
    else:
        line = values.min(axis=1 if by_row else 0) if values.size else np.zeros(max(values.shape))
    # What is barred everywhere is still in order of what it would be.
    loose = np.nan_to_num(heat.values, nan=np.inf)
    behind = loose.min(axis=1 if by_row else 0) if loose.size else line
    return sorted(chosen, key=lambda n: (line[n], behind[n], names[n]))

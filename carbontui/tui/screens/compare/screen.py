"""Compare: scenarios as columns, figures as rows, the cursor on a cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

from carbontui.engine.comparison import Comparison, ForEach
from carbontui.engine.equivalents import EQUIVALENTS
from carbontui.engine.run_choice import OWN
from carbontui.text.records import source_line
from carbontui.tui import bindings, workspace
from carbontui.tui.screens.compare.edit import CellActions
from carbontui.tui.screens.compare.explain import ReadActions
from carbontui.tui.screens.compare.files import FileActions
from carbontui.tui.screens.editing import EditsScenario
from carbontui.tui.styles import stylesheet
from carbontui.tui.views import bar_values, sheet_rows
from carbontui.tui.views.spared import spared
from carbontui.tui.widgets.bars import Bars
from carbontui.tui.widgets.sheet import Sheet

ROOM_FOR_ALL_INPUTS = 34
# From here on the reasons stand below the bars unasked.
ROOM_FOR_REASONS = 50
# What else a large window shows, where scenarios as rows leave it as many lines.
ROOM_BELOW_ROWS = 30
MOST_BARS = 24
# The title of the bars and two of them.
BARS_AT_LEAST = 3


class CompareScreen(CellActions, ReadActions, FileActions, EditsScenario):
    """Home."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("compare")
    DEFAULT_CSS = stylesheet("compare")

    def __init__(self, height: int = 0, *, several: bool = False) -> None:
        """What it has room for is known before there is anything whose style follows from it."""
        super().__init__()
        self._follow(height, several=several, update=False)
        self.all_inputs: bool | None = None
        self.beside = self.rates = False
        self._drawn_at: int | None = None
        self._was_at = 0
        # What the rows were made for, and they.
        self._rows_before: tuple[object, ForEach[Any], list[sheet_rows.Row]] | None = None

    def body(self) -> Iterable[Widget]:
        """Sheet and bars; what else stands below comes when it is first shown."""
        yield Sheet()
        yield Bars()

    @property
    def home_focus(self) -> Sheet:
        """The sheet."""
        return self.sheet

    def on_mount(self) -> None:
        """Draw, with the cursor in the sheet."""
        self.draw()
        self.sheet.focus()

    def on_resize(self, event: events.Resize) -> None:
        """A taller window shows more inputs."""
        if event.size.height != self._drawn_at:
            self.draw(event.size.height)

    def _follow(self, height: int, *, several: bool, update: bool = True) -> bool:
        """The classes that follow from the window's height; whether all inputs have room."""
        tall = height >= ROOM_FOR_ALL_INPUTS
        self.set_class(tall, "tall", update=update)
        self.set_class(height >= ROOM_FOR_REASONS and several, "roomy", update=update)
        few = len(self.question.scenarios) <= height - ROOM_BELOW_ROWS if update else False
        self.set_class(few, "few", update=update)
        return tall

    def draw(self, height: int | None = None) -> None:
        """Everything from the workspace."""
        app = self.carbon
        comparison = app.comparison
        question = comparison.question
        self._as_rows(app.workspace.rows)
        sheet = self.sheet
        height = height or self.size.height
        self._drawn_at = height
        tall = self._follow(height, several=len(question.scenarios) > 1)
        # What is above and below stays in sight; rows that do not fit scroll with the cursor.
        reasons = self.shows_why
        if reasons:
            self.with_reasons()
        lines_of_totals = self._draw_totals(comparison)
        # In a low window sums of several groups take the place of the bars.
        sums = not tall and lines_of_totals > BARS_AT_LEAST // 2
        self.set_class(sums, "sums")
        if sums:
            # The line of keys stays at the foot.
            self.query_one("Totals").styles.height = "1fr"
        rows = self._rows(comparison, tall=tall)
        around = lines_of_totals + (6 + 9 * reasons if tall else 4 + 7 * reasons)
        bars = 0 if not tall and (reasons or sums) else BARS_AT_LEAST
        if self.all_inputs is None and not self.has_class("transposed"):
            key = self.pressed("compare.inputs")
            if bars and len(question.scenarios) < MOST_BARS:
                # Rows that say nothing give way to bars.
                full = 1 + len(spared(rows, 0, key))
                bars = max(bars, min(len(question.scenarios) + 1, height - around - full))
            rows = spared(rows, max(3, height - around - bars) - 1, key)
        sheet.styles.max_height = None if self.has_class("transposed") else max(3, height - around - bars)
        sheet.show(tuple(one.name for one in comparison.scenarios), rows, comparison.baseline)
        rows_and_bars, roomy = 2 * (len(question.scenarios) + 1), self.has_class("roomy")
        charted = not sums and not roomy and (tall or not reasons) and rows_and_bars + around <= height
        self.set_class(charted, "charted")
        if charted or not self.has_class("transposed"):
            self._draw_bars(comparison)
        right = [question.accounting.replace("-", " "), question.metric]
        if comparison.scenarios:
            name = comparison.scenarios[comparison.baseline].name
            right.insert(0, f"baseline {comparison.baseline + 1} {name}")
        self.draw_frame(*right)
        self.tell()

    def _draw_bars(self, comparison: Comparison) -> None:
        space, chart = self.carbon.workspace, self.query_one(Bars)
        title, bars = bar_values.bars(comparison, space.unit)
        keys = self.pressed("compare.scale"), self.pressed("compare.metric")
        chart.show(title, bars, keys, log_scale=space.log_scale)
        chart.styles.height = min(len(bars) + 1, MOST_BARS) if self.has_class("roomy") else "1fr"
        chart.point_at(self.sheet.column)

    def _rows(self, comparison: Comparison, *, tall: bool) -> list[sheet_rows.Row]:
        """The rows of the sheet; for the same scenarios in another order they are not made again."""
        asked: dict[str, Any] = {
            "all_inputs": tall if self.all_inputs is None else self.all_inputs,
            "describing": self._own_job(comparison) and tall if self.all_inputs is None else self.all_inputs,
            "unit": self.carbon.workspace.unit,
            "beside": self.beside,
            "like": self.rates,
        }
        key = comparison.question.metric, asked
        before = self._rows_before
        rows = None
        if before is not None and before[0] == key and before[1].is_like(comparison.ratios):
            rows = sheet_rows.in_order(before[2], comparison.scenarios)
        rows = rows or sheet_rows.rows(comparison, **asked)
        ratios = comparison.ratios
        self._rows_before = (key, ratios, rows) if isinstance(ratios, ForEach) else None
        return rows

    def _draw_totals(self, comparison: Comparison) -> int:
        """Draw the sums, where there are any; the lines that they take."""
        if not comparison.totals and not self.query("Totals"):
            return 0
        from carbontui.tui.widgets.totals import Totals

        if not self.query(Totals):
            self.mount(Totals(), before=self.query_one(Bars))
        totals = self.query_one(Totals)
        totals.show(comparison)
        return totals.lines_wanted

    def _own_job(self, comparison: Comparison) -> bool:
        """Whether any scenario is somebody's own job, which is described in more rows than a published run."""
        return any(one.status == OWN for one in comparison.scenarios)

    @on(Sheet.Moved)
    def moved(self) -> None:
        """What is below follows the cursor, and the current job is that of another scenario."""
        if self.at != self._was_at:
            self._was_at, self.carbon.planning = self.at, False
        self.query_one(Bars).point_at(self.sheet.column)
        self.tell()

    @on(Bars.Picked)
    def _bar_picked(self, event: Bars.Picked) -> None:
        self.go_to(event.number)

    def action_scale(self) -> None:
        """Bars or dots."""
        space = self.carbon.workspace
        self.carbon.set_workspace(space.replace(log_scale=not space.log_scale))

    def action_transpose(self) -> None:
        """Scenarios as rows, or as columns; the cursor stays on its cell."""
        before, space = self.sheet, self.carbon.workspace
        self.carbon.set_workspace(space.replace(rows=not space.rows))
        self.go_to(before.column, before.row_key)
        self.sheet.focus()

    def _as_rows(self, rows: bool) -> None:
        """Scenarios as rows, or as columns."""
        if rows and not self.query("TransposedSheet"):
            from carbontui.tui.widgets.transposed import TransposedSheet

            self.mount(TransposedSheet(), after=self.query_one(Sheet))
        self.set_class(rows, "transposed")

    @on(Sheet.Chosen)
    def _change_asked(self) -> None:
        self.action_change()

    @on(Sheet.Sorted)
    def _sort_asked(self) -> None:
        self.action_sort()

    def action_close_why(self) -> None:
        """Stop what is being read; else without the panel of the four Ms."""
        if self.stop_reading():
            return
        self.remove_class("why")
        self.draw()

    def action_unit(self) -> None:
        """The next unit of CO2e."""
        space = self.carbon.workspace
        unit = workspace.UNITS[(workspace.UNITS.index(space.unit) + 1) % len(workspace.UNITS)]
        self.carbon.set_workspace(space.replace(unit=unit))
        known = EQUIVALENTS.get(unit)
        self.say(
            f"CO2e in {known.unit}: {known.meaning} ({source_line(known.source)})" if known else f"CO2e in {unit}",
            whole=True,
        )

    def action_inputs(self) -> None:
        """All inputs or the main ones."""
        keys = [row.key for row in self.sheet.rows]
        self.all_inputs = "throughput" not in keys
        self.draw()

    def action_beside(self) -> None:
        """The rows of what is beside the training, which no result above them contains."""
        self.beside = not self.beside
        self.draw()
        if self.beside:
            self.sheet.go_to(self.at, "queries", at_top=True)
            self.say("outside training: not part of the results above; Enter to edit")

    def action_rates(self) -> None:
        """The rows by which scenarios of different size can be set side by side."""
        self.rates = not self.rates
        self.draw()
        if self.rates:
            self.sheet.go_to(self.at, "flop_per_joule", at_top=True)

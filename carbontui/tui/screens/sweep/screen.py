"""Sweep: the model of a scenario on every hardware in every region as a heat map, or as dots of time by carbon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from carbontui.engine.scenario import Scenario, ScenarioError, short_hardware_name
from carbontui.engine.solver import fill
from carbontui.engine.sweep import Limits, Sweep, SweepQuestion
from carbontui.text.filters import has_condition
from carbontui.text.sweep import standing
from carbontui.tui import bindings
from carbontui.tui.screens.sweep.base import NOTHING_YET, OBJECTIVES, PLACES
from carbontui.tui.screens.sweep.limits import LimitActions
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.heat import ORDERS, Heat
from carbontui.tui.views.scatter import Scattered
from carbontui.tui.views.sweep_cell import figures, inputs
from carbontui.tui.widgets.heatmap import HeatMap
from carbontui.tui.widgets.legend import Legend
from carbontui.tui.widgets.line import in_full
from carbontui.tui.widgets.piece_lines import PieceLines
from carbontui.tui.widgets.scatter import Scatter
from carbontui.tui.widgets.sweep_lines import Details, Head
from carbontui.tui.widgets.table import FilterLine
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.text import count_of

# Columns beside the map in which a figure with its sources can be read.
ROOM_FOR_FIGURE = 64


class SweepScreen(LimitActions):
    """The whole space of one model; Enter takes a cell into Compare."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("sweep")
    AUTO_FOCUS = "HeatMap"
    DEFAULT_CSS = stylesheet("sweep")

    def body(self) -> Iterable[Widget]:
        """Head, filter, map or dots, legend and the cell under the cursor."""
        yield Head()
        yield FilterLine(placeholder="words of regions or hardware, such as gcp h100", compact=True)
        yield Horizontal(HeatMap(), PieceLines(id="figure"), id="cells")
        yield Scatter()
        yield Legend()
        yield Details()

    @property
    def filtered(self) -> Widget:
        """The map, or the dots."""
        return self.dots if self.has_class("dots") else self.map

    def filter_changed(self) -> None:
        """Other rows and columns."""
        self.draw()

    def on_mount(self) -> None:
        """The cursor is in the map."""
        self.map.focus()
        self.draw()

    def on_resize(self) -> None:
        """A taller window has more room between its parts, a wider one at the right of few columns."""
        self.set_class(self.app.size.height >= 34, "tall")
        self._make_room()

    def _make_room(self) -> None:
        """Show the figure under the cursor down to its sources where the columns leave room for that."""
        heat, width = self.map.heat, self.app.size.width
        taken = self.map.width_of(heat.size[1]) if heat is not None else width
        roomy = width - taken >= ROOM_FOR_FIGURE
        self.map.styles.width = taken if roomy else "1fr"
        self.set_class(roomy, "roomy")

    def _sweep(self, base: Scenario, catalogue: Catalogue) -> Sweep:
        _, globs, countries = PLACES[self.places]
        within = self.limits.within or countries
        chips = (self.chips,) if self.chips is not None else ()
        question = SweepQuestion(
            (base,), regions=globs, chips=chips, accounting=self.accounting, limits=Limits(within=within)
        )
        question = self._keeping(question, catalogue)
        known = (question, catalogue)
        if self._filled_in is None or self._filled_in[0] != known:
            self._filled_in = known, Sweep(question, catalogue)
        limits = self.limits.replace(within=within)
        return self._filled_in[1].asked(self.objective or "gross", limits, marked=self.marked)

    def _keeping(self, question: SweepQuestion, catalogue: Catalogue) -> SweepQuestion:
        """The sweep with the job's own hardware or region, where the limits keep it."""
        if not (keep := self.kept):
            return question
        own = fill(question.bases[0], catalogue, question.accounting)
        if "hardware" in keep and own.hardware is not None:
            question = question.replace(hardware=(own.hardware.id,))
        if "region" in keep and own.region is not None:
            question = question.replace(regions=(own.region.id,))
        return question

    def draw(self) -> None:
        """Everything from the current job; the cursor stays on its cell."""
        app = self.carbon
        if self.objective is None:
            metric = app.workspace.question.metric
            self.objective = metric if metric in OBJECTIVES else OBJECTIVES[0]
        self.draw_frame(*((self.accounting,) if self.objective in ("gross", "net") else ()), self.objective)
        base = self.base
        try:
            if base is None:
                raise ScenarioError(NOTHING_YET)
            sweep = self._sweep(base, app.catalogue)
        except (ScenarioError, UnknownName) as error:
            self.trouble = str(error)
            self.map.heat = None
            self.map.refresh()
            self.query_one(Details).show("", (), "", ())
            self.query_one(Head).show("", [self.trouble], "")
            more = len(app.workspace.question.scenarios) > 1
            keys = [self.pressed(f"sweep.{name}") for name in ("previous", "next", "leave")]
            self.say(
                f"{keys[0]} and {keys[1]} switch to another scenario of the comparison"
                if more
                else f"{keys[2]} goes back to {app.job_from.capitalize()}"
            )
            return
        self.trouble = ""
        before = self.map.cell
        if self.map.heat is not None and before is not None and before[1:] == self.map.heat.best:
            # Nobody chose this cell: the cursor goes on showing the best.
            before = None
        self.survey = sweep.survey(1)
        heat = Heat(sweep, self.survey, order=ORDERS[self.order], query=self.query_text, at=self._ordered_at)
        # A cell that is unknown now is left for the best one.
        known = before is not None and heat.knows(*before[1:])
        self.map.show(heat, before[1:] if before is not None and known else heat.best)
        self._make_room()
        self._draw_dots(heat)
        self._draw_head(sweep)
        # It takes a look at every cell, and no step of the cursor changes it.
        self.of_days = heat.days_said(self.pressed("sweep.chips"))
        self.standing = self._standing(heat)
        self.tell()

    def _draw_dots(self, heat: Heat) -> None:
        cell = self.map.cell
        if self.has_class("dots"):
            at = cell[1:] if cell is not None else (-1, -1)
            self.dots.show(Scattered(heat, heat.sweep.question.limits) if cell is not None else None, *at)

    def _draw_head(self, sweep: Sweep) -> None:
        objective = sweep.question.objective
        what = objective if objective not in ("gross", "net") else f"{objective} CO2e"
        unit = self.map.heat.unit[0] if self.map.heat is not None else ""
        limits = self.limits_said()
        if self.chips is not None:
            limits.append(count_of(self.chips, "chip"))
        if self.query_text:
            limits.append(f"/{self.query_text}")
        if self.marked:
            limits.append("offered or not")
        on = "on its own hardware in " if sweep.by_hours else "on all hardware in "
        where = (on if self.app.size.width >= 100 else "in ") + PLACES[self.places][0]
        # In a narrow window the title alone says the accounting.
        factors = self.accounting if self.app.size.width >= 100 and objective in ("gross", "net") else ""
        # What the figures are stays longest where there is little room.
        words = (", ".join(filter(None, (what, unit, factors))), where, ORDERS[self.order])
        self.query_one(Head).show(sweep.bases[0].standing.name, words, " · ".join(limits))

    def tell(self) -> None:
        """The cell under the cursor, and how the scenario itself ranks."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            words = "words of regions and hardware only, no conditions" if has_condition(self.query_text) else ""
            self.query_one(Details).show("", ["nothing matches"], "", [words])
            return
        self.query_one(Legend).show(heat, self.map.ends, self.dots.of if self.has_class("dots") else None)
        one = heat.sweep.filled(cell.machine, cell.place)
        hardware = short_hardware_name(heat.sweep.machines[cell.machine].hardware.record)
        name = f"{hardware} in {heat.sweep.places[cell.place].region.record.name}"
        if self.has_class("roomy"):
            key = self.pressed("sweep.explain")
            self.query_one("#figure", PieceLines).show(lambda width, height: self.in_full(width, height, key))
        barred = heat.why(self.map.row, self.map.column)
        self.query_one(Details).show(name, figures(one, heat.sweep.question.objective), barred, inputs(one))
        front = [found[1:] for found in self.survey.front] if self.survey is not None else []
        said = self.standing
        if cell[1:] in front and heat.sweep.by_hours:
            said = ["own hardware only: hours alone do not show how long other hardware would take"]
        elif cell[1:] in front:
            said = [f"Pareto-best {front.index(cell[1:]) + 1} of {len(front)}: no other is both faster and lower"]
        self.say(in_full([self.of_days, *said], self.app.size.width - 2, " · "))

    def _standing(self, heat: Heat) -> list[str]:
        """How many combinations are possible, and how many of them are better than the unchanged job."""
        survey, own = self.survey, heat.sweep.bases[0].standing
        assert survey is not None
        # What the limit of days excludes is said before.
        possible = "" if self.of_days and not survey.possible else heat.none_said()
        if heat.sweep.question.objective == "net" and survey.best and survey.best[0].value == 0:
            key = self.pressed("sweep.objective")
            return [f"0 is what a provider claims for a year; another objective ([{key}]) says more", possible]
        unchanged = standing(own, heat.sweep)
        named = f"{own.name} {unchanged}"
        # The line above the map names the job too.
        return [possible, named if len(f"{possible} · {named}") <= self.app.size.width - 2 else unchanged]

    @on(HeatMap.Moved)
    def _moved(self) -> None:
        cell = self.map.cell
        if self.has_class("dots") and cell is not None:
            self.dots.point_at(*cell[1:])
        self.tell()

    @on(HeatMap.Chosen)
    @on(Scatter.Chosen)
    async def action_take(self) -> None:
        """The cell as a new scenario behind the one under Compare's cursor."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            return
        scenario = heat.sweep.scenario(cell.machine, cell.place)
        of_plan = self.carbon.job_from == "plan"
        await self.into_compare("add from the sweep", [scenario], self.accounting, alone=of_plan)

    def action_objective(self) -> None:
        """The next objective; the cursor stays, unless it was on the best."""
        following = OBJECTIVES.index(self.objective or OBJECTIVES[0]) + 1
        self.objective = OBJECTIVES[following % len(OBJECTIVES)]
        self.draw()

    def action_order(self) -> None:
        """The next order."""
        self.order = (self.order + 1) % len(ORDERS)
        self._ordered_at = self.map.cell
        self.draw()

    def action_places(self) -> None:
        """The next set of regions."""
        self.places = (self.places + 1) % len(PLACES)
        self.draw_other()

    def action_accounting(self) -> None:
        """The other accounting that cells of all providers can be held to."""
        self.accounting = "direct" if self.accounting == "lifecycle" else "lifecycle"
        self.draw_other()

    def action_marked(self) -> None:
        """Combinations that nobody can rent may be best, or not."""
        self.marked = not self.marked
        self.draw()

    def action_scatter(self) -> None:
        """Dots, or the map."""
        self.set_class(not self.has_class("dots"), "dots")
        self.filtered.focus()
        self.draw()

    def action_zoom(self, by: int) -> None:
        """Nearer to the cursor of the dots, or back to all of them."""
        if self.has_class("dots"):
            self.dots.zoom(by)

    @on(Scatter.Moved)
    def _pointed(self) -> None:
        point = self.dots.point
        if point is not None:
            self.map.go_to(point.machine, point.place)

    def action_turn(self, by: int) -> None:
        """Another scenario of the comparison."""
        if self.turned(by):
            self.draw_other()

    def action_front(self, by: int) -> None:
        """The cursor on the next cell that none betters in both."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or self.survey is None:
            return
        front = [found[1:] for found in self.survey.front if heat.where(*found[1:]) is not None]
        if not front:
            self.say("the filter hides every Pareto-best combination")
            return
        here = cell[1:] if cell is not None else None
        at = front.index(here) + by if here in front else 0
        self.map.go_to(*front[at % len(front)])

    def action_step(self, by: int) -> None:
        """The cursor of the map or of the dots, from the filter."""
        (self.dots if self.has_class("dots") else self.map).action_step(0, by)

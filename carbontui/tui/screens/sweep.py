"""Sweep: the model of a scenario on every hardware in every region as a heat map, or as dots of time by carbon."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip
from textual.widgets import Input

from carbontui import display
from carbontui.comparison import METRICS
from carbontui.explain import spread_text
from carbontui.scenario import Filled, Scenario, ScenarioError, short_hardware_name
from carbontui.spec import quantity
from carbontui.sweep import Cell, Limits, Survey, Sweep, SweepQuestion
from carbontui.tui import workspace
from carbontui.tui.heat import ORDERS, Heat
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.widgets.chrome import Keys, Status, Tabs, TitleBar, keys_of
from carbontui.tui.widgets.heatmap import HeatMap, Legend
from carbontui.tui.widgets.line import Line, LineWidget
from carbontui.tui.widgets.table import FilterLine
from carbontui_registry import units
from carbontui_registry.catalogue import Catalogue, UnknownName

# Which regions are swept: (word for people, globs, countries).
PLACES = (
    ("every datacenter", (), ()),
    ("every datacenter in the EU", (), ("EU",)),
    ("every region and grid", ("*",), ()),
)
# Limit -> (title, kind of unit, unit of a bare number, engine units in it).
LIMITS = {
    "max_days": ("At most so long", "duration", "d", 24.0),
    "max_gross": ("At most so much gross CO2e", "co2e", "tCO2e", 1000.0),
    "max_net": ("At most so much net CO2e", "co2e", "tCO2e", 1000.0),
    "max_energy": ("At most so much energy", "energy", "MWh", 1000.0),
}

key = keys_of("sweep")


class Head(LineWidget):
    """What is swept, how it is ordered, and what limits it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"head--name", "head--text", "head--limit"}
    DEFAULT_CSS = """
    Head {
        height: 1; padding: 0 1;
        .head--name { text-style: bold; }
        .head--text { color: $text-muted; }
        .head--limit { color: $warning; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.parts: tuple[str, str, str] = ("", "", "")

    def show(self, name: str, text: str, limits: str) -> None:
        """Other words."""
        self.parts = name, text, limits
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.look)
        name, text, limits = self.parts
        line.add(f"{name}  ", self.look_of("head--name"))
        # In a narrow window the limits are said first: what is cut then is how it is sorted.
        for part, look in ((text, "text"), (limits, "limit"))[:: 1 if self.size.width >= 100 else -1]:
            if part:
                line.add(f"{part}  ", self.look_of(f"head--{look}"))
        return line.strip()


class Details(LineWidget):
    """The cell under the cursor in two lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"details--name", "details--text", "details--barred"}
    DEFAULT_CSS = """
    Details {
        height: 2; padding: 0 1;
        .details--name { text-style: bold; }
        .details--text { color: $text-muted; }
        .details--barred { color: $warning; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.parts = ("", "", "", "")

    def show(self, name: str, figures: str, barred: str, inputs: str) -> None:
        """Another cell."""
        self.parts = name, figures, barred, inputs
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Results, or what they follow from."""
        name, figures, barred, inputs = self.parts
        line = Line(self.size.width, self.look)
        if y == 0:
            line.add(f"{name}  ", self.look_of("details--name")).add(figures)
            return line.strip()
        if barred:
            line.add(f"× {barred}  ", self.look_of("details--barred"))
        return line.add(inputs, self.look_of("details--text")).strip()


class SweepScreen(CarbonScreen):
    """The whole space of one model; Enter takes a cell into Compare."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "take", "take", "Take the cell into the comparison"),
        key("m", "objective", "objective", "Next objective: gross, net, energy, duration"),
        key("z", "order", "order", "Sort rows and columns: best first, as at the cursor, by name"),
        key("slash", "filter", "filter", "Filter by words of regions or hardware"),
        key("e", "places", "places", "Which regions: every datacenter, those in the EU, grids too"),
        key("t", "limit('max_days')", "time", "A limit of time, such as 30 d"),
        key("g", "limit('max_gross')", "gross", "A limit of gross CO2e, such as 5 tCO2e"),
        key("G", "limit('max_net')", "net", "A limit of net CO2e"),
        key("E", "limit('max_energy')", "energy", "A limit of energy, such as 100 MWh"),
        key("c", "chips", "chips", "Another number of chips for all cells"),
        key("backspace", "clear", "clear", "Take limits, filter and chips away"),
        key("o", "marked", "marked", "Let cells that cannot be be best too, or not"),
        key("f", "accounting", "accounting", "Lifecycle or direct carbon factors"),
        key("s", "scatter", "scatter", "Dots of time by carbon, or the heat map"),
        key("n", "front(1)", "front", "Next Pareto-best cell"),
        key("N", "front(-1)", "back", "Previous Pareto-best cell"),
        key("b", "budget", "budget", "What a budget affords of the scenario, such as 5 tCO2e"),
        key("x", "explain", "explain", "Explain the cell down to its sources, and what matters most in it"),
        key("w", "when", "when", "When to start in this region, by its mean day"),
        key("right_square_bracket", "turn(1)", "next", "Sweep the next scenario of the comparison"),
        key("left_square_bracket", "turn(-1)", "previous", "Sweep the previous scenario of the comparison"),
        key("u", "app.undo", "undo", "Undo the last change of the comparison"),
        key("escape", "app.go('compare')", "leave", "Back to Compare"),
    ]
    DEFAULT_CSS = """
    SweepScreen {
        overflow: hidden;
        FilterLine, FilterLine:focus { border: none; height: 1; margin: 0 1; background: $background; display: none; }
        FilterLine:focus, FilterLine.used { display: block; }
        FilterLine:focus { background: $surface; }
        Details { border-top: none; }
    }
    SweepScreen.tall Head, SweepScreen.tall Legend { margin: 1 0; }
    """

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.objective: str | None = None
        self.accounting = "lifecycle"
        self.limits = Limits()
        self.chips: float | None = None
        self.places = 0
        self.order = 0
        self.marked = False
        self.query_text = ""
        self._filled_in: tuple[tuple[object, ...], Sweep] | None = None
        self._ordered_at: Cell | None = None
        self.survey: Survey | None = None
        self.standing = ""
        self.trouble = ""

    def compose(self) -> ComposeResult:
        """Frame, head, filter, map, legend and the cell under the cursor."""
        yield TitleBar()
        yield Tabs("sweep")
        yield Head()
        yield FilterLine(placeholder="words of regions or hardware, such as gcp h100", compact=True)
        yield HeatMap()
        yield Legend()
        yield Details()
        yield Status()
        yield Keys(
            ("enter", "take", "take"),
            ("m", "objective", "objective"),
            ("z", "sort", "order"),
            ("/", "filter", "filter"),
            ("e", "regions", "places"),
            ("t", "time", "limit('max_days')"),
            ("g", "gross", "limit('max_gross')"),
            ("c", "chips", "chips"),
            ("s", "dots", "scatter"),
            ("n", "Pareto", "front(1)"),
            ("b", "budget", "budget"),
            ("x", "explain", "explain"),
            ("esc", "back", "app.go('compare')"),
            ("?", "keys", "app.keys"),
        )

    def on_mount(self) -> None:
        """The cursor is in the map."""
        self.map.focus()
        self.draw()

    def on_resize(self) -> None:
        """A taller window has more room between its parts."""
        self.set_class(self.app.size.height >= 34, "tall")

    @property
    def map(self) -> HeatMap:
        """The heat map."""
        return self.query_one(HeatMap)

    # What is swept

    @property
    def base(self) -> Scenario | None:
        """The scenario under Compare's cursor."""
        scenarios = self.carbon.workspace.question.scenarios
        at = self.carbon.home.at
        return scenarios[at] if at < len(scenarios) else None

    def _sweep(self, base: Scenario, catalogue: Catalogue) -> Sweep:
        _, globs, within = PLACES[self.places]
        chips = (self.chips,) if self.chips is not None else ()
        question = SweepQuestion((base,), (), globs, (), chips, "gross", self.accounting, Limits(within=within))
        known = (question, catalogue)
        if self._filled_in is None or self._filled_in[0] != known:
            self._filled_in = known, Sweep(question, catalogue)
        limits = self.limits.replace(within=within)
        return self._filled_in[1].asked(self.objective or "gross", limits, marked=self.marked)

    def draw(self) -> None:
        """Everything from the scenario under Compare's cursor; the cursor stays on its cell."""
        app = self.carbon
        if self.objective is None:
            self.objective = app.workspace.question.metric
        self.draw_frame(self.accounting, self.objective)
        base = self.base
        try:
            if base is None:
                raise ScenarioError("nothing to sweep yet: a in Compare adds a scenario")
            sweep = self._sweep(base, app.catalogue)
        except (ScenarioError, UnknownName) as error:
            self.trouble = str(error)
            self.map.heat = None
            self.map.refresh()
            self.query_one(Details).show("", "", "", "")
            self.query_one(Head).show("", self.trouble, "")
            more = len(app.workspace.question.scenarios) > 1
            self.say("[ and ] sweep another scenario of the comparison" if more else "esc goes back to Compare")
            return
        self.trouble = ""
        before = self.map.cell
        self.survey = sweep.survey(1)
        heat = Heat(sweep, self.survey, order=ORDERS[self.order], query=self.query_text, at=self._ordered_at)
        # A cell that is unknown now is left for the best one.
        known = before is not None and heat.knows(*before[1:])
        self.map.show(heat, before[1:] if before is not None and known else heat.best)
        self.query_one(Legend).show(heat, scatter=self.map.scatter)
        self._draw_head(sweep)
        # It takes a look at every cell, and no step of the cursor changes it.
        self.standing = self._standing(heat)
        self.tell()

    def _draw_head(self, sweep: Sweep) -> None:
        objective = sweep.question.objective
        what = objective if objective in ("energy", "duration") else f"{objective} CO2e"
        unit = self.map.heat.unit[0] if self.map.heat is not None else ""
        model = sweep.standing[0].model
        limits = [*self.limits.texts(), *([f"{self.chips:,.0f} chips"] if self.chips is not None else [])]
        if self.query_text:
            limits.append(f"/{self.query_text}")
        if self.marked:
            limits.append("what cannot be too")
        where = ("on every hardware in " if self.app.size.width >= 100 else "in ") + PLACES[self.places][0]
        words = (where, ", ".join(filter(None, (what, unit, self.accounting))), ORDERS[self.order])
        self.query_one(Head).show(model.record.name if model else "", "  ".join(words), " · ".join(limits))

    def tell(self) -> None:
        """The cell under the cursor, and where the scenario itself stands."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            self.query_one(Details).show("", "nothing matches", "", "")
            return
        one = heat.sweep.filled(cell.machine, cell.place)
        hardware = short_hardware_name(heat.sweep.machines[cell.machine].hardware.record)
        name = f"{hardware} in {heat.sweep.places[cell.place].region.record.name}"
        barred = heat.why(self.map.row, self.map.column)
        self.query_one(Details).show(name, _figures(one, heat.sweep.question.objective), barred, _inputs(one))
        front = [found[1:] for found in self.survey.front] if self.survey is not None else []
        if cell[1:] in front:
            self.say(f"Pareto-best {front.index(cell[1:]) + 1} of {len(front)}: none is both faster and lower")
        else:
            self.say(self.standing)

    def _standing(self, heat: Heat) -> str:
        sweep, survey = heat.sweep, self.survey
        assert survey is not None
        own = sweep.standing[0]
        value = own.result(METRICS[sweep.question.objective])
        possible = f"{survey.possible:,} of {survey.cells:,} cells are possible"
        if value is None:
            return f"{possible} · {own.name} as it stands: no {sweep.question.accounting} factor of its region"
        better, _ = sweep.rank(value)
        return f"{possible} · {own.name} as it stands, {display.shown(value, heat.kind)}: {better:,} are better"

    @on(HeatMap.Moved)
    def _moved(self) -> None:
        self.tell()

    # Actions

    @on(HeatMap.Chosen)
    async def action_take(self) -> None:
        """The cell as a new scenario behind the one under Compare's cursor."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            return
        app = self.carbon
        question = app.workspace.question
        scenario = heat.sweep.scenario(cell.machine, cell.place)
        held = question.accounting == self.accounting
        if not held:
            # The period is that of the sweep's factor, which another accounting may not have.
            scenario = scenario.replace(period=None)
        at = min(app.home.at + 1, len(question.scenarios))
        app.act("take from the sweep", workspace.add(question, at, scenario))
        await app.action_go("compare")
        app.home.go_to(at)
        other = "" if held else f"; Compare has {question.accounting.replace('-', ' ')} factors, f changes that"
        app.home.say(f"taken from the sweep; u takes it away again{other}")

    def action_objective(self) -> None:
        """The next objective; the cursor stays."""
        metrics = tuple(METRICS)
        self.objective = metrics[(metrics.index(self.objective or "gross") + 1) % len(metrics)]
        self.draw()

    def action_order(self) -> None:
        """The next order."""
        self.order = (self.order + 1) % len(ORDERS)
        self._ordered_at = self.map.cell
        self.draw()

    def action_places(self) -> None:
        """The next set of regions."""
        self.places = (self.places + 1) % len(PLACES)
        self._without_cursor()

    def action_accounting(self) -> None:
        """The other accounting that cells of all providers can be held to."""
        self.accounting = "direct" if self.accounting == "lifecycle" else "lifecycle"
        self._without_cursor()

    def action_marked(self) -> None:
        """What cannot be may be best, or not."""
        self.marked = not self.marked
        self.draw()

    def action_scatter(self) -> None:
        """Dots, or the map."""
        self.map.scatter = not self.map.scatter
        self.draw()
        self.map.refresh()

    def action_turn(self, by: int) -> None:
        """Another scenario of the comparison."""
        count = len(self.carbon.workspace.question.scenarios)
        if count:
            self.carbon.home.go_to((self.carbon.home.at + by) % count)
            self._without_cursor()

    def _without_cursor(self) -> None:
        # Machines and places are others: the old numbers mean nothing in them.
        self.map.heat = None
        self._ordered_at, self.order = None, 0 if ORDERS[self.order] == "as at the cursor" else self.order
        self.draw()

    def action_front(self, by: int) -> None:
        """The cursor on the next cell that none betters in both."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or self.survey is None:
            return
        front = [found[1:] for found in self.survey.front if heat.where(*found[1:]) is not None]
        if not front:
            self.say("no Pareto-best cell is in sight of the filter")
            return
        here = cell[1:] if cell is not None else None
        at = front.index(here) + by if here in front else 0
        self.map.go_to(*front[at % len(front)])

    def action_filter(self) -> None:
        """Type words."""
        line = self.query_one(FilterLine)
        line.add_class("used")
        line.focus()
        line.action_select_all()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if event.value != self.query_text:
            self.query_text = event.value
            self.draw()

    def action_leave_filter(self) -> None:
        """To the map, which stays filtered."""
        line = self.query_one(FilterLine)
        line.set_class(bool(line.value), "used")
        self.map.focus()

    def action_step(self, by: int) -> None:
        """The cursor of the map, from the filter."""
        self.map.action_step(0, by)

    def action_clear(self) -> None:
        """Everything again."""
        chips, self.chips = self.chips, None
        self.limits, self.marked = Limits(), False
        self.query_one(FilterLine).value = ""
        self.query_text = ""
        self.action_leave_filter()
        if chips is not None:
            self._without_cursor()
        else:
            self.draw()

    def action_limit(self, name: str) -> None:
        """Type a limit; an empty one takes it away."""
        title, kind, unit, size = LIMITS[name]
        now = getattr(self.limits, name)

        def read(text: str) -> float | None:
            typed = text.strip()
            return units.parse(f"{typed} {unit}" if typed[-1:].isdigit() else typed, kind) / size if typed else None

        def taken(text: str) -> None:
            self.limits = self.limits.replace(**{name: read(text)})
            self.draw()

        self._ask(title, "" if now is None else f"{now:g} {unit}", read, lambda v: f"= {v:g} {unit}", taken)

    def action_chips(self) -> None:
        """Another number of chips for every cell; an empty one means that of the model's run."""

        def read(text: str) -> float | None:
            return quantity("chips", text).value if text.strip() else None

        def taken(text: str) -> None:
            self.chips = read(text)
            self._without_cursor()

        now = "" if self.chips is None else f"{self.chips:.0f}"
        self._ask("Chips of every cell", now, read, lambda v: f"= {v:,.0f}", taken)

    def action_budget(self) -> None:
        """What a budget affords of the scenario under Compare's cursor, and where."""
        kinds = (("co2e", "gross"), ("energy", "energy"), ("duration", "duration"))

        def read(text: str) -> float | None:
            typed[-1] = text
            return _budget(text, kinds)[1] if text.strip() else None

        def said(_value: float) -> str:
            metric, most = _budget(typed[-1], kinds)
            shown = display.shown(most, display.kind_of(METRICS[metric]))
            return f"= {shown}{' gross' if metric == 'gross' else ''}"

        typed = [""]

        def taken(text: str) -> None:
            if text.strip():
                self._answer_budget(*_budget(text, kinds))

        self._ask("Budget: CO2e, energy or time", "", read, said, taken)

    def _answer_budget(self, metric: str, most: float) -> None:
        from carbontui.budget import afford, as_text
        from carbontui.spec import chosen
        from carbontui.tui.screens.reader import Reader

        app = self.carbon
        if self.base is None:
            self.say("nothing to sweep yet: a in Compare adds a scenario")
            return
        own = app.comparison.scenarios[app.home.at]
        try:
            budget = afford(own, metric, most, app.catalogue, chosen(app.catalogue, "region", ()), self.accounting)
        except ScenarioError as error:
            self.say(str(error))
            return
        app.push_screen(Reader(f"Budget of {own.name}", as_text(budget, min(108, app.size.width - 8))))

    def _ask(
        self,
        title: str,
        before: str,
        read: Callable[[str], float | None],
        said: Callable[[float], str],
        taken: Callable[[str], None],
    ) -> None:
        """Let somebody type a value: what it `read`s as is `said` below it, and `taken` gets the text in the end."""
        from carbontui.tui.widgets.editor import Editor

        def reader(text: str) -> tuple[bool, str]:
            try:
                value = read(text)
            except (units.UnitError, ScenarioError) as error:
                return False, str(error)
            return True, "empty: none" if value is None else said(value)

        def typed(text: str | None) -> None:
            if text is not None and text != before:
                taken(text)

        self.app.push_screen(Editor(title, before, reader, self.query_one(Head).region), typed)

    def action_explain(self) -> None:
        """The cell's figure down to its sources."""
        from carbontui.explain import as_text, explain
        from carbontui.tui.screens.reader import Reader

        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            return
        one = heat.sweep.filled(cell.machine, cell.place)
        try:
            text = as_text(explain(one, METRICS[heat.sweep.question.objective]))
        except ScenarioError as error:
            self.say(str(error))
            return
        self.app.push_screen(Reader("Explain", text))

    def action_when(self) -> None:
        """The best start in the cell's region."""
        from carbontui.tui.screens.reader import Reader
        from carbontui.when import lines, when

        heat, cell = self.map.heat, self.map.cell
        if heat is not None and cell is not None:
            one = heat.sweep.filled(cell.machine, cell.place)
            said = lines(one, when(one, self.carbon.catalogue))
            self.app.push_screen(Reader(f"When: {one.name}", "\n\n".join(said)))


def _figures(one: Filled, objective: str) -> str:
    """The objective with its range and mark, then the other results."""
    parts = []
    key_ = METRICS[objective]
    for name in (key_, *(k for k in ("gross_kgco2e", "duration_h", "energy_kwh") if k != key_)):
        if (result := one.results.get(name)) is None:
            continue
        kind = display.kind_of(name)
        text = display.shown(result.value, kind)
        if name in ("gross_kgco2e", "net_kgco2e"):
            text += f" {name.partition('_')[0]}"
        if name == key_ and result.interval:
            text += f", {display.interval(*result.interval, kind)}"
        parts.append(text + (f" {display.ASSUMED}" if result.basis == "assumed" else ""))
    if "chips" in one.inputs:
        parts.append(f"{one.inputs['chips'].value:,.0f} chips")
    return "  ".join(parts)


def _inputs(one: Filled) -> str:
    parts = []
    for name, kind, label in (
        ("gross", "factor", "factor"),
        ("pue", "pue", "PUE"),
        ("power", "power", "power"),
        ("throughput", "throughput", "throughput"),
    ):
        if (found := one.inputs.get(name)) is not None:
            how = f" ({found.how}{spread_text(found.spread)})" if found.basis == "assumed" else ""
            period = f" of {one.texts['period']}" if name == "gross" and "period" in one.texts else ""
            parts.append(f"{label} {display.shown(found.value, kind)}{period}{how}")
    return "  ".join(parts)


def _budget(text: str, kinds: tuple[tuple[str, str], ...]) -> tuple[str, float]:
    """The metric and engine value of what was typed as a budget. Raises `UnitError`."""
    typed = text.strip()
    if typed[-1:].isdigit():
        typed += " tCO2e"
    for kind, metric in kinds:
        try:
            value = units.parse(typed, kind)
        except units.UnitError:
            continue
        if value > 0:
            return metric, value
    raise units.UnitError(f"{typed!r} is no budget; one is written like 5 tCO2e, 100 MWh or 30 d")

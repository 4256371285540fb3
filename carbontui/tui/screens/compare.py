"""Compare: scenarios as columns, figures as rows, the cursor on a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from carbontui import display
from carbontui.comparison import why
from carbontui.equivalents import EQUIVALENTS
from carbontui.explain import one_line
from carbontui.records import source_line
from carbontui.scenario import QUANTITIES, Scenario, ScenarioError
from carbontui.spec import quantity
from carbontui.tui import kept, view, workspace
from carbontui.tui.screens.files import FileActions
from carbontui.tui.widgets.bars import Bars
from carbontui.tui.widgets.chrome import Keys, Status, Tabs, TitleBar, keys_of
from carbontui.tui.widgets.line import fitted
from carbontui.tui.widgets.sheet import Sheet
from carbontui.tui.widgets.why import WhyPanel
from carbontui_registry.text import clean

if TYPE_CHECKING:
    from carbontui.comparison import Question

PARTS = ("model", "hardware", "region", "period")
ROOM_FOR_ALL_INPUTS = 34
# The title of the bars and two of them.
BARS_AT_LEAST = 3


key = keys_of("compare")


class CompareScreen(FileActions):
    """Home."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "change", "change", "Change the cell under the cursor"),
        key("a", "add", "add", "Add a scenario"),
        key("d", "duplicate", "duplicate", "Duplicate the scenario"),
        key("r", "rename", "rename", "Rename the scenario"),
        key("delete,D", "remove", "remove", "Remove the scenario"),
        key("less_than_sign", "shift(-1)", "left", "Move the scenario left"),
        key("greater_than_sign", "shift(1)", "right", "Move the scenario right"),
        key("b", "baseline", "baseline", "Make the scenario the baseline"),
        key("backspace,equals_sign", "derive", "derive", "Let the figure fill itself in again"),
        key("z", "sort", "sort", "Sort the scenarios by the result under the cursor, or the metric"),
        key("m", "metric", "metric", "Next metric: gross, net, energy, duration"),
        key("f", "accounting", "accounting", "Next accounting: as published, direct, lifecycle factors"),
        key("l", "scale", "scale", "Linear bars, or dots with ranges on a log scale"),
        key("v", "unit", "unit", "Next unit of CO2e"),
        key("i", "inputs", "inputs", "Show all inputs, or the main ones"),
        key("L", "beside", "beside", "Show what is beside the training: serving, embodied, development, idle"),
        key("R", "rates", "rates", "Like with like: CO2e for 1e21 FLOP and 1e9 tokens, FLOP for a joule"),
        key("w", "why", "why", "Why it differs from the baseline: model, machine, mechanization, map"),
        key("escape", "close_why", "close", "Close the reasons"),
        key("x", "explain", "explain", "Explain the figure under the cursor down to its sources"),
        key("u", "app.undo", "undo", "Undo"),
        key("U,ctrl+r", "app.redo", "redo", "Redo"),
        key("s", "save", "save", "Save to the file"),
        key("S", "save_as", "save as", "Save to another file"),
        key("o", "open", "open", "Open a file"),
        key("e", "export", "export", "Export, with a preview of what will be written"),
        key("t", "drift", "drift", "Drift: what the registry now has otherwise, to take over what you pick"),
        key("n", "notes", "notes", "What one should know about this comparison"),
    ]

    DEFAULT_CSS = """
    CompareScreen { overflow: hidden; }
    CompareScreen.tall Sheet { margin: 1 0; }
    CompareScreen.why WhyPanel { display: block; height: 7; }
    CompareScreen.why.tall WhyPanel { height: 9; }
    CompareScreen.why Bars { display: none; }
    CompareScreen.why.tall Bars { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.all_inputs: bool | None = None
        self.beside = self.rates = False

    @property
    def question(self) -> Question:
        """What is compared."""
        return self.carbon.workspace.question

    def compose(self) -> ComposeResult:
        """Title, tabs, sheet, bars, status, keys."""
        yield TitleBar()
        yield Tabs("compare")
        yield Sheet()
        yield Bars()
        yield WhyPanel()
        yield Status()
        yield Keys(
            ("enter", "change", "change"),
            ("a", "add", "add"),
            ("b", "baseline", "baseline"),
            ("m", "metric", "metric"),
            ("w", "why", "why"),
            ("x", "explain", "explain"),
            ("u", "undo", "app.undo"),
            ("s", "save", "save"),
            ("e", "export", "export"),
            ("d", "duplicate", "duplicate"),
            ("o", "open", "open"),
            ("l", "log", "scale"),
            ("?", "keys", "app.keys"),
        )

    def on_mount(self) -> None:
        """Draw, with the cursor in the sheet."""
        self.draw()
        self.query_one(Sheet).focus()

    def on_resize(self, event: events.Resize) -> None:
        """A taller window shows more inputs."""
        self.draw(event.size.height)

    # Drawing

    def draw(self, height: int | None = None) -> None:
        """Everything from the workspace."""
        app = self.carbon
        comparison, space = app.comparison, app.workspace
        question = comparison.question
        sheet = self.query_one(Sheet)
        height = height or self.size.height
        tall = height >= ROOM_FOR_ALL_INPUTS
        self.set_class(tall, "tall")
        # What is above and below stays in sight; rows that do not fit scroll with the cursor.
        reasons = self.has_class("why")
        rest = (6 + BARS_AT_LEAST + 9 * reasons) if tall else (4 + 7 if reasons else 4 + BARS_AT_LEAST)
        sheet.styles.max_height = max(3, height - rest)
        rows = view.rows(
            comparison,
            all_inputs=tall if self.all_inputs is None else self.all_inputs,
            unit=space.unit,
            beside=self.beside,
            like=self.rates,
        )
        sheet.show(tuple(one.name for one in comparison.scenarios), rows, comparison.baseline)
        title, bars = view.bars(comparison, space.unit)
        chart = self.query_one(Bars)
        chart.show(title, bars, log_scale=space.log_scale)
        chart.point_at(sheet.column)
        right = [question.accounting.replace("-", " "), question.metric]
        if comparison.scenarios:
            name = fitted(comparison.scenarios[comparison.baseline].name, 24)
            right.insert(0, f"baseline {comparison.baseline + 1} {name}")
        self.draw_frame(*right)
        self.tell()

    def alert(self) -> str:
        """What stands behind the tabs: what the registry has otherwise, and what this comparison mixes."""
        comparison = self.carbon.comparison
        # The key comes first: what a narrow window cuts is the rest.
        drift = "(t) drift" if self.carbon.drifts() else ""
        if comparison.crossings:
            noted = f"(n) ! {comparison.crossings[0].split(':')[0]}"
        else:
            noted = "(n) notes" if any(one.notes or one.scenario.note for one in comparison.scenarios) else ""
        return "   ".join(alert for alert in (drift, noted) if alert)

    def action_notes(self) -> None:
        """Crossings of the comparison and notes of each scenario."""
        from carbontui.tui.screens.reader import Reader

        comparison = self.carbon.comparison
        notes = [comparison.question.note, *comparison.crossings]
        for one in comparison.scenarios:
            notes += [f"{one.name}: {note}" for note in (one.scenario.note, *one.notes) if note]
        if comparison.question.accounting != "as-published":
            notes.append(f"accounting: {comparison.question.accounting} carbon factors only; f changes it")
        self.app.push_screen(Reader("Notes", "\n\n".join(filter(None, notes)) or "There is nothing to note."))

    def tell(self) -> None:
        """Why the scenario under the cursor differs, and how the figure under the cursor came about."""
        sheet, scenarios = self.query_one(Sheet), self.carbon.comparison.scenarios
        self.draw_why()
        if not scenarios:
            self.say("nothing to compare yet: a adds a scenario, o opens a file")
        elif sheet.column < len(scenarios):
            self.say(one_line(scenarios[sheet.column], sheet.row_key, self.carbon.comparison))

    @on(Sheet.Moved)
    def _moved(self) -> None:
        self.query_one(Bars).point_at(self.query_one(Sheet).column)
        self.tell()

    @on(Bars.Picked)
    def _bar_picked(self, event: Bars.Picked) -> None:
        self.go_to(event.number)

    # Where the cursor is

    def go_to(self, column: int, key: str | None = None) -> None:
        """The cursor on a scenario, and on the row of that key."""
        self.query_one(Sheet).go_to(column, key)
        self._moved()

    @property
    def at(self) -> int:
        """The number of the scenario under the cursor."""
        return self.query_one(Sheet).column

    @property
    def scenario(self) -> Scenario | None:
        """The scenario under the cursor, as asked for."""
        scenarios = self.question.scenarios
        return scenarios[self.at] if self.at < len(scenarios) else None

    def act(self, what: str, question: Question, go_to: int | None = None) -> None:
        """Change the comparison, with the cursor on a scenario afterwards."""
        self.carbon.act(what, question)
        if go_to is not None:
            self.go_to(go_to)

    # Actions

    @on(Sheet.Chosen)
    def action_change(self) -> None:
        """A picker for a part, a typed line for a quantity."""
        sheet = self.query_one(Sheet)
        row = sheet.current
        if self.scenario is None:
            self.action_add()
        elif row is not None and row.edits in PARTS:
            self._pick(row.edits)
        elif row is not None and row.edits in QUANTITIES:
            self._type(row.edits)
        elif row is not None:
            self.say(f"{row.label} follows from the inputs above; change one of those")

    def _pick(self, part: str) -> None:
        from carbontui.tui.choices import Choice, recent_first
        from carbontui.tui.widgets.picker import Picker

        app, at = self.carbon, self.at
        filled = app.comparison.scenarios[at]
        if part == "period":
            if filled.region is None:
                self.say("choose a region first")
                return
            periods = sorted({factor.period for factor in filled.region.record.factors}, reverse=True)
            offered = [Choice(period, period, filled.region.record.name, period) for period in periods]
            current = filled.texts.get("period")
        else:
            offered = recent_first(app.choices(part, filled.model), kept.recent(part))
            found = getattr(filled, part)
            current = found.id if found is not None else None

        def chosen(name: str | None) -> None:
            if name is not None and name != current:
                kept.remember(part, name)
                question = workspace.choose(self.question, at, part, name)
                if part == "hardware":
                    question = self._with_known_run(question, at, name)
                self.act(f"{part} of {filled.name}", question)

        app.push_screen(Picker(part, f"{part.capitalize()} of {filled.name}", offered, current), chosen)

    def _with_known_run(self, question: Question, at: int, hardware: str) -> Question:
        """A third party's run on the hardware that was chosen comes to bear because it was chosen."""
        from carbontui.tui.choices import run_on

        run = run_on(self.carbon.catalogue, self.carbon.comparison.scenarios[at].model, hardware)
        return workspace.put(question, at, question.scenarios[at].replace(run=run)) if run else question

    def _type(self, what: str) -> None:
        from carbontui.tui.widgets.editor import Editor

        at, kind = self.at, QUANTITIES[what][0]
        filled = self.carbon.comparison.scenarios[at]
        known = filled.inputs.get(what)
        value = known.value if known else filled.result("duration_h") if what == "duration" else None

        def read(text: str) -> tuple[bool, str]:
            if not text.strip():
                return True, "empty: it fills itself in again"
            try:
                figure = quantity(what, text)
            except ScenarioError as error:
                return False, str(error).removeprefix(f"{what}: ")
            unit = {"number": "", "pue": "", "share": ""}.get(kind)
            shown = display.edited(figure.value, kind) if unit is None else display.plain(figure.value)
            return True, f"= {shown}"

        def typed(text: str | None) -> None:
            if text is None or text == before:
                return
            figure = quantity(what, text) if text.strip() else None
            self.act(f"{what} of {filled.name}", workspace.give(self.question, at, what, figure))

        title = f"{self.query_one(Sheet).rows[self.query_one(Sheet).row].label} of {filled.name}"
        before = "" if value is None else display.edited(value, kind)
        self.app.push_screen(Editor(title, before, read, self.query_one(Sheet).cell_region()), typed)

    def action_add(self) -> None:
        """Another scenario behind the one under the cursor."""
        from carbontui.tui.choices import recent_first
        from carbontui.tui.widgets.picker import Picker

        offered = recent_first(self.carbon.choices("model"), kept.recent("model"))
        after = min(self.at + 1, len(self.question.scenarios))

        def chosen(name: str | None) -> None:
            if name is not None:
                kept.remember("model", name)
                self.act("add", workspace.add(self.question, after, Scenario(model=name)), after)

        self.app.push_screen(Picker("model", "Model of the new scenario", offered), chosen)

    def action_duplicate(self) -> None:
        """The same scenario once more, to be changed."""
        if self.scenario is not None:
            self.act("duplicate", workspace.add(self.question, self.at + 1, self.scenario), self.at + 1)

    def action_remove(self) -> None:
        """Without the scenario under the cursor."""
        if self.scenario is not None:
            name = self.carbon.comparison.scenarios[self.at].name
            self.act(f"remove {name}", workspace.remove(self.question, self.at))
            self.say(f"removed {name}; u brings it back")

    def action_rename(self) -> None:
        """Another name; an empty one lets the scenario name itself."""
        if self.scenario is None:
            return
        from carbontui.tui.widgets.editor import Editor

        at, name = self.at, self.carbon.comparison.scenarios[self.at].name

        def read(text: str) -> tuple[bool, str]:
            if len(text) > 100:
                return False, "at most 100 characters"
            return True, "" if text.strip() else "empty: it names itself by what it is"

        def typed(text: str | None) -> None:
            if text is not None and text != name:
                self.act(f"rename {name}", workspace.rename(self.question, at, clean(text.strip())))

        self.app.push_screen(Editor(f"Name of {name}", name, read, self.query_one(Sheet).cell_region()), typed)

    def action_shift(self, by: int) -> None:
        """The scenario to the left or right."""
        to = self.at + by
        if self.scenario is not None and 0 <= to < len(self.question.scenarios):
            self.act("move", workspace.move(self.question, self.at, to), to)

    def action_baseline(self) -> None:
        """What the ratios are to."""
        if self.scenario is not None:
            self.act("baseline", workspace.set_baseline(self.question, self.at))

    def action_derive(self) -> None:
        """Drop what was entered in the cell."""
        row = self.query_one(Sheet).current
        if self.scenario is None or row is None or not row.edits:
            return
        name = self.carbon.comparison.scenarios[self.at].name
        if row.edits in QUANTITIES:
            self.act(f"{row.edits} of {name}", workspace.give(self.question, self.at, row.edits, None))
        elif row.edits != "model":
            self.act(f"{row.edits} of {name}", workspace.choose(self.question, self.at, row.edits, None))

    def action_sort(self) -> None:
        """Smallest first, by the row under the cursor if it is a result."""
        comparison = self.carbon.comparison
        row = self.query_one(Sheet).row_key
        by = row if row in ("energy_kwh", "gross_kgco2e", "net_kgco2e", "duration_h") else comparison.metric_key
        if comparison.scenarios:
            self.act(f"sort by {by}", workspace.sort_by(comparison, by))

    def action_metric(self) -> None:
        """The next metric."""
        self.act("metric", workspace.next_metric(self.question))

    def action_accounting(self) -> None:
        """The next accounting."""
        self.act("accounting", workspace.next_accounting(self.question))
        self.say(f"accounting: {self.question.accounting.replace('-', ' ')}")

    def action_scale(self) -> None:
        """Bars or dots."""
        space = self.carbon.workspace
        self.carbon.set_workspace(space.replace(log_scale=not space.log_scale))

    def action_why(self) -> None:
        """The panel of the four Ms on or off; in a low window it takes the place of the bars."""
        self.set_class(not self.has_class("why"), "why")
        self.draw()

    def action_close_why(self) -> None:
        """Stop what is being read; else without the panel of the four Ms."""
        if self.stop_reading():
            return
        self.remove_class("why")
        self.draw()

    def draw_why(self) -> None:
        """The scenario under the cursor against the baseline."""
        comparison = self.carbon.comparison
        if not self.has_class("why") or self.at >= len(comparison.scenarios):
            return
        base, one = comparison.scenarios[comparison.baseline], comparison.scenarios[self.at]
        metric = comparison.question.metric
        found = None if one is base else why(base, one, metric, self.carbon.catalogue)
        if one is base:
            trouble = (
                "this is the baseline: move to another scenario to see why it differs, or b makes another the baseline"
            )
        elif metric == "duration":
            trouble = "a duration does not split into model, machine, mechanization and map; m changes the metric"
        else:
            trouble = f"the {metric} of one of the two is unknown"
        self.query_one(WhyPanel).show(found, base.name, one.name, trouble)

    def action_explain(self) -> None:
        """The figure under the cursor down to its sources."""
        from carbontui.about import show_text
        from carbontui.explain import as_text, explain
        from carbontui.tui.screens.reader import Reader

        row, comparison = self.query_one(Sheet).current, self.carbon.comparison
        if row is None or self.at >= len(comparison.scenarios):
            return
        one = comparison.scenarios[self.at]
        if row.key in ("model", "hardware", "region"):
            found = getattr(one, row.key)
            text = show_text(found) if found is not None else ""
        else:
            key = {"ratio": comparison.metric_key, "interval": comparison.metric_key}.get(row.key, row.key)
            try:
                text = as_text(explain(one, key))
            except ScenarioError as error:
                self.say(str(error))
                return
        self.app.push_screen(Reader("Explain", text or one_line(one, row.key, comparison)))

    def action_unit(self) -> None:
        """The next unit of CO2e."""
        space = self.carbon.workspace
        unit = workspace.UNITS[(workspace.UNITS.index(space.unit) + 1) % len(workspace.UNITS)]
        self.carbon.set_workspace(space.replace(unit=unit))
        known = EQUIVALENTS.get(unit)
        self.say(f"CO2e in {known.unit}: {known.meaning} ({source_line(known.source)})" if known else f"CO2e in {unit}")

    def action_inputs(self) -> None:
        """All inputs or the main ones."""
        keys = [row.key for row in self.query_one(Sheet).rows]
        self.all_inputs = "throughput" not in keys
        self.draw()

    def action_beside(self) -> None:
        """The rows of what is beside the training, which no result above them contains."""
        self.beside = not self.beside
        self.draw()
        if self.beside:
            self.query_one(Sheet).go_to(self.at, "queries")
            self.say("beside the training: each row stands by itself; Enter enters a figure")

    def action_rates(self) -> None:
        """The rows by which scenarios of different size can be set side by side."""
        self.rates = not self.rates
        self.draw()
        if self.rates:
            self.query_one(Sheet).go_to(self.at, "flop_per_joule")

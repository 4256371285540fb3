"""Plan: one's own job as a form, its footprint beside it, and the changes that save most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from carbontui.engine.comparison import Comparison, Question, side_by_side
from carbontui.engine.four_ms import why
from carbontui.engine.planned import planned
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS, QUANTITIES
from carbontui.text.notes import notes_of
from carbontui.text.status import one_line
from carbontui.tui import bindings, workspace
from carbontui.tui.screens.editing import PARTS, RECORDED
from carbontui.tui.screens.plan.advice import AdviceActions, AdviceTable
from carbontui.tui.screens.reader import Reader
from carbontui.tui.screens.when import read_when
from carbontui.tui.styles import stylesheet
from carbontui.tui.views import footprint_lines, plan_fields
from carbontui.tui.views.day import day_pieces
from carbontui.tui.views.waterfall import waterfall
from carbontui.tui.widgets.chrome import TABS, Alert
from carbontui.tui.widgets.form import Form
from carbontui.tui.widgets.piece_lines import PieceLines
from carbontui.tui.widgets.table import Table
from carbontui.tui.widgets.why import WhyPanel
from carbontui_registry.errors import UnknownName
from carbontui_registry.text import listed

if TYPE_CHECKING:
    from textual.geometry import Region

    from carbontui_registry.figures import Figure

ROOM_FOR_REASONS = 32


class PlanScreen(AdviceActions):
    """The job that is planned is a scenario; one key puts it into Compare."""

    TAB: ClassVar[str] = "plan"
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("plan")
    DEFAULT_CSS = stylesheet("plan")

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self._preview: Scenario | None = None
        self._shown: tuple[object, Filled] | None = None
        # What was just done, until the next key.
        self._news = self._said = ""
        self._before: list[plan_fields.Field] = []
        # Whether a number was typed here: whoever has done so knows how.
        self._has_typed = False

    def body(self) -> Iterable[Widget]:
        """The form with the footprint beside it, the advice, and where there is room why the best one saves."""
        with Horizontal(id="job"):
            yield Form()
            yield PieceLines(id="footprint")
        yield AdviceTable()
        with Horizontal(id="reasons"):
            yield WhyPanel()
            yield PieceLines(id="day")

    def on_mount(self) -> None:
        """The cursor is in the form."""
        self.query_one(Form).border_title = "My job"
        self.query_one("#footprint").border_title = "Footprint"
        self.table.border_title = Content("The changes that save most ([tab] to select)")
        self.query_one(WhyPanel).border_title = "Why the change saves, step by step"
        self.query_one("#day").border_title = "Mean day"
        self.query_one(Form).focus()
        self.draw()

    def on_resize(self) -> None:
        """A taller window has room for the reasons."""
        self.set_class(self.app.size.height >= ROOM_FOR_REASONS, "tall")
        self.draw_advice()
        self.draw_reasons()

    @property
    def home_focus(self) -> Form:
        """The form."""
        return self.query_one(Form)

    # The job

    @property
    def filled(self) -> Filled:
        """The job, or what is typed for it, filled in; where it cannot be, as it was before with what is entered."""
        asked = self._preview or self.scenario
        key = (asked, self.accounting, self.carbon.catalogue)
        if self._shown is None or self._shown[0] != key:
            try:
                self._shown = key, planned(asked, self.carbon.catalogue, self.accounting)
                self.trouble = ""
            except (ScenarioError, UnknownName) as error:
                before = self._shown[1] if self._shown else fill(Scenario(), self.carbon.catalogue, self.accounting)
                self._shown = key, before.replace(scenario=asked)
                self.trouble = str(error)
        return self._shown[1]

    def replace_scenario(self, what: str, scenario: Scenario) -> None:
        """Another job; what it was called by its parts says nothing here."""
        app = self.carbon
        app.planning = True
        self._preview = None
        self._before = plan_fields.fields(self.filled)
        scenario, self._said = self.of_its_meter(scenario)
        app.set_workspace(workspace.plan(app.workspace, what.removesuffix(f" of {self.filled.name}"), scenario))
        if self._said:
            self.inform(self._said)

    @property
    def brings(self) -> str:
        """The metric of the job."""
        return self.metric

    def entered(self) -> None:
        """The cursor goes on to the next field that is still needed, if there is one; from a model at least to the
        hardware, with a word on what its published run has filled in."""
        form = self.query_one(Form)
        after = [*form.fields[form.row :], *form.fields[: form.row]]
        needed = next((field.key for field in after if field.mark == "missing"), None)
        said = plan_fields.aftermath(self._before, form.fields, form.current.key)
        if form.current.key == "model":
            if self.filled.run is not None and (of_run := plan_fields.filled_in(form.fields)):
                said.insert(0, f"from the published run: {of_run}")
            needed = needed or "hardware"
        if said := [text for text in (self._said, *said) if text]:
            self.inform("; ".join(said))
        if needed is not None:
            form.go_to(needed)

    def cell_region(self) -> Region:
        """Where the value under the cursor is on the screen."""
        return self.query_one(Form).cell_region()

    def preview(self, scenario: Scenario | None) -> None:
        """The footprint follows what is typed."""
        self._preview = scenario
        self._draw_job()

    # Drawing

    def draw(self) -> None:
        """Everything from the workspace."""
        self._preview = None
        self._draw_job()
        self.draw_frame(self.accounting, self.metric)
        self.draw_advice()
        self.draw_reasons()
        self.tell()

    def _draw_job(self) -> None:
        one, metric = self.filled, self.metric
        fields = plan_fields.fields(one)
        self.query_one(Form).show(fields)
        needs = [field.label.lower() for field in fields if field.mark == "missing"]
        trouble = self.trouble
        self.query_one("#footprint", PieceLines).show(
            lambda width, height: (
                footprint_lines.wrapped(trouble, width, "warning")
                if trouble
                else footprint_lines.lines(one, metric, needs, width, height)
            )
        )

    def draw_reasons(self) -> None:
        """Why the change under the cursor saves, and the mean day of the job's region."""
        if not self.has_class("tall"):
            return
        from carbontui.text.explain import in_full

        one, catalogue = self.filled, self.carbon.catalogue
        changes = [change for change in self.changes if change.day is None]
        at = min(self.table.cursor, len(changes) - 1)
        found = why(one, changes[at].filled, self.metric, catalogue) if changes else None
        fall = waterfall(found, one, changes[at].filled) if found is not None else None
        trouble = (
            f"{self.metric} does not split into model, machine, PUE and carbon factor"
            if changes
            else "appears once there is advice"
        )
        notes = notes_of(changes[at].filled) if changes else ()
        text = in_full(changes[at].filled if changes else one, METRICS[self.metric])
        rest = f"[{self.pressed('plan.explain')}] shows the rest"
        self.query_one(WhyPanel).show(fall, "" if fall else trouble, notes, text, rest)
        self.query_one("#day", PieceLines).show(lambda width, height: day_pieces(one, catalogue, width, height))

    def tell(self) -> None:
        """How the value under the cursor came about, or what a change of the advice means."""
        if self._news:
            self.say(self._news, whole=True)
            return
        if self.table.has_focus:
            self.say(self.of_change(), whole=True)
            return
        key = self.query_one(Form).current.key
        one = self.filled
        if key in PARTS:
            mark = self.pressed("picker.mark")
            self.say(f"[{self.pressed('plan.change')}] opens the list: type to find, [{mark}] marks several to compare")
        elif key in plan_fields.METER_OF:
            self.say(f"[{self.pressed('plan.change')}] to type the reading of {plan_fields.METER_OF[key]}")
        elif key in one.inputs:
            self.say(one_line(one, key, self._alone(one)))
        else:
            less, more = self.pressed("form.less"), self.pressed("form.more")
            self.say(f"[{less} {more}] step by 10 %, [{self.pressed('plan.change')}] to type a value")

    def inform(self, text: str) -> None:
        """A line that stays until the next key, wherever the cursor goes meanwhile."""
        self._news = text
        self.tell()

    def on_key(self, event: events.Key) -> None:
        """Digits open screens; who types one on a number is told how a number is typed."""
        self._news = self.parting = ""
        form = self.query_one(Form)
        if not (event.character or "").isdecimal() or not form.has_focus or form.current.key not in QUANTITIES:
            return
        enter, field = self.pressed("plan.change"), form.current.label
        tabs = {self.pressed(name) for name, _ in TABS} - {self.pressed("plan")}
        if event.character not in tabs:
            self.inform(f"[{enter}] first, then type the number: {field}; digits open screens")
        elif not self._has_typed:
            self.parting = f"digits open screens: on Plan, [{enter}] first, then type the number"

    def on_click(self) -> None:
        """See `inform`; a click is as good as a key."""
        self._news = ""

    @on(Form.Moved)
    def _moved(self) -> None:
        self.tell()

    @on(AdviceTable.Left)
    def _left(self) -> None:
        self.query_one(Form).focus()
        self.tell()

    @on(Table.Moved)
    def _on_other_change(self) -> None:
        self.tell()
        self.draw_reasons()

    # Changing

    @on(Form.Chosen)
    def _chosen_by_form(self) -> None:
        field = self.query_one(Form).current
        if field.key in PARTS:
            self.pick(field.key)
        else:
            self._has_typed = True
            self.type_quantity(field.key, field.label)

    def action_change(self) -> None:
        """A picker or a typed line for the field under the cursor; of the advice, take the change."""
        if self.table.has_focus:
            self.take()
        else:
            self._chosen_by_form()

    @on(Form.Stepped)
    def _stepped(self, event: Form.Stepped) -> None:
        key = self.query_one(Form).current.key
        if key not in plan_fields.SCALES:
            self.action_change()
            return
        self._give(key, plan_fields.stepped(self.filled, key, event.factor))

    @on(Form.Slid)
    def _slid(self, event: Form.Slid) -> None:
        key = self.query_one(Form).current.key
        self._give(key, plan_fields.slid(key, event.where))

    def _give(self, key: str, figure: Figure | None) -> None:
        self.replace_scenario(QUANTITIES[key].label, self.scenario.give(key, figure))

    def action_derive(self) -> None:
        """The looked-up value in place of the one that was entered."""
        field, before = self.query_one(Form).current, self.scenario
        if field.key in QUANTITIES:
            self._give(field.key, None)
        else:
            self.replace_scenario(field.key, before.choose(field.key, None))
        if self.scenario != before:
            removed = f"{field.label}: entry removed"
            self.inform(f"{removed}; {self._said}" if self._said else f"{removed} ([{self.pressed('undo')}] undo)")

    def action_new(self) -> None:
        """An empty form, without the limits of the job that was in it, from its first field."""
        self.carbon.set_workspace(workspace.clear(self.carbon.workspace))
        form = self.query_one(Form)
        form.focus()
        form.go_to(form.fields[0].key)

    async def action_compare(self) -> None:
        """The job into Compare; from the advice with the change under the cursor."""
        new = [self.scenario]
        at = self.table.cursor
        if self.table.has_focus and at < len(self.changes) and self.changes[at].day is None:
            new.append(self.changes[at].scenario)
        await self.put_beside("the planned job", new)

    async def put_beside(self, what: str, new: Sequence[Scenario]) -> None:
        """New scenarios into Compare, by the factors that Plan shows them by."""
        # By the factors of the year that they have here.
        shown = [planned(one, self.carbon.catalogue, self.accounting).scenario for one in new]
        await self.into_compare(what, shown, self.accounting, alone=True)

    def action_limits(self) -> None:
        """What advice and sweeps must keep to, in one line."""
        from carbontui.tui.screens.limits import ask_limits

        app = self.carbon

        def taken(text: str) -> None:
            app.set_workspace(workspace.limit(app.workspace, text))

        ask_limits(self, app.workspace.limits, self.cell_region(), taken)

    def action_when(self) -> None:
        """When to start, by the hours of the region's mean day."""
        read_when(self, self.filled)

    def action_explain(self) -> None:
        """The value under the cursor down to its sources, or the footprint where nothing is known of it; of the advice,
        the change under the cursor."""
        from carbontui.engine.explanation import explain
        from carbontui.text.explain import as_text
        from carbontui.text.part import part_text

        if self.table.has_focus:
            self.action_advise()
            return
        key, one = self.query_one(Form).current.key, self.filled
        try:
            if key in RECORDED and getattr(one, key) is not None:
                text = part_text(one, key, self.carbon.catalogue)
            else:
                text = as_text(explain(one, key if key in one.inputs else METRICS[self.metric]), app=True)
        except ScenarioError as error:
            self.say(str(error), error=True)
            return
        self.app.push_screen(Reader("Explain", text))

    def alerts(self) -> list[Alert]:
        """What is shown after the tabs: whether there are notes on the job."""
        return [Alert(f"({self.pressed('plan.notes')}) notes")] if self.filled.notes else []

    def action_notes(self) -> None:
        """What one should know about how the job was filled in."""
        self.app.push_screen(Reader("Notes", "\n\n".join(notes_of(self.filled)) or "No notes."))

    def action_metric(self) -> None:
        """The next metric."""
        app = self.carbon
        app.act("metric", workspace.next_metric(app.workspace.question))

    def action_accounting(self) -> None:
        """The other coverage of the factors."""
        app = self.carbon
        other = "direct" if self.accounting == "lifecycle" else "lifecycle"
        app.act("accounting", app.workspace.question.replace(accounting=other))
        self.say(f"accounting: {other} factors, also in Compare")

    def action_save(self) -> None:
        """The comparison with the job in it to its file."""
        app = self.carbon
        question = app.workspace.question
        if self.scenario not in question.scenarios:
            app.act("the planned job", workspace.add(question, len(question.scenarios), self.scenario))
        app.home.action_save()

    def action_export(self) -> None:
        """The job alone, in each format."""
        from carbontui.tui.screens.export import ExportScreen

        def written(paths: list[str] | None) -> None:
            if paths:
                self.say(f"wrote {listed(paths)}")

        comparison = self._alone(self.filled)
        self.app.push_screen(ExportScreen(comparison, self.carbon.catalogue, "plan"), written)

    def _alone(self, one: Filled) -> Comparison:
        """The job as a comparison of one."""
        return side_by_side(Question((one.scenario,), metric=self.metric, accounting=self.accounting), [one])

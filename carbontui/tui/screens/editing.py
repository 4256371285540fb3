"""Changing a scenario where it is shown: a picker for a part, a typed line for a quantity, figures of something new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import LABELS, METERED, QUANTITIES, wrong_quantity
from carbontui.text import display
from carbontui.tui import recent
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.workspace import without_old_meter
from carbontui_registry.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.geometry import Region

    from carbontui.tui.widgets.picker import Picker

# Those that are records, and all that a scenario is put together from.
RECORDED = ("model", "hardware", "region")
PARTS = (*RECORDED, "period")


class EditsScenario(CarbonScreen):
    """A screen on which one scenario is changed; where it is kept is for the screen to say."""

    @property
    def scenario(self) -> Scenario | None:
        """The scenario that is changed, as asked for."""
        raise NotImplementedError

    @property
    def accounting(self) -> str:
        """Which carbon factors its figures are shown by."""
        return self.carbon.workspace.question.accounting

    @property
    def filled(self) -> Filled:
        """The same filled in; only where there is one."""
        raise NotImplementedError

    def replace_scenario(self, what: str, scenario: Scenario) -> None:
        """Another scenario in its place; `what` names the change for undo."""
        raise NotImplementedError

    def cell_region(self) -> Region:
        """Where the figure under the cursor is on the screen."""
        raise NotImplementedError

    def preview(self, scenario: Scenario | None) -> None:
        """Show what a value would make while it is typed; None once it is typed or left."""

    def entered(self) -> None:
        """A value was chosen or typed: the cursor may go on."""

    def pick(self, part: str) -> None:
        """Ask for another model, hardware, region or period."""
        from carbontui.tui.views import own
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        filled = self.filled
        title = f"{part.capitalize()} of {filled.name}"
        if part == "period":
            if filled.region is None:
                self.say("choose a region first")
                return
            periods = sorted({factor.period for factor in filled.region.record.factors}, reverse=True)
            offered = [Choice(period, period, filled.region.record.name, period) for period in periods]
            current = filled.texts.get("period")
            picker = Picker(part, title, offered, current)
        else:
            found = getattr(filled, part)
            current = found.id if found is not None else None
            picker = self.picker(part, title, current, filled)

        def chosen(name: str | None) -> None:
            scenario = self.scenario
            if name is None or scenario is None:
                return
            if picker.marked:
                several = [self._chosen(scenario, filled, part, one) for one in picker.marked]
                self.call_later(self.vary, part, [self._whole(part, filled, one) for one in several])
                return
            chips = own.counted(picker.query_text)[0] if part == "hardware" else None
            if chips is not None:
                from carbontui.typed import quantity

                scenario = scenario.give("chips", quantity("chips", str(chips)))
            if name.startswith(own.NEW):
                self.describe(scenario, part, name.removeprefix(own.NEW), lambda new: self._put(part, filled, new))
            elif name != current or chips is not None:
                self._put(part, filled, self._chosen(scenario, filled, part, name))

        self.app.push_screen(picker, chosen)

    def picker(self, kind: str, title: str, current: str | None = None, filled: Filled | None = None) -> Picker:
        """A picker of a kind of record, with what a person may describe besides."""
        from carbontui.tui.views import own
        from carbontui.tui.views.choices import Finder, recent_first
        from carbontui.tui.views.there import columns, listed
        from carbontui.tui.widgets.picker import Picker

        app, question = self.carbon, self.carbon.workspace.question
        offered = recent_first(app.choices(kind, filled.model if filled else None), recent.latest(kind))
        if kind == "model":
            # Below what is no record, so that the list does not open scrolled past that.
            offered.sort(key=lambda choice: choice.id != current)
        finder = Finder(kind, app.catalogue)
        return Picker(
            kind,
            title,
            offered,
            current,
            search=lambda query: own.found(kind, offered, query, app.catalogue, finder),
            trouble=lambda: finder.trouble,
            beside=columns(kind, filled, app.catalogue, self.accounting, question.metric) if filled else (),
            listed=listed(kind, filled, app.catalogue, self.accounting) if filled else None,
            several=filled is not None,
        )

    def _chosen(self, scenario: Scenario, filled: Filled, part: str, name: str) -> Scenario:
        """The scenario with another record in a part, or without a model."""
        from carbontui.tui.views import own

        if part in own.ASKED and getattr(filled, part) is None and getattr(scenario, part) is not None:
            # What described the old one goes with it.
            scenario = own.undescribed(scenario, part)
        if name == own.OWN:
            return scenario.choose("model", None)
        recent.remember(part, name)
        return scenario.choose(part, name)

    async def vary(self, part: str, each: list[Scenario]) -> None:
        """The same job with each of several records in a part, side by side in Compare."""
        await self.put_beside(f"several of {part}", [self.of_its_meter(one)[0] for one in each])

    def of_its_meter(self, changed: Scenario) -> tuple[Scenario, str]:
        """The changed scenario without the reading of a meter that was of another job, and a line that says so."""
        before = self.scenario
        after = without_old_meter(before, changed) if before is not None else changed
        gone = [display.shown(figure.value, "energy") for key, figure in changed.given if key not in dict(after.given)]
        return (
            after,
            f"removed the meter's {gone[0]}: it was of the job as it was before ([{self.pressed('undo')}] undo)"
            if gone
            else "",
        )

    async def put_beside(self, what: str, new: Sequence[Scenario]) -> None:
        """New scenarios into Compare; `what` is for undo."""
        await self.into_compare(what, new)

    def _put(self, part: str, filled: Filled, scenario: Scenario) -> None:
        """Another scenario in its place."""
        self.replace_scenario(f"{part} of {filled.name}", self._whole(part, filled, scenario))
        self.entered()

    def _whole(self, part: str, filled: Filled, scenario: Scenario) -> Scenario:
        """The scenario with what else was shown of it."""
        # A registered model brings its run's hardware and region, unless some were chosen.
        if part != "model" or scenario.model is None or not self._registered(scenario.model):
            scenario = self.as_shown(filled, scenario, part)
        if part == "hardware" and scenario.hardware is not None:
            # A third party's run on the hardware that was chosen counts because it was chosen.
            from carbontui.tui.views.choices import run_on

            run = run_on(self.carbon.catalogue, filled.model, scenario.hardware)
            scenario = scenario.replace(run=run) if run else scenario
        return scenario

    def _registered(self, model: str) -> bool:
        try:
            self.carbon.catalogue.model(model)
        except UnknownName:
            return False
        return True

    def type_quantity(self, what: str, label: str) -> None:
        """Ask for a quantity where it is shown."""
        from carbontui.tui.views.plan_fields import SUCH_AS
        from carbontui.tui.widgets.editor import Editor
        from carbontui.typed import quantity

        kind, filled, asked = QUANTITIES[what].kind, self.filled, self.scenario
        assert asked is not None
        known = filled.inputs.get(what)
        # What a meter said is not what follows without one.
        value = known.value if known else None if what in METERED else filled.value(what)

        def read(text: str) -> tuple[bool, str]:
            good, said = read_quantity(what, text, empty)
            if text == before or not good:
                # What is refused leaves the job as it was.
                self.preview(None)
            else:
                self.preview(asked.give(what, quantity(what, text) if text.strip() else None))
            return good, said

        def typed(text: str | None) -> None:
            self.preview(None)
            if text is None or text == before:
                return
            figure = quantity(what, text) if text.strip() else None
            scenario = self.as_shown(filled, asked.give(what, figure))
            self.replace_scenario(f"{LABELS[what]} of {filled.name}", scenario)
            self.entered()

        before = "" if value is None else display.edited(value, kind)
        example = SUCH_AS.get(what)
        empty = "empty: use the looked-up value" if value is not None or not example else f"such as {example}"
        self.app.push_screen(Editor(f"{label} of {filled.name}", before, read, self.cell_region()), typed)

    def describe(self, scenario: Scenario, kind: str, name: str, done: Callable[[Scenario], None]) -> None:
        """Ask for the figures of something new, one after the other, and hand over the scenario that has them."""
        from carbontui.tui.views import own

        keys = own.ASKED[kind]

        def given(scenario: Scenario) -> None:
            if own.says_enough(kind, dict(scenario.given)):
                done(scenario)
            elif kind == "model":
                # Without any figure it is a name and no more.
                done(scenario.replace(model=None, name=name))
            else:
                self.say(
                    f"{name}: not added; enter its {'TDP' if kind == 'hardware' else 'carbon factor'} to describe it"
                )

        self._ask_each(own.described(scenario, kind, name), name, keys, given)

    def _ask_each(self, scenario: Scenario, name: str, keys: tuple[str, ...], done: Callable[[Scenario], None]) -> None:
        from carbontui.tui.views.plan_fields import SUCH_AS
        from carbontui.tui.widgets.editor import Editor
        from carbontui.typed import quantity

        if not keys:
            done(scenario)
            return
        key = keys[0]

        def read(text: str) -> tuple[bool, str]:
            example = f"; such as {SUCH_AS[key]}" if key in SUCH_AS else ""
            return read_quantity(key, text, f"empty: unknown{example}")

        def typed(text: str | None) -> None:
            if text is None:
                return
            figure = quantity(key, text) if text.strip() else None
            self._ask_each(scenario.give(key, figure) if figure else scenario, name, keys[1:], done)

        label = LABELS[key][:1].upper() + LABELS[key][1:]
        self.app.push_screen(Editor(f"{label} of {name}", "", read, self.cell_region()), typed)

    def as_shown(self, before: Filled, new: Scenario, changed: str = "") -> Scenario:
        """The edited scenario with the hardware, region and period that were shown; `changed` is what was chosen."""
        app = self.carbon
        for part in ("hardware", "region", "period"):
            if part == changed or getattr(new, part) is not None or (part == "period" and changed == "region"):
                continue
            try:
                after = fill(new, app.catalogue, app.workspace.question.accounting)
            except (ScenarioError, UnknownName):
                return new
            if part == "period":
                then, now = before.texts.get("period"), after.texts.get("period")
            else:
                had, has = getattr(before, part), getattr(after, part)
                then, now = had.id if had else None, has.id if has else None
            if then is not None and then != now:
                # Not `choose`: nothing that belongs to it goes.
                new = new.replace(**{part: then})
        return new


def read_quantity(key: str, text: str, empty: str) -> tuple[bool, str]:
    """Whether what was typed can be read, and what it means or why not."""
    if not text.strip():
        return True, empty
    from carbontui.tui.views.plan_fields import SUCH_AS
    from carbontui.typed import is_bare, quantity
    from carbontui_registry.unit_kinds import KINDS

    try:
        figure = quantity(key, text)
    except ScenarioError as error:
        kind = QUANTITIES[key].kind
        if KINDS[kind].unit and is_bare(text):
            # What to do comes before what is wrong.
            if not float(text) and (wrong := wrong_quantity(key, 0.0)):
                return False, wrong
            unit = SUCH_AS.get(key, KINDS[kind].example).partition(" ")[2]
            units = ("h", "d") if kind == "duration" else (unit,)
            written = " or ".join(f"'{text.strip()} {unit}'" for unit in units)
            return False, f"add a unit: {written}, not a number alone"
        error.where = ""
        return False, str(error)
    kind = QUANTITIES[key].kind
    shown = display.edited(figure.value, kind)
    if kind == "number" and figure.value >= 1e6:
        # Nobody reads that many digits.
        shown = f"{shown} ({display.count(figure.value)})"
    return True, f"= {shown}"

"""The advice on the job of Plan: looked for beside the app, listed, taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from carbontui.engine.scenario import Scenario, short_hardware_name
from carbontui.quantities import METRICS, RESULTS, of_one_coverage
from carbontui.text.advice import difference, notes_of, of_places, of_sources, what
from carbontui.text.table import part_name
from carbontui.tui.screens.editing import EditsScenario
from carbontui.tui.views import advice_rows
from carbontui.tui.views.columns import Column, TableRow
from carbontui.tui.widgets.form import Form
from carbontui.tui.widgets.table import Table

if TYPE_CHECKING:
    from carbontui.engine.advice import Advice, Change

# Advice waits until nobody has changed anything for this long: each key would begin it again.
PAUSE = 0.2
# Lines of a window in which the reasons below the advice keep what they need beside more of it, or all.
_TALL, _TALLER = 40, 50
_LOW = 30
WAITING = "looking for the changes that save most ..."


class AdviceTable(Table):
    """The advice; up from its first row leads back to the form."""

    class Left(Table.Moved):
        """The cursor would go above the first row."""

    @property
    def shows_cursor(self) -> bool:
        """With the focus: beside it stands the form with a cursor of its own."""
        return self.has_focus

    def on_focus(self) -> None:
        """See `shows_cursor`; the line above the keys is about the change now."""
        self.redraw()
        self.post_message(self.Moved())

    def on_blur(self) -> None:
        """See `shows_cursor`."""
        self.redraw()

    def action_step(self, by: int) -> None:
        """Move the cursor by a number of rows."""
        if by < 0 and self.cursor == 0:
            self.post_message(self.Left())
        else:
            super().action_step(by)


class AdviceActions(EditsScenario):
    """What lists the advice and takes from it."""

    # Why the job cannot be filled in.
    trouble: str = ""
    _advised: tuple[object, Advice | str] | None = None
    _looked_for: object = None
    _pause: Timer | None = None
    _worker: Worker[Advice | str] | None = None

    @property
    def scenario(self) -> Scenario:
        """The job, as asked for."""
        return self.carbon.workspace.job

    @property
    def accounting(self) -> str:
        """That of the comparison; a job of one's own has no published factors to be compared by."""
        return of_one_coverage(self.carbon.workspace.question.accounting)

    @property
    def metric(self) -> str:
        """That of the comparison."""
        return self.carbon.workspace.question.metric

    @property
    def table(self) -> AdviceTable:
        """The advice as a table."""
        return self.query_one(AdviceTable)

    @property
    def advice(self) -> Advice | None:
        """The advice on the job as it is, None while it is computed, or if there can be none."""
        if self._advised is None or self._advised[0] != self._asked or isinstance(self._advised[1], str):
            return None
        return self._advised[1]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that are listed."""
        advice = self.advice
        return (*advice.changes, *advice.doubtful) if advice is not None else ()

    @property
    def _asked(self) -> tuple[object, ...]:
        space = self.carbon.workspace
        return (space.job, self.metric, self.accounting, space.limits, self.carbon.catalogue)

    @property
    def foremost(self) -> dict[str, str]:
        """What the key does that changes a field of the form."""
        return {"plan.change": "apply"} if self.table.has_focus else {}

    def draw_reasons(self) -> None:
        """What is shown below the advice."""
        raise NotImplementedError

    def inform(self, text: str) -> None:
        """A line that stays until the next key."""
        raise NotImplementedError

    def of_change(self) -> str:
        """What can be done with the row under the cursor; a line too long for the table in full."""
        at = self.table.cursor
        if at >= len(self.changes):
            return self.table.rows[at].cells[0] if at < len(self.table.rows) else ""
        enter, compare, why = map(self.pressed, ("plan.change", "plan.compare", "plan.why"))
        if self.changes[at].day is not None:
            return f"a start time does not change the job's figures; [{why}] explains it"
        sources = of_sources(self.filled, self.changes[at].filled, self.metric)
        keys = f"[{enter}] applies this change, [{compare}] adds both to Compare, [{why}] says why it saves"
        # In a low window a second line would take a change from the table, and the keys stand below.
        low = self.app.size.height < _LOW
        return sources if low and sources else "; ".join(filter(None, (keys, sources)))

    def draw_advice(self) -> None:
        table, limits = self.table, self.carbon.workspace.limits
        key = self.pressed("plan.limits")
        table.border_subtitle = Content(f"limits: {limits}" if limits else f"no limits ([{key}] set)")
        table.set_class(bool(limits), "limited")
        if self.trouble or METRICS[self.metric] not in self.filled.results:
            self._show_rows(*self._without_result())
            return
        if self._advised is None or self._advised[0] != self._asked:
            self._show_rows(WAITING)
            self._look_soon()
            return
        advice = self._advised[1]
        if isinstance(advice, str):
            self._show_rows(advice)
        elif not self.changes:
            self._show_rows(*(notes_of(advice) or ["no available change is certain to save anything"]))
        else:
            columns, rows = advice_rows.table(advice, table.size.width - 3)
            rows += [TableRow((note,), "off") for note in notes_of(advice)]
            of_all = rows + [TableRow((note,), "off") for note in of_places(advice)]
            # What a tall window has room for is not scrolled to; the reasons below keep what they need.
            height = self.app.size.height
            seen = of_all if height >= _TALLER else rows
            table.styles.height = min(len(seen) + 3, height // 4) if height >= _TALL else None
            table.show(columns, of_all)

    def _without_result(self) -> list[str]:
        """What has to be known before there can be advice."""
        one, key = self.filled, METRICS[self.metric]
        if self.trouble or set(one.missing.get(self.metric, ())) != {"price"}:
            return [f"appears once the {RESULTS[key].label if 'gross_kgco2e' in one.results else 'footprint'} is known"]
        where = f" in {part_name(one, 'region')}" if one.region is not None else ""
        hardware = short_hardware_name(one.hardware.record) if one.hardware is not None else "this hardware"
        places, cells = self.pressed("map"), self.pressed("sweep")
        return [
            f"no list price is known for {hardware}{where}",
            f"[{places}] Map and [{cells}] Sweep show what it costs elsewhere",
        ]

    def _show_rows(self, *said: str) -> None:
        self.table.show([Column("", 0)], [TableRow((text,), "off") for text in said])
        if self.table.has_focus:
            self.query_one(Form).focus()

    def _look_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._look)

    def _look(self) -> None:
        asked, job, catalogue = self._asked, self.scenario, self.carbon.catalogue
        metric, accounting, limits = self.metric, self.accounting, self.carbon.workspace.limits

        def look() -> Advice | str:
            from carbontui.tui.advising import advice_on

            return advice_on(job, catalogue, metric, accounting, limits)

        self._looked_for = asked
        self._worker = self.run_worker(look, thread=True, exclusive=True, group="advice", exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the advice once it is there."""
        if event.worker is not self._worker:
            return
        if event.state is WorkerState.SUCCESS and event.worker.result is not None:
            self._advised = self._looked_for, event.worker.result
            self.draw_advice()
            self.draw_reasons()
        elif event.state is WorkerState.ERROR:
            self._advised = self._looked_for, f"no advice: {event.worker.error}"
            self.draw_advice()

    def take(self) -> None:
        if self.table.cursor >= len(self.changes):
            return
        change = self.changes[self.table.cursor]
        if change.day is not None:
            return
        self._apply(change)

    def _apply(self, change: Change) -> None:
        before, key = self.filled, METRICS[self.metric]
        self.replace_scenario(f"advice: {what(change)}", change.scenario)
        became = [difference(before, change.filled, one) for one in dict.fromkeys((key, "duration_h", "cost_usd"))]
        said = ", ".join(filter(None, became))
        self.inform(f"Applied {what(change)}: {said} ([{self.pressed('undo')}] undo)")

    def action_advise(self) -> None:
        """Every change with its steps; one of them may be taken there."""
        advice = self.advice
        if advice is None:
            self.say("no advice yet")
            return
        from carbontui.tui.screens.advice import AdviceScreen

        def taken(change: Change | None) -> None:
            if change is not None:
                self._apply(change)

        screen = AdviceScreen(advice, self.carbon.catalogue, self.carbon.workspace.limits, take="apply")
        self.app.push_screen(screen, taken)

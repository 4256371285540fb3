"""Reading Compare: why a scenario differs, how a figure came about, what to know about the whole."""

from __future__ import annotations

import asyncio

from carbontui.engine.comparison import farthest
from carbontui.engine.four_ms import SPLIT, why
from carbontui.engine.scenario import Filled, ScenarioError
from carbontui.quantities import METERED, METRICS, RESULTS, of_one_coverage
from carbontui.text.notes import CROSSINGS, crossings_of, missing_text, note_text, notes_of
from carbontui.text.status import one_line
from carbontui.tui import workspace
from carbontui.tui.screens.compare.base import ComparePart
from carbontui.tui.screens.editing import RECORDED
from carbontui.tui.widgets.chrome import Alert
from carbontui_registry.text import listed


class ReadActions(ComparePart):
    """What explains and changes nothing."""

    def alerts(self) -> list[Alert]:
        """What is shown after the tabs: what has changed in the registry, and what this comparison mixes."""
        comparison = self.carbon.comparison
        found = [Alert(f"({self.pressed('compare.drift')}) drift")] if self.carbon.drifts() else []
        notes = f"({self.pressed('compare.notes')}) notes"
        if comparison.crossings:
            found.append(Alert(f"{notes}: {CROSSINGS[comparison.crossings[0].key][0]}", f"{notes}!"))
        elif any(one.notes or one.scenario.note for one in comparison.scenarios):
            found.append(Alert(notes))
        return found

    def action_notes(self) -> None:
        """Crossings of the comparison and notes of each scenario."""
        from carbontui.text.table import total_notes
        from carbontui.tui.screens.reader import Reader

        comparison = self.carbon.comparison
        one_kind = f"press [{self.pressed('compare.accounting')}] to use one accounting for all"
        notes = [comparison.question.note, *crossings_of(comparison, one_kind)]
        notes += total_notes(comparison)
        for one in comparison.scenarios:
            notes += [f"{one.name}: {note}" for note in (one.scenario.note, *notes_of(one)) if note]
        if comparison.question.accounting != "as-published":
            key = self.pressed("compare.accounting")
            notes.append(f"accounting: {comparison.question.accounting} carbon factors only; [{key}] changes it")
        self.app.push_screen(Reader("Notes", "\n\n".join(filter(None, notes)) or "No notes."))

    def tell(self) -> None:
        """Why the scenario under the cursor differs, and how the figure under the cursor came about."""
        sheet, scenarios = self.sheet, self.carbon.comparison.scenarios
        self.draw_why()
        if not scenarios:
            add, opens = self.pressed("compare.add"), self.pressed("open")
            self.say_here(f"nothing to compare yet ([{add}] add a scenario, [{opens}] open a file)")
        elif sheet.column < len(scenarios):
            self.say_here(self._line(scenarios[sheet.column], sheet.row_key))

    def _line(self, one: Filled, key: str) -> str:
        """What the line above the keys says of a cell."""
        if key == "estimate" or (key in METERED and one.estimate):
            from carbontui.tui.views.footprint_lines import estimate_line

            return estimate_line(one, key="energy_kwh" if key == "estimate" else None)
        lacks = missing_text(one, self.carbon.comparison.question.metric, remedy=False)
        label = getattr(one.scenario, key, None) if key in RECORDED else None
        if label and getattr(one, key) is None and not any(note.code == "error" for note in one.notes):
            from carbontui.tui.described_pack import can_be_saved

            save = f" ([{self.pressed('compare.pack')}] save as a pack)" if can_be_saved(one, key) else ""
            return "; ".join(filter(None, (f"{label}: {key} of your own{save}", *notes_of(one), lacks)))
        if key in RECORDED and getattr(one, key) is None and not one.notes:
            others = [one.removeprefix("no ") for one in lacks.split("; ") if one and one != f"no {key}"]
            missing = f"; also missing: {listed(others)}" if others else ""
            return f"press Enter to choose {'' if key == 'hardware' else 'a '}{key}{missing}"
        line = one_line(one, key, self.carbon.comparison)
        noted = [note_text(note) for note in one.notes if note.key == key and key not in RECORDED]
        if lacks and lacks not in line:
            noted.append(lacks)
        return " · ".join(filter(None, (line, *noted)))

    def action_why(self) -> None:
        """The panel of the four Ms on or off; in a low window it takes the place of the bars."""
        self.set_class(not self.has_class("why"), "why")
        self.draw()

    async def action_advise(self) -> None:
        """The changes to the scenario under the cursor that save most; one is taken beside it."""
        from carbontui.engine.advice import Change
        from carbontui.text.advice import what
        from carbontui.tui.advising import advice_on
        from carbontui.tui.already import already
        from carbontui.tui.screens.advice import AdviceScreen

        app = self.carbon
        scenario, question = self.scenario, self.question
        if scenario is None:
            return
        accounting = of_one_coverage(question.accounting)
        advice = await asyncio.to_thread(
            advice_on, scenario, app.catalogue, question.metric, accounting, app.workspace.limits
        )
        if isinstance(advice, str):
            self.say(advice, error=True)
            return
        at = self.at + 1

        def taken(change: Change | None) -> None:
            if change is None:
                return
            known = already(self.question, change.scenario, app.filled)
            if known is not None:
                self.go_to(self.question.scenarios.index(known))
                key = self.pressed("compare.duplicate")
                self.say(f"{what(change)}: already in Compare ([{key}] duplicate)", whole=True)
                return
            self.act("advice", workspace.add(self.question, at, change.scenario), at)
            other = "" if accounting == question.accounting else f"; advice used {accounting} factors"
            self.say(f"Added {what(change)}{other} {self.undo}", whole=True)

        self.app.push_screen(AdviceScreen(advice, app.catalogue, app.workspace.limits), taken)

    def action_when(self) -> None:
        """The best start of the scenario under the cursor, by the mean day of its region."""
        from carbontui.tui.screens.when import read_when

        if self.at < len(self.carbon.comparison.scenarios):
            read_when(self, self.carbon.comparison.scenarios[self.at])

    @property
    def shows_why(self) -> bool:
        """Whether the reasons are shown: asked for, or because there is room."""
        return self.has_class("why") or self.has_class("roomy")

    def with_reasons(self) -> None:
        """The panel of the reasons; where there is room, the mean day and the sources of a figure too."""
        from carbontui.tui.widgets.piece_lines import PieceLines
        from carbontui.tui.widgets.why import WhyPanel

        if not self.query(WhyPanel):
            self.mount(WhyPanel(), after=self.query_one("Bars"))
        if self.has_class("roomy") and not self.query("#room"):
            self.mount(PieceLines(id="room"), before=self.query_one(WhyPanel))

    def draw_why(self) -> None:
        """The scenario under the cursor against the baseline; of the baseline the one that differs most from it."""
        comparison = self.carbon.comparison
        if not self.shows_why or self.at >= len(comparison.scenarios):
            return
        from carbontui.tui.views.waterfall import waterfall
        from carbontui.tui.widgets.why import WhyPanel

        base, one = comparison.scenarios[comparison.baseline], comparison.scenarios[self.at]
        if self.query("#room"):
            self._draw_room(one)
        metric = comparison.question.metric
        other = farthest(comparison) if one is base else one
        found = None if other is None else why(base, other, metric, self.carbon.catalogue)
        if metric not in SPLIT:
            trouble = (
                f"{metric} does not split into model, machine, PUE and carbon factor; "
                f"[{self.pressed('compare.metric')}] changes the metric"
            )
        elif other is None:
            trouble = "this is the baseline: add a scenario to see why it differs"
        else:
            trouble = f"{RESULTS[METRICS[metric]].label} of one of the two is unknown"
        self.query_one(WhyPanel).show(waterfall(found, base, other) if found and other else None, trouble)

    def _draw_room(self, one: Filled) -> None:
        """The mean day of the scenario's region, where one is known, and the figure under the cursor down to its
        sources."""
        from carbontui.tui.views.day import day_and_text
        from carbontui.tui.widgets.piece_lines import PieceLines

        key, catalogue = self.sheet.row_key, self.carbon.catalogue
        if key in RECORDED and getattr(one, key) is None:
            # There is nothing to say of it: the metric is what everything here is about.
            key = self.carbon.comparison.metric_key
        try:
            text = self._explained(one, key)
        except ScenarioError:
            text = self._line(one, key)
        rest = f"[{self.pressed('compare.explain')}] shows the rest"
        self.query_one("#room", PieceLines).show(
            lambda width, height: day_and_text(one, catalogue, text, rest, width, height)
        )

    def _explained(self, one: Filled, key: str) -> str:
        """The figure or record that a row shows, down to its sources. Raises `UnknownFigure`."""
        from carbontui.engine.explanation import explain
        from carbontui.text.explain import as_text
        from carbontui.text.part import part_text

        comparison = self.carbon.comparison
        if key in RECORDED:
            text = part_text(one, key, self.carbon.catalogue) if getattr(one, key) is not None else ""
            return text or one_line(one, key, comparison)
        key = {"ratio": comparison.metric_key, "interval": comparison.metric_key}.get(key, key)
        return as_text(explain(one, key), app=True)

    def action_explain(self) -> None:
        """The figure under the cursor down to its sources."""
        from carbontui.tui.screens.reader import Reader

        row, comparison = self.sheet.current, self.carbon.comparison
        if row is not None and row.key == "estimate":
            self.tell()
            return
        if row is None or self.at >= len(comparison.scenarios):
            return
        try:
            text = self._explained(comparison.scenarios[self.at], row.key)
        except ScenarioError as error:
            self.say(str(error), error=True)
            return
        self.app.push_screen(Reader("Explain", text))

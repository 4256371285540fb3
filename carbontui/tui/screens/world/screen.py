"""Map: the current job in every region of the world that has its hardware."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from carbontui.engine.scenario import Filled, ScenarioError, short_hardware_name
from carbontui.engine.sweep import Limits
from carbontui.text import display
from carbontui.text.filters import WrongFilter
from carbontui.tui import bindings
from carbontui.tui.screens.world.base import WorldPart
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.atlas import COLOURED_BY, FACTOR, OF_CARBON, REACH, Atlas, Ground
from carbontui.tui.views.day import brief, day_of
from carbontui.tui.views.globe import WORLD, continent
from carbontui.tui.views.ranking import ranking, spot_at
from carbontui.tui.views.sweep_cell import figures
from carbontui.tui.widgets.line import in_full
from carbontui.tui.widgets.piece_lines import PieceLines
from carbontui.tui.widgets.sweep_lines import Head
from carbontui.tui.widgets.table import FilterLine
from carbontui.tui.widgets.world import PlaceLines, WorldLegend, WorldMap
from carbontui_registry.text import count_of, listed

# Columns of a window in which the regions are listed beside the map.
ROOM_FOR_RANKING = 160


class WorldScreen(WorldPart):
    """The result of the job in each region; Enter adds a region, or the marked ones, to Compare."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("world")
    AUTO_FOCUS = "WorldMap"
    DEFAULT_CSS = stylesheet("world")

    def body(self) -> Iterable[Widget]:
        """Head, filter, map, legend and the region under the cursor."""
        yield Head()
        yield FilterLine(placeholder="words or conditions, such as gcp, germany or pue<1.1", compact=True)
        yield Horizontal(WorldMap(), PieceLines(id="ranking"), id="places")
        yield WorldLegend()
        yield PlaceLines()

    @property
    def filtered(self) -> Widget:
        """The map."""
        return self.map

    def filter_changed(self) -> None:
        """Other regions."""
        self.draw()

    def on_mount(self) -> None:
        """The cursor is in the map."""
        self.map.focus()
        self.draw()

    def on_resize(self) -> None:
        """A taller window has more room between its parts, a wider one beside the map."""
        self.set_class(self.app.size.height >= 34, "tall")
        self.set_class(self.app.size.width >= ROOM_FOR_RANKING, "wide")

    def draw(self) -> None:
        """Everything from the current job; the cursor stays on its region, or goes to that of another job."""
        app = self.carbon
        if self.metric is None:
            metric = app.workspace.question.metric
            self.metric = metric if metric in COLOURED_BY else COLOURED_BY[0]
        # Gone for good with the first look at another job, so that this one is on its own hardware when it is back.
        shown = self._from_sweep = self.combination
        hardware, region = (shown.hardware, shown.region) if shown is not None else ("", "")
        known = (self.base, hardware, app.catalogue, self.accounting, self.reach, self.limits_typed)
        other_job, other_limits = self._ground_of[:2] != known[:2], self._ground_of[-1:] != known[-1:]
        if known != self._ground_of:
            limits, stays = self._limits()
            self._ground_of = known
            self.ground = Ground(
                self.base, app.catalogue, accounting=self.accounting, globs=REACH[self.reach][1], limits=limits,
                stays=stays, hardware=hardware,
            )  # fmt: skip
        ground, metric = self.ground, self.shown_metric
        assert ground is not None
        self.draw_frame(*((self.accounting,) if metric in OF_CARBON else ()), metric)
        at = self.map.spot.region.id if self.map.spot is not None and not other_job else None
        before = self.map.atlas
        on_best = before is not None and self.map.spot is before.best and self.map.spot is not before.own
        if self._goes_to is not None:
            at, on_best, self._goes_to = self._goes_to, False, None
        try:
            words = self.query_text.split()
            atlas = Atlas(ground, metric, everywhere=self.everywhere, words=words, kept=region)
        except WrongFilter as error:
            self.say(str(error), error=True)
            return
        if other_limits:
            # Where limits leave one part of the world, that is what is looked at.
            parts = {continent(one.latitude, one.longitude) for one in atlas.spots if ground.limits.within}
            self.map.part = parts.pop() if len(parts) == 1 else WORLD
        if on_best and not other_job and atlas.best is not None:
            # Best by another metric is another region.
            at = atlas.best.region.id
        self.map.show(atlas, at, frozenset(self.marked))
        self._draw_head(atlas)
        ends = (display.UNKNOWN, display.UNKNOWN)
        if atlas.spots:
            ends = tuple(  # type: ignore[assignment]
                f"{display.significant(end, 3)} g/kWh" if metric == FACTOR else display.shown(end, atlas.kind)
                for end in (atlas.low, atlas.high)
            )
        self.query_one(WorldLegend).show(ends if atlas.spots else None)
        self.tell()

    def _limits(self) -> tuple[Limits, bool]:
        """The limits, and whether the region is to stay; none where they cannot be read, which the head says."""
        try:
            return self.limits, "region" in self.kept
        except ScenarioError:
            return Limits(), False

    def _draw_head(self, atlas: Atlas) -> None:
        ground, metric = atlas.ground, atlas.metric
        what = f"{metric} CO2e" if metric in ("gross", "net") else "gross factor" if metric == FACTOR else metric
        part, seen = self.map.part, atlas.spots
        if part is not WORLD:
            seen = [one for one in seen if part.holds(one.latitude, one.longitude)]
        within = "" if part is WORLD else f" in {part.name}"
        texts = [f"in {count_of(len(seen), 'region')}{within}: {what}"]
        if metric in OF_CARBON:
            texts.append(f"{self.accounting} factors")
        try:
            limits = self.limits_said()
        except ScenarioError as error:
            limits = [str(error)]
        limits += [REACH[self.reach][0]] if self.reach else []
        if self.chips is not None:
            limits.append(count_of(self.chips, "chip"))
        if self.query_text:
            limits.append(f"/{self.query_text}")
        if self.everywhere:
            limits.append("offered or not")
        if self.marked:
            limits.append(f"{len(self.marked)} marked")
        name = ground.name
        if ground.hardware is not None:
            # It stays what it is in every region.
            hardware = short_hardware_name(ground.hardware.record)
            if not ground.on_own:
                texts.insert(0, f"on {hardware} (from Sweep)")
            elif hardware not in name:
                name = f"{name} on {hardware}"
        self.query_one(Head).show(name, texts, " · ".join(limits))

    def tell(self) -> None:
        """The region under the cursor, others at the same place, and what is not shown."""
        atlas, spot, read = self.map.atlas, self.map.spot, self.read()
        lines = self.query_one(PlaceLines)
        self.query_one("#ranking", PieceLines).show(
            lambda width, height: ranking(atlas, spot, width, height) if atlas is not None else ()
        )
        if atlas is None or spot is None or read is None:
            lines.show("", ["nothing matches"], "", "", ())
            trouble = f"{atlas.ground.trouble}: " if atlas is not None and not atlas.ground.places else ""
            keys = self.pressed("world.filter"), self.pressed("world.clear")
            self.say(f"{trouble}[{keys[0]}] filter, [{keys[1]}] show all")
            return
        one = read.one
        factor = atlas.text(spot) + display.mark_of(one.inputs["gross"]) if atlas.metric == FACTOR else ""
        figure = [factor] if factor else figures(one, atlas.metric)
        change = atlas.against_own(spot)
        change = "unchanged" if atlas.unchanged(spot) else f"{change} vs unchanged" if change else ""
        day = day_of(one.region, self.carbon.catalogue, one)
        name = spot.region.record.name
        barred = atlas.why(spot)
        inputs = _place(one) if day else f"{_place(one)}  no mean day is known"
        lines.show(name, [figure[0], change, *figure[1:]], barred, inputs, brief(day) if day else ())
        hidden, width = self._hidden(atlas), self.app.size.width - 2
        others = self._others(atlas, width - sum(len(part) + 3 for part in hidden))
        self.say(in_full([others, *hidden], width, " · "))

    def _others(self, atlas: Atlas, room: int) -> str:
        """The regions that share the cursor's place, by name as many as there is room for."""
        here = self.map.here
        others = [one for one in here if one is not self.map.spot]
        if not others:
            return ""
        names = [f"{one.region.record.name} {atlas.text(one)}" for one in others]
        said = f"[{self.pressed('places.next_here')}] also here: "
        for shown in range(min(3, len(names)), 0, -1):
            more = [f"{len(names) - shown} more"] if shown < len(names) else []
            if len(said + (some := listed([*names[:shown], *more]))) <= room:
                return said + some
        return said + count_of(len(names), "region")

    def _hidden(self, atlas: Atlas) -> list[str]:
        ground, parts = atlas.ground, list[str]()
        if ground.trouble:
            parts.append(f"{ground.trouble}: colours show the carbon factor")
        if atlas.away:
            shown, other = ("shown too", "hide") if self.everywhere else ("hidden", "show")
            key = self.pressed("world.everywhere")
            parts.append(f"{atlas.away} do not offer the hardware: {shown} ([{key}] {other})")
        if atlas.over:
            parts.append(f"{atlas.over} over a limit")
        if atlas.unknown:
            parts.append(f"unknown in {atlas.unknown}")
        if ground.nowhere:
            parts.append(f"not on the map: {ground.nowhere}")
        return parts

    @on(WorldMap.Moved)
    def _moved(self) -> None:
        if self.map.atlas is not None:
            self._draw_head(self.map.atlas)
        self.tell()

    @on(PieceLines.Clicked, "#ranking")
    async def _listed_clicked(self, event: PieceLines.Clicked) -> None:
        atlas, lines = self.map.atlas, event.lines
        found = spot_at(atlas, self.map.spot, lines.size.height, event.y) if atlas is not None else None
        if found is None:
            return
        # The first of two clicks moves the list, so that the second is on another line.
        if found is self.map.spot or event.times > 1:
            await self.action_take()
        else:
            self.map.go_to(found)

    # Actions

    @on(WorldMap.Chosen)
    async def action_take(self) -> None:
        """The marked regions, or the one under the cursor, as new scenarios in Compare."""
        ground, spot = self.ground, self.map.spot
        if ground is None or spot is None:
            return
        numbers = {one.region.id: one.number for one in ground.spots}
        wanted = [numbers[name] for name in self.marked if name in numbers] or [spot.number]
        new = [ground.scenario(number) for number in wanted]
        self.marked.clear()
        self.map.marked = frozenset()
        await self.into_compare("add from the map", new, self.accounting, alone=self.carbon.job_from == "plan")

    def action_mark(self) -> None:
        """Mark the region under the cursor, or unmark it."""
        if (spot := self.map.spot) is not None:
            if spot.region.id in self.marked:
                del self.marked[spot.region.id]
            else:
                self.marked[spot.region.id] = None
            self.map.marked = frozenset(self.marked)
            self.map.refresh()
            self._moved()

    def action_metric(self) -> None:
        """Colour by the next metric, or by the factor."""
        if self.ground is None or self.ground.sweep is None:
            self.say("the map shows the factor until there is a job")
            return
        self.metric = COLOURED_BY[(COLOURED_BY.index(self.metric or FACTOR) + 1) % len(COLOURED_BY)]
        self.draw()

    def action_accounting(self) -> None:
        """The other accounting that all regions can be held to."""
        self.accounting = "direct" if self.accounting == "lifecycle" else "lifecycle"
        self.draw()

    def action_reach(self) -> None:
        """Datacenters, or grids too."""
        self.reach = (self.reach + 1) % len(REACH)
        self.draw()

    def action_zoom(self, by: int) -> None:
        """The continent of the cursor, the next one, or the world."""
        self.map.zoom(by)

    def action_everywhere(self) -> None:
        """Regions too that do not offer the hardware, or not."""
        self.everywhere = not self.everywhere
        self.draw()

    def action_clear(self) -> None:
        """No limits, no filter, no marks, the whole world."""
        self.limit("")
        self.marked.clear()
        self.everywhere, self.map.part, self._from_sweep = False, WORLD, None
        self.query_one(FilterLine).value = self.query_text = ""
        self.action_leave_filter()
        self.draw()

    def action_turn(self, by: int) -> None:
        """The map of another scenario of the comparison."""
        if self.turned(by):
            self.draw()

    def action_step(self, by: int) -> None:
        """The next region by rank, from the filter."""
        self.map.action_rank(by)


def _place(one: Filled) -> str:
    """Factor and PUE of a place, each with its mark, and the year."""
    factor, pue = one.inputs.get("gross"), one.inputs.get("pue")
    parts = [display.marked(factor, "factor")] if factor is not None else []
    if pue is not None:
        parts.append(f"x PUE {display.marked(pue, 'pue')}")
    return " ".join([*parts, *([f"in {one.texts['period']}"] if "period" in one.texts else [])])

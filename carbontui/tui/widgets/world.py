"""The map of the world with a cursor on a region, and the lines below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet
from carbontui.tui.views import charted
from carbontui.tui.views.atlas import Atlas, Spot
from carbontui.tui.views.charted import Chart, Piece
from carbontui.tui.views.globe import CONTINENTS, WORLD, Part, View, continent
from carbontui.tui.views.signs import BARRED, BEST, NOT_POSSIBLE, NOW, OWN, OWN_REGION
from carbontui.tui.widgets.line import GridWidget, Line, LineWidget, first_of, in_full
from carbontui.tui.widgets.shades import colours, shades

if TYPE_CHECKING:
    from collections.abc import Sequence


class WorldMap(GridWidget):
    """Draws an atlas in a part of the world, and holds the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("world--coast", "world--barred", "world--cursor", "world--label", "world--own", "world--best"),
        "world--marked",
    }
    DEFAULT_CSS = stylesheet("world-map")
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("places")

    class Moved(Message):
        """The cursor has moved to another region."""

    class Chosen(Message):
        """A region was clicked twice: it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.atlas: Atlas | None = None
        self.part: Part = WORLD
        self.spot: Spot | None = None
        self.marked: frozenset[str] = frozenset()
        self._chart: tuple[tuple[object, ...], Chart] | None = None
        self._drawn: tuple[tuple[object, ...], list[list[Piece]]] | None = None

    def show(self, atlas: Atlas | None, at: str | None, marked: frozenset[str]) -> None:
        """Another atlas, with the cursor on a region if that is in it, else on the job's own, else on the best."""
        self.atlas, self.marked, self.spot = atlas, marked, None
        if atlas is not None:
            known = next((one for one in atlas.spots if one.region.id == at), None)
            self.spot = known or atlas.own or atlas.best or next(iter(atlas.order), None)
            self._keep_in_sight()
        self.refresh()

    @property
    def chart(self) -> Chart | None:
        """The atlas as cells of the window."""
        if self.atlas is None:
            return None
        key = (self.atlas, self.part, self.size)
        if self._chart is None or self._chart[0] != key:
            self._chart = key, Chart(self.atlas, View(self.part, self.size.width, self.size.height))
        return self._chart[1]

    @property
    def here(self) -> list[Spot]:
        """The regions that share the cell of the cursor, best first."""
        chart = self.chart
        cell = chart.cells.get(self.spot.number) if chart is not None and self.spot is not None else None
        return chart.places[cell] if chart is not None and cell is not None else []

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the map."""
        line = Line(self.size.width, self.look)
        chart = self.chart
        if chart is None:
            return line.strip()
        if not chart.places:
            middle = y == self.size.height // 2
            return line.add("no region here matches; clear the filter or zoom out" if middle else "").strip()
        looks, few = shades(self.app), colours(self.app) == 0
        for text, look in self._lines(chart)[y]:
            if look.isdigit():
                line.add(look if few else text, looks[int(look)])
            else:
                line.add(text, self.look_of(f"world--{look}"))
        return line.strip()

    def shown_in(self, y: int) -> object:
        """The pieces of a line."""
        chart = self.chart
        return self._lines(chart)[y] if chart is not None and chart.places else y

    def _lines(self, chart: Chart) -> list[list[Piece]]:
        key = (chart, self.spot and self.spot.number, self.marked)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, chart.drawn(self.spot, self.marked)
        return self._drawn[1]

    # Moving

    def _keep_in_sight(self) -> None:
        if self.spot is not None and self.part is not WORLD:
            at = self.spot.latitude, self.spot.longitude
            if not self.part.holds(*at) and (self.chart is None or self.spot.number not in self.chart.cells):
                self.part = continent(*at)

    def go_to(self, spot: Spot) -> None:
        """The cursor on a region."""
        self.spot = spot
        self._keep_in_sight()
        self.redraw()
        self.post_message(self.Moved())

    def action_step(self, columns: int, rows: int) -> None:
        """The nearest place in that direction."""
        chart = self.chart
        cell = chart.cells.get(self.spot.number) if chart is not None and self.spot is not None else None
        if chart is not None and cell is not None and (found := chart.next_to(cell, columns, rows)) is not None:
            self.go_to(chart.places[found][0])

    def action_turn(self, by: int) -> None:
        """The next region that shares the cell of the cursor."""
        here = self.here
        if self.spot is not None and len(here) > 1:
            self.go_to(here[(here.index(self.spot) + by) % len(here)])

    def action_rank(self, by: int) -> None:
        """The next better or worse region."""
        order = self.atlas.order if self.atlas is not None else []
        if order:
            at = order.index(self.spot) + by if self.spot in order else 0
            self.go_to(order[max(0, min(at, len(order) - 1))])

    def zoom(self, by: int) -> None:
        """The continent of the cursor, or the world."""
        if by < 0 or self.spot is None:
            self.part = WORLD
        else:
            near = continent(self.spot.latitude, self.spot.longitude)
            self.part = near if near is not self.part else CONTINENTS[(CONTINENTS.index(near) + 1) % len(CONTINENTS)]
        self.refresh()
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the nearest place; a second one takes it."""
        chart = self.chart
        x, y = event.get_content_offset_capture(self)
        if chart is None or (cell := chart.near(x, y)) is None:
            return
        again = self.spot in chart.places[cell]
        if not again:
            self.go_to(chart.places[cell][0])
        if again or event.chain > 1:
            self.post_message(self.Chosen())


class WorldLegend(LineWidget):
    """The scale and the signs."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"legend--text"}
    DEFAULT_CSS = """
    WorldLegend { height: 1; padding: 0 1; .legend--text { color: $text-muted; } }
    """

    def __init__(self) -> None:
        super().__init__()
        self.ends: tuple[str, str] | None = None

    def show(self, ends: tuple[str, str] | None) -> None:
        """The least and the most in words; None where nothing is known."""
        self.ends = ends
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.look)
        if self.ends is None:
            return line.strip()
        text, wide = self.look_of("legend--text"), self.size.width >= 100
        line.add(f"{self.ends[0]} ", text)
        for n, style in enumerate(shades(self.app)):
            line.add(str(n) if colours(self.app) == 0 else "  " if wide else " ", style)
        signs = (
            *(((charted.ONE, "region"),) if wide else ()),
            (BEST, "best"),
            (OWN, OWN_REGION if wide else NOW),
            (BARRED, NOT_POSSIBLE),
            (charted.SEVERAL, "several"),
            (charted.MARKED, "marked"),
        )
        line.add(f" {self.ends[1]}{' log' if wide else ''}", text)
        said = [f"{sign} {word}" for sign, word in signs]
        room = line.width - line.used - 2
        # Rather close to one another than without one.
        gap = "  " if len("  ".join(said)) <= room else " "
        return line.add("  ").add(in_full(said, room, gap), text).strip()


class PlaceLines(LineWidget):
    """The region under the cursor in two lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"place--name", "place--text", "place--barred", "place--day"}
    DEFAULT_CSS = stylesheet("place-lines")

    def __init__(self) -> None:
        super().__init__()
        self.parts: tuple[str, Sequence[str], str, str, Sequence[str]] = ("", (), "", "", ())

    def show(self, name: str, figures: Sequence[str], barred: str, inputs: str, day: Sequence[str]) -> None:
        """Another region."""
        self.parts = name, figures, barred, inputs, day
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """What the job comes to; what that follows from, and the mean day."""
        name, figures, barred, inputs, day = self.parts
        line = Line(self.size.width, self.look)
        if y == 0:
            line.add(f"{name}  ", self.look_of("place--name"))
            return line.add(in_full(figures, line.width - line.used)).strip()
        if barred:
            line.add(f"{BARRED} {barred}  ", self.look_of("place--barred"))
        line.add(f"{inputs}  ", self.look_of("place--text"))
        return line.add(first_of(day, line.width - line.used, " "), self.look_of("place--day")).strip()

"""What the tests of the app share: starting it, pressing keys, reading what is on the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from rich.cells import cell_len
from textual import _wait, constants
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from carbontui.engine.comparison import Question
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.widgets.chrome import Status
from carbontui.tui.widgets.picker import ChoiceList
from carbontui.tui.widgets.sheet import Sheet
from carbontui.tui.workspace import Workspace, first_start
from carbontui_registry.catalogue import Catalogue

# Pilot looks every 20 ms whether the app has come to rest, twice for each key; a key takes a fraction of that.
_wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = 1 / 250, 1 / 500
# What slides into its place is there after some time, not after some keys.
constants.TEXTUAL_ANIMATIONS = "none"  # type: ignore[misc]

SIZES = [(80, 24), (120, 40)]
at_both_sizes = pytest.mark.parametrize("size", SIZES)
EVERY_SIZE = [(20, 5), (40, 10), (60, 16), (80, 24), (120, 40), (200, 60)]


def app_of(catalogue: Catalogue, *specs: str, baseline: int = 0, metric: str = "gross") -> CarbonApp:
    """The app on these scenarios, or as it is at the first start."""
    if not specs:
        return CarbonApp(catalogue, first_start())
    question = Question(tuple(parse_spec(spec) for spec in specs), baseline=baseline, metric=metric, title="test")
    return CarbonApp(catalogue, Workspace(question, saved=question))


def on_screen(app: CarbonApp) -> str:
    """The text of the whole screen."""
    return "\n".join("".join(segment.text for segment in strip) for strip in strips(app.screen))


def strips(screen: Screen[object]) -> list[Strip]:
    """What is drawn, line by line."""
    return list(screen._compositor.render_strips())


def widths(widget: Widget) -> set[int]:
    """The widths in cells of all lines that a widget draws."""
    lines = (widget.render_line(y) for y in range(widget.size.height))
    return {sum(cell_len(segment.text) for segment in line) for line in lines}


def sheet(app: CarbonApp) -> Sheet:
    """The comparison on the screen."""
    return app.home.query_one(Sheet)


def cell(app: CarbonApp, key: str, column: int | None = None) -> str:
    """The text of a cell, of the scenario under the cursor unless told otherwise."""
    shown = sheet(app)
    row = next(row for row in shown.rows if row.key == key)
    return row.cells[shown.column if column is None else column].written(with_unit=True)


def names(app: CarbonApp) -> list[str]:
    """The scenarios by name, from left to right."""
    return [one.name for one in app.comparison.scenarios]


def said(app: CarbonApp) -> str:
    """The line above the keys."""
    return app.screen.query_one(Status).text


def beside_field(app: CarbonApp) -> tuple[str, bool]:
    """What stands beside a typed field, and whether it is a refusal."""
    static = app.screen.query_one("#said", Static)
    return str(static.content), static.has_class("refused")


def offered(app: CarbonApp) -> list[str]:
    """The ids that a picker lists."""
    return [choice.id for choice in app.screen.query_one(ChoiceList).choices]


async def rest(pilot: Pilot[int]) -> None:
    """Let the app come to rest, with all drawn."""
    for _ in range(2):
        await pilot.pause()
        drawn = asyncio.Event()
        pilot.app.screen.call_after_refresh(drawn.set)
        await asyncio.wait_for(drawn.wait(), 120)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Keys one after the other; what begins with ' is typed letter by letter."""
    for key in keys:
        await pilot.press(*(key[1:] if key.startswith("'") else [key]))
    await rest(pilot)


async def type_in(pilot: Pilot[int], text: str) -> None:
    """Another text in the field that has the focus, then Enter."""
    field = pilot.app.screen.query_one(Input)
    field.value = text
    await rest(pilot)
    await press(pilot, "enter")


async def until(pilot: Pilot[int], holds: Callable[[], object], seconds: float = 120.0) -> None:
    """Let the app go on until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come to hold"
        await pilot.pause(0.01)


def go_to(app: CarbonApp, column: int, key: str | None = None) -> None:
    """The cursor on a cell."""
    app.home.go_to(column, key)

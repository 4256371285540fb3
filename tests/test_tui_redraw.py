"""Of what a key changes only the lines that differ are drawn again: the screen is the same as if all of it were."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from textual.strip import Strip
from tui import app_of, press, rest, strips

from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.plan import advice
from carbontui_registry.catalogue import Catalogue

JOB = "@h100@aws:us-east-1,chips=8,duration=3 d"
# What moves, scrolls, filters, sorts, marks, takes and puts the focus elsewhere, on any screen.
MOVES = ["up", "down", "left", "right", "pagedown", "pageup", "home", "end", "tab"]
CHANGES = ["m", "z", "v", "l", "u", "b", "d", "T", "w", "plus", "minus", "space", "enter", "escape"]
SCREENS = ["1", "2", "3", "4", "5", "6"]


async def shown(app: CarbonApp, *, afresh: bool) -> list[Strip]:
    """The lines of the screen, as they were drawn or all drawn again."""
    if afresh:
        for widget in app.screen.walk_children():
            widget.refresh()
    drawn = [strip.simplify() for strip in strips(app.screen)]
    return [Strip([*strip]) for strip in drawn]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*MOVES, *CHANGES, *SCREENS]), min_size=6, max_size=14))
@example(["1", "down", "down", "right", "right", "left", "up", "tab", "tab", "m", "2", "right", "down", "z"])
@example(["2", "T", "down", "down", "pagedown", "up", "right", "end", "home", "z", "T", "w", "right", "m"])
@example(["4", "right", "down", "l", "up", "down", "left", "m", "l", "z", "enter", "3", "right", "enter"])
@example(["5", "down", "pagedown", "space", "up", "end", "home", "z", "6", "down", "up", "2", "a", "down", "escape"])
async def test_the_screen_is_as_if_all_of_it_were_drawn(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], keys: list[str]
) -> None:
    # It would come between two looks at the screen.
    monkeypatch.setattr(advice, "PAUSE", 1000.0)
    app = app_of(catalogue, JOB, "t5", "gpt-3", "gpt-3@a100@gcp:us-central1", JOB.replace("8", "16"))
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        for number, key in enumerate(keys):
            await press(pilot, key)
            seen = await shown(app, afresh=False)
            assert seen == await shown(app, afresh=True), keys[: number + 1]
            await rest(pilot)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["z", "z", "less", "more", "b", "d", "x", "m", "v", "R", "u", "right"]), max_size=10))
@example(["z", "z", "right", "b", "z", "u", "u"])
async def test_sorted_rows_are_those_of_a_new_comparison(catalogue: Catalogue, keys: list[str]) -> None:
    app = app_of(catalogue, JOB, "t5", "meena", f"{JOB},it_energy=412 kWh,name=Two", f"{JOB},period=2023,name=Two")
    keymap = {"less": "less_than_sign", "more": "greater_than_sign"}
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        for key in keys:
            await press(pilot, keymap.get(key, key), "escape")
        comparison, rows = app.comparison, app.home.sheet.rows
        app._comparison = app.home._rows_before = None
        app.home.draw()
        assert app.comparison == comparison
        assert app.home.sheet.rows == rows

"""Advice in the app: what it lists, why, and taking a change."""

from __future__ import annotations

from math import ceil

import pytest
from tui import SIZES, app_of, go_to, names, on_screen, press, said

from carbontui.engine.advice import advise
from carbontui.engine.sweep import Limits
from carbontui.engine.sweep.question import countries
from carbontui.spec import parse_spec
from carbontui.text import display
from carbontui.text.advice import as_text
from carbontui.tui.already import already
from carbontui.tui.screens.advice import AdviceScreen
from carbontui.tui.widgets.chrome import Status
from carbontui.tui.widgets.table import Table
from carbontui_registry.catalogue import Catalogue

TUNING = "llama-3.1-8b@8xh100@gcp:us-west1,tokens=2B"


@pytest.mark.parametrize("size", SIZES)
async def test_a_change_is_explained_and_taken_beside_the_scenario(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, TUNING)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "A")
        screen = app.screen
        assert isinstance(screen, AdviceScreen)
        kinds = [change.kind for change in screen.changes]
        screen.query_one(Table).go_to(kinds.index("region"))
        await press(pilot, "down", "up")
        assert "carbon factor" in on_screen(app)
        assert "gross" in on_screen(app)
        await press(pilot, "enter")
        assert len(names(app)) == 2
        assert app.comparison.scenarios[1].hardware is not None
        assert app.comparison.scenarios[1].hardware.id == "h100-sxm5-80"
        assert said(app).startswith("Added region: ")
        assert "lifecycle factors" in said(app)
        await press(pilot, "u")
        assert len(names(app)) == 1


async def test_what_is_in_compare_already_is_gone_to_however_it_was_found(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@8xh100@aws:us-east-1,duration=3 d", "@8xh100@gcp:us-west1,duration=3 d")
    async with app.run_test(size=(120, 40)) as pilot:

        async def take(kind: str) -> None:
            await press(pilot, "A")
            screen = app.screen
            assert isinstance(screen, AdviceScreen)
            screen.query_one(Table).go_to([change.kind for change in screen.changes].index(kind))
            await press(pilot, "enter")

        await press(pilot, "f", "f")
        await take("region")
        taken = names(app)
        assert len(taken) == 3
        go_to(app, 0)
        await take("region")
        assert names(app) == taken
        assert app.home.at == 1
        assert "already in Compare ([d] duplicate)" in said(app)
        # The same from Sweep, of which it is the best combination.
        go_to(app, 0)
        await press(pilot, "4", "enter")
        assert app.tab == "compare"
        assert names(app) == taken
        assert app.home.at == 1
        assert said(app) == "already in Compare ([d] duplicate)"
        await press(pilot, "d")
        assert len(names(app)) == 4
        # A name of one's own makes another scenario of equal figures.
        assert already(app.workspace.question, parse_spec("@8xh100@gcp:us-west1,duration=72 h"), app.filled)
        named = parse_spec("@8xh100@gcp:us-west1,duration=72 h,name=mine")
        assert already(app.workspace.question, named, app.filled) is None


async def test_leaving_changes_nothing(catalogue: Catalogue) -> None:
    app = app_of(catalogue, TUNING)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "A", "escape")
        assert len(names(app)) == 1
        assert not app.workspace.changed


async def test_a_start_cannot_be_taken_as_a_scenario(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@t4@gcp:us-west1,chips=1,duration=2 h")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "A")
        screen = app.screen
        assert isinstance(screen, AdviceScreen)
        screen.query_one(Table).go_to([change.kind for change in screen.changes].index("start"))
        await press(pilot, "enter")
        assert app.screen is screen
        assert "best start" in on_screen(app) or "a start time does not change" in on_screen(app)


async def test_an_unknown_metric_says_what_it_lacks(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@8xh100,duration=3 d")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "A")
        assert "gross is unknown: no region" in on_screen(app)
        await press(pilot, "enter", "escape")
        assert len(names(app)) == 1


async def test_limits_of_plan_hold_for_advice_in_compare_too(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "llama-3.1-8b@8xh100@gcp:europe-west3,tokens=2B")
    app.workspace = app.workspace.replace(limits="EU, keep hardware")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "A")
        screen = app.screen
        assert isinstance(screen, AdviceScreen)
        assert "limits: EU, keep hardware" in on_screen(app)
        assert screen.changes
        for change in screen.changes:
            assert change.filled.region is not None
            assert change.filled.region.record.country in countries(["EU"], catalogue)
            assert change.filled.hardware is not None
            assert change.filled.hardware.id == "h100-sxm5-80"


async def test_a_limit_that_cannot_be_read_is_said_instead_of_advice(catalogue: Catalogue) -> None:
    app = app_of(catalogue, TUNING)
    app.workspace = app.workspace.replace(limits="30 bananas")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "A")
        assert not isinstance(app.screen, AdviceScreen)
        assert "bananas" in said(app)


async def test_an_error_is_read_to_its_end(catalogue: Catalogue) -> None:
    app = app_of(catalogue, TUNING)
    app.workspace = app.workspace.replace(limits="30 bananas")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "A")
        for word in ("'30 bananas' is not a limit", "keep hardware"):
            assert word in " ".join(on_screen(app).split())
        await press(pilot, "down")
        assert app.screen.query_one(Status).size.height == 1


SLOW = "@8xh100@aws:us-east-1,params=70e9,tokens=2T"


async def test_a_job_too_long_for_the_limit_says_so_in_numbers(catalogue: Catalogue) -> None:
    found = advise(parse_spec(SLOW), catalogue, limits=Limits(max_days=30, within=("EU",)))
    hours = found.own.value("duration")
    assert hours is not None
    need = ceil(8 * hours / 720)
    takes = display.shown(hours, "duration")
    said_of_it = f"on 8 chips this takes {takes}; 30 d would need {need:,} chips of this speed"
    text = as_text(found, None)
    assert said_of_it in text
    assert "fits the limits" not in text
    app = app_of(catalogue, SLOW)
    app.workspace = app.workspace.replace(limits="EU, 30 d")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "A")
        assert said_of_it in " ".join(on_screen(app).replace("│", " ").split())
    # A limit of another kind is still only a limit.
    assert "fits the limits" in as_text(advise(parse_spec(SLOW), catalogue, limits=Limits(max_gross=1e-6)), None)

"""The current job: which one it is on Sweep and Map, where escape leads, and its limits, metric and region there."""

from __future__ import annotations

import numpy as np
import pytest
from tui import SIZES, app_of, on_screen, press, rest, said

from carbontui.engine.sweep import CODES, Limits
from carbontui.engine.sweep.feasibility import OVER
from carbontui.engine.sweep.question import countries
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.plan.advice import AdviceTable
from carbontui.tui.screens.sweep.screen import SweepScreen
from carbontui.tui.screens.world.screen import WorldScreen
from carbontui.tui.views.atlas import COLOURED_BY, FACTOR, Atlas, Ground
from carbontui.tui.widgets.picker import ChoiceList
from carbontui.tui.widgets.sweep_lines import Head
from carbontui.tui.workspace import Workspace, clear, first_start, undo
from carbontui_registry.catalogue import Catalogue

JOB = "@8xh100@aws:us-east-1,duration=3 d"
OTHER = "@8xa100@gcp:europe-west4,duration=2 d"


def app_planning(catalogue: Catalogue, spec: str = JOB, limits: str = "") -> CarbonApp:
    return CarbonApp(catalogue, first_start().replace(job=parse_spec(spec), limits=limits, tab="plan"))


def head(app: CarbonApp) -> str:
    """The job that the head names."""
    return app.screen.query_one(Head).parts[0]


def of_job(app: CarbonApp) -> str:
    """What the head says of it."""
    return "  ".join(app.screen.query_one(Head).parts[1])


def sweep(app: CarbonApp) -> SweepScreen:
    assert isinstance(app.screen, SweepScreen)
    return app.screen


def world(app: CarbonApp) -> WorldScreen:
    assert isinstance(app.screen, WorldScreen)
    return app.screen


# Which job


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["3", "4"])
async def test_escape_leads_back_to_plan_and_the_job_stays_in_hand(
    catalogue: Catalogue, key: str, size: tuple[int, int]
) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        await press(pilot, key)
        assert head(app) == "H100 AWS N. Virginia"
        await press(pilot, "escape")
        assert app.tab == "plan"
        # Looking at Compare puts none of its scenarios in hand.
        await press(pilot, "2", key)
        assert head(app) == "H100 AWS N. Virginia"
        await press(pilot, "escape")
        assert app.tab == "plan"


async def test_moving_in_compare_and_editing_plan_put_a_job_in_hand(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, OTHER)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4")
        assert head(app) == "H100 AWS N. Virginia"
        await press(pilot, "escape", "right", "3")
        assert head(app) == "A100 GCP Eemshaven"
        await press(pilot, "escape")
        assert app.tab == "compare"
        # A form with nothing in it is no job.
        await press(pilot, "1", "4")
        assert head(app) == "A100 GCP Eemshaven"
        await press(pilot, "escape", "left", "p")
        assert app.tab == "plan"
        await press(pilot, "down", "down", "right", "4")
        assert head(app) == "H100 AWS N. Virginia"
        assert sweep(app).base == app.workspace.job
        await press(pilot, "escape")
        assert app.tab == "plan"
        await press(pilot, "2", "right", "4", "escape")
        assert app.tab == "compare"


async def test_a_scenario_that_is_changed_in_compare_is_in_hand(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "2", "d", "4")
        assert sweep(app).base == app.workspace.question.scenarios[app.home.at] != app.workspace.job
        await press(pilot, "escape")
        assert app.tab == "compare"


async def test_brackets_leave_plans_job_for_the_comparison(catalogue: Catalogue) -> None:
    app = CarbonApp(catalogue, Workspace(app_of(catalogue, OTHER).workspace.question, job=parse_spec(JOB), tab="plan"))
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await press(pilot, "4", "right_square_bracket")
        assert head(app) == "A100 GCP Eemshaven"
        await press(pilot, "escape")
        assert app.tab == "compare"


async def test_a_job_by_hours_is_swept_on_its_own_hardware(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await press(pilot, "4")
        heat = sweep(app).map.heat
        assert heat is not None
        assert heat.size[1] == 1
        assert "on its own hardware" in on_screen(app)
        assert said(app) == "own hardware only: hours alone do not show how long other hardware would take"
        await press(pilot, "n")
        assert "hours alone do not show how long other hardware would take" in " ".join(on_screen(app).split())
        assert "Notes" in on_screen(app)
        await press(pilot, "escape", "escape", "3", "n")
        assert "gross factor: converted to lifecycle" in " ".join(on_screen(app).split())


# Limits


async def test_the_map_keeps_to_the_limits_of_the_job(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, limits="EU, 100 kgCO2e")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await press(pilot, "3")
        atlas = world(app).map.atlas
        assert atlas is not None
        assert {spot.region.record.country for spot in atlas.spots} <= countries(("EU",), catalogue)
        assert "at most 0.1 tCO2e gross · within EU" in on_screen(app)
        assert atlas.over
        assert f"{atlas.over} over a limit" in said(app)
        await press(pilot, "end")
        assert "× over a limit" in on_screen(app)
        await press(pilot, "L", *["backspace"] * 20, "'germany", "enter")
        assert app.workspace.limits == "germany"
        assert {spot.region.record.country for spot in world(app).map.atlas.spots} == {"DE"}  # type: ignore[union-attr]
        await press(pilot, "backspace")
        assert app.workspace.limits == ""
        await press(pilot, "u", "4")
        assert "within germany" in on_screen(app)


@pytest.mark.parametrize(
    ("limits", "spots", "seen"),
    [
        ("keep region", 1, "same region"),
        ("EU, keep region", 0, "none of the regions is within EU"),
        ("Iceland", 0, "none of the regions is within Iceland"),
        ("12 parsecs", 60, "'12 parsecs' is not a limit"),
        ("4 chips", 60, "at most 4 chips"),
    ],
)
async def test_limits_that_leave_little_or_cannot_be_read(
    catalogue: Catalogue, limits: str, spots: int, seen: str
) -> None:
    app = app_planning(catalogue, limits=limits)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await press(pilot, "3")
        atlas = world(app).map.atlas
        assert atlas is not None
        assert len(atlas.spots) == spots if spots < 2 else len(atlas.spots) > spots
        assert seen in on_screen(app)
        assert head(app) == "H100 AWS N. Virginia"
        if limits == "4 chips":
            assert atlas.best is None


@pytest.mark.parametrize("metric", COLOURED_BY)
def test_what_is_over_a_limit_is_never_best(catalogue: Catalogue, metric: str) -> None:
    limits = Limits(max_gross=0.15, max_cost=4500.0)
    ground = Ground(parse_spec(JOB), catalogue, accounting="lifecycle", limits=limits)
    atlas = Atlas(ground, metric)
    free = Atlas(Ground(parse_spec(JOB), catalogue, accounting="lifecycle"), metric)
    assert {one.region.id for one in atlas.spots} == {one.region.id for one in free.spots}
    for spot in atlas.spots:
        one = ground.filled(spot.number)
        gross, cost = one.result("gross_kgco2e"), one.result("cost_usd")
        over = gross is None or gross > 150 or cost is None or cost > 4500
        if CODES[atlas.codes[spot.number]] in ("", "over"):
            assert (atlas.codes[spot.number] == OVER) == over
            assert (atlas.shade(spot) is None) == over
    assert atlas.best is not None
    best = ground.filled(atlas.best.number)
    among = [one for one in atlas.spots if not atlas.codes[one.number]]
    assert atlas.value(atlas.best) == min(atlas.value(one) for one in among)
    assert (best.result("gross_kgco2e") or np.inf) <= 150
    assert metric == FACTOR or best.result(METRICS[metric]) is not None


async def test_clearing_the_form_clears_its_limits_in_one_step(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, limits="EU, 30 d")
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        table = app.screen.query_one(AdviceTable)
        assert "limits: EU, 30 d" in on_screen(app)
        marked = table.styles.border_subtitle_color
        await press(pilot, "D")
        assert (app.workspace.job, app.workspace.limits) == (parse_spec(""), "")
        assert "no limits" in on_screen(app)
        assert table.styles.border_subtitle_color != marked
        await press(pilot, "u")
        assert (app.workspace.job, app.workspace.limits) == (parse_spec(JOB), "EU, 30 d")
        assert table.styles.border_subtitle_color == marked


def test_limits_alone_are_cleared_too() -> None:
    space = first_start().replace(limits="EU")
    assert undo(clear(space))[0].limits == "EU"
    assert clear(clear(space)) == clear(space)


# What is looked at


async def test_the_map_shows_the_metric_that_one_came_from(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await press(pilot, "4")
        while sweep(app).objective != "cost":
            await press(pilot, "m")
        await press(pilot, "3")
        assert world(app).shown_metric == "cost"
        await press(pilot, "1", "m", "m", "3")
        assert app.workspace.question.metric == world(app).shown_metric == "energy"
        # Places differ in no duration: the colours stay.
        await press(pilot, "1", "m", "3")
        assert app.workspace.question.metric == "duration"
        assert world(app).shown_metric == "energy"


async def test_the_cursor_of_the_map_goes_to_the_region_of_another_job(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, OTHER)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3", "home")
        await press(pilot, "2", "right", "3")
        spot = world(app).map.spot
        assert spot is not None
        assert spot.region.id == "gcp:europe-west4"


async def test_home_and_end_go_through_a_list(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "a")
        listed = app.screen.query_one(ChoiceList)
        await press(pilot, "end")
        assert listed.cursor == len(listed.choices) - 1 > 100
        await press(pilot, "home")
        assert listed.cursor == 0


async def test_the_map_has_as_many_chips_as_the_sweep_that_one_came_from(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@h100@aws:us-east-1,chips=8")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "number_sign", "'1024", "enter", "3")
        screen = app.screen
        assert isinstance(screen, WorldScreen)

        def chips() -> float | None:
            own = screen.ground.own if screen.ground is not None else None
            return own.value("chips") if own is not None else None

        assert chips() == 1024
        assert "1,024 chips" in on_screen(app)
        # A look at the registry is of no job; Compare has the job as it is.
        await press(pilot, "5", "3")
        assert chips() == 1024
        await press(pilot, "2", "3")
        assert chips() == 8
        assert "1,024 chips" not in on_screen(app)


@pytest.mark.parametrize("screen", ["map", "sweep"])
async def test_what_is_compared_of_plans_job_takes_the_place_of_the_papers_six(
    catalogue: Catalogue, screen: str
) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "down")
        await press(pilot, {"map": "3", "sweep": "4"}[screen])
        await rest(pilot)
        await press(pilot, "enter")
        assert len(app.comparison.scenarios) == 1
        assert "replaced the paper's six" in said(app)
        await press(pilot, "u")
        assert len(app.comparison.scenarios) == 6


@pytest.mark.parametrize(("size", "there"), [((80, 24), False), ((120, 40), True), ((200, 60), True)])
async def test_the_sweep_of_few_columns_shows_the_cell_down_to_its_sources(
    catalogue: Catalogue, size: tuple[int, int], there: bool
) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "4", "down")
        await rest(pilot)
        assert ("Why H100 AWS Stockholm is" in on_screen(app)) is there
        assert ("gross CO2e = IT energy x" in on_screen(app)) is there
        # Other hardware needs the room.
        app.set_workspace(app.workspace.replace(job=parse_spec("gpt-3")))
        await press(pilot, "1", "4")
        await rest(pilot)
        assert "IT energy x" not in on_screen(app)


async def test_the_map_shows_the_combination_under_the_cursor_of_the_sweep_that_one_came_from(
    catalogue: Catalogue,
) -> None:
    app = app_of(catalogue, "gpt-3@v100@azure:westus2,chips=10000", "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "f", "slash", "'h100 nebius", "enter")
        cell = sweep(app).map.cell
        assert cell is not None
        swept = sweep(app).map.heat.sweep  # type: ignore[union-attr]
        hardware, region = swept.machines[cell.machine].hardware, swept.places[cell.place].region
        await press(pilot, "3")
        assert world(app).map.spot.region is region  # type: ignore[union-attr]
        assert world(app).ground.hardware is hardware  # type: ignore[union-attr]
        assert world(app).map.atlas.value(world(app).map.spot) == cell.value  # type: ignore[union-attr,arg-type]
        assert "on H100 (from Sweep)" in of_job(app)
        # A look at the registry is of no job.
        await press(pilot, "5", "3", "left")
        assert "on H100 (from Sweep)" in of_job(app)
        # Another job has its own hardware again, and so has this one then.
        for key in ("right_square_bracket", "left_square_bracket"):
            await press(pilot, key)
            assert "from Sweep" not in of_job(app)
        await press(pilot, "4", "3")
        assert "from Sweep" in of_job(app)
        await press(pilot, "2", "3")
        assert "GPT-3 Azure West US 2 on V100" in head(app)
        assert "from Sweep" not in of_job(app)
        assert world(app).map.spot.region.id == "azure:westus2"  # type: ignore[union-attr]


async def test_a_combination_that_nobody_offers_is_on_the_map_all_the_same(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@v100@azure:westus2,chips=10000")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "g", "g", "slash", "'h200 grid:de", "enter", "3")
        assert world(app).map.spot.region.id.startswith("grid:de")  # type: ignore[union-attr]
        assert "H200 (from Sweep)" in of_job(app)
        await press(pilot, "enter")
        taken = app.workspace.question.scenarios[1]
        assert (taken.hardware, taken.region) == ("h200-sxm", "grid:de")  # type: ignore[union-attr]

"""What a line has no room for is left out as a whole: no figure, sign or name is cut in the middle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui import app_of, on_screen, press, rest, said

from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.world.screen import WorldScreen
from carbontui.tui.views.globe import WORLD
from carbontui.tui.views.sweep_cell import figures, inputs
from carbontui.tui.widgets.line import in_full
from carbontui.tui.widgets.sweep_lines import Head
from carbontui.tui.widgets.world import PlaceLines
from carbontui_registry.catalogue import Catalogue

JOB = "@8xh100@aws:us-east-1,duration=3 d"
WORK = "llama-3.1-8b@8xh100@aws:us-east-1,tokens=2B"
WIDTHS = [60, 80, 100, 120, 200]


@given(st.lists(st.text("abc", max_size=9), max_size=8), st.integers(0, 40))
def test_parts_fit_in_full_or_not_at_all(parts: list[str], width: int) -> None:
    made = in_full(parts, width)
    assert len(made) <= width
    kept = made.split("  ") if made else []
    left = iter(part for part in parts if part)
    assert all(part in left for part in kept)
    if sum(map(len, parts)) + 2 * len(parts) <= width:
        assert kept == [part for part in parts if part]


def world(app: CarbonApp) -> WorldScreen:
    assert isinstance(app.screen, WorldScreen)
    return app.screen


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_lines_below_the_map_hold_whole_figures(catalogue: Catalogue, width: int) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(width, 24)) as pilot:
        await press(pilot, "3")
        for _ in range(7):
            await press(pilot, "home")
            for _ in range(3):
                lines = on_screen(app).splitlines()
                name, parts, _, _, day = world(app).query_one(PlaceLines).parts
                shown = lines[-4].removeprefix(f" {name}  ").split("  ")
                assert {part.strip() for part in shown if part.strip()} <= {*parts, *(p.strip() for p in parts)}
                hours = next((part for part in day if "at " in part or "start" in part), "")
                assert hours in lines[-3] or hours.split()[0] not in lines[-3]
                assert not said(app).startswith("[tab]") or len(said(app)) <= width - 2 or " · " in said(app)
                assert lines[-5].rstrip().endswith(("possible", "several", "marked", "now", "best"))
                await press(pilot, "full_stop")
            await press(pilot, "m")


async def test_a_change_on_the_map_says_against_what(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3", "home")
        assert "-94 % vs unchanged" in on_screen(app).splitlines()[-4]


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_lines_below_the_sweep_hold_whole_figures(catalogue: Catalogue, width: int) -> None:
    app = app_of(catalogue, WORK)
    async with app.run_test(size=(width, 24)) as pilot:
        await press(pilot, "4")
        read = app.screen.read()  # type: ignore[attr-defined]
        lines = on_screen(app).splitlines()
        assert "region 1 of 152" in lines[3]
        assert "hardware 1 of 158" in lines[4]
        of_results, of_inputs = figures(read.one, "gross"), inputs(read.one)
        assert all(part in of_results for part in lines[-4].strip().split("  ")[1:])
        assert all(part in of_inputs for part in lines[-3].strip().split("  "))
        assert lines[-5].rstrip().endswith(("possible", "Pareto-best", "gross", "best", "now"))


async def test_the_accounting_stands_only_beside_what_it_bears_on(catalogue: Catalogue) -> None:
    app = app_of(catalogue, WORK)
    async with app.run_test(size=(120, 40)) as pilot:
        for tab in ("3", "4"):
            await press(pilot, tab)
            for _ in range(7):
                name, texts, limits = app.screen.query_one(Head).parts
                title, head = on_screen(app).splitlines()[0], " ".join([name, *texts, limits])
                metric = title.split("158 hardware")[0].split()[-1]
                assert ("lifecycle" in title) == (metric in ("gross", "net", "factor"))
                assert ("lifecycle" in head) == (metric in ("gross", "net", "factor"))
                await press(pilot, "m")


async def test_limits_that_leave_one_part_of_the_world_show_it(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3", "L", "'EU", "enter")
        assert world(app).map.part.name == "Europe"
        # What is zoomed to by hand stays.
        await press(pilot, "minus", "m")
        assert world(app).map.part.name != "Europe"
        await press(pilot, "L")
        app.screen.query_one("Input").value = ""  # type: ignore[attr-defined]
        await press(pilot, "enter")
        await rest(pilot)
        assert world(app).map.part is WORLD


async def test_the_line_above_the_keys_of_the_sweep_says_how_many_are_better(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@a100@gcp:europe-north1")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "down", "down")
        assert "unchanged, 43.7 t: " in said(app)
        assert said(app).endswith(" better")
        assert len(said(app)) <= 78


@pytest.mark.parametrize(
    ("key", "limits"), [("3", "EU"), ("3", "EU, 30 d"), ("4", "30 d, 2000 USD"), ("4", "EU, 30 d")]
)
async def test_of_the_line_at_the_head_the_jobs_name_is_shortened_first(
    catalogue: Catalogue, key: str, limits: str
) -> None:
    app = app_of(catalogue, "@8xh100@nebius:eu-north1,duration=3 d,name=A job with a name that is rather long")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, key, "L", f"'{limits}", "enter")
        _, texts, limited = app.screen.query_one(Head).parts
        line = on_screen(app).splitlines()[2]
        assert line.startswith(" A job with")
        assert line.rstrip().endswith(limited)
        assert texts[0] in line
        assert line.count("…") == 1


async def test_a_percentage_of_a_day_never_stands_without_its_hour(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@8xh100@nebius:eu-north1,duration=3 d")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3")
        day = world(app).query_one(PlaceLines).parts[4]
        line = on_screen(app).splitlines()[-3]
        assert day[0] in line
        assert (day[1] in line) or (day[2] not in line)


@pytest.mark.parametrize(
    ("size", "there"), [((80, 24), False), ((120, 40), False), ((160, 40), True), ((200, 60), True)]
)
async def test_beside_a_wide_map_the_regions_are_listed_best_first(
    catalogue: Catalogue, size: tuple[int, int], there: bool
) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "3")
        await rest(pilot)
        shown = on_screen(app)
        assert ("62 regions, best first" in shown) is there
        if not there:
            return
        # The cursor is on the job's own region first; the list follows it.
        assert any(">" in line and "▲ AWS N. Virginia" in line and "unchanged" in line for line in shown.splitlines())
        await press(pilot, "home")
        assert any(">  1 ◆ AWS Montreal" in line and "-94 %" in line for line in on_screen(app).splitlines())
        await press(pilot, "end")
        assert any("> 62 " in line for line in on_screen(app).splitlines())

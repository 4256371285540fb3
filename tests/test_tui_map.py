"""The Map screen: the job in every region, a cursor that goes from place to place, marks, filter, zoom, the mouse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui import EVERY_SIZE, SIZES, app_of, names, on_screen, press, rest, said, widths

from carbontui.engine.offers import Market
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.world.screen import WorldScreen
from carbontui.tui.views.atlas import COLOURED_BY, FACTOR, Atlas, Ground, Spot
from carbontui.tui.views.charted import Chart
from carbontui.tui.views.globe import CONTINENTS, WORLD, View, coastline, continent
from carbontui.tui.widgets.world import WorldMap
from carbontui_registry.catalogue import Catalogue

ROOT = Path(__file__).parent.parent
JOB = "@8xh100@aws:us-east-1,duration=3 d"


def screen_of(app: CarbonApp) -> WorldScreen:
    assert isinstance(app.screen, WorldScreen)
    return app.screen


def world(app: CarbonApp) -> WorldMap:
    return screen_of(app).map


def at(app: CarbonApp) -> str:
    """The id of the region under the cursor."""
    spot = world(app).spot
    assert spot is not None
    return spot.region.id


@pytest.fixture(scope="module")
def ground(catalogue: Catalogue) -> Ground:
    return Ground(parse_spec(JOB), catalogue, accounting="lifecycle")


def test_every_datacenter_says_where_it_is_and_lies_in_its_country(catalogue: Catalogue) -> None:
    of_providers = [one for one in catalogue.all("region") if one.record.provider in ("aws", "azure", "gcp", "nebius")]
    assert len(of_providers) > 140
    near = {"US": (-125, 24, -66, 50), "IN": (68, 6, 98, 36), "AU": (112, -44, 154, -10), "DE": (5, 47, 16, 56)}
    for one in of_providers:
        record = one.record
        assert record.latitude is not None, one.id
        assert record.longitude is not None, one.id
        west, south, east, north = near.get(record.country, (-180, -56, 180, 72))
        assert west < record.longitude < east, one.id
        assert south < record.latitude < north, one.id


def test_the_coastline_is_small_and_whole() -> None:
    assert (ROOT / "carbontui" / "tui" / "coastline.txt").stat().st_size < 12_000
    points = [point for line in coastline() for point in line]
    assert all(len(line) >= 2 for line in coastline())
    assert all(-180 <= east <= 180 and -60 <= north <= 84 for east, north in points)
    assert {continent(one.south + 1, one.west + 1) for one in CONTINENTS} <= {*CONTINENTS, WORLD}


@pytest.mark.parametrize("metric", COLOURED_BY)
def test_each_figure_is_that_of_the_job_filled_in_there(catalogue: Catalogue, ground: Ground, metric: str) -> None:
    atlas = Atlas(ground, metric)
    market, hardware = Market(catalogue), catalogue.hardware("h100")
    assert atlas.spots
    for spot in atlas.spots[::7]:
        one = fill(ground.scenario(spot.number), catalogue, "lifecycle")
        key = {"energy": "energy_kwh", "water": "water_l", "cost": "cost_usd"}.get(metric, f"{metric}_kgco2e")
        expected = one.value("gross") if metric == FACTOR else one.result(key)
        assert atlas.value(spot) == expected, spot.region.id
        assert market.barred(hardware, spot.region) == ""
    assert atlas.best is not None
    assert atlas.value(atlas.best) == min(atlas.value(one) for one in atlas.spots)
    assert [atlas.value(one) for one in atlas.order] == sorted(atlas.value(one) for one in atlas.spots)


def test_only_regions_that_offer_the_hardware_are_best(ground: Ground) -> None:
    few, all_of_them = Atlas(ground, "gross"), Atlas(ground, "gross", everywhere=True)
    assert len(all_of_them.spots) == len(few.spots) + few.away
    assert all_of_them.best == few.best
    barred = [one for one in all_of_them.spots if all_of_them.shade(one) is None]
    assert len(barred) == few.away
    assert all(all_of_them.why(one) for one in barred)
    assert all_of_them.order[-len(barred) :] == sorted(barred, key=all_of_them.value)
    assert {one.region.id for one in Atlas(ground, "gross", words=("germany",)).spots} == {
        one.region.id for one in few.spots if one.region.record.country == "DE"
    }


@given(st.sampled_from([WORLD, *CONTINENTS]), st.integers(10, 200), st.integers(4, 60))
def test_a_part_of_the_world_is_seen_whole(part: object, width: int, height: int) -> None:
    view = View(part, width, height)  # type: ignore[arg-type]
    for north in (view.part.south, view.part.north):
        for east in (view.part.west, view.part.east):
            assert view.cell(north, east) is not None
    assert [len(line) for line in view.coast()] == [width] * height


def test_an_arrow_goes_to_the_nearest_place_in_its_direction(ground: Ground) -> None:
    atlas = Atlas(ground, "gross", everywhere=True)
    for size in ((78, 17), (118, 32), (198, 50)):
        chart = Chart(atlas, View(WORLD, *size))
        for cell in chart.places:
            for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                found = chart.next_to(cell, across, down)
                beyond = [o for o in chart.places if (o[0] - cell[0]) * across + (o[1] - cell[1]) * down > 0]
                assert (found in beyond) if beyond else found is None
                straight = [o for o in beyond if (o[1] == cell[1] if across else o[0] == cell[0])]
                if straight:
                    assert found is not None
                    assert abs(found[0] - cell[0]) * 2 + abs(found[1] - cell[1]) * 4 <= min(
                        abs(o[0] - cell[0]) * 2 + abs(o[1] - cell[1]) * 4 for o in straight
                    )
        assert sum(len(spots) for spots in chart.places.values()) == len(atlas.spots)


def test_labels_neither_leave_the_map_nor_hide_each_other(ground: Ground) -> None:
    atlas = Atlas(ground, "gross")
    for size in ((58, 6), (78, 17), (118, 32)):
        chart = Chart(atlas, View(WORLD, *size))
        for spot in atlas.spots:
            covered: set[tuple[int, int]] = set()
            for column, row, piece in chart.labels(spot):
                cells = {(column + n, row) for n in range(len(piece.text))}
                assert not cells & covered
                covered |= cells
                beside = {(x + n, y + m) for x, y in chart.places for n in range(-2, 3) for m in (-1, 0, 1)}
                assert cells & beside
                assert column >= 0
                assert column + len(piece.text) <= size[0] or len(piece.text) > size[0]
                assert 0 <= row < size[1]
            assert all(len("".join(p.text for p in line)) >= size[0] for line in chart.drawn(spot, ()))


@pytest.mark.parametrize("size", SIZES)
async def test_the_job_starts_at_its_own_region_and_its_best_is_named(
    catalogue: Catalogue, size: tuple[int, int]
) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=size) as pilot:
        await app.action_go("map")
        await rest(pilot)
        assert at(app) == "aws:us-east-1"
        text = on_screen(app)
        assert "AWS N. Virginia 225 kg (now)" in text
        assert "best" in text
        assert "gCO2e/kWh" in text
        assert "do not offer the hardware: hidden ([O] show)" in said(app)
        await press(pilot, "home")
        atlas = world(app).atlas
        assert atlas is not None
        assert world(app).spot == atlas.best
        seen = [at(app)]
        for _ in range(len(atlas.spots) - 1):
            await pilot.press("full_stop")
            seen.append(at(app))
        assert sorted(seen) == sorted(one.region.id for one in atlas.spots)


async def test_arrows_move_and_regions_at_one_place_take_turns(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@8xh100@gcp:europe-west3,duration=3 d")
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("map")
        await press(pilot, "O")
        here = [one.region.id for one in world(app).here]
        assert len(here) > 1
        seen = [at(app)]
        for _ in here[1:]:
            await press(pilot, "tab")
            seen.append(at(app))
        assert sorted(seen) == sorted(here)
        assert "also here:" in said(app)
        longitude = world(app).spot.longitude  # type: ignore[union-attr]
        await press(pilot, "right")
        assert world(app).spot.longitude > longitude  # type: ignore[union-attr]
        await press(pilot, "left", "left")
        assert world(app).spot.longitude < longitude  # type: ignore[union-attr]


async def test_marks_or_the_region_go_into_compare(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("map")
        await press(pilot, "home", "space", "full_stop", "space")
        first = list(screen_of(app).marked)
        assert "2 marked" in on_screen(app)
        assert on_screen(app).count("■") == 3
        await press(pilot, "full_stop", "space", "space", "enter")
        assert app.tab == "compare"
        taken = [one.region.id for one in app.comparison.scenarios[1:] if one.region is not None]
        assert taken == first
        await press(pilot, "u")
        assert len(names(app)) == 1
        await app.action_go("map")
        await press(pilot, "home", "enter")
        assert len(names(app)) == 2
        assert app.comparison.scenarios[1].region.id == "aws:ca-central-1"  # type: ignore[union-attr]


async def test_the_map_filters_by_words_countries_and_conditions(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("map")
        await press(pilot, "slash", "'germany", "enter")
        spots = world(app).atlas.spots  # type: ignore[union-attr]
        assert {one.region.record.country for one in spots} == {"DE"}
        await press(pilot, "slash", "'pue<1.1", "enter")
        spots = world(app).atlas.spots  # type: ignore[union-attr]
        assert spots
        assert all(one.region.record.pue.value < 1.1 for one in spots)
        await press(pilot, "slash", "'pue<x")
        assert "pue" in said(app)
        await press(pilot, "enter", "slash", "'nowhere at all", "enter")
        assert "no region here" in on_screen(app)
        await press(pilot, "enter", "space", "x", "w", "H", "full_stop", "tab", "right", "plus", "backspace")
        assert len(world(app).atlas.spots) > 50  # type: ignore[union-attr]


async def test_zoom_goes_to_the_continent_and_back(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("map")
        await press(pilot, "plus")
        assert world(app).part.name == "North America"
        assert "in North America" in on_screen(app)
        await press(pilot, "plus")
        assert world(app).part.name == "South America"
        await press(pilot, "minus")
        assert world(app).part is WORLD
        await press(pilot, "plus", "end")
        # The cursor takes the part of the world with it.
        assert at(app) in {one.region.id for one in world(app).here}


async def test_metrics_accounting_reach_and_other_scenarios(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, "gpt-3@a100@gcp:europe-north1,chips=1024")
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("map")
        for metric in (*COLOURED_BY[1:], COLOURED_BY[0]):
            await press(pilot, "m")
            assert screen_of(app).shown_metric == metric
        await press(pilot, "f")
        assert "direct factors" in on_screen(app)
        count = len(world(app).atlas.spots)  # type: ignore[union-attr]
        await press(pilot, "f", "g", "O")
        assert len(world(app).atlas.spots) > count + 100  # type: ignore[union-attr]
        await press(pilot, "right_square_bracket")
        assert "GPT-3" in on_screen(app)
        await press(pilot, "w")
        assert "Why" in on_screen(app)
        assert "GPT-3 A100 GCP Finland" in on_screen(app)


async def test_without_a_job_there_is_the_factor(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "delete")
        await app.action_go("map")
        await rest(pilot)
        assert "no job yet: colours show the carbon factor" in said(app)
        assert "g/kWh" in on_screen(app)
        await press(pilot, "home", "enter")
        assert app.workspace.question.scenarios[0].region is not None


@pytest.mark.parametrize("metric", ["gross", "net", "cost"])
def test_every_region_is_shown_or_counted(ground: Ground, metric: str) -> None:
    atlas = Atlas(ground, metric)
    own = atlas.own is not None and bool(atlas.codes[atlas.own.number])
    assert len(atlas.spots) - own + atlas.away + atlas.unknown + ground.nowhere == len(ground.places)


async def test_a_click_moves_and_a_second_one_takes(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("map")
        await rest(pilot)
        shown = world(app)
        chart = shown.chart
        assert chart is not None
        spot = next(one for one in chart.atlas.spots if one.region.id == "gcp:southamerica-east1" or one.latitude < -20)
        column, row = chart.cells[spot.number]
        # Beside it is near enough.
        await pilot.click(WorldMap, offset=(column + 2, row))
        await rest(pilot)
        assert shown.spot in chart.places[column, row]
        await pilot.click(WorldMap, offset=(column + 1, row))
        await rest(pilot)
        assert app.tab == "compare"
        assert len(names(app)) == 2


@pytest.mark.parametrize("double", [False, True])
async def test_a_click_in_the_list_beside_the_map_moves_and_a_second_one_takes(
    catalogue: Catalogue, double: bool
) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(200, 60)) as pilot:
        await press(pilot, "3")
        atlas, lines = world(app).atlas, app.screen.query_one("#ranking")
        assert atlas is not None
        start = on_screen(app).splitlines()[lines.content_region.y + 5]
        await pilot.click(lines, offset=(20, 0))
        before = world(app).spot
        await pilot.click(lines, offset=(20, 5), times=2 if double else 1)
        await rest(pilot)
        if not double:
            spot = world(app).spot
            assert spot is not None
            assert spot is not before
            assert spot.region.record.name in start
            row = next(
                n for n, line in enumerate(on_screen(app).splitlines()) if f">{atlas.order.index(spot) + 1:>3}" in line
            )
            await pilot.click(lines, offset=(20, row - lines.content_region.y))
            await rest(pilot)
        assert app.tab == "compare"
        assert len(names(app)) == 2


@pytest.mark.parametrize("size", EVERY_SIZE)
async def test_every_size_draws_whole_lines(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        await app.action_go("map")
        for keys in ((), ("end",), ("plus",), ("minus", "O", "g")):
            await press(pilot, *keys)
            if size[0] >= 60 and size[1] >= 16:
                assert widths(world(app)) == {world(app).size.width}


def test_the_world_is_loaded_when_it_is_looked_at(run_python: Callable[..., object]) -> None:
    code = "import json, sys; import carbontui.tui.app; print(json.dumps([m for m in sys.modules]))"
    loaded = json.loads(run_python("-c", code).stdout)  # type: ignore[attr-defined]
    assert not {"numpy", "carbontui.tui.views.globe", "carbontui.tui.screens.world.screen"} & set(loaded)


def test_a_region_without_degrees_is_counted(ground: Ground) -> None:
    assert ground.nowhere == sum(place.region.record.latitude is None for place in ground.places)
    assert all(isinstance(spot, Spot) for spot in ground.spots)


async def test_on_the_best_region_the_cursor_stays_on_the_best_by_another_metric(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3")
        await rest(pilot)
        atlas = world(app).atlas
        assert atlas is not None
        assert atlas.best is not None
        world(app).go_to(atlas.best)
        found = {at(app)}
        for _ in COLOURED_BY:
            await press(pilot, "m")
            await rest(pilot)
            atlas = world(app).atlas
            assert atlas is not None
            if screen_of(app).metric not in (None, FACTOR):
                assert atlas.best is not None
                assert at(app) == atlas.best.region.id
                found.add(at(app))
        assert len(found) > 1

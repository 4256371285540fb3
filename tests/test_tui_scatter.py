"""A sweep as dots: axes with round ticks, the front as a line, providers by colour, limits, zoom, the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui import app_of, names, on_screen, press, rest, said

from carbontui.engine.sweep import Limits, Sweep, SweepQuestion
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.sweep.screen import SweepScreen
from carbontui.tui.views.heat import Heat
from carbontui.tui.views.scatter import PROVIDERS, Drawing, Plot, Scattered, Window, plot_ticks, tick_text, ticks
from carbontui.tui.views.signs import OWN
from carbontui.tui.widgets.scatter import GUTTER, Scatter
from carbontui_registry.catalogue import Catalogue

GPT_3 = "gpt-3@a100@gcp:europe-north1"
ENDS = st.tuples(st.floats(1e-6, 1e9), st.floats(1.01, 1e6))
KINDS = ("duration", "co2e", "energy", "cost", "water")


def scattered(
    catalogue: Catalogue, objective: str = "gross", limits: Limits | None = None, spec: str = GPT_3
) -> Scattered:
    limits = (limits or Limits()).replace(within=("EU",))
    question = SweepQuestion((parse_spec(spec),), objective=objective, limits=limits)
    sweep = Sweep(question, catalogue)
    return Scattered(Heat(sweep, sweep.survey(1)), limits)


def screen_of(app: CarbonApp) -> SweepScreen:
    assert isinstance(app.screen, SweepScreen)
    return app.screen


def dots(app: CarbonApp) -> Scatter:
    return screen_of(app).dots


@given(ENDS, st.sampled_from(KINDS), st.integers(2, 12))
def test_ticks_are_few_round_and_within_the_axis(ends: tuple[float, float], kind: str, most: int) -> None:
    low, high = ends[0], ends[0] * ends[1]
    found = ticks(low, high, kind, most)
    assert len(found) <= most
    assert all(low <= value <= high for value, _ in found)
    assert len({text for _, text in found}) == len(found)
    assert [value for value, _ in found] == sorted(value for value, _ in found)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [(12, "duration", "12 h"), (24, "duration", "1 d"), (168, "duration", "7 d"), (30_000, "co2e", "30 t"),
     (3e5, "energy", "300 MWh"), (8766, "duration", "1 yr")],
)  # fmt: skip
def test_a_tick_is_said_as_people_count(value: float, kind: str, text: str) -> None:
    assert tick_text(value, kind) == text


def test_every_possible_cell_is_a_dot_in_the_colour_of_its_provider(catalogue: Catalogue) -> None:
    of = scattered(catalogue)
    assert len(of.hours) == np.count_nonzero((of.heat.codes == 0) & (of.heat.values > 0))
    for n in range(0, len(of.hours), 17):
        provider = of.sweep.places[of.places[n]].region.record.provider
        assert of.providers[n] == (list(PROVIDERS).index(provider) if provider in PROVIDERS else len(PROVIDERS))
        one = of.sweep.filled(int(of.machines[n]), int(of.places[n]))
        assert one.result("gross_kgco2e") == of.values[n]
        assert one.result("duration_h") == pytest.approx(of.hours[n])
    window = of.window()
    assert window is not None
    plot = Plot(window, 100, 30)
    assert plot.inside(of.hours, of.values).all()
    lines = Drawing(of, plot).lines(None)
    marks = {mark.look for line in lines for mark in line.values()}
    assert {"grid", "front", "best", "label", *(f"dot-{name}" for name in PROVIDERS)} <= marks
    letters = {mark.text for line in Drawing(of, plot, letters=True).lines(None) for mark in line.values()}
    assert set(PROVIDERS.values()) <= letters


def test_the_front_falls_from_left_to_right_and_nothing_is_below_it(catalogue: Catalogue) -> None:
    of = scattered(catalogue)
    assert len(of.front) > 2
    assert [point.value for point in of.front] == sorted((point.value for point in of.front), reverse=True)
    for point in of.front:
        faster = of.values[of.free & (of.hours <= point.hours)]
        assert faster.min() == point.value


@pytest.mark.parametrize(
    ("spec", "there"),
    [
        ("gpt-3@h100@aws:eu-north-1,chips=1024", True),
        ("gpt-3@v100@aws:eu-north-1,chips=1024", False),
        ("gpt-3@h100", False),
    ],
)
def test_the_unchanged_job_has_its_sign_where_it_is_among_the_dots(
    catalogue: Catalogue, spec: str, there: bool
) -> None:
    of = scattered(catalogue, spec=spec)
    window = of.window()
    assert window is not None
    plot = Plot(window, 100, 30)
    marks = {(x, y): mark.text for y, line in enumerate(Drawing(of, plot).lines(None)) for x, mark in line.items()}
    if not there:
        assert of.own is None
        assert OWN not in marks.values()
        return
    assert of.own is not None
    job = of.sweep.bases[0].standing
    assert (of.own.hours, of.own.value) == pytest.approx((job.result("duration_h"), job.result("gross_kgco2e")))
    assert marks[plot.column(of.own.hours), plot.row(of.own.value)] == OWN


def test_limits_are_lines_with_some_of_what_they_keep_out(catalogue: Catalogue) -> None:
    of = scattered(catalogue, limits=Limits(max_days=7, max_gross=100))
    window = of.window()
    assert window is not None
    assert window.left < 7 * 24 < window.right
    assert window.low < 100_000 < window.high
    plot = Plot(window, 100, 30)
    lines = Drawing(of, plot).lines(None)
    looks = {mark.look for line in lines for mark in line.values()}
    assert {"limit", "over"} <= looks
    assert all(line[plot.column(7 * 24)].look in ("limit", "best", "label", "cursor", "front") for line in lines)


def test_a_time_is_set_against_carbon_not_against_itself(catalogue: Catalogue) -> None:
    of = scattered(catalogue, "duration")
    assert of.metric == "gross"
    assert of.sweep.filled(int(of.machines[5]), int(of.places[5])).result("gross_kgco2e") == of.values[5]


@given(st.floats(1, 1e4), st.floats(1, 1e6), st.integers(3, 150), st.integers(3, 50))
def test_a_cell_and_what_is_in_its_middle_agree(hours: float, value: float, width: int, height: int) -> None:
    plot = Plot(Window(0.5, 2e4, 0.5, 2e6), width, height)
    column, row = plot.column(hours), plot.row(value)
    middle = plot.at(column, row)
    assert (plot.column(middle[0]), plot.row(middle[1])) == (column, row)
    assert (plot.columns(np.array([hours]))[0], plot.rows(np.array([value]))[0]) == (column, row)


async def test_arrows_and_n_move_the_cursor_and_enter_takes(catalogue: Catalogue) -> None:
    app = app_of(catalogue, GPT_3)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("sweep")
        await press(pilot, "g", "l", "full_stop")
        text = on_screen(app)
        for word in ("Pareto front", "GCP", "AWS", "Azure", "1 d", "7 d", " t │", "◉", "●"):
            assert word in text
        point = dots(app).point
        assert point is not None
        await press(pilot, "right")
        moved = dots(app).point
        assert moved is not None
        assert moved.hours > point.hours
        await press(pilot, "down", "up", "left", "full_stop")
        assert "no other is both faster and lower" in said(app)
        best = dots(app).point
        cell = screen_of(app).map.cell
        assert best is not None
        assert cell is not None
        assert cell[1:] == (best.machine, best.place)
        await press(pilot, "enter")
        assert app.tab == "compare"
        assert app.comparison.scenarios[1].scenario == screen_scenario(app, best.machine, best.place)


def screen_scenario(app: CarbonApp, machine: int, place: int) -> object:
    screen = app.get_screen("sweep")
    assert isinstance(screen, SweepScreen)
    heat = screen.map.heat
    assert heat is not None
    return heat.sweep.scenario(machine, place)


async def test_zoom_by_key_and_by_a_box(catalogue: Catalogue) -> None:
    app = app_of(catalogue, GPT_3)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("sweep")
        await press(pilot, "g", "l", "full_stop", "plus")
        near = dots(app).part
        assert near is not None
        whole = dots(app).of.window()  # type: ignore[union-attr]
        assert whole is not None
        assert near.right / near.left == pytest.approx((whole.right / whole.left) ** 0.5)
        await press(pilot, "minus")
        assert dots(app).part is None
        await pilot.mouse_down(Scatter, offset=(GUTTER + 20, 5))
        await pilot.mouse_up(Scatter, offset=(GUTTER + 60, 15))
        await rest(pilot)
        box = dots(app).part
        assert box is not None
        assert whole.left < box.left < box.right < whole.right
        assert whole.low < box.low < box.high < whole.high
        # The cursor on a cell that is elsewhere shows all again.
        await press(pilot, "minus", "full_stop", "full_stop")
        assert "◉" in on_screen(app)


async def test_a_click_chooses_a_dot_and_a_second_one_takes_it(catalogue: Catalogue) -> None:
    app = app_of(catalogue, GPT_3)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("sweep")
        await press(pilot, "g", "l")
        plot, of = dots(app).plot, dots(app).of
        assert plot is not None
        assert of is not None
        target = next(one for one in of.front if one != dots(app).point)
        offset = (GUTTER + 2 + plot.column(target.hours), plot.row(target.value))
        await pilot.click(Scatter, offset=offset)
        await rest(pilot)
        assert dots(app).point == target
        await pilot.click(Scatter, offset=offset)
        await rest(pilot)
        assert app.tab == "compare"
        assert len(names(app)) == 2


def test_ticks_of_a_real_sweep_are_on_both_axes(catalogue: Catalogue) -> None:
    of = scattered(catalogue)
    window = of.window()
    assert window is not None
    for width, height in ((66, 13), (106, 25), (186, 45)):
        across, up = plot_ticks(of, Plot(window, width, height))
        assert len(across) >= 2
        assert len(up) >= 2

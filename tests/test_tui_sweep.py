"""The Sweep screen: the map, its order and filter, limits, and a cell's way into the comparison."""

from __future__ import annotations

import numpy as np
import pytest
from tui import EVERY_SIZE, SIZES, app_of, names, on_screen, press, rest, said, widths

from carbontui.engine.solver import fill
from carbontui.quantities import METRICS
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.sweep.base import OBJECTIVES
from carbontui.tui.screens.sweep.screen import SweepScreen
from carbontui.tui.views.heat import ORDERS
from carbontui.tui.views.signs import BARRED, NOT_POSSIBLE
from carbontui.tui.widgets.heatmap import HeatMap
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue

FINLAND = "gpt-3@a100@gcp:europe-north1,chips=1024"


def screen_of(app: CarbonApp) -> SweepScreen:
    assert isinstance(app.screen, SweepScreen)
    return app.screen


def heat_of(app: CarbonApp) -> HeatMap:
    return screen_of(app).map


@pytest.mark.parametrize("size", SIZES)
async def test_the_best_cell_is_under_the_cursor_and_enter_takes_it(
    catalogue: Catalogue, size: tuple[int, int]
) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "4")
        shown = heat_of(app)
        heat = shown.heat
        assert heat is not None
        assert shown.cell is not None
        free = heat.values[heat.codes == 0]
        assert shown.cell.value == free.min()
        assert heat.mark(shown.row, shown.column) == "◆"
        assert "◆" in on_screen(app)
        one = heat.sweep.filled(shown.cell.machine, shown.cell.place)
        assert "Pareto-best 1 of" in said(app)
        await press(pilot, "down", "down")
        assert "unchanged, 43.7 t: " in said(app)
        await press(pilot, "up", "up", "enter")
        assert app.tab == "compare"
        assert names(app) == ["GPT-3 A100 GCP Finland", one.name]
        # Nothing there is as published, so that the cell keeps its figure.
        assert app.workspace.question.accounting == "lifecycle"
        assert app.comparison.scenarios[1].result("gross_kgco2e") == shown.cell.value
        await press(pilot, "u")
        assert names(app) == ["GPT-3 A100 GCP Finland"]
        assert app.workspace.question.accounting == "as-published"


async def test_a_cell_under_the_accounting_of_compare_keeps_its_period(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "f", "f", "4", "down", "down", "right", "enter")
        shown = heat_of_last(app)
        taken = app.workspace.question.scenarios[1]
        assert taken.period == shown.heat.sweep.places[shown.cell.place].period  # type: ignore[union-attr]
        assert app.comparison.scenarios[1].result("gross_kgco2e") == shown.cell.value  # type: ignore[union-attr]


def heat_of_last(app: CarbonApp) -> HeatMap:
    screen = app.get_screen("sweep")
    assert isinstance(screen, SweepScreen)
    return screen.map


async def test_the_cursor_follows_its_cell_through_orders_and_objectives(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "down", "down", "down", "right", "right")
        shown = heat_of(app)
        assert shown.cell is not None
        here = shown.cell[1:]
        for order in (*ORDERS[1:], ORDERS[0]):
            await press(pilot, "z")
            assert order in on_screen(app)
            assert shown.cell[1:] == here
        for metric in OBJECTIVES[1:]:
            await press(pilot, "m")
            assert screen_of(app).objective == metric
            heat = shown.heat
            assert heat is not None
            value = fill(heat.sweep.scenario(*here), catalogue, "lifecycle").result(METRICS[metric])
            if value is None:
                # What is unknown now is left for the best.
                assert shown.cell[1:] == heat.best
                shown.go_to(*here)
            assert shown.cell[1:] == here
            assert shown.cell.value == value or value is None


async def test_orders_sort_what_they_say(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", *["down"] * 6, *["right"] * 4, "z")
        shown = heat_of(app)
        heat = shown.heat
        assert heat is not None
        column, row = heat.codes[:, shown.column] == 0, heat.codes[shown.row] == 0
        assert list(heat.values[column, shown.column]) == sorted(heat.values[column, shown.column])
        assert list(heat.values[shown.row, row]) == sorted(heat.values[shown.row, row])
        await press(pilot, "z")
        heat = shown.heat
        assert heat is not None
        labels = [heat.label(n).lower() for n in range(heat.size[0])]
        assert labels == sorted(labels)


async def test_words_filter_rows_and_columns(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "slash", "'gcp h100", "enter")
        heat = heat_of(app).heat
        assert heat is not None
        assert all(heat.sweep.places[p].region.id.startswith("gcp:") for p in heat.rows)
        assert all("h100" in heat.sweep.machines[m].hardware.id for m in heat.columns)
        await press(pilot, "slash", "'nowhere", "enter")
        assert "nothing matches" in on_screen(app)
        await press(pilot, "backspace")
        assert heat_of(app).heat.size == (len(heat.sweep.places), len(heat.sweep.machines))  # type: ignore[union-attr]


async def test_limits_bar_cells_and_say_so(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "L", "'5 d", "enter")
        heat = heat_of(app).heat
        assert heat is not None
        assert "at most 5 d" in on_screen(app)
        for row, column in ((0, 0), (3, 5), (20, 30)):
            hours = heat.sweep.duration(heat.cell(row, column).machine, heat.cell(row, column).place)
            assert (heat.why(row, column) == "over a limit") <= (hours is None or hours > 120)
        await press(pilot, "L", "'12 parsecs")
        assert "is not a limit" in "".join(str(s.render()) for s in app.screen.query("#said"))
        await press(pilot, "escape", "g")
        assert "in the EU" in on_screen(app)
        assert {p.region.record.country for p in heat_of(app).heat.sweep.places} <= {  # type: ignore[union-attr]
            *("AT BE DE DK ES FI FR GR IE IT NL PL SE".split())  # noqa: SIM905
        }


async def test_limits_are_those_of_the_job_on_every_screen(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "L", "'germany, 5 d, keep hardware", "enter")
        heat = heat_of(app).heat
        assert heat is not None
        assert {place.region.record.country for place in heat.sweep.places} == {"DE"}
        own = heat.sweep.bases[0].standing.hardware
        assert own is not None
        assert [machine.hardware.id for machine in heat.sweep.machines] == [own.id]
        assert "same hardware" in on_screen(app)
        await press(pilot, "1")
        assert "limits: germany, 5 d, keep hardware" in on_screen(app)
        await press(pilot, "2", "4", "backspace")
        assert app.workspace.limits == ""
        await press(pilot, "u")
        assert "at most 5 d" in on_screen(app)


async def test_another_number_of_chips_changes_every_cell(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "m", "m", "m")
        shown = heat_of(app)
        before = np.nanmin(shown.heat.values)  # type: ignore[union-attr]
        await press(pilot, "number_sign", "'2048", "enter")
        assert np.nanmin(shown.heat.values) == pytest.approx(before / 2)  # type: ignore[union-attr]
        assert "2,048 chips" in on_screen(app)


@pytest.mark.parametrize("size", SIZES)
async def test_dots_the_front_and_what_stands_behind_a_cell(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "4", "l")
        assert "Pareto front" in on_screen(app)
        assert "◉" in on_screen(app)
        await press(pilot, "full_stop")
        assert "no other is both faster and lower" in said(app)
        await press(pilot, "l", "x")
        assert "gross CO2e = IT energy" in on_screen(app)
        await press(pilot, "escape", "H")
        assert "no mean day" in on_screen(app) or "average factors" in on_screen(app)
        await press(pilot, "escape", "B", "'5", "enter")
        assert "training compute" in on_screen(app)
        await press(pilot, "escape", "escape")
        assert app.tab == "compare"


async def test_what_cannot_be_is_marked_with_its_reason(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "slash", "'tpu aws", "enter")
        assert "the provider does not offer the hardware" in on_screen(app)
        assert f"{BARRED} the provider does not offer" in on_screen(app)
        assert f"{BARRED} {NOT_POSSIBLE}" in on_screen(app)


async def test_nothing_to_sweep_says_what_helps(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "delete", "4")
        assert "nothing to sweep yet" in on_screen(app)
        await press(pilot, "m", "z", "l", "full_stop", "x", "w", "H", "plus", "right", "minus", "l", "B")
        assert "nothing to sweep yet" in said(app)


@pytest.mark.parametrize("size", EVERY_SIZE)
async def test_every_size_draws_whole_lines(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "4")
        for keys in ((), ("end",), ("pagedown",), ("l",)):
            await press(pilot, *keys)
            if size[0] >= 60 and size[1] >= 16:
                shown = screen_of(app).filtered
                assert widths(shown) == {shown.size.width}


async def test_a_click_moves_and_a_second_one_takes(catalogue: Catalogue) -> None:
    app = app_of(catalogue, FINLAND)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4")
        shown = heat_of(app)
        at = (shown.label_width + 1 + 25, 2 + 4)
        await pilot.click(HeatMap, offset=at)
        await rest(pilot)
        assert (shown.row, shown.column) == (4, 2)
        await pilot.click(HeatMap, offset=at)
        await rest(pilot)
        assert app.tab == "compare"
        assert len(names(app)) == 2


async def test_other_scenarios_are_swept_from_here(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5", "meena")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "4", "right_square_bracket")
        assert "Meena" in on_screen(app)
        await press(pilot, "left_square_bracket")
        assert screen_of(app).base == app.workspace.question.scenarios[0]


async def test_without_plugins_there_is_nothing_and_it_says_so() -> None:
    app = app_of(open_catalogue(without=["carbontui"]), "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4")
        assert "t5" in on_screen(app)


async def test_a_limit_of_days_without_a_number_of_chips_asks_for_it(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "my-model@,params=175e9,tokens=300e9")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "L", "'30 d", "enter")
        assert said(app).startswith("30 d excludes all without a number of chips ([#] enter it)")


@pytest.mark.parametrize(
    ("limit", "what"), [("30 d", "excludes nothing"), ("1 d", " of "), ("0.2 d", "excludes all")], ids=str
)
async def test_a_limit_of_days_says_for_which_number_of_chips_it_leaves_out_nothing_or_most(
    catalogue: Catalogue, limit: str, what: str
) -> None:
    app = app_of(catalogue, "gpt-3@v100@azure:westus2,chips=10000")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "L", f"'{limit}", "enter")
        assert said(app).startswith(f"{limit} excludes ")
        assert what in said(app)
        assert "at 10,000 chips ([#] change)" in said(app)
        # With another number it is that, or nothing where the limit tells combinations apart.
        await press(pilot, "number_sign", "'20", "enter")
        assert "10,000 chips" not in said(app)


async def test_a_limit_that_tells_combinations_apart_needs_no_word(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@v100@azure:westus2,chips=1024")
    async with app.run_test(size=(80, 24)) as pilot:
        for limit in ("", "30 d"):
            await press(pilot, "4", "L", f"'{limit}", "enter")
            assert "excludes" not in said(app)


@pytest.mark.parametrize(("size", "word"), [((80, 24), "▲ now"), ((120, 40), "▲ the job's region")])
async def test_the_row_of_the_jobs_own_region_is_marked(catalogue: Catalogue, size: tuple[int, int], word: str) -> None:
    app = app_of(catalogue, "@8xh100@aws:eu-north-1,duration=3 d")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "4")
        assert sum("▲ AWS Stockholm" in line for line in on_screen(app).splitlines()) == 1
        assert word in on_screen(app)
        await press(pilot, "slash", "'gcp", "enter")
        assert "▲" not in on_screen(app)


async def test_where_net_is_0_everywhere_it_says_what_that_is(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@1000xh100@aws:us-east-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4")
        await rest(pilot)
        assert "provider claims" not in said(app)
        await press(pilot, "m")
        await rest(pilot)
        assert "0 is what a provider claims for a year; another objective ([m]) says more" in said(app)
        assert "0 kg net (annual claim)" in on_screen(app)


async def test_what_is_swept_is_said_with_what_nobody_can_rent_too(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@1000xh100@aws:us-east-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "O")
        await rest(pilot)
        head = on_screen(app).splitlines()[2]
        assert "gross CO2e" in head
        assert "offered or not" in head


@pytest.mark.parametrize(
    ("spec", "objective", "standing"),
    [
        ("@8xh100@france,duration=3 d", "gross", " are better"),
        ("@8xh100@france,duration=3 d", "water", "H100 France unchanged: water is unknown: no water figure"),
        ("@8xh100@france,duration=3 d", "cost", "H100 France unchanged: cost is unknown: no price"),
        ("@8xh100,duration=3 d", "gross", "H100 unchanged: gross is unknown: no region"),
        # Where none is possible none is better, whatever is ranked all the same.
        (
            "@rtx-4090@france,chips=1,duration=20 h",
            "gross",
            "0 of 152 are possible: 150 not offered, 2 unknown · RTX 4090 France",
        ),
    ],
)
async def test_where_the_unchanged_job_stands_or_why_it_does_not(
    catalogue: Catalogue, spec: str, objective: str, standing: str
) -> None:
    app = app_of(catalogue, spec)
    async with app.run_test(size=(160, 40)) as pilot:
        await press(pilot, "4")
        await press(pilot, *["m"] * OBJECTIVES.index(objective), "down", "down", "down")
        assert standing in said(app)
        assert ("better" in said(app)) is ("better" in standing)


async def test_the_dialog_for_chips_says_what_an_empty_field_means(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "#")
        assert "Number of chips for all combinations" in on_screen(app)
        assert "empty: the job's own number of chips" in on_screen(app)


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        ("EU, 30 d", "30 d excludes all at 64 chips ([#] change)"),
        ("1 kgCO2e", "at most 0.001 tCO2e gross excludes all 24,016 combinations"),
        ("1 kgCO2e, 30 d", "0 of 24,016 are possible: "),
    ],
)
async def test_where_nothing_is_possible_it_is_said_why(catalogue: Catalogue, limit: str, why: str) -> None:
    app = app_of(catalogue, "@8xh100@aws:us-east-1,params=70e9,tokens=2T")
    app.workspace = app.workspace.replace(limits=limit)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "#", "'64", "enter")
        assert said(app).startswith((why, "30 d excludes"))
        # The figures of the table have their name and unit in any room.
        assert "gross CO2e, t" in on_screen(app).splitlines()[2]

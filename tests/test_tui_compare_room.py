"""What stays in sight in Compare where room is short, and in which unit it is read."""

from __future__ import annotations

import pytest
from tui import SIZES, app_of, cell, go_to, on_screen, press, rest, said, sheet, type_in

from carbontui.cli import main
from carbontui.tui.screens.reader import Reader
from carbontui.tui.views.columns import told_apart
from carbontui.tui.views.waterfall import Bar, Waterfall
from carbontui_registry.catalogue import Catalogue

JOB = "@h100@aws:us-east-1,chips=8,duration=33.9 h"


def labels(screen: str) -> list[str]:
    return [line[1:19].strip() for line in screen.splitlines()]


@pytest.mark.parametrize("metric", ["gross", "net", "cost"])
async def test_the_result_its_ratio_and_its_range_stay_in_sight(catalogue: Catalogue, metric: str) -> None:
    app = app_of(catalogue, JOB, f"{JOB},it_energy=412 kWh,group=one", "gpt-3", metric=metric)
    async with app.run_test(size=(80, 24)) as pilot:
        headline = {"gross": "Gross CO2e", "net": "Net CO2e", "cost": "Cost"}[metric]
        for key in (None, "home", "R", "I"):
            if key is not None:
                await press(pilot, "ctrl+home", key)
            if key in ("R", "I"):
                continue
            shown = labels(on_screen(app))
            at = [n for n, label in enumerate(shown) if label.startswith((headline, "vs baseline", "90 % range"))]
            assert len(at) == 3
            assert at == sorted(at)
        # Every row can be reached, and is in sight then.
        app.home.sheet.go_to(0, "model")
        seen = set()
        for _ in range(len(sheet(app).rows)):
            line = on_screen(app).splitlines()[sheet(app).cell_region().y]
            assert sheet(app).current is not None
            assert (sheet(app).current.label[:6] or "──") in line  # type: ignore[union-attr]
            seen.add(sheet(app).row_key)
            await press(pilot, "down")
        assert {row.key for row in sheet(app).rows if not row.rule} <= seen


@pytest.mark.parametrize("height", [16, 20, 24])
async def test_a_click_means_the_row_that_is_seen_there(catalogue: Catalogue, height: int) -> None:
    app = app_of(catalogue, JOB, f"{JOB},it_energy=412 kWh,group=one", "gpt-3")
    async with app.run_test(size=(80, height)) as pilot:
        y = next(n for n, label in enumerate(labels(on_screen(app))) if label == "vs baseline")
        await pilot.click(offset=(22, y))
        await press(pilot)
        assert sheet(app).row_key == "ratio"


async def test_rows_that_say_nothing_make_room(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, f"{JOB},it_energy=412 kWh", "gpt-3@a100@aws:us-east-1", metric="cost")
    async with app.run_test(size=(120, 40)) as pilot:
        keys = [row.key for row in sheet(app).rows]
        assert not {"trainable", "count"} & set(keys) or "hidden" not in on_screen(app)
        await press(pilot, "w")
        keys = [row.key for row in sheet(app).rows]
        assert "trainable" not in keys
        assert "empty rows hidden: [i]" in on_screen(app)
        assert {"Cost", "vs baseline", "90 % range"} <= {label[:13] for label in labels(on_screen(app))}
        await press(pilot, "w")
    async with app_of(catalogue, JOB, "t5").run_test(size=(80, 50)) as pilot:
        assert "hidden" not in on_screen(pilot.app)  # type: ignore[arg-type]


async def test_the_baseline_stays_at_the_left(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5", "gpt-3", "meena", "switch-transformer", "gshard-600b", JOB, baseline=1)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "end")
        names = on_screen(app).splitlines()[2]
        assert names.startswith(" 4-6 of 6 ‹")
        assert names.index("◆2 GPT-3") < names.index("4 ") < names.index("6 H100")
        await pilot.click(offset=(22, 3))
        await press(pilot)
        assert app.home.at == 1
        # On the way back every scenario is met.
        await press(pilot, "end")
        met = [app.home.at]
        for _ in range(5):
            await press(pilot, "left")
            met.append(app.home.at)
            x = sheet(app).cell_region().x
            assert on_screen(app).splitlines()[2][x + 1 :].startswith(f"{app.home.at + 1} ")
        assert met == [5, 4, 3, 2, 1, 0]


def test_heads_are_told_apart_by_their_ends() -> None:
    heads = told_apart(["H100 AWS N. Virginia", "H100 AWS N. Virginia (2)", "GPT-3"], 11)
    assert len({head[:10] for head in heads}) == 3
    assert heads[1].endswith("(2)")


async def test_all_scenarios_are_side_by_side_where_they_fit(catalogue: Catalogue) -> None:
    app = app_of(catalogue, *[f"t5,name=Run {n}" for n in range(10)])
    async with app.run_test(size=(200, 60)):
        assert sheet(app).columns_shown == list(range(10))


async def test_a_large_window_shows_the_figure_under_the_cursor_down_to_its_sources(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, "gpt-3")
    async with app.run_test(size=(200, 60)) as pilot:
        go_to(app, 1, "chips")
        await press(pilot, "up", "down")
        assert "chips  10,000  assumed, sd 20 %" in on_screen(app)
        assert "https://arxiv.org/abs/2104.10350" in on_screen(app)
        # The job has no model to show: it is the footprint then; what has no room is a key away.
        go_to(app, 0, "model")
        await press(pilot, "down", "up")
        assert "gross CO2e = IT energy x" in on_screen(app)
        assert "[x] shows the rest" in on_screen(app)
        await press(pilot, "x")
        assert isinstance(app.screen, Reader)


async def test_on_the_baseline_the_reasons_are_of_the_scenario_that_differs_most(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5", "meena", "gpt-3", "@t4@germany,chips=1")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "w")
        assert "Why GPT-3 is" in on_screen(app)
        await press(pilot, "right")
        assert "Why Meena is" in on_screen(app)
        await press(pilot, "b")
        assert "Why GPT-3 is" in on_screen(app)


@pytest.mark.parametrize("size", SIZES)
async def test_bars_say_how_many_there_are(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, *[f"t5,name=Run {n}" for n in range(20)])
    async with app.run_test(size=size) as pilot:
        title = next(line for line in on_screen(app).splitlines() if "metric [m]" in line)
        assert ("1-3 of" if size[1] == 24 else "1-") in title
        assert "of 20" in title
        await press(pilot, "end")
        assert "-20 of 20" in on_screen(app)


async def test_a_sentence_in_place_of_reasons_is_whole(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(60, 20)) as pilot:
        await press(pilot, "w")
        words = " ".join(" ".join(line.strip() for line in on_screen(app).splitlines()).split())
        assert "this is the baseline: add a scenario to see why it differs" in words


async def test_each_figure_is_read_in_a_unit_that_suits(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, f"{JOB},name=Two", "@h100@aws:us-east-1,chips=8000,duration=30 d", metric="cost")
    async with app.run_test(size=(120, 40)) as pilot:
        assert cell(app, "cost_usd", 0) == "1,866 USD"
        assert cell(app, "cost_usd", 2) == "39.6 M USD"
        assert "0.00" not in on_screen(app)
        await press(pilot, "m", "m", "m", "m")
        assert app.workspace.question.metric == "duration"
        # One duration is one text, in the sheet as in the bars.
        assert "33.9 h" in on_screen(app)
        assert "1.41 d" not in on_screen(app)


def test_tables_and_paragraphs_write_a_duration_in_one_unit(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("table", "markdown", "latex", "statement"):
        assert main(["compare", JOB, "gpt-3", "--metric", "duration", "--format", form]) == 0
        text = capsys.readouterr().out
        assert "33.9 h" in text, form
        assert "1.41 d" not in text, form


async def test_an_intensity_is_marked_by_what_it_is_a_ratio_of(
    catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_of(catalogue, "gpt-3", JOB + ",tokens=1e9,params=7e9")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "R")
        # Its carbon factor is assumed; neither its energy nor its compute is.
        assert cell(app, "gross_tco2e_per_1e21_flop", 0).endswith(" ~")
        assert not cell(app, "flop_per_joule", 0).endswith("~")
        assert cell(app, "flop_per_joule", 1).endswith(" ~")
        go_to(app, 0, "flop_per_joule")
        assert said(app) is not None
    assert main(["compare", "gpt-3", "--rates"]) == 0
    line = capsys.readouterr().out.strip().splitlines()[-1]
    assert line.rstrip().endswith("GFLOP/J")
    assert line.count("~") == 2


async def test_scenarios_as_rows_keep_the_metric_in_sight_and_leave_their_room(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, "gpt-3", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "T", *["right"] * 20)
        assert app.home.sheet.row_key == "published"
        assert "Gross CO2e" in on_screen(app).splitlines()[2]
        await press(pilot, *["left"] * 20)
        assert app.home.sheet.row_key == "gross_kgco2e"
        await pilot.resize_terminal(200, 60)
        await press(pilot, "down")
        assert "gross CO2e of GPT-3" in on_screen(app)
        assert "Why GPT-3 is" in on_screen(app)


async def test_bars_of_jobs_that_begin_alike_are_told_apart(catalogue: Catalogue) -> None:
    places = ("aws:us-east-1", "aws:eu-north-1", "aws:eu-west-3")
    app = app_of(catalogue, *[f"gpt-3@h100@{place},chips=1024" for place in places])
    async with app.run_test(size=(80, 24)):
        bars = on_screen(app).splitlines()[-6:-2]
        assert "N. Virginia" in "".join(bars)
        assert "Stockholm" in "".join(bars)


def test_what_only_rounding_changes_is_no_step() -> None:
    tiny = Bar("carbon factor", "", 552.0, 552.0 + 1e-13, factor=1.0, so_far=1.0)
    whole = Bar("GPT-3", "", 0.0, 552.0)
    assert Waterfall("a", "b", "co2e", (whole, tiny, whole)).amount(tiny).startswith("±0 ")


async def test_a_total_that_is_unknown_says_what_the_others_sum_to(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, "@3xh100", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "plus")
        assert "gross of 1 of 3 scenarios is unknown; the others sum to" in on_screen(app)
        assert "? keys" in on_screen(app).splitlines()[-1]
        await press(pilot, "m", "m")
        assert "energy of 1 of 3 scenarios is unknown" in on_screen(app)


ROWS = tuple(
    f"my-long-model@16000xh100@aws:{one},params=70e9,tokens=1e12" for one in ("us-east-1", "ap-south-1", "ca-central-1")
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_scenarios_as_rows_that_begin_alike_are_told_apart(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, *ROWS)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "T")
        text = on_screen(app)
        assert all(place in text for place in ("N. Virginia", "Mumbai", "Montreal"))


@pytest.mark.parametrize("keys", [("T", "z"), ("T", "z", "w"), ("T", "w", "z"), ("w", "T", "z")])
async def test_the_bars_follow_the_order_of_scenarios_as_rows(catalogue: Catalogue, keys: tuple[str, ...]) -> None:
    app = app_of(catalogue, *ROWS)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *keys)
        lines = on_screen(app).splitlines()
        title = next(n for n, line in enumerate(lines) if "log [l]" in line)
        bars = [line.split("█")[0] for line in lines[title + 1 : title + 4]]
        for n, (bar, place) in enumerate(zip(bars, ("Montreal", "N. Virginia", "Mumbai"), strict=True), 1):
            assert bar.strip().startswith(str(n))
            assert place[:4] in bar


async def test_scenarios_as_rows_have_bars_in_a_low_window_too(catalogue: Catalogue) -> None:
    app = app_of(catalogue, *ROWS)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "T")
        assert on_screen(app).count("█") > 2
        await press(pilot, *["d"] * 7)
        assert "█" not in on_screen(app)


@pytest.mark.parametrize("height", [20, 24, 30])
async def test_rows_that_say_nothing_give_way_to_bars(catalogue: Catalogue, height: int) -> None:
    regions = ("us-east-1", "us-west-2", "eu-north-1", "eu-west-1", "ap-south-1", "ca-central-1")
    app = app_of(catalogue, *(f"@8xh100@aws:{region},duration=3 d" for region in regions))
    async with app.run_test(size=(80, height)) as pilot:
        await rest(pilot)
        bars = sum("┤" in line for line in on_screen(app).splitlines())
        assert bars == {20: 2, 24: 4, 30: 6}[height]
        assert "90 % range" in on_screen(app)
        assert "Published" not in on_screen(app)


async def test_the_title_is_whole_where_there_is_room(catalogue: Catalogue) -> None:
    title = "My fine-tune in six regions, November"
    app = app_of(catalogue, *ROWS)
    for width, shown in ((120, title), (80, "My fine-tune in")):
        async with app.run_test(size=(width, 40)) as pilot:
            await press(pilot, "N")
            await type_in(pilot, title)
            assert shown in on_screen(app).splitlines()[0]
        app = app_of(catalogue, *ROWS)


@pytest.mark.parametrize("width", [14, 18, 24])
def test_names_with_the_same_end_and_the_same_beginning_are_told_apart(width: int) -> None:
    runs = "all runs, Jan to Nov 2026"
    names = [runs, f"AWS Stockholm: {runs}", f"{runs} (2)", f"AWS Stockholm: {runs} (2)"]
    heads = told_apart(names, width)
    assert len({head[:width] for head in heads}) == len(names)

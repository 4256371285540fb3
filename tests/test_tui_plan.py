"""Plan: describing a job by what one knows, its footprint at each key, the advice on it, and taking it elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui import EVERY_SIZE, SIZES, app_of, names, on_screen, press, rest, said, type_in, until, widths

from carbontui.engine.advice import advise
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.sweep.question import countries
from carbontui.quantities import METERED, QUANTITIES
from carbontui.spec import parse_spec
from carbontui.tui import autosave
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.plan.screen import PlanScreen
from carbontui.tui.views import plan_fields
from carbontui.tui.widgets.form import Form
from carbontui.tui.widgets.picker import ChoiceList
from carbontui.tui.widgets.piece_lines import PieceLines
from carbontui.tui.workspace import Workspace, first_start
from carbontui_registry.catalogue import Catalogue

JOB = "@8xh100@aws:us-east-1,duration=3 d"
TUNING = "llama-3.1-8b@8xh100@gcp:us-west1,tokens=2B"


def app_planning(catalogue: Catalogue, spec: str = JOB, limits: str = "") -> CarbonApp:
    return CarbonApp(catalogue, first_start().replace(job=parse_spec(spec), limits=limits, tab="plan"))


def plan(app: CarbonApp) -> PlanScreen:
    screen = app.screen
    assert isinstance(screen, PlanScreen)
    return screen


def footprint(app: CarbonApp) -> str:
    lines = plan(app).query_one("#footprint", PieceLines)
    return "\n".join("".join(text for text, _ in line) for line in lines._lines or ())


def given_of(app: CarbonApp) -> dict[str, float]:
    return {key: figure.value for key, figure in app.workspace.job.given}


@pytest.mark.parametrize("size", SIZES)
async def test_a_job_is_described_by_hardware_chips_time_and_place(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "1")
        assert "still needed: hardware, chips" in on_screen(app)
        await press(pilot, "down", "enter", "'8xh100", "enter")
        # The cursor goes on to what is still needed.
        await press(pilot, "enter", "'3d", "enter")
        await press(pilot, "enter", "'aws virginia", "enter")
        one = fill(parse_spec(JOB), catalogue, "lifecycle")
        assert plan(app).filled.results["gross_kgco2e"].value == one.results["gross_kgco2e"].value
        assert "225 kg gross CO2e ~" in on_screen(app)
        assert "136 to 372 kg" in on_screen(app)
        assert "list, on demand" in footprint(app)
        # Nothing of Compare was touched.
        assert len(names(app)) == 6


async def test_the_footprint_follows_what_is_typed_before_enter(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        plan(app).query_one(Form).go_to("chips")
        await press(pilot, "enter", "'16")
        shown = next(screen for screen in app.screen_stack if isinstance(screen, PlanScreen))
        assert shown.filled.value("chips") == 16
        assert app.workspace.job == parse_spec(JOB)
        await press(pilot, "escape")
        assert plan(app).filled.value("chips") == 8
        await press(pilot, "enter", "'16", "enter")
        assert given_of(app)["chips"] == 16


async def test_arrows_step_a_number_and_undo_takes_it_back(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        plan(app).query_one(Form).go_to("duration")
        await press(pilot, "right")
        assert given_of(app)["duration"] == pytest.approx(79.2)
        await press(pilot, "left", "shift+right", "ctrl+right")
        assert given_of(app)["duration"] == pytest.approx(1440)
        await press(pilot, "u", "u", "u", "u")
        assert app.workspace.job == parse_spec(JOB)
        await press(pilot, "U")
        assert given_of(app)["duration"] == pytest.approx(79.2)


async def test_the_mouse_drags_a_knob_and_chooses_a_field(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        form = plan(app).query_one(Form)
        row = [field.key for field in form.fields].index("chips")
        start, length = form._track
        await pilot.mouse_down(Form, offset=(start + length + 1, row + 1))
        await pilot.mouse_up(Form, offset=(start + length + 1, row + 1))
        await rest(pilot)
        assert given_of(app)["chips"] == plan_fields.SCALES["chips"].high
        await pilot.click(Form, offset=(16, 1 + [field.key for field in form.fields].index("duration")))
        await rest(pilot)
        assert form.current.key == "duration"


async def test_a_meter_stands_beside_the_estimate(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        await press(pilot, "end", "enter")
        await type_in(pilot, "412 kWh")
        # The machines drew it: the PUE of 1.15 comes on top.
        assert "energy 474 kWh" in footprint(app)
        assert "IT estimate: 496 kWh (358 to 687)" in " ".join(footprint(app).split())


@pytest.mark.parametrize("size", SIZES)
async def test_advice_is_that_of_the_engine_and_is_taken(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_planning(catalogue, TUNING)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: plan(app).changes)
        known = advise(parse_spec(TUNING), catalogue)
        assert [change.ratio.value for change in plan(app).advice.changes] == [  # type: ignore[union-attr]
            change.ratio.value for change in known.changes
        ]
        await press(pilot, "tab", "enter")
        assert app.workspace.job == known.changes[0].scenario
        assert said(app).startswith("Applied ")
        await press(pilot, "u")
        assert app.workspace.job == parse_spec(TUNING)


async def test_an_impossible_job_has_a_reason_instead_of_advice(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "@16000xh100@aws:us-east-1,params=70B,tokens=15T,duration=3 d")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: plan(app).advice)
        await rest(pilot)
        assert plan(app).changes == ()
        assert "no advice: the job is impossible in 16 bits: it needs 154 % of the peak" in on_screen(app)
        await press(pilot, "w")
        assert "precision=fp8" in " ".join(on_screen(app).replace("│", " ").split())
        assert "certain to save" not in on_screen(app)


async def test_advice_keeps_to_the_limits_that_are_typed(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, TUNING)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: plan(app).changes)
        await press(pilot, "L")
        await type_in(pilot, "EU, keep hardware")
        await until(pilot, lambda: plan(app).changes)
        for change in plan(app).changes:
            assert change.filled.hardware is not None
            assert change.filled.hardware.id == "h100-sxm5-80"
            assert change.filled.region is not None
            assert change.filled.region.record.country in countries(("EU",), catalogue)
        assert "limits: EU, keep hardware" in on_screen(app)


async def test_the_job_and_its_changes_go_into_compare_and_come_back(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: plan(app).changes)
        second = plan(app).changes[1]
        there = plan(app).filled.results["gross_kgco2e"].value
        await press(pilot, "c")
        # The paper's six of the first start make way, and the job has the figure that it has on Plan.
        assert names(app) == ["H100 AWS N. Virginia"]
        assert app.comparison.scenarios[0].results["gross_kgco2e"].value == there
        assert "replaced the paper's six" in said(app)
        # From the advice the change under the cursor.
        await press(pilot, "1", "tab", "down", "c")
        assert [one.scenario for one in app.comparison.scenarios][1:] == [second.scenario]
        await press(pilot, "2", "home", "p")
        assert plan(app).scenario == app.workspace.question.scenarios[0]


async def test_one_cursor_is_seen_and_x_explains_what_it_is_on(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: plan(app).changes)
        await rest(pilot)
        assert on_screen(app).count("› ") == 0
        await press(pilot, "tab")
        assert on_screen(app).count("› ") == 1
        await press(pilot, "x")
        assert "Advice: the changes that save most" in on_screen(app)
        await press(pilot, "escape", "tab")
        plan(app).query_one(Form).go_to("region")
        used = plan(app).filled.inputs["gross"].value
        await press(pilot, "x")
        assert f"gross factor: {used:.4g} gCO2e/kWh" in on_screen(app)


async def test_a_change_that_is_taken_says_what_it_changed(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: plan(app).changes)
        before, change = plan(app).filled, plan(app).changes[0]
        await press(pilot, "tab", "enter")
        kg = [f"{one.results['gross_kgco2e'].value:.3g}" for one in (before, change.filled)]
        usd = [f"{one.results['cost_usd'].value:,.0f}" for one in (before, change.filled)]
        assert f"{kg[0]} → {kg[1]} kg gross CO2e, {usd[0]} → {usd[1]} USD" in said(app)


@pytest.mark.parametrize("size", [(60, 16), (60, 18), (80, 20), (150, 20), (80, 24)])
async def test_advice_has_lines_in_any_window(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: plan(app).changes)
        await rest(pilot)
        assert "region: AWS Montreal" in on_screen(app)


async def test_what_was_planned_last_is_there_again(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path))
    app = app_planning(catalogue, limits="EU")
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        plan(app).query_one(Form).go_to("chips")
        await press(pilot, "shift+right")
    kept = autosave.load(None)
    assert kept is not None
    assert (kept.job, kept.limits, kept.tab) == (app.workspace.job, "EU", "plan")
    again = CarbonApp(catalogue, kept)
    async with again.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert plan(again).filled.value("chips") == 16
        await press(pilot, "u")
        assert again.workspace.job == parse_spec(JOB)


async def test_a_model_of_ones_own_by_parameters_and_tokens(catalogue: Catalogue) -> None:
    app = CarbonApp(catalogue, Workspace(first_start().question, tab="plan"))
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await press(pilot, "enter", "'my lm", "enter")
        await type_in(pilot, "70B")
        await type_in(pilot, "15T")
        await press(pilot, "enter", "'16000xh100", "enter")
        plan(app).query_one(Form).go_to("region")
        await press(pilot, "enter", "'aws:us-east-1", "enter")
        one = plan(app).filled
        assert one.value("compute") == pytest.approx(6 * 70e9 * 15e12)
        assert one.results["gross_kgco2e"].interval is not None


async def test_what_cannot_be_says_why_and_is_stepped_back(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, TUNING)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        plan(app).query_one(Form).go_to("duration")
        await press(pilot, "enter")
        await type_in(pilot, "1 h")
        assert "more than the hardware can do" in " ".join(footprint(app).split())
        assert next(field for field in plan(app).query_one(Form).fields if field.key == "duration").text == "60.0 min"
        await press(pilot, "ctrl+right", "shift+right")
        assert "gross CO2e" in footprint(app)


@pytest.mark.parametrize("size", EVERY_SIZE)
@pytest.mark.parametrize("spec", [JOB, TUNING, "gpt-3"])
async def test_every_line_fits_the_window(catalogue: Catalogue, spec: str, size: tuple[int, int]) -> None:
    app = app_planning(catalogue, spec)
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        screen = plan(app)
        for widget in (screen.query_one(Form), screen.query_one("#footprint")):
            assert widths(widget) <= {widget.size.width}


@given(
    st.sampled_from(sorted(set(plan_fields.SCALES) - set(METERED))),
    st.floats(0.0, 1.0),
    st.sampled_from([1.1, 2, 10]),
)
def test_a_slid_value_steps_up_and_down_within_its_bounds(
    catalogue: Catalogue, key: str, where: float, factor: float
) -> None:
    figure = plan_fields.slid(key, where)
    of = QUANTITIES[key]
    assert of.least <= figure.value <= of.most
    try:
        one = fill(parse_spec(TUNING).give(key, figure), catalogue, "lifecycle")
    except ScenarioError:
        # Faster than the hardware can be.
        return
    up = plan_fields.stepped(one, key, factor)
    down = plan_fields.stepped(one, key, 1 / factor)
    assert of.least <= down.value <= figure.value <= up.value <= of.most
    if of.whole:
        assert up.value >= figure.value + 1


async def test_the_same_job_in_several_regions_takes_one_list(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        plan(app).query_one(Form).go_to("region")
        await press(pilot, "enter", "'aws:us")
        marked = [f"H100 {choice.name}" for choice in app.screen.query_one(ChoiceList).choices[:3]]
        await press(pilot, "tab", "tab", "tab")
        assert "3 marked: Enter adds a scenario for each" in on_screen(app)
        await press(pilot, "enter")
        assert app.tab == "compare"
        assert names(app) == marked
        assert app.workspace.question.accounting == "lifecycle"
        # The job itself stays as it was, and what is in Compare is not added twice.
        await press(pilot, "1", "enter", "'aws:us", "tab", "enter")
        assert said(app) == "already in Compare ([d] duplicate)"
        assert len(names(app)) == 3
        assert app.workspace.job == parse_spec(JOB)


async def test_what_can_hardly_be_stands_beside_the_footprint_and_in_the_notes(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "@mi300x@aws:us-east-1,chips=8,params=7e9,tokens=60e9,duration=72 h")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        assert "is not offered in AWS N. Virginia" in " ".join(footprint(app).split())
        await press(pilot, "n")
        assert "is not offered in AWS N. Virginia" in " ".join(on_screen(app).split())


async def test_utilisation_is_seen_where_the_throughput_is_known_otherwise(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "@h100@aws:us-east-1,chips=8,params=7e9,tokens=30e9,duration=72 h")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        shown = next(field for field in plan(app).query_one(Form).fields if field.key == "utilisation")
        assert shown.text == f"{100 * 6 * 7e9 * 30e9 / (8 * 72 * 3600) / 989.4e12:.0f} %"


async def test_a_list_sorts_by_what_the_job_emits_or_costs_there(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        plan(app).query_one(Form).go_to("region")
        await press(pilot, "enter")
        # What is chosen now is in sight, however far down.
        assert "› AWS N. Virginia" in on_screen(app)
        listed = app.screen.query_one(ChoiceList)
        for title in ("job's gross", "price/chip"):
            column = next(one for one in listed.columns if one.title == title)
            while listed.sorting is None or listed.sorting[0] != title:
                await press(pilot, "ctrl+o")
            assert f"{title}▲" in on_screen(app)
            values = [column.cell(choice).value for choice in listed.choices]
            known = [value for value in values if value is not None]
            assert known == sorted(known)
            assert len(known) > 30
            assert set(values[len(known) :]) <= {None}


async def test_a_meter_outside_the_range_of_the_estimate_is_said(catalogue: Catalogue) -> None:
    job = "@8xh100@gcp:us-west1,duration=3 d,params=8B"
    for metered, said_of_it in (
        ("412 kWh", "24 % below the estimate"),
        ("800 kWh", "above the estimate"),
        ("550 kWh", ""),
    ):
        app = app_planning(catalogue, f"{job},it_energy={metered}")
        async with app.run_test(size=(80, 24)) as pilot:
            await rest(pilot)
            text = " ".join(footprint(app).split())
            assert ("outside its range" in text) == bool(said_of_it)
            assert said_of_it in text


async def test_an_entry_that_is_removed_is_said_and_comes_back(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        plan(app).query_one(Form).go_to("chips")
        await press(pilot, "backspace")
        assert said(app) == "Chips: entry removed ([u] undo)"
        await press(pilot, "u")
        assert given_of(app)["chips"] == 8

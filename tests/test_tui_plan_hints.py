"""What Plan says to a newcomer: how a number is typed, what is still needed, what was filled in, what a key does."""

from __future__ import annotations

import re

import pytest
from textual.widgets import Input
from tui import app_of, beside_field, go_to, offered, on_screen, press, rest, said, sheet, until

from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.plan.screen import PlanScreen
from carbontui.tui.views import plan_fields
from carbontui.tui.views.footprint_lines import estimate_line
from carbontui.tui.widgets.form import Form
from carbontui.tui.widgets.table import Table
from carbontui.tui.workspace import first_start
from carbontui_registry.catalogue import Catalogue

JOB = "@8xh100@aws:us-east-1,duration=3 d"


def app_planning(catalogue: Catalogue, spec: str = JOB) -> CarbonApp:
    return CarbonApp(catalogue, first_start().replace(job=parse_spec(spec), tab="plan"))


def form(app: CarbonApp) -> Form:
    return app.screen.query_one(Form)


async def test_a_digit_on_a_number_says_how_a_number_is_typed(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        form(app).go_to("chips")
        for digit in "8901":
            await press(pilot, "down", "up", digit)
            assert said(app).startswith("[enter] first, then type the number: Chips")
        await press(pilot, "3")
        assert app.tab == "map"
        assert "on Plan, [enter] first, then type the number" in said(app)
        # Whoever has typed a number knows.
        await press(pilot, "1", "enter", "'16", "enter", "3")
        assert app.tab == "map"
        assert "then type the number" not in said(app)


async def test_a_digit_elsewhere_says_nothing_of_numbers(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        form(app).go_to("region")
        await press(pilot, "8", "3")
        assert "then type the number" not in said(app)


async def test_clearing_the_form_begins_at_its_first_field(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        form(app).go_to("region")
        await press(pilot, "D")
        assert form(app).current.key == "model"
        assert form(app).has_focus


@pytest.mark.parametrize("spec", ["", ",params=70B", ",tokens=15T", ",params=70B,tokens=15T"])
def test_the_chips_are_asked_for_before_the_hardware_is_known(catalogue: Catalogue, spec: str) -> None:
    def needed(spec: str) -> set[str]:
        fields = plan_fields.fields(fill(parse_spec(spec), catalogue, "lifecycle"))
        return {field.key for field in fields if field.mark == "missing"}

    assert needed(f"@h100{spec}") <= needed(f"@{spec}")


async def test_a_published_run_says_what_it_filled_in_and_the_cursor_goes_on(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "@")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "home", "enter", "'gpt-3", "enter")
        assert form(app).current.key == "hardware"
        text = said(app)
        assert text.startswith("from the published run: V100, 10,000 chips")
        assert "Microsoft" in text
        assert len(text) < 78
        await press(pilot, "down")
        assert "published run" not in said(app)


async def test_with_the_advice_selected_the_line_and_the_foot_are_about_it(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlanScreen) and app.screen.changes)
        await press(pilot, "tab")
        # A second line would take a change from the table.
        assert said(app) == "carbon factors of two sources are compared, which may be part of the saving"
        rows = app.screen.query_one(Table)
        assert sum(row.cells[0] in on_screen(app) for row in rows.rows) >= 3
        assert "enter apply" in on_screen(app)
        await press(pilot, "w")
        assert "enter apply" in on_screen(app)
        await press(pilot, "escape", "enter")
        assert said(app).startswith("Applied ")
        assert "([u] undo)" in " ".join(on_screen(app).split())


async def test_without_a_price_the_advice_says_where_one_is(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3", metric="cost")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "p")
        rows = [row.cells[0] for row in app.screen.query_one(Table).rows]
        assert rows[0] == "no list price is known for V100 in Microsoft"
        assert "[3] Map and [4] Sweep" in rows[1]


@pytest.mark.parametrize(
    ("key", "right"), [("it_energy", "'412 kWh'"), ("duration", "'412 h' or '412 d'"), ("power", "'412 W'")]
)
async def test_a_bare_number_is_refused_with_what_to_do_first(catalogue: Catalogue, key: str, right: str) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        form(app).go_to(key)
        await press(pilot, "enter")
        app.screen.query_one(Input).value = "412"
        await rest(pilot)
        assert beside_field(app) == (f"add a unit: {right}, not a number alone", True)


async def test_no_unit_makes_a_duration_of_nothing(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        form(app).go_to("duration")
        await press(pilot, "enter")
        app.screen.query_one(Input).value = "0"
        await rest(pilot)
        assert beside_field(app) == ("must be more than 0", True)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_hardware_and_power_say_all_that_there_is_room_for(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        assert "H100 SXM5 80 GB" in on_screen(app)
        assert ("1.23 x TDP" in on_screen(app)) == (size[0] >= 120)
        assert ("1.23 x TDP, at the wall" in on_screen(app)) == (size[0] >= 200)
        form(app).go_to("power")
        await rest(pilot)
        assert "1.23 x TDP of h100-sxm5-80, at the wall" in said(app)


async def test_fields_out_of_sight_are_counted(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "llama@8xh100@aws:us-east-1,params=8B,tokens=1B")
    async with app.run_test(size=(60, 16)) as pilot:
        await rest(pilot)
        hidden = len(form(app).fields) - form(app).size.height
        assert hidden > 0
        assert f"↓ {hidden} more" in on_screen(app)
        await press(pilot, "end")
        assert f"↑ {hidden} more" in on_screen(app)


async def test_a_meter_of_the_machines_is_compared_with_pue_in_both(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, f"{JOB},params=8B,it_energy=412 kWh")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        text = " ".join(on_screen(app).replace("│", " ").split())
        assert "the meter is 24 % below the estimate" in text
        assert "IT estimate without the meter: 540 kWh" in text


async def test_the_mean_day_says_all_of_the_start(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        assert "whole days" in on_screen(app)


async def test_datacenters_come_before_the_grids_called_like_the_place(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        form(app).go_to("region")
        await press(pilot, "enter", "'virginia")
        found = offered(app)
        assert found[0] == "aws:us-east-1"
        assert "grid:us-va" in found
        # By its id, its country's code or a name that is no datacenter's a grid is meant, and comes first.
        app.screen.query_one(Input).value = "grid:us-va"
        await rest(pilot)
        assert offered(app)[0] == "grid:us-va"
        for typed, name in (("de", "grid:de"), ("germany", "grid:de"), ("ireland", "aws:eu-west-1")):
            app.screen.query_one(Input).value = typed
            await rest(pilot)
            assert offered(app)[0] == name


async def test_something_new_is_last_and_the_key_to_it_is_said(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        form(app).go_to("region")
        await press(pilot, "enter", "'aws")
        found = offered(app)
        assert [name.startswith("*new") for name in found].index(True) == len(found) - 1
        names = [choice.name for choice in app.screen.query_one("ChoiceList").choices[:-1]]  # type: ignore[attr-defined]
        assert names == sorted(names)
        assert "[end] add it as a new region" in on_screen(app)
        await press(pilot, "ctrl+o")
        assert offered(app)[-1].startswith("*new")


async def test_advice_says_how_much_dearer_it_is_and_its_notes_are_read_in_full(catalogue: Catalogue) -> None:
    app = app_planning(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlanScreen) and app.screen.changes)
        await rest(pilot)
        table = app.screen.query_one(Table)
        titles = [column.title for column in table.columns]
        for row in table.rows[:3]:
            cost, more = (row.cells[titles.index(title)] for title in ("cost", "cost vs now"))
            change = float(cost.removesuffix(" USD").replace(",", "")) - 3963
            assert more == (f"{change:+,.0f} USD" if change else "")
        notes = [row.cells[0] for row in table.rows[3:]]
        assert notes[0].startswith("no other hardware: that needs tokens or compute")
        assert notes[1] == "AWS region in US: Oregon: may not save anything: its range includes 1"
        await press(pilot, "tab", "end")
        assert " ".join(table.rows[-1].cells[0].split()) in " ".join(on_screen(app).split())


async def test_by_cost_what_is_less_says_it_already(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB, metric="cost")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "p")
        await until(pilot, lambda: isinstance(app.screen, PlanScreen) and app.screen.changes)
        assert "cost vs now" not in [column.title for column in app.screen.query_one(Table).columns]


async def test_a_tall_window_lists_all_advice_and_notes_the_change(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "llama-3.1-8b@8xh100@aws:us-east-1,tokens=2B")
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlanScreen) and app.screen.changes)
        await rest(pilot)
        table = app.screen.query_one(Table)
        assert table.size.height > len(table.rows)
        assert "GB200: one GPU of a superchip" in on_screen(app)
        # The room below is for the figures of the change, down to their sources; and what is said of places is there.
        assert "gross CO2e = IT energy x" in on_screen(app)
        assert "carbon factors come from" in on_screen(app)


async def test_the_range_is_due_to_what_the_form_has(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "llama-3.1-8b@8xh100@aws:us-east-1,tokens=2B")
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert "range due to utilisation" in on_screen(app)
        assert "Utilisation" in on_screen(app)


async def test_an_entry_says_what_is_not_known_any_more(catalogue: Catalogue) -> None:
    app = app_planning(catalogue, "gpt-3@v100,chips=5000")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        form(app).go_to("duration")
        await press(pilot, "enter", "'3 d", "enter")
        await rest(pilot)
        assert "no longer known: tokens 300B" in said(app)


@pytest.mark.parametrize(
    ("keys", "keeps"),
    [
        (("chips", "enter", "'16", "enter"), False),
        (("chips", "right"), False),
        (("duration", "enter", "'4 d", "enter"), False),
        (("duration", "backspace"), False),
        (("hardware", "enter", "'a100 80", "enter"), False),
        (("region", "enter", "'gcp oregon", "enter"), True),
        (("pue", "enter", "'1.2", "enter"), True),
        (("count", "enter", "'3", "enter"), True),
        (("model", "enter", "'gpt-3", "enter"), True),
    ],
)
async def test_a_meter_goes_with_the_job_that_it_was_of(
    catalogue: Catalogue, keys: tuple[str, ...], keeps: bool
) -> None:
    app = app_planning(catalogue, f"{JOB},it_energy=412 kWh")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        form(app).go_to(keys[0])
        await press(pilot, *keys[1:])
        await rest(pilot)
        assert ("it_energy" in dict(app.workspace.job.given)) == keeps
        assert ("removed the meter's 412 kWh: it was of the job as it was before ([u] undo)" in said(app)) == (
            not keeps
        )
        await press(pilot, "u")
        assert dict(app.workspace.job.given)["it_energy"].value == pytest.approx(412)


async def test_a_meter_is_not_given_to_other_hardware_in_compare(catalogue: Catalogue) -> None:
    app = app_of(catalogue, f"{JOB},it_energy=412 kWh")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        go_to(app, 0, "hardware")
        await press(pilot, "enter", "'a100 80", "tab", "'b200", "tab", "enter")
        await rest(pilot)
        own, *others = app.workspace.question.scenarios
        assert "it_energy" in dict(own.given)
        assert others
        assert not [one for one in others if "it_energy" in dict(one.given)]
        go_to(app, 0, "chips")
        await press(pilot, "enter", "'16", "enter")
        assert "removed the meter's 412 kWh" in said(app)
        assert "it_energy" not in dict(app.workspace.question.scenarios[0].given)


def test_on_other_hardware_a_time_is_not_the_published_runs(catalogue: Catalogue) -> None:
    kept = fill(parse_spec("gpt-3@h100@aws:us-east-1,chips=16000"), catalogue)
    assert plan_fields.filled_in(plan_fields.fields(kept)) == ""


@pytest.mark.parametrize("width", [20, 30, 38, 56, 100])
def test_what_a_meter_replaced_stands_in_one_line(catalogue: Catalogue, width: int) -> None:
    one = fill(parse_spec("llama-3.1-70b@h100@aws:us-east-1,chips=1024,tokens=2e12,it_energy=9 GWh"), catalogue)
    line = estimate_line(one, width)
    assert line.startswith("IT estimate")
    assert len(line) <= width
    assert (" to " in line) == (width >= 38)


@pytest.mark.parametrize("spec", ["@h100@aws:us-east-1", "@h100", "gemma-1-family", "xgen-7b@a100"])
async def test_no_screen_asks_for_words_of_the_command_line(catalogue: Catalogue, spec: str) -> None:
    app = app_of(catalogue, spec)
    words_of_commands = re.compile(r"\b(add|with) (\w+=|@[A-Z]+)|--[a-z]")
    async with app.run_test(size=(120, 40)) as pilot:
        for row in sheet(app).rows:
            go_to(app, 0, row.key)
            assert not words_of_commands.search(said(app)), row.key
        for key in ("x", "A", "H"):
            go_to(app, 0, "gross_kgco2e")
            await press(pilot, key)
            assert not words_of_commands.search(on_screen(app)), key
            await press(pilot, "escape")

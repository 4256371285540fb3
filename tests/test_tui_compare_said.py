"""What Compare says was done: whole, with what follows from it, on which screen, and in words."""

from __future__ import annotations

import pytest
from tui import SIZES, app_of, go_to, names, on_screen, press, said, type_in

from carbontui.spec import parse_spec
from carbontui.tui import workspace
from carbontui.tui.widgets.chrome import TitleBar
from carbontui_registry.catalogue import Catalogue


async def test_what_was_done_is_said_in_one_line_with_undo(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d")
        assert said(app) == "Duplicated GPT-3 as 2 ([u] undo)"
        await press(pilot, "b")
        assert said(app) == "2 GPT-3 (2) is the baseline ([u] undo)"
        await press(pilot, "b")
        assert said(app) == "2 GPT-3 (2) is already the baseline"
        await press(pilot, "delete")
        assert said(app) == "Removed GPT-3 (2); 2 Switch Transformer is the baseline now ([u] undo)"
        await press(pilot, "delete", "N")
        await type_in(pilot, "October")
        assert said(app) == "The title is October ([u] undo)"
        assert app.workspace.question.title == "October"


async def test_a_scenario_that_is_not_the_baseline_goes_without_a_word_on_it(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "right", "delete")
        assert said(app) == "Removed Switch Transformer ([u] undo)"


async def test_sorting_names_the_first(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "z")
        assert said(app) == "sorted by gross CO2e, smallest first: 1 Evolved Transformer NAS ([u] undo)"
        await press(pilot, "z")
        assert said(app) == "sorted by gross CO2e, largest first: 1 GPT-3 ([u] undo)"
        await press(pilot, "u")
        assert said(app) == "undone: sort by gross CO2e"


@pytest.mark.parametrize("size", SIZES)
async def test_undo_says_where_unless_that_is_in_view(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "@h100@aws:us-east-1,chips=8,duration=3 d")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "1")
        app.screen.replace_scenario("chips", app.workspace.job.choose("hardware", "h100"))  # type: ignore[attr-defined]
        await press(pilot, "2", "u")
        assert said(app) == "undone on Plan: chips"
        await press(pilot, "U")
        assert said(app) == "redone on Plan: chips"
        await press(pilot, "d", "1", "u")
        assert said(app) == "undone in Compare: duplicate"
        await press(pilot, "2", "d", "u")
        assert said(app) == "undone: duplicate"
        await press(pilot, "1", "m", "u")
        assert said(app) == "undone: metric"


async def test_what_was_entered_is_undone_by_its_label(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@h100@aws:us-east-1,chips=8,it_energy=400 kWh", "gpt-3")
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, 0, "it_energy")
        await press(pilot, "enter")
        await type_in(pilot, "500 kWh")
        await press(pilot, "u")
        assert said(app).startswith("undone: IT energy of ")


async def test_a_job_that_is_taken_to_plan_says_that_other_factors_hold_there(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "p")
        assert app.tab == "plan"
        assert said(app) == "factors: lifecycle on Plan, as published in Compare ([f] next)"


async def test_what_is_long_takes_a_second_line_and_no_more_than_until_the_next_key(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(60, 20)) as pilot:
        await press(pilot, "z")
        lines = on_screen(app).splitlines()
        assert " ".join(line.strip() for line in lines[-3:-1]) == said(app)
        await press(pilot, "right")
        assert said(app)[:20] not in on_screen(app).splitlines()[-3]


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("title", ["Oct", "October study & 100 % green_ai and more"])
@pytest.mark.parametrize("name", ["GPT", "my model on H100 in AWS London, and again in AWS Stockholm"])
async def test_baseline_accounting_and_metric_stay_at_the_head(
    catalogue: Catalogue, width: int, title: str, name: str
) -> None:
    app = app_of(catalogue, f"gpt-3,name={name}", "t5")
    async with app.run_test(size=(width, 24)) as pilot:
        await press(pilot, "N")
        await type_in(pilot, title)
        head = str(on_screen(app).splitlines()[0])
        assert head.rstrip().endswith(("as published   gross", "models"))
        # In the narrowest window its name has no room beside a long title.
        assert ("baseline 1 " in head) or (width == 60 and len(title) > 8)
        assert "as published" in head
        assert title[:7] in head
        assert "*" in head
        assert len(head) == width
        assert app.screen.query_one(TitleBar).left == title


async def test_a_budget_names_regions_as_people_do(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@h100@aws:us-east-1,chips=8,duration=3 d")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "B")
        await type_in(pilot, "200 kg")
        screen = on_screen(app)
        assert "fits the budget in" in screen
        assert "aws:" not in screen
        assert "azure:" not in screen


async def test_the_job_that_plan_had_before_is_not_lost_without_a_word(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5", "gpt-3")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "p")
        assert "in place of the job before" not in said(app)
        await press(pilot, "2", "right", "p")
        assert said(app).startswith("replaced the previous job ([u] undo)")
        await press(pilot, "u")
        assert app.workspace.job.model == "t5"


async def test_undo_and_redo_put_the_cursor_where_it_was(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@8xh100@aws:us-east-1,duration=3 d", "gpt-3", "meena")
    async with app.run_test(size=(120, 40)) as pilot:
        # Several regions beside the first scenario, the cursor on the first of them.
        await press(pilot, "3", "end", "space", "home", "space", "enter")
        assert app.tab == "compare"
        assert (len(names(app)), app.home.at) == (5, 1)
        await press(pilot, "right", "u")
        assert (len(names(app)), app.home.at) == (3, 0)
        await press(pilot, "U")
        assert (len(names(app)), app.home.at) == (5, 2)
        await press(pilot, "u")
        # A scenario that was removed is under the cursor again, also where the cursor went on meanwhile.
        go_to(app, 1)
        before = names(app)
        await press(pilot, "D")
        assert names(app) == [before[0], before[2]]
        await press(pilot, "left", "u")
        assert (names(app), app.home.at) == (before, 1)
        # A change of the job on Plan leaves it.
        app.set_workspace(workspace.plan(app.workspace, "the planned job", parse_spec("t5")))
        go_to(app, 2)
        await press(pilot, "u")
        assert app.home.at == 2

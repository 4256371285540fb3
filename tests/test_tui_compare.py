"""Compare: a finished comparison at the first start, scenarios side by side, their order and their heads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.command import CommandList, CommandPalette
from textual.widgets import Static
from tui import (
    app_of,
    at_both_sizes,
    beside_field,
    cell,
    go_to,
    names,
    on_screen,
    press,
    rest,
    said,
    sheet,
    type_in,
    until,
    widths,
)

from carbontui.engine.comparison import Question
from carbontui.engine.equivalents import EQUIVALENTS
from carbontui.formats import write_format
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.help import HelpScreen
from carbontui.tui.views.columns import told_apart
from carbontui.tui.widgets.bars import Bars
from carbontui.tui.widgets.transposed import TransposedSheet
from carbontui.tui.workspace import UNITS, Workspace
from carbontui_registry.catalogue import Catalogue

FIRST = ["GPT-3", "Switch Transformer", "Meena", "T5", "GShard-600B", "Evolved Transformer NAS"]
ALL_INPUTS = {
    "chip_hours",
    *("period", "compute", "throughput", "net"),
    *("params", "tokens", "trainable", "it_energy", "count"),
}


@at_both_sizes
async def test_first_start_is_a_finished_comparison(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        assert names(app) == FIRST
        text = on_screen(app)
        title = text.splitlines()[0]
        assert "paper-2021" in title
        assert "*" not in title
        assert "baseline 1 GPT-3" in title
        assert "◆1 GPT-3" in text
        assert [cell(app, "energy_kwh", 0), cell(app, "gross_kgco2e", 0)] == ["1,287 MWh", "552 t ~"]
        assert cell(app, "published", 1) == "72.2 t"
        assert cell(app, "ratio", 0) == "1.00x"
        assert not app.workspace.changed


@pytest.mark.parametrize("width", [60, 66, 80, 100])
async def test_a_range_is_whole_or_visibly_cut(catalogue: Catalogue, width: int) -> None:
    app = app_of(catalogue, "@16000xh100@aws:us-east-1,duration=90 d", "t5")
    app.workspace = app.workspace.replace(unit="kilograms")
    async with app.run_test(size=(width, 24)) as pilot:
        await rest(pilot)
        line = "".join(segment.text for segment in app.screen.query_one(Bars).render_line(1)).rstrip()
        interval = app.comparison.scenarios[0].results["gross_kgco2e"].interval
        assert interval is not None
        whole = f"{interval[0]:,.0f} to {interval[1]:,.0f}"
        assert line.endswith((whole, "…"))
        assert whole in line or width < 80


@at_both_sizes
async def test_add_duplicate_rename_remove_and_undo(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "a", "'meena", "enter")
        assert names(app) == ["GPT-3", "Meena", "T5"]
        assert sheet(app).column == 1
        await press(pilot, "d")
        assert names(app) == ["GPT-3", "Meena", "Meena (2)", "T5"]
        assert sheet(app).column == 2
        await press(pilot, "r")
        await type_in(pilot, "the second")
        assert names(app)[2] == "the second"
        await press(pilot, "r")
        await type_in(pilot, "x" * 101)
        assert beside_field(app)[1]
        await type_in(pilot, "")
        assert names(app)[2] == "Meena (2)"
        await press(pilot, "delete")
        assert names(app) == ["GPT-3", "Meena", "T5"]
        assert said(app).endswith("([u] undo)")
        await press(pilot, "left", "D", "u")
        assert said(app).startswith("undone: remove")
        await press(pilot, *"uuuuuu")
        assert names(app) == ["GPT-3", "T5"]
        assert not app.workspace.changed
        assert said(app) == "nothing to undo"
        await press(pilot, "U", "ctrl+r", *"UUUU")
        assert names(app) == ["GPT-3", "T5"]
        await press(pilot, "U")
        assert said(app) == "nothing to redo"


@at_both_sizes
async def test_groups_and_totals(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "gpt-3", "t5", "meena")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "plus")
        assert re.search(r"total +1,6\d\d MWh", on_screen(app))
        await press(pilot, "G")
        await type_in(pilot, "stage one")
        assert cell(app, "group") == "stage one"
        assert "total stage one" in on_screen(app)
        await press(pilot, "plus")
        assert "total stage one" not in on_screen(app)
        go_to(app, 1, "group")
        await press(pilot, "enter")
        await type_in(pilot, "stage two")
        assert [one.group for one in app.comparison.totals] == ["stage one", "stage two", None]
        await press(pilot, "backspace")
        assert [one.group for one in app.comparison.totals] == ["stage one", None]
        await press(pilot, *"uuuuu")
        assert not app.workspace.changed


async def test_many_groups_leave_room_for_the_rest(catalogue: Catalogue) -> None:
    app = app_of(catalogue, *(f"t5,group=g{n}" for n in range(9)))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "plus")
        assert "5 more groups" in on_screen(app)
        assert "total g8" in on_screen(app)
        assert re.search(r"total +768 MWh", on_screen(app))
        assert len(sheet(app).rows) > sheet(app).size.height > 6


async def test_the_title_is_edited_and_goes_into_every_export(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "N")
        await type_in(pilot, "Plans for 2027")
        assert app.workspace.title == "Plans for 2027"
        for name in ("json", "toml", "markdown", "latex", "statement", "svg"):
            text = write_format(name, app.comparison, app.catalogue)
            assert "Plans for 2027" in text, name
        await press(pilot, "u")
        assert app.workspace.title == "paper-2021"


async def test_the_papers_title_goes_with_the_last_of_its_scenarios(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *"DDDDD")
        assert app.workspace.title == "paper-2021"
        await press(pilot, "D")
        assert app.workspace.title == "untitled"
        await press(pilot, "u")
        assert app.workspace.title == "paper-2021"


@at_both_sizes
async def test_order_baseline_sort(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "gpt-3", "t5", "meena")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "<", ">")
        assert (names(app), sheet(app).column) == (["T5", "GPT-3", "Meena"], 1)
        assert app.comparison.baseline == 1
        await press(pilot, "end", ">", "b")
        assert (names(app), app.comparison.baseline) == (["T5", "GPT-3", "Meena"], 2)
        assert cell(app, "ratio") == "1.00x"
        await press(pilot, "z")
        assert (names(app), app.comparison.baseline) == (["T5", "Meena", "GPT-3"], 1)
        # So that the next key acts on the best.
        assert names(app)[sheet(app).column] == "T5"
        go_to(app, 0, "duration_h")
        await press(pilot, "z")
        assert names(app) == ["GPT-3", "T5", "Meena"]
        assert names(app)[sheet(app).column] == "GPT-3"
        await press(pilot, "z", "b")
        assert names(app) == ["Meena", "T5", "GPT-3"]
        assert app.comparison.baseline == 0


async def test_metric_accounting_scale_unit_and_inputs(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        for metric in ("net", "energy", "duration", "water", "cost", "gross"):
            await press(pilot, "m")
            assert app.comparison.question.metric == metric
            assert f"{metric}" in on_screen(app).splitlines()[0]
        for accounting in ("direct", "lifecycle", "as published"):
            await press(pilot, "f")
            assert accounting in said(app)
            assert accounting in on_screen(app).splitlines()[0]
        await press(pilot, "l")
        assert "●" in on_screen(app)
        assert "log   linear [l]" in on_screen(app)
        await press(pilot, "l")
        assert "█" in on_screen(app)
        for unit in UNITS[1:]:
            await press(pilot, "v")
            known = EQUIVALENTS.get(unit)
            word = known.unit if known else {"tonnes": " t", "kilograms": " kg"}[unit]
            assert word in cell(app, "gross_kgco2e")
            assert (known.source.title.split(",")[0] if known else unit) in said(app)
        await press(pilot, "v")
        assert cell(app, "gross_kgco2e") == "552 t ~"
        assert not app.workspace.changed
        keys = [row.key for row in sheet(app).rows]
        await press(pilot, "i")
        assert {row.key for row in sheet(app).rows} - set(keys) == ALL_INPUTS
        await press(pilot, "i")
        assert [row.key for row in sheet(app).rows] == keys


async def test_the_palette_lists_every_action_and_runs_one(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test() as pilot:
        listed = {command.title for command in app.get_system_commands(app.screen)}
        assert {b.description for b in (*app.screen.BINDINGS, *app.BINDINGS)} <= listed  # type: ignore[attr-defined]
        assert {f"Theme: {name}" for name in ("carbon-light", "carbon-contrast")} <= listed
        for key, query, holds in (
            ("colon", "Duplicate the", lambda: names(app)[:2] == ["GPT-3", "GPT-3 (2)"]),
            ("ctrl+p", "Remove the", lambda: names(app) == FIRST),
            ("colon", "carbon-light", lambda: app.theme == "carbon-light"),
        ):
            await press(pilot, key)
            await until(pilot, lambda: isinstance(app.screen, CommandPalette))
            await press(pilot, f"'{query}")
            await until(pilot, lambda: app.screen.query_one(CommandList).option_count == 1)
            await press(pilot, "down", "enter")
            await until(pilot, holds)


@at_both_sizes
async def test_question_mark_lists_the_keys_in_full(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "?")
        assert isinstance(app.screen, HelpScreen)
        words = str(app.screen.query_one(Static).content).split()
        await press(pilot, "end")
        await until(pilot, lambda: words[-1] in on_screen(app))
        for binding in (*app.home.BINDINGS, *app.BINDINGS):
            assert " ".join(binding.description.split()) in " ".join(words)  # type: ignore[union-attr]
        await press(pilot, "?")
        assert app.screen is app.home


@at_both_sizes
async def test_scenarios_as_rows_have_the_same_cells_and_are_edited_alike(
    catalogue: Catalogue, size: tuple[int, int]
) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        go_to(app, 0, "chips")
        await press(pilot, "T")
        rows = app.home.sheet
        assert isinstance(rows, TransposedSheet)
        assert (rows.column, rows.row_key) == (0, "chips")
        for n, one in enumerate(names(app), 1):
            assert f"{n} {one}"[:14] in on_screen(app)
        assert widths(rows) == {rows.size.width}
        await press(pilot, "down", "down", "enter")
        await type_in(pilot, "2048")
        assert app.comparison.scenarios[2].value("chips") == 2048
        await press(pilot, "right", "T")
        assert not isinstance(app.home.sheet, TransposedSheet)
        assert (app.home.sheet.column, app.home.sheet.row_key) == (2, "region")


@at_both_sizes
@pytest.mark.parametrize("metric", ["gross", "net", "energy", "water", "cost"])
async def test_scenarios_as_rows_begin_with_the_metric_its_ratio_and_its_range(
    catalogue: Catalogue, size: tuple[int, int], metric: str
) -> None:
    app = app_of(catalogue, "gpt-3", "t5", metric=metric)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "T")
        titles = next(line for line in on_screen(app).splitlines() if "2 scenarios" in line)
        shown = [titles.lower().find(word) for word in (metric, "ratio", "range", "model")]
        assert shown == sorted(shown)
        assert -1 not in shown


async def test_a_scenario_is_found_and_a_title_sorts(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "T", "slash", "'meena", "enter")
        assert names(app)[app.home.at] == "Meena"
        rows = app.home.sheet
        assert isinstance(rows, TransposedSheet)
        while not (x := next((x for n, x in rows._shown_fields if rows.rows[n].key == "energy_kwh"), 0)):
            await press(pilot, "right")
        await pilot.click(TransposedSheet, offset=(x + 3, 0))
        await rest(pilot)
        values = [one.result("energy_kwh") for one in app.comparison.scenarios]
        assert values == sorted(values)


async def test_only_cells_in_sight_are_made(catalogue: Catalogue) -> None:
    scenarios = tuple(parse_spec(f"@8xh100@aws:us-east-1,duration={n} h") for n in range(1, 301))
    app = CarbonApp(catalogue, Workspace(Question(scenarios, title="many")))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "T", "pagedown", "end")
        row = next(row for row in app.home.sheet.rows if row.key == "chips")
        assert len(row.cells) == 300
        assert len(row.cells._made) < 120  # type: ignore[attr-defined]


async def test_a_small_window_gives_the_focus_back(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        await pilot.resize_terminal(40, 10)
        await rest(pilot)
        await pilot.resize_terminal(80, 24)
        await rest(pilot)
        before = app.home.sheet.row
        await press(pilot, "down")
        assert app.home.sheet.row == before + 1


async def test_heads_keep_what_differs(catalogue: Catalogue) -> None:
    specs = [f"llama-3.1-8b@8xh100@{region},tokens=2B" for region in ("gcp:us-west1", "gcp:us-west2", "gcp:us-west4")]
    app = app_of(catalogue, *specs)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        heads = on_screen(app).splitlines()[2]
        assert all(place in heads for place in ("Oregon", "Los", "Las"))


@given(st.lists(st.text("ab ", min_size=1, max_size=30), max_size=6), st.integers(2, 20))
def test_heads_are_told_apart_whatever_they_are(names: list[str], width: int) -> None:
    made = told_apart(names, width)
    assert len(made) == len(names)
    assert all(head == name or name.endswith(head[1:]) for head, name in zip(made, names, strict=True))


async def test_results_decades_apart_are_each_in_a_unit_of_their_own(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3", "@t4@gcp:us-west1,chips=1,duration=1 min")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        assert cell(app, "gross_kgco2e", 0).startswith("552 t")
        assert "0.000" not in cell(app, "gross_kgco2e", 1)


async def test_a_large_window_shows_the_reasons_and_the_day_unasked(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@8xh100@gcp:us-west1,duration=9 h", "@8xh100@gcp:europe-west3,duration=9 h")
    async with app.run_test(size=(200, 60)) as pilot:
        await press(pilot, "right")
        assert "Why" in on_screen(app)
        assert "mean day of Germany" in on_screen(app)
        await pilot.resize_terminal(120, 40)
        await rest(pilot)
        assert "mean day" not in on_screen(app)

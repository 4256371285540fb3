"""What signs mean is one key away on every screen, and what is assumed never stands without its range."""

from __future__ import annotations

import pytest
from tui import app_of, on_screen, press, rest

from carbontui.engine.comparison import Question, side_by_side
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import ACCOUNTINGS
from carbontui.spec import parse_spec
from carbontui.text import display
from carbontui.tui.screens.help import HelpScreen
from carbontui.tui.screens.sweep.screen import SweepScreen
from carbontui.tui.views import sheet_rows
from carbontui.tui.views.atlas import COLOURED_BY, FACTOR
from carbontui.tui.views.signs import SIGNS
from carbontui.tui.widgets.chrome import TABS
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize("screen", [name for name, _ in TABS])
async def test_signs_are_explained_on_every_screen(catalogue: Catalogue, screen: str) -> None:
    app = app_of(catalogue, "@8xh100@aws:us-east-1,duration=3 d")
    async with app.run_test(size=(120, 60)) as pilot:
        await app.action_go(screen)
        await rest(pilot)
        here = [(sign, meaning) for where, sign, meaning in SIGNS if where in ("", screen)]
        await press(pilot, "tilde")
        text = on_screen(app)
        for sign, meaning in here:
            assert sign in text
            assert meaning[:40] in text
        await press(pilot, "escape", "?")
        assert isinstance(app.screen, HelpScreen)
        assert sorted(app.screen.signs) == sorted(here)


def test_screens_of_signs_are_screens() -> None:
    assert {where for where, _, _ in SIGNS} <= {"", *(name for name, _ in TABS)}


def test_what_is_assumed_has_a_range_in_every_run_under_every_accounting(catalogue: Catalogue) -> None:
    seen = 0
    for accounting in ACCOUNTINGS:
        for run in catalogue.all("run"):
            try:
                one = fill(Scenario(model=run.record.model, run=run.id), catalogue, accounting)
            except ScenarioError:
                continue
            for metric in ("gross", "net", "energy"):
                question = Question((one.scenario,), metric=metric, accounting=accounting)
                comparison = side_by_side(question, [one])
                result = one.results.get(comparison.metric_key)
                if result is None or result.basis != "assumed":
                    continue
                rows = sheet_rows.rows(comparison, all_inputs=False)
                cell = next(row for row in rows if row.key == "interval").cells[0]
                assert cell.text, (run.id, accounting, metric)
                seen += 1
    assert seen > 50


async def test_an_assumed_figure_has_its_mark_on_every_screen(catalogue: Catalogue) -> None:
    spec = "@8xh100@aws:us-east-1,duration=3 d"
    one = fill(parse_spec(spec), catalogue, "lifecycle")
    factor = display.marked(one.inputs["gross"], "factor")
    assert factor.endswith(display.ASSUMED)
    app = app_of(catalogue, spec)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "f", "f")
        assert app.workspace.question.accounting == "lifecycle"
        assert factor in on_screen(app)
        await press(pilot, "3")
        assert factor in on_screen(app)
        # Where the map is of the factor itself, its line is too.
        await press(pilot, *["m"] * COLOURED_BY.index(FACTOR))
        assert "395 g/kWh ~" in on_screen(app)
        await press(pilot, "4")
        screen = app.screen
        assert isinstance(screen, SweepScreen)
        cell = screen.map.cell
        assert screen.map.heat is not None
        assert cell is not None
        there = screen.map.heat.sweep.filled(cell.machine, cell.place)
        assert there.inputs["gross"].basis == "assumed"
        assert f"factor {display.marked(there.inputs['gross'], 'factor')} in" in on_screen(app)

"""Lists of the app: their titles stand apart, and what is not in sight shows."""

from __future__ import annotations

import re

import pytest
from tui import SIZES, app_of, on_screen, press, rest

from carbontui.engine.solver import fill
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui.tui.views import choices, there
from carbontui.tui.widgets.heads import Heads
from carbontui.tui.widgets.picker import ChoiceList
from carbontui_registry.catalogue import Catalogue

KINDS_PICKED = [("model", "t5"), ("hardware", "t5"), ("region", "t5"), ("region", "@8xh100@aws:us-east-1,duration=3 d")]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("kind", "spec"), KINDS_PICKED)
@pytest.mark.parametrize("metric", ["gross", "duration"])
async def test_no_two_titles_of_a_list_run_together(
    catalogue: Catalogue, kind: str, spec: str, metric: str, size: tuple[int, int]
) -> None:
    app = app_of(catalogue, spec, metric=metric)
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        app.home.pick(kind)
        await rest(pilot)
        shown = app.screen.query_one(ChoiceList)
        titles = [column.title for column in shown.columns]
        assert titles
        for _ in range(len(titles) + 1):
            line = "".join(segment.text for segment in app.screen.query_one(Heads).render_line(0))
            # In a list of several words each title has a blank on either side.
            assert all(f" {title} " in f"{line} ".replace("▲", " ").replace("▼", " ") for title in titles), line
            assert all(line[line.index(title) - 1] == " " for title in titles), line
            await press(pilot, "ctrl+o")


@pytest.mark.parametrize("colours", [True, False])
@pytest.mark.parametrize("keys", [("5",), ("5", "slash", "'nvidia"), ("enter",), ("5", "tab")])
async def test_a_list_that_goes_on_shows_how_far(
    catalogue: Catalogue, keys: tuple[str, ...], colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    app = app_of(catalogue, "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *keys)
        shown = app.screen.query_one(ChoiceList)
        assert len(shown.choices) > shown.size.height

        def bar() -> str:
            x, top = shown.region.right - 1, shown.region.y
            return "".join(line[x] for line in on_screen(app).splitlines()[top : top + shown.region.height])

        shown.move(-len(shown.choices))
        await rest(pilot)
        assert re.fullmatch("┃+│+", bar())
        shown.move(len(shown.choices) // 2)
        await rest(pilot)
        assert re.fullmatch("│+┃+│+", bar())
        shown.move(len(shown.choices))
        await rest(pilot)
        assert re.fullmatch("│+┃+", bar())


@pytest.mark.parametrize("spec", ["@8xh100@aws:us-east-1,duration=3 d", "gpt-3@16xh100@gcp:us-central1"])
def test_no_cell_loses_its_end(catalogue: Catalogue, spec: str) -> None:
    of = fill(parse_spec(spec), catalogue, "lifecycle")
    for kind in choices.COLUMNS:
        columns = there.listed(kind, of, catalogue, "lifecycle")
        for metric in METRICS if kind in ("hardware", "region") else ():
            columns += there.columns(kind, of, catalogue, "lifecycle", metric)
        for column in columns:
            cells = [column.cell(choice).text for choice in choices.choices(kind, catalogue)]
            assert (column.title, max(cells, key=len)[column.width :]) == (column.title, "")

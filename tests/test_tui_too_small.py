"""A window below the least size: no key acts but those that quit, and all is as it was once there is room."""

from __future__ import annotations

import pytest
from textual.widgets import Input
from tui import app_of, names, on_screen, press, rest, until

from carbontui.tui.app import CarbonApp
from carbontui.tui.widgets.table import FilterLine
from carbontui.tui.workspace import first_start
from carbontui_registry.catalogue import Catalogue

TABS = ("plan", "compare", "map", "sweep", "registry", "plugins", "ledger")
SMALL = (40, 10)


@pytest.mark.parametrize("tab", TABS)
async def test_no_key_acts_that_nobody_sees(catalogue: Catalogue, tab: str) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.action_go(tab)
        await rest(pilot)
        before = app.screen.focused
        await pilot.resize_terminal(*SMALL)
        for key in ("5", "7", "2", "slash", "enter", "e", "x", "D", "question_mark", "colon", "tab"):
            await press(pilot, key)
            assert app.tab == tab
            assert on_screen(app).startswith("needs 60x16, has 40x10")
        await pilot.resize_terminal(60, 20)
        await rest(pilot)
        assert app.screen.focused is before
        assert len(names(app)) == 6
        other = "compare" if tab == "registry" else "registry"
        await press(pilot, "2" if tab == "registry" else "5")
        assert app.tab == other


@pytest.mark.parametrize("tab", TABS)
async def test_a_tab_that_opened_in_a_small_window_has_its_focus_once_there_is_room(
    catalogue: Catalogue, tab: str
) -> None:
    app = CarbonApp(catalogue, first_start().replace(tab=tab))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.tab == tab)
        await pilot.resize_terminal(80, 24)
        await rest(pilot)
        assert app.screen.focused is not None
        assert not isinstance(app.screen.focused, FilterLine)
        await press(pilot, "1")
        assert app.tab == "plan"


@pytest.mark.parametrize("keys", [("enter",), ("a",), ("question_mark",), ("x",), ("r",)])
async def test_nothing_is_typed_into_what_is_covered(catalogue: Catalogue, keys: tuple[str, ...]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *keys)
        opened, texts = app.screen, [line.value for line in app.screen.query(Input)]
        shown = [child.display for child in opened.children]
        await pilot.resize_terminal(*SMALL)
        await press(pilot, "6", "e", "escape", "enter")
        assert app.screen is opened
        assert on_screen(app).startswith("needs 60x16, has 40x10")
        await pilot.resize_terminal(80, 24)
        await rest(pilot)
        assert [line.value for line in opened.query(Input)] == texts
        assert [child.display for child in opened.children] == shown
        await press(pilot, "escape")
        assert app.screen is app.home


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_a_key_that_quits_does_so_in_any_window(catalogue: Catalogue, key: str) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "r")
        await pilot.resize_terminal(*SMALL)
        await pilot.press(key)
        assert app.return_code == 0
        assert not app.is_running or app._exit

"""What is still on its way when the app quits has no effect, and is no failure."""

from __future__ import annotations

import pytest
from textual import events
from textual.geometry import Size
from tui import app_of, names, rest, until

from carbontui.tui.widgets.chrome import TABS
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize("size", [(40, 10), (200, 60)])
@pytest.mark.parametrize("tab", [name for name, _ in TABS])
async def test_a_window_that_changes_its_size_while_the_app_quits(
    catalogue: Catalogue, tab: str, size: tuple[int, int]
) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.action_go(tab)
        await rest(pilot)
        # The screen handles it once the app has been told to quit.
        app.screen.post_message(events.Resize(Size(*size), Size(*size)))
        app.exit(0)
        await until(pilot, lambda: not app.is_running)
        assert app.return_code == 0


async def test_keys_behind_the_one_that_quits_do_nothing(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        before = names(app)
        for sign in "qxT4x":
            app.post_message(events.Key(sign, sign))
        await until(pilot, lambda: not app.is_running)
        assert app.return_code == 0
        assert names(app) == before


@pytest.mark.parametrize("tab", [name for name, _ in TABS if name != "compare"])
async def test_the_app_quits_while_a_screen_opens(catalogue: Catalogue, tab: str) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await app.action_go(tab)
        app.screen.post_message(events.Resize(Size(120, 40), Size(120, 40)))
        app.exit(0)
        await until(pilot, lambda: not app.is_running)
        assert app.return_code == 0

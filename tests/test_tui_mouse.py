"""Of the buttons of a mouse only the first does anything."""

from __future__ import annotations

import pytest
from textual import events
from tui import app_of, names, on_screen, press, rest

from carbontui.tui.widgets.chrome import TABS
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize("button", [2, 3])
@pytest.mark.parametrize("tab", [name for name, _ in TABS])
async def test_other_buttons_do_nothing(catalogue: Catalogue, tab: str, button: int) -> None:
    app = app_of(catalogue, "gpt-3@h100@aws:us-east-1,chips=1024", "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go(tab)
        await rest(pilot)
        await press(pilot, "down")
        before = names(app), on_screen(app)
        for x, y in ((12, 1), (40, 8), (60, 12), (60, 12), (20, 20), (20, 20), (10, 39)):
            for event in (events.MouseDown, events.MouseUp):
                app.post_message(event(None, x, y, 0, 0, button, False, False, False, x, y))
        await rest(pilot)
        assert (names(app), on_screen(app)) == before
        assert app.tab == tab

"""What maps and plots look like: at three sizes, in the light theme, without colour, and in 16 colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import constants
from textual.pilot import Pilot
from textual.widgets import Input
from tui import app_of, go_to, press, rest, until

from carbontui.tui.screens.plan.screen import PlanScreen
from carbontui_registry.catalogue import Catalogue

JOB = "@h100@gcp:europe-west3,chips=8,duration=10 h"
GPT_3 = "gpt-3@a100@gcp:europe-north1,chips=1024"
# Screen, scenarios, the cell of Compare under the cursor, keys on the screen.
SHOWN: dict[str, tuple[str, tuple[str, ...], tuple[int, str], tuple[str, ...]]] = {
    "heat-map": ("sweep", (GPT_3,), (0, "model"), ("down", "down", "right")),
    "map": ("map", ("@8xh100@aws:us-east-1,duration=3 d",), (0, "model"), ("full_stop", "space", "end")),
    "map-europe": ("map", ("@8xh100@gcp:europe-west3,duration=3 d",), (0, "model"), ("plus", "O")),
    "map-factor": ("map", ("t5",), (0, "model"), ("g", *["m"] * 5)),
    "scatter": ("sweep", ("gpt-3@a100@gcp:europe-north1",), (0, "model"), ("g", "l", "full_stop", "full_stop")),
    "scatter-limits": (
        "sweep",
        ("gpt-3@a100@gcp:europe-north1",),
        (0, "model"),
        ("g", "l", "L", "'14 d, 100 tCO2e", "enter"),
    ),
    "day": ("registry", (JOB,), (0, "region"), ("tab", *["down"] * 39)),
    "why-below": (
        "compare",
        ("@8xh100@gcp:europe-west3,duration=3 d", "@8xh100@gcp:europe-north1,duration=2 d"),
        (1, "model"),
        ("w",),
    ),
    "why-above": ("compare", ("t5@tpu-v3@gcp:us-central1", "gpt-3"), (1, "model"), ("w",)),
    "why-of-a-cell": ("sweep", (GPT_3,), (0, "model"), ("w",)),
    "when": ("compare", (JOB,), (0, "region"), ("H",)),
    "plan": ("compare", (JOB,), (0, "region"), ("p",)),
}
SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}
LOOKS = ("80x24", "120x40", "200x60", "light", "no-colour", "16-colours")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", SHOWN)
def test_snapshot(
    first_party: Catalogue,
    snap_compare: Callable[..., bool],
    name: str,
    look: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path / "config"))
    if look == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    if look == "16-colours":
        monkeypatch.setattr(constants, "COLOR_SYSTEM", "standard")
    screen, specs, cell, keys = SHOWN[name]
    app = app_of(first_party, *specs)
    app.animation_level = "none"

    async def before(pilot: Pilot[int]) -> None:
        await rest(pilot)
        if look == "light":
            app.theme = "carbon-light"
        go_to(app, *cell)
        await app.action_go(screen)
        await rest(pilot)
        await press(pilot, *keys)
        if isinstance(plan := app.screen, PlanScreen):
            await until(pilot, lambda: plan.changes)
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await rest(pilot)

    assert snap_compare(app, terminal_size=SIZES.get(look, SIZES["120x40"]), run_before=before)

"""What each screen looks like, at both sizes; `pytest --snapshot-update` makes new pictures after a look at them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from tui import SIZES, app_of, go_to, press, rest

from carbontui_registry.catalogue import Catalogue
from carbontui_registry.indexing import build
from carbontui_registry.load_host import load
from carbontui_registry.plugin import Plugin

BIG = ("transformer-big@p100@paper:us-average", "evolved-transformer-medium@tpu-v2@paper:google-iowa")


@pytest.fixture(scope="module")
def with_refused() -> Catalogue:
    """The same with a plugin that was refused in part, and load times that are the same everywhere."""
    loaded = load(only_first_party=True)
    wrong = "hardware acme-x1: power.tdp: '350 Wh' is an energy; a power is written like '300 W'"
    refused = Plugin("acme-hardware:acme", "1.0", "acme-hardware", False, False, 0.004, (wrong,))
    plugins = (*(plugin.replace(seconds=0.012, version="0.1.0") for plugin in loaded.plugins), refused)
    connection = sqlite3.connect(":memory:")
    build(loaded.replace(plugins=plugins), connection)
    return Catalogue(connection)


WRONG = ("t5", "acme-lm@a100", "gpt-3@a100@grid:fi,chips=1024", "gpt-3,period=1999", "gpt-3@a100@grid:us-ia")
FIRST: tuple[str, ...] = ()
# Scenarios, the cell under the cursor, keys.
SHOWN: dict[str, tuple[tuple[str, ...], tuple[int, str], tuple[str, ...]]] = {
    "compare": (FIRST, (1, "chips"), ()),
    "light": (FIRST, (1, "chips"), ()),
    "log": (FIRST, (5, "model"), ("m", "l", "i", "v", "v")),
    "empty": (("t5",), (0, "model"), ("delete",)),
    "errors": (WRONG, (1, "hardware"), ()),
    "why": (BIG, (1, "model"), ("w",)),
    "picker": (FIRST, (1, "hardware"), ("enter", "'tpu")),
    "refusal": (FIRST, (1, "duration_h"), ("enter", "'12 kg")),
    "explain": (FIRST, (1, "gross_kgco2e"), ("x",)),
    "notes": (WRONG, (0, "model"), ("n",)),
    "export": (("t5", "meena"), (0, "model"), ("e", "shift+tab", "shift+tab")),
    "keys": (FIRST, (0, "model"), ("?",)),
    "sweep": (("gpt-3@a100@gcp:europe-north1,chips=1024",), (0, "model"), ("4", "down", "down", "right")),
    "sweep-light": (FIRST, (0, "model"), ("4", "g", "L", "'30 d", "enter", "/", "'gcp", "enter")),
    "sweep-dots": (FIRST, (3, "model"), ("4", "l", "full_stop")),
    "beside": (FIRST, (0, "model"), ("R", "I")),
    "registry": (FIRST, (0, "model"), ("5",)),
    "registry-light": (FIRST, (0, "model"), ("5", "/", "'v100 sxm2", "escape", "enter")),
    "registry-empty": (FIRST, (0, "model"), ("5", "tab", "/", "'nowhere", "escape")),
    "plugins": (FIRST, (0, "model"), ("6",)),
    "plugins-light": (FIRST, (0, "model"), ("6", "end")),
}


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SHOWN)
def test_snapshot(
    first_party: Catalogue,
    with_refused: Catalogue,
    snap_compare: Callable[..., bool],
    name: str,
    size: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARBONTUI_CONFIG", "config")
    specs, cell, keys = SHOWN[name]
    app = app_of(
        with_refused if name.startswith("plugins") else first_party, *specs, metric="net" if name == "why" else "gross"
    )
    app.animation_level = "none"

    async def before(pilot: Pilot[int]) -> None:
        await rest(pilot)
        if "light" in name:
            app.theme = "carbon-light"
        go_to(app, *cell)
        await press(pilot, *keys)
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await rest(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)

"""The Plugins screen and `plugins on|off`: what each brought, what was set aside, switching, preferring, reloading."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from carbontui import cli
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.plugins import PluginsScreen
from carbontui.tui.widgets.chrome import Status, Tabs
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table
from carbontui.tui.workspace import add, first_start
from carbontui_registry import folders
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.folders import read_config

GOOD = """
from pathlib import Path
from carbontui_registry import *
with open(Path(__file__).with_name("imported"), "a") as file:
    file.write("x")
SHEET = Source("Sheet")
@hookimpl
def carbontui_hardware():
    yield Hardware(id="{id}", name="{name}", power=PowerProfile(tdp="{tdp}"), aliases={aliases}, source=SHEET)
@hookimpl
def carbontui_models():
    yield Model(id="{id}-lm", name="{name} LM", params=7e9, compute="8.4e22 FLOP", source=SHEET)
"""
BROKEN = """
from carbontui_registry import *
@hookimpl
def carbontui_hardware():
    yield Hardware(id="bad", name="Bad", power=PowerProfile(tdp="3 Wh"), source=Source("S"))
@hookimpl
def carbontui_regions():
    raise RuntimeError("[/b] [@click=app.quit]boom[/] \\x1b[31m")
"""


def good(id: str = "x1", name: str = "X1", tdp: str = "350 W", aliases: str = "[]") -> str:
    return GOOD.format(id=id, name=name, tdp=tdp, aliases=aliases)


def app_of(catalogue: Catalogue | None = None, **options: Any) -> CarbonApp:
    return CarbonApp(catalogue or open_catalogue(), first_start(), **options)


def screen_of(app: CarbonApp) -> PluginsScreen:
    screen = app.screen
    assert isinstance(screen, PluginsScreen)
    return screen


def said(app: CarbonApp) -> str:
    return app.screen.query_one(Status).text


def details(app: CarbonApp) -> str:
    return "\n".join(line.text for line in app.screen.query_one(Pane).shown)


def on_screen(app: CarbonApp) -> str:
    return "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[int], true: Callable[[], bool]) -> None:
    """Wait for what a thread does."""
    for _ in range(1000):
        if true():
            break
        await pilot.pause(0.02)
    assert true()
    await pilot.pause()


async def to_plugin(pilot: Pilot[int], app: CarbonApp, origin: str) -> None:
    await pilot.press("6")
    await pilot.pause()
    origins = [plugin.origin for plugin in screen_of(app).plugins]
    await pilot.press("home", *["down"] * origins.index(origin))
    await pilot.pause()


async def loaded(pilot: Pilot[int], app: CarbonApp, before: Catalogue) -> None:
    await until(pilot, lambda: app.catalogue is not before)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_each_plugin_brought_and_what_was_set_aside(
    install_plugin: Callable[..., Path], size: tuple[int, int]
) -> None:
    install_plugin("acme", good(), version="1.2")
    install_plugin("broken", BROKEN)
    packs = Path(folders.packs_folder())
    packs.mkdir(parents=True)
    (packs / "mine.toml").write_text('pack = 1\n[source]\ntitle = "S"\n[[model]]\nid = "m"\nname = "M"\nparams = 1e9\n')
    app = app_of()
    async with app.run_test(size=size) as pilot:
        await to_plugin(pilot, app, "acme:acme")
        shown = on_screen(app)
        for text in ("6 Plugins", "carbontui:nvidia", "acme:acme", "1.2", "1 hardware, 1 model", "version", "adds"):
            assert text in shown
        assert [alert.text for alert in app.screen.query_one(Tabs).alerts] == ["1 rejected"]
        for text in ("no records rejected", "ms to load", "plugins uninstall acme", "code of the distribution acme"):
            assert text in details(app)
        await to_plugin(pilot, app, "broken:broken")
        assert "hardware bad: broken.py, line 5: power.tdp: '3 Wh' is an energy" in details(app)
        assert "[/b] [@click=app.quit]boom[/]" in details(app)
        assert "\x1b" not in on_screen(app)
        for y in range(10, size[1] - 2):
            await pilot.click(offset=(20, y))
        assert app.is_running
        await to_plugin(pilot, app, "pack:mine")
        assert "your own pack: data only, no code is run" in details(app)
        assert str(packs / "mine.toml") in details(app)
        await to_plugin(pilot, app, "carbontui:tpu")
        assert "only switched off" in details(app)
        for text in ("hardware", "TPU v2", "TPU v4"):
            assert text in details(app)
        await to_plugin(pilot, app, "carbontui:regions")
        assert "GCP Tokyo" in details(app)
        assert re.search(r"and \d+ more", details(app))


async def test_off_takes_effect_at_once_and_is_not_imported_again(install_plugin: Callable[..., Path]) -> None:
    imported = install_plugin("acme", good()).with_name("imported")
    app = app_of()
    from carbontui.engine.scenario import Scenario

    app.workspace = app.workspace.replace(question=add(app.workspace.question, 0, Scenario(model="x1-lm")))
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.comparison.scenarios[0].model is not None
        await to_plugin(pilot, app, "acme:acme")
        first, times = app.catalogue, len(imported.read_text())
        await pilot.press("space")
        await loaded(pilot, app, first)
        assert read_config().off == ("acme:acme",)
        assert said(app) == "acme:acme is off: it is no longer loaded"
        assert app.comparison.scenarios[0].model is None
        assert screen_of(app).plugin is not None
        assert screen_of(app).plugin.off  # type: ignore[union-attr]
        assert "off: not loaded" in details(app)
        open_catalogue(fresh=True)
        assert len(imported.read_text()) == times
        second = app.catalogue
        await pilot.press("space")
        await loaded(pilot, app, second)
        assert read_config().off == ()
        assert app.comparison.scenarios[0].model is not None
        assert len(imported.read_text()) > times


async def test_enter_switches_nothing_and_the_line_says_what_does(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", good())
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await to_plugin(pilot, app, "acme:acme")
        before = app.catalogue
        assert "[space] switches this one off" in said(app)
        await pilot.press("enter")
        await pilot.pause()
        assert read_config().off == ()
        await pilot.press("space")
        await loaded(pilot, app, before)
        await pilot.press("up", "down")
        await pilot.pause()
        assert "[space] switches this one on" in said(app)


async def test_on_again_where_the_whole_distribution_was_off(install_plugin: Callable[..., Path]) -> None:
    points = "[carbontui]\none = one\ntwo = two\n"
    install_plugin("acme", "", module="one", entry_points=points, files={"two.py": ""})
    folders.set_off("acme", True)
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await to_plugin(pilot, app, "acme:one")
        before = app.catalogue
        await pilot.press("space")
        await loaded(pilot, app, before)
        assert read_config().off == ("acme:two",)


async def test_prefer_decides_a_contested_name_and_takes_it_back(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", good())
    install_plugin("other", good(id="x1", name="Other", tdp="300 W"))
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        await to_plugin(pilot, app, "other:other")
        assert "hardware x1: x1 is claimed by 2 plugins" in details(app)
        before = app.catalogue
        # Two names are contested, so that one is asked for: the first offered is the hardware.
        await pilot.press("asterisk")
        await pilot.pause()
        await pilot.press("enter")
        await loaded(pilot, app, before)
        assert read_config().prefer == (("hardware:x1", "other"),)
        assert app.catalogue.hardware("x1").origin == "other:other"
        assert "it means the record of other:other" in details(app)
        before = app.catalogue
        await pilot.press("asterisk")
        await pilot.pause()
        await pilot.press("enter")
        await loaded(pilot, app, before)
        assert read_config().prefer == ()
        await to_plugin(pilot, app, "carbontui:tpu")
        await pilot.press("asterisk")
        await pilot.pause()
        assert "no other plugin uses" in said(app)


async def test_reload_loads_everything_anew(install_plugin: Callable[..., Path]) -> None:
    imported = install_plugin("acme", good()).with_name("imported")
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        before, times = app.catalogue, len(imported.read_text())
        await pilot.press("f5")
        await loaded(pilot, app, before)
        assert len(imported.read_text()) == times + 1
        assert said(app) == "all plugins reloaded"
        assert not open_catalogue().just_loaded


class Gate:
    """Opens the catalogue only once it is let through, one plugin at a time."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue, self.let, self.ended = catalogue, threading.Event(), threading.Event()
        self.error: str | None = None

    def __call__(self, *, progress: Callable[[str], None]) -> Catalogue:
        try:
            progress("acme:[/b]acme")
            self.let.wait(30)
            progress("last:last")
            if self.error:
                raise RuntimeError(self.error)
            return self.catalogue
        finally:
            self.ended.set()


async def test_loading_says_where_it_is_and_leaves_the_app_free(catalogue: Catalogue) -> None:
    gate = Gate(catalogue)
    app = app_of(catalogue, opener=gate)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6", "space")
        await until(pilot, lambda: said(app) == "loading acme:[/b]acme ... esc stops")
        await pilot.press("down", "down", "space")
        assert "still loading" in said(app)
        await pilot.press("5", "down", "2", "right", "6")
        assert app.tab == "plugins"
        gate.let.set()
        await until(pilot, lambda: "is off" in said(app))


async def test_esc_stops_loading_and_takes_the_change_back(catalogue: Catalogue) -> None:
    gate = Gate(catalogue)
    app = app_of(catalogue, opener=gate)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6", "space")
        await until(pilot, lambda: "loading acme" in said(app))
        assert read_config().off == ("carbontui:accelerators",)
        await pilot.press("escape")
        assert said(app) == "stopped; nothing was changed"
        assert read_config().off == ()
        assert app.tab == "plugins"
        gate.let.set()
        await until(pilot, gate.ended.is_set)
        assert said(app) == "stopped; nothing was changed"
        await pilot.press("escape")
        await pilot.pause()
        assert app.tab == "compare"


async def test_the_loading_process_ends_when_it_is_stopped(install_plugin: Callable[..., Path]) -> None:
    code = "import os, pathlib, time\npathlib.Path(__file__).with_name('pid').write_text(str(os.getppid()))\n"
    pid = install_plugin("acme", code + "time.sleep(1)\n").with_name("pid")
    install_plugin("slow", "import time\ntime.sleep(4)\n")
    folders.set_off("acme:acme", True)
    folders.set_off("slow:slow", True)
    app = app_of()
    folders.set_off("acme:acme", False)
    folders.set_off("slow:slow", False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6", "f5")
        await until(pilot, pid.exists)
        await pilot.press("escape")
        parent = int(pid.read_text())
        await until(pilot, lambda: not os.path.exists(f"/proc/{parent}"))
        assert not os.path.exists(f"/proc/{parent}")


async def test_what_cannot_be_loaded_or_written_is_said(catalogue: Catalogue) -> None:
    gate = Gate(catalogue)
    gate.error = "[/b] no process"
    gate.let.set()
    app = app_of(catalogue, opener=gate)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6", "space")
        await until(pilot, lambda: "[/b] no process" in said(app))
        assert read_config().off == ()
        Path(folders.config_path()).write_text("[[[\n")
        await pilot.press("space")
        await pilot.pause()
        assert "is not TOML" in said(app)
        assert Path(folders.config_path()).read_text() == "[[[\n"
        assert app.is_running


async def test_left_aside_on_the_command_line(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", good())
    app = app_of(open_catalogue(without=["acme:acme"]))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_plugin(pilot, app, "acme:acme")
        await pilot.press("space")
        await pilot.pause()
        assert "was skipped by --no-plugin" in said(app)
        assert read_config().off == ()


async def test_leaving_while_something_loads(catalogue: Catalogue) -> None:
    gate = Gate(catalogue)
    app = app_of(catalogue, opener=gate)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6", "f5")
        await until(pilot, lambda: "loading acme" in said(app))
        await pilot.press("q")
        gate.let.set()
    assert app.return_value == 0


def run(*arguments: str) -> int:
    return cli.main(["plugins", *arguments])


def test_on_and_off_on_the_command_line(
    install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    install_plugin("broken", "raise SystemExit(3)\n")
    assert run("off", "broken:broken") == 0
    assert read_config().off == ("broken:broken",)
    assert "broken:broken is off" in capsys.readouterr().err
    assert run("off", "broken") == 0
    assert "is already off" in capsys.readouterr().err
    assert run("on", "broken") == 0
    assert read_config().off == ()
    assert run() == 0
    assert "broken:broken" in capsys.readouterr().out


def test_a_name_that_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("off", "nobody") == 2
    said = capsys.readouterr().err
    assert "no plugin is called 'nobody'" in said
    assert "carbontui:nvidia" in said
    assert run("off") == 2
    assert "which one" in capsys.readouterr().err


def test_what_is_installed_no_longer_can_be_switched_on() -> None:
    folders.set_off("gone:gone", True)
    assert run("on", "gone:gone") == 0
    assert read_config().off == ()


async def test_columns_sort_by_key_and_click(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("6", "z")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, PluginsScreen)
        names = [plugin.origin for plugin in screen.plugins]
        assert names == sorted(names)
        await pilot.press("Z")
        await pilot.pause()
        assert [plugin.origin for plugin in screen.plugins] == names[::-1]
        await pilot.click(Table, offset=(4, 0))
        await pilot.pause()
        assert screen.sorting == (0, False)

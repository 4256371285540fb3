"""Hostile distributions, all installed together: each is named with its reason, and costs nobody else anything.

Each folder of `hostile_plugins` is a project of its own that pip can install; its `[tool.expected]` tells what is to
be said of it, and which of its records are there all the same.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from carbontui import cli
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.folders import read_config, set_off

FOLDER = Path(__file__).parent / "hostile_plugins"
PROJECTS = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*/pyproject.toml")}
HANG = ("loops", "loops-in-c", "sleeps")
# Whether it is over before its bomb goes off is chance.
CHANCE = "leaves-a-bomb"

APP = """
import asyncio
from carbontui.tui.app import CarbonApp
from carbontui.tui.workspace import first_start
from carbontui_registry.cache import open_catalogue

async def main():
    app = CarbonApp(open_catalogue(), first_start())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        print(len(app.comparison.scenarios), "scenarios")
        await pilot.press("6")
        await pilot.pause()
        lines = app.screen._compositor.render_strips()
        print("\\n".join("".join(segment.text for segment in line) for line in lines))

asyncio.run(main())
"""


class Environment:
    """All of them installed, with a cache and a configuration of their own.

    Those that hang come first, under a limit that is soon over and that nobody else has to keep to.
    """

    def __init__(self, folder: Path, site: Any) -> None:
        self.env = {
            **os.environ,
            "PYTHONPATH": str(site.folder),
            "CARBONTUI_CACHE": str(folder / "cache"),
            "CARBONTUI_CONFIG": str(folder / "config"),
        }
        self.install(site, HANG)
        self.hung = self.run("-m", "carbontui", "list", "hardware", "--format", "json", CARBONTUI_PLUGIN_SECONDS="1")
        self.install(site, set(PROJECTS) - set(HANG))
        self.first = self.run("-m", "carbontui", "list", "hardware", "--format", "json")
        self.records = [*json.loads(self.first.stdout), *json.loads(self.carbontui("list", "models", "--format=json"))]
        self.problems = {p["name"]: p["problems"] for p in json.loads(self.carbontui("plugins", "--format", "json"))}
        self.table = self.carbontui("plugins")

    @staticmethod
    def install(site: Any, names: Collection[str]) -> None:
        for name in names:
            described = PROJECTS[name]["project"]
            ((point, target),) = described["entry-points"]["carbontui"].items()
            module = target.split(":")[0]
            code = (FOLDER / name / f"{module}.py").read_text(encoding="utf-8")
            points = f"[carbontui]\n{point} = {target}\n"
            site.install(described["name"], code, module=module, entry_points=points)

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", *arguments]
        env = {**self.env, **more}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=env)
        assert done.returncode == 0, done.stderr
        return done

    def carbontui(self, *arguments: str) -> str:
        return self.run("-m", "carbontui", *arguments).stdout


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, shared_site: Any) -> Environment:
    return Environment(tmp_path_factory.mktemp("hostile"), shared_site)


def origin_of(name: str) -> str:
    project = PROJECTS[name]["project"]
    return f"{project['name']}:{next(iter(project['entry-points']['carbontui']))}"


def certain(listed: str) -> list[dict[str, Any]]:
    """What is listed, without what is there by chance."""
    return [record for record in json.loads(listed) if record["origin"] != origin_of(CHANCE)]


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_each_is_named_with_its_reason(hostile: Environment, name: str) -> None:
    expected = PROJECTS[name]["tool"]["expected"]
    origin = origin_of(name)
    problems = "\n".join(hostile.problems[origin])
    if "problem" in expected:
        assert re.search(expected["problem"], problems)
    else:
        assert problems == ""
    if "warning" in expected:
        assert re.search(rf"\n{re.escape(origin)}:\n  warning: {expected['warning']}", hostile.table)
    if name != CHANCE:
        assert {r["id"] for r in hostile.records if r["origin"] == origin} == set(expected.get("ids", ()))


def test_they_stand_once_on_stderr_with_the_way_to_more(hostile: Environment) -> None:
    said = hostile.first.stderr.splitlines()
    for name, project in PROJECTS.items():
        if name == CHANCE:
            continue
        lines = [line for line in said if line.startswith(f"carbontui: {origin_of(name)}: ")]
        assert len(lines) == ("problem" in project["tool"]["expected"]), name
        assert all(line.endswith("; see: carbontui plugins") for line in lines)
    assert "Traceback" not in hostile.first.stderr


def test_the_list_of_plugins_names_the_command_that_removes_each(hostile: Environment) -> None:
    for name in ("loops", "odd-ids", "segfaults"):
        assert f"  to remove it: carbontui plugins uninstall hostile-{name}\n" in hostile.table
    assert "\x1b" not in hostile.table
    # Twenty thousand times the same is not read by anybody.
    assert len(hostile.table.splitlines()) < 400
    assert re.search(r"and [0-9,]+ more; see: carbontui plugins check hostile-too-many:too-many", hostile.table)


def test_no_figure_that_was_there_is_lost_or_another(hostile: Environment, catalogue: Catalogue) -> None:
    first_party = [r for r in hostile.records if r["origin"].startswith("carbontui:")]
    assert len(first_party) == len(catalogue.all("hardware")) + len(catalogue.all("model"))
    alone = {**hostile.env, "PYTHONPATH": ""}
    for arguments in (("compare",), ("compare", "gpt-3@a100@gcp:europe-north1,chips=1024", "--format", "json")):
        command = [sys.executable, "-P", "-m", "carbontui", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/", env=alone)
        assert hostile.carbontui(*arguments) == done.stdout


def test_the_app_starts_and_says_how_many_were_refused(hostile: Environment) -> None:
    shown = hostile.run("-c", APP).stdout
    assert "6 scenarios" in shown
    assert re.search(r"\d+ rejected", shown)


def test_one_that_hangs_is_ended_after_its_time_and_not_tried_again(hostile: Environment) -> None:
    # That it ended at all shows the limit; a second try would take the two minutes that tests give the others.
    for name in HANG:
        took = "6 s" if name == "sleeps" else "1 s of processor time"
        assert f"{origin_of(name)}: it took longer than {took}" in hostile.hung.stderr
    again = hostile.run("-m", "carbontui", "list", "hardware", "--format", "json")
    assert certain(again.stdout) == certain(hostile.first.stdout)
    for name in HANG:
        assert f"{origin_of(name)}: it took too long when it was last tried" in again.stderr
        assert f"{origin_of(name)}: it took too long when it was last tried" in hostile.first.stderr


HANGS = """
from pathlib import Path
import time
with open(Path(__file__).parent.with_name("tries"), "a") as file:
    file.write("x")
time.sleep(1e6)
"""


@pytest.fixture
def tries(install_plugin: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Installs one that hangs, with a limit of its own; gives how many times it was tried."""
    from carbontui_registry import load_host as loader

    module = install_plugin("hangs", HANGS)
    whole = loader.load
    monkeypatch.setattr(loader, "load", lambda **options: whole(**{**options, "seconds_a_plugin": 0.3}))
    path = module.parent.with_name("tries")
    return lambda: len(path.read_text()) if path.exists() else 0


@pytest.fixture
def alone(catalogue: Catalogue, install_plugin: object) -> None:  # noqa: ARG001
    """Nobody else has to be ready within that limit: everything that is installed in earnest is off."""
    for plugin in catalogue.plugins():
        set_off(plugin.origin, True)


@pytest.mark.usefixtures("alone")
def test_one_that_hangs_is_not_tried_again_until_it_changes_or_somebody_asks(
    tries: Callable[[], int], install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    said = "it is ignored; it is not tried again until it changes or you ask for it: carbontui plugins on hangs"

    def times_tried(*more: str) -> int:
        assert cli.main(["list", "hardware", *more]) == 0
        assert said in capsys.readouterr().err
        return tries()

    assert times_tried() == 1
    assert times_tried() == 1
    assert times_tried("--no-cache") == 2
    # Whatever else is installed, switched or put there.
    install_plugin("acme", "")
    assert times_tried() == 2
    assert times_tried("--no-plugin", "acme") == 2
    assert cli.main(["plugins", "off", "acme"]) == 0
    assert times_tried() == 2
    assert cli.main(["plugins", "on", "acme"]) == 0
    assert "tried" not in capsys.readouterr().err
    assert times_tried() == 2
    # Somebody asks.
    assert cli.main(["plugins", "on", "hangs"]) == 0
    assert "hangs:hangs is already on; it took too long, and will be tried again" in capsys.readouterr().err
    assert times_tried() == 3
    assert times_tried() == 3
    assert cli.main(["plugins", "off", "hangs"]) == 0
    assert cli.main(["list", "hardware"]) == 0
    assert cli.main(["plugins", "on", "hangs"]) == 0
    assert "hangs:hangs is on; it took too long, and will be tried again" in capsys.readouterr().err
    assert times_tried() == 4
    # It changes.
    module = next(Path(p) for p in sys.path if (Path(p) / "hangs.py").exists()) / "hangs.py"
    module.write_text(HANGS + "# still not\n")
    assert times_tried() == 5
    module.write_text("# mended\n")
    assert cli.main(["list", "hardware"]) == 0
    assert "it is ignored" not in capsys.readouterr().err


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("damage", [b"\xff[", b'{"hangs:hangs": {"\\u0000": "1 1"}, "x": 5}'])
def test_what_is_known_of_those_that_hang_may_be_damaged(
    tries: Callable[[], int], tmp_path: Path, install_plugin: Callable[..., Path], damage: bytes
) -> None:
    assert cli.main(["list", "hardware"]) == 0
    (path,) = (tmp_path / "cache").glob("hung-*.json")
    path.write_bytes(damage)
    install_plugin("acme", "")
    assert cli.main(["list", "hardware"]) == 0
    assert tries() == 2
    assert list(json.loads(path.read_text())) == ["hangs:hangs"]
    assert path.stat().st_mode & 0o077 == 0


def test_it_can_be_left_aside_and_switched_off(tries: Callable[[], int], capsys: pytest.CaptureFixture[str]) -> None:
    for way in (["--no-plugin", "hangs"], ["--no-plugin", "hangs:hangs"], ["--no-plugins"]):
        assert cli.main(["compare", "gpt-3", *way]) == 0
        assert "hangs" not in capsys.readouterr().err
        assert tries() == 0
    assert cli.main(["plugins", "off", "hangs"]) == 0
    assert "hangs:hangs is off" in capsys.readouterr().err
    assert read_config().off == ("hangs:hangs",)
    assert tries() == 0
    assert cli.main(["compare", "gpt-3"]) == 0
    assert "hangs" not in capsys.readouterr().err
    assert tries() == 0
    assert cli.main(["plugins"]) == 0
    assert re.search("hangs:hangs .*off", capsys.readouterr().out)


def test_every_project_can_be_built() -> None:
    for name, project in PROJECTS.items():
        assert project["project"]["name"] == f"hostile-{name}"
        (module,) = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
        assert (FOLDER / name / module).is_file()

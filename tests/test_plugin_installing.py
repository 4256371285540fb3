"""Plugins installed and removed by the installer of the environment, packs copied, and the index of known ones."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui import cli
from carbontui.commands import installing
from carbontui_registry import folders

PACK = 'pack = 1\n[source]\ntitle = "A 2026"\n[[hardware]]\nid = "a-1"\nname = "A 1"\npower = {tdp = "350 W"}\n'


class Asked(list[list[str]]):
    """The commands that installers were asked for; `when_run` is what they do."""

    def __init__(self) -> None:
        super().__init__()
        self.when_run: Callable[[], None] = lambda: None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The commands of installers, which are run by nobody."""
    found = Asked()

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        found.append(command)
        found.when_run()
        return subprocess.CompletedProcess(command, int("broken" in command[-1]))

    monkeypatch.setattr(installing.subprocess, "run", run)
    return found


def test_pip_installs_where_carbontui_runs(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugins", "install", "carbontui-acme"]) == 0
    assert asked == [[sys.executable, "-m", "pip", "install", "carbontui-acme"]]
    assert capsys.readouterr().err == "carbontui-acme is installed; see: carbontui plugins\n"


@pytest.mark.parametrize("name", ["carbontui-acme", "carbontui-acme:one", "one", "carbontui_acme", "Carbontui.Acme"])
def test_a_distribution_is_removed_by_any_name_that_is_listed(
    asked: Asked, name: str, install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    points = "[carbontui]\none = carbontui_acme\ntwo = carbontui_acme\n"
    module = install_plugin("carbontui-acme", entry_points=points)
    # The installer says that all is well and has removed nothing, as pip of what it does not know.
    assert cli.main(["plugins", "uninstall", name]) == 1
    assert "carbontui: carbontui-acme is still installed" in capsys.readouterr().err
    assert asked[0] == [sys.executable, "-m", "pip", "uninstall", "--yes", "carbontui-acme"]
    asked.when_run = lambda: shutil.rmtree(next(module.parent.glob("*.dist-info")))
    assert cli.main(["plugins", "uninstall", name]) == 0
    said = capsys.readouterr().err
    assert said.startswith("carbontui-acme is uninstalled, with ")
    assert all(origin in said for origin in ("carbontui-acme:one", "carbontui-acme:two") if origin != name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nosuchthing", "carbontui: no plugin is called 'nosuchthing'; see: carbontui plugins"),
        (
            "carbontui-acne",
            "no plugin is called 'carbontui-acne'; see: carbontui plugins; did you mean carbontui-acme?",
        ),
        ("lab-chips.toml", "no plugin is called 'lab-chips.toml'; see: carbontui plugins; did you mean lab-chip?"),
        (
            "nvidia",
            "nvidia: what comes with carbontui cannot be removed on its own; carbontui plugins off nvidia stops",
        ),
        ("pytest", "pytest is installed, but is no plugin of carbontui; pip uninstall pytest removes it"),
        ("acme", "acme is claimed by 2 plugins; write carbontui-acme:acme or pack:acme"),
    ],
)
def test_what_is_not_removed_is_never_said_to_be(
    asked: Asked,
    name: str,
    said: str,
    install_plugin: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    install_plugin("carbontui-acme", entry_points="[carbontui]\nacme = carbontui_acme\n")
    packs = Path(folders.packs_folder())
    packs.mkdir(parents=True)
    for stem in ("acme", "lab-chip"):
        (packs / f"{stem}.toml").write_text(PACK)
    assert cli.main(["plugins", "uninstall", name]) == 2
    assert said in capsys.readouterr().err
    assert asked == []
    assert len([*packs.iterdir()]) == 2


@pytest.mark.parametrize("name", ["m2", "pack:m2", "m2.toml", "{folder}/m2.toml"])
def test_a_pack_is_removed_by_its_name(
    asked: Asked,
    name: str,
    empty_cache: None,  # noqa: ARG001
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pack = tmp_path / "m2.toml"
    pack.write_text(PACK)
    for path in (pack, tmp_path / "other.toml"):
        path.write_text(PACK)
        assert cli.main(["plugins", "install", str(path)]) == 0
    packs = Path(folders.packs_folder())
    capsys.readouterr()
    assert cli.main(["plugins", "uninstall", name.format(folder=packs)]) == 0
    assert capsys.readouterr().err == f"removed {packs / 'm2.toml'}\n"
    assert [path.name for path in packs.iterdir()] == ["other.toml"]
    assert pack.exists()
    assert asked == []


def test_a_pack_in_a_folder_of_a_clone_is_removed(empty_cache: None, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    inside = Path(folders.packs_folder(), "our-lab", "chips.toml")
    inside.parent.mkdir(parents=True)
    inside.write_text(PACK)
    assert cli.main(["plugins", "uninstall", "our-lab/chips"]) == 0
    assert capsys.readouterr().err == f"removed {inside}\n"
    assert not inside.exists()


def test_a_pack_that_was_checked_is_put_to_use_by_the_command_that_is_said(
    tmp_path: Path,
    empty_cache: None,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
) -> None:
    pack = tmp_path / "my chips.toml"
    pack.write_text(PACK)
    assert cli.main(["plugins"]) == 0
    assert f"\npacks:         {folders.packs_folder()} (not there yet; carb" in capsys.readouterr().out
    assert cli.main(["plugins", "check", str(pack)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"to use it: carbontui plugins install '{pack}'"
    assert cli.main(shlex.split(last.removeprefix("to use it: carbontui"))) == 0
    assert cli.main(["plugins", "check", str(Path(folders.packs_folder(), pack.name))]) == 0
    assert "to use it" not in capsys.readouterr().out
    assert cli.main(["plugins"]) == 0
    assert f"\npacks:         {folders.packs_folder()}\n" in capsys.readouterr().out
    pack.write_text(PACK.replace("350 W", "350 Wh"))
    assert cli.main(["plugins", "check", str(pack)]) == 1
    assert "to use it" not in capsys.readouterr().out


def test_a_folder_is_installed_by_its_path(asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme").mkdir()
    assert cli.main(["plugins", "install", "acme"]) == 0
    assert asked[0][-1] == str(tmp_path / "acme")


def test_what_an_installer_refuses_does_not_hold(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugins", "install", "broken"]) == 1
    assert len(asked) == 1
    assert "failed with status 1" in capsys.readouterr().err


@pytest.mark.parametrize("tool", ["pipx", "uv"])
def test_the_environments_own_installer_is_used(
    asked: Asked, tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing.shutil, "which", lambda name: f"/bin/{name}" if name == tool else None)
    monkeypatch.setattr(installing, "find_spec", lambda _name: None)
    monkeypatch.setattr(installing.sys, "prefix", str(tmp_path))
    if tool == "pipx":
        (tmp_path / "pipx_metadata.json").write_text("{}")
    assert cli.main(["plugins", "install", "carbontui-acme"]) == 0
    inject = ["pipx", "inject", "carbontui", "carbontui-acme"]
    assert asked == [
        inject if tool == "pipx" else ["uv", "pip", "install", "--python", sys.executable, "carbontui-acme"]
    ]


def test_without_an_installer_it_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(installing.shutil, "which", lambda _name: None)
    monkeypatch.setattr(installing, "find_spec", lambda _name: None)
    assert cli.main(["plugins", "install", "carbontui-acme"]) == 2
    assert "neither pip nor uv" in capsys.readouterr().err


def test_a_pack_is_copied_once_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path / "config"))
    pack = tmp_path / "a.toml"
    pack.write_text(PACK)
    assert cli.main(["plugins", "install", str(pack)]) == 0
    assert Path(folders.packs_folder(), "a.toml").read_text() == PACK
    assert cli.main(["plugins", "install", str(pack)]) == 2
    assert "a.toml: already exists (use --force to overwrite)" in capsys.readouterr().err
    pack.write_text(PACK.replace("350 W", "360 W"))
    assert cli.main(["plugins", "install", str(pack), "--force"]) == 0
    assert "360 W" in Path(folders.packs_folder(), "a.toml").read_text()
    (tmp_path / "b.toml").write_text(PACK.replace("350 W", "350 Wh"))
    assert cli.main(["plugins", "install", str(tmp_path / "b.toml")]) == 2
    assert not Path(folders.packs_folder(), "b.toml").exists()


def test_the_index_is_searched_by_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert all({"name", "summary", "url", "brings"} == set(one) for one in installing.known([]))
    index = tmp_path / "index.toml"
    index.write_text(
        '[[plugin]]\nname = "carbontui-x"\nsummary = "Chips of X"\nurl = "https://x"\nbrings = "hardware"\n'
    )
    monkeypatch.setattr(installing, "INDEX", index)
    assert cli.main(["plugins", "search", "chips", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "carbontui-x"
    assert cli.main(["plugins", "search", "regions"]) == 0
    assert "no plugin in the index" in capsys.readouterr().out

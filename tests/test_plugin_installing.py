"""Plugins installed and removed by the installer of the environment, packs copied, and the index of known ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from carbontui import cli
from carbontui.commands import installing
from carbontui_registry import folders

PACK = 'pack = 1\n[source]\ntitle = "A 2026"\n[[hardware]]\nid = "a-1"\nname = "A 1"\npower = {tdp = "350 W"}\n'


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of installers, which are run by nobody."""
    found: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        found.append(command)
        return subprocess.CompletedProcess(command, int("broken" in command[-1]))

    monkeypatch.setattr(installing.subprocess, "run", run)
    return found


def test_pip_installs_where_carbontui_runs(asked: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugins", "install", "carbontui-acme"]) == 0
    assert asked == [[sys.executable, "-m", "pip", "install", "carbontui-acme"]]
    assert "carbontui-acme is installed" in capsys.readouterr().err
    assert cli.main(["plugins", "uninstall", "carbontui-acme"]) == 0
    assert asked[1] == [sys.executable, "-m", "pip", "uninstall", "--yes", "carbontui-acme"]


def test_a_folder_is_installed_by_its_path(
    asked: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme").mkdir()
    assert cli.main(["plugins", "install", "acme"]) == 0
    assert asked[0][-1] == str(tmp_path / "acme")


def test_what_an_installer_refuses_does_not_hold(asked: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugins", "install", "broken"]) == 1
    assert len(asked) == 1
    assert "failed with status 1" in capsys.readouterr().err


@pytest.mark.parametrize("tool", ["pipx", "uv"])
def test_the_environments_own_installer_is_used(
    asked: list[list[str]], tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert "already exists" in capsys.readouterr().err
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

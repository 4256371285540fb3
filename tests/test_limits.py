"""Little memory, few open files, a home that is not UTF-8: a sentence, and never other figures."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from carbontui import cli

SHORT = "carbontui: the system is out of "


def limited(limit: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = f'ulimit {limit} && exec "$@"'
    whole = ["bash", "-c", command, "bash", sys.executable, "-P", "-m", "carbontui", *arguments]
    return subprocess.run(whole, capture_output=True, text=True, check=False, cwd="/", env=environment)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """With an empty cache: everything has to be loaded."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**env, "CARBONTUI_CACHE": str(tmp_path / "cache"), "CARBONTUI_CONFIG": str(tmp_path / "config")}


@pytest.mark.parametrize(
    "limit",
    [*(f"-n {number}" for number in (5, 6, 8, 10, 16, 40)), *(f"-v {kib}" for kib in range(24_000, 72_000, 12_000))],
)
def test_under_a_limit_it_says_so_or_gives_the_same(limit: str, environment: dict[str, str]) -> None:
    done = limited(limit, environment, "compare")
    if done.returncode == 0:
        assert done.stderr == ""
    elif "carbontui:" in done.stderr:
        # Else Python itself could not start.
        assert (done.returncode, done.stdout) == (70, "")
        assert done.stderr.startswith(SHORT)
        assert len(done.stderr.splitlines()) == 1
    # What was lacking then is not lacking for good.
    again = subprocess.run(
        [sys.executable, "-P", "-m", "carbontui", "compare"],
        **{"capture_output": True, "text": True, "cwd": "/", "env": environment, "check": True},
    )
    assert again.stderr == ""
    assert done.stdout in ("", again.stdout)


def test_a_plugin_that_lacked_memory_is_tried_again_at_the_next_start(
    install_plugin: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    module = install_plugin(
        "acme", "from pathlib import Path\nif not Path(__file__ + '.good').exists(): raise MemoryError"
    )
    for _ in range(2):
        assert cli.main(["list", "models", "gpt-3"]) == 0
        said = capsys.readouterr().err
        assert "acme:acme: acme.py, line 2: acme: MemoryError; it is tried again at the next start" in said
    module.with_name("acme.py.good").touch()
    assert cli.main(["list", "models", "gpt-3"]) == 0
    assert "MemoryError" not in capsys.readouterr().err


@pytest.mark.parametrize("command", ["compare", "plugins", "list hardware h100"])
def test_a_home_that_is_not_utf_8(command: str, tmp_path: Path) -> None:
    home = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(home)
    left_out = {b"PYTHONPATH", b"CARBONTUI_CACHE", b"CARBONTUI_CONFIG", b"XDG_CONFIG_HOME", b"XDG_CACHE_HOME"}
    env = {name: value for name, value in os.environb.items() if name not in left_out} | {b"HOME": home}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "carbontui", *command.split()],
            **{"capture_output": True, "cwd": "/", "env": env, "check": False},
        )
        assert (done.returncode, done.stderr) == (0, b"")
    assert os.listdir(home + b"/.cache/carbontui")
    if command == "plugins":
        assert rb"caf\xe9/.config/carbontui" in done.stdout

"""What a start may do besides what was asked: imports are the difference between 0.1 and 1 second, the garbage
collector a tenth of the rest."""

from __future__ import annotations

import gc
import json
import re
import subprocess
from collections.abc import Callable

import pytest
from tui import app_of, rest

from carbontui.cli import main
from carbontui_registry.catalogue import Catalogue

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ALONE = """
import sys
before = set(sys.modules)
import carbontui_registry
print(*sorted(set(sys.modules) - before))
"""
PUBLIC = """
import sys
import carbontui_registry
assert dir(carbontui_registry)
for name in carbontui_registry.__all__:
    getattr(carbontui_registry, name)
print(*sorted(sys.modules))
"""


def test_the_registry_alone_imports_nothing_else(run_python: Run) -> None:
    assert run_python("-c", ALONE).stdout.split() == ["__future__", "carbontui_registry"]


def test_the_registry_imports_neither_the_app_nor_textual(run_python: Run) -> None:
    imported = {module.split(".")[0] for module in run_python("-c", PUBLIC).stdout.split()}
    assert imported.isdisjoint({"carbontui", "textual", "pint", "tomllib"})


def test_a_warm_compare_imports_only_what_it_needs(run_python: Run) -> None:
    command = ("-m", "carbontui", "compare", "t5", "--format", "json")
    cold = run_python(*command)
    warm = run_python("-X", "importtime", *command)
    assert json.loads(warm.stdout) == json.loads(cold.stdout)
    imported = set(re.findall(r"^import time:.*\| +(\S+)$", warm.stderr, re.MULTILINE))
    assert {"carbontui.cli", "carbontui_registry.cache"} <= imported
    roots = {module.split(".")[0] for module in imported}
    assert roots.isdisjoint(
        {"textual", "pint", "numpy", "tomllib", "tomlkit", "pluggy", "platformdirs", "rich", "attrs", "argparse"}
    )
    assert not {root for root in roots if root.startswith("carbontui_")} - {"carbontui_registry"}


def test_only_a_process_that_ends_keeps_its_garbage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: kept.append(True))
    assert main(["list", "models", "gpt-3"]) == 0
    assert not kept
    monkeypatch.setattr("sys.argv", ["carbontui", "list", "models", "gpt-3"])
    assert main() == 0
    assert kept
    capsys.readouterr()


async def test_garbage_is_collected_from_the_first_screen_on(catalogue: Catalogue) -> None:
    gc.disable()
    try:
        async with app_of(catalogue).run_test() as pilot:
            await rest(pilot)
            assert gc.isenabled()
    finally:
        gc.enable()

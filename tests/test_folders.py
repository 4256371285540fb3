"""Where configuration and cache are unless somebody says: where platformdirs says, on Linux without importing it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import platformdirs
import pytest

from carbontui_registry.folders import cache_folder, config_folder

FOLDERS = [(config_folder, platformdirs.user_config_dir), (cache_folder, platformdirs.user_cache_dir)]


@pytest.mark.parametrize("elsewhere", ["", "/elsewhere"])
@pytest.mark.parametrize(("folder", "said"), FOLDERS, ids=["config", "cache"])
def test_the_folders_are_those_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, folder: Callable[[], str], said: Callable[[str, bool], str], elsewhere: str
) -> None:
    for name in ("CONFIG", "CACHE"):
        monkeypatch.delenv(f"CARBONTUI_{name}")
        monkeypatch.setenv(f"XDG_{name}_HOME", elsewhere)
    expected = said("carbontui", False)
    assert folder() == expected
    # On a system that is not Linux platformdirs itself is asked.
    monkeypatch.setattr(sys, "platform", "freebsd14")
    assert folder() == expected

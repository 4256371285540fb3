"""Installing and removing plugins where carbontui itself is installed, and the index of known ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from carbontui.errors import WrongUse
from carbontui_registry import folders
from carbontui_registry.durable import write
from carbontui_registry.packs import load_pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

INDEX = Path(__file__).with_name("plugin_index.toml")


def command(what: str, name: str) -> list[str]:
    """What installs or uninstalls a distribution in the environment that carbontui runs in: pipx where pipx made it,
    else pip, else uv. Raises `WrongUse` where there is none of them."""
    # A folder is no name of a distribution.
    wanted = os.path.abspath(name) if what == "install" and os.path.exists(name) else name
    if os.path.exists(os.path.join(sys.prefix, "pipx_metadata.json")) and shutil.which("pipx"):
        return ["pipx", "inject" if what == "install" else "uninject", "carbontui", wanted]
    yes = ["--yes"] if what == "uninstall" else []
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", what, *yes, wanted]
    if shutil.which("uv"):
        return ["uv", "pip", what, "--python", sys.executable, wanted]
    raise WrongUse(f"plugins {what}: neither pip nor uv is available", expected=f"install pip into {sys.prefix}")


def change(what: str, name: str) -> tuple[bool, str]:
    """Install or uninstall a plugin; whether that succeeded, and what to say.

    A pack is copied into the folder of packs, once it can be read. Raises `WrongUse`, and `InvalidPack` for a pack that
    cannot be read.
    """
    if what == "install" and name.endswith(".toml"):
        return True, _copy(Path(name))
    asked = command(what, name)
    done = subprocess.run(asked, stdout=sys.stderr, check=False)
    if done.returncode:
        return False, f"{' '.join(asked[:3])} failed with status {done.returncode}; nothing else was changed"
    return True, f"{name} is {what}ed{'; see: carbontui plugins' if what == 'install' else ''}"


def _copy(path: Path) -> str:
    load_pack(path)
    there = Path(folders.packs_folder(), path.name)
    if os.path.lexists(there):
        raise WrongUse(f"plugins install: {there} already exists", expected="remove it first")
    there.parent.mkdir(parents=True, exist_ok=True)
    write(str(there), path.read_text(encoding="utf-8"), replace=False)
    return f"copied to {there}; see: carbontui plugins"


def known(words: Sequence[str]) -> list[dict[str, Any]]:
    """The plugins of the index that have all the words, each with `name`, `summary`, `url` and `brings`."""
    import tomllib

    listed: list[dict[str, Any]] = tomllib.loads(INDEX.read_text(encoding="utf-8")).get("plugin", [])
    return [one for one in listed if all(word.lower() in " ".join(map(str, one.values())).lower() for word in words)]

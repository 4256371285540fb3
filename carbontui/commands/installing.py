"""Installing and removing plugins where carbontui itself is installed, and the index of known ones."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from carbontui.errors import CannotWrite, WrongUse
from carbontui.formats.files import write
from carbontui_registry import folders
from carbontui_registry.discovery import normal_name
from carbontui_registry.errors import UnknownName
from carbontui_registry.packs import load_pack
from carbontui_registry.plugin import Plugin
from carbontui_registry.text import listed, nearest, visible

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


def install(name: str, *, force: bool) -> tuple[bool, str]:
    """Install a plugin; whether that succeeded, and what to say.

    A pack is copied into the folder of packs, once it can be read, over one of its name only with `force`. Raises
    `WrongUse`, `AlreadyExists`, `CannotWrite`, and `InvalidPack` for a pack that cannot be read.
    """
    if not name.endswith(".toml"):
        failed = _failed(command("install", name))
        return not failed, failed or f"{name} is installed; see: carbontui plugins"
    load_pack(name)
    there = Path(folders.packs_folder(), os.path.basename(name))
    try:
        there.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"{visible(str(there.parent))}: cannot be written: {error.strerror}") from None
    write(str(there), Path(name).read_text(encoding="utf-8"), force=force)
    return True, f"copied to {there}; see: carbontui plugins"


def uninstall(name: str) -> tuple[bool, str]:
    """Remove a plugin by any name that `carbontui plugins` lists: a pack's file, or a distribution with all its
    plugins; whether that succeeded, and what to say. Raises `WrongUse`, `UnknownName` and `CannotWrite`."""
    from carbontui_registry.discovery import user_packs
    from carbontui_registry.load_host import installed

    folder = folders.packs_folder()
    meant = removable(name, installed(folder))
    if meant[0].origin.startswith("pack:"):
        path = next((str(pack.path) for pack in user_packs(folder).packs if pack.origin == meant[0].origin), "")
        if not path:
            raise WrongUse(f"plugins uninstall: {meant[0].origin} is no file that is read as a pack", expected=folder)
        try:
            os.unlink(path)
        except OSError as error:
            raise CannotWrite(f"{visible(path)}: cannot be removed: {error.strerror}") from None
        return True, f"removed {path}"
    distribution = meant[0].distribution
    asked = command("uninstall", distribution)
    if failed := _failed(asked):
        return False, failed
    if has(distribution):
        return False, f"{distribution} is still installed, although {' '.join(asked[:3])} reports no error"
    others = [plugin.origin for plugin in meant if plugin.origin != name]
    return True, f"{distribution} is uninstalled{f', with {listed(others)}' if others else ''}"


def removable(name: str, plugins: Sequence[Plugin]) -> list[Plugin]:
    """The pack, or all plugins of the distribution, that a name means. Raises `WrongUse` for what comes with carbontui
    or is no plugin, `UnknownName` where nothing or several are called so."""
    stem = name.removesuffix(".toml")
    inside = os.path.relpath(os.path.abspath(stem), folders.packs_folder())
    packs = [p for p in plugins if name != stem and p.origin in (f"pack:{stem}", f"pack:{inside}")]
    packs = packs or [p for p in plugins if name != stem and p.origin == f"pack:{os.path.basename(stem)}"]
    exact = packs or [p for p in plugins if p.origin == name]
    found = exact or [p for p in plugins if name in (p.distribution, p.origin.partition(":")[2])]
    # As pip has it, where capitals and _ make no other name.
    found = found or [p for p in plugins if p.distribution == normal_name(name) and not p.origin.startswith("pack:")]
    whose = {plugin.origin if plugin.origin.startswith("pack:") else plugin.distribution for plugin in found}
    if len(whose) > 1:
        options = [plugin.origin for plugin in found]
        raise UnknownName(
            "plugin", name, ambiguous=options, by=sorted(whose), expected=f"write {listed(options, 'or')}"
        )
    if not found:
        names = {n for p in plugins if not p.first_party for n in (p.origin, p.distribution, p.origin.split(":")[-1])}
        if has(name):
            what = f"plugins uninstall: {name} is installed, but is no plugin of carbontui"
            raise WrongUse(what, expected=f"pip uninstall {name} removes it")
        near = nearest(stem, sorted(names, key=len))
        raise UnknownName("plugin", name, expected="see: carbontui plugins", nearest=(near,) if near else ())
    if found[0].first_party:
        what = f"plugins uninstall: {name}: what comes with carbontui cannot be removed on its own"
        raise WrongUse(what, expected=f"carbontui plugins off {name} stops loading it")
    pack = found[0].origin.startswith("pack:")
    return found if pack else [p for p in plugins if p.distribution == found[0].distribution]


def has(distribution: str) -> bool:
    """Whether a distribution is installed where carbontui runs."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import distribution as described

    importlib.invalidate_caches()
    try:
        described(distribution)
    except (PackageNotFoundError, ValueError):
        return False
    return True


def _failed(asked: list[str]) -> str:
    """Run an installer; what to say where it fails, else nothing."""
    done = subprocess.run(asked, stdout=sys.stderr, check=False)
    return f"{' '.join(asked[:3])} failed with status {done.returncode}" if done.returncode else ""


def known(words: Sequence[str]) -> list[dict[str, Any]]:
    """The plugins of the index that have all the words, each with `name`, `summary`, `url` and `brings`."""
    import tomllib

    listed: list[dict[str, Any]] = tomllib.loads(INDEX.read_text(encoding="utf-8")).get("plugin", [])
    return [one for one in listed if all(word.lower() in " ".join(map(str, one.values())).lower() for word in words)]

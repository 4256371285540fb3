"""Where configuration and cache stand on this platform, and what the configuration says."""

from __future__ import annotations

import os
import sys

from carbontui_registry.errors import BadConfig
from carbontui_registry.text import clean, did_you_mean
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

APP = "carbontui"


def config_folder() -> str:
    """The folder of `config.toml` and `packs/`; `CARBONTUI_CONFIG` points elsewhere."""
    return os.environ.get("CARBONTUI_CONFIG") or _platform_folder("config")


def cache_folder() -> str:
    """The folder of the checked records; `CARBONTUI_CACHE` points elsewhere."""
    return os.environ.get("CARBONTUI_CACHE") or _platform_folder("cache")


def packs_folder() -> str:
    """The folder of the user's own packs."""
    return os.path.join(config_folder(), "packs")


def installed_folders() -> list[str]:
    """Where distributions may be installed: Python's path without the folder that it put there for what was started."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    started = [os.path.dirname(os.path.realpath(main))] if isinstance(main, str) else []
    try:
        started.append(os.getcwd())
    except OSError:
        pass
    return [
        p
        for n, p in enumerate(sys.path)
        if p and not (n == 0 and not sys.flags.safe_path and os.path.realpath(p) in started)
    ]


def _platform_folder(which: str) -> str:
    if sys.platform == "linux":
        # What platformdirs would say, by the XDG rules; importing it takes longer than Python's own start.
        base = os.environ.get(f"XDG_{which.upper()}_HOME", "")
        return os.path.join(base if os.path.isabs(base) else os.path.expanduser(f"~/.{which}"), APP)
    import platformdirs

    return platformdirs.user_config_dir(APP, False) if which == "config" else platformdirs.user_cache_dir(APP, False)


def _cached(start: str, end: str) -> list[str]:
    try:
        names = os.listdir(cache_folder())
    except OSError:
        return []
    return [os.path.join(cache_folder(), name) for name in names if name.startswith(start) and name.endswith(end)]


def forget_records() -> None:
    """Throw the cache of checked records away: the next program that asks reloads every plugin, hung ones too."""
    for path in (*_cached("records-", ".sqlite"), *_cached("hung-", ".json")):
        try:
            os.unlink(path)
        except OSError:
            pass


# Plugins that took longer than their time: each with the state of its files then, a file for each environment.


def read_hung(path: str) -> dict[str, dict[str, str]]:
    """The plugins in such a file, each with the state of its files; none where it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            import json

            hung = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(hung, dict):
        return {}
    return {name: files for name, files in hung.items() if isinstance(files, dict)}


def write_hung(path: str, hung: dict[str, dict[str, str]]) -> None:
    """Put such a file in place at once; where that fails, a plugin that hangs costs its time again."""
    import json

    from carbontui_registry import durable

    try:
        durable.write(path, json.dumps(hung), private=True)
    except OSError:
        pass


def forget_hung(name: str) -> bool:
    """Let a plugin that hung be tried again at the next start; whether there is one of this name."""
    found = False
    for path in _cached("hung-", ".json"):
        hung = read_hung(path)
        if hung.pop(name, None) is not None:
            found = True
            write_hung(path, hung)
    return found


class Config(Value):
    """`config.toml`: plugins that are switched off, who is preferred where two claim one name, the app's settings."""

    off: tuple[str, ...] = ()
    prefer: tuple[tuple[str, str], ...] = ()
    app: tuple[tuple[str, str], ...] = ()


def config_path() -> str:
    """The path of `config.toml`."""
    return os.path.join(config_folder(), "config.toml")


def read_config() -> Config:
    """What `config.toml` says; an absent file says nothing. Raises `BadConfig`."""
    path = config_path()
    try:
        with open(path, "rb") as file:
            import tomllib

            tables = tomllib.load(file)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise BadConfig(f"cannot be read: {error.strerror}", where=path) from None
    except (UnicodeDecodeError, ValueError) as error:
        raise BadConfig(f"is not TOML: {clean(str(error))}", where=path) from None
    known = ("plugins", "prefer", "app")
    for name in tables:
        if name not in known:
            raise BadConfig(f"[{clean(name)}] is not known{did_you_mean(name, known)}", where=path)
        if not isinstance(tables[name], dict):
            raise BadConfig(f"{name} must be a table, [{name}]", where=path)
    off = tables.get("plugins", {}).get("off", [])
    if not isinstance(off, list) or not all(isinstance(item, str) for item in off):
        raise BadConfig('plugins.off must be a list of plugin names, such as ["acme:acme"]', where=path)
    prefer = tables.get("prefer", {})
    for key, value in prefer.items():
        if not isinstance(value, str) or ":" not in key:
            raise BadConfig('prefer: write "hardware:v100" = "acme", kind and name to a distribution', where=path)
    app = _app_settings(path, tables.get("app", {}))
    return Config(
        tuple(off), tuple((k.lower(), v.lower()) for k, v in sorted(prefer.items())), tuple(sorted(app.items()))
    )


def _app_settings(path: str, table: dict[str, Any]) -> dict[str, str]:
    """The theme, and each entry of the keymap as `keymap.ID`."""
    known = ("theme", "keymap")
    for key in table:
        if key not in known:
            raise BadConfig(f"app.{clean(key)} is not known{did_you_mean(key, known)}", where=path)
    settings = {f"keymap.{action}": keys for action, keys in dict(table.get("keymap", {})).items()}
    if "theme" in table:
        settings["theme"] = table["theme"]
    for key, value in settings.items():
        if not isinstance(value, str):
            raise BadConfig(f'app.{clean(key)} must be a text, such as "carbon-light" or "ctrl+d"', where=path)
    return settings


# Changing the configuration: comments and the order of entries stay as their author wrote them.


def set_off(name: str, off: bool, *, distribution: str | None = None, siblings: Collection[str] = ()) -> None:
    """Remember in `config.toml` that a plugin is switched off, or on again, and then tried again if it hung.

    Where its whole `distribution` was off, that entry goes and `siblings`, its other plugins, stay off by their own
    names. Raises `BadConfig`, and leaves the file as it was, where it cannot be changed.
    """
    now = read_config().off
    if not off:
        forget_hung(name)
    gone = [] if off else [item for item in (name, distribution) if item in now]
    new = [name] if off else [item for item in siblings if distribution in gone]
    new = [item for item in new if item not in now]
    if not (gone or new):
        return

    def edit(tables: dict[str, Any]) -> None:
        listed = tables.setdefault("plugins", {}).setdefault("off", [])
        for item in gone:
            while item in listed:
                listed.remove(item)
        for item in new:
            listed.append(item)

    _change_config(edit)


def set_prefer(key: str, distribution: str | None) -> None:
    """Remember whose record a contested name means, such as `hardware:v100`; None lets it be contested again.

    Raises `BadConfig`, and leaves the file as it was, where it cannot be changed.
    """
    if dict(read_config().prefer).get(key.lower()) == distribution:
        return

    def edit(tables: dict[str, Any]) -> None:
        prefer = tables.setdefault("prefer", {})
        same = [other for other in prefer if other.lower() == key.lower()]
        if distribution is not None:
            prefer[same.pop() if same else key] = distribution
        for other in same:
            del prefer[other]

    _change_config(edit)


def set_app(key: str, value: str) -> None:
    """Remember a setting of the app, such as its theme. Raises `BadConfig` as `set_prefer` does."""
    if dict(read_config().app).get(key) != value:
        _change_config(lambda tables: tables.setdefault("app", {}).update({key: value}))


def _change_config(edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the file, which `read_config` could read, by `edit`. Raises `BadConfig`."""
    import tomllib

    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    from carbontui_registry import durable

    path = config_path()
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        text = ""
    tables = tomllib.loads(text)
    edit(tables)
    try:
        document = tomlkit.parse(text)
        edit(document)
        changed = tomlkit.dumps(document)
        # What tomlkit makes of a table that is split over the file is not always what was meant.
        good = tomllib.loads(changed) == tables
    except (TOMLKitError, ValueError, LookupError, TypeError):
        good = False
    if not good:
        raise BadConfig("is written in a way that carbontui cannot change; please change it by hand", where=path)
    try:
        durable.write(path, changed, private=True)
    except (OSError, ValueError) as error:
        raise BadConfig(f"cannot be written: {getattr(error, 'strerror', None) or error}", where=path) from None

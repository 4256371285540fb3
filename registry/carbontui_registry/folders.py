"""Where configuration and cache stand on this platform, and what the configuration says."""

from __future__ import annotations

import os
import sys

from carbontui_registry.errors import BadConfig
from carbontui_registry.text import clean, listed, nearest
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
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


def own_files() -> list[str]:
    """The registry's own files."""
    here = os.path.dirname(__file__)
    return [os.path.join(here, name) for name in sorted(os.listdir(here)) if not name.startswith("__pycache__")]


def state_of(paths: Iterable[str]) -> dict[str, str]:
    """Time and size of each path; an absent one has the state 'absent', which changes when it appears."""
    states = {}
    for path in paths:
        try:
            status = os.stat(path)
            states[path] = f"{status.st_mtime_ns} {status.st_size}"
        except (OSError, ValueError):
            states[path] = "absent"
    return states


def _cached(start: str, end: str) -> list[str]:
    try:
        names = os.listdir(cache_folder())
    except OSError:
        return []
    return [os.path.join(cache_folder(), name) for name in names if name.startswith(start) and name.endswith(end)]


def forget_records() -> None:
    """Throw the cache of checked records away: the next program that asks reloads every plugin, hung ones too."""
    for path in (*_cached("records-", ".sqlite"), *_cached("hung-", ".json"), *_cached("first-party-", ".json")):
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
    """`config.toml`: plugins that are switched off, who is preferred where two claim one name, the app's settings.

    `wrong` says what in it cannot be used, `unknown` which of its names nothing is called by; all else holds.
    """

    off: tuple[str, ...] = ()
    prefer: tuple[tuple[str, str], ...] = ()
    app: tuple[tuple[str, str], ...] = ()
    wrong: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def config_path() -> str:
    """The path of `config.toml`."""
    return os.path.join(config_folder(), "config.toml")


def read_config() -> Config:
    """What `config.toml` says; an absent file says nothing, and what cannot be used is said in `wrong`."""
    try:
        tables = _config_text()[1]
    except BadConfig as error:
        return Config(wrong=(f"{error}; it is ignored until that is corrected",))
    wrong: list[str] = []
    for name in tables:
        if name not in _TABLES:
            wrong.append(f"[{clean(name)}] is not known; {_right(name, _TABLES)}")
        elif not isinstance(tables[name], dict):
            wrong.append(f"{name} must be a table, [{name}]")
    plugins, prefer, app = ({} if not isinstance(t := tables.get(name, {}), dict) else t for name in _TABLES)
    wrong += [f"plugins.{clean(key)} is not known; {_right(key, ('off',))}" for key in plugins if key != "off"]
    off = plugins.get("off", [])
    if not isinstance(off, list) or not all(isinstance(item, str) for item in off):
        wrong.append('plugins.off must be a list of plugin names, such as ["acme:acme"]')
        off = [item for item in off if isinstance(item, str)] if isinstance(off, list) else []
    good = {k: v for k, v in prefer.items() if isinstance(v, str) and ":" in k}
    if len(good) < len(prefer):
        wrong.append('prefer: write "hardware:v100" = "acme", kind and name to a distribution')
    return Config(
        tuple(off),
        tuple((k.lower(), v.lower()) for k, v in sorted(good.items())),
        tuple(sorted(_app_settings(app, wrong).items())),
        tuple(f"{config_path()}: {text}" for text in wrong),
    )


_TABLES = ("plugins", "prefer", "app")


def _right(name: str, known: Collection[str]) -> str:
    """The known name that was most likely meant, else all of them."""
    near = nearest(name, known)
    return f"did you mean {near}?" if near else f"known: {listed(known)}"


def _config_text() -> tuple[str, dict[str, Any]]:
    """The text of `config.toml` and its tables; nothing where there is none. Raises `BadConfig`."""
    import stat

    path = config_path()
    try:
        # Opening a pipe waits for somebody to write into it.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise BadConfig("is not a file", where=path)
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
    except FileNotFoundError:
        return "", {}
    except (OSError, ValueError) as error:
        if isinstance(error, BadConfig):
            raise
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", None) or error
        raise BadConfig(f"cannot be read: {why}", where=path) from None
    import tomllib

    try:
        return text, tomllib.loads(text)
    except ValueError as error:
        raise BadConfig(f"is not TOML: {clean(str(error))}", where=path) from None
    except RecursionError:
        raise BadConfig("is nested too deeply", where=path) from None


def _app_settings(table: dict[str, Any], wrong: list[str]) -> dict[str, str]:
    """The theme, and each entry of the keymap as `keymap.ID`."""
    known = ("theme", "keymap")
    wrong += [f"app.{clean(key)} is not known; {_right(key, known)}" for key in table if key not in known]
    keymap = table.get("keymap", {})
    if not isinstance(keymap, dict):
        wrong.append("app.keymap must be a table, [app.keymap]")
        keymap = {}
    settings = {f"keymap.{action}": keys for action, keys in keymap.items()}
    if "theme" in table:
        settings["theme"] = table["theme"]
    for key, value in list(settings.items()):
        if not isinstance(value, str):
            wrong.append(f'app.{clean(key)} must be text, such as "carbon-light" or "ctrl+d"')
            del settings[key]
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
    """Change the file by `edit`. Raises `BadConfig` where it cannot be read or changed."""
    import tomllib

    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    from carbontui_registry import durable

    path = config_path()
    text, tables = _config_text()
    try:
        edit(tables)
        document = tomlkit.parse(text)
        edit(document)
        changed = tomlkit.dumps(document)
        # What tomlkit makes of a table that is split over the file is not always what was meant.
        good = tomllib.loads(changed) == tables
    except (TOMLKitError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        good = False
    if not good:
        raise BadConfig("is written in a way that carbontui cannot change; please change it by hand", where=path)
    try:
        durable.write(path, changed, private=True)
    except (OSError, ValueError) as error:
        raise BadConfig(f"cannot be written: {getattr(error, 'strerror', None) or error}", where=path) from None

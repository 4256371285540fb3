"""Where configuration and cache stand on this platform, and what the configuration says."""

from __future__ import annotations

import os
import sys

from carbontui_registry.text import clean, did_you_mean
from carbontui_registry.values import Value

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


def _platform_folder(which: str) -> str:
    if sys.platform == "linux":
        # What platformdirs would say, by the XDG rules; importing it takes longer than Python's own start.
        base = os.environ.get(f"XDG_{which.upper()}_HOME", "")
        return os.path.join(base if os.path.isabs(base) else os.path.expanduser(f"~/.{which}"), APP)
    import platformdirs

    return platformdirs.user_config_dir(APP, False) if which == "config" else platformdirs.user_cache_dir(APP, False)


class BadConfig(ValueError):
    """The configuration cannot be read; the message names file, key and what would be right."""


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
        raise BadConfig(f"{path}: cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, ValueError) as error:
        raise BadConfig(f"{path}: is not TOML: {clean(str(error))}") from None
    known = ("plugins", "prefer", "app")
    for name in tables:
        if name not in known:
            raise BadConfig(f"{path}: [{clean(name)}] is not known{did_you_mean(name, known)}")
        if not isinstance(tables[name], dict):
            raise BadConfig(f"{path}: {name} must be a table, [{name}]")
    off = tables.get("plugins", {}).get("off", [])
    if not isinstance(off, list) or not all(isinstance(item, str) for item in off):
        raise BadConfig(f'{path}: plugins.off must be a list of plugin names, such as ["acme:acme"]')
    prefer = tables.get("prefer", {})
    for key, value in prefer.items():
        if not isinstance(value, str) or ":" not in key:
            raise BadConfig(f'{path}: prefer: write "hardware:v100" = "acme", kind and name to a distribution')
    app = {key: value for key, value in tables.get("app", {}).items() if isinstance(value, str)}
    return Config(
        tuple(off), tuple((k.lower(), v.lower()) for k, v in sorted(prefer.items())), tuple(sorted(app.items()))
    )

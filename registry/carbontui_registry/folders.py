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
    """Throw the cache of checked records away: the next program that asks loads every plugin anew, hung ones too."""
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

    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(temporary, "w", encoding="utf-8") as file:
            os.chmod(temporary, 0o600)
            json.dump(hung, file)
        os.replace(temporary, path)
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


# Changing the configuration. Nobody's comments are lost: entries are put in and taken out where they stand.


def set_off(name: str, off: bool, *, distribution: str | None = None, siblings: Collection[str] = ()) -> None:
    """Remember in `config.toml` that a plugin is switched off, or on again, and then tried again if it hung.

    Where its whole `distribution` was off, that entry goes and `siblings`, its other plugins, stay off by their own
    names. Raises `BadConfig`, and leaves the file as it was, where it cannot be changed without breaking it.
    """
    now = read_config().off
    if not off:
        forget_hung(name)
    gone = [] if off else [item for item in (name, distribution) if item in now]
    new = [name] if off else [item for item in siblings if distribution in gone]
    new = [item for item in new if item not in now]
    if not (gone or new):
        return

    def edit(text: str) -> str:
        import re

        place = _section(text, "plugins")
        if place is None:
            return f"{_ended_line(text)}[plugins]\noff = [{', '.join(map(_quoted, new))}]\n"
        found = re.compile(r"""^[ \t]*(?:off|"off"|'off')[ \t]*=[ \t]*\[""", re.MULTILINE).search(text, *place)
        if found is None:
            return f"{text[: place[0]]}off = [{', '.join(map(_quoted, new))}]\n{text[place[0] :]}"
        return _changed_list(text, found.end(), gone, new)

    def wanted(tables: dict[str, Any]) -> None:
        tables.setdefault("plugins", {})["off"] = [*(item for item in now if item not in gone), *new]

    _change_config(edit, wanted)


def set_prefer(key: str, distribution: str | None) -> None:
    """Remember whose record a contested name means, such as `hardware:v100`; None lets it be contested again.

    Raises `BadConfig`, and leaves the file as it was, where it cannot be changed without breaking it.
    """
    if dict(read_config().prefer).get(key.lower()) != distribution:
        _set_entry("prefer", key, distribution)


def set_app(key: str, value: str) -> None:
    """Remember a setting of the app, such as its theme. Raises `BadConfig` as `set_prefer` does."""
    if dict(read_config().app).get(key) != value:
        _set_entry("app", key, value)


def _set_entry(table: str, key: str, value: str | None) -> None:
    """Put `key = value` into a table, in place of what it says of the key, or take that out."""
    shown = key if key.isidentifier() else _quoted(key)
    line = "" if value is None else f"{shown} = {_quoted(value)}\n"

    def edit(text: str) -> str:
        import re

        place = _section(text, table)
        if place is None:
            return f"{_ended_line(text)}[{table}]\n{line}"
        name = rf"""(?:["']{re.escape(key)}["']|{re.escape(key)})"""
        entry = re.compile(rf"^[ \t]*{name}[ \t]*=[^\n]*(?:\n|\Z)", re.MULTILINE | re.IGNORECASE)
        found = entry.search(text, *place)
        start, end = found.span() if found else (place[0], place[0])
        return text[:start] + line + text[end:]

    def wanted(tables: dict[str, Any]) -> None:
        kept = {k: v for k, v in tables.get(table, {}).items() if k.lower() != key.lower()}
        tables[table] = kept if value is None else {**kept, key: value}

    _change_config(edit, wanted)


def _change_config(edit: Callable[[str], str], wanted: Callable[[dict[str, Any]], None]) -> None:
    """Change the file's text by `edit`, if that leads to the tables that `wanted` makes of the old ones."""
    import tomllib

    path = config_path()
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        text = ""
    tables = tomllib.loads(text)
    wanted(tables)
    try:
        changed = edit(text)
        good = tomllib.loads(changed) == tables
    except (ValueError, IndexError):
        good = False
    if not good:
        raise BadConfig("is written in a way that cannot be changed from here; please change it by hand", where=path)
    target = os.path.realpath(path)
    temporary = f"{target}.{os.getpid()}.new"
    try:
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        mode = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else 0o600
        try:
            with open(temporary, "w", encoding="utf-8", newline="") as file:
                os.chmod(temporary, mode)
                file.write(changed)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise BadConfig(f"cannot be written: {error.strerror or error}", where=path) from None


def _quoted(text: str) -> str:
    """The text as a basic string of TOML."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _ended_line(text: str) -> str:
    """The text with its last line ended and an empty one after it, ready for another table."""
    return f"{text.rstrip()}\n\n" if text.strip() else ""


def _section(text: str, name: str) -> tuple[int, int] | None:
    """Where the lines of the table `[name]` begin and end."""
    import re

    head = re.search(rf"""^[ \t]*\[[ \t]*["']?{name}["']?[ \t]*\][^\n]*(?:\n|\Z)""", text, re.MULTILINE)
    if head is None:
        return None
    following = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text, head.end())
    return head.end(), following.start() if following else len(text)


def _changed_list(text: str, start: int, gone: Collection[str], new: Collection[str]) -> str:
    """The text with other items in the list whose bracket opens before `start`."""
    import re

    for begin, end, value in reversed(_items(text, start)[0]):
        if value in gone:
            comma = re.compile(r"[ \t]*,[ \t]*").match(text, end)
            before = re.search(r",\s*\Z", text[start:begin]) if comma is None else None
            begin = start + before.start() if before else begin
            text = text[:begin] + text[comma.end() if comma else end :]
            line, line_end = text.rfind("\n", 0, begin) + 1, text.find("\n", begin) + 1
            if line > start and line_end and not text[line:line_end].strip():
                text = text[:line] + text[line_end:]
    for item in new:
        items, close = _items(text, start)
        if not items:
            text = f"{text[:start]}{_quoted(item)}{text[start:]}"
            continue
        begin, end, _ = items[-1]
        if "\n" not in text[end:close]:
            text = f"{text[:end]}, {_quoted(item)}{text[end:]}"
            continue
        # An item a line: the new one gets a line too, and what stands behind the last one stays there.
        needed = "" if re.compile(r"\s*,").match(text, end) else ","
        line_end = text.index("\n", end) + 1
        before_it = text[text.rfind("\n", 0, begin) + 1 : begin]
        indent = "" if before_it.strip() else before_it
        text = f"{text[:end]}{needed}{text[end:line_end]}{indent}{_quoted(item)},\n{text[line_end:]}"
    return text


def _items(text: str, at: int) -> tuple[list[tuple[int, int, str]], int]:
    """The strings of a list from `at` on, each with its beginning and end, and where its bracket closes."""
    import re
    import tomllib

    string = re.compile(r"""\"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
    items = []
    while text[at] != "]":
        if text[at] == "#":
            at = text.index("\n", at)
        elif found := string.match(text, at):
            items.append((at, found.end(), str(tomllib.loads(f"x = {found.group()}")["x"])))
            at = found.end()
        else:
            at += 1
    return items, at

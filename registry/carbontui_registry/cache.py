"""The cache of checked records: read in part, replaced whole, thrown away at any doubt.

It holds while nothing that could change a record has changed: Python, this registry, the folders where distributions
are installed, each file of each plugin, the configuration, the user's packs.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from zlib import crc32

from carbontui_registry import folders, unit_memory
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.folders import Config
from carbontui_registry.parts import Damaged, part, put
from carbontui_registry.plugin import Plugin, called
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

# What is kept, and how: another one is not read.
FORMAT = 8


def open_catalogue(
    *,
    without: Collection[str] = (),
    only_first_party: bool = False,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Catalogue:
    """Everything registered, from the cache where it holds, else loaded and kept.

    `without` names plugins to leave aside this time, `only_first_party` leaves every third party aside, `fresh` neither
    reads nor writes the cache. Raises `KeyboardInterrupt` on Ctrl+C while loading.
    """
    environment = f"{_environment():016x}"
    path = os.path.join(folders.cache_folder(), f"records-{environment}.sqlite")
    hung_path = os.path.join(folders.cache_folder(), f"hung-{environment}.json")

    def load_anew(progress: Callable[[str], None] | None = None) -> tuple[sqlite3.Connection, Config]:
        config = folders.read_config()
        watched = folders.state_of(_watched_folders())
        from carbontui_registry.indexing import build, unknown_names
        from carbontui_registry.load_host import installed, load

        # Named before anything of it can be imported.
        known = installed(folders.packs_folder()) if without else []
        aside = _left_aside(known, without, only_first_party)
        # One that hung stays untried as long as its files are what they were then.
        held = {} if fresh else folders.read_hung(hung_path)
        hung = {name: files for name, files in held.items() if files and folders.state_of(files) == files}
        loaded = load(
            off={*config.off, *aside},
            hung=hung,
            packs=folders.packs_folder(),
            only_first_party=only_first_party,
            fresh=fresh,
            progress=progress,
        )
        hung.update({name: folders.state_of(files) for name, files in loaded.hung})
        if hung != held and not fresh:
            folders.write_hung(hung_path, hung)
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        build(loaded, connection)
        if not (fresh or without or only_first_party):
            _note_changes(path, connection)
        if not (without or only_first_party):
            config = config.replace(unknown=tuple(unknown_names(config, loaded, connection)))
        # With a plugin left aside for this once, or for want of memory, what was loaded is not all that there is.
        if not (fresh or without or only_first_party or loaded.short):
            _keep(
                connection, config, {**folders.state_of(loaded.files), **watched, **folders.state_of([hung_path])}, path
            )
        return connection, config

    def catalogue(connection: sqlite3.Connection, config: Config, **more: Any) -> Catalogue:
        known = [Plugin(*row[:4]) for row in part(connection, "plugins")]
        left = _left_aside(known, without, only_first_party)
        made = Catalogue(connection, config, left, **more)
        unit_memory.keep(made.spellings)
        return made

    if not fresh:
        try:
            return catalogue(*_held(path), just_loaded=False, reload=lambda: load_anew()[0])
        except Exception:  # noqa: BLE001 - any failure of the cache, of whatever class, means that it is made again
            pass
    return catalogue(*load_anew(progress))


def _note_changes(path: str, connection: sqlite3.Connection) -> None:
    """Put into the new database which figures are other ones than in the old cache; without any, those of last time."""
    from carbontui_registry.changes import changes, last_changes, records_in

    try:
        old = sqlite3.connect(f"file://{_quoted(path)}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        return
    found = changes(records_in(old), records_in(connection))
    put(connection, [("changes", [bool(found), found or last_changes(old)])])
    old.close()


def _left_aside(known: list[Plugin], without: Collection[str], only_first_party: bool) -> set[str]:
    """The names of the plugins that are left aside this time. Raises `UnknownName` where nothing is called so."""
    left = {plugin.origin for plugin in known if only_first_party and not plugin.first_party}
    for name in without:
        meant = called(name, known)
        if not (meant or only_first_party):
            raise UnknownName("plugin", name, expected=f"known: {listed(p.origin for p in known)}")
        left.update(plugin.origin for plugin in meant)
    return left


def _keep(connection: sqlite3.Connection, config: Config, tracked: dict[str, str], path: str) -> None:
    """Write the database whole; a failure costs only the cache."""
    from carbontui_registry import durable

    state = [tracked, [getattr(config, field) for field in Config._fields]]
    try:
        put(connection, [(f"state {FORMAT}", state)])
        durable.write(path, connection.serialize(), private=True)
    except (OSError, sqlite3.Error):
        pass


def _held(path: str) -> tuple[sqlite3.Connection, Config]:
    """The cache's database with the configuration of its time.

    Raises `Damaged` also where something has changed since, `sqlite3.Error` where there is none.
    """
    # Immutable: the file is only ever replaced, so that one which is open stays what it was.
    connection = sqlite3.connect(f"file://{_quoted(path)}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    tracked, config = part(connection, f"state {FORMAT}")
    if set(_watched_folders()) - set(tracked) or folders.state_of(tracked) != tracked:
        connection.close()
        raise Damaged
    off, prefer, app, wrong, unknown = config
    return connection, Config(
        tuple(off), tuple(map(tuple, prefer)), tuple(map(tuple, app)), tuple(wrong), tuple(unknown)
    )


def _quoted(path: str) -> str:
    """The path as it stands in a URI; `urllib` takes a tenth of a whole start to import."""
    return "".join(
        chr(byte) if bytes((byte,)).isalnum() or byte in b"/._-" else f"%{byte:02x}"
        for byte in os.fsencode(os.path.abspath(path))
    )


def _watched_folders() -> list[str]:
    """Where distributions come and go, and what the user may write."""
    return [*folders.installed_folders(), *folders.own_files(), folders.config_path(), folders.packs_folder()]


def _environment() -> int:
    """A number for this Python, this registry and these folders; it only has to keep installations apart."""
    here = os.fsencode(
        "\n".join([sys.version, sys.prefix, __file__, folders.config_folder(), *folders.installed_folders()])
    )
    return crc32(here) << 32 | crc32(here[::-1])

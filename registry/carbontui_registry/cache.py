"""The cache of checked records: read whole, replaced whole, thrown away at any doubt.

It holds while nothing that could change a record has changed: Python, this registry, the folders where distributions
are installed, each file of each plugin, the configuration, the user's packs.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from zlib import crc32

from carbontui_registry import folders, units
from carbontui_registry.catalogue import Catalogue, build
from carbontui_registry.folders import Config
from carbontui_registry.text import ForPeople, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

FORMAT = "4"


def open_catalogue(
    *,
    without: Collection[str] = (),
    only_first_party: bool = False,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Catalogue:
    """Everything registered, from the cache where it holds, else loaded anew and kept.

    `without` names plugins to leave aside this time, `only_first_party` leaves every third party aside, `fresh` neither
    reads nor writes the cache. Raises `BadConfig`, and `KeyboardInterrupt` on Ctrl+C while loading.
    """
    path = os.path.join(folders.cache_folder(), f"records-{_environment():016x}.sqlite")
    if not fresh:
        held = _held(path)
        if held is not None:
            return _catalogue(*held, without, only_first_party, just_loaded=False)
    config = folders.read_config()
    watched = _tracked_state(_watched_folders())
    from carbontui_registry.loader import load

    loaded = load(
        off={*config.off, *without}, packs=folders.packs_folder(), only_first_party=only_first_party, progress=progress
    )
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    build(loaded, connection)
    # With a plugin left aside for this once, what was loaded is not all that there is.
    if not (fresh or without or only_first_party):
        _keep(connection, config, {**_tracked_state(loaded.files), **watched}, path)
    return _catalogue(connection, config, without, only_first_party, just_loaded=True)


def _catalogue(
    connection: sqlite3.Connection,
    config: Config,
    without: Collection[str],
    only_first_party: bool,
    *,
    just_loaded: bool,
) -> Catalogue:
    rows = connection.execute("SELECT origin, distribution, first_party FROM plugin")
    known = rows.fetchall()
    unknown = [name for name in without if not any(name in (o, d) for o, d, _ in known)]
    if unknown and not only_first_party:
        raise ForPeople(f"no plugin is called {unknown[0]!r}; known are {listed(o for o, _, _ in known)}")
    left = {o for o, d, first in known if o in without or d in without or (only_first_party and not first)}
    catalogue = Catalogue(connection, config, left, just_loaded=just_loaded)
    units.remember(catalogue.spellings())
    return catalogue


def _keep(connection: sqlite3.Connection, config: Config, tracked: dict[str, str], path: str) -> None:
    """Write the database under a name of its own, then put it in place at once; a failure costs only the cache."""
    connection.executescript("CREATE TABLE tracked (path TEXT, state TEXT); CREATE TABLE config (k TEXT, v TEXT);")
    connection.executemany("INSERT INTO tracked VALUES (?,?)", tracked.items())
    settings = [("off", name) for name in config.off]
    settings += [(f"prefer {k}", v) for k, v in config.prefer] + [(f"app {k}", v) for k, v in config.app]
    connection.executemany("INSERT INTO config VALUES (?,?)", settings)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.commit()
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(temporary, "wb") as file:
            os.chmod(temporary, 0o600)
            whole = connection.serialize()
            file.write(crc32(whole).to_bytes(4, "big") + whole)
        os.replace(temporary, path)
    except (OSError, sqlite3.Error):
        try:
            os.unlink(temporary)
        except OSError:
            pass


def _held(path: str) -> tuple[sqlite3.Connection, Config] | None:
    """The cache's database with the configuration of its time, if nothing has changed since."""
    try:
        with open(path, "rb") as file:
            sum_, whole = file.read(4), file.read()
        # SQLite finds damage where it reads; a figure that has changed in between it would hand out.
        if crc32(whole).to_bytes(4, "big") != sum_:
            return None
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.deserialize(whole)
        connection.execute("PRAGMA query_only = 1")
        if str(connection.execute("PRAGMA user_version").fetchone()[0]) != FORMAT:
            return None
        tracked = dict(connection.execute("SELECT path, state FROM tracked"))
        if set(_watched_folders()) - set(tracked) or _tracked_state(tracked) != tracked:
            connection.close()
            return None
        rows = list(connection.execute("SELECT k, v FROM config"))
        config = Config(
            off=tuple(v for k, v in rows if k == "off"),
            prefer=tuple((k[7:], v) for k, v in rows if k.startswith("prefer ")),
            app=tuple((k[4:], v) for k, v in rows if k.startswith("app ")),
        )
        return connection, config
    except (OSError, sqlite3.Error, TypeError, ValueError):
        return None


def _watched_folders() -> list[str]:
    """Where distributions come and go, and what the user may write."""
    here = os.path.dirname(__file__)
    own = [os.path.join(here, name) for name in sorted(os.listdir(here)) if not name.startswith("__pycache__")]
    return [*folders.installed_folders(), *own, folders.config_path(), folders.packs_folder()]


def _tracked_state(paths: Collection[str]) -> dict[str, str]:
    """Time and size of each path; an absent one has the state 'absent', which changes when it appears."""
    states = {}
    for path in paths:
        try:
            status = os.stat(path)
            states[path] = f"{status.st_mtime_ns} {status.st_size}"
        except OSError:
            states[path] = "absent"
    return states


def _environment() -> int:
    """A number for this Python, this registry and these folders; it only has to keep installations apart."""
    here = "\n".join(
        [sys.version, sys.prefix, __file__, folders.config_folder(), *folders.installed_folders()]
    ).encode()
    return crc32(here) << 32 | crc32(here[::-1])

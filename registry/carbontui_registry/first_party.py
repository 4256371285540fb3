"""What first-party plugins said when they were last called, kept apart from the cache of records.

That cache is rebuilt whenever anything registered changes. The plugins that come with carbontui bring nearly all
records and do not change then: as long as their files, the registry's and pint's are the same, the loading process
leaves their hooks uncalled, and a pack or a plugin that was added is checked in a third of the time.
"""

from __future__ import annotations

import json
import os
import sys
from zlib import crc32

from carbontui_registry import folders
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Heard(NamedTuple):
    """All that one plugin said, from `plugin` to `done`, and its files with their state then."""

    messages: list[dict[str, Any]]
    files: dict[str, str]


class Kept(NamedTuple):
    """What is kept of each plugin, by its name, and the factors of units that all of them used."""

    plugins: dict[str, Heard]
    factors: dict[tuple[str, str], str]


NOTHING = Kept({}, {})


def read() -> Kept:
    """What is kept of those whose files are the same; nothing at any doubt."""
    try:
        with open(_path(), "rb") as file:
            check, _, body = file.read().partition(b"\n")
        if int(check) != crc32(body):
            return NOTHING
        common, factors, plugins = json.loads(body)
        if common != folders.state_of(_common()):
            return NOTHING
        every = {name: Heard(*parts) for name, parts in plugins.items()}
        same = {name: heard for name, heard in every.items() if heard.files == folders.state_of(heard.files)}
        return Kept(same, {(spelling, kind): factor for spelling, kind, factor in factors})
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return NOTHING


def write(kept: Kept) -> None:
    """Keep this, and nothing else; a failure costs only time."""
    from carbontui_registry import durable

    factors = [[*key, factor] for key, factor in kept.factors.items()]
    body = json.dumps([folders.state_of(_common()), factors, kept.plugins]).encode()
    try:
        durable.write(_path(), b"%d\n%b" % (crc32(body), body), private=True)
    except OSError:
        pass


def _path() -> str:
    here = os.fsencode("\n".join([sys.version, sys.prefix, __file__]))
    return os.path.join(folders.cache_folder(), f"first-party-{crc32(here):08x}.json")


def _common() -> list[str]:
    """What all of it depends on: the registry and the version of pint."""
    from importlib.util import find_spec

    pint = find_spec("pint")
    return [*folders.own_files(), *([pint.origin] if pint and pint.origin else [])]

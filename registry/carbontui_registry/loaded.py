"""What loading finds."""

from __future__ import annotations

from carbontui_registry.records import Record
from carbontui_registry.values import Value


class Plugin(Value):
    """What is known of one plugin: `origin` is its name, `distribution:entry-point`."""

    origin: str
    version: str
    distribution: str
    first_party: bool
    off: bool = False
    seconds: float = 0.0
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Loaded(Value):
    """All that loading found: plugins, checked records with their origin, names kept for what is switched off."""

    plugins: tuple[Plugin, ...]
    records: tuple[tuple[str, Record], ...]
    reserved: tuple[tuple[str, str, str], ...]
    files: tuple[str, ...]
    units: dict[tuple[str, str], str]

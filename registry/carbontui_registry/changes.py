"""Which figures are other ones than at the last loading: an upgrade of a plugin changes results, and says so."""

from __future__ import annotations

import json
import re
import sqlite3
from zlib import crc32

from carbontui_registry.parts import Damaged, part
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Records = dict[tuple[str, str, str], Any]


class Change(NamedTuple):
    """One figure or word of a record that is another one: `key` is its place in the record, such as `power.tdp`, `was`
    and `now` are in the engine's unit, None where there is none."""

    origin: str
    kind: str
    id: str
    key: str
    was: float | str | None
    now: float | str | None


def records_in(connection: sqlite3.Connection) -> Records:
    """The data of every record in a cache, by its kind, id and distribution; none where the cache is damaged."""
    found: Records = {}
    try:
        rows = connection.execute("SELECT key, sum, body FROM part WHERE key BETWEEN 'record ' AND 'record ~'")
        for key, sum_, body in rows:
            if crc32(body, crc32(key.encode())) == sum_:
                kind, own, _, origin, distribution, _, _, data = json.loads(body)
                found[kind, own, distribution] = (origin, data)
    except Exception:  # noqa: BLE001 - of whatever class: a damaged cache has nothing to be compared with
        return {}
    return found


def last_changes(connection: sqlite3.Connection, *, just_now: bool = False) -> list[Change]:
    """What had changed when this cache was made, or with `just_now` not in one before it."""
    try:
        new, rows = part(connection, "changes")
        return [Change(*row) for row in rows] if new or not just_now else []
    except (Damaged, TypeError, ValueError):
        return []


def changes(before: Records, after: Records) -> list[Change]:
    """What differs of the records that are in both."""
    found = []
    for key in sorted(before.keys() & after.keys()):
        kind, own, _ = key
        (_, old), (origin, new) = before[key], after[key]
        if old != new:
            was, now = dict(_flat(old, "")), dict(_flat(new, ""))
            for name in dict.fromkeys((*was, *now)):
                if was.get(name) != now.get(name):
                    found.append(Change(origin, kind, own, name, was.get(name), now.get(name)))
    return found


def _flat(data: Any, at: str) -> Iterator[tuple[str, float | str | None]]:
    """Figures and words of a record's data by their places; not where they come from, nor what is said of them
    or helps to find them."""
    if isinstance(data, dict) and "value" in data:
        yield at, data["value"]
        for key in ("basis", "spread"):
            if data.get(key) is not None:
                yield f"{at}.{key}", data[key]
    elif isinstance(data, dict):
        for key, inner in data.items():
            if key not in ("source", "note", "location"):
                yield from _flat(inner, f"{at}.{key}" if at else key)
    elif isinstance(data, list):
        seen: dict[str, int] = {}
        for n, inner in enumerate(data):
            # A factor is told by its period and coverage, whatever its number is.
            words = (inner.get("period"), inner.get("coverage")) if isinstance(inner, dict) else ()
            name = " ".join(filter(None, words)) or str(n)
            seen[name] = seen.get(name, 0) + 1
            yield from _flat(inner, f"{at}[{name}{f' ({seen[name]})' if seen[name] > 1 else ''}]")
    else:
        yield at, data


def unit_of(kind: str, key: str) -> str:
    """The engine's unit of a figure by its place in a record, "" where it has none."""
    from carbontui_registry import fields, units
    from carbontui_registry.checks import ByName, ListOf, Quantity, Table

    table: Any = fields.TABLES[kind]
    for name in re.sub(r"\[[^\]]*\]", "", key).split("."):
        check = next((field.check for field in table if field.name == name), None)
        check = check.item if isinstance(check, ListOf) else check
        if isinstance(check, Quantity):
            return units.ENGINE_UNIT[check.kind] if key.endswith(name) else ""
        if not isinstance(check, Table | ByName):
            return ""
        table = check.fields
    return ""

"""Everything registered, and how a name finds its record.

Records rest in SQLite, one row each, in memory or in the cache's file, and are read by name: what a program does not
ask for costs it nothing.
"""

from __future__ import annotations

import json
import sqlite3

from carbontui_registry.data import dump, restore
from carbontui_registry.folders import Config
from carbontui_registry.loaded import Loaded, Plugin
from carbontui_registry.records import Hardware, Model, Record, Region, TrainingRun
from carbontui_registry.text import did_you_mean
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

KINDS = ("hardware", "region", "model", "run")
PLURAL = {"hardware": "hardware", "region": "regions", "model": "models", "run": "runs"}

# Model FLOP over dense 16-bit peak: no published large run is above this.
UNLIKELY_UTILISATION = 0.6

_SCHEMA = """
CREATE TABLE plugin (origin TEXT PRIMARY KEY, version TEXT, distribution TEXT, first_party INTEGER, off INTEGER,
    seconds REAL, problems TEXT, warnings TEXT);
CREATE TABLE record (n INTEGER PRIMARY KEY, kind TEXT, id TEXT, name TEXT, origin TEXT, distribution TEXT,
    first_party INTEGER, warnings TEXT, data TEXT);
CREATE TABLE name (kind TEXT, key TEXT, n INTEGER, is_id INTEGER);
CREATE TABLE reserved (kind TEXT, key TEXT, origin TEXT);
CREATE TABLE unit (spelling TEXT, kind TEXT, factor TEXT);
CREATE INDEX name_key ON name (kind, key);
"""


class UnknownName(LookupError):
    """No record has this name, or two have it; the message says which names would do."""

    def __str__(self) -> str:
        return str(self.args[0])


class Registered(Value):
    """A record with the name by which it is reached (`id`), its plugin (`origin`) and what is unlikely about it."""

    kind: str
    id: str
    origin: str
    distribution: str
    first_party: bool
    record: Any
    warnings: tuple[str, ...] = ()


def build(loaded: Loaded, connection: sqlite3.Connection) -> None:
    """Put all that loading found into an empty database."""
    connection.executescript(_SCHEMA)
    plugins = {plugin.origin: plugin for plugin in loaded.plugins}
    problems: dict[str, list[str]] = {}
    rows: list[tuple[Any, ...]] = []
    names: list[tuple[str, str, int, int]] = []
    taken: dict[tuple[str, str, str], str] = {}
    peaks = _matrix_peaks(loaded, plugins)
    for origin, record in loaded.records:
        plugin = plugins[origin]
        kind, own = record._kind, str(record.id)  # type: ignore[attr-defined]
        if (kind, own, plugin.distribution) in taken:
            problems.setdefault(origin, []).append(
                f"{record.subject}: {taken[kind, own, plugin.distribution]} gives this id already; this one is not used"
            )
            continue
        taken[kind, own, plugin.distribution] = origin
        warnings = list(record.warnings)
        if isinstance(record, TrainingRun) and record.throughput and record.hardware in peaks:
            utilisation = record.throughput.value / peaks[record.hardware]
            if utilisation > 1:
                problems.setdefault(origin, []).append(
                    f"{record.subject}: throughput: is {utilisation:.0%} of the peak of {record.hardware}"
                )
                continue
            if utilisation > UNLIKELY_UTILISATION:
                warnings.append(f"throughput: {utilisation:.0%} of the peak of {record.hardware} is unlikely")
        n = len(rows) + 1
        title = record.name if isinstance(record, (Hardware, Region, Model)) else own
        rows.append(
            (
                n,
                kind,
                own,
                title,
                origin,
                plugin.distribution,
                plugin.first_party,
                "\n".join(warnings),
                json.dumps(dump(record)),
            )
        )
        if isinstance(record, TrainingRun):
            names += [("run", own, n, 1), ("run of", record.model, n, 0)]
        else:
            names.append((kind, own, n, 1))
            names += [(kind, alias, n, 0) for alias in record.aliases]  # type: ignore[attr-defined]
        if not plugin.first_party:
            names.append((kind, f"{plugin.distribution}/{own}", n, 0))
    connection.executemany("INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?)", rows)
    connection.executemany("INSERT INTO name VALUES (?,?,?,?)", names)
    connection.executemany("INSERT INTO reserved VALUES (?,?,?)", loaded.reserved)
    connection.executemany("INSERT INTO unit VALUES (?,?,?)", [(*key, factor) for key, factor in loaded.units.items()])
    connection.executemany(
        "INSERT INTO plugin VALUES (?,?,?,?,?,?,?,?)",
        [
            (
                *(p.origin, p.version, p.distribution, p.first_party, p.off, p.seconds),
                "\n".join([*p.problems, *problems.get(p.origin, ())]),
                "\n".join(p.warnings),
            )
            for p in loaded.plugins
        ],
    )
    connection.commit()


def _matrix_peaks(loaded: Loaded, plugins: dict[str, Plugin]) -> dict[str, float]:
    """Peak of each hardware by its names; first-party names win."""
    peaks: dict[str, float] = {}
    for _, record in sorted(loaded.records, key=lambda pair: plugins[pair[0]].first_party):
        if isinstance(record, Hardware) and record.matrix_peak:
            peaks.update(dict.fromkeys((record.id, *record.aliases), record.matrix_peak.value))
    return peaks


class Catalogue:
    """Look-up of records by id, alias or `distribution/id`, in one database.

    First-party names always win. A name that two third parties claim is refused, both named, until the configuration
    prefers one.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        config: Config | None = None,
        without: Collection[str] = (),
        *,
        just_loaded: bool = True,
    ) -> None:
        self._connection = connection
        self._prefer = dict((config or Config()).prefer)
        self._without = frozenset(without)
        self.just_loaded = just_loaded
        self._found: dict[tuple[str, str], Registered] = {}

    def hardware(self, name: str) -> Registered:
        """The hardware of this name. Raises `UnknownName`."""
        return self.find("hardware", name)

    def region(self, name: str) -> Registered:
        """The region of this name. Raises `UnknownName`."""
        return self.find("region", name)

    def model(self, name: str) -> Registered:
        """The model of this name. Raises `UnknownName`."""
        return self.find("model", name)

    def find(self, kind: str, name: str) -> Registered:
        """The record of this kind and name, whatever the case of its letters. Raises `UnknownName`."""
        key = name.lower()
        if (kind, key) in self._found:
            return self._found[kind, key]
        rows = self._rows("WHERE kind = ? AND key = ?", (kind, key))
        visible = [row for row in rows if row[4] not in self._without]
        preferred = self._prefer.get(f"{kind}:{key}")
        chosen = [row for row in visible if row[5] == preferred] or [row for row in visible if row[6]]
        if not chosen and (owner := self._owner_switched_off(kind, key, rows)):
            others = "".join(f"; there is also {row[5]}/{row[2]}" for row in visible)
            raise UnknownName(f"{key} belongs to the plugin {owner}, which is switched off{others}")
        if not chosen and len({row[0] for row in visible}) > 1:
            options = " or ".join(sorted({f"{row[5]}/{row[2]}" for row in visible}))
            raise UnknownName(
                f"{key} is claimed by {len(visible)} plugins; write {options}, "
                f'or prefer one in config.toml: [prefer] "{kind}:{key}" = "{visible[0][5]}"'
            )
        if not (chosen or visible):
            hint = did_you_mean(key, self.names(kind))
            raise UnknownName(f"no {kind} is called {key!r}{hint or f'; see: carbontui list {PLURAL[kind]}'}")
        found = self._found[kind, key] = self._registered((chosen or visible)[0])
        return found

    def all(self, kind: str) -> list[Registered]:
        """Every record of a kind, first-party ones first, each once."""
        rows = self._connection.execute(
            "SELECT n, kind, id, name, origin, distribution, first_party, warnings, data FROM record"
            " WHERE kind = ? ORDER BY first_party DESC, n",
            (kind,),
        )
        return [self._registered(row) for row in rows if row[4] not in self._without]

    def runs(self, model: Registered) -> list[Registered]:
        """The published runs of a model, first-party ones first, in the order in which they were registered."""
        names = {model.id, model.record.id, *model.record.aliases}
        marks = ",".join("?" * len(names))
        rows = self._rows(f"WHERE kind = 'run of' AND key IN ({marks})", tuple(names))
        return [self._registered(row) for row in rows if row[4] not in self._without]

    def plugins(self) -> list[Plugin]:
        """Every plugin that was found, whatever became of it."""
        rows = self._connection.execute("SELECT * FROM plugin ORDER BY first_party DESC, origin")
        return [
            Plugin(r[0], r[1], r[2], bool(r[3]), bool(r[4]) or r[0] in self._without, r[5], _lines(r[6]), _lines(r[7]))
            for r in rows
        ]

    def counts(self, origin: str | None = None) -> dict[str, int]:
        """How many records of each kind there are, of one plugin or of all that are on."""
        rows = self._connection.execute("SELECT kind, origin, count(*) FROM record GROUP BY kind, origin")
        counts = dict.fromkeys(KINDS, 0)
        for kind, where, number in rows:
            if where == origin or (origin is None and where not in self._without):
                counts[kind] += number
        return counts

    def spellings(self) -> dict[tuple[str, str], str]:
        """The spellings of units that were resolved, for `units.remember`."""
        return {(spelling, kind): factor for spelling, kind, factor in self._connection.execute("SELECT * FROM unit")}

    def _rows(self, where: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        return self._connection.execute(
            "SELECT n, kind, id, name, origin, distribution, first_party, warnings, data FROM record"
            f" WHERE n IN (SELECT n FROM name {where}) ORDER BY first_party DESC, n",
            values,
        ).fetchall()

    def names(self, kind: str) -> list[str]:
        """Every name by which a record of this kind can be reached."""
        return [key for (key,) in self._connection.execute("SELECT DISTINCT key FROM name WHERE kind = ?", (kind,))]

    def _owner_switched_off(self, kind: str, key: str, rows: list[tuple[Any, ...]]) -> str | None:
        for row in rows:
            if row[6] and row[4] in self._without:
                return str(row[4])
        reserved = self._connection.execute("SELECT origin FROM reserved WHERE kind = ? AND key = ?", (kind, key))
        for (origin,) in reserved:
            return str(origin)
        return None

    def _registered(self, row: tuple[Any, ...]) -> Registered:
        _, kind, own, _, origin, distribution, first_party, warnings, data = row
        record: Record = restore(kind, json.loads(data))
        shown = own
        if not first_party and kind != "run" and self._contested(kind, own, distribution):
            shown = f"{distribution}/{own}"
        return Registered(kind, shown, origin, distribution, bool(first_party), record, _lines(warnings))

    def _contested(self, kind: str, key: str, distribution: str) -> bool:
        others = self._connection.execute(
            "SELECT 1 FROM name JOIN record USING (n) WHERE name.kind = ? AND key = ? AND distribution != ?"
            " UNION ALL SELECT 1 FROM reserved WHERE kind = ? AND key = ? LIMIT 1",
            (kind, key, distribution, kind, key),
        )
        return others.fetchone() is not None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()

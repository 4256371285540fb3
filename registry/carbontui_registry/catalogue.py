"""Everything registered, and how a name finds its record.

Records rest in SQLite, one row each, in memory or in the cache's file, and are read by name: what a program does not
ask for costs it nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import namedtuple

from carbontui_registry.data import dump, restore
from carbontui_registry.folders import Config
from carbontui_registry.loaded import Loaded, Plugin
from carbontui_registry.records import Figure, Hardware, Model, Record, Region, TrainingRun
from carbontui_registry.text import did_you_mean
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

FIRST_PARTY = "carbontui"
KINDS = ("hardware", "region", "model", "run")
PLURAL = {"hardware": "hardware", "region": "regions", "model": "models", "run": "runs"}

# Model FLOP over dense 16-bit peak: no published large run is above this.
UNLIKELY_UTILISATION = 0.6

_SCHEMA = """
CREATE TABLE plugin (origin TEXT PRIMARY KEY, version TEXT, distribution TEXT, first_party INTEGER, off INTEGER,
    seconds REAL, problems TEXT, warnings TEXT);
CREATE TABLE record (n INTEGER PRIMARY KEY, kind TEXT, id TEXT, name TEXT, origin TEXT, distribution TEXT,
    first_party INTEGER, maker TEXT, aliases TEXT, brief TEXT, warnings TEXT, data TEXT, shown TEXT);
CREATE TABLE name (kind TEXT, key TEXT, n INTEGER, is_id INTEGER);
CREATE TABLE reserved (kind TEXT, key TEXT, origin TEXT);
CREATE TABLE unit (spelling TEXT, kind TEXT, factor TEXT);
CREATE INDEX name_key ON name (kind, key);
"""

# An id that somebody else claims too is reached as distribution/id, and files hold it so.
_QUALIFY_CONTESTED = """
UPDATE record SET shown = distribution || '/' || id WHERE NOT first_party AND (
    EXISTS (SELECT 1 FROM name JOIN record AS other USING (n)
        WHERE name.kind = record.kind AND key = record.id AND other.distribution != record.distribution)
    OR EXISTS (SELECT 1 FROM reserved WHERE reserved.kind = record.kind AND key = record.id))
"""
_CONTESTED = """
SELECT DISTINCT mine.kind, mine.key, theirs.origin FROM record AS own JOIN name AS mine ON mine.n = own.n
    JOIN name AS other ON other.kind = mine.kind AND other.key = mine.key JOIN record AS theirs ON theirs.n = other.n
    WHERE own.origin = ? AND mine.kind != 'run of' AND theirs.distribution != own.distribution
    ORDER BY mine.kind, mine.key
"""
_COLUMNS = "n, kind, id, shown, origin, distribution, first_party, warnings, data"


class UnknownName(LookupError):
    """No record has this name, or two have it; the message says which names would do."""

    def __str__(self) -> str:
        return str(self.args[0])


_BriefFields = namedtuple("_BriefFields", "kind id name maker aliases origin first_party figures")


class Brief(_BriefFields):
    """A record as a line to choose from; `figures` is `brief(record)` as JSON, read only where it is shown.

    A named tuple, as a picker makes ten thousand of them at once.
    """

    __slots__ = ()
    if TYPE_CHECKING:
        kind: str
        id: str
        name: str
        maker: str
        aliases: str
        origin: str
        first_party: bool
        figures: str


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
        maker = getattr(record, "vendor", None) or getattr(record, "provider", None) or ""
        whose = (origin, plugin.distribution, plugin.first_party)
        aliases = " ".join(getattr(record, "aliases", ()))
        texts = (maker, aliases, json.dumps(brief(record)), "\n".join(warnings), json.dumps(dump(record)))
        rows.append((n, kind, own, title, *whose, *texts, own))
        if isinstance(record, TrainingRun):
            names += [("run", own, n, 1), ("run of", record.model, n, 0)]
        else:
            names.append((kind, own, n, 1))
            names += [(kind, alias, n, 0) for alias in record.aliases]  # type: ignore[attr-defined]
        if not plugin.first_party:
            names.append((kind, f"{plugin.distribution}/{own}", n, 0))
    connection.executemany("INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    connection.executemany("INSERT INTO name VALUES (?,?,?,?)", names)
    connection.executemany("INSERT INTO reserved VALUES (?,?,?)", loaded.reserved)
    connection.execute(_QUALIFY_CONTESTED)
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


def brief(record: Record) -> dict[str, tuple[float | str, bool]]:
    """What one chooses the record by, under the keys of units, each with whether it is assumed."""
    found: dict[str, Figure | str | None] = {}
    if isinstance(record, Hardware):
        found = {"mean_w": record.power.mean, "tdp_w": record.power.tdp, "peak_flop_per_s": record.matrix_peak}
        found["memory_gib"] = record.memory
    elif isinstance(record, Region):
        found = {"pue": record.pue}
        if record.factors:
            factor = max(reversed(record.factors), key=lambda f: f.period)
            found = {"gross_gco2e_per_kwh": factor.gross, "net_gco2e_per_kwh": factor.net}
            found |= {"pue": factor.pue or record.pue, "period": factor.period, "coverage": factor.coverage}
        found["country"] = record.country
    elif isinstance(record, Model):
        found = {"params": record.params, "compute_flop": record.compute, "tokens": record.tokens}
    elif isinstance(record, TrainingRun):
        found = {"region": record.region, "period": record.period, "energy_kwh": record.energy}
        found["gross_kgco2e"] = record.gross_co2e
    return {
        key: (what.value, what.basis == "assumed") if isinstance(what, Figure) else (what, False)
        for key, what in found.items()
        if what is not None
    }


def _matrix_peaks(loaded: Loaded, plugins: dict[str, Plugin]) -> dict[str, float]:
    """Peak of each hardware by the names that mean it alone; first-party names win.

    A name that two third parties claim has none here: neither decides about the runs of the other.
    """
    owners: dict[str, set[str]] = {}
    peaks: dict[str, float] = {}
    reserved = {key for kind, key, _ in loaded.reserved if kind == "hardware"}
    for origin, record in sorted(loaded.records, key=lambda pair: not plugins[pair[0]].first_party):
        if not isinstance(record, Hardware):
            continue
        plugin = plugins[origin]
        names = [record.id, *record.aliases]
        if not plugin.first_party:
            names = [*(n for n in names if n not in reserved), f"{plugin.distribution}/{record.id}"]
        for name in names:
            claims = owners.setdefault(name, set())
            if FIRST_PARTY in claims:
                continue
            claims.add(plugin.distribution if not plugin.first_party else FIRST_PARTY)
            if record.matrix_peak and len(claims) == 1:
                peaks[name] = record.matrix_peak.value
            else:
                peaks.pop(name, None)
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
        # What the configuration says of the app: its theme, and the keymap as `keymap.ID`.
        self.settings = dict((config or Config()).app)
        self._found: dict[tuple[str, str], Registered] = {}
        self._counts: list[tuple[str, str, int]] | None = None

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

    def claimants(self, kind: str, name: str) -> list[Registered]:
        """Every record that claims this name as id or alias, first-party ones first."""
        rows = self._rows("WHERE kind = ? AND key = ?", (kind, name.lower()))
        return [self._registered(row) for row in rows if row[4] not in self._without]

    def contested(self, origin: str) -> list[tuple[str, str]]:
        """Kind and name of whatever this plugin claims and another distribution claims too."""
        rows = self._connection.execute(_CONTESTED, (origin,))
        return list(dict.fromkeys((kind, key) for kind, key, theirs in rows if theirs not in self._without))

    def all(self, kind: str) -> list[Registered]:
        """Every record of a kind, first-party ones first, each once."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM record WHERE kind = ? ORDER BY first_party DESC, n", (kind,)
        )
        return [self._registered(row) for row in rows if row[4] not in self._without]

    def briefs(self, kind: str) -> list[Brief]:
        """Every record of a kind as a line to choose from, first-party ones first."""
        rows = self._connection.execute(
            "SELECT kind, shown, name, maker, aliases, origin, first_party, brief FROM record"
            " WHERE kind = ? ORDER BY first_party DESC, n",
            (kind,),
        )
        return [Brief._make(row) for row in rows if row[5] not in self._without]

    def runs(self, model: Registered) -> list[Registered]:
        """The published runs of a model, first-party ones first, in the order in which they were registered."""
        names = {model.id, model.record.id, *model.record.aliases}
        if not model.first_party:
            names.add(f"{model.distribution}/{model.record.id}")
        marks = ",".join("?" * len(names))
        rows = self._rows(f"WHERE kind = 'run of' AND key IN ({marks})", tuple(names))
        runs = [self._registered(row) for row in rows if row[4] not in self._without]
        return [run for run in runs if self._is_of(run, model)]

    def named_by(self, record: Registered, kind: str, name: str | None) -> Registered | None:
        """What a record means by a name, if anything: a name that is contested means its own distribution's."""
        if name is None:
            return None
        try:
            return self.find(kind, name)
        except UnknownName:
            own = f"{record.distribution}/{name}"
            return self.find(kind, own) if not record.first_party and self.claimants(kind, own) else None

    def _is_of(self, run: Registered, model: Registered) -> bool:
        meant = self.named_by(run, "model", run.record.model)
        return meant is not None and meant.origin == model.origin and meant.record.id == model.record.id

    def plugins(self) -> list[Plugin]:
        """Every plugin that was found, whatever became of it."""
        rows = self._connection.execute("SELECT * FROM plugin ORDER BY first_party DESC, origin")
        return [
            Plugin(r[0], r[1], r[2], bool(r[3]), bool(r[4]) or r[0] in self._without, r[5], _lines(r[6]), _lines(r[7]))
            for r in rows
        ]

    def counts(self, origin: str | None = None) -> dict[str, int]:
        """How many records of each kind there are, of one plugin or of all that are on."""
        if self._counts is None:
            counting = "SELECT kind, origin, count(*) FROM record GROUP BY kind, origin"
            self._counts = self._connection.execute(counting).fetchall()
        counts = dict.fromkeys(KINDS, 0)
        for kind, where, number in self._counts:
            if where == origin or (origin is None and where not in self._without):
                counts[kind] += number
        return counts

    def spellings(self) -> dict[tuple[str, str], str]:
        """The spellings of units that were resolved, for `units.remember`."""
        return {(spelling, kind): factor for spelling, kind, factor in self._connection.execute("SELECT * FROM unit")}

    def _rows(self, where: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        return self._connection.execute(
            f"SELECT {_COLUMNS} FROM record WHERE n IN (SELECT n FROM name {where}) ORDER BY first_party DESC, n",
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
        _, kind, _, shown, origin, distribution, first_party, warnings, data = row
        record: Record = restore(kind, json.loads(data))
        return Registered(kind, shown, origin, distribution, bool(first_party), record, _lines(warnings))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()

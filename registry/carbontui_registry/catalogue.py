"""Everything registered, and how a name finds its record.

All of it rests in SQLite as parts, a record each, in memory or in the cache's file, and is read by key: what a program
does not ask for costs it nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import namedtuple
from zlib import crc32

from carbontui_registry.errors import UnknownName
from carbontui_registry.figures import Figure
from carbontui_registry.folders import Config
from carbontui_registry.parts import Damaged, bodies, part, put
from carbontui_registry.plugin import Loaded, Plugin
from carbontui_registry.records import Hardware, Model, Record, Region, TrainingRun
from carbontui_registry.serialise import dump, restore
from carbontui_registry.text import nearest
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Any, TypeVar

    T = TypeVar("T")

FIRST_PARTY = "carbontui"
KINDS = ("hardware", "region", "model", "run")
PLURAL = {"hardware": "hardware", "region": "regions", "model": "models", "run": "runs"}

# Model FLOP over dense 16-bit peak: no published large run is above this.
UNLIKELY_UTILISATION = 0.6

# Names lie in lists of about a hundred where there are very many; what no list has is no name.
NAME_KEYS = [f"names {n:03}" for n in range(256)]


# A record as it rests: `own` is its id, `id` the name by which it is reached.
Row = namedtuple("Row", "kind own id origin distribution first_party warnings data")


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
    plugins = {plugin.origin: plugin for plugin in loaded.plugins}
    problems: dict[str, list[str]] = {}
    kept: list[tuple[Plugin, Record, list[str]]] = []
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
        kept.append((plugin, record, warnings))
    # In this order a kind's records follow each other, and a name's are found first-party ones first.
    kept.sort(key=lambda row: (KINDS.index(row[1]._kind), not row[0].first_party))
    put(connection, _record_parts(kept, loaded))
    rows = []
    for p in sorted(loaded.plugins, key=lambda p: (not p.first_party, p.origin)):
        all_problems = [*p.problems, *problems.get(p.origin, ())]
        rows.append((p.origin, p.version, p.distribution, p.first_party, p.off, p.seconds, all_problems, p.warnings))
    units = [(*key, factor) for key, factor in loaded.units.items()]
    put(connection, (("plugins", rows), ("reserved", loaded.reserved), ("units", units)))


def _record_parts(kept: list[tuple[Plugin, Record, list[str]]], loaded: Loaded) -> Iterable[tuple[str, Any]]:
    """The parts that records make: each one, the lists of names, of claims, of lines to choose from, the counts."""
    claims: dict[tuple[str, str], list[int]] = {}
    for n, (plugin, record, _) in enumerate(kept):
        kind, own = record._kind, record.id  # type: ignore[attr-defined]
        names = [(kind, own), *((kind, alias) for alias in getattr(record, "aliases", ()))]
        if isinstance(record, TrainingRun):
            names.append(("run of", record.model))
        if not plugin.first_party:
            names.append((kind, f"{plugin.distribution}/{own}"))
        for name in dict.fromkeys(names):
            claims.setdefault(name, []).append(n)
    reserved = {(kind, key) for kind, key, _ in loaded.reserved}
    contested = {
        name: numbers
        for name, numbers in sorted(claims.items())
        if name[0] != "run of" and len({kept[n][0].distribution for n in numbers}) > 1
    }
    counts: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    briefs: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in KINDS}
    figures: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for n, (plugin, record, warnings) in enumerate(kept):
        kind, own = record._kind, record.id  # type: ignore[attr-defined]
        # An id that somebody else claims too is reached as distribution/id, and files hold it so.
        qualified = not plugin.first_party and ((kind, own) in contested or (kind, own) in reserved)
        shown = f"{plugin.distribution}/{own}" if qualified else own
        yield _record_key(n), (kind, own, shown, *_whose(plugin), warnings, dump(record))
        title = record.name if isinstance(record, (Hardware, Region, Model)) else own
        maker = getattr(record, "vendor", None) or getattr(record, "provider", None) or ""
        aliases = " ".join(getattr(record, "aliases", ()))
        briefs[kind].append((kind, shown, title, maker, aliases, plugin.origin, plugin.first_party))
        figures[kind].append(json.dumps(brief(record)))
        counts[kind][plugin.origin] = counts[kind].get(plugin.origin, 0) + 1
    for kind in KINDS:
        yield f"briefs {kind}", briefs[kind]
        # Not JSON within JSON: reading that takes three times as long.
        yield f"figures {kind}", "\n".join(figures[kind]).encode()
    yield "counts", counts
    yield "contested", [(*name, [_whose(kept[n][0])[:2] for n in numbers]) for name, numbers in contested.items()]
    lists: dict[str, dict[str, list[int]]] = {key: {} for key in NAME_KEYS}
    for (kind, key), numbers in claims.items():
        lists[_name_key(kind, key)][f"{kind}:{key}"] = numbers
    yield from lists.items()


def _whose(plugin: Plugin) -> tuple[str, str, bool]:
    return plugin.origin, plugin.distribution, plugin.first_party


def _record_key(n: int) -> str:
    return f"record {n:08}"


def _name_key(kind: str, key: str) -> str:
    """The key of the list that has this name, if any has."""
    return NAME_KEYS[crc32(f"{kind}:{key}".encode("utf-8", "replace")) % len(NAME_KEYS)]


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
        reload: Callable[[], sqlite3.Connection] | None = None,
    ) -> None:
        self._connection = connection
        # Damage is seen where it is read, which may be late: then this loads all of it anew, once.
        self._reload = reload
        self._prefer = dict((config or Config()).prefer)
        self._without = frozenset(without)
        self.just_loaded = just_loaded
        # What the configuration says of the app: its theme, and the keymap as `keymap.ID`.
        self.settings = dict((config or Config()).app)
        self._found: dict[tuple[str, str], Registered] = {}
        self._counts: dict[str, dict[str, int]] | None = None
        self._runs: dict[tuple[str, str], list[Registered]] = {}

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
        rows = self._rows(kind, key)
        visible = [row for row in rows if row.origin not in self._without]
        preferred = self._prefer.get(f"{kind}:{key}")
        chosen = [row for row in visible if row.distribution == preferred] or [r for r in visible if r.first_party]
        if not chosen and (owner := self._owner_switched_off(kind, key, rows)):
            others = "; ".join(f"there is also {row.distribution}/{row.own}" for row in visible)
            raise UnknownName(kind, key, switched_off=owner, expected=others)
        if not chosen and len(visible) > 1:
            options = sorted({f"{row.distribution}/{row.own}" for row in visible})
            prefer = f'[prefer] "{kind}:{key}" = "{visible[0].distribution}"'
            right = f"write {' or '.join(options)}, or prefer one in config.toml: {prefer}"
            raise UnknownName(kind, key, ambiguous=options, expected=right)
        if not (chosen or visible):
            near = nearest(key, self.names(kind))
            right = "" if near else f"see: carbontui list {PLURAL[kind]}"
            raise UnknownName(kind, key, expected=right, nearest=(near,) if near else ())
        found = self._found[kind, key] = _registered((chosen or visible)[0])
        return found

    def claimants(self, kind: str, name: str) -> list[Registered]:
        """Every record that claims this name as id or alias, first-party ones first."""
        return [_registered(row) for row in self._rows(kind, name.lower()) if row.origin not in self._without]

    def contested(self, origin: str) -> list[tuple[str, str]]:
        """Kind and name of whatever this plugin claims and another distribution claims too."""
        found = []
        for kind, key, owners in self._read(lambda: part(self._connection, "contested")):
            own = {distribution for where, distribution in owners if where == origin}
            others = {distribution for where, distribution in owners if where not in self._without}
            if own and others - own:
                found.append((kind, key))
        return found

    def all(self, kind: str) -> list[Registered]:
        """Every record of a kind, first-party ones first, each once."""

        def texts() -> list[bytes]:
            numbers = [sum(of_plugins.values()) for of_plugins in self._all_counts().values()]
            at = KINDS.index(kind)
            first = sum(numbers[:at])
            return bodies(self._connection, [_record_key(first + n) for n in range(numbers[at])])

        rows = map(_row, self._read(texts))
        return [_registered(row) for row in rows if row.origin not in self._without]

    def briefs(self, kind: str) -> list[Brief]:
        """Every record of a kind as a line to choose from, first-party ones first."""

        def read() -> tuple[list[Any], bytes]:
            return part(self._connection, f"briefs {kind}"), bodies(self._connection, [f"figures {kind}"])[0]

        rows, figures = self._read(read)
        found = [Brief._make((*row, text)) for row, text in zip(rows, figures.decode().splitlines(), strict=True)]
        return [line for line in found if line.origin not in self._without] if self._without else found

    def runs(self, model: Registered) -> list[Registered]:
        """The published runs of a model, first-party ones first, in the order in which they were registered."""
        key = ("run of", model.id)
        if key in self._runs:
            return self._runs[key]
        names = {model.id, model.record.id, *model.record.aliases}
        if not model.first_party:
            names.add(f"{model.distribution}/{model.record.id}")
        runs = [_registered(row) for row in self._rows("run of", *names) if row.origin not in self._without]
        self._runs[key] = [run for run in runs if self._is_of(run, model)]
        return self._runs[key]

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
        found = []
        for row in self._read(lambda: part(self._connection, "plugins")):
            origin, version, distribution, first, off, seconds, problems, warnings = row
            off = off or origin in self._without
            found.append(Plugin(origin, version, distribution, first, off, seconds, tuple(problems), tuple(warnings)))
        return found

    def counts(self, origin: str | None = None) -> dict[str, int]:
        """How many records of each kind there are, of one plugin or of all that are on."""
        return {
            kind: sum(n for o, n in of_plugins.items() if (o not in self._without if origin is None else o == origin))
            for kind, of_plugins in self._read(self._all_counts).items()
        }

    def spellings(self) -> dict[tuple[str, str], str]:
        """The spellings of units that were resolved, for `units.remember`."""
        units = self._read(lambda: part(self._connection, "units"))
        return {(spelling, kind): factor for spelling, kind, factor in units}

    def names(self, kind: str) -> list[str]:
        """Every name by which a record of this kind can be reached."""
        lists = self._read(lambda: bodies(self._connection, NAME_KEYS))
        return sorted(
            name.removeprefix(f"{kind}:") for text in lists for name in json.loads(text) if name.startswith(f"{kind}:")
        )

    def _read(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except Damaged:
            if self._reload is None:
                raise
            self._connection, self._reload = self._reload(), None
            self._counts, self.just_loaded = None, True
            return read()

    def _all_counts(self) -> dict[str, dict[str, int]]:
        if self._counts is None:
            self._counts = part(self._connection, "counts")
        return self._counts

    def _rows(self, kind: str, *keys: str) -> list[Row]:
        """The records that bear one of these names, first-party ones first."""

        def rows() -> list[Row]:
            lists = [part(self._connection, _name_key(kind, key)).get(f"{kind}:{key}", ()) for key in keys]
            numbers = sorted({n for numbers in lists for n in numbers})
            return [_row(bodies(self._connection, [_record_key(n)])[0]) for n in numbers]

        return self._read(rows)

    def _owner_switched_off(self, kind: str, key: str, rows: list[Row]) -> str | None:
        reserved = self._read(lambda: part(self._connection, "reserved"))
        owners = [row.origin for row in rows if row.first_party and row.origin in self._without]
        owners += [origin for of_kind, name, origin in reserved if (of_kind, name) == (kind, key)]
        return owners[0] if owners else None


def _row(text: bytes) -> Row:
    return Row._make(json.loads(text))


def _registered(row: Row) -> Registered:
    record: Record = restore(row.kind, row.data)
    return Registered(row.kind, row.id, row.origin, row.distribution, row.first_party, record, tuple(row.warnings))

"""Everything registered, and how a name finds its record.

All of it rests in SQLite as parts, a record each, in memory or in the cache's file, and is read by key: what a program
does not ask for costs it nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import namedtuple
from functools import partial

from carbontui_registry.errors import UnknownName
from carbontui_registry.folders import Config
from carbontui_registry.parts import Damaged, bodies, body_of, part
from carbontui_registry.plugin import KINDS, OFFERING, OWNED, PLURAL, Plugin, name_key, of_owner, offers_key, record_key
from carbontui_registry.records import Record
from carbontui_registry.serialise import restore
from carbontui_registry.text import nearest
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any, NoReturn, TypeVar

    from carbontui_registry.changes import Change
    from carbontui_registry.lines import Brief, Offered

    T = TypeVar("T")


# A record as it rests: `own` is its id, `id` the name by which it is reached.
Row = namedtuple("Row", "kind own id origin distribution first_party warnings data")


class Registered(Value):
    """A record with the name by which it is reached (`id`), its plugin (`origin`) and what is unlikely about it."""

    kind: str
    id: str
    origin: str
    distribution: str
    first_party: bool
    record: Any
    warnings: tuple[str, ...] = ()


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
        # Damage is found when it is read, which may be late: then this loads everything again, once.
        self._reload = reload
        self.config = config or Config()
        self._prefer = dict(self.config.prefer)
        self._without = frozenset(without)
        self.just_loaded = just_loaded
        # What the configuration says of the app: its theme, and the keymap as `keymap.ID`.
        self.settings = dict(self.config.app)
        self._found: dict[tuple[str, str], Registered] = {}
        self._every: dict[str, list[Registered]] = {}
        self._offer_records: dict[int, Registered] = {}
        self._offers: dict[str, Any] | None = None
        self._offers_in: dict[str, list[Offered]] = {}
        self._counts: dict[str, dict[str, int]] | None = None
        self._owned: dict[tuple[str, str], list[Registered]] = {}
        self._all_names: dict[str, list[str]] = {}

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
        if len(chosen or visible) > 1:
            self._refuse(kind, key, chosen or visible)
        if not (chosen or visible):
            near = nearest(key.replace(" ", "-"), self.names(kind))
            right = "" if near else f"see: carbontui list {PLURAL[kind]}"
            raise UnknownName(kind, key, expected=right, nearest=(near,) if near else ())
        found = self._found[kind, key] = _registered((chosen or visible)[0])
        return found

    @staticmethod
    def _refuse(kind: str, key: str, rows: list[Row]) -> NoReturn:
        """Refuse a name that several records bear: of several third parties, or of one."""
        options = sorted({f"{row.distribution}/{row.own}" for row in rows})
        right = f"write {' or '.join(options)}"
        distributions = sorted({row.distribution for row in rows})
        if len(distributions) > 1:
            right += f', or prefer one in config.toml: [prefer] "{kind}:{key}" = "{distributions[0]}"'
        raise UnknownName(kind, key, ambiguous=options, by=distributions, expected=right)

    def hardware_by_tool_name(self, text: str) -> Registered | None:
        """The hardware whose name stands in what a tool printed (`8x NVIDIA A100-SXM4-80GB`), or None.

        The longest name wins, first-party ones first; one that several third parties claim means nobody's.
        """
        from carbontui_registry.tool_names import matched

        names = self._read(lambda: part(self._connection, "tool names"))
        for numbers in matched(text, names):
            rows = [self._read(partial(self._row, n)) for n in numbers]
            visible = [row for row in rows if row.origin not in self._without]
            chosen = [row for row in visible if row.first_party] or visible
            if chosen:
                return _registered(chosen[0]) if len(chosen) == 1 else None
        return None

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

    def all(self, kind: str) -> Sequence[Registered]:
        """Every record of a kind, first-party ones first, each once; read once."""

        def texts() -> list[bytes]:
            numbers = [sum(of_plugins.values()) for of_plugins in self._all_counts().values()]
            at = KINDS.index(kind)
            first = sum(numbers[:at])
            return bodies(self._connection, [record_key(first + n) for n in range(numbers[at])])

        if kind not in self._every:
            rows = map(_row, self._read(texts))
            self._every[kind] = [_registered(row) for row in rows if row.origin not in self._without]
        return self._every[kind]

    def briefs(self, kind: str) -> list[Brief]:
        """Every record of a kind as a line to choose from, first-party ones first."""

        def read() -> tuple[list[Any], bytes]:
            return part(self._connection, f"briefs {kind}"), bodies(self._connection, [f"figures {kind}"])[0]

        rows, figures = self._read(read)
        from carbontui_registry.lines import Brief

        found = [Brief._make((*row, text)) for row, text in zip(rows, figures.decode().splitlines(), strict=True)]
        return [line for line in found if line.origin not in self._without] if self._without else found

    def runs(self, model: Registered) -> list[Registered]:
        """The published runs of a model, first-party ones first, in the order in which they were registered."""
        return self._of(model, "run")

    def measurements(self, hardware: Registered) -> list[Registered]:
        """What was measured on this hardware, by carbontui's own sources first."""
        return self._of(hardware, "measurement")

    def preferred_measurements(self, hardware: Registered) -> list[Registered]:
        """Those measurements on this hardware that the configuration prefers to carbontui's estimate."""
        names = (hardware.id, hardware.record.id, *hardware.record.aliases)
        chosen = next((p for name in names if (p := self._prefer.get(f"measurement:{name}"))), None)
        return [one for one in self.measurements(hardware) if one.distribution == chosen] if chosen else []

    def _of(self, owner: Registered, kind: str) -> list[Registered]:
        """The records of a kind that belong to the owner."""
        key = (of_owner(kind), owner.id)
        if key not in self._owned:
            names = {owner.id, owner.record.id, *owner.record.aliases}
            if not owner.first_party:
                names.add(f"{owner.distribution}/{owner.record.id}")
            found = [_registered(row) for row in self._rows(key[0], *names) if row.origin not in self._without]
            self._owned[key] = [one for one in found if self._is_of(one, owner)]
        return self._owned[key]

    def offers(self, region: Registered) -> list[Offered]:
        """What is offered in a region, first-party offers first."""
        if region.id in self._offers_in:
            return self._offers_in[region.id]
        from carbontui_registry.lines import Offered

        names = {region.id, region.record.id, *region.record.aliases}
        known = self._offering()
        found = []
        for name in sorted(names.intersection(known["regions"])):
            for row in self._read(partial(part, self._connection, offers_key(name))):
                offer = Offered(*row)
                # A name that is contested means the offer's own distribution's.
                if offer.origin not in self._without and self._is_meant(offer, "region", name, region):
                    found.append(offer)
        self._offers_in[region.id] = sorted(found)
        return self._offers_in[region.id]

    def offer(self, number: int) -> Registered:
        """The record of an offer."""
        if number not in self._offer_records:
            self._offer_records[number] = self._read(lambda: _registered(self._row(number)))
        return self._offer_records[number]

    def complete_providers(self) -> frozenset[str]:
        """The providers of which all that they offer is known: whose regions' plugin gives offers."""
        complete: dict[str, str] = self._offering()["complete"]
        return frozenset(provider for provider, origin in complete.items() if origin not in self._without)

    def offered_hardware(self) -> frozenset[str]:
        """Hardware that anybody offers, as the offers name it."""
        return frozenset(self._offering()["hardware"])

    def _offering(self) -> dict[str, Any]:
        if self._offers is None:
            self._offers = self._read(lambda: part(self._connection, OFFERING))
        return self._offers

    def _is_meant(self, by: Offered, kind: str, name: str, record: Registered) -> bool:
        """Whether an offer means this record by a name."""
        try:
            return self.find(kind, name).origin == record.origin
        except UnknownName:
            return by.distribution == record.distribution

    def named_by(self, record: Registered, kind: str, name: str | None) -> Registered | None:
        """What a record means by a name, if anything: a name that is contested means its own distribution's."""
        if name is None:
            return None
        try:
            return self.find(kind, name)
        except UnknownName:
            own = f"{record.distribution}/{name}"
            return self.find(kind, own) if not record.first_party and self.claimants(kind, own) else None

    def _is_of(self, one: Registered, owner: Registered) -> bool:
        meant = self.named_by(one, owner.kind, getattr(one.record, OWNED[one.kind]))
        return meant is not None and meant.origin == owner.origin and meant.record.id == owner.record.id

    def plugins(self, *, warnings: bool = True) -> list[Plugin]:
        """Every plugin that was found, whatever became of it; its warnings are read only where they are asked for."""
        said = self._read(lambda: part(self._connection, "warnings")) if warnings else {}
        return [
            Plugin(
                name, version, of, first, off or name in self._without, s, tuple(problems), tuple(said.get(name, ()))
            )
            for name, version, of, first, off, s, problems in self._read(lambda: part(self._connection, "plugins"))
        ]

    def changes(self, *, just_now: bool = False) -> list[Change]:
        """Which figures changed when plugins were loaded, the last time that any did, or with `just_now` this time."""
        from carbontui_registry.changes import last_changes

        return last_changes(self._connection, just_now=just_now)

    def counts(self, origin: str | None = None) -> dict[str, int]:
        """How many records of each kind there are, of one plugin or of all that are on."""
        return {
            kind: sum(n for o, n in of_plugins.items() if (o not in self._without if origin is None else o == origin))
            for kind, of_plugins in self._read(self._all_counts).items()
        }

    def spellings(self) -> dict[tuple[str, str], str]:
        """The spellings of units that were resolved, for `unit_memory`."""
        units = self._read(lambda: part(self._connection, "units"))
        return {(spelling, kind): factor for spelling, kind, factor in units}

    def names(self, kind: str) -> list[str]:
        """Every name by which a record of this kind can be reached."""
        if kind not in self._all_names:
            self._all_names[kind] = self._read(lambda: part(self._connection, f"names {kind}"))
        return self._all_names[kind]

    def _read(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except Damaged:
            if self._reload is None:
                raise
            self._connection, self._reload = self._reload(), None
            self._counts, self._offers, self._all_names, self.just_loaded = None, None, {}, True
            self._every.clear()
            self._offer_records.clear()
            return read()

    def _all_counts(self) -> dict[str, dict[str, int]]:
        if self._counts is None:
            self._counts = part(self._connection, "counts")
        return self._counts

    def _rows(self, kind: str, *keys: str) -> list[Row]:
        """The records that bear one of these names, first-party ones first."""

        def rows() -> list[Row]:
            numbers = sorted({n for key in keys for n in self._numbers(kind, key)})
            return [self._row(n) for n in numbers]

        return self._read(rows)

    def _row(self, n: int) -> Row:
        return _row(bodies(self._connection, [record_key(n)])[0])

    def _numbers(self, kind: str, key: str) -> list[int]:
        """The numbers of the records that bear a name. Raises `Damaged` where a name has lost its part."""
        body = body_of(self._connection, name_key(kind, key))
        if body is not None:
            numbers: list[int] = json.loads(body)
            return numbers
        if kind not in self._all_names:
            self._all_names[kind] = part(self._connection, f"names {kind}")
        if key in self._all_names[kind]:
            raise Damaged
        return []

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

"""Names held against each other: whose they are, what records mean by them, and grids that lead in a circle.

What is said here is of third parties' records and costs them nothing: each says what the name leads to, and what would
be right.
"""

from __future__ import annotations

from carbontui_registry.plugin import OWNED
from carbontui_registry.said import Said
from carbontui_registry.text import listed, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any

    from carbontui_registry.plugin import Plugin
    from carbontui_registry.records import Record

    Kept = Sequence[tuple[Plugin, Record, list[Said]]]

# The fields by which a record names another, with the kind that they name.
REFERENCES = {
    "run": {"model": "model", "hardware": "hardware", "region": "region"},
    "offer": {"hardware": "hardware", "region": "region"},
    "measurement": {"hardware": "hardware"},
    "region": {"grid": "region"},
}
# Looking for the nearest name takes milliseconds each.
MOST_HINTS = 50


class Names:
    """The names of all records, as they are looked up: by kind and name the records that claim it, first-party first.

    `kept` are records in their order, first-party ones first; `reserved` is what plugins that are switched off keep,
    `rejected` kind and id of records that were not taken.
    """

    def __init__(
        self, kept: Kept, reserved: Sequence[tuple[str, str, str]] = (), rejected: Collection[str] = ()
    ) -> None:
        self.kept = kept
        self.rejected = rejected
        self.claims: dict[tuple[str, str], list[int]] = {}
        self.reserved = {(kind, name): origin for kind, name, origin in reserved}
        self._hints: dict[tuple[str, str], str | None] = {}
        self._of_countries: dict[str, str] = {}
        ids = {(record._kind, plugin.distribution, _id(record)) for plugin, record, _ in kept}
        for n, (plugin, record, _) in enumerate(kept):
            kind, own = record._kind, _id(record)
            names = [own]
            # An id is stronger than an alias that another record of the same distribution has.
            names += [a for a in getattr(record, "aliases", ()) if (kind, plugin.distribution, a) not in ids]
            if not plugin.first_party:
                names.append(f"{plugin.distribution}/{own}")
            for name in dict.fromkeys(names):
                self.claims.setdefault((kind, name), []).append(n)

    def distributions(self, kind: str, name: str) -> set[str]:
        """Those whose records claim a name."""
        return {self.kept[n][0].distribution for n in self.claims.get((kind, name), ())}

    def meant(self, kind: str, name: str | None, by: Plugin) -> Any | None:
        """The record that a plugin's record means by a name: a contested one means its own distribution's."""
        found = [self.kept[n] for n in self.claims.get((kind, name or ""), ())]
        first = [record for plugin, record, _ in found if plugin.first_party]
        own = [record for plugin, record, _ in found if plugin.distribution == by.distribution]
        if first or (kind, name) in self.reserved:
            return first[0] if first else None
        return own[0] if own else found[0][1] if len(found) == 1 else None

    def near(self, kind: str, name: str) -> str | None:
        """The name of this kind that is most like it, or None; it is looked for a few times only."""
        if kind == "region" and (grid := self._grids().get(name.lower())):
            return grid
        if (kind, name) not in self._hints:
            if len(self._hints) >= MOST_HINTS:
                return None
            self._hints[kind, name] = nearest(name, (known for of_kind, known in self.claims if of_kind == kind))
        return self._hints[kind, name]

    def _grids(self) -> dict[str, str]:
        """The grids of countries, by the code and the English name that people write for them."""
        if not self._of_countries:
            for plugin, record, _ in self.kept:
                own = _id(record)
                if plugin.first_party and record._kind == "region" and own.startswith("grid:"):
                    self._of_countries |= {
                        own.removeprefix("grid:"): own,
                        str(getattr(record, "name", "")).lower(): own,
                    }
        return self._of_countries


def said_of_names(names: Names, n: int) -> Iterator[Said]:
    """What is to be known of the names of the record of this number, and of those that it uses."""
    plugin, record, _ = names.kept[n]
    own = _id(record)
    aliases = list(getattr(record, "aliases", ()))
    for name in (own, *dict.fromkeys(aliases)):
        yield from _claimed(names, n, name)
    for at, alias in enumerate(aliases):
        if alias in aliases[:at]:
            yield Said(f"{alias} is listed twice", "remove one", key="aliases", given=alias)
        elif alias == own:
            yield Said(f"{alias} is its id already", "remove the alias", key="aliases", given=alias)
    for field, kind in REFERENCES.get(record._kind, {}).items():
        name = getattr(record, field)
        if name is None or (kind, name) in names.reserved:
            continue
        if (kind, name) not in names.claims:
            if f"{kind} {name}" in names.rejected:
                yield Said(f"{name} was rejected", "correct that record first", key=field, given=name)
                continue
            near = names.near(kind, name)
            right = f"did you mean {near}?" if near else "register it, or correct the name"
            what = f"nothing is registered as {name!r}"
            yield Said(what, right, key=field, given=name, expected=near or f"the id of a {kind}")
        elif names.meant(kind, name, plugin) is None:
            options = " or ".join(sorted(f"{d}/{name}" for d in names.distributions(kind, name)))
            what = f"{name} is claimed by several plugins"
            yield Said(what, f"write {options}", key=field, given=name, expected=options)
    if record._kind == "region" and (circle := _circle(names, plugin, record)):
        what = f"{' -> '.join(circle)} is a cycle"
        yield Said(
            what, "the last grid must not have a grid itself", key="grid", given=circle[1], expected="a chain that ends"
        )


def _claimed(names: Names, n: int, name: str) -> Iterator[Said]:
    """What is to be known where somebody else claims a name of a record too."""
    plugin, record, _ = names.kept[n]
    kind, own = record._kind, _id(record)
    reached = f"{plugin.distribution}/{own}"
    prefer = f'[prefer] "{kind}:{name}" = "{plugin.distribution}"'
    if (owner := names.reserved.get((kind, name))) is not None:
        what = f"{name} already belongs to {owner}, which is switched off"
        yield Said(what, f"use {reached}", given=name)
        return
    others = [m for m in names.claims.get((kind, name), ()) if m != n]
    foreign = [names.kept[m][0] for m in others if names.kept[m][0].distribution != plugin.distribution]
    first = next((other for other in foreign if other.first_party), None)
    if first is not None:
        what = f"{name} already belongs to {first.origin}"
        yield Said(what, f"use {reached}, or prefer it in config.toml: {prefer}", given=name)
    elif foreign:
        whose = sorted({_file_or_plugin(other.origin) for other in foreign})
        have = "has" if len(whose) == 1 else "have"
        what = f"{listed(whose)} {have} {name} too, so {name} alone is refused"
        yield Said(what, f"use {reached}, or prefer it in config.toml: {prefer}", given=name)
    same = [names.kept[m][1] for m in others if names.kept[m][0].distribution == plugin.distribution]
    if n in names.claims.get((kind, name), ()):
        if same and name != own:
            what = f"{name} is also an alias of {same[0].subject}, so it refers to neither"
            yield Said(what, "give it to one of them only", key="aliases", given=name)
    else:
        what = f"{name} is the id of {kind} {name}, which it refers to"
        yield Said(what, "remove the alias", key="aliases", given=name)


def _file_or_plugin(origin: str) -> str:
    """What people know a plugin by: a pack is a file of theirs."""
    return f"{origin.removeprefix('pack:')}.toml" if origin.startswith("pack:") else origin


def _circle(names: Names, plugin: Plugin, region: Any) -> list[str]:
    """The ids from a region through its grids to where they begin again; nothing where the chain ends."""
    chain = [region.id]
    name = region.grid
    while name is not None:
        if name in chain:
            return [*chain, name]
        chain.append(name)
        found = names.meant("region", name, plugin)
        name = found.grid if found is not None else None
    return []


def owner_names(record: Any) -> str | None:
    """The name of what a record belongs to, such as the model of a run."""
    return getattr(record, OWNED[record._kind]) if record._kind in OWNED else None


def _id(record: Record) -> str:
    return str(record.id)  # type: ignore[attr-defined]

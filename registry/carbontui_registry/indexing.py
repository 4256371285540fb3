"""What loading found, as the parts of a database that `Catalogue` reads."""

from __future__ import annotations

import json
import sqlite3

from carbontui_registry.figures import Figure, cited
from carbontui_registry.located import latest, located
from carbontui_registry.naming import Names, owner_names, said_of_names
from carbontui_registry.parts import bodies, body_of, put
from carbontui_registry.plugin import (
    FIRST_PARTY,
    KINDS,
    OFFERING,
    OWNED,
    Loaded,
    Plugin,
    name_key,
    of_owner,
    offers_key,
    record_key,
)
from carbontui_registry.records import (
    UNLIKELY_UTILISATION,
    Hardware,
    Measurement,
    Model,
    Offer,
    Record,
    Region,
    TrainingRun,
)
from carbontui_registry.said import Said
from carbontui_registry.serialise import dump
from carbontui_registry.text import clean, did_you_mean, listed, nearest
from carbontui_registry.values import NamedTuple
from carbontui_registry.whole_server import of_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from carbontui_registry.folders import Config


class Judged(NamedTuple):
    """All that loading found, each record held against the others: those that are good, each with its plugin and what
    is unlikely about it; their names; each plugin, first-party ones first, with what is wrong and what is unlikely."""

    kept: list[tuple[Plugin, Record, list[Said]]]
    names: Names
    plugins: list[tuple[Plugin, list[Said], list[Said]]]

    def said(self, origin: str) -> tuple[list[Said], list[Said]]:
        """What is wrong with a plugin, and what is unlikely."""
        return next((wrong, unlikely) for plugin, wrong, unlikely in reversed(self.plugins) if plugin.origin == origin)


def build(loaded: Loaded, connection: sqlite3.Connection) -> None:
    """Put all that loading found into an empty database."""
    judged = judge(loaded)
    put(connection, _record_parts(judged.kept, judged.names))
    rows = [
        (p.origin, p.version, p.distribution, p.first_party, p.off, p.seconds, wrong) for p, wrong, _ in judged.plugins
    ]
    warnings_of = {plugin.origin: unlikely for plugin, _, unlikely in judged.plugins}
    units = [(*key, factor) for key, factor in loaded.units.items()]
    # Warnings are read where they are shown; problems are said at every start.
    put(connection, (("plugins", rows), ("warnings", warnings_of), ("reserved", loaded.reserved), ("units", units)))


def judge(loaded: Loaded) -> Judged:
    """Hold all records that loading found against each other."""
    plugins = {plugin.origin: plugin for plugin in loaded.plugins}
    problems: dict[str, list[Said]] = {}
    unlikely: dict[str, list[Said]] = {}
    kept: list[tuple[Plugin, Record, list[Said]]] = []
    taken: dict[tuple[str, str, str], str] = {}
    hardware = _hardware_by_name(loaded, plugins)
    for origin, record in loaded.records:
        plugin = plugins[origin]
        kind, own = record._kind, str(record.id)  # type: ignore[attr-defined]
        if (kind, own, plugin.distribution) in taken:
            problems.setdefault(origin, []).append(
                Said(
                    f"{taken[kind, own, plugin.distribution]} already has this id; this one is not used",
                    "give it another id, or remove one",
                    given=own,
                    expected="an id of its own",
                    record=record.subject,
                )
            )
            continue
        taken[kind, own, plugin.distribution] = origin
        warnings = list(record.warnings)
        machine = hardware.get(record.hardware) if isinstance(record, TrainingRun) else None
        if isinstance(record, TrainingRun) and record.node_power is not None:
            record, problem = _of_one(record, machine)
            if problem:
                problems.setdefault(origin, []).append(problem)
                continue
        if isinstance(record, TrainingRun) and record.throughput and machine and machine.matrix_peak:
            utilisation = record.throughput.value / machine.matrix_peak.value
            if utilisation > 1:
                what = f"is {utilisation:.0%} of the peak of {record.hardware}"
                problems.setdefault(origin, []).append(_of_throughput(record, what, machine.matrix_peak.value))
                continue
            if utilisation > UNLIKELY_UTILISATION:
                what = f"{utilisation:.0%} of the peak of {record.hardware} is unlikely"
                most = UNLIKELY_UTILISATION * machine.matrix_peak.value
                warnings.append(_of_throughput(record, what, most).of(""))
                if not plugin.first_party:
                    unlikely.setdefault(origin, []).append(warnings[-1].of(record.subject))
        kept.append((plugin, record, warnings))
    # In this order a kind's records follow each other, and a name's are found first-party ones first.
    kept.sort(key=lambda row: (KINDS.index(row[1]._kind), not row[0].first_party))
    # What comes from a cache is a mere text.
    rejected = {getattr(said, "record", "") for plugin in loaded.plugins for said in plugin.problems}
    rejected |= {said.record for of_plugin in problems.values() for said in of_plugin}
    names = Names(kept, loaded.reserved, rejected)
    warned = _held_against_each_other(names)
    said = []
    for p in sorted(loaded.plugins, key=lambda p: (not p.first_party, p.origin)):
        all_warnings = (*p.warnings, *unlikely.get(p.origin, ()), *warned.get(p.origin, ()))
        said.append((p, [*p.problems, *problems.get(p.origin, ())], list(dict.fromkeys(all_warnings))))
    return Judged(kept, names, said)


def _of_throughput(run: TrainingRun, what: str, most: float) -> Said:
    given = "" if run.throughput is None else f"{run.throughput.value:g} FLOP/s"
    right = f"at most {most:g} FLOP/s, for one accelerator"
    return Said(what, key="throughput", given=given, expected=right, record=run.subject)


def unknown_names(config: Config, loaded: Loaded, connection: sqlite3.Connection) -> Iterable[str]:
    """What the configuration names and nothing is called, each with what to do about it."""
    known = list(dict.fromkeys(name for plugin in loaded.plugins for name in (plugin.origin, plugin.distribution)))
    for name in config.off:
        if name not in known:
            near = nearest(name, known)
            right = f"did you mean {near}?" if near else "it is no longer installed, or never was; remove it"
            yield f"plugins.off: no plugin or pack is called {clean(name)!r}; {right}"
    for key, distribution in config.prefer:
        kind, _, name = key.partition(":")
        if kind not in KINDS:
            near = nearest(kind, KINDS)
            right = f"did you mean {near}?" if near else f"kinds are {listed(KINDS)}"
            yield f"prefer: {clean(kind)!r} is not a kind of record; {right}"
        elif distribution not in {plugin.distribution for plugin in loaded.plugins}:
            right = did_you_mean(distribution, {plugin.distribution for plugin in loaded.plugins})
            yield f"prefer: {clean(key)!r}: no plugin is called {clean(distribution)!r}{right or '; remove the line'}"
        elif kind != "measurement" and distribution not in _distributions(connection, kind, name):
            yield f"prefer: {clean(distribution)} has no {kind} {clean(name)!r}; remove the line, or correct the name"


def _distributions(connection: sqlite3.Connection, kind: str, name: str) -> set[str]:
    """The distributions whose records bear a name."""
    numbers = json.loads(body_of(connection, name_key(kind, name)) or b"[]")
    return {json.loads(bodies(connection, [record_key(n)])[0])[4] for n in numbers}


def _held_against_each_other(names: Names) -> dict[str, list[Said]]:
    """What third parties' records are warned of in view of all others, by plugin; each record has its own too."""
    from carbontui_registry.agreement import said_of_figures, said_of_source

    countries: dict[str, str] = {}
    for plugin, record, _ in names.kept:
        if plugin.first_party and isinstance(record, Region) and record.id.startswith("grid:") and len(record.id) == 7:
            countries |= {record.name.lower(): record.id[5:], record.id[5:]: record.id[5:]}
    found: dict[str, list[Said]] = {}
    sources: set[tuple[str, str]] = set()
    for n, (plugin, record, warnings) in enumerate(names.kept):
        if plugin.first_party:
            continue
        said = found.setdefault(plugin.origin, [])
        machine = names.meant("hardware", getattr(record, "hardware", None), plugin)
        for text in (*said_of_names(names, n), *said_of_figures(record, machine, countries)):
            warnings.append(text)
            said.append(text.of(record.subject))
        for source in cited(record):
            if (of_source := said_of_source(source)) and (plugin.origin, of_source) not in sources:
                sources.add((plugin.origin, of_source))
                said.append(of_source)
    return found


def _record_parts(kept: list[tuple[Plugin, Record, list[Said]]], names: Names) -> Iterable[tuple[str, Any]]:
    """The parts that records make: each one, the lists of names, of claims, of lines to choose from, the counts."""
    claims = dict(names.claims)
    for n, (_, record, _) in enumerate(kept):
        if (owner := owner_names(record)) is not None:
            claims.setdefault((of_owner(record._kind), owner), []).append(n)
    reserved = set(names.reserved)
    contested = {
        name: numbers
        for name, numbers in sorted(claims.items())
        if name[0] in KINDS and len({kept[n][0].distribution for n in numbers}) > 1
    }
    counts: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    chains = _Chains(kept)
    briefs: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in KINDS}
    figures: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for n, (plugin, record, warnings) in enumerate(kept):
        kind, own = record._kind, record.id  # type: ignore[attr-defined]
        # An id that somebody else claims too is reached as distribution/id, and files hold it so.
        qualified = not plugin.first_party and ((kind, own) in contested or (kind, own) in reserved)
        shown = f"{plugin.distribution}/{own}" if qualified else own
        yield record_key(n), (kind, own, shown, *_whose(plugin), warnings, dump(record))
        title = getattr(record, "name", None) or getattr(record, "workload", None) or own
        maker = getattr(record, "vendor", None) or getattr(record, "provider", None) or ""
        aliases = " ".join(getattr(record, "aliases", ()))
        country = (getattr(record, "country", None) or "").lower()
        location = getattr(record, "location", None) or ""
        briefs[kind].append((kind, shown, title, maker, aliases, country, location, plugin.origin, plugin.first_party))
        figures[kind].append(json.dumps(brief(chains.located(record) if isinstance(record, Region) else record)))
        counts[kind][plugin.origin] = counts[kind].get(plugin.origin, 0) + 1
    for kind in KINDS:
        yield f"briefs {kind}", briefs[kind]
        # Not JSON within JSON: reading that takes three times as long.
        yield f"figures {kind}", "\n".join(figures[kind]).encode()
    yield "counts", counts
    yield "contested", [(*name, [_whose(kept[n][0])[:2] for n in numbers]) for name, numbers in contested.items()]
    # A name that is not found is held against the list of all: a damaged one never reads as unknown.
    for kind in (*KINDS, *map(of_owner, OWNED)):
        yield f"names {kind}", sorted(key for of_kind, key in claims if of_kind == kind)
    for (kind, key), numbers in claims.items():
        yield name_key(kind, key), numbers
    yield from _offer_parts(kept)
    yield "tool names", [(name, n) for n, (_, record, _) in enumerate(kept) for name in getattr(record, "names", ())]


class _Chains:
    """The grids above each region, by the names that the records use."""

    def __init__(self, kept: list[tuple[Plugin, Record, list[Said]]]) -> None:
        self._regions: dict[str, Region] = {}
        for plugin, record, _ in kept:
            if isinstance(record, Region):
                for name in (record.id, *record.aliases, f"{plugin.distribution}/{record.id}"):
                    self._regions.setdefault(name, record)

    def located(self, region: Region) -> Region:
        """The region with the factor that holds there."""
        above: list[Region] = []
        grid = self._regions.get(region.grid or "")
        while grid is not None and grid is not region and grid not in above:
            above.append(grid)
            grid = self._regions.get(grid.grid or "")
        return located(region, above)


def _offer_parts(kept: list[tuple[Plugin, Record, list[Said]]]) -> Iterable[tuple[str, Any]]:
    """What is offered: by the name of the region, and which hardware and whose regions there are offers of.

    Of a provider all is known where the plugin that brings its regions gives offers.
    """
    by_region: dict[str, list[tuple[Any, ...]]] = {}
    giving: set[str] = set()
    for n, (plugin, record, _) in enumerate(kept):
        if isinstance(record, Offer):
            price = record.price.value if record.price else None
            accelerators = record.accelerators.value if record.accelerators else None
            row = (n, record.hardware, price, accelerators, plugin.distribution, plugin.origin)
            by_region.setdefault(record.region, []).append(row)
            giving.add(plugin.origin)
    complete = {
        record.provider: plugin.origin
        for plugin, record, _ in kept
        if isinstance(record, Region) and record.provider and plugin.origin in giving
    }
    hardware = sorted({row[1] for rows in by_region.values() for row in rows})
    yield OFFERING, {"complete": complete, "hardware": hardware, "regions": sorted(by_region)}
    for region, rows in by_region.items():
        yield offers_key(region), rows


def _whose(plugin: Plugin) -> tuple[str, str, bool]:
    return plugin.origin, plugin.distribution, plugin.first_party


def brief(record: Record) -> dict[str, tuple[float | str, bool]]:
    """What one chooses the record by, under the keys of units, each with whether it is assumed."""
    found: dict[str, Figure | str | None] = {}
    if isinstance(record, Hardware):
        found = {"mean_w": record.power.mean, "tdp_w": record.power.tdp, "peak_flop_per_s": record.matrix_peak}
        found["memory_gib"] = record.memory
        of = next((name for name, figure in record.peak.items() if figure is record.matrix_peak), None)
        found["peak_of"] = of if of not in ("bf16", "fp16") else None
        if record.year is not None:
            found["year"] = str(record.year)
    elif isinstance(record, Region):
        found = {"pue": record.pue}
        if (factor := latest(record.factors)) is not None:
            found = {"gross_gco2e_per_kwh": factor.gross, "net_gco2e_per_kwh": factor.net}
            found |= {"pue": factor.pue or record.pue, "period": factor.period, "coverage": factor.coverage}
        found["country"] = record.country
    elif isinstance(record, Model):
        found = {"params": record.params, "compute_flop": record.compute, "tokens": record.tokens}
    elif isinstance(record, TrainingRun):
        found = {"region": record.region, "period": record.period, "energy_kwh": record.energy}
        found["gross_kgco2e"] = record.gross_co2e
    elif isinstance(record, Offer):
        found = {"accelerators": record.accelerators, "price_usd_per_h": record.price, "period": record.period}
    elif isinstance(record, Measurement):
        found = {"power_w": record.power, "boundary": record.boundary, "work": record.work}
    return {
        key: (what.value, what.basis == "assumed") if isinstance(what, Figure) else (what, False)
        for key, what in found.items()
        if what is not None
    }


def _of_one(run: TrainingRun, machine: Hardware | None) -> tuple[TrainingRun, Said | None]:
    """The run with the power of one accelerator in place of that of a server; or why it has none."""
    if run.power is not None:
        what, right = "power is given too", "give one of them"
        return run, Said(what, right, key="node_power", expected="power or node_power", record=run.subject)
    if machine is None or machine.per_node is None or run.node_power is None:
        what = f"per_node of {run.hardware}, the number of accelerators of its server, is not known"
        right = "give it with the hardware, or give power, for one accelerator"
        return run, Said(what, right, key="node_power", expected="power", record=run.subject)
    power = of_one(run.node_power, machine.per_node)
    return run.replace(power=power, boundary=run.boundary or "system", node_power=None), None


def _hardware_by_name(loaded: Loaded, plugins: dict[str, Plugin]) -> dict[str, Hardware]:
    """Each hardware by the names that mean it alone; first-party names win.

    A name that two third parties claim has none here: neither decides about the runs of the other.
    """
    owners: dict[str, set[str]] = {}
    found: dict[str, Hardware] = {}
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
            if len(claims) == 1:
                found[name] = record
            else:
                found.pop(name, None)
    return found

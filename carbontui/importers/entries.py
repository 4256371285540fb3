"""Entries of logs as scenarios: one a project (an account, a partition), or one a run; and scenarios as entries."""

from __future__ import annotations

from math import fsum

from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.engine.scenario import Scenario
from carbontui.errors import EmptyFile, FileError
from carbontui.importers.clock import month_of
from carbontui.importers.reading import MOST_SCENARIOS, Reading, figures, name_of, note_of, shown, source_of, stem
from carbontui_registry.figures import Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Far above any accelerator or core, in W.
_HIGHEST_POWER = 1e9


def scenarios_of(entries: Iterable[Entry], path: str, reading: Reading, url: str) -> tuple[Scenario, ...]:
    """Entries as scenarios. Raises `FileError` where there are none, or too many."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for number, entry in enumerate(entries):
        setting, labels = entry.setting, entry.labels
        kind = setting._replace(chips=None if setting.chips is None else 1.0)
        what = entry.name if reading.each else labels.group or labels.account or labels.partition
        key: tuple[object, ...] = (number,) if reading.each else (what, labels.partition, kind)
        groups.setdefault(key, []).append(entry)
        if len(groups) > MOST_SCENARIOS:
            raise FileError(
                f"{shown(path)}: makes more than {MOST_SCENARIOS:,} scenarios; carbontui ledger takes any number"
            )
    if not groups:
        raise EmptyFile(f"{shown(path)}: contains no runs")
    log = stem(path)
    return tuple(scenario_of(group, _name(group, log, reading.each), log, url) for group in groups.values())


def _name(entries: list[Entry], log: str, each: bool) -> str:
    first, labels = entries[0], entries[0].labels
    where = labels.group or labels.account or labels.partition
    if each or (len(entries) == 1 and not where):
        return name_of(first.name, log)
    return name_of(f"{where or log} {labels.partition if labels.account else ''}", log)


def scenario_of(entries: list[Entry], name: str, log: str, url: str, count: int = 1) -> Scenario:
    """What the entries add up to, divided by `count`."""
    first = entries[0]
    setting = first.setting
    starts = [entry.start for entry in entries if entry.start is not None]
    source = source_of(setting.tool, f"log {log}", int(month_of(max(starts))[:4]) if starts else None, url or None)
    notes = []
    if count > 1:
        notes.append(f"the mean of {count:,} runs")
    elif len(entries) > 1:
        notes.append(f"{len(entries):,} runs, added up as if run one after another")
    accelerators = setting.chips is not None or setting.power is None
    # Of the runs of a mean those count that state a time; a sum of some would not be that of all.
    timed = [entry for entry in entries if unit_hours_of(entry) is not None]
    untimed = len(entries) - len(timed)
    used, over = (timed, len(timed)) if count > 1 and timed else (entries, count)
    units = {entry.units for entry in used}
    alone = units.pop() if len(units) == 1 else None
    hours = _mean((entry.hours for entry in used), over)
    unit_hours = _mean(map(unit_hours_of, used), over)
    energy = _mean((entry.energy for entry in entries), count)
    gross = _mean((entry.gross for entry in entries), count)
    if setting.chips is None and first.units:
        notes.append(f"{unit_hours or 0:,.4g} core-hours without accelerators")
    if energy is None and any(entry.energy is not None for entry in entries):
        notes.append("energy unknown: not every run has one")
    of_cores = setting.chips is None and (setting.power is not None or (energy is not None and bool(unit_hours)))
    chips = alone if setting.chips is not None or of_cores else None
    whole = chips is not None and chips >= 1 and chips == int(chips)
    carried = figures(
        source,
        chips=(chips if whole else None, "published"),
        duration=(hours or None if whole else None, "measured"),
        chip_hours=(None if whole or (accelerators and setting.chips is None) else unit_hours or None, "derived"),
        pue=(setting.pue or setting.tool_pue, setting.pue_basis if setting.pue else "assumed"),
        gross=(setting.factor, "published"),
    )
    texts: tuple[tuple[str, str], ...] = ()
    if setting.power is not None and energy is None:
        carried += figures(source, power=(setting.power, "published"))
        texts = (("boundary", setting.boundary or "node"),)
    elif energy is not None and setting.energy_of == FACILITY:
        carried += figures(source, energy=(energy, setting.energy_basis))
        if gross is not None and energy and setting.factor is None:
            factor = gross * 1000 / energy
            carried += figures(source, gross=(factor if factor <= 1e6 else None, "derived"))
    elif energy is not None:
        # The energy of all runs over the hours of some is no power that any meter showed.
        own = (setting.chips is not None or chips is not None) and not untimed
        power = energy * 1000 / unit_hours if unit_hours and own else None
        if power is not None and 0 < power <= _HIGHEST_POWER:
            carried += figures(source, power=(power, setting.energy_basis))
            texts = (("boundary", setting.energy_of),)
        else:
            carried += figures(source, it_energy=(energy, setting.energy_basis))
    if any(key == "chips" for key, _ in carried) and setting.chips is None:
        notes.append("chips are CPU cores")
    if untimed and setting.chips is not None:
        notes.append(_of_time(len(timed), len(entries), count > 1 and bool(timed), energy is not None))
    # Estimated as the ledger does.
    by_node = energy is None and setting.power is None and setting.chips is not None and setting.boundary == "node"
    return Scenario(
        name=name,
        boundary="node" if by_node else None,
        hardware=setting.hardware or None,
        region=setting.region or None,
        carried=carried,
        texts=texts,
        note=note_of(notes),
    )


def _of_time(timed: int, runs: int, taken: bool, metered: bool) -> str:
    """Where the chip-hours of runs are from of which not all state a time."""
    if taken:
        return f"chip-hours are the mean of those that state their time, {timed:,} of {runs:,} runs"
    states = "states its time" if timed == 1 else "state their time"
    who = f"{timed:,} of {runs:,} runs {states}" if timed else "no time is stated"
    return f"{who}, so that chip-hours {'follow from energy and power' if metered else 'are unknown'}"


def unit_hours_of(entry: Entry) -> float | None:
    return None if entry.hours is None or entry.units is None else entry.hours * entry.units


def _mean(values: Iterable[float | None], count: int) -> float | None:
    """The sum of the values over a count; None where one of them is unknown."""
    known = []
    for value in values:
        if value is None:
            return None
        known.append(value)
    return fsum(known) / count


def entry_of(scenario: Scenario, tool: str) -> Entry:
    """A scenario that an importer made as an entry of a ledger."""
    carried: dict[str, Figure] = dict(scenario.carried)

    def value(key: str) -> float | None:
        return carried[key].value if key in carried else None

    chips, hours, chip_hours = value("chips"), value("duration"), value("chip_hours")
    if chip_hours is not None and (chips is None or hours is None):
        # What is known is their product.
        chips, hours = 1.0, chip_hours
    power, boundary = value("power"), dict(scenario.texts).get("boundary", "")
    energy, of, basis = value("energy"), FACILITY, carried["energy"].basis if "energy" in carried else "measured"
    if energy is None and power is not None and chips is not None and hours is not None:
        energy, of, basis = power * chips * hours / 1000, boundary, carried["power"].basis
    pue = carried.get("pue")
    setting = Setting(
        scenario.hardware or "",
        scenario.region or "",
        chips,
        boundary=boundary,
        pue=pue.value if pue else None,
        pue_basis=pue.basis if pue else "published",
        factor=value("gross"),
        energy_of=of if energy is not None else "",
        energy_basis=basis,
        tool=tool,
    )
    return Entry(scenario.name, setting, Labels(group=scenario.name), None, hours, chips, energy)

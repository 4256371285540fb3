"""Runs of a ledger as the means of their kinds, which come to what the ledger counted."""

from __future__ import annotations

from math import fsum

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import FACILITY, Entry, Setting
from carbontui.engine.scenario import Scenario
from carbontui.engine.uncertainty import spread_of
from carbontui.importers.entries import scenario_of, unit_hours_of
from carbontui.importers.pair import factor_of, only, rates_of, ratio_of, variance_of
from carbontui.importers.reading import note_of, source_of
from carbontui_registry.figures import Figure
from carbontui_registry.text import listed
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from carbontui_registry.figures import Basis

# Numbers of chips that are named.
_MOST_NUMBERS = 4


class _Kind(NamedTuple):
    """What the runs of a mean have in common; a log's own CO2e is of no run that states none."""

    setting: Setting
    stated: bool


def means_of(ledger: Ledger, rows: NDArray[np.intp], name: str) -> tuple[Scenario, ...]:
    """The mean of many runs, as often as there were runs: a scenario for each hardware, place and kind of figure."""
    groups: dict[_Kind, list[tuple[int, Entry]]] = {}
    for row in rows.tolist():
        entry = ledger.entry(row)
        setting = entry.setting._replace(chips=None if entry.setting.chips is None else 1.0)
        groups.setdefault(_Kind(setting, entry.gross is not None), []).append((row, entry))
    made = []
    for kind, group in groups.items():
        known = [(n, one) for n, one in group if one.energy is not None or unit_hours_of(one) is not None] or group
        entries, count = [one for _, one in known], len(known)
        label = ", ".join((name, *_told_apart(kind, list(groups))))
        one = scenario_of(entries, label, "ledger", "", count)
        one = _as_counted(one, ledger, np.array([row for row, _ in known], dtype=np.intp), entries)
        if left := len(group) - count:
            runs = "1 run states" if left == 1 else f"{left:,} runs state"
            one = one.replace(
                note=note_of([one.note, f"{runs} neither time nor energy and {'is' if left == 1 else 'are'} left out"])
            )
        if count > 1:
            one = one.replace(given=(("count", Figure(float(count), "entered")),))
        made.append(one.replace(group=name if len(groups) > 1 else ""))
    return tuple(made)


def _told_apart(kind: _Kind, kinds: Sequence[_Kind]) -> list[str]:
    """What tells runs of a kind from those of the others, of what people tell runs apart by."""

    def words(of: _Kind) -> tuple[str, ...]:
        one = of.setting
        hardware = one.hardware or ("CPU cores" if one.chips is None else "unknown hardware")
        energy = "" if not one.energy_of else "metered" if one.energy_of == FACILITY else f"{one.energy_of} metered"
        return hardware, one.region, energy or "estimated", one.tool

    own = words(kind)
    told = [word for word, *others in zip(own, *map(words, kinds), strict=True) if word and len(set(others)) > 1]
    return [*told, "CO2e as logged"] if kind.stated and kind._replace(stated=False) in kinds else told


def _as_counted(one: Scenario, ledger: Ledger, rows: NDArray[np.intp], entries: Sequence[Entry]) -> Scenario:
    """With what the ledger counted and a mean run would not be given again: the power of jobs on several numbers of
    chips, a PUE that was assumed, and the factors of the months in which they ran."""
    carried, texts, notes, period = dict(one.carried), dict(one.texts), [one.note], None
    tool = entries[0].setting.tool
    source = next((figure.source for figure in carried.values() if figure.source), source_of(tool, "log ledger"))
    found = rates_of(ledger, rows)
    numbers = sorted({entry.setting.chips for entry in entries if entry.setting.chips is not None})
    estimated = not {"power", "energy", "it_energy"} & carried.keys()
    energy = ledger.sum(rows, "it_energy_kwh") if estimated and len(numbers) > 1 and "chip_hours" in carried else None
    if energy is not None and energy.value:
        power = energy.value * 1000 / (carried["chip_hours"].value * len(rows))
        basis: Basis = "assumed" if energy.basis == "assumed" else "derived"
        carried["power"] = Figure(power, basis, spread_of(variance_of(energy)) or None, source)
        boundary = only(filled.texts.get("boundary", "") for filled in found)
        texts |= {"boundary": boundary} if boundary else {}
        few = len(numbers) <= _MOST_NUMBERS
        chips = f"{listed([f'{number:,g}' for number in numbers])} chips" if few else "various numbers of chips"
        notes.append(f"the power is the mean of the estimates for jobs on {chips}")
    pues = [filled.inputs["pue"] for filled in found if "pue" in filled.inputs]
    whole = fsum(ledger.values("energy_kwh")[rows].tolist())
    # None is assumed for an energy that is carried.
    if "it_energy" in carried and "pue" not in carried and any(pue.basis == "assumed" for pue in pues):
        pue = whole / (carried["it_energy"].value * len(rows)) if carried["it_energy"].value else pues[0].value
        carried["pue"] = ratio_of(ledger, rows, max(1.0, pue), "assumed", ("energy_kwh", "it_energy_kwh"), source)
    if one.region and "gross" not in carried:
        period = only(filled.scenario.period or "" for filled in found)
        if len({filled.scenario.period for filled in found}) > 1:
            factor, coverage = factor_of(ledger, rows, found, source)
            carried |= dict(factor)
            texts |= dict(coverage)
    return one.replace(carried=tuple(carried.items()), texts=tuple(texts.items()), period=period, note=note_of(notes))

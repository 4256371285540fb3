"""Some runs of a ledger as two scenarios: as they were, and the same energy before PUE in another region."""

from __future__ import annotations

from math import fsum, log

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.elsewhere import known_in_both
from carbontui.engine.ledger.entry import FACILITY
from carbontui.engine.scenario import Scenario
from carbontui.engine.totals import Sum
from carbontui.engine.uncertainty import Z90, spread_of
from carbontui.importers.reading import figures, note_of
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Registered
from carbontui_registry.figures import Figure, Source
from carbontui_registry.text import clean, count_of, is_are, listed
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from carbontui.engine.ledger.entry import Setting
    from carbontui.engine.scenario import Filled
    from carbontui_registry.figures import Basis


# Relative spread that no range shows.
_HAIR = 1e-4
# How many kinds of hardware, or regions, are named.
_MOST_NAMED = 3


class Pair(NamedTuple):
    """The two scenarios, and how many of the runs have no figure and are in neither."""

    was: Scenario
    there: Scenario
    unknown: int


def pair_of(ledger: Ledger, there: Ledger, rows: NDArray[np.intp], name: str, region: Registered, metric: str) -> Pair:
    """The sums of some runs as they were and elsewhere. Both hold one energy with one error, which cancels in their
    ratio. Raises `ValueError` where nothing is known of any of the runs."""
    used = rows[known_in_both(ledger, there, rows, METRICS[metric])]
    energy = there.sum(used, "it_energy_kwh")
    if energy is None:
        raise ValueError("no run has an energy that is known before PUE")
    tools = sorted({ledger.kind_settings[kind].tool for kind in np.unique(ledger.kinds[used]).tolist()} - {""})
    source = Source(clean(f"Logs of {listed(tools)}" if tools else "Logs"))
    hours = _chip_hours(ledger, used)
    derived = "" if hours is not None else "not every run states accelerators and a time: chip-hours are derived"
    common = Scenario(
        hardware=only(setting.hardware for setting in _settings(ledger, used)),
        carried=(("it_energy", _energy(ledger, used, energy, source)), *figures(source, chip_hours=(hours, "derived"))),
    )
    unknown = len(rows) - len(used)
    left = (
        f"{unknown:,} of {len(rows):,} runs {is_are(unknown)} unknown in one of the two places and left out of both"
        if unknown
        else ""
    )
    runs = count_of(len(used), "run")
    on, where = _several(ledger, used, "hardware"), _several(ledger, used, "region")
    # A name that says "all" of some would be quoted so.
    name = f"{name}, {len(used):,} of {len(rows):,} runs" if unknown else name
    was = _placed(ledger, used, common, energy.value, source)
    moved = _placed(there, used, common, energy.value, source)
    return Pair(
        was.replace(
            name=name,
            note=note_of(
                [f"the sum of {runs}{f' on {on}' if on else ''}{f' in {where}' if where else ''}", left, derived]
            ),
        ),
        moved.replace(
            name=f"{region.record.name}: {name}",
            note=note_of([f"the energy of {runs}{f' on {on}' if on else ''} before PUE, elsewhere", left, derived]),
        ),
        unknown,
    )


def _energy(ledger: Ledger, used: NDArray[np.intp], energy: Sum, source: Source) -> Figure:
    metered = bool(ledger.has_meter[used].all())
    basis: Basis = "assumed" if energy.basis == "assumed" else "measured" if metered else "derived"
    return Figure(energy.value, basis, spread_of(variance_of(energy)) or None, source)


def variance_of(of: Sum | None) -> float:
    """The variance of the logarithm of a sum, 0 without a range."""
    if of is None or of.interval is None:
        return 0.0
    low, high = of.interval
    return (log(high / low) / 2 / Z90) ** 2


def ratio_of(
    ledger: Ledger, used: NDArray[np.intp], value: float, basis: Basis, keys: tuple[str, str], source: Source
) -> Figure:
    """A PUE or a factor as the ratio of two sums: what the first is less sure of than the second is its error, so that
    the scenario has the range of the sum."""
    above = variance_of(ledger.sum(used, keys[0])) - variance_of(ledger.sum(used, keys[1]))
    # What is assumed has a range, be it a hair's breadth.
    least = _HAIR if basis == "assumed" else None
    return Figure(value, basis, max(spread_of(above), _HAIR) if above > 1e-9 else least, source)


def _chip_hours(ledger: Ledger, used: NDArray[np.intp]) -> float | None:
    """What the logs state; None where one of the runs has no accelerator or no time."""
    hours = fsum(ledger.hours[used].tolist())
    return hours if ledger.of_chips[used].all() and hours == hours and hours > 0 else None


def _settings(ledger: Ledger, used: NDArray[np.intp]) -> list[Setting]:
    return [ledger.kind_settings[kind] for kind in np.unique(ledger.kinds[used]).tolist()]


def _several(ledger: Ledger, used: NDArray[np.intp], by: str) -> str:
    """The hardware or the regions of some runs by name, of many how many; "" where not all are known."""
    names = ledger.names(by)
    found = sorted({getattr(setting, by) for setting in _settings(ledger, used)})
    if "" in found:
        return ""
    kinds = f"{len(found)} {'kinds of hardware' if by == 'hardware' else 'regions'}"
    return listed([names.get(one, one) for one in found]) if len(found) <= _MOST_NAMED else kinds


def only(texts: Iterable[str]) -> str | None:
    """What all of them are, None where they differ."""
    found = set(texts)
    return (found.pop() or None) if len(found) == 1 else None


def _placed(ledger: Ledger, used: NDArray[np.intp], common: Scenario, energy: float, source: Source) -> Scenario:
    """Where the runs were: one place and period, whose figures are looked up, or what those of several come to."""
    settings = _settings(ledger, used)
    found = rates_of(ledger, used)
    period = only(filled.scenario.period or "" for filled in found)
    region = only(setting.region for setting in settings)
    one = region is not None and len({filled.scenario.period for filled in found}) == 1
    facility = any(setting.energy_of == FACILITY for setting in settings)
    told = {setting.pue for setting in settings}
    carried = common.carried
    # Of an energy with the PUE in it there is none that was looked up.
    assumed = any(filled.inputs["pue"].basis == "assumed" for filled in found if "pue" in filled.inputs)
    # None is assumed for an energy that is carried, so one that the ledger assumed is carried too.
    if facility or not one or told != {None} or assumed:
        whole = fsum(ledger.values("energy_kwh")[used].tolist())
        basis: Basis = "assumed" if assumed else "derived"
        if energy and whole == whole:
            pue = ratio_of(ledger, used, max(1.0, whole / energy), basis, ("energy_kwh", "it_energy_kwh"), source)
            carried += (("pue", pue),)
    stated = bool(ledger.by_the_log[used].any())
    texts: tuple[tuple[str, str], ...] = ()
    if stated or not one:
        factor, texts = factor_of(ledger, used, found, source)
        carried += factor
    return common.replace(
        region=region, period=period if one and not stated else None, carried=carried, texts=texts,
        form=only(filled.scenario.form or "" for filled in found),
    )  # fmt: skip


def factor_of(
    ledger: Ledger, used: NDArray[np.intp], found: Sequence[Filled], source: Source
) -> tuple[tuple[tuple[str, Figure], ...], tuple[tuple[str, str], ...]]:
    """The factor that the CO2e of some runs, whose rates were `found`, comes to over their energy, and its coverage."""
    gross, whole = (fsum(ledger.values(key)[used].tolist()) for key in ("gross_kgco2e", "energy_kwh"))
    if not whole or gross != gross:
        return (), ()
    # Several factors are weighted by energies: their mean is as sure as these.
    weighted = len({filled.value("gross") for filled in found}) > 1 or not np.isnan(ledger.stated[used]).all()
    assumed = any("gross" in one.inputs and one.inputs["gross"].basis == "assumed" for one in found) or (
        weighted and bool(ledger.assumed("energy_kwh")[used].any())
    )
    keys = ("gross_kgco2e", "energy_kwh")
    figure = ratio_of(ledger, used, gross / whole * 1000, "assumed" if assumed else "derived", keys, source)
    stated = bool(ledger.by_the_log[used].any())
    coverage = None if stated else only(filled.texts.get("coverage", "") for filled in found)
    return (("gross", figure),), ((("coverage", coverage),) if coverage else ())


def rates_of(ledger: Ledger, used: NDArray[np.intp]) -> list[Filled]:
    """The rates by which some runs were counted, each kind once."""
    kinds = {(int(kind), bool(own)) for kind, own in zip(ledger.kinds[used], ledger.has_meter[used], strict=True)}
    rates = ((ledger.rates[kind], own) for kind, own in kinds)
    return [one.metered or one.planned if own else one.planned for one, own in rates]

"""The account of a ledger: what its runs add up to, in all and by group, with ranges that know which errors are shared.

A run's own meter comes before an estimate, and what a file states before what is looked up.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from carbontui.engine.ledger.entry import EARLIEST, FACILITY, LATEST, LONGEST, Entry, Labels
from carbontui.engine.ledger.lacking import Hourless, Lacking, UsedPue, hourless, lacking, used_pues
from carbontui.engine.ledger.overlap import Overlap, overlap
from carbontui.engine.ledger.rates import Pricing, Rates
from carbontui.engine.ledger.runs import LABELS, Coded, Runs
from carbontui.engine.scenario import Result
from carbontui.engine.totals import Sum, Terms, sums_of
from carbontui.quantities import METRICS, SUMMED, is_strict
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


# What runs may be grouped by.
TIMES, OF_SETTING, KNOWN_BY = ("month", "year"), ("hardware", "region", "tool"), "known_by"
BY = (*TIMES, *LABELS, *OF_SETTING, KNOWN_BY)
# How the energy of a run is known: by its own meter, by an estimate, not at all.
METERED, ESTIMATED, UNKNOWN = "metered", "estimated", "unknown"
# States of jobs that failed; what was cancelled or preempted may have done its work.
FAILED = ("BOOT_FAIL", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "TIMEOUT")


class Covered(Value):
    """The runs that a sum is of: how many, their accelerator-hours and core-hours, and their energy in kWh.

    `without_energy` of them have no energy; where all are so, `energy` is None.
    """

    runs: int
    chip_hours: float
    core_hours: float
    energy: float | None
    without_energy: int


class Part(Value):
    """Some runs, or all of them where `group` is empty: how many, their accelerator-hours and core-hours, and their
    sums by the keys of results.

    `unknown` runs have no figure for the metric, and are in no sum; `share` is of the metric's total. `covered` has for
    each sum the runs that it is of, as one sum may be of more runs than the other. `timeless` runs have no time and no
    part in the hours, which are None where no run of the kind has one.
    """

    group: tuple[str, ...]
    runs: int
    unknown: int
    timeless: int
    chip_hours: float | None
    core_hours: float | None
    sums: dict[str, Sum]
    covered: dict[str, Covered]
    share: float | None = None


class Account(Value):
    """A ledger's totals; `largest` are the numbers of runs, the largest first. `failed`, `idle` and `metered` are
    shares of the metric, None where no run's log says; `mixed` are the boundaries and coverages that were added up. The
    ledger has `everything` runs, which is more than those of the total where the account is of some alone."""

    metric: str
    accounting: str
    by: tuple[str, ...]
    groups: tuple[Part, ...]
    total: Part
    largest: tuple[int, ...]
    failed: float | None
    idle: float | None
    metered: float | None
    unknown_core_hours: float
    mixed: tuple[tuple[str, tuple[str, ...]], ...]
    overlap: Overlap | None
    as_one: bool
    # What the runs without a value lack.
    lacks: Lacking = Lacking()
    everything: int = 0
    # Of the runs with a value, how many have no state, so that nothing says whether they failed.
    stateless: int = 0
    # How many have their gross CO2e from their log, by a carbon factor whose coverage it does not say.
    stated: int = 0
    # The PUEs in the energy of the runs that have one.
    pues: tuple[UsedPue, ...] = ()
    hourless: Hourless = Hourless()


class Ledger:
    """Runs with their rates: the values of each by the keys of results, in engine units, nan where unknown."""

    def __init__(
        self, runs: Runs, catalogue: Catalogue, accounting: str = "lifecycle", *, as_one: bool = False
    ) -> None:
        """With `as_one` the energy of runs that overlap on one machine is that of the machine, once."""
        self.runs = runs
        self.accounting = accounting
        self.overlap = overlap(runs)
        self.as_one = as_one
        self.start, self.time, self.units = (runs.numbers(key) for key in ("start", "hours", "units"))
        with np.errstate(invalid="ignore"):
            odd = (self.start < EARLIEST) | (self.start >= LATEST) | (self.time > LONGEST)
        self.start[odd] = np.nan
        self.months = _months(self.start)
        settings = list(runs.settings)
        of_setting, of_month = runs.setting_numbers, self.months.codes
        pairs, self.kinds = np.unique(
            of_setting.astype(np.int64) * len(self.months.words) + of_month, return_inverse=True
        )
        pricing = Pricing(catalogue, accounting)
        self.kind_settings = [pricing.setting(settings[pair // len(self.months.words)]) for pair in pairs.tolist()]
        self.rates: list[Rates] = [
            pricing.rates(setting, self.months.words[pair % len(self.months.words)])
            for setting, pair in zip(self.kind_settings, pairs.tolist(), strict=True)
        ]
        self.hours = self.time * self.units
        accelerators = np.array([setting.chips is not None for setting in settings], dtype=bool)
        self.of_chips = accelerators[of_setting] if len(settings) else np.zeros(0, dtype=bool)
        shares = self.overlap.shares if as_one and self.overlap is not None else 1.0
        self.energy = runs.numbers("energy") * shares
        self._gross = runs.numbers("gross") * shares
        # Of what coverage a log's own factor is, nobody knows.
        strict = is_strict(accounting)
        self.stated = np.full_like(self._gross, np.nan) if strict else self._gross
        by_factor = np.array([setting.factor is not None and not strict for setting in settings], dtype=bool)
        self.by_the_log = ~np.isnan(self.stated) | (by_factor[of_setting] if len(settings) else False)
        self.has_meter = ~np.isnan(self.energy)
        self._values: dict[str, NDArray[np.float64]] = {}

    def values(self, key: str) -> NDArray[np.float64]:
        """A result of each run."""
        if key not in self._values:
            planned, metered = (
                np.array([rate.value if rate is not None else np.nan for rate in self._rates(key, metered=metered)])
                for metered in (False, True)
            )
            by_meter = self.has_meter & (key != "cost_usd")
            values = np.where(by_meter, metered[self.kinds] * self.energy, planned[self.kinds] * self.hours)
            if key == "gross_kgco2e":
                values = np.where(np.isnan(self.stated), values, self.stated)
            self._values[key] = values
        return self._values[key]

    def assumed(self, key: str) -> NDArray[np.bool_]:
        """Whether a result of each run rests on an assumption; what a log states does not."""
        planned, metered = (
            np.array([rate is not None and rate.basis == "assumed" for rate in self._rates(key, metered=metered)], bool)
            for metered in (False, True)
        )
        found = np.where(self.has_meter & (key != "cost_usd"), metered[self.kinds], planned[self.kinds])
        if key == "gross_kgco2e":
            found &= np.isnan(self.stated)
        return found

    def names(self, by: str) -> dict[str, str]:
        """What hardware or regions are called, by their ids; nothing of another column."""
        if by not in ("hardware", "region"):
            return {}
        records = (getattr(rates.planned, by) for rates in self.rates)
        return {record.id: record.record.name for record in records if record is not None}

    def _rates(self, key: str, *, metered: bool) -> list[Result | None]:
        return [rates.of(key, metered=metered) for rates in self.rates]

    def rows(self, by: Sequence[str], group: tuple[str, ...] | None) -> list[int]:
        """The numbers of the runs of a group, or of all where it is None."""
        if group is None:
            return list(range(len(self.runs)))
        of = np.ones(len(self.runs), dtype=bool)
        for one, text in zip(by, group, strict=True):
            column = self.column(one)
            of &= np.array([word == text for word in column.words], dtype=bool)[column.codes]
        rows: list[int] = np.flatnonzero(of).tolist()
        return rows

    def entry(self, row: int) -> Entry:
        """A run as it was read, with the energy that counts."""
        runs = self.runs
        labels = Labels(*(column.words[column.codes[row]] for column in map(runs.label, LABELS)))
        setting = self.kind_settings[int(self.kinds[row])]
        energy, gross, units = (_known(values[row]) for values in (self.energy, self._gross, self.units))
        hours, start = (_known(values[row]) for values in (self.time, self.start))
        return Entry(runs.names[row], setting, labels, start, hours, units, energy, gross)

    def column(self, by: str) -> Coded:
        """What a run is grouped by. Raises `KeyError`."""
        if by in LABELS:
            return self.runs.label(by)
        if by == "month":
            return self.months
        if by == "year":
            words = [word[:4] for word in self.months.words]
            distinct = list(dict.fromkeys(words))
            codes = np.array([distinct.index(word) for word in words], dtype=np.int32)
            return Coded(codes[self.months.codes], distinct)
        if by == KNOWN_BY:
            known = ~np.isnan(self.values("energy_kwh"))
            return Coded(
                np.where(self.has_meter, 0, np.where(known, 1, 2)).astype(np.int32), [METERED, ESTIMATED, UNKNOWN]
            )
        if by not in OF_SETTING:
            raise KeyError(by)
        return self.runs.of_settings([getattr(setting, by) for setting in self.runs.settings])

    def account(
        self, by: Sequence[str] = (), metric: str = "gross", top: int = 10, rows: NDArray[np.intp] | None = None
    ) -> Account:
        """The totals, in all and by the values of one or several columns; with `rows` of these runs alone."""
        key = METRICS[metric]
        some = np.arange(len(self.runs)) if rows is None else rows
        values = self.values(key)[some]
        (total,) = self._parts([((), some)], metric, SUMMED)
        whole = total.sums[key].value if key in total.sums else 0.0
        groups = self._parts(self.groups(by, rows), metric, list(dict.fromkeys(("energy_kwh", key))), whole)
        # Ranges are drawn, and of the same runs no two should be seen.
        groups = [
            part.replace(sums={one: total.sums[one] for one in part.sums}) if part.runs == total.runs else part
            for part in groups
        ]
        timed = bool(by) and by[0] in TIMES
        groups.sort(key=lambda part: (part.group[:1] if timed else (), -_sum(part, key), part.group))
        order = np.argsort(-np.nan_to_num(values, nan=-1.0), kind="stable")[:top]
        state, idle = self.runs.label("state"), self.runs.numbers("idle")[some]
        states = state.codes[some]
        failed = np.array([word in FAILED for word in state.words], dtype=bool)
        told = np.array([bool(word) for word in state.words], dtype=bool)
        lost = some[np.isnan(values) & ~self.of_chips[some]]
        return Account(
            metric,
            self.accounting,
            tuple(by),
            tuple(groups),
            total,
            tuple(int(some[at]) for at in order if not np.isnan(values[at])),
            _share(values, failed[states], told[states]),
            _share(values, idle == 1, ~np.isnan(idle)),
            _share(values, self.has_meter[some], np.ones(len(values), dtype=bool)),
            fsum(np.nan_to_num(self.hours[lost]).tolist()),
            self._mixed(some),
            self.overlap,
            self.as_one,
            lacking(self, values, some),
            len(self.runs),
            int((~np.isnan(values) & ~told[states]).sum()),
            int((self.by_the_log[some] & ~np.isnan(self.values("gross_kgco2e")[some])).sum()),
            used_pues(self, some),
            hourless(self, some),
        )

    def groups(
        self, by: Sequence[str], rows: NDArray[np.intp] | None = None
    ) -> list[tuple[tuple[str, ...], NDArray[np.intp]]]:
        """The runs of each group, by their numbers; with `rows` of these alone."""
        some = np.arange(len(self.runs)) if rows is None else rows
        if not by or not len(some):
            return []
        columns = [self.column(one) for one in by]
        codes = np.zeros(len(some), dtype=np.int64)
        for column in columns:
            # Of what occurs alone, as the product of many columns passes the largest integer.
            codes = np.unique(codes * len(column.words) + column.codes[some], return_inverse=True)[1]
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        return [
            (tuple(column.words[column.codes[own[0]]] for column in columns), own)
            for own in (some[places] for places in np.split(order, starts[1:]))
        ]

    def _parts(
        self, groups: Sequence[tuple[tuple[str, ...], NDArray[np.intp]]], metric: str, keys: Sequence[str],
        whole: float | None = None,
    ) -> list[Part]:  # fmt: skip
        """The sums of some groups; their ranges are found together."""
        found = {(n, key): self._terms(rows, key) for n, (_, rows) in enumerate(groups) for key in keys}
        known = {at: terms for at, terms in found.items() if terms is not None}
        sums = dict(zip(known, sums_of(list(known.values())), strict=True))
        metric_key, made = METRICS[metric], []
        for n, (group, rows) in enumerate(groups):
            own = {key: sums[n, key] for key in keys if (n, key) in sums}
            unknown = int(np.isnan(self.values(metric_key)[rows]).sum())
            share = own[metric_key].value / whole if whole and metric_key in own else None
            timeless = int(np.isnan(self.hours[rows]).sum())
            covered = {key: self._covered(rows, key) for key in own}
            chip_hours, core_hours = self._hours(rows)
            made.append(Part(group, len(rows), unknown, timeless, chip_hours, core_hours, own, covered, share))
        return made

    def _hours(self, rows: NDArray[np.intp]) -> tuple[float | None, float | None]:
        """Accelerator-hours and core-hours of some runs, None where such runs are there and none has a time."""
        hours, chips = self.hours[rows], self.of_chips[rows]
        timed = ~np.isnan(hours)
        of_chips, of_cores = (
            None if some.any() and not (some & timed).any() else fsum(hours[some & timed].tolist())
            for some in (chips, ~chips)
        )
        return of_chips, of_cores

    def _covered(self, rows: NDArray[np.intp], key: str) -> Covered:
        """The runs, of some, that a sum of a result is of."""
        some = rows[~np.isnan(self.values(key)[rows])]
        energies = self.values("energy_kwh")[some]
        known = energies[~np.isnan(energies)]
        chip_hours, core_hours = (hours or 0.0 for hours in self._hours(some))
        energy = fsum(known.tolist()) if len(known) else None
        return Covered(len(some), chip_hours, core_hours, energy, len(some) - len(known))

    def sum(self, rows: NDArray[np.intp], key: str) -> Sum | None:
        """The sum of a result over the runs that have it; None where none has."""
        return self.sums([rows], key)[0]

    def sums(self, groups: Sequence[NDArray[np.intp]], key: str) -> list[Sum | None]:
        """The sums of a result over the runs of each group that have it, None where none has."""
        terms = [self._terms(rows, key) for rows in groups]
        found = iter(sums_of([one for one in terms if one is not None]))
        return [None if one is None else next(found) for one in terms]

    def _terms(self, rows: NDArray[np.intp], key: str) -> Terms | None:
        """The results that a sum over the runs that have one is of."""
        values = self.values(key)[rows]
        known = ~np.isnan(values)
        if not known.any():
            return None
        values, rows = values[known], rows[known]
        kinds = len(self.rates)
        # A run's own meter and its hours are two kinds, with errors of their own, and what is stated has none.
        how = np.where(self.has_meter[rows] & (key != "cost_usd"), kinds, 0) + self.kinds[rows]
        if key == "gross_kgco2e":
            how = np.where(np.isnan(self.stated[rows]), how, 2 * kinds)
        numbers, of = np.unique(how, return_inverse=True)
        results = [
            None if number == 2 * kinds else self.rates[number % kinds].of(key, metered=number >= kinds)
            for number in numbers.tolist()
        ]
        basis = "assumed" if any(one is not None and one.basis == "assumed" for one in results) else "derived"
        parts = np.bincount(of, weights=values).tolist()
        factors = [one.factors if one is not None else {} for one in results]
        return Terms(fsum(values.tolist()), basis, list(zip(factors, parts, strict=True)))

    def _mixed(self, some: NDArray[np.intp]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Boundaries of power and coverages of factors, where there are several."""
        used = set(zip(self.kinds[some].tolist(), self.has_meter[some].tolist(), strict=True))
        found: dict[str, set[str]] = {"boundary": set(), "coverage": set()}
        for kind, metered in used:
            filled = self.rates[kind].metered if metered else self.rates[kind].planned
            if filled is None or "energy_kwh" not in filled.results:
                continue
            setting = self.kind_settings[kind]
            boundary = setting.boundary if metered and setting.energy_of == FACILITY else filled.texts.get("boundary")
            for text, value in (("boundary", boundary), ("coverage", filled.texts.get("coverage"))):
                if value:
                    found[text].add(value)
        return tuple((text, tuple(sorted(values))) for text, values in found.items() if len(values) > 1)


def _known(value: float) -> float | None:
    return None if value != value else float(value)


def _months(start: NDArray[np.float64]) -> Coded:
    """The month of each time, as `2026-01`; "" where it is unknown."""
    known = ~np.isnan(start)
    months = np.nan_to_num(start).astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    months = np.where(known, months, np.iinfo(np.int32).min)
    distinct, codes = np.unique(months, return_inverse=True)
    least = np.iinfo(np.int32).min
    words = ["" if month == least else str(np.datetime64(int(month), "M")) for month in distinct.tolist()]
    return Coded(codes.astype(np.int32), words or [""])


def _sum(part: Part, key: str) -> float:
    return part.sums[key].value if key in part.sums else 0.0


def _share(values: NDArray[np.float64], of: NDArray[np.bool_], told: NDArray[np.bool_]) -> float | None:
    """The part of the values that some runs have, of those whose log says; None where none says."""
    known = np.nan_to_num(values)
    whole = float(known[told].sum())
    return float(known[told & of].sum()) / whole if whole else None

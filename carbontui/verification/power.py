"""The power of accelerators as a law: which measurements it is fitted to, and each predicted without its source.

`docs/estimates.md` says why the law has this form; `random_effects` has the model.
"""

from __future__ import annotations

from math import inf, log
from operator import attrgetter

from carbontui.engine import calibration
from carbontui.engine.calibration import BySize, Estimate, rounded
from carbontui.engine.uncertainty import interval90
from carbontui.verification.random_effects import Fit, Interval, fit_classes, lognormal, slope_of
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Machines at work throughout, whose logarithms vary alike; and accelerators alone, whose shares do.
STEADY = ("server", "older-server", "tpu", "large")
NODE = ", node"
# The figures of `calibration` that the measurements give, and what people call them.
NAMES = {
    "SERVER": "GPU server of 2020 and later",
    "ANY_MODEL": "4 to 8 accelerators of a server, size of the model unknown",
    "ANY_MODEL_ALONE": "the same, the accelerators alone",
    "OLDER_SERVER": "older GPU server",
    "TPU": "TPU",
    "LARGE": "accelerator, large training",
    "BATCHES": "accelerator, serving in batches",
    "FEW": "a few accelerators, size of the model unknown",
    "FEW_BY_SIZE": "a few accelerators, 100 M parameters",
}


class Measured(Value):
    """A measurement or a run of a calibration: its ratio to TDP or peak, what it is grouped by, and its source; of a
    measurement its class, the parameters of its model and the accelerators that worked together as well."""

    record: Registered
    group: str
    ratio: float
    source: str
    of: str = ""
    params: float | None = None
    chips: float = 1.0


class Law(Value):
    """All that the measurements give: the models of steady machines, of batches and of trainings by size, on the scale
    of `calibration.share`, and of trainings of unknown size, on a few accelerators and on a whole server."""

    steady: dict[str, Fit]
    jobs: dict[str, Fit]
    slope: float
    few: Fit
    whole: Fit

    def ends(self, of: str, params: float | None) -> Interval:
        """The 90 % range of one more source's measurement of a class."""
        if of in STEADY:
            return self.steady[of].predict()
        if of == "any-model":
            return self.whole.predict()
        if of.endswith(NODE):
            alone = self.ends(of.removesuffix(NODE), params)
            there = calibration.at_node(calibration.between(alone.low, alone.high))
            return _interval(*interval90(there.median, there.spread))
        if of == "few" and params is not None:
            law, largest = self.by_size(), self.steady["large"].predict().median
            return _interval(*calibration.by_size(law, largest, params))
        median, half = (self.few if of == "few" else self.jobs[of]).ends()
        return _interval(calibration.of_share(median - half), calibration.of_share(median + half))

    def by_size(self) -> BySize:
        """The law of trainings by size."""
        median, half = self.jobs["few"].ends()
        return BySize(calibration.of_share(median), self.slope, half)


def _interval(low: float, high: float) -> Interval:
    return Interval((low * high) ** 0.5, low, high)


def measurements(catalogue: Catalogue) -> list[Measured]:
    """The first-party measurements that have a class, over the TDP of the boards."""
    found = []
    for one in catalogue.all("measurement"):
        hardware = catalogue.named_by(one, "hardware", one.record.hardware)
        if not (one.first_party and hardware and hardware.first_party):
            continue
        tdp = one.record.tdp or hardware.record.power.tdp
        if tdp is None or tdp.basis == "assumed":
            continue
        record = one.record
        chips = record.accelerators.value if record.accelerators else 1.0
        of = class_of(record.boundary, record.work, chips, calibration.machine(hardware.record, False))
        if record.boundary == "system" and tdp.value < calibration.SMALL_CARD:
            of = "small-card"
        params = record.params.value if record.params else None
        if of:
            ratio = record.power.value / tdp.value
            found.append(Measured(one, hardware.id, ratio, record.source.id or record.source.title, of, params, chips))
    return found


def class_of(boundary: str, work: str | None, chips: float, kind: str) -> str:
    """The class of a measurement; "" where it is in none."""
    if work not in ("training", "serving"):
        return ""
    if boundary == "system":
        return kind
    of = "batches" if work == "serving" else "few" if chips <= calibration.FEW_CHIPS else "large"
    return of if boundary == "accelerator" else f"{of}{NODE}"


def law(measured: Sequence[Measured]) -> Law:
    """The law of these measurements. Raises `ValueError` where there are too few."""
    by_class: dict[str, list[Measured]] = {}
    for one in measured:
        by_class.setdefault(one.of, []).append(one)
    few = by_class.get("few", [])
    sized = [(log(one.params / 1e8), one) for one in few if one.params is not None]
    slope = slope_of([(size, calibration.share(one.ratio)) for size, one in sized])
    at = {id(one): slope * size for size, one in sized}

    def shares(of: Iterable[Measured], apart: Callable[[Measured], float] = lambda _: 0.0) -> dict[str, list[float]]:
        return grouped(of, SOURCE, lambda one: calibration.share(one.ratio) - apart(one))

    jobs = {"few": shares((one for _, one in sized), lambda one: at[id(one)])}
    jobs["batches"] = shares(by_class.get("batches", []))

    def ratios(*classes: str) -> dict[str, dict[str, list[float]]]:
        return {of: grouped(by_class.get(of, []), SOURCE, lambda one: log(one.ratio)) for of in classes}

    steady = fit_classes(ratios("server", "large"))
    # One source measured all older machines; how far another one would lie from it, servers of today tell.
    steady |= fit_classes(ratios("older-server", "tpu"), apart=steady["server"])
    whole = grouped(on_whole_servers(measured), SOURCE, lambda one: log(one.ratio))
    few_of_any = fit_classes({"few": shares(few)})["few"]
    return Law(steady, fit_classes(jobs, slopes=1), slope, few_of_any, fit_classes({"": whole})[""])


def on_whole_servers(measured: Iterable[Measured]) -> Iterator[Measured]:
    """The trainings on 4 to 8 accelerators at the wall: as measured there, or of the accelerators alone with the host's
    share."""
    for one in measured:
        if calibration.WHOLE_SERVER <= one.chips <= calibration.FEW_CHIPS and one.record.record.work == "training":
            if one.of == "server":
                yield one.replace(of="any-model")
            elif one.of == "few":
                yield one.replace(of="any-model", ratio=one.ratio + calibration.HOST_SHARE)


def _without_host(whole: Estimate) -> Estimate:
    """What the accelerators of a server draw over their TDP, which is at most their limit."""
    median = whole.median - calibration.HOST_SHARE
    return lognormal(Interval(median, 0.0, inf), limit=calibration.LIMIT)


# What measurements are grouped by, and what is left out with one: its source, or its hardware.
SOURCE, HARDWARE = attrgetter("source"), attrgetter("group")


def grouped(
    of: Iterable[Measured], by: Callable[[Measured], str], value: Callable[[Measured], float]
) -> dict[str, list[float]]:
    """A value of each, by group."""
    groups: dict[str, list[float]] = {}
    for one in of:
        groups.setdefault(by(one), []).append(value(one))
    return groups


def left_out(
    measured: Sequence[Measured], classes: Sequence[str], by: Callable[[Measured], str]
) -> list[tuple[Measured, Interval]]:
    """Each measurement of some classes predicted by all of other sources, or on other hardware.

    Raises `ValueError` or `KeyError` if these are too few.
    """
    laws: dict[str, Law] = {}
    found = []
    whole = on_whole_servers(measured) if "any-model" in classes else ()
    for one in (*measured, *whole):
        if one.of in classes:
            if by(one) not in laws:
                laws[by(one)] = law([other for other in measured if by(other) != by(one)])
            found.append((one, laws[by(one)].ends(one.of, one.params)))
    return found


def fitted(found: Law) -> dict[str, Estimate | BySize]:
    """Each figure of `calibration` as the measurements give it, by its name there."""

    def between(of: str) -> Estimate:
        ends = found.ends(of, None)
        return rounded(calibration.between(ends.low, ends.high))

    size = found.by_size()
    return {
        "SERVER": lognormal(found.steady["server"].predict()),
        "ANY_MODEL": (whole := lognormal(found.whole.predict())),
        "ANY_MODEL_ALONE": _without_host(whole),
        "OLDER_SERVER": lognormal(found.steady["older-server"].predict()),
        "TPU": lognormal(found.steady["tpu"].predict()),
        "LARGE": lognormal(found.steady["large"].predict(), limit=calibration.LIMIT),
        "BATCHES": between("batches"),
        "FEW": between("few"),
        "FEW_BY_SIZE": BySize(*(round(value, 2) for value in (size.median, size.slope, size.half))),
    }

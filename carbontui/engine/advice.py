"""Advice: the changes to a job that save most, one of each kind, with how sure that is.

A change is the best of its kind that the limits leave: the best cell of a sweep over regions, over those of the job's
own provider, of its own country, or of both, over hardware, or over hardware and regions; the best start by the
region's mean day; half the trials of a search. What the job and the changed job share, such as the power of the same
hardware, cancels in their ratio, so that its range is that of what differs.
"""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.best_start import When, when
from carbontui.engine.comparison import Ratio, ratio
from carbontui.engine.machine import at_a_desk
from carbontui.engine.planned import planned
from carbontui.engine.run_choice import OWN
from carbontui.engine.scenario import Filled, Note, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.sweep import Limits, Sweep, SweepQuestion
from carbontui.engine.sweep.question import countries
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.figures import Figure
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

PLACE, NEAR, HOME, HERE, HARDWARE, BOTH = (
    *("region", "provider's region", "region in the country", "provider's region in the country"),
    *("hardware", "hardware and region"),
)
START, TRIALS = "start", "trials"
KINDS = (PLACE, NEAR, HOME, HERE, HARDWARE, BOTH, START, TRIALS)
# Kinds that leave the hardware as it is, and those of them that leave something of the place.
_PLACES = (PLACE, NEAR, HOME, HERE)
_SAME = {NEAR: ("provider",), HOME: ("country",), HERE: ("provider", "country")}
# The place that changes least is named as long as there are no more changes than these.
_ENOUGH = 5
_NONE = Limits()
# Another machine in another place is worth a line where it saves this much more than either alone.
_WORTH_BOTH = 0.9
# A start that saves less is lost in what a day differs from the mean one.
_LEAST_SAVED = 0.005


class Change(Value):
    """A change of a kind of `KINDS`: the job changed, its metric over that of the job as it is, and what it saves of
    it in engine units. `offer` is why it can be had; of a start `day` has the region's mean day, and the job stays."""

    kind: str
    scenario: Scenario
    filled: Filled
    ratio: Ratio
    saves: float
    day: When | None = None
    offer: Registered | None = None

    @property
    def sure(self) -> bool:
        """Whether the 90 % range of the ratio is all below 1."""
        return self.ratio.interval is None or self.ratio.interval[1] < 1


class Advice(Value):
    """What saves most of a metric: changes that surely save, largest first; those that may not; and by kind why there
    is none, as a code of `text.advice`. Of a job that is `impossible` the note that says why, and no change.
    `most_days` is the limit of days."""

    own: Filled
    metric: str
    accounting: str
    changes: tuple[Change, ...]
    doubtful: tuple[Change, ...]
    without: dict[str, str]
    impossible: Note | None = None
    most_days: float | None = None

    @property
    def known(self) -> bool:
        """Whether the metric of the job as it is is known, without which nothing can be said."""
        return METRICS[self.metric] in self.own.results


def advise(
    asked: Scenario,
    catalogue: Catalogue,
    *,
    metric: str = "gross",
    accounting: str = "lifecycle",
    limits: Limits = _NONE,
    keep: Collection[str] = (),
) -> Advice:
    """The changes that save most of a job's `metric`; none of a kind in `keep`, none that breaks a limit.

    Raises `UnknownName` and `ScenarioError` as `fill` and a sweep do.
    """
    own = planned(asked, catalogue, accounting)
    asked = own.scenario
    # A sweep that refuses it is one that finds nothing.
    countries(limits.within, catalogue)
    if (impossible := _impossible(own)) is not None:
        return Advice(own, metric, accounting, (), (), {}, impossible)
    key = METRICS[metric]
    found: list[Change] = []
    without: dict[str, str] = {}
    widest: Sweep | None = None

    def judge(
        kind: str, changed: Filled, relative: Ratio | None, day: When | None = None, offer: Registered | None = None
    ) -> None:
        value = own.result(key)
        # What a sweep finds where nothing changes differs only by what it leaves out of the job.
        stays = kind in (HARDWARE, BOTH, *_PLACES) and (changed.hardware, changed.region) == (own.hardware, own.region)
        if relative is None or value is None or relative.value >= 1 or stays:
            without[kind] = "best-already" if limits == _NONE else "best-allowed"
        else:
            found.append(Change(kind, changed.scenario, changed, relative, value * (1 - relative.value), day, offer))

    hours, chips, most = own.value("duration"), own.value("chips"), limits.max_days
    too_long = hours is not None and chips is not None and most is not None and hours > 24 * most
    none_possible = "too-long" if too_long else "none-possible"
    # Hardware and region together are all that the other sweeps choose from.
    for kind in sorted(KINDS, key=lambda kind: kind != BOTH):
        if barred := _barred(kind, own, metric, keep):
            without[kind] = barred
        elif kind == START:
            day = when(own, catalogue)
            if day is None:
                without[kind] = "no-profile"
            elif day.saving < _LEAST_SAVED:
                without[kind] = "no-matter"
            elif not _within(own, limits, catalogue):
                without[kind] = none_possible
            else:
                judge(kind, own, Ratio(day.best.relative, None), day)
        elif kind == TRIALS:
            half = disclosure.count(own) // 2
            fewer = fill(asked.give("count", Figure(half, "entered")), catalogue, accounting)
            if _within(fewer, limits, catalogue):
                judge(kind, fewer, ratio(fewer, own, key))
            else:
                without[kind] = none_possible
        else:
            question = SweepQuestion((asked,), objective=metric, accounting=accounting, limits=limits, to_rent=True)
            sweep = _sweep(kind, own, question, catalogue, widest)
            best = sweep.survey(1).best if sweep is not None else []
            if sweep is None or not best:
                timeless = limits.replace(max_days=None)
                by_time = sweep is not None and sweep.asked(metric, timeless).survey(1).possible
                without[kind] = none_possible if by_time else "none-possible"
            else:
                at = best[0].machine, best[0].place
                changed = sweep.filled(*at)
                judge(kind, changed, ratio(changed, own, key), offer=sweep.offers.offer(*at))
            widest = widest or sweep
    if "too-long" in without.values():
        # Elsewhere, on as many chips, it takes as long.
        without = {kind: "too-long" if code == "none-possible" else code for kind, code in without.items()}
    single = min((one.ratio.value for one in found if one.kind in (PLACE, HARDWARE)), default=1.0)
    worth = [
        one
        for n, one in enumerate(found)
        if not (one.kind == BOTH and one.ratio.value >= _WORTH_BOTH * single)
        and not (one.kind in _PLACES and any(_same_place(one, other) for other in found[:n]))
    ]
    if len(worth) > _ENOUGH:
        worth = [one for one in worth if one.kind != HERE]
    worth.sort(key=lambda one: one.ratio.value)
    sure, doubtful = [one for one in worth if one.sure], [one for one in worth if not one.sure]
    return Advice(own, metric, accounting, tuple(sure), tuple(doubtful), without, None, limits.max_days)


def _impossible(own: Filled) -> Note | None:
    """What makes a job that its user described impossible: faster than the hardware, where no precision of fewer bits
    is said to be why."""
    if own.status != OWN or own.scenario.precision is not None:
        return None
    return next((note for note in own.notes if note.code == "unlikely-utilisation" and note.values[0] > 1), None)


def _within(one: Filled, limits: Limits, catalogue: Catalogue) -> bool:
    """Whether a job keeps the limits; what is unknown of it keeps none."""
    within = countries(limits.within, catalogue)
    if within and (one.region is None or one.region.record.country not in within):
        return False
    values = [(one.result(METRICS[metric]), most) for metric, most in limits.most().items()]
    if limits.max_chips is not None:
        values.append((one.value("chips"), limits.max_chips))
    if limits.min_memory is not None:
        memory = one.hardware.record.memory if one.hardware is not None else None
        if memory is None or memory.value < limits.min_memory:
            return False
    return all(value is not None and value <= most for value, most in values)


def _same_place(one: Change, other: Change) -> bool:
    """Whether two changes of the place alone lead to the same one."""
    return other.kind in _PLACES and one.filled.region == other.filled.region


def _barred(kind: str, own: Filled, metric: str, keep: Collection[str]) -> str:
    """Why a kind of change is not looked for, "" where it is."""
    if kind in keep or (kind in _PLACES and PLACE in keep) or (kind == BOTH and {PLACE, HARDWARE} & set(keep)):
        return "kept"
    if METRICS[metric] not in own.results:
        return "unknown"
    if kind == TRIALS:
        return "" if disclosure.count(own) >= 2 else "one-run"
    if kind == START:
        return "" if metric in ("gross", "net") else "no-matter"
    if own.hardware is None:
        return "own-hardware"
    if at_a_desk(own):
        return "at-a-desk"
    if kind in (HARDWARE, BOTH) and own.value("compute") is None:
        return "no-work"
    if kind == HARDWARE and own.region is None:
        return "no-region"
    for part in _SAME.get(kind, ()):
        if own.region is None or getattr(own.region.record, part) is None:
            return f"no-{part}"
    return ""


def _sweep(kind: str, own: Filled, question: SweepQuestion, catalogue: Catalogue, before: Sweep | None) -> Sweep | None:
    """A sweep of what the kind changes; None where the limits leave no hardware or no region."""
    if kind in _PLACES and own.hardware is not None:
        question = question.replace(hardware=(own.hardware.id,))
    if kind == HARDWARE and own.region is not None:
        question = question.replace(regions=(own.region.id,))
    if kind in _SAME and own.region is not None:
        centres = [one for one in catalogue.all("region") if one.record.provider]
        for part in _SAME[kind]:
            wanted = getattr(own.region.record, part)
            centres = [one for one in centres if getattr(one.record, part) == wanted]
        question = question.replace(regions=tuple(one.id for one in centres))
    try:
        return Sweep(question, catalogue, before)
    except ScenarioError:
        return None

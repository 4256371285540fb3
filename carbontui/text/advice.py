"""Advice in a table, and as data."""

from __future__ import annotations

from math import ceil

from carbontui.engine.advice import BOTH, HARDWARE, HERE, HOME, NEAR, PLACE, START, TRIALS, Advice, Change
from carbontui.engine.scenario import Filled, Note, short_hardware_name
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.text.notes import missing_text
from carbontui.text.table import Column, part_name, render, wrapped
from carbontui_registry.text import count_of, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Why there is no change of a kind, by the codes of `Advice.without`; the other codes need no reason.
WITHOUT = {
    "best-already": "no better {kind}",
    "best-allowed": "no better {kind} within the limits",
    "none-possible": "no {kind} fits the limits, or none is known to be available",
    "too-long": "on {chips} this takes {time}; {limit:g} d would need {need} of this speed (no {kind} fits it)",
    "no-profile": "no start: no mean day is known for this region",
    "no-work": "no other {kind}: that needs tokens or compute (hours alone are not enough)",
    "no-region": "no other hardware: the job has no region",
    "own-hardware": "no other {kind}: your own hardware has no offers",
    "at-a-desk": "no other {kind}: not suggested for a workstation, consumer card or laptop",
}
NOTHING = "no change is certain to save anything"
# Kinds of change in words, where these are not the kinds' own names.
_IN_WORDS = {
    NEAR: "region of the same provider",
    HOME: "region in the same country",
    HERE: "region of the same provider in the same country",
    BOTH: "combination of hardware and region",
}
# What is true of these kinds is true of a kind: where nothing can be said of any region, nothing can of some.
_IMPLIED_BY = {BOTH: (HARDWARE,), NEAR: (PLACE,), HOME: (PLACE,), HERE: (PLACE, NEAR, HOME)}


def what(change: Change) -> str:
    """The change in a few words: `region: Azure Norway East`, and what it keeps of the job's place: `AWS region in US:
    Oregon`."""
    if change.kind == START and change.day is not None:
        return f"start: at {change.day.best.hour:02}:00 ({change.day.time_zone})"
    if change.kind == TRIALS:
        count = change.filled.inputs["count"].value
        # What they cost is as many times less; half of an odd number is none.
        before = round(count / change.ratio.value)
        return f"count: {count:,.0f} ({'half the' if before == 2 * count else f'of {before:,}'} trials)"
    hardware = short_hardware_name(change.filled.hardware.record) if change.filled.hardware else ""
    place = part_name(change.filled, "region")
    if change.kind in (PLACE, NEAR, HOME, HERE):
        first, _, rest = place.partition(" ")
        provider = first if rest and change.kind in (NEAR, HERE) else ""
        country = change.filled.region.record.country if change.filled.region and change.kind in (HOME, HERE) else ""
        kept = f"{provider} region in {country}" if country else f"{provider} region"
        return f"{kept.strip()}: {rest if provider else place}"
    return f"{hardware} in {place}" if change.kind == BOTH else f"{change.kind}: {hardware}"


def unknown_text(advice: Advice, *, app: bool = False) -> str:
    """Why nothing can be said of a job whose metric is unknown; some words are other ones in the `app`."""
    own = advice.own
    return f"{own.name}: {advice.metric} is unknown: {missing_text(own, advice.metric, app=app)}"


def as_text(advice: Advice, width: int | None) -> str:
    """The job as it is, the changes that save most, and why some kinds of change are missing."""
    if not advice.known:
        return f"{unknown_text(advice)}\n"
    lines = [summary(advice), ""]
    if advice.changes or advice.doubtful:
        lines += render(columns_of(advice), width)
    elif advice.impossible is None:
        lines.append(NOTHING)
    notes = [*notes_of(advice), *of_places(advice)]
    return "\n".join([*lines, *([""] if notes and lines[-1] else []), *wrapped(notes, width)]) + "\n"


def columns_of(advice: Advice) -> list[Column]:
    """A row a change: what it is, what it saves, the ratio with its range, duration, and cost where one is known."""
    changes, kind = [*advice.changes, *advice.doubtful], RESULTS[METRICS[advice.metric]].kind
    unit = display.unit_for([change.saves for change in changes], kind)
    columns = [
        Column("change", [what(one) for one in changes], right=False, least=20),
        # What may save nothing says so where it says what it saves.
        Column("saves", [_saves(one) for one in changes]),
        Column("less", [display.shown(one.saves, kind, unit) for one in changes], keep=5),
        # What is saved says the same: the first to go where room is short.
        Column(f"x {advice.metric}", [display.times(one.ratio.value) for one in changes], keep=1),
        Column("ratio, 90 %", [_range(one) for one in changes]),
        Column("duration", [_result(one.filled, "duration_h") for one in changes], keep=3),
    ]
    if any(one.offer is not None for one in changes):
        # In full or not at all: the names of the changes, in which rows differ, need the room more than half of these.
        columns.append(Column("instance", [instance(one) for one in changes], right=False, keep=2))
    if any("cost_usd" in one.filled.results for one in changes):
        columns.append(Column("cost", [_result(one.filled, "cost_usd") for one in changes], keep=4))
        # By cost, what is less says it already.
        if advice.metric != "cost" and any(dearer := [_dearer(advice.own, one.filled) for one in changes]):
            columns.append(Column("cost vs now", dearer, keep=2))
    return columns


def _dearer(own: Filled, other: Filled) -> str:
    """By how much more or less a change costs than the job as it is; empty where either is unknown or both read
    the same."""
    old, new, kind = own.result("cost_usd"), other.result("cost_usd"), RESULTS["cost_usd"].kind
    if old is None or new is None or display.shown(old, kind) == display.shown(new, kind):
        return ""
    return f"{'+' if new > old else '-'}{display.shown(abs(new - old), kind)}"


def _saves(change: Change) -> str:
    percent = display.less_than_all(100 * (1 - change.ratio.value))
    return f"{'' if change.sure else 'maybe '}{percent} %"


def difference(before: Filled, after: Filled, key: str) -> str:
    """A result before and after a change: `246 → 15 kg gross CO2e`; nothing where it stays or one is unknown.

    The unit stands once where both have it.
    """
    old, new = before.result(key), after.result(key)
    if old is None or new is None:
        return ""
    kind = RESULTS[key].kind
    label = f" {RESULTS[key].label}" if kind == "co2e" else ""
    was, became = display.shown(old, kind), display.shown(new, kind)
    if was == became:
        return ""
    unit = became[became.find(" ") :] if " " in became else ""
    return f"{was.removesuffix(unit)} → {became}{label}"


def instance(change: Change) -> str:
    """What its provider calls the machine, where an offer is known."""
    return str(change.offer.record.instance or "offered") if change.offer is not None else ""


def summary(advice: Advice) -> str:
    """The job as it is, in a line."""
    return f"{advice.own.name}: {_line(advice.own, METRICS[advice.metric])}; {advice.accounting} carbon factors"


def notes_of(advice: Advice) -> list[str]:
    """What is not sure to save, why there is no change of some kinds, and what a start rests on."""
    if advice.impossible is not None:
        return [impossible_text(advice.own, advice.impossible)]
    # A change that is in doubt says so in its own row too.
    notes = list(_without(advice).values())
    notes += [f"{what(one)}: may not save anything: its range includes 1" for one in advice.doubtful]
    if any(one.kind == START for one in advice.changes):
        notes.append("start: based on the grid's mean day; its range is unknown")
    return [*notes, *_of_speeds(advice)]


def _of_speeds(advice: Advice) -> list[str]:
    """That the job's speed is that of a run of its model, and the speed on other hardware that of runs of other models:
    part of such a difference is one between the two."""
    own, ran = advice.own, advice.own.inputs.get("throughput")
    peak = own.hardware.record.matrix_peak if own.hardware is not None else None
    if ran is None or ran.way.kind != "pair" or own.hardware is None or peak is None:
        return []
    others: dict[str, list[str]] = {}
    for one in (*advice.changes, *advice.doubtful):
        found = one.filled.inputs.get("throughput")
        share = next((term.figure.value for term in found.terms if term.key == "utilisation"), None) if found else None
        if one.kind in (HARDWARE, BOTH) and one.filled.hardware is not None and share is not None:
            names = others.setdefault(display.shown(share, "share"), [])
            names += {short_hardware_name(one.filled.hardware.record)} - set(names)
    if not others:
        return []
    here = f"{display.shown(ran.value / peak.value, 'share')} on {short_hardware_name(own.hardware.record)}"
    there = listed([f"{share} on {listed(names)}" for share, names in others.items()])
    return [
        f"utilisation: {here} is from a published run of this model, {there} from runs of other models: part of the"
        " saving may come from this difference"
    ]


def of_places(advice: Advice) -> list[str]:
    """What the records of the regions advised say of them, and whose carbon factors these are where they are not all of
    one source: part of such a difference is one between sources."""
    changed = [one.filled for one in (*advice.changes, *advice.doubtful) if one.filled.region is not None]
    places = {one.region.id: one for one in (advice.own, *changed) if one.region is not None}
    own = advice.own.region.id if advice.own.region is not None else None
    said = [
        (part_name(one, "region"), one.region.record.note) for id_, one in places.items() if one.region and id_ != own
    ]
    notes = [f"{name}: {note}" for name, note in said if note]
    by_source: dict[str, list[str]] = {}
    for one in places.values():
        factor = one.inputs.get("net" if advice.metric == "net" else "gross")
        if factor is not None and factor.source is not None:
            by_source.setdefault(factor.source.title, []).append(part_name(one, "region"))
    if len(by_source) > 1 and advice.metric in ("gross", "net"):
        whose = "; ".join(f"{listed(names)}: {title}" for title, names in by_source.items())
        notes.append(
            f"carbon factors come from {len(by_source)} sources, which can disagree about the same place: {whose}"
        )
    return notes


def of_sources(own: Filled, other: Filled, metric: str) -> str:
    """That the carbon factors of a job and of the changed job are of two sources, where they are; else ""."""
    found = [one.inputs.get("net" if metric == "net" else "gross") for one in (own, other)]
    titles = [one.source.title for one in found if one is not None and one.source is not None]
    if metric not in ("gross", "net") or len(set(titles)) < 2:
        return ""
    return "carbon factors of two sources are compared, which may be part of the saving"


def impossible_text(own: Filled, why: Note) -> str:
    """Why a job cannot be done as it is described, and what would be possible."""
    share, hardware, peak = why.values
    of_peak = f"{display.significant(100 * share, 3)} % of the peak of {hardware} ({peak / 1e12:g} TFLOP/s)"
    hours = own.value("duration")
    longer = f"; at the peak it would take {display.shown(hours * share, 'duration')}" if hours is not None else ""
    remedy = "enter more time, more chips or less work, or precision=fp8 if it ran in that"
    return f"no advice: the job is impossible in 16 bits: it needs {of_peak}{longer}; {remedy}"


def as_data(advice: Advice) -> dict[str, Any]:
    """The same as JSON's own types, figures in full in engine units."""
    return {
        "scenario": advice.own.name,
        "metric": advice.metric,
        "accounting": advice.accounting,
        "results": {key: one.value for key, one in advice.own.results.items() if key in RESULTS},
        "changes": [_data(one) for one in (*advice.changes, *advice.doubtful)],
        "without": _without(advice),
        **({"notes": notes} if (notes := of_places(advice)) else {}),
        **({"impossible": notes_of(advice)[0]} if advice.impossible is not None else {}),
    }


def _without(advice: Advice) -> dict[str, str]:
    """Why there is no change of some kinds, a sentence a reason."""
    kinds: dict[str, list[str]] = {}
    for kind, code in advice.without.items():
        # What holds for hardware holds for hardware and region together, and so do places.
        if code in WITHOUT and code not in (advice.without.get(wider) for wider in _IMPLIED_BY.get(kind, ())):
            kinds.setdefault(code, []).append(_IN_WORDS.get(kind, kind))
    words = _too_long(advice) if "too-long" in kinds else {}
    return {code: WITHOUT[code].format(kind=" or ".join(of), **words) for code, of in kinds.items()}


def _too_long(advice: Advice) -> dict[str, Any]:
    """The time that a job takes on its chips, and how many chips would keep the limit."""
    hours, chips, most = advice.own.value("duration"), advice.own.value("chips"), advice.most_days
    assert hours is not None
    assert chips is not None
    assert most is not None
    need = count_of(ceil(chips * hours / (24 * most)), "chip")
    return {"limit": most, "chips": count_of(chips, "chip"), "time": display.shown(hours, "duration"), "need": need}


def _data(change: Change) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": change.kind, "text": what(change), "sure": change.sure, "saves": change.saves}
    out["ratio"] = change.ratio.value
    if change.ratio.interval:
        out["ratio_interval90"] = list(change.ratio.interval)
    for part in ("hardware", "region"):
        if (found := getattr(change.filled, part)) is not None:
            out[part] = found.id
    if change.offer is not None:
        out["offer"] = change.offer.id
    if change.day is not None:
        out |= {"hour": change.day.best.hour, "time_zone": change.day.time_zone}
    else:
        out["results"] = {key: one.value for key, one in change.filled.results.items() if key in RESULTS}
    return out


def _line(one: Filled, key: str) -> str:
    result = one.results[key]
    kind = RESULTS[key].kind
    ends = f" ({display.interval(*result.interval, kind)})" if result.interval else ""
    more = [_result(one, other) for other in ("duration_h", "cost_usd") if other in one.results and other != key]
    return ", ".join([f"{display.shown(result.value, kind)} {RESULTS[key].label}{ends}", *more])


def _range(change: Change) -> str:
    ends = change.ratio.interval
    return display.between(*ends) if ends else ""


def _result(one: Filled, key: str) -> str:
    return display.shown(one.result(key), RESULTS[key].kind)

"""The account of a ledger for programs: rows of CSV, and JSON. What is unknown is absent."""

from __future__ import annotations

from carbontui.engine.ledger.account import Account, Covered, Part
from carbontui.engine.ledger.elsewhere import Beside
from carbontui.engine.ledger.limit import Spent
from carbontui.engine.ledger.measured import Measured
from carbontui.engine.ledger.report import Report
from carbontui.engine.ledger.runs import LABELS
from carbontui.engine.totals import Sum
from carbontui.quantities import METRICS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def rows(report: Report) -> tuple[list[str], list[dict[str, Any]]]:
    """The groups and the total in full figures: the names of the columns, and the rows."""
    account, key = report.account, METRICS[report.account.metric]
    keys = list(dict.fromkeys(("energy_kwh", key)))
    names = [*account.by, "runs", "unknown", "unknown_time", "chip_hours_h", "core_hours_h"]
    names += [f"{one}{end}" for one in keys for end in ("", "_low90", "_high90", "_runs")] + ["share"]
    names += ["covered_energy_kwh", "covered_chip_hours_h", "covered_core_hours_h"]
    if report.region is not None:
        names += [f"{key}_was", f"{key}_elsewhere", "elsewhere_to_was"]
    made = []
    for part in (*account.groups, account.total):
        group = part.group or ("total",)[: len(account.by)]
        row: dict[str, Any] = dict(zip(account.by, group, strict=False))
        row |= {"runs": part.runs, "unknown": part.unknown, "share": part.share}
        row |= {"unknown_time": part.timeless}
        row |= {"chip_hours_h": part.chip_hours, "core_hours_h": part.core_hours}
        for one in keys:
            if (found := part.sums.get(one)) is not None:
                row |= {one: found.value, f"{one}_runs": part.covered[one].runs}
                if found.interval is not None:
                    row[f"{one}_low90"], row[f"{one}_high90"] = found.interval
        if (covered := part.covered.get(key)) is not None:
            row |= {f"covered_{one}": value for one, value in _covered(covered).items() if one in _OF_COVERED}
        if (there := report.elsewhere.get(part.group)) is not None:
            row |= {f"{key}_was": _value(there.was), f"{key}_elsewhere": _value(there.there)}
            row["elsewhere_to_was"] = there.ratio
        made.append(row)
    return names, made


def _value(found: Sum | None) -> float | None:
    return found.value if found is not None else None


def as_data(report: Report) -> dict[str, Any]:
    """The account as JSON's own types; what is unknown is absent."""
    account, ledger, metered, budgets = report.account, report.ledger, report.measured, report.budgets
    key = METRICS[account.metric]
    values = ledger.values(key)

    def run(row: int) -> dict[str, Any]:
        texts = {by: column.words[column.codes[row]] for by in _TEXTS if (column := ledger.column(by))}
        known = {by: text for by, text in texts.items() if text}
        return {"name": ledger.runs.names[row], **known, key: float(values[row])}

    data: dict[str, Any] = {
        "metric": account.metric,
        "accounting": account.accounting,
        "by": list(account.by),
        "groups": [_part(part, account.by) for part in account.groups],
        "total": _part(account.total, account.by),
        "largest": [run(row) for row in account.largest],
    }
    for name in ("metered", "failed", "idle"):
        if (share := getattr(account, name)) is not None:
            data[f"{name}_share"] = share
    if account.mixed:
        data["mixed"] = {text: list(found) for text, found in account.mixed}
    if (overlap := account.overlap) is not None:
        data["overlap"] = {
            "runs": overlap.runs,
            "machines": overlap.machines,
            "summed_kwh": overlap.summed,
            "once_kwh": overlap.once,
            "counted": "one" if account.as_one else "sum",
        }
    if metered:
        data["measured"] = [_measured(one) for one in metered]
    if budgets:
        data["budgets"] = [_spent(one) for one in budgets]
    if report.region is not None:
        data["elsewhere"] = _elsewhere(report, report.region.id)
    return data


def _elsewhere(report: Report, region: str) -> dict[str, Any]:
    account = report.account
    groups = [_beside(report.elsewhere[part.group], account) for part in account.groups]
    return {"region": region, "groups": groups, "total": _beside(report.elsewhere[()], account)}


def _beside(one: Beside, account: Account) -> dict[str, Any]:
    key = METRICS[account.metric]
    data: dict[str, Any] = {"runs": one.runs, "unknown": one.unknown}
    if one.group:
        data = {"group": _group(one.group, account.by), **data}
    for name, found in (("was", one.was), ("results", one.there)):
        if found is not None:
            data[name] = {key: found.value}
    if one.there is not None and one.there.interval is not None:
        data["interval90"] = {key: list(one.there.interval)}
    return data if one.ratio is None else data | {"ratio": one.ratio}


_TEXTS = ("month", *LABELS, "hardware", "region", "tool", "known_by")


def _group(group: Sequence[str], by: Sequence[str]) -> dict[str, str]:
    return {one: text for one, text in zip(by, group, strict=True) if text}


def _part(part: Part, by: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {
        **({"group": _group(part.group, by)} if part.group else {}),
        "runs": part.runs,
        "unknown": part.unknown,
        **({"unknown_time": part.timeless} if part.timeless else {}),
        **({"chip_hours_h": part.chip_hours} if part.chip_hours is not None else {}),
        **({"core_hours_h": part.core_hours} if part.core_hours is not None else {}),
        "results": {key: found.value for key, found in part.sums.items()},
        "covered": {key: _covered(part.covered[key]) for key in part.sums},
        "interval90": {key: list(found.interval) for key, found in part.sums.items() if found.interval},
    }
    return data | ({"share": part.share} if part.share is not None else {})


_OF_COVERED = ("energy_kwh", "chip_hours_h", "core_hours_h")


def _covered(one: Covered) -> dict[str, Any]:
    """The runs that a sum is of: their number, hours and energy, by which alone it may be divided."""
    data: dict[str, Any] = {"runs": one.runs, "chip_hours_h": one.chip_hours, "core_hours_h": one.core_hours}
    if one.energy is not None:
        data["energy_kwh"] = one.energy
    return data | ({"without_energy": one.without_energy} if one.without_energy else {})


def _measured(one: Measured) -> dict[str, Any]:
    data = {
        "hardware": one.hardware,
        "boundary": one.boundary,
        "runs": one.runs,
        "power_w": one.power,
        "spread": one.spread,
        "estimated_w": one.estimated,
        "estimated_interval90_w": list(one.interval) if one.interval else None,
        "ratio": one.ratio,
    }
    return {key: value for key, value in data.items() if value is not None}


def _used(one: Spent, key: str) -> dict[str, Any]:
    used = one.used.value if one.used else 0.0
    return {"used": {key: used}, "left": {key: one.left}, "share": one.share, "exceeded": one.left < 0}


def _spent(one: Spent) -> dict[str, Any]:
    limit, key = one.limit, METRICS[one.limit.metric]
    data: dict[str, Any] = {
        "name": limit.name,
        "metric": limit.metric,
        "where": dict(limit.where),
        "limit": {key: limit.most},
        # Of runs of which nothing is known nobody knows what they used, and whether that is too much.
        **({} if one.lacking else _used(one, key)),
        "elapsed": one.elapsed,
        "runs": one.runs,
        "unknown": one.unknown,
        "undated": one.undated,
    }
    if one.used is not None and one.used.interval is not None:
        data["interval90"] = {key: list(one.used.interval)}
    if one.at_pace is not None:
        data["at_pace"] = {key: one.at_pace}
    return data

"""The account of a ledger, for people and for programs."""

from __future__ import annotations

from carbontui.engine.ledger.account import Account, Ledger, Part
from carbontui.engine.ledger.limit import Spent
from carbontui.engine.ledger.measured import Measured
from carbontui.engine.totals import Sum
from carbontui.quantities import LABELS, METRICS, RESULTS
from carbontui.text import display
from carbontui.text.table import Column, render, wrapped
from carbontui_registry.text import clean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

# Of a budget's time, from where on what it comes to is what was used.
_OVER = 0.995
_MIXED = {
    "boundary": "powers of different boundary are added up",
    "coverage": "carbon factors of different coverage are added up",
}


def title(account: Account) -> str:
    """What is counted, and by which carbon factors."""
    key = METRICS[account.metric]
    by = f" by {listed([one.replace('_', ' ') for one in account.by])}" if account.by else ""
    factors = f", {display.factors_of(account.accounting)}" if account.metric in ("gross", "net") else ""
    return f"{LABELS[key]}{by}{factors}"


def group_columns(account: Account) -> list[Column]:
    """A row a group, and one of all."""
    parts = [*account.groups, account.total]
    key = METRICS[account.metric]
    keys = list(dict.fromkeys(("energy_kwh", key)))
    columns = [
        Column(
            by.replace("_", " "),
            [*(clean(part.group[n]) or display.UNKNOWN for part in account.groups), "total" if n == 0 else ""],
            right=False,
            least=6,
        )
        for n, by in enumerate(account.by)
    ] or [Column("", ["total"], right=False)]
    columns += [
        # A sum of some of the runs is not read as one of all.
        Column("runs", [f"{part.runs:,}{f' ({part.unknown:,} unknown)' if part.unknown else ''}" for part in parts]),
        Column("chip-hours", [_hours(part.chip_hours) for part in parts], keep=3),
    ]
    if any(part.core_hours for part in parts):
        columns.append(Column("core-hours", [_hours(part.core_hours) for part in parts], keep=1))
    for one in keys:
        kind = RESULTS[one].kind
        unit = display.unit_for((part.sums[one].value for part in parts if one in part.sums), kind)
        cells = [display.marked(part.sums[one], kind, unit) if one in part.sums else display.UNKNOWN for part in parts]
        columns.append(Column(LABELS[one], cells, keep=9 if one == key else 4))
    # The unit of the metric, which comes last.
    columns += [
        Column("90 % interval", [_interval(part.sums.get(key), kind, unit) for part in parts], keep=5),
        Column("share", [display.shown(part.share, "share") if part.share else "" for part in account.groups] + [""],
               keep=6),
    ]  # fmt: skip
    return columns


def _hours(value: float) -> str:
    return (f"{value:,.0f}" if value >= 100 else display.significant(value)) if value else ""


def _interval(found: Sum | None, kind: str, unit: tuple[str, float]) -> str:
    return display.interval(*found.interval, kind, unit) if found is not None and found.interval is not None else ""


def largest_columns(account: Account, ledger: Ledger) -> list[Column]:
    """The runs that have most of the metric."""
    key = METRICS[account.metric]
    kind = RESULTS[key].kind
    rows = list(account.largest)
    values = ledger.values(key)[rows].tolist()
    unit = display.unit_for(values, kind)

    def texts(by: str) -> list[str]:
        column = ledger.column(by)
        return [clean(column.words[code]) for code in column.codes[rows].tolist()]

    whole = account.total.sums[key].value if key in account.total.sums else 0.0
    return [
        Column("largest", [clean(ledger.runs.names[row]) for row in rows], right=False, least=12),
        *(Column(by, texts(by), right=False, keep=keep) for by, keep in (("account", 3), ("user", 2), ("state", 1))),
        *(Column(by, texts(by), right=False, keep=keep) for by, keep in (("hardware", 5), ("region", 4))),
        Column(LABELS[key], [display.shown(value, kind, unit) for value in values]),
        Column("share", [display.shown(value / whole, "share") if whole else "" for value in values], keep=6),
    ]


def measured_columns(found: Sequence[Measured]) -> list[Column]:
    """Powers that were measured beside those that are estimated."""
    return [
        Column("measured", [one.hardware for one in found], right=False),
        Column("boundary", [one.boundary for one in found], right=False),
        Column("runs", [f"{one.runs:,}" for one in found]),
        Column("power", [display.shown(one.power, "power") for one in found]),
        Column("spread", [display.shown(one.spread, "share") if one.spread is not None else "" for one in found]),
        Column("estimate", [display.shown(one.estimated, "power") for one in found]),
        Column("90 % interval", [display.interval(*one.interval, "power") if one.interval else "" for one in found]),
        Column("measured / estimate", [display.times(one.ratio) for one in found]),
    ]


def budget_lines(one: Spent) -> list[str]:
    """A budget: used, left, at this pace."""
    limit = one.limit
    kind = RESULTS[METRICS[limit.metric]].kind
    where = f", {', '.join(f'{by} {clean(text)}' for by, text in limit.where)}" if limit.where else ""
    name = f"budget{f' {limit.name}' if limit.name else ''}{where}"
    ends = f", 90 % interval {display.interval(*one.used.interval, kind)}" if one.used and one.used.interval else ""
    used = display.shown(one.used.value if one.used else 0.0, kind)
    most = display.shown(limit.most, kind)
    left = display.shown(abs(one.left), kind)
    lines = [
        f"{name}: {used} of {most} {LABELS[METRICS[limit.metric]]} used, {display.shown(one.share, 'share')}{ends}; "
        f"{f'{left} left' if one.left >= 0 else f'exceeded by {left}'}"
    ]
    if one.at_pace is not None and one.elapsed < _OVER:
        whole = display.shown(one.at_pace, kind)
        passed = display.shown(one.elapsed, "share")
        lines.append(f"  at this pace {whole} at its end; {passed} of its time had passed when its last run ended")
    if one.unknown:
        lines.append(f"  {one.unknown:,} of its {one.runs:,} runs have no {limit.metric} and are not in it")
    if one.undated:
        lines.append(f"  {one.undated:,} runs without a time are in no budget")
    return lines


def notes(account: Account) -> list[str]:
    """What a reader of the account must know."""
    total, label = account.total, LABELS[METRICS[account.metric]]
    found = []
    for share, text in (
        (account.metered, "is of runs with a meter of their own, the rest is estimated"),
        (account.failed, "is of runs that failed"),
        (account.idle, "is of runs whose accelerators never worked, of those that say"),
    ):
        if share is not None and (share or text.startswith("is of runs with")) and share < 1:
            found.append(f"{display.shown(share, 'share')} of {label} {text}")
    if total.unknown:
        cores = f", {_hours(account.unknown_core_hours)} core-hours among them" if account.unknown_core_hours else ""
        found.append(f"{label} of {total.unknown:,} of {total.runs:,} runs is unknown, and in no sum{cores}")
    found += [f"{_MIXED[text]}: {listed(values)}" for text, values in account.mixed]
    if account.overlap is not None and account.as_one:
        found.append(f"{account.overlap.runs:,} runs that overlap on one machine are counted as its energy once")
    return found


def overlap_warning(account: Account) -> str | None:
    """What to say where runs overlap and nobody has decided what that means."""
    found = account.overlap
    if found is None:
        return None
    summed, once = (display.shown(value, "energy") for value in (found.summed, found.once))
    return (
        f"{found.runs:,} runs that each metered a whole machine overlap, on {found.machines:,} machines: "
        f"{summed} as they stand, {once} if they are one; say which with --overlap sum or --overlap one"
    )


def as_text(
    account: Account, ledger: Ledger, metered: Sequence[Measured], budgets: Sequence[Spent], width: int | None
) -> str:
    """The account for a terminal."""
    return _written(account, ledger, metered, budgets, lambda columns: render(columns, width), width)


def as_markdown(account: Account, ledger: Ledger, metered: Sequence[Measured], budgets: Sequence[Spent]) -> str:
    """The account in Markdown."""
    from carbontui.text.markdown import table

    return _written(account, ledger, metered, budgets, table, None, blank=True)


def _written(
    account: Account, ledger: Ledger, metered: Sequence[Measured], budgets: Sequence[Spent],
    table: Callable[[list[Column]], list[str]], width: int | None, *, blank: bool = False,
) -> str:  # fmt: skip
    groups = group_columns(account)
    marked = any(cell.endswith(display.ASSUMED) for column in groups for cell in column.cells)
    said = [
        *(["~ rests on an assumption"] if marked else []),
        *notes(account),
        *(line for one in budgets for line in budget_lines(one)),
    ]
    parts = [[title(account)], table(groups)]
    if account.largest:
        parts.append(table([column for column in largest_columns(account, ledger) if any(column.cells)]))
    if metered:
        parts.append(table(measured_columns(metered)))
    body = "\n\n".join("\n".join(part) for part in parts)
    notes_text = "\n".join(f"- {line.strip()}" for line in said) if blank else "\n".join(wrapped(said, width))
    return f"{body}\n\n{notes_text}\n" if said else f"{body}\n"


def rows(account: Account) -> tuple[list[str], list[dict[str, Any]]]:
    """The groups and the total in full figures: the names of the columns, and the rows."""
    keys = list(dict.fromkeys(("energy_kwh", METRICS[account.metric])))
    names = [*account.by, "runs", "unknown", "chip_hours_h", "core_hours_h"]
    names += [f"{key}{end}" for key in keys for end in ("", "_low90", "_high90")] + ["share"]
    made = []
    for part in (*account.groups, account.total):
        group = part.group or ("total",)[: len(account.by)]
        row: dict[str, Any] = dict(zip(account.by, group, strict=False))
        row |= {"runs": part.runs, "unknown": part.unknown, "share": part.share}
        row |= {"chip_hours_h": part.chip_hours, "core_hours_h": part.core_hours}
        for key in keys:
            if (found := part.sums.get(key)) is not None:
                row[key] = found.value
                if found.interval is not None:
                    row[f"{key}_low90"], row[f"{key}_high90"] = found.interval
        made.append(row)
    return names, made


def as_data(account: Account, ledger: Ledger, metered: Sequence[Measured], budgets: Sequence[Spent]) -> dict[str, Any]:
    """The account as JSON's own types; what is unknown is absent."""
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
    return data


_TEXTS = ("month", "user", "account", "partition", "group", "state", "hardware", "region", "known_by")


def _part(part: Part, by: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {
        **({"group": dict(zip(by, part.group, strict=True))} if part.group else {}),
        "runs": part.runs,
        "unknown": part.unknown,
        "chip_hours_h": part.chip_hours,
        "core_hours_h": part.core_hours,
        "results": {key: found.value for key, found in part.sums.items()},
        "interval90": {key: list(found.interval) for key, found in part.sums.items() if found.interval},
    }
    return data | ({"share": part.share} if part.share is not None else {})


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


def _spent(one: Spent) -> dict[str, Any]:
    limit, key = one.limit, METRICS[one.limit.metric]
    data: dict[str, Any] = {
        "name": limit.name,
        "metric": limit.metric,
        "where": dict(limit.where),
        "limit": {key: limit.most},
        "used": {key: one.used.value if one.used else 0.0},
        "left": {key: one.left},
        "share": one.share,
        "exceeded": one.left < 0,
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

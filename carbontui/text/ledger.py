"""The account of a ledger, for people."""

from __future__ import annotations

from carbontui.engine.ledger.account import FAILED, Account, Ledger, Part
from carbontui.engine.ledger.elsewhere import Beside
from carbontui.engine.ledger.limit import Spent
from carbontui.engine.ledger.report import Report
from carbontui.engine.totals import Sum
from carbontui.quantities import LABELS, METRICS, RESULTS
from carbontui.text import display
from carbontui.text.ledger_chart import LEAST, LEGEND, bars_title, budget_bar, group_bars
from carbontui.text.ledger_covered import covers, hourless_notes, lacking_notes, not_in, of_runs, pue_notes
from carbontui.text.ledger_measured import estimates_said, measured_columns, meters_said
from carbontui.text.table import GAP, Column, aligned, fit, render, wrapped
from carbontui_registry.catalogue import Registered
from carbontui_registry.text import clean, count_of, is_are, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# From this share of a budget's period on, the forecast is what was used.
_OVER = 0.995
# The width from which a budget has a bar, and the longest bar.
_WIDE, _BAR = 100, 40
# Names of groups up to this length are not shortened to make room for another column.
_WHOLE = 16
_STATES = f"{', '.join(FAILED)}; CANCELLED does not count as failed"
_MIXED = {
    "boundary": "energies metered at different boundaries are added up (system is the whole server at the wall)",
    "coverage": "carbon factors with different coverage are added up",
}


def title(account: Account, *, each: bool = False) -> str:
    """What is counted, of groups or of `each` run, and by which carbon factors."""
    key = METRICS[account.metric]
    by = f" by {listed([one.replace('_', ' ') for one in account.by])}" if account.by else ""
    by = " of each run" if each else by
    factors = f", {display.factors_of(account.accounting)}" if account.metric in ("gross", "net") else ""
    return f"{LABELS[key]}{by}{factors}"


def group_names(account: Account) -> list[Column]:
    """What the groups are called, and the total."""
    total = "total shown" if account.total.runs < account.everything else "total"
    return [
        Column(
            by.replace("_", " "),
            [*(clean(part.group[n]) or display.UNKNOWN for part in account.groups), total if n == 0 else ""],
            right=False,
            least=6,
            whole=_WHOLE,
        )
        for n, by in enumerate(account.by)
    ] or [Column("", [total], right=False)]


def _sums(parts: Sequence[Part], key: str, unit: tuple[str, float]) -> list[str]:
    """The sums of a result, each with how many runs it is of where that is not all."""
    kind, cells, ends = RESULTS[key].kind, [], []
    for part in parts:
        cells.append(display.marked(part.sums[key], kind, unit) if key in part.sums else display.UNKNOWN)
        some = part.covered[key].runs if key in part.covered else part.runs
        ends.append(f" of {count_of(some, 'run')}" if some < part.runs else "")
    # Below one another stand the figures, also where one is of all runs.
    wide = max(map(len, ends))
    return [cell + end.ljust(wide) for cell, end in zip(cells, ends, strict=True)]


def group_columns(account: Account) -> list[Column]:
    """A row a group, and one of all."""
    parts = [*account.groups, account.total]
    key = METRICS[account.metric]
    keys = list(dict.fromkeys(("energy_kwh", key)))
    runs = f"{account.total.runs:,}"
    runs += f" of {account.everything:,}" if account.total.runs < account.everything else ""
    columns = [
        *group_names(account),
        Column("runs", [*(f"{part.runs:,}" for part in account.groups), runs]),
        Column("chip-hours", [_hours(part.chip_hours) for part in parts], keep=3),
    ]
    if any(part.core_hours for part in parts):
        columns.append(Column("core-hours", [_hours(part.core_hours) for part in parts], keep=1))
    for one in keys:
        kind = RESULTS[one].kind
        unit = display.unit_for((part.sums[one].value for part in parts if one in part.sums), kind)
        columns.append(Column(LABELS[one], _sums(parts, one, unit), keep=9 if one == key else 4))
    if any(part.unknown for part in parts):
        columns.append(Column("covers", [covers(part, key) for part in parts], keep=6))
    # The unit of the metric, which comes last.
    columns += [
        Column("90 % range", [_interval(part.sums.get(key), kind, unit) for part in parts], keep=8),
        Column("share", [display.shown(part.share, "share") if part.share else "" for part in account.groups] + [""],
               keep=7),
    ]  # fmt: skip
    return columns


def _hours(value: float | None) -> str:
    if value is None:
        return display.UNKNOWN
    return (f"{value:,.0f}" if value >= 100 else display.significant(value)) if value else ""


def _interval(found: Sum | None, kind: str, unit: tuple[str, float]) -> str:
    return display.interval(*found.interval, kind, unit) if found is not None and found.interval is not None else ""


def largest_columns(ledger: Ledger, rows: Sequence[int], metric: str, whole: float = 0.0) -> list[Column]:
    """Some runs, the largest by a metric; `whole` is what each has a share of."""
    key = METRICS[metric]
    kind = RESULTS[key].kind
    rows = list(rows)
    values = [value if value == value else None for value in ledger.values(key)[rows].tolist()]
    unit = display.unit_for(values, kind)
    signs = [f" {display.ASSUMED}" if assumed else "" for assumed in ledger.assumed(key)[rows].tolist()]

    def texts(by: str) -> list[str]:
        column = ledger.column(by)
        return [clean(column.words[code]) for code in column.codes[rows].tolist()]

    return [
        Column("largest", [clean(ledger.runs.names[row]) for row in rows], right=False, least=12),
        *(Column(by, texts(by), right=False, keep=keep) for by, keep in (("account", 3), ("user", 2), ("state", 1))),
        Column("cluster", texts("cluster"), right=False, keep=0),
        *(Column(by, texts(by), right=False, keep=keep) for by, keep in (("hardware", 5), ("region", 4))),
        Column(LABELS[key], aligned([display.shown(n, kind, unit) + s for n, s in zip(values, signs, strict=True)])),
        Column(
            "share",
            [display.shown(one / whole, "share") if whole and one is not None else "" for one in values],
            keep=6,
        ),
    ]


def budget_lines(one: Spent) -> list[str]:
    """A budget: used, left, at this pace."""
    limit = one.limit
    kind = RESULTS[METRICS[limit.metric]].kind
    where = f", {', '.join(f'{by} {clean(text)}' for by, text in limit.where)}" if limit.where else ""
    name = f"budget{f' {limit.name}' if limit.name else ''}{where}"
    if one.lacking:
        label = LABELS[METRICS[limit.metric]]
        why = f"its run has no known {label}" if one.runs == 1 else f"none of its {one.runs:,} runs has a known {label}"
        most = display.shown(limit.most, kind)
        return [f"{name}: how much of {most} was used is unknown, because {why}", *_undated(one)]
    ends = f", 90 % range {display.interval(*one.used.interval, kind)}" if one.used and one.used.interval else ""
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
        lines.append(f"  at this pace {whole} at the end; {passed} of the period had passed when the last run ended")
    if one.unknown:
        lines.append(
            f"  {one.unknown:,} of its {count_of(one.runs, 'run')} {'has' if one.unknown == 1 else 'have'} no"
            f" {LABELS[METRICS[limit.metric]]} and {is_are(one.unknown)} not included"
        )
    if (nobody := no_run_of(one)) is not None:
        lines.append(f"  {nobody}")
    return lines + _undated(one)


def _undated(one: Spent) -> list[str]:
    do = "does" if one.undated == 1 else "do"
    return [f"  {count_of(one.undated, 'run')} without a time {do} not count towards any budget"] if one.undated else []


def no_run_of(one: Spent) -> str | None:
    """What to say of a budget whose `where` fits no run at any time."""
    if one.asked or not one.limit.where:
        return None
    return f"no run has {listed([f'{by} {clean(text)!r}' for by, text in one.limit.where])}"


def notes(account: Account) -> list[str]:
    """Caveats on the account."""
    total, label = account.total, LABELS[METRICS[account.metric]]
    found = pue_notes(account)
    for share, text in (
        (account.metered, "is from metered runs, the rest is estimated"),
        (account.failed, f"is from failed runs{', where the log states it' if account.stateless else ''} ({_STATES})"),
        (account.idle, "is from runs whose accelerators never did any work (where the log states it)"),
    ):
        if share is not None and (share or text.startswith("is from runs with")) and share < 1:
            found.append(f"{display.shown(share, 'share')} of {label} {text}")
    key = METRICS[account.metric]
    if key != "energy_kwh" and "energy_kwh" in total.covered:
        found += not_in(total, "energy_kwh", "")
    cores = f" ({_hours(account.unknown_core_hours)} core-hours among them)" if account.unknown_core_hours else ""
    found += not_in(total, key, cores)
    found += hourless_notes(account)
    found += lacking_notes(account)
    if account.stated and account.metric == "gross":
        runs = of_runs(account.stated, total.runs)
        found.append(f"gross CO2e of {runs} is as the log has it, whose carbon factor may be direct or lifecycle")
    found += [f"{_MIXED[text]}: {listed(values)}" for text, values in account.mixed]
    if account.overlap is not None and account.as_one:
        found.append(f"{count_of(account.overlap.runs, 'run')} that overlap on one machine are counted once")
    return found


def overlap_warning(account: Account) -> str | None:
    """What to say where runs overlap and nobody has decided what that means; how to decide is for who says it."""
    found = account.overlap
    if found is None:
        return None
    summed, once = (display.shown(value, "energy") for value in (found.summed, found.once))
    machines = count_of(found.machines, "machine")
    return (
        f"{found.runs:,} runs that each metered a whole machine overlap on {machines}: "
        f"{summed} if added up, {once} if counted once"
    )


def elsewhere_columns(report: Report, region: Registered) -> list[Column]:
    """A row a group and one of all: the metric as it was, in the region, and what one is of the other."""
    account, key = report.account, METRICS[report.account.metric]
    kind = RESULTS[key].kind
    found = [report.elsewhere[group] for group in (*(part.group for part in account.groups), ())]
    unit = display.unit_for((one.value for of in found for one in (of.was, of.there) if one is not None), kind)

    def cells(sums: Sequence[Sum | None]) -> list[str]:
        return [display.marked(one, kind, unit) if one is not None else display.UNKNOWN for one in sums]

    there = [one.there for one in found]
    return [
        *group_names(account),
        Column("runs", [_some_of(one) for one in found]),
        Column(f"{LABELS[key]} as run", cells([one.was for one in found])),
        Column(f"in {region.record.name}", cells(there)),
        Column("90 % range", [_interval(one, kind, unit) for one in there], keep=5),
        Column("ratio", [display.times(one.ratio) for one in found]),
    ]


def _some_of(one: Beside) -> str:
    return f"{one.runs - one.unknown:,} of {one.runs:,}" if one.unknown else f"{one.runs:,}"


def elsewhere_notes(report: Report) -> list[str]:
    """Why runs with a known figure have none elsewhere."""
    if report.region is None:
        return []
    more = report.elsewhere[()].unknown - report.account.total.unknown
    if more <= 0:
        return []
    runs = "run has" if more == 1 else "runs have"
    return [f"{more:,} {runs} no figure in {report.region.record.name}: the log's energy includes an unknown PUE"]


def as_text(report: Report, width: int | None) -> str:
    """The account for a terminal."""
    return _written(report, lambda columns: render(columns, width), width)


def as_markdown(report: Report) -> str:
    """The account in Markdown."""
    from carbontui.text.markdown import table

    return _written(report, table, None, blank=True)


def _written(
    report: Report, table: Callable[[list[Column]], list[str]], width: int | None, *, blank: bool = False
) -> str:
    account, ledger, metered, budgets = report.account, report.ledger, report.measured, report.budgets
    groups = group_columns(account)
    shown = dict.fromkeys(("energy_kwh", METRICS[account.metric]))
    parts_shown = (*account.groups, account.total)
    marked = any(part.sums[key].basis == "assumed" for part in parts_shown for key in shown if key in part.sums)
    said = [
        *(["~ rests on an assumption"] if marked else []),
        *notes(account),
        *elsewhere_notes(report),
        *meters_said(metered, {}, "--measurements FILE.toml saves the"),
        *estimates_said(metered),
        *(line for one in budgets for line in _with_bar(one, None if blank else width)),
        *([LEGEND] if budgets and not blank and (width or 0) >= _WIDE else []),
    ]
    if not blank and (bars := _bars(report, groups, width)) is not None:
        groups.append(bars)
    parts = [[title(account)], table(groups)]
    if account.largest:
        whole = account.total.sums.get(METRICS[account.metric])
        largest = largest_columns(ledger, account.largest, account.metric, whole.value if whole is not None else 0.0)
        parts.append(table([column for column in largest if any(column.cells)]))
    if metered:
        parts.append(table(measured_columns(metered)))
    if report.region is not None:
        parts.append([f"the same energy before PUE in {report.region.record.name} ({report.region.id})"])
        parts.append(table(elsewhere_columns(report, report.region)))
    body = "\n\n".join("\n".join(part) for part in parts)
    notes_text = "\n".join(f"- {line.strip()}" for line in said) if blank else "\n".join(wrapped(said, width))
    return f"{body}\n\n{notes_text}\n" if said else f"{body}\n"


def _bars(report: Report, columns: Sequence[Column], width: int | None) -> Column | None:
    """A bar a group in what room a wide terminal leaves beside the columns."""
    if width is None:
        return None
    shown = fit(columns, None)
    room = min(_BAR, width - sum(column.width + len(GAP) for column in shown))
    limits = [one.limit for one in report.budgets]
    bars = group_bars(report.account, range(len(report.account.groups)), room, limits) if room >= LEAST else []
    if not bars:
        return None
    return Column(bars_title(report.account, limits, room), [*bars, ""], right=False, keep=0)


def _with_bar(one: Spent, width: int | None) -> list[str]:
    first, *rest = budget_lines(one)
    barred = (width or 0) >= _WIDE and not one.lacking
    return [first, *([f"  {budget_bar(one, _BAR)}"] if barred else []), *rest]

"""Bars of a ledger, in signs that need no colour: groups, months against a budget, and what is used of one."""

from __future__ import annotations

from datetime import date

from carbontui.engine.ledger.account import Account, Ledger
from carbontui.engine.ledger.limit import Limit, Spent
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

LEAST = 8
USED, PACE, LEFT, LIMIT = "█", "▒", "░", "│"
LEGEND = f"{USED} used  {PACE} forecast at this pace  {LEFT} left  {LIMIT} limit"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_ABOVE = "▲"
_DAY = 86_400.0
# Of more, months are no line that one can read.
_MOST_YEARS = 30


def group_bars(account: Account, order: Sequence[int], width: int, limits: Sequence[Limit] = ()) -> list[str]:
    """A bar a group; months have the sign of the limit where their even share of a budget ends. None where nothing is
    known."""
    key = METRICS[account.metric]
    parts = [account.groups[number] for number in order]
    values = [part.sums[key].value if key in part.sums else 0.0 for part in parts]
    limit = budget_of_months(account, limits)
    even = [_even_part(limit, part.group[0]) if limit is not None else 0.0 for part in parts]
    most = max((*values, *even), default=0.0)
    return [_bar(value, mark, most, width) for value, mark in zip(values, even, strict=True)] if most else []


def _bar(value: float, mark: float, most: float, width: int) -> str:
    full = round(width * value / most)
    bar = USED * full or ("▏" if value else "")
    if not mark:
        return bar
    at = min(width - 1, round(width * mark / most))
    return f"{bar[:at].ljust(at)}{LIMIT}{bar[at + 1 :]}"


def budget_of_months(account: Account, limits: Sequence[Limit]) -> Limit | None:
    """The budget that months are drawn against: the first of their metric that is for all runs."""
    if account.by[:1] != ("month",) or len(account.by) > 1:
        return None
    return next((one for one in limits if one.metric == account.metric and not one.where), None)


def bars_title(account: Account, limits: Sequence[Limit], width: int) -> str:
    """What the sign in the bars of months means; "" where there is none."""
    if budget_of_months(account, limits) is None:
        return ""
    long = f"{LIMIT} even share of the budget"
    return long if len(long) <= width else f"{LIMIT} even"


def _even_part(limit: Limit, month: str) -> float:
    """What a month may use of a budget, by its days."""
    if not month:
        return 0.0
    year, number = int(month[:4]), int(month[5:7])
    begin, end = (
        (date(year + (number + n) // 12, (number + n) % 12 + 1, 1) - date(1970, 1, 1)).days * _DAY for n in (-1, 0)
    )
    shared = min(end, limit.end) - max(begin, limit.begin)
    return limit.most * max(0.0, shared) / (limit.end - limit.begin)


def budget_bar(one: Spent, width: int) -> str:
    """What is used of a budget, what it comes to at this pace, and what is left; the limit where that is passed."""
    used = one.used.value if one.used is not None else 0.0
    pace = max(used, one.at_pace or 0.0)
    most = max(one.limit.most, pace)
    ends = [round(width * value / most) for value in (used, pace, one.limit.most)]
    cells = USED * ends[0] + PACE * (ends[1] - ends[0]) + LEFT * max(0, ends[2] - ends[1])
    at = min(ends[2], width)
    return f"{cells[:at]}{LIMIT}{cells[at:]}"


def lines_of_months(
    ledger: Ledger, metric: str, budgets: Sequence[Spent], rows: NDArray[np.intp] | None = None
) -> list[str]:
    """The months of a ledger as one line from 0 to the largest, of `rows` where they are given, and of each budget what
    they add up to."""
    values = dict(_months(ledger, metric, rows))
    known = sorted(word for word in values if word)
    if len(known) < 2:
        return []
    most = max(values.values())
    made = []
    if most and int(known[-1][:4]) - int(known[0][:4]) <= _MOST_YEARS:
        bars = "".join(_height(values.get(month, 0.0) / most) for month in _between(known[0], known[-1]))
        at_most = display.shown(most, RESULTS[METRICS[metric]].kind)
        made.append(f"{known[0]} {bars} {known[-1]}, at most {at_most} a month")
    for one in budgets:
        if (line := _adding_up(ledger, one)) is not None:
            made.append(line)
    return made


def _months(ledger: Ledger, metric: str, rows: NDArray[np.intp] | None = None) -> Iterator[tuple[str, float]]:
    import numpy as np

    values = np.nan_to_num(ledger.values(METRICS[metric]))
    if rows is not None:
        inside = np.zeros(len(values), dtype=bool)
        inside[rows] = True
        values = np.where(inside, values, 0.0)
    sums = np.bincount(ledger.months.codes, weights=values, minlength=len(ledger.months.words))
    yield from zip(ledger.months.words, sums.tolist(), strict=True)


def _adding_up(ledger: Ledger, one: Spent) -> str | None:
    """A budget's months, each with what was used by its end, from 0 to the limit."""
    from carbontui.engine.ledger.limit import rows_of

    limit = one.limit
    values = {month: value for month, value in _months(ledger, limit.metric, rows_of(ledger, limit)) if month and value}
    if not values or one.used is None:
        return None
    first = _month_of(limit.begin)
    last = _month_of(limit.end - 1)
    if int(last[:4]) - int(first[:4]) > _MOST_YEARS:
        return None
    months = list(_between(first, max(values)))
    if len(months) < 2:
        return None
    so_far, bars = 0.0, ""
    for month in months:
        so_far += values.get(month, 0.0)
        bars += _height(so_far / limit.most) if so_far <= limit.most else _ABOVE
    left = len(list(_between(months[-1], last))) - 1
    name = f"budget {clean(limit.name)}" if limit.name else "the budget"
    return f"{first} {bars}{'·' * left} {last}, adding up to {display.shown(one.share, 'share')} of {name}"


def _month_of(seconds: float) -> str:
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(seconds // _DAY)).isoformat()[:7]


def _between(first: str, last: str) -> Iterator[str]:
    """Every month from one to another."""
    year, month = int(first[:4]), int(first[5:7])
    while (text := f"{year:04}-{month:02}") <= last:
        yield text
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _height(share: float) -> str:
    return _HEIGHTS[min(7, int(8 * share))]

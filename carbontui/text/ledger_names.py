"""What people call some runs of a ledger: whose they are, and from when to when."""

from __future__ import annotations

from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The tool whose logs do not say where jobs ran, which a cluster file does.
SLURM = "Slurm"
# Columns whose words are no names of somebody or something.
_PLAIN = ("state", "known_by")


def span_of(months: Iterable[str]) -> str:
    """Months such as `2026-07` as people say from when to when they are: `Jul 2026`, `Nov 2025 to Feb 2026`, `2026`;
    "" where none is known."""
    known = sorted({month for month in months if month})
    if not known:
        return ""
    first, last = known[0], known[-1]
    year, other = first[:4], last[:4]
    begin, end = (_MONTHS[int(month[5:7]) - 1] for month in (first, last))
    if first == last:
        return f"{begin} {year}"
    if year != other:
        return f"{begin} {year} to {end} {other}"
    return year if (begin, end) == ("Jan", "Dec") else f"{begin} to {end} {year}"


def runs_name(by: str, word: str | None, months: Iterable[str], some: str = "") -> str:
    """What a group of runs is called by the word of its column; where it is None, all runs or `some`."""
    span = span_of(months)
    if word is None and some:
        who = some
    elif word is None or by == "month":
        who = "all runs"
    elif by == "year":
        who, span = "all runs", word
    elif not word:
        who = f"no {by.replace('_', ' ')}"
    elif by in _PLAIN:
        who = f"{word.lower().replace('_', ' ')} runs"
    else:
        who = word
    return clean(", ".join(filter(None, (who, span))))

"""Times as logs write them, read fast: a log has few dates and many times."""

from __future__ import annotations

import re

_DAY = 86_400.0
_OFFSET = re.compile(r"\s?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})$")
_SINCE_1970 = re.compile(r"[0-9]{9,10}")
_dates: dict[str, float] = {}


def seconds_of(text: str) -> float | None:
    """Seconds since 1970 by the log's own clock of a time such as `2026-01-31T12:00:00`; None where it is none.

    What an offset says of the clock (`+02:00`, `Z`) is no matter: a month is that of the clock on the wall. Whole
    seconds since 1970, as `SLURM_TIME_FORMAT=%s` has them, are by UTC.
    """
    found = _on_the_wall(text)
    if found is None:
        if (offset := _OFFSET.search(text)) is not None:
            return _on_the_wall(text[: offset.start()])
        if _SINCE_1970.fullmatch(text) is not None:
            return float(text)
    return found


def _on_the_wall(text: str) -> float | None:
    try:
        base = _dates.get(text[:10])
        if base is None:
            base = _date(text[:10])
        if text[13] != ":" or text[16:17] not in (":", "") or text[10] not in "T ":
            return None
        hours, minutes, seconds = int(text[11:13]), int(text[14:16]), float(text[17:26] or 0)
    except (ValueError, IndexError):
        return None
    if not (hours < 24 and minutes < 60 and 0 <= seconds < 61):
        return None
    return base + hours * 3600 + minutes * 60 + seconds


def _date(text: str) -> float:
    from datetime import date

    if len(_dates) > 100_000:
        _dates.clear()
    days = (date.fromisoformat(text.replace("/", "-")) - date(1970, 1, 1)).days
    return _dates.setdefault(text, days * _DAY)


def month_of(seconds: float) -> str:
    """The month of a time, as `2026-01`."""
    from datetime import UTC, datetime, timedelta

    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).strftime("%Y-%m")

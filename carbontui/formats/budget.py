"""A budget of a year or a project in TOML: a metric, a limit, from, to, and whose runs it is for."""

from __future__ import annotations

from datetime import date, datetime

from carbontui.engine.ledger.account import BY
from carbontui.engine.ledger.limit import Limit
from carbontui.errors import FileError
from carbontui.files import line_of, parse, read_text, said
from carbontui.quantities import ADDED_UP, METRICS, RESULTS
from carbontui.typed import limit
from carbontui_registry.text import clean, did_you_mean, listed
from carbontui_registry.units import UnitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEYS = ("name", "metric", "limit", "from", "to", "where")
# What a file of budgets has at its top.
KEYS = (*_KEYS, "budget")
_DAY = 86_400.0


def read_budget(path: str) -> tuple[Limit, ...]:
    """The budget of a file, or the several under `[[budget]]`. Raises `FileError`."""
    text = read_text(path)
    top = parse(path, text)
    if not top:
        raise FileError(f"{clean(path)}: has no budget in it; it needs {listed(('limit', 'from', 'to'))}")
    tables = top.get("budget", [top])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise _wrong(path, text, "budget", "must be tables, each under [[budget]]")
    several = "budget" in top
    if not tables:
        raise _wrong(path, text, "budget", "has no budget in it; each is a table under [[budget]]")
    for key in top if several else ():
        if key != "budget":
            what = "is outside every [[budget]]; move it under one"
            raise _wrong(path, text, key, what)
    return tuple(
        _limit(path, text, one, f"budget[{number}]." if several else "") for number, one in enumerate(tables, 1)
    )


def _wrong(path: str, text: str, where: str, what: str) -> FileError:
    line = line_of(text, where)
    return FileError(f"{clean(path)}{f', line {line}' if line else ''}: {clean(where)}: {what}")


def _limit(path: str, text: str, given: dict[str, Any], at: str) -> Limit:
    def wrong(key: str, what: str) -> FileError:
        return _wrong(path, text, f"{at}{key}", what)

    for key in given:
        if key not in _KEYS:
            raise wrong(key, f"unknown key{did_you_mean(key, _KEYS)}; keys are {listed(_KEYS)}")
    for key in ("limit", "from", "to"):
        if key not in given:
            raise wrong(key, "is missing")
    metric = given.get("metric", "gross")
    if metric not in ADDED_UP:
        raise wrong("metric", f"{said(metric)} is not allowed; use {listed(ADDED_UP, 'or')}")
    kind = RESULTS[METRICS[metric]].kind
    if not isinstance(given["limit"], str):
        raise wrong("limit", f"{said(given['limit'])} must be text with a unit, such as {_EXAMPLE[kind]!r}")
    try:
        most = limit(given["limit"], kind)
    except UnitError as error:
        raise wrong("limit", str(error)) from None
    if not most:
        raise wrong("limit", "must be more than 0")
    begin, last = (_day(given[key]) for key in ("from", "to"))
    for key, day in (("from", begin), ("to", last)):
        if day is None:
            raise wrong(key, f"{said(given[key])} must be a date, such as 2026-01-01")
    assert begin is not None
    assert last is not None
    if last < begin:
        raise wrong("to", "is before from")
    where = given.get("where", {})
    if not isinstance(where, dict) or not all(isinstance(value, str) for value in where.values()):
        raise wrong("where", 'must be a table of strings, such as {account = "nlp"}')
    for key in where:
        if key not in BY:
            raise wrong(f"where.{key}", f"unknown key{did_you_mean(key, BY)}; columns are {listed(BY)}")
    name = given.get("name", "")
    if not isinstance(name, str):
        raise wrong("name", f"{said(name)} must be text in quotes")
    # The last day counts, and the day after it need not be one of the calendar.
    return Limit(clean(name)[:200], metric, most, _seconds(begin), _seconds(last) + _DAY, tuple(where.items()))


_EXAMPLE = {"co2e": "12 tCO2e", "energy": "40 MWh", "water": "100 m3", "cost": "5000 USD"}


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _seconds(day: date) -> float:
    return (day - date(1970, 1, 1)).days * _DAY

"""Kept work as it is read again: checked like a file from outside, whoever wrote it."""

from __future__ import annotations

from carbontui.engine.comparison import Question
from carbontui.engine.scenario import Scenario
from carbontui.quantities import ACCOUNTINGS, METRICS, QUANTITIES, RESULTS
from carbontui.tui.workspace import LOOKED_AT, UNITS, Logs, Step, Workspace
from carbontui_registry.figures import Figure, Source
from carbontui_registry.vocabulary import BASES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = 1
FIGURES = ("given", "carried", "published")
LONGEST = 10_000
_TEXTS = ("name", "note", "sealed", "group")
_NAMES = ("model", "hardware", "region", "run", "period", "boundary", "serving", "form", "work", "precision")


def workspace_of(data: Any) -> Workspace:
    """The workspace that was written. Raises `ValueError` where the data are not what is written."""
    _table(data, ("kept", "path", "stamp", "question", "saved", "job", "limits", "tab", "looks", "past", "logs"))
    _need(data.get("kept") == FORMAT)
    saved = data.get("saved")
    return Workspace(
        _question(data.get("question")),
        # These came later than the rest.
        _scenario(data.get("job", {})),
        _text(data.get("limits", "")),
        _text(data.get("tab", "compare")),
        path=_text_or_none(data.get("path")),
        saved=None if saved is None else _question(saved),
        stamp=_text(data.get("stamp")),
        past=_past(data.get("past", {})),
        logs=_logs(data.get("logs", {})),
        **_looks(data.get("looks", {})),
    )


def _looks(data: Any) -> dict[str, Any]:
    looks = _table(data, tuple(LOOKED_AT))
    _one_of(looks.get("unit", UNITS[0]), UNITS)
    _need(all(isinstance(looks.get(name, False), bool) for name in ("log_scale", "rows")))
    return looks


def _logs(data: Any) -> Logs:
    fields = dict(_table(data, Logs._fields))
    fields["paths"] = tuple(map(_text, _list(fields.get("paths", []))))
    for key in ("cluster", "budgets"):
        _text(fields.get(key, ""))
    _need(isinstance(fields.get("as_one", False), bool))
    kinds = _rows(fields.get("kinds", []), 2)
    fields["kinds"] = tuple(_kind(path, kind) for path, kind in kinds)
    return Logs(**fields)


def _kind(path: Any, kind: Any) -> tuple[str, str]:
    from carbontui.importers import IMPORTERS

    return _text(path), _one_of(kind, IMPORTERS)


def _past(data: Any) -> tuple[Step, ...]:
    found = _table(data, ("scenarios", "steps"))
    scenarios = [_scenario(one) for one in _list(found.get("scenarios", []))]

    def at(number: Any) -> Scenario:
        _need(isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(scenarios))
        return scenarios[int(number)]

    steps = []
    for what, fields, of, job, limits in _rows(found.get("steps", []), 5):
        # Checked as any question is, with as many scenarios; then those that it had.
        question = _question({**_table(fields, Question._fields), "scenarios": [{} for _ in _list(of)]})
        steps.append(Step(_text(what), question.replace(scenarios=tuple(map(at, of))), at(job), _text(limits)))
    return tuple(steps)


def _need(holds: object) -> None:
    if not holds:
        raise ValueError("this is not a saved session")


def _table(data: Any, known: tuple[str, ...]) -> dict[str, Any]:
    _need(isinstance(data, dict) and set(data) <= set(known))
    found: dict[str, Any] = data
    return found


def _list(data: Any) -> list[Any]:
    _need(isinstance(data, list))
    found: list[Any] = data
    return found


def _row(data: Any, length: int) -> list[Any]:
    row = _list(data)
    _need(len(row) == length)
    return row


def _text(data: Any) -> str:
    _need(isinstance(data, str) and len(data) <= LONGEST)
    return str(data)


def _text_or_none(data: Any) -> str | None:
    return None if data is None else _text(data)


def _number(data: Any, most: float = 1e300) -> float:
    _need(isinstance(data, int | float) and not isinstance(data, bool) and 0 <= data <= most)
    return float(data)


def _question(data: Any) -> Question:
    fields = dict(_table(data, Question._fields))
    fields["scenarios"] = tuple(map(_scenario, _list(fields.get("scenarios"))))
    baseline = fields.get("baseline", 0)
    _need(isinstance(baseline, int) and not isinstance(baseline, bool))
    _need(0 <= baseline < max(1, len(fields["scenarios"])))
    _need(fields.get("metric", "gross") in list(METRICS))
    _need(fields.get("accounting", ACCOUNTINGS[0]) in ACCOUNTINGS)
    _need(isinstance(fields.get("total", False), bool))
    for key in ("title", "note", "baseline_name"):
        _text(fields.get(key, ""))
    return Question(**fields)


def _scenario(data: Any) -> Scenario:
    fields = dict(_table(data, Scenario._fields))
    for key in _TEXTS:
        if key in fields:
            _text(fields[key])
    for key in _NAMES:
        if key in fields:
            _text_or_none(fields[key])
    _need(fields.get("sealed", "") in ("", *ACCOUNTINGS))
    for key in FIGURES:
        fields[key] = tuple(_figure(row, key) for row in _list(fields.get(key, [])))
    fields["behind"] = tuple(map(_source, _list(fields.get("behind", []))))
    for key in ("texts", "said"):
        fields[key] = tuple((_text(k), _text(v)) for k, v in _rows(fields.get(key, []), 2))
    fields["edited"] = tuple(map(_text, _list(fields.get("edited", []))))
    fields["replaced"] = tuple(
        (_one_of(key, RESULTS), _number(value), None if ends is None else tuple(map(_number, _row(ends, 2))))
        for key, value, ends in _rows(fields.get("replaced", []), 3)
    )
    fields["errors"] = tuple(
        (_text(key), tuple((_text(name), _number(v)) for name, v in _rows(named, 2)))
        for key, named in _rows(fields.get("errors", []), 2)
    )
    return Scenario(**fields)


def _rows(data: Any, length: int) -> list[list[Any]]:
    return [_row(row, length) for row in _list(data)]


def _one_of(data: Any, known: Any) -> str:
    _need(isinstance(data, str) and data in known)
    return str(data)


def _figure(data: Any, field: str) -> tuple[str, Figure]:
    key, value, basis, spread, source = _row(data, 5)
    _one_of(key, {*RESULTS, *QUANTITIES} if field == "published" else QUANTITIES)
    _one_of(basis, BASES)
    return key, Figure(
        _number(value),
        basis,
        None if spread is None else _number(spread, 100),
        None if source is None else _source(source),
    )


def _source(data: Any) -> Source:
    title, url, year, licence, name = _row(data, len(Source._fields))
    _need(year is None or (isinstance(year, int) and not isinstance(year, bool)))
    return Source(_text(title), _text_or_none(url), year, _text_or_none(licence), _text_or_none(name))

"""A comparison read from plain data: what each key may hold, with errors that say where and what would be right."""

from __future__ import annotations

from carbontui.engine.comparison import Question
from carbontui.engine.scenario import Scenario
from carbontui.engine.uncertainty import log_variance
from carbontui.files import said
from carbontui.formats.document import FORMAT, RATIOS, RESULT_KEYS
from carbontui.quantities import (
    ACCOUNTINGS,
    FILE_KEYS,
    METRICS,
    RESULTS,
    TEXTS,
    kind_of,
    wrong_quantity,
)
from carbontui_registry import units
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.figures import Figure, Source
from carbontui_registry.text import clean, did_you_mean, not_allowed
from carbontui_registry.vocabulary import BASES, is_period

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# A lognormal figure with this relative standard deviation may be anything.
LARGEST_SPREAD = 100
LARGEST_VARIANCE = log_variance(LARGEST_SPREAD)
SCENARIO_KEYS = (
    *("name", "model", "hardware", "region", "run", "note", "inputs", "results", "published", "basis", "spreads"),
    # All but the sources follow from the inputs and are not read again.
    *("interval90", "sources", "lifetime", "rates", "notes", "missing", "estimate"),
    *("errors", "group", "form", "work", "precision"),
)
TOP_KEYS = (
    *(
        "carbontui",
        "title",
        "note",
        "baseline",
        "metric",
        "accounting",
        "data",
        "cite",
        "scenarios",
        "sources",
        "plugins",
    ),
    # What else a sweep found, apart from its best cells is not read again; of totals, that they are wanted.
    *("$schema", "sweep", "total"),
)


class BadDocument(CarbontuiError):
    """A file does not say what it should: `where` is the key, and what is wrong says what would be right."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(what, where=where)


def _unit_of(key: str) -> tuple[str, str]:
    """What a key is called without its unit, and the unit."""
    try:
        kind = units.KINDS[kind_of(key)]
    except KeyError:
        return key, ""
    return key.removesuffix(kind.suffix) if kind.suffix else key, kind.unit


def load(document: object) -> Question:
    """The comparison that a document holds, without looking anything up. Raises `BadDocument`."""
    if not isinstance(document, dict):
        raise BadDocument("", "is not a comparison: a table of scenarios is needed")
    version = document.get("carbontui")
    if version is None:
        raise BadDocument("carbontui", "is missing; a comparison begins with carbontui = 1")
    if isinstance(version, bool) or not isinstance(version, int):
        raise BadDocument("carbontui", f"{said(version)} is not a known format; write 1")
    if version < 1:
        raise BadDocument("carbontui", f"{version} is not a known format; write 1")
    if version > FORMAT:
        raise BadDocument("carbontui", f"is format {version}; this version reads {FORMAT}; install a newer one")
    _known(document, TOP_KEYS, "")
    sources: dict[str, Source] = {}
    for n, item in enumerate(_list(document, "sources", "")):
        at = f"sources[{n + 1}]"
        fields = _table(item, at)
        _known(fields, Source._fields, at)
        year = fields.get("year")
        if "year" in fields and (isinstance(year, bool) or not isinstance(year, int)):
            raise BadDocument(f"{at}.year", f"{said(year)} is not a year; write one like 2025, without quotes")
        texts = {k: _text(fields, k, at) for k in ("title", "url", "licence", "id")}
        for key in ("title", "id"):
            if not texts[key]:
                raise BadDocument(f"{at}.{key}", "is missing")
        sources[texts["id"] or ""] = Source(texts["title"] or "", texts["url"], year, texts["licence"], texts["id"])
    for key in ("data", "cite"):
        _text(document, key, "")
    for n, item in enumerate(_list(document, "plugins", "")):
        at = f"plugins[{n + 1}]"
        _known(_table(item, at), ("name", "version"), at)
        for key in ("name", "version"):
            _text(item, key, at)
    accounting = _choice(document, "accounting", ACCOUNTINGS) or "as-published"
    scenarios = tuple(
        _load_scenario(_table(item, f"scenarios[{n + 1}]"), f"scenarios[{n + 1}]", sources, accounting)
        for n, item in enumerate(_list(document, "scenarios", ""))
    )
    named = {figure.source for one in scenarios for _, figure in (*one.given, *one.carried)}
    behind = tuple(source for source in sources.values() if source not in named)
    if behind:
        scenarios = tuple(one.replace(behind=behind) if one.carried else one for one in scenarios)
    names = [scenario.name for scenario in scenarios]
    baseline = _text(document, "baseline", "")
    # A scenario without a name gets one when it is filled in.
    if baseline is not None and baseline not in names and "" not in names:
        raise BadDocument("baseline", f"{said(baseline)} is not one of the scenarios{did_you_mean(baseline, names)}")
    return Question(
        scenarios,
        names.index(baseline) if baseline in names else 0,
        _choice(document, "metric", tuple(METRICS)) or "gross",
        accounting,
        _text(document, "title", "") or "",
        _text(document, "note", "") or "",
        baseline or "" if baseline not in names else "",
        bool(_list(document, "total", "")),
    )


def _load_scenario(table: dict[str, Any], at: str, sources: dict[str, Source], accounting: str) -> Scenario:
    _known(table, SCENARIO_KEYS, at)
    inputs = _table(table.get("inputs", {}), f"{at}.inputs")
    _known(inputs, (*FILE_KEYS, *TEXTS), f"{at}.inputs")
    basis = _table(table.get("basis", {}), f"{at}.basis")
    spreads = _table(table.get("spreads", {}), f"{at}.spreads")
    source_ids = _table(table.get("sources", {}), f"{at}.sources")
    _known(source_ids, tuple(FILE_KEYS), f"{at}.sources")
    for name, kind in basis.items():
        _known({name: kind}, (*FILE_KEYS, *RESULT_KEYS), f"{at}.basis")
        if kind not in BASES:
            raise BadDocument(f"{at}.basis.{name}", not_allowed(said(kind), str(kind), BASES))
    for name, spread in spreads.items():
        _known({name: spread}, (*FILE_KEYS, *RESULT_KEYS), f"{at}.spreads")
        if _figure(spread, f"{at}.spreads.{name}") > LARGEST_SPREAD:
            raise BadDocument(f"{at}.spreads.{name}", f"{spread:g} is more than {LARGEST_SPREAD}; write 0.1 for 10 %")
    _check_results(table, at)
    complete = "results" in table
    given: list[tuple[str, Figure]] = []
    carried: list[tuple[str, Figure]] = []
    for name, key in FILE_KEYS.items():
        if name not in inputs:
            continue
        value = _figure(inputs[name], f"{at}.inputs.{name}")
        if wrong := wrong_quantity(key, value):
            raise BadDocument(f"{at}.inputs.{name}", f"{inputs[name] if value < 1e9 else value:g} {wrong}")
        kind = basis.get(name, "entered")
        source = _text(source_ids, name, f"{at}.sources")
        if source is not None and source not in sources:
            raise BadDocument(
                f"{at}.sources.{name}", f"{said(source)} is not one of the sources{did_you_mean(source, sources)}"
            )
        spread = None if name not in spreads else float(spreads[name])
        figure = Figure(value, kind, spread, None if source is None else sources[source])
        (given if kind == "entered" else carried).append((key, figure))
    texts = [(t, text) for t in TEXTS if (text := _text(inputs, t, f"{at}.inputs")) is not None]
    for t, text in texts:
        if t == "period" and not is_period(text):
            raise BadDocument(
                f"{at}.inputs.period", f"{said(text)} is not a period; write a year '2025' or a month '2025-03'"
            )
        if TEXTS[t].allowed and text not in TEXTS[t].allowed:
            raise BadDocument(f"{at}.inputs.{t}", not_allowed(said(text), str(text), TEXTS[t].allowed))
    published = _table(table.get("published", {}), f"{at}.published")
    _known(published, tuple(RESULTS), f"{at}.published")
    parts = {part: _text(table, part, at) for part in ("model", "hardware", "region", "run")}
    return Scenario(
        name=_text(table, "name", at) or "",
        given=tuple(given),
        carried=tuple(carried),
        texts=tuple(texts),
        published=tuple((k, Figure(_figure(v, f"{at}.published.{k}"), "published")) for k, v in published.items()),
        note=_text(table, "note", at) or "",
        sealed=accounting if complete else "",
        period=None if complete else dict(texts).get("period"),
        boundary=dict(texts).get("boundary") if any(key == "power" for key, _ in given) else None,
        model=parts["model"],
        hardware=parts["hardware"],
        region=parts["region"],
        run=parts["run"],
        group=_text(table, "group", at) or "",
        errors=_errors(table, at),
        said=_said_notes(table, at),
        replaced=_replaced(table, at),
        form=_text(table, "form", at),
        work=_text(table, "work", at),
        precision=_text(table, "precision", at),
    )


def _errors(table: dict[str, Any], at: str) -> tuple[tuple[str, tuple[tuple[str, float], ...]], ...]:
    """The errors in the figures of a file, by the key of the figure: their names and variances."""
    errors = _table(table.get("errors", {}), f"{at}.errors")
    _known(errors, tuple(FILE_KEYS), f"{at}.errors")
    made = []
    for key, of in errors.items():
        where = f"{at}.errors.{key}"
        named = tuple((clean(name), _figure(value, f"{where}.{name}")) for name, value in _table(of, where).items())
        if any(variance > LARGEST_VARIANCE for _, variance in named):
            raise BadDocument(where, f"has a variance of more than {LARGEST_VARIANCE:g}")
        made.append((FILE_KEYS[key], named))
    return tuple(made)


def _said_notes(table: dict[str, Any], at: str) -> tuple[tuple[str, str], ...]:
    """The notes of a file, each with the key that it is about."""
    said = []
    for number, item in enumerate(_list(table, "notes", f"{at}."), 1):
        where = f"{at}.notes[{number}]"
        _known(_table(item, where), ("key", "text"), where)
        said.append((_text(item, "key", where) or "", _text(item, "text", where) or ""))
    return tuple(said)


def _replaced(table: dict[str, Any], at: str) -> tuple[tuple[str, float, tuple[float, float] | None], ...]:
    """What the file says that an entered energy replaced: key, value, and 90 % range."""
    where = f"{at}.estimate"
    estimate = _table(table.get("estimate", {}), where)
    _known(estimate, ("results", "interval90"), where)
    results = _table(estimate.get("results", {}), f"{where}.results")
    intervals = _table(estimate.get("interval90", {}), f"{where}.interval90")
    for part in (results, intervals):
        _known(part, tuple(RESULTS), where)
    return tuple(
        (
            key,
            _figure(value, f"{where}.results.{key}"),
            _ends(intervals[key], f"{where}.interval90.{key}") if key in intervals else None,
        )
        for key, value in results.items()
    )


def _ends(ends: object, at: str) -> tuple[float, float]:
    if not isinstance(ends, list) or len(ends) != 2:
        raise BadDocument(at, f"{said(ends)} must be a list of two numbers, low and high")
    low, high = (_figure(end, at) for end in ends)
    return low, high


def _check_results(table: dict[str, Any], at: str) -> None:
    """Stored results are recomputed, but say what they should all the same."""
    results = _table(table.get("results", {}), f"{at}.results")
    _known(results, (*RESULT_KEYS, *RATIOS), f"{at}.results")
    for name, value in results.items():
        _figure(value, f"{at}.results.{name}")
    intervals = _table(table.get("interval90", {}), f"{at}.interval90")
    _known(intervals, RESULT_KEYS, f"{at}.interval90")
    for name, ends in intervals.items():
        _ends(ends, f"{at}.interval90.{name}")


def _known(table: dict[str, Any], known: tuple[str, ...], at: str) -> None:
    for key in table:
        if key not in known:
            shown = clean(key)[:60]
            what = f"unknown key{_other_unit(key, known) or did_you_mean(key, known)}"
            raise BadDocument(f"{at}.{shown}" if at else shown, what)


def _other_unit(key: str, known: tuple[str, ...]) -> str:
    """What is right where a key asks for another unit than its quantity is given in; else ""."""
    stems = [(stem, unit, one) for one in known for stem, unit in (_unit_of(one),) if key.startswith(f"{stem}_")]
    stem, unit, right = max(stems, key=lambda found: len(found[0]), default=("", "", ""))
    return f"; {stem.replace('_', ' ')} is given in {unit}, as {right}" if unit else ""


def _table(value: object, at: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadDocument(at, f"{said(value)} must be a table of keys and values")
    return value


def _list(table: dict[str, Any], key: str, at: str) -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise BadDocument(f"{at}{key}", f"{said(value)} must be a list of tables")
    return value


def _text(table: dict[str, Any], key: str, at: str) -> str | None:
    if key not in table:
        return None
    value = table[key]
    where = f"{at}.{key}" if at else key
    if not isinstance(value, str):
        raise BadDocument(where, f"{said(value)} must be text in quotes")
    if len(value) > 2000:
        raise BadDocument(where, f"has {len(value):,} characters; at most 2,000 are allowed")
    return clean(value)


def _choice(table: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = _text(table, key, "")
    if value is not None and value not in allowed:
        raise BadDocument(key, not_allowed(said(value), value, allowed))
    return value


def _figure(value: object, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        unit = _unit_of(at.rpartition(".")[2])[1]
        right = _in_unit(value, at) if isinstance(value, str) else ""
        raise BadDocument(at, f"{said(value)} must be a number{f' in {unit}' if unit else ''} without quotes{right}")
    try:
        number = float(value)
    except OverflowError:
        raise BadDocument(at, f"{said(value)} is too large a number; write one like 1.5e9") from None
    if not 0 <= number < float("inf"):
        raise BadDocument(at, f"{number!r} must be finite and not negative; leave out what is unknown")
    return number


def _in_unit(text: str, at: str) -> str:
    """The number that a text with a unit means, where it is one."""
    try:
        return f"; write {units.parse(text, kind_of(at.rpartition('.')[2]))!r}"
    except (units.UnitError, KeyError):
        return ""

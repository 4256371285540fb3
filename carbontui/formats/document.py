"""A comparison as plain data: what JSON and TOML files hold, in the order in which they hold it."""

from __future__ import annotations

from carbontui.engine.comparison import Comparison
from carbontui.engine.scenario import Filled
from carbontui.engine.sources import FILE_ORDER, SourceList, sources_of
from carbontui.formats.citation import tool
from carbontui.quantities import (
    FOLLOWING,
    METRICS,
    QUANTITIES,
    RESULTS,
    TEXTS,
)
from carbontui.text.notes import missing_text, no_ratio, notes_data
from carbontui.version import DATA_RELEASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from carbontui.engine.totals import Total
    from carbontui_registry.catalogue import Catalogue

FORMAT = 1
_FOLLOWED = tuple(QUANTITIES[key].file_key for key in FOLLOWING)
RATIOS = tuple(f"{metric}_ratio_to_baseline" for metric in METRICS)
# Every key of a result in a file.
RESULT_KEYS = (*RESULTS, *_FOLLOWED)


def dump(
    comparison: Comparison, catalogue: Catalogue, *, lifetime: bool = False, rates: bool = False
) -> dict[str, Any]:
    """The comparison as nested dicts of JSON's own types; what is unknown is absent. `lifetime` adds emissions outside
    training, `rates` intensities."""
    question = comparison.question
    sources = sources_of(comparison)
    scenarios = [_dump_scenario(one, comparison, n, sources) for n, one in enumerate(comparison.scenarios)]
    if lifetime or rates:
        from carbontui.engine.lifetime import as_data, rates_data

        for one, fields in zip(comparison.scenarios, scenarios, strict=True):
            fields |= {"lifetime": as_data(one)} if lifetime else {}
            fields |= {"rates": rates_data(one)} if rates else {}
    document: dict[str, Any] = {"carbontui": FORMAT}
    if question.title:
        document["title"] = question.title
    if question.note:
        document["note"] = question.note
    if comparison.scenarios:
        document["baseline"] = comparison.scenarios[question.baseline].name
    document |= {"metric": question.metric, "accounting": question.accounting, "data": DATA_RELEASE}
    document["cite"] = tool().title
    origins = {o for one in comparison.scenarios for o in _origins(one)}
    plugins = [p for p in catalogue.plugins(warnings=False) if p.origin in origins]
    document["scenarios"] = scenarios
    if comparison.totals:
        document["total"] = [_dump_total(one) for one in comparison.totals]
    document["sources"] = sources.listed()
    document["plugins"] = [
        {"name": p.origin, "version": p.version} if p.version else {"name": p.origin} for p in plugins
    ]
    return document


def _origins(one: Filled) -> set[str]:
    records = (one.model, one.hardware, one.region, one.run)
    origins = {r.origin for r in records if r is not None}
    return origins | {i.origin for i in one.inputs.values()}


def _dump_scenario(one: Filled, comparison: Comparison, number: int, sources: SourceList) -> dict[str, Any]:
    asked, ratios = one.scenario, comparison.ratios[number]
    out: dict[str, Any] = {"name": one.name}
    for part in ("model", "hardware", "region"):
        found = getattr(one, part)
        named = found.id if found is not None else getattr(asked, part)
        if named is not None:
            out[part] = named
    if asked.run is not None or one.run is not None:
        out["run"] = one.run.id if one.run is not None else asked.run
    out |= {key: text for key in ("group", "form", "work", "precision") if (text := getattr(asked, key))}
    if asked.note:
        out["note"] = asked.note
    keys = [key for key in FILE_ORDER if key in one.inputs]
    inputs: dict[str, Any] = {QUANTITIES[key].file_key: _number(one.inputs[key].value, key) for key in keys}
    inputs |= {text: one.texts[text] for text in TEXTS if text in one.texts}
    results: dict[str, float] = {key: one.results[key].value for key in RESULT_KEYS if key in one.results}
    results |= {f"{metric}_ratio_to_baseline": r.value for metric, r in ratios.items()}
    out["inputs"] = inputs
    out["results"] = results
    if one.published:
        out["published"] = {key: figure.value for key, figure in one.published.items()}
    out["basis"] = {QUANTITIES[key].file_key: one.inputs[key].basis for key in keys}
    spreads = {QUANTITIES[key].file_key: s for key in keys if (s := one.inputs[key].spread)}
    # A duration is an input and a result; what is read again is the input's, to the last bit.
    own = {key: s for key in results if key in one.results and (s := one.results[key].spread)}
    out["spreads"] = spreads | {key: s for key, s in own.items() if key not in spreads}
    errors = {
        QUANTITIES[key].file_key: {str(name): variance for name, (_, variance) in one.inputs[key].factors.items()}
        for key in keys
        if one.inputs[key].basis != "entered" and one.inputs[key].factors
    }
    if errors:
        out["errors"] = errors
    out["interval90"] = {key: list(r.interval) for key, r in one.results.items() if r.spread and r.interval}
    out["sources"] = {
        QUANTITIES[key].file_key: sources.id_of(source)
        for key in keys
        if (source := one.inputs[key].source) is not None
    }
    if one.notes:
        out["notes"] = notes_data(one)
    missing = {metric: text for metric in one.missing if (text := missing_text(one, metric))}
    missing |= {
        f"{metric}_ratio_to_baseline": text for metric in METRICS if (text := no_ratio(comparison, number, metric))
    }
    if missing:
        out["missing"] = missing
    if one.estimate:
        out["estimate"] = {
            "results": {key: result.value for key, result in one.estimate.items()},
            "interval90": {key: list(ends) for key, found in one.estimate.items() if (ends := found.interval)},
        }
    return out


def _dump_total(one: Total) -> dict[str, Any]:
    out: dict[str, Any] = {} if one.group is None else {"group": one.group}
    out |= {"scenarios": len(one.scenarios), "unknown": one.unknown}
    out["results"] = {key: found.value for key, found in one.results.items()}
    if one.known:
        out["known"] = {key: found.value for key, found in one.known.items()}
    out["basis"] = {key: found.basis for key, found in one.results.items()}
    out["interval90"] = {key: list(found.interval) for key, found in one.results.items() if found.interval}
    if one.mixed:
        out["mixed"] = list(one.mixed)
    out["median"] = {key: found.median for key, found in one.results.items() if found.median}
    return out


def _number(value: float, key: str) -> float | int:
    return int(value) if QUANTITIES[key].kind == "number" and value == int(value) and abs(value) < 2**53 else value


def stored_results(document: Mapping[str, Any]) -> list[dict[str, float]]:
    """The results that a document stores of each scenario."""
    return [dict(scenario.get("results", {})) for scenario in document.get("scenarios", [])]


def differing(document: dict[str, Any], comparison: Comparison) -> list[tuple[str, str, float, float | None]]:
    """Results that a file stores and that its own inputs do not give: scenario, key, what is stored, what they give."""
    return [
        (one.name, key, stored[key], one.result(key))
        for stored, one in zip(stored_results(document), comparison.scenarios, strict=False)
        for key in RESULTS
        if key in stored and stored[key] != one.result(key)
    ]


def stale_totals(document: Mapping[str, Any], comparison: Comparison) -> list[str]:
    """Totals that a file stores and that its own inputs do not give, each in one line."""
    if not comparison.totals:
        return []
    from carbontui.text.table import total_name

    lines = []
    for stored, one in zip(document.get("total", ()), comparison.totals, strict=False):
        for key, value in stored.get("results", {}).items() if isinstance(stored, dict) else ():
            now = one.results[key].value if key in one.results else None
            if now is None or abs(value - now) > 1e-9 * abs(now):
                lines.append(_stale_line(total_name(one), key, value, now))
    return lines


def stale(document: dict[str, Any], comparison: Comparison) -> list[str]:
    """The same, each in one line."""
    return [_stale_line(*one) for one in differing(document, comparison)]


def _stale_line(name: str, key: str, stored: object, value: float | None) -> str:
    return f"{name}: {key} is {stored!r} in the file, {'unknown' if value is None else repr(value)} by its inputs"

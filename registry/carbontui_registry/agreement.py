"""Figures held against each other: what cannot agree is said, with the numbers; nobody's record is changed by it."""

from __future__ import annotations

import re

from carbontui_registry.figures import CarbonFactor, Figure, Source
from carbontui_registry.records import Hardware, Measurement, Region, TrainingRun
from carbontui_registry.said import Said
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

# Beyond this a run's energy or CO2e does not follow from its own figures.
FACTOR = 2.0
# Of the TDP, by boundary: boards of one name vary, and a system draws more than its accelerators.
_MOST_OF_TDP = {"accelerator": (1.3, 0.0), "node": (2.0, 200.0), "system": (2.0, 200.0)}
WIDEST = 2.0
# PUE of sites that do not say theirs; with a factor of two to either side it matters little.
_USUAL_PUE = 1.3
_PLACEHOLDER = re.compile(r"(?:[a-z0-9-]+\.)*(?:example(?:\.(?:com|org|net))?|invalid|test)\Z")


def said_of_figures(record: Any, hardware: Hardware | None, countries: Mapping[str, str]) -> Iterator[Said]:
    """What cannot agree about a record: with itself, with its hardware, with the calendar.

    `countries` are the codes that are known, by code and by English name, both in small letters.
    """
    if isinstance(record, Hardware):
        yield from _of_hardware(record)
    elif isinstance(record, Region):
        yield from _of_region(record, countries)
    elif isinstance(record, TrainingRun):
        yield from _of_run(record, hardware)
    elif isinstance(record, Measurement) and hardware is not None:
        yield from _of_power(record.power, record.boundary, record.tdp or hardware.power.tdp, "power")
    yield from _of_spreads(record, "")
    yield from _of_periods(record, "")


def said_of_source(source: Source) -> Said | None:
    """What is to be known of a source, if anything."""
    if source.url is None and source.year is None:
        what = f"source {source.title!r} has neither a url nor a year, so nobody can find it"
        return Said(what, "give one of them", expected="url or year")
    if host := placeholder(source.url or ""):
        what = f"source {source.title!r}: {host} is a placeholder"
        return Said(what, "write where the figures are published", given=host, expected="a url")
    return None


def placeholder(url: str) -> str:
    """The host of an address that leads nowhere by its name, such as `acme.example`; "" of any other."""
    host = re.sub(r"^[a-z]+://", "", url.lower()).split("/")[0].split(":")[0]
    return host if _PLACEHOLDER.match(host) else ""


def _of_hardware(record: Hardware) -> Iterator[Said]:
    power = record.power
    if power.idle is not None:
        for name, figure in (("mean", power.mean), ("tdp", power.tdp)):
            if figure is not None and power.idle.value > figure.value:
                what = "the mean" if name == "mean" else "the TDP"
                idle, most = f"{power.idle.value:g} W", f"{figure.value:g} W"
                what = f"{idle} is above {what} of {most}; one of them is wrong"
                yield Said(what, key="power.idle", given=idle, expected=f"at most {most}")
                break


def _of_region(record: Region, countries: Mapping[str, str]) -> Iterator[Said]:
    country = record.country
    if country is not None and countries and country.lower().split("-")[0] not in countries.values():
        code = countries.get(country.lower(), "")
        right = f"'{code.upper()}'" if code else "two letters, such as 'SE'"
        what = f"{country!r} is not a country code (ISO 3166-1)"
        yield Said(what, f"write {right}", key="country", given=country, expected=right)
    seen: dict[tuple[Any, ...], int] = {}
    for n, factor in enumerate(record.factors, 1):
        key = (factor.period, factor.coverage, factor.source)
        first = seen.setdefault(key, n)
        if first != n:
            what = f"{factor.period}, coverage and source are the same as in factors[{first}], which is used"
            yield Said(what, "remove one, or say what tells them apart", key=f"factors[{n}]", given=factor.period)
        if factor.gross is not None and factor.net is not None and factor.net.value > factor.gross.value:
            net, gross = f"{factor.net.value:g} gCO2e/kWh", f"{factor.gross.value:g} gCO2e/kWh"
            what = f"{net} is above gross of {gross}; purchases of carbon-free energy lower it"
            yield Said(what, key=f"factors[{n}].net", given=net, expected=f"at most {gross}")


def _of_run(run: TrainingRun, hardware: Hardware | None) -> Iterator[Said]:
    if run.power is not None and hardware is not None:
        yield from _of_power(run.power, run.boundary or "system", hardware.power.tdp, "power")
    hours = run.chip_hours.value if run.chip_hours is not None else None
    if run.chips is not None and run.duration is not None:
        product = run.chips.value * run.duration.value
        if hours is not None and not 1 / FACTOR <= product / hours <= FACTOR:
            yield _apart("chip_hours", hours, "h", product, "chips x duration")
        hours = hours if hours is not None else product
    if run.energy is not None and hours and run.power is not None:
        follows = hours * run.power.value / 1000 * (run.pue.value if run.pue is not None else _USUAL_PUE)
        if not 1 / FACTOR <= run.energy.value / follows <= FACTOR:
            yield _apart("energy", run.energy.value, "kWh", follows, "chips x duration x power x PUE")
    for key, factor in (("gross_co2e", run.gross_factor), ("net_co2e", run.net_factor)):
        co2e = getattr(run, key)
        if co2e is not None and run.energy is not None and factor is not None and factor.value > 0:
            follows = run.energy.value * factor.value / 1000
            if follows > 0 and not 1 / FACTOR <= co2e.value / follows <= FACTOR:
                yield _apart(key, co2e.value, "kgCO2e", follows, f"energy x {key.removesuffix('_co2e')}_factor")
    if run.gross_co2e is not None and run.net_co2e is not None and run.net_co2e.value > run.gross_co2e.value:
        net, gross = f"{run.net_co2e.value:g} kgCO2e", f"{run.gross_co2e.value:g} kgCO2e"
        yield Said(f"{net} is above gross_co2e of {gross}", key="net_co2e", given=net, expected=f"at most {gross}")


def _of_power(power: Figure, boundary: str, tdp: Figure | None, where: str) -> Iterator[Said]:
    if tdp is None:
        return
    times, plus = _MOST_OF_TDP[boundary]
    most = times * tdp.value + plus
    if power.value > most:
        what = (
            f"{power.value:g} W is more than one accelerator with a TDP of {tdp.value:g} W can draw at the boundary"
            f" '{boundary}' ({most:g} W)"
        )
        right = "if it is for a whole server, write node_power"
        yield Said(what, right, key=where, given=f"{power.value:g} W", expected=f"at most {most:g} W")


def _apart(key: str, given: float, unit: str, follows: float, equation: str) -> Said:
    ratio = given / follows
    times = f"{ratio:.3g} times" if ratio > 1 else f"1/{1 / ratio:.3g} of"
    what = f"{given:g} {unit} is {times} the {follows:.4g} {unit} of {equation}"
    return Said(what, "check the units", key=key, given=f"{given:g} {unit}", expected=f"about {follows:.4g} {unit}")


def _of_spreads(value: Any, where: str) -> Iterator[Said]:
    """Figures, however deep, whose spread is wider than any estimate's."""
    if isinstance(value, Figure):
        if value.spread is not None and value.spread > WIDEST:
            what, right = f"{value.spread:g} is {100 * value.spread:.0f} %", "5 % is written '5 %' or 0.05"
            most = f"at most {WIDEST:g}"
            yield Said(what, right, key=f"{where}.spread", given=f"{value.spread:g}", expected=most)
        return
    for at, inner in _parts(value, where):
        yield from _of_spreads(inner, at)


def _of_periods(value: Any, where: str) -> Iterator[Said]:
    from time import gmtime

    if isinstance(value, Figure | Source):
        return
    period = getattr(value, "period", None) if isinstance(value, Value) else None
    if isinstance(period, str) and int(period[:4]) > gmtime().tm_year + 1:
        at = f"{where}.period" if where else "period"
        what, last = f"{period} is later than next year; no such figure can be known yet", gmtime().tm_year + 1
        yield Said(what, key=at, given=period, expected=f"a period up to {last}")
    for at, inner in _parts(value, where):
        yield from _of_periods(inner, at)


def _parts(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    dot = f"{where}." if where else ""
    if isinstance(value, Value):
        for field in type(value)._fields:
            inner = getattr(value, field)
            if isinstance(inner, Value | tuple | dict) and not isinstance(inner, Source):
                yield f"{dot}{field}", inner
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{dot}{key}", inner
    elif isinstance(value, tuple):
        for n, inner in enumerate(value, 1):
            if isinstance(inner, CarbonFactor | Figure | Value):
                yield f"{where}[{n}]", inner

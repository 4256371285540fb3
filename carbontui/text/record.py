"""All that is known of one record: as lines for people, each with how it is meant, and as a pack."""

from __future__ import annotations

from carbontui.engine.place import grids
from carbontui.text import display
from carbontui.text.records import FACTOR_TEXTS, TITLES, factor_figures, figures_of, kind_of_key, name_of, texts_of
from carbontui.text.series import series
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName
from carbontui_registry.figures import CarbonFactor, Figure, Shares, Source
from carbontui_registry.records import Measurement, Region
from carbontui_registry.values import Value
from carbontui_registry.vocabulary import BOUNDARIES, SOURCES_OF_ELECTRICITY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LABELS = {
    **TITLES,
    "tdp_w": "TDP",
    "mean_w": "mean power",
    "idle_w": "idle power",
    "embodied_kgco2e": "embodied",
    "water_l_per_kwh": "water",
    "gross_gco2e_per_kwh": "gross factor",
    "net_gco2e_per_kwh": "net factor",
    "cfe": "carbon-free",
    "params": "parameters",
    "active_params": "active",
    "energy_per_query_kwh": "per query",
    "duration_h": "duration",
    "chip_hours_h": "chip-hours",
    "per_node": "in a server",
    "throughput_flop_per_s": "throughput",
    "net_kgco2e": "net CO2e",
    "includes_td": "grid losses",
    "net_basis": "net is",
    "pue_kind": "PUE of a",
    "compute_kind": "compute of",
}


def label(key: str) -> str:
    """What people call a figure of a record: `peak_bf16_flop_per_s` is `peak bf16`."""
    if key.startswith("peak_"):
        return f"peak {key.split('_')[1]}"
    return _LABELS.get(key, key.replace("_", " "))


class Shown(Value):
    """One line about a record; `mark` says how it is meant: "", "title", "head", "dim", "warning", "differs"."""

    text: str
    mark: str = ""


class _Sources:
    """Numbers the sources of a record in the order in which its figures name them."""

    def __init__(self) -> None:
        self.known: list[Source] = []

    def number(self, source: Source | None) -> str:
        if source is None:
            return ""
        if source not in self.known:
            self.known.append(source)
        return f" [{self.known.index(source) + 1}]"

    def lines(self) -> Iterator[Shown]:
        for number, source in enumerate(self.known, 1):
            year = f" ({source.year})" if source.year and str(source.year) not in source.title else ""
            licence = f", {source.licence}" if source.licence else ""
            yield Shown(f"[{number}] {source.title}{year}{licence}")
            if source.url:
                yield Shown(f"    {source.url}", "dim")


def _figure_line(key: str, figure: Figure, sources: _Sources, indent: str = "") -> Shown:
    spread = f" ± {display.shown(figure.spread, 'share')}" if figure.spread else ""
    value = f"{display.shown(figure.value, kind_of_key(key))}{spread}"
    mark = display.mark_of(figure)
    text = f"{indent}{label(key):<{14 - len(indent)}} {value + mark:<16} {figure.basis}{sources.number(figure.source)}"
    return Shown(f"{text}; {figure.note}" if figure.note else text, "warning" if mark or figure.note else "")


def show_lines(
    found: Registered,
    contested: Sequence[tuple[str, str, Sequence[Registered]]] = (),
    measured: Sequence[Registered] = (),
    above: Sequence[Registered] = (),
) -> list[Shown]:
    """All that is known of a record, a line each.

    `measured` is what runs on it drew, `above` the grids above a region, the finest first. `contested` are the names
    that others claim too: the name, whose record it means, and the records of the others.
    """
    record = found.record
    lines = [
        Shown(name_of(record) or found.id, "title"),
        Shown(f"{found.kind} {found.id} · {found.origin}", "dim"),
    ]
    if aliases := getattr(record, "aliases", ()):
        lines.append(Shown(f"also called {', '.join(aliases)}", "dim"))
    if names := getattr(record, "names", ()):
        lines.append(Shown(f"reported by tools as {', '.join(names)}", "dim"))
    if record.note:
        lines.append(Shown(f"note: {record.note}", "warning"))
    lines += [Shown(f"warning: {warning}", "warning") for warning in found.warnings]
    sources = _Sources()
    region = isinstance(record, Region)
    texts = {k: v for k, v in texts_of(record).items() if k != "note" and not (region and k in FACTOR_TEXTS)}
    if texts:
        lines.append(Shown(" · ".join(f"{label(key)} {value}" for key, value in texts.items()), "dim"))
    figures = figures_of(record)
    if region:
        own = {"pue": record.pue, "water_l_per_kwh": record.water}
        figures = {key: figure for key, figure in own.items() if figure is not None}
    lines += [_figure_line(key, figure, sources) for key, figure in figures.items()]
    if region:
        if record.shares is not None:
            lines.append(Shown(_shares_line(record.shares, sources), "dim"))
        lines += _series_lines(found, above)
    if region and record.factors:
        lines += [Shown(""), Shown("carbon factors by period", "head")]
        for factor in sorted(record.factors, key=lambda factor: factor.period, reverse=True):
            lines += _factor_lines(factor, sources)
    if measured:
        lines += [Shown(""), Shown("measured power of runs, by boundary", "head")]
        for one in sorted(measured, key=lambda one: (BOUNDARIES.index(one.record.boundary), one.record.work or "")):
            lines.append(_measured_line(one, sources))
    sources.number(record.source)
    lines += [Shown(""), Shown("sources", "head"), *sources.lines()]
    for name, meaning, others in contested:
        lines += [
            Shown(""),
            Shown(f"{name} is claimed by others too; [*] in Plugins prefers one", "head"),
            Shown(meaning, "warning"),
        ]
        for other in others:
            lines += _side_by_side(found, other)
    return lines


def _shares_line(shares: Shares, sources: _Sources) -> str:
    known = [(name, share) for name in SOURCES_OF_ELECTRICITY if (share := getattr(shares, name)) is not None]
    largest = sorted(known, key=lambda pair: pair[1].value, reverse=True)
    text = ", ".join(f"{name} {display.shown(share.value, 'share')}" for name, share in largest)
    return f"generated from {text}{f' ({shares.period})' if shares.period else ''}{sources.number(shares.source)}"


def _series_lines(found: Registered, above: Sequence[Registered]) -> list[Shown]:
    """The gross factors over the years, of the region or of the finest grid above it that has any."""
    for one in (found, *above):
        if any(factor.gross is not None for factor in one.record.factors):
            lines = series(one.record)
            of = "" if one is found else f", of {one.id}"
            return [Shown(""), Shown(f"{lines[0]}{of}", "head"), *map(Shown, lines[1:])] if lines else []
    return []


def _factor_lines(factor: CarbonFactor, sources: _Sources) -> Iterator[Shown]:
    words = [factor.coverage, f"{factor.mix} mix" if factor.mix else None]
    if factor.includes_td is not None:
        words.append("with grid losses" if factor.includes_td else "without grid losses")
    words += [f"net {factor.net_basis}" if factor.net_basis else None, "by the hour" if factor.hourly else None]
    words.append(f"PUE of a {factor.pue_kind}" if factor.pue_kind else None)
    yield Shown(f"{factor.period}  {' · '.join(word for word in words if word)}".rstrip())
    for key, figure in {**factor_figures(factor), "pue": factor.pue}.items():
        if figure is not None:
            yield _figure_line(key, figure, sources, "  ")
    if factor.hourly is not None:
        mark = sources.number(factor.hourly.source)
        yield Shown(f"  relative to the day's mean, hour by hour, {factor.hourly.time_zone}{mark}")
        if factor.hourly.note:
            yield Shown(f"  note: {factor.hourly.note}", "warning")
        for first in range(0, len(factor.hourly.shape), 8):
            values = factor.hourly.shape[first : first + 8]
            yield Shown(f"    {first:02}:00  {'  '.join(f'{value:.3f}' for value in values)}")
    if factor.note:
        yield Shown(f"  note: {factor.note}", "warning")


def _measured_line(one: Registered, sources: _Sources) -> Shown:
    record: Measurement = one.record
    power = display.shown(record.power.value, "power")
    count = "" if record.accelerators is None else f" x {display.count(record.accelerators.value)}"
    what = " · ".join(word for word in (record.work, record.workload) if word)
    origin = "" if one.first_party else f" · {one.origin}"
    text = f"{record.boundary:<14} {power:>8}{count:<9} {what}{origin}{sources.number(record.power.source)}"
    return Shown(text, "" if one.first_party else "warning")


def _side_by_side(one: Registered, other: Registered) -> Iterator[Shown]:
    """The figures of two records that claim one name; a `≠` stands behind what differs."""
    mine, theirs = figures_of(one.record), figures_of(other.record)
    yield Shown(f"{'':<14} {'this':<15} {other.origin}", "dim")
    for key in {**mine, **theirs}:
        a, b = (display.shown(side[key].value, kind_of_key(key)) if key in side else "–" for side in (mine, theirs))
        yield Shown(f"{label(key):<14} {a:<15} {b}{'' if a == b else ' ≠'}", "" if a == b else "differs")


def around(found: Registered, catalogue: Catalogue) -> tuple[list[Registered], list[Registered]]:
    """What real work on hardware drew, and the grids above a region, the finest first."""
    measured = catalogue.measurements(found) if found.kind == "hardware" else []
    return measured, grids(found, catalogue)[1:] if found.kind == "region" else []


def contested_names(catalogue: Catalogue, found: Registered) -> list[tuple[str, str, list[Registered]]]:
    """The names of a record that others claim too: the name, what it means now, and the records of the others."""
    contested = []
    for name in (found.record.id, *getattr(found.record, "aliases", ())):
        others = [r for r in catalogue.claimants(found.kind, name) if r.origin != found.origin]
        if others:
            contested.append((name, meaning(catalogue, found.kind, name), others))
    return contested


def meaning(catalogue: Catalogue, kind: str, name: str) -> str:
    """Whose record a contested name means."""
    try:
        return f"it means the record of {catalogue.find(kind, name).origin}"
    except UnknownName as error:
        return str(error)


def show_text(found: Registered, catalogue: Catalogue) -> str:
    """The record for people, a line a figure."""
    first, *rest = show_lines(found, (), *around(found, catalogue))
    return "\n".join([first.text, *(f"  {line.text}".rstrip() for line in rest)])

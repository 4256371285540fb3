"""Registered records as rows, as text and as data, each figure under the key of its unit."""

from __future__ import annotations

from carbontui.engine.place import grids
from carbontui.text import display
from carbontui.text.table import Column, render
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName
from carbontui_registry.figures import CarbonFactor, Figure, Hourly, Source
from carbontui_registry.located import latest, located
from carbontui_registry.plugin import PLURAL
from carbontui_registry.records import Hardware, Measurement, Model, Offer, Region, TrainingRun
from carbontui_registry.text import nearest
from carbontui_registry.vocabulary import INTEGERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def figures_of(record: Any) -> dict[str, Figure]:
    """Every figure of a record by its key; a region's factors are those of its latest period."""
    found: dict[str, Figure | None] = {}
    if isinstance(record, Hardware):
        found = {"tdp_w": record.power.tdp, "mean_w": record.power.mean, "idle_w": record.power.idle}
        found |= {
            f"peak_{precision}{'_op_per_s' if precision in INTEGERS else '_flop_per_s'}": figure
            for precision, figure in record.peak.items()
        }
        found |= {"memory_gib": record.memory, "embodied_kgco2e": record.embodied, "per_node": record.per_node}
    elif isinstance(record, Region):
        factor = latest(record.factors)
        found = {"pue": (factor and factor.pue) or record.pue, "water_l_per_kwh": record.water}
        if factor is not None:
            found |= factor_figures(factor)
    elif isinstance(record, Model):
        found = {"params": record.params, "active_params": record.active_params, "compute_flop": record.compute}
        found |= {"tokens": record.tokens, "energy_per_query_kwh": record.energy_per_query}
    elif isinstance(record, TrainingRun):
        found = {"chips": record.chips, "duration_h": record.duration, "chip_hours_h": record.chip_hours}
        found |= {"power_w": record.power, "throughput_flop_per_s": record.throughput, "compute_flop": record.compute}
        found |= {"pue": record.pue, "gross_gco2e_per_kwh": record.gross_factor}
        found |= {"net_gco2e_per_kwh": record.net_factor, "energy_kwh": record.energy}
        found |= {"gross_kgco2e": record.gross_co2e, "net_kgco2e": record.net_co2e}
    elif isinstance(record, Offer):
        found = {"accelerators": record.accelerators, "price_usd_per_h": record.price}
    elif isinstance(record, Measurement):
        found = {"power_w": record.power, "tdp_w": record.tdp}
        found |= {"accelerators": record.accelerators, "params": record.params}
    return {key: figure for key, figure in found.items() if figure is not None}


def factor_figures(factor: CarbonFactor) -> dict[str, Figure | None]:
    """The figures of a carbon factor by key."""
    return {"gross_gco2e_per_kwh": factor.gross, "net_gco2e_per_kwh": factor.net, "cfe": factor.cfe}


def texts_of(record: Any) -> dict[str, Any]:
    """What a record says in words, by field."""
    fields: tuple[str, ...] = {
        "hardware": ("vendor", "kind", "year", "form", "offered_by"),
        "region": ("provider", "country", "grid", "location", "latitude", "longitude"),
        "model": ("compute_kind",),
        "run": ("model", "hardware", "region", "period", "training", "boundary", "precision"),
        "offer": ("hardware", "region", "instance", "period"),
        "measurement": ("hardware", "boundary", "work"),
    }[record._kind]
    texts = {field: getattr(record, field) for field in fields}
    if isinstance(record, Hardware):
        texts["boundary"] = record.power.boundary
    if isinstance(record, Region) and (factor := latest(record.factors)) is not None:
        texts |= {f: getattr(factor, f) for f in ("period", "coverage", "mix", "includes_td", "net_basis", "pue_kind")}
    texts["note"] = record.note
    joined = {field: " ".join(value) if isinstance(value, tuple) else value for field, value in texts.items()}
    return {field: value for field, value in joined.items() if value not in (None, "")}


def in_line(found: Registered, catalogue: Catalogue) -> Registered:
    """The record as a line of a list: a region without a factor of its own with that of its grid."""
    if found.kind != "region":
        return found
    above = [one.record for one in grids(found, catalogue)[1:]]
    return found.replace(record=located(found.record, above))


def list_row(found: Registered) -> dict[str, Any]:
    """The record as one flat row."""
    record = found.record
    row: dict[str, Any] = {"id": found.id, "name": name_of(record) or found.id, "origin": found.origin}
    if aliases := list(getattr(record, "aliases", ())):
        row["aliases"] = aliases
    row |= texts_of(record)
    row |= {key: figure.value for key, figure in figures_of(record).items()}
    return row


_COLUMNS = {
    "hardware": ("vendor", "year", "tdp_w", "mean_w", "peak", "memory_gib"),
    "region": ("country", "gross_gco2e_per_kwh", "net_gco2e_per_kwh", "pue", "period", "coverage"),
    "model": ("params", "active_params", "compute_flop", "tokens"),
    "run": ("region", "period", "chips", "power_w", "energy_kwh", "gross_kgco2e"),
    "offer": ("hardware", "region", "instance", "accelerators", "price_usd_per_h", "period"),
    "measurement": ("hardware", "accelerators", "power_w", "boundary", "work"),
}
_WORDS = ("vendor", "instance", "country", "coverage", "region", "period", "hardware", "boundary", "work")
TITLES = {
    "tdp_w": "TDP",
    "mean_w": "mean",
    "memory_gib": "memory",
    "gross_gco2e_per_kwh": "gross",
    "net_gco2e_per_kwh": "net",
    "pue": "PUE",
    "compute_flop": "compute",
    "active_params": "active",
    "power_w": "power",
    "energy_kwh": "energy",
    "gross_kgco2e": "gross CO2e",
    "accelerators": "chips",
    "price_usd_per_h": "price",
}


def list_table(kind: str, found: Sequence[Registered], width: int | None) -> str:
    """The records as a table with the figures that one chooses by."""
    rows = [(texts_of(r.record), figures_of(r.record), r) for r in found]

    def cell(key: str, texts: dict[str, Any], figures: dict[str, Figure], registered: Registered) -> str:
        if key == "peak":
            figure = registered.record.matrix_peak
            return figure_text(figure, "throughput") if figure else ""
        if key in texts:
            return str(texts[key])
        if key in ("params", "active_params", "tokens", "accelerators") and key in figures:
            return display.count(figures[key].value)
        return figure_text(figures[key], kind_of_key(key)) if key in figures else ""

    columns = [
        Column("id", [r.id for r in found], right=False, least=18),
        Column("name", [name_of(r.record) for r in found], right=False, keep=3, least=12),
    ]
    for n, key in enumerate(_COLUMNS[kind]):
        cells = [cell(key, *row) for row in rows]
        right = key not in _WORDS
        columns.append(Column(TITLES.get(key, key), cells, right=right, keep=8 - n, least=6 if not right else 0))
    columns.append(Column("origin", [r.origin for r in found], right=False, keep=1))
    if kind == "offer":
        # Its id only repeats the three that tell offers apart, so it goes first, and they are cut last.
        identity, instance = columns.pop(0), columns[3]
        columns.append(Column(identity.title, identity.cells, right=False, keep=0))
        for column in columns[1:4]:
            column.keep, column.whole = 9, column.width
        instance.least, instance.whole = 12, min(instance.width, 22)
    unit = f"{PLURAL[kind] if len(found) != 1 else kind}"
    note = "; ~ marks an assumption" if any("~" in c for column in columns for c in column.cells) else ""
    return "\n".join([*render(columns, width), "", f"{len(found)} {unit}{note}"]) + "\n"


def name_of(record: Any) -> str:
    """What a record is called, or what was run; empty for a run."""
    return getattr(record, "name", None) or getattr(record, "workload", None) or ""


def kind_of_key(key: str) -> str:
    """Kind of a record's figure by its key."""
    if key == "pue":
        return "pue"
    return "share" if key == "cfe" else display.kind_of(key)


def figure_text(figure: Figure, kind: str) -> str:
    """A figure as a cell, with the mark of an assumption."""
    return display.marked(figure, kind)


def find_any(catalogue: Catalogue, name: str) -> list[Registered]:
    """Every record of any kind with this name. Raises `UnknownName`, with the ambiguity where there is one."""
    found, errors, keys = [], [], []
    for kind in PLURAL:
        try:
            found.append(catalogue.find(kind, name))
        except UnknownName as error:
            errors.append(error)
            keys += catalogue.names(kind)
    if not found:
        for said in errors:
            if said.ambiguous or said.switched_off:
                raise said
        near = nearest(name.lower(), keys)
        raise UnknownName("", name, nearest=(near,) if near else ())
    return found


def show_document(found: Registered, measured: Sequence[Registered] = ()) -> dict[str, Any]:
    """The record with each figure as an object: value, basis, spread, source; and what was measured on it."""
    record = found.record
    out: dict[str, Any] = {"record": found.kind, "id": found.id, "name": name_of(record) or found.id}
    out["origin"] = found.origin
    if aliases := list(getattr(record, "aliases", ())):
        out["aliases"] = aliases
    out |= texts_of(record)
    out |= {key: _figure_object(figure) for key, figure in figures_of(record).items()}
    if isinstance(record, Region):
        out["factors"] = [
            {
                **{f: v for f in FACTOR_TEXTS if (v := getattr(factor, f)) is not None},
                **{k: _figure_object(v) for k, v in factor_figures(factor).items() if v is not None},
                **({"pue": _figure_object(factor.pue)} if factor.pue else {}),
                **({"hourly": _hourly_object(factor.hourly)} if factor.hourly else {}),
                **({"note": factor.note} if factor.note else {}),
            }
            for factor in record.factors
        ]
    if measured:
        out["measurements"] = [list_row(one) | {"source": _source_object(one.record.source)} for one in measured]
    out["source"] = _source_object(record.source)
    if found.warnings:
        out["warnings"] = list(found.warnings)
    return out


FACTOR_TEXTS = ("period", "coverage", "mix", "includes_td", "net_basis", "pue_kind")


def _figure_object(figure: Figure) -> dict[str, Any]:
    out: dict[str, Any] = {"value": figure.value, "basis": figure.basis}
    if figure.spread is not None:
        out["spread"] = figure.spread
    if figure.note is not None:
        out["note"] = figure.note
    if figure.source is not None:
        out["source"] = _source_object(figure.source)
    return out


def _hourly_object(hourly: Hourly) -> dict[str, Any]:
    out: dict[str, Any] = {"time_zone": hourly.time_zone, "shape": list(hourly.shape)}
    out |= {key: text for key in ("period", "note") if (text := getattr(hourly, key)) is not None}
    return out | ({"source": _source_object(hourly.source)} if hourly.source is not None else {})


def _source_object(source: Source) -> dict[str, Any]:
    return {field: value for field in Source._fields if (value := getattr(source, field)) is not None}


def source_line(source: Source | None) -> str:
    """Title, year and link in one line."""
    if source is None:
        return "no source"
    year = f" ({source.year})" if source.year and str(source.year) not in source.title else ""
    return f"{source.title}{year}{f', {source.url}' if source.url else ''}"

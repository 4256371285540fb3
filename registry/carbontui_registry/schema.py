"""The pack format as a JSON Schema, so that editors complete a pack and check it while it is written.

It is made from the very tables by which records are checked, and never refuses what `load_pack` takes. What only the
registry can tell (sums, references, names that others hold) is left to `carbontui plugins check`.

`python -m carbontui_registry.schema` prints it; `pack.schema.json` beside this module is what it printed.
"""

from __future__ import annotations

from inspect import getclosurevars
from typing import Any

from carbontui_registry import records, units
from carbontui_registry.text import LONGEST_TEXT

# What each key means, in a line; the unit, and what it is written like, follow from the checks.
KEYS: dict[str, dict[str, str]] = {
    "pack": {
        "pack": "Version of the format. This one is 1.",
        "source": "Where the figures come from; of every record and figure that has none of its own.",
        "hardware": "Accelerators, each with its power profile: [[hardware]].",
        "region": "Datacenters and grids, each with PUE and carbon factors: [[region]].",
        "model": "Models, each with parameters and training compute: [[model]].",
        "run": "Published training runs, of one's own or of anybody's models: [[run]].",
    },
    "source": {
        "title": "Author, year and title, as one would cite it.",
        "url": "Where it can be read.",
        "year": "Year of publication.",
        "licence": "Licence of the figures, such as CC-BY-4.0.",
        "id": "Short name in files; by default the title's first word and the year.",
    },
    "figure": {
        "value": "The figure, a text with its unit; the median where a spread is given.",
        "basis": "How it is known; published unless said otherwise, assumed for an estimate.",
        "spread": "Relative standard deviation of the figure taken as lognormal.",
        "source": "Where this figure comes from, if not from the record's source.",
    },
    "power": {
        "tdp": "Thermal design power of one accelerator.",
        "mean": "Mean power of one accelerator while training, before PUE.",
        "idle": "Power of one accelerator at rest.",
        "boundary": "Where mean and idle were read: accelerator, node, or system (at the wall).",
    },
    "peak": {precision: f"Dense peak throughput in {precision}." for precision in records.PRECISIONS},
    "factor": {
        "period": "Year or month that the factor holds for.",
        "gross": "Location-based carbon factor, an average.",
        "net": "Carbon factor after the operator's purchases of carbon-free energy.",
        "pue": "PUE of this period; wins over the region's.",
        "pue_kind": "Whether that PUE is of one site, of a fleet or from a survey.",
        "cfe": "Share of carbon-free energy.",
        "coverage": "Whether the factor counts direct emissions, the whole lifecycle, or that is unknown.",
        "mix": "Whether it is of the generation in the grid or of the consumption.",
        "includes_td": "Whether losses of transmission and distribution are in it.",
        "net_basis": "Whether purchases are matched by the hour or over the year.",
        "hourly": "Shape of the factor over the day.",
        "source": "Where this factor comes from, if not from the region's source.",
    },
    "hourly": {
        "shape": "24 values with mean 1, one an hour, by which the factor is multiplied.",
        "time_zone": "Time zone whose clock the hours are of.",
    },
    "hardware": {
        "id": "Name by which it is reached; unique among hardware.",
        "name": "Name for people.",
        "source": "Where its figures come from, if not from the pack's source.",
        "vendor": "Who makes it.",
        "kind": "What it is.",
        "year": "Year of its release.",
        "power": "Power profile of one accelerator.",
        "peak": "Dense peak throughput by precision.",
        "memory": "Memory of one accelerator.",
        "embodied": "CO2e of making one accelerator.",
        "aliases": "Other short names.",
    },
    "region": {
        "id": "Name by which it is reached, such as acme:lulea; unique among regions.",
        "name": "Name for people.",
        "source": "Where its figures come from, if not from the pack's source.",
        "provider": "Who runs the place.",
        "country": "Country or state it is in, as a short code.",
        "grid": "Id of the region whose factors hold for everybody at this place.",
        "pue": "PUE where a period has none of its own.",
        "factors": "Carbon factors by period.",
        "aliases": "Other short names.",
    },
    "model": {
        "id": "Name by which it is reached; unique among models.",
        "name": "Name for people.",
        "source": "Where its figures come from, if not from the pack's source.",
        "params": "Number of parameters.",
        "active_params": "Parameters that are used for a token, of a sparse model.",
        "compute": "Compute of the training.",
        "compute_kind": "Whether compute is of the model (without recomputation) or of the hardware.",
        "tokens": "Number of tokens trained on.",
        "energy_per_query": "Energy of one answer.",
        "aliases": "Other short names.",
    },
    "run": {
        "model": "Id of the model, anybody's.",
        "hardware": "Id of the hardware, anybody's.",
        "source": "Where its figures come from, if not from the pack's source.",
        "region": "Id of the region.",
        "period": "Year or month of the run.",
        "chips": "Number of accelerators.",
        "duration": "Time that it took.",
        "chip_hours": "Accelerators times time.",
        "power": "Mean power of one accelerator, before PUE.",
        "boundary": "Where the power was read: accelerator, node, or system (at the wall).",
        "throughput": "Achieved throughput of one accelerator.",
        "precision": "Precision of most of the arithmetic.",
        "compute": "Compute of this run.",
        "pue": "PUE that the authors used.",
        "gross_factor": "Location-based carbon factor that the authors used.",
        "net_factor": "Net carbon factor that the authors used.",
        "energy": "Energy after PUE that the authors published.",
        "gross_co2e": "Gross CO2e that the authors published.",
        "net_co2e": "Net CO2e that the authors published.",
        "id": "Name by which it is reached; by default model/hardware/period.",
    },
}

# The quantities that were met, by the names that they are referred to by.
_figures: dict[str, dict[str, Any]] = {}

_GAP = "[ \u00a0\u202f]*"
_DIGITS = "[0-9](?:_?[0-9]){0,17}"
_NUMBER = rf"{_DIGITS}(?:\.{_DIGITS})?(?:[eE][+-]?[0-9]{{1,2}})?"
# Names that can be written in several ways, and compounds, are left to the registry.
_COMPOUND = "[A-Za-z].*(?:[/*]|per).*"


def pack_schema() -> dict[str, Any]:
    """The JSON Schema of a pack of this version, in draft 7, which editors know."""
    kinds = list(records.RECORDS)
    tables = {kind: _record(kind) for kind in kinds}
    lists = {kind: {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}} for kind in kinds}
    own_source = {kind: {"items": {"required": ["source"]}} for kind in kinds}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"carbontui pack, version {records.CONTRACT}",
        **_table(
            "pack",
            {"pack": {"type": "integer", "minimum": 1}, "source": {"$ref": "#/$defs/source"}, **lists},
            required=("pack",),
        ),
        # Without a source for all, each record needs its own.
        "if": {"not": {"required": ["source"]}},
        "then": {"properties": own_source},
        "$defs": {
            "source": _table("source", _SOURCE, required=("title",)),
            "power": {
                **_table("power", {**dict.fromkeys(("tdp", "mean"), _figure("power")), **_AT_REST}),
                "anyOf": [{"required": ["tdp"]}, {"required": ["mean"]}],
            },
            "peak": _table("peak", dict.fromkeys(records.PRECISIONS, _figure("throughput"))),
            "factor": {
                **_table("factor", _fields(records._FACTOR_CHECKS), required=("period",)),
                "anyOf": [{"required": ["gross"]}, {"required": ["net"]}],
            },
            "hourly": _table("hourly", _HOURLY, required=("shape", "time_zone")),
            **tables,
            **_figures,
        },
    }


def _record(kind: str) -> dict[str, Any]:
    cls = records.RECORDS[kind]
    required = tuple(field for field in cls._required if field != "source")
    properties = _fields(cls._checks)
    return _table(kind, {field: properties[field] for field in cls._fields}, required=required)


def _fields(checks: dict[str, Any]) -> dict[str, Any]:
    return {"source": {"$ref": "#/$defs/source"}, **{field: _of_check(check) for field, check in checks.items()}}


def _table(kind: str, properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    # What stands beside a $ref is not looked at in this draft.
    apart = {key: {"allOf": [schema]} if "$ref" in schema else schema for key, schema in properties.items()}
    described = {key: {"description": KEYS[kind][key], **schema} for key, schema in apart.items()}
    table: dict[str, Any] = {"type": "object", "properties": described, "additionalProperties": False}
    return {**table, "required": list(required)} if required else table


def _pattern(regex: Any, *, any_case: bool = False) -> dict[str, Any]:
    pattern = "^" + regex.pattern.replace(r"\Z", "$")
    return {"type": "string", "pattern": pattern.replace("a-z", "A-Za-z") if any_case else pattern}


def _of_check(check: Any) -> dict[str, Any]:
    """The schema of what a check of `records` takes."""
    if check in _OF_CHECK:
        return _OF_CHECK[check]
    held = getclosurevars(check).nonlocals
    if "allowed" in held:
        return {"enum": list(held["allowed"])}
    return _figure(held["kind"], held["low"], whole=held["whole"])


def _figure(kind: str, low: float = 0.0, *, whole: bool = False) -> dict[str, Any]:
    """A quantity: alone, or as a table with its basis, spread and source."""
    name = f"{'whole ' if whole else ''}{kind}{' or 0' if low < 0 else ''} figure".replace(" ", "_")
    if name not in _figures:
        value = _value(kind, low, whole=whole)
        figure = {"value": value, "basis": {"enum": list(records.BASES)}}
        figure |= {"spread": _value("share", -1), "source": {"$ref": "#/$defs/source"}}
        _figures[name] = {"anyOf": [value, _table("figure", figure, required=("value",))]}
    return {"$ref": f"#/$defs/{name}"}


def _value(kind: str, low: float, *, whole: bool = False) -> dict[str, Any]:
    quantity = units.KINDS[kind]
    text: dict[str, Any] = {"type": "string", "pattern": rf"^\s*{_NUMBER}{_GAP}{_unit(quantity)}\s*$"}
    text |= {"maxLength": 64, "examples": [quantity.example]}
    if quantity.unit:
        return text
    least = {"minimum": 1} if kind == "pue" else {"exclusiveMinimum": low} if low >= 0 else {"minimum": 0}
    return {"anyOf": [{"type": "integer" if whole else "number", **least}, text]}


def _unit(quantity: units.Kind) -> str:
    if quantity.name in ("pue", "number"):
        return ""
    if quantity.name == "share":
        return "%"
    if quantity.name == "co2e":
        return f"(?:(?:k?g|t|lb) ?CO[2₂](?:e|-?eq?)|{_COMPOUND})"
    return f"(?:{'|'.join([*quantity.units, _COMPOUND])})"


_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_YEAR = {"type": "integer", "minimum": 1900, "maximum": 2200}
_IDENTIFIER = _pattern(records._ID)
_SOURCE = {**dict.fromkeys(("title", "url"), _TEXT), "year": _YEAR, "licence": _TEXT, "id": _IDENTIFIER}
_AT_REST = {"idle": _figure("power", -1), "boundary": {"enum": list(records.BOUNDARIES)}}
_HOURLY = {
    "shape": {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 24, "maxItems": 24},
    "time_zone": _pattern(records._TIME_ZONE),
}
_OF_CHECK: dict[Any, dict[str, Any]] = {
    records._identifier: _IDENTIFIER,
    records._identifiers: {"type": "array", "items": _IDENTIFIER},
    records._reference: _pattern(records._REFERENCE, any_case=True),
    records._run_id: _pattern(records._RUN_ID),
    records._text: _TEXT,
    records._whole: _YEAR,
    records._flag: {"type": "boolean"},
    records._period: _pattern(records._PERIOD),
    records._pue_figure: _figure("pue"),
    records._factor_figure: _figure("factor", -1),
    records._power_profile: {"$ref": "#/$defs/power"},
    records._peak: {"$ref": "#/$defs/peak"},
    records._hourly: {"$ref": "#/$defs/hourly"},
    records._factors: {"type": "array", "items": {"$ref": "#/$defs/factor"}},
}


def as_text() -> str:
    """The schema as `pack.schema.json` holds it."""
    import json

    return json.dumps(pack_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(as_text(), end="")

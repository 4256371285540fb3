"""The pack format as a JSON Schema, so that editors complete a pack and check it while it is written.

It is made from the very tables by which records are checked, and never refuses what `load_pack` takes. What only the
registry can tell (sums, references, names that others hold) is left to `carbontui plugins check`.

`python -m carbontui_registry.schema` prints it; `pack.schema.json` beside this module is what it printed.
"""

from __future__ import annotations

from typing import Any

from carbontui_registry import checks, fields, records, report, units, vocabulary
from carbontui_registry.text import LONGEST_TEXT

# What stands at the top of a pack.
PACK = (
    checks.Field("pack", None, "Version of the format. This one is 1.", required=True),
    checks.Field("source", None, "Default source, for records and figures without their own."),
    checks.Field("hardware", None, "Accelerators, each with its power profile: [[hardware]]."),
    checks.Field("region", None, "Datacenters and grids, each with PUE and carbon factors: [[region]]."),
    checks.Field("model", None, "Models, each with parameters and training compute: [[model]]."),
    checks.Field("run", None, "Published training runs, of your own models or anyone else's: [[run]]."),
    checks.Field("offer", None, "Hardware that can be rented in a region, with its list price: [[offer]]."),
    checks.Field("measurement", None, "Power that real work drew, on any hardware: [[measurement]]."),
)
# What each key means, in a line; its unit and form follow from the checks.
KEYS = {
    name: {field.name: field.description for field in table} for name, table in {"pack": PACK, **fields.TABLES}.items()
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
    tables = {name: _table_of(name) for name in fields.TABLES if name != "figure"}
    lists = {kind: {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}} for kind in records.RECORDS}
    own_source = {kind: {"items": {"required": ["source"]}} for kind in records.RECORDS}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"carbontui pack, version {report.CONTRACT}",
        **_table(
            "pack",
            {"pack": {"type": "integer", "minimum": 1}, "source": {"$ref": "#/$defs/source"}, **lists},
            required=("pack",),
        ),
        # Without a source for all, each record needs its own.
        "if": {"not": {"required": ["source"]}},
        "then": {"properties": own_source},
        "$defs": {**tables, **_figures},
    }


def _table_of(name: str) -> dict[str, Any]:
    table = fields.TABLES[name]
    needed = [field.name for field in table if field.required]
    if name in records.RECORDS:
        # The source may be the pack's.
        needed.remove("source")
    out = _table(name, {field.name: of_check(field.check) for field in table}, tuple(needed))
    one_of = next((part.one_of for part in fields.PARTS if part.name == name), ())
    return {**out, "anyOf": [{"required": [one]} for one in one_of]} if one_of else out


def _table(name: str, properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    # What stands beside a $ref is not looked at in this draft.
    apart = {key: {"allOf": [schema]} if "$ref" in schema else schema for key, schema in properties.items()}
    described = {key: {"description": KEYS[name][key], **schema} for key, schema in apart.items()}
    table: dict[str, Any] = {"type": "object", "properties": described, "additionalProperties": False}
    return {**table, "required": list(required)} if required else table


def _pattern(regex: Any, *, any_case: bool = False) -> dict[str, Any]:
    pattern = "^" + regex.pattern.replace(r"\Z", "$")
    return {"type": "string", "pattern": pattern.replace("a-z", "A-Za-z") if any_case else pattern}


def of_check(check: checks.Check) -> dict[str, Any]:
    """The schema of what a check takes."""
    match check:
        case checks.Identifier(pattern=pattern, any_case=any_case):
            return _pattern(pattern, any_case=any_case)
        case checks.Text():
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
        case checks.Year():
            return {"type": "integer", "minimum": checks.FIRST_YEAR, "maximum": checks.LAST_YEAR}
        case checks.Degrees(most=most):
            return {"type": "number", "minimum": -most, "maximum": most}
        case checks.Flag():
            return {"type": "boolean"}
        case checks.OneOf(allowed=allowed):
            return {"enum": list(allowed)}
        case checks.Period():
            return {"type": "string", "pattern": f"^{vocabulary.PERIOD}$"}
        case checks.TimeZone():
            return _pattern(checks.TIME_ZONE)
        case checks.Shape():
            return {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 24, "maxItems": 24}
        case checks.ListOf(item=item):
            return {"type": "array", "items": of_check(item)}
        case checks.Table(name=name) | checks.ByName(name=name):
            return {"$ref": f"#/$defs/{name}"}
        case checks.Quantity(kind=kind, zero=zero, whole=whole):
            return _figure(kind, zero=zero, whole=whole)
    raise TypeError(f"no schema says what {type(check).__name__} takes")


def _figure(kind: str, *, zero: bool, whole: bool) -> dict[str, Any]:
    """A quantity: alone, or as a table with its basis, spread and source."""
    name = f"{'whole ' if whole else ''}{kind}{' or 0' if zero else ''} figure".replace(" ", "_")
    if name not in _figures:
        value = value_of(kind, zero=zero, whole=whole)
        figure = {"value": value, "basis": {"enum": list(vocabulary.BASES)}}
        figure |= {"spread": value_of("share", zero=True), "source": {"$ref": "#/$defs/source"}}
        figure |= {"note": of_check(checks.Text())}
        _figures[name] = {"anyOf": [value, _table("figure", figure, required=("value",))]}
    return {"$ref": f"#/$defs/{name}"}


def value_of(kind: str, *, zero: bool, whole: bool = False) -> dict[str, Any]:
    """The schema of a value of a kind: a text with its unit, or a number where the kind has none."""
    quantity = units.KINDS[kind]
    text: dict[str, Any] = {"type": "string", "pattern": rf"^\s*{_NUMBER}{_GAP}{_unit(quantity)}\s*$"}
    text |= {"maxLength": 64, "examples": [quantity.example]}
    if quantity.unit:
        return text
    least = {"minimum": 1} if kind == "pue" else {"minimum": 0} if zero else {"exclusiveMinimum": 0.0}
    return {"anyOf": [{"type": "integer" if whole else "number", **least}, text]}


def _unit(quantity: units.Kind) -> str:
    if quantity.name in ("pue", "number"):
        return ""
    if quantity.name == "share":
        return "%"
    if quantity.name == "co2e":
        return f"(?:(?:k?g|t|lb) ?CO[2₂](?:e|-?eq?)|{_COMPOUND})"
    return f"(?:{'|'.join([*quantity.units, _COMPOUND])})"


def as_text() -> str:
    """The schema as `pack.schema.json` holds it."""
    import json

    return json.dumps(pack_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(as_text(), end="")

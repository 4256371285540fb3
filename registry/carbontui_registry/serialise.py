"""Records as plain data, as they travel from the loading process and rest in the cache.

A figure's source is left out where it is that of the record, which is nearly always.
"""

from __future__ import annotations

from carbontui_registry.figures import CarbonFactor, Figure, Hourly, Part, PowerProfile, Shares, Source
from carbontui_registry.records import EMPTY, RECORDS, Record
from carbontui_registry.values import set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# The parts of a record, by the field that holds them.
PARTS: dict[str, type[Part]] = {
    "power": PowerProfile,
    "factors": CarbonFactor,
    "hourly": Hourly,
    "shares": Shares,
    "source": Source,
}


def dump(record: Record) -> dict[str, Any]:
    """The record as nested dicts of JSON's own types, without what is unknown."""
    source: Source = record.source  # type: ignore[attr-defined]
    fields = {f: _plain(getattr(record, f), None if f == "source" else source) for f in type(record)._fields}
    return {field: plain for field, plain in fields.items() if plain not in (None, [], {})}


def _plain(value: Any, shared: Source | None) -> Any:
    if isinstance(value, Figure):
        out: dict[str, Any] = {"value": value.value, "basis": value.basis}
        if value.spread is not None:
            out["spread"] = value.spread
        if value.note is not None:
            out["note"] = value.note
        if value.source is not None and value.source != shared:
            out["source"] = _plain(value.source, None)
        return out
    if isinstance(value, Source):
        return {f: plain for f in Source._fields if (plain := getattr(value, f)) is not None}
    if isinstance(value, Part):
        own = getattr(value, "source", None) or shared
        fields = (f for f in type(value)._fields if f != "source")
        out = {f: plain for f in fields if (plain := _plain(getattr(value, f), own)) is not None}
        return out if own == shared else {**out, "source": _plain(own, None)}
    if isinstance(value, dict):
        return {k: _plain(v, shared) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v, shared) for v in value]
    return value


def check(kind: str, data: dict[str, Any]) -> Record:
    """A record from data that came from outside, through the same checks as any other.

    Raises `InvalidRecord`.
    """
    return RECORDS[kind](**{field: _given(value, field) for field, value in data.items()})


def _given(value: Any, field: str) -> Any:
    if isinstance(value, list):
        return [_given(item, field) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {k: _given(v, k) for k, v in value.items()}
    part = Figure if "value" in value else PARTS.get(field)
    return inner if part is None else part(**inner)


def restore(kind: str, data: dict[str, Any]) -> Record:
    """A record from data that was checked when it was kept."""
    cls = RECORDS[kind]
    record = object.__new__(cls)
    source = Source(**data["source"])
    for field in cls._fields:
        if field == "source":
            set_field(record, field, source)
        elif field in data:
            set_field(record, field, _restored(data[field], field, source))
        else:
            set_field(record, field, EMPTY[kind].get(field))
    set_field(record, "problems", ())
    set_field(record, "warnings", ())
    set_field(record, "place", ())
    return record


def _restored(value: Any, field: str, source: Source) -> Any:
    if isinstance(value, list):
        return tuple(_restored(item, field, source) for item in value)
    if not isinstance(value, dict):
        return value
    own = Source(**value["source"]) if "source" in value else source
    if "value" in value:
        return Figure(value["value"], value["basis"], value.get("spread"), own, value.get("note"))
    inner = {k: _restored(v, k, own) for k, v in value.items() if k != "source"}
    part = PARTS.get(field)
    if part is None:
        return inner
    return part(**inner, source=own) if "source" in part._fields else part(**inner)

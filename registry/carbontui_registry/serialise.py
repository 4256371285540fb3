"""Records as plain data, as they travel from the loading process and rest in the cache.

A figure's source is left out where it is that of the record, which is nearly always.
"""

from __future__ import annotations

from carbontui_registry.figures import CarbonFactor, Figure, Hourly, PowerProfile, Source
from carbontui_registry.records import EMPTY, RECORDS, Record
from carbontui_registry.values import set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
    if isinstance(value, CarbonFactor):
        inner = value.source or shared
        out = {f: p for f in CarbonFactor._fields if (p := _plain(getattr(value, f), inner)) is not None}
        if value.source == shared:
            out.pop("source", None)
        return out
    if isinstance(value, Hourly):
        out = {"shape": list(value.shape), "time_zone": value.time_zone}
        if value.source is not None and value.source != shared:
            out["source"] = _plain(value.source, None)
        return out
    if isinstance(value, (PowerProfile, Source)):
        return {f: p for f in type(value)._fields if (p := _plain(getattr(value, f), shared)) is not None}
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
    if isinstance(value, dict):
        if field == "source":
            return Source(**value)
        if "value" in value:
            return Figure(**{k: _given(v, k) for k, v in value.items()})
        if field == "hourly":
            return {k: _given(v, k) for k, v in value.items()}
        inner = {k: _given(v, k) for k, v in value.items()}
        return PowerProfile(**inner) if field == "power" else inner
    if isinstance(value, list) and field == "factors":
        return [CarbonFactor(**{k: _given(v, k) for k, v in item.items()}) for item in value]
    return value


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
    return record


def _restored(value: Any, field: str, source: Source) -> Any:
    if isinstance(value, dict):
        if "value" in value:
            own = Source(**value["source"]) if "source" in value else source
            return Figure(value["value"], value["basis"], value.get("spread"), own, value.get("note"))
        if field == "hourly":
            own = Source(**value["source"]) if "source" in value else source
            return Hourly(tuple(value["shape"]), value["time_zone"], own)
        inner = {k: _restored(v, k, source) for k, v in value.items()}
        return PowerProfile(**inner) if field == "power" else inner
    if isinstance(value, list):
        if field == "factors":
            return tuple(_restored_factor(item, source) for item in value)
        return tuple(value)
    return value


def _restored_factor(item: dict[str, Any], source: Source) -> CarbonFactor:
    own = Source(**item["source"]) if "source" in item else source
    values = {k: _restored(v, k, own) for k, v in item.items() if k != "source"}
    return CarbonFactor(**values, source=own)

"""The JSON Schema of the pack format: up to date, and it takes whatever the registry takes."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from carbontui_registry import checks, fields, figures, records, schema, unit_kinds, units
from carbontui_registry.errors import InvalidRecord

jsonschema = pytest.importorskip("jsonschema")

SHIPPED = files("carbontui_registry").joinpath("pack.schema.json")
PLUGINS = Path(__file__).parent.parent / "plugins"
X1: dict[str, Any] = {"id": "x1", "name": "X1", "power": {"tdp": "350 W"}}
R: dict[str, Any] = {"id": "acme:r", "name": "R"}
M: dict[str, Any] = {"id": "m", "name": "M"}


@pytest.fixture(scope="module")
def validator() -> Any:
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(shipped)
    return jsonschema.Draft7Validator(shipped)


def test_what_is_shipped_is_what_the_tables_give() -> None:
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == schema.pack_schema(), (
        "python -m carbontui_registry.schema > registry/carbontui_registry/pack.schema.json"
    )


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_pack_is_taken(validator: Any, path: Path) -> None:
    assert list(validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("kind", units.KINDS)
def test_every_unit_that_is_read_is_taken(kind: str) -> None:
    quantity = units.KINDS[kind]
    spelled = [quantity.example, *(f"1_000.5e1 {unit}" for unit in quantity.units)]
    spelled += [f"1{quantity.unit}"] if kind != "share" else ["1%"]
    usual = [spelling for spelling, of in unit_kinds.usual() if of == kind]
    spelled += [f"12 {spelling}" for spelling in usual] + [f" 7\u202f{spelling} " for spelling in usual]
    spelled += {
        "co2e": ["5 tCO2-eq", "5 t CO2e", "5 kgCO₂e", "5 gCO2eq"],
        "factor": ["5 gCO2-eq/kWh", "5 lb CO2e / MWh", "5 gCO₂e per kWh"],
        "energy": ["5 W*h", "5 kW*d"],
        "power": ["5 kWh/h", "5 kWh per h"],
    }.get(kind, [])
    figure = jsonschema.Draft7Validator(schema.value_of(kind, zero=True))
    for text in spelled:
        units.parse(text, kind)
        assert figure.is_valid(text), text
    for text in ("1,5 W", "nan W", "-5 W", "W", ""):
        assert not figure.is_valid(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hardware": [{**X1, "power": {"tdp": "350 Wh"}}]},
        {"hardware": [{**X1, "power": {"tdp": 350}}]},
        {"hardware": [{**X1, "power": {"idle": "5 W"}}]},
        {"hardware": [{**X1, "vendr": "Acme"}]},
        {"hardware": [{**X1, "id": "X 1"}]},
        {"hardware": [{**X1, "kind": "cpu"}]},
        {"hardware": [{**X1, "peak": {"bf61": "4 TFLOP/s"}}]},
        {"hardware": [{**X1, "peak": {"bf16": "4 TFLOPS"}}]},
        {"hardware": [{"id": "x1", "power": {"tdp": "350 W"}}]},
        {"hardware": [{**X1, "power": {"idle": "50 W"}}]},
        {"hardware": [{**X1, "power": {"tdp": {"value": "350 W", "basis": "guessed"}}}]},
        {"region": [{**R, "pue": 0.9}]},
        {"region": [{**R, "factors": [{"period": "2025-13", "gross": "5 gCO2e/kWh"}]}]},
        {"region": [{**R, "factors": [{"period": "2025"}]}]},
        {"region": [{**R, "factors": [{"gross": "5 gCO2e/kWh"}]}]},
        {"model": [{**M, "params": -1}]},
        {"model": [{**M, "params": "7e9 FLOP"}]},
        {"run": [{"model": "m"}]},
        {"run": [{"model": "m", "hardware": "h", "chips": 1.5}]},
        {"model": {**M}},
        {"models": [M]},
        {"pack": "1"},
        {"source": {"title": ""}},
        {"source": {"url": "https://acme.example"}},
    ],
    ids=str,
)
def test_what_is_wrong_is_seen_by_an_editor(validator: Any, wrong: dict[str, Any]) -> None:
    assert not validator.is_valid({"pack": 1, "source": {"title": "S"}, **wrong})


def test_each_record_needs_a_source_where_the_pack_has_none(validator: Any) -> None:
    assert not validator.is_valid({"pack": 1, "model": [M]})
    assert validator.is_valid({"pack": 1, "model": [{**M, "source": {"title": "S"}}]})
    assert validator.is_valid({"pack": 1, "model": [M], "source": {"title": "S"}})
    assert not validator.is_valid({"model": [M], "source": {"title": "S"}})


def test_every_key_is_described_and_no_other() -> None:
    assert {kind: tuple(schema.KEYS[kind]) for kind in records.RECORDS} == {
        kind: cls._fields for kind, cls in records.RECORDS.items()
    }
    assert tuple(schema.KEYS["figure"]) == figures.Figure._fields
    for part in fields.PARTS:
        assert tuple(schema.KEYS[part.name]) == part.part._fields


def test_a_field_that_is_added_to_the_table_is_checked_and_in_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    depth = checks.Field("depth", checks.Quantity("number", fields.SOURCE_CHECK, whole=True), "Number of layers.")

    class Deep(records.Model):
        depth: Any

    monkeypatch.setitem(fields.TABLES, "model", (*fields.MODEL, depth))
    monkeypatch.setitem(schema.KEYS["model"], "depth", depth.description)
    sheet = figures.Source("S")
    assert Deep(id="m", name="M", source=sheet, depth=96).depth.value == 96
    with pytest.raises(InvalidRecord, match=r"9\.5 is not a whole number"):
        Deep(id="m", name="M", source=sheet, depth=9.5)
    found = schema.pack_schema()["$defs"]["model"]["properties"]["depth"]
    assert found == {"description": "Number of layers.", "allOf": [{"$ref": "#/$defs/whole_number_figure"}]}

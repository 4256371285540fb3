"""The JSON Schema of a saved comparison."""

from __future__ import annotations

import copy
import json
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from exports import compared, text_of

from carbontui.engine.comparison import Comparison, Question, compare
from carbontui.formats.document import dump
from carbontui.formats.schema import comparison_schema
from carbontui.spec import PAPER_RUNS
from carbontui_registry.catalogue import Catalogue


def test_the_schema_is_what_the_tables_give() -> None:
    shipped = files("carbontui").joinpath("comparison.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == comparison_schema(), (
        "python -m carbontui.formats.schema > carbontui/comparison.schema.json"
    )


def test_the_schema_takes_what_is_written(walk: Comparison, catalogue: Catalogue) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(comparison_schema())
    validator.check_schema(comparison_schema())
    for made in (walk, compared(catalogue, *PAPER_RUNS, title="T", note="N"), compare(Question(), catalogue)):
        validator.validate(json.loads(text_of("json", made, catalogue)))
        validator.validate(tomllib.loads(text_of("toml", made, catalogue)))
    validator.validate({"carbontui": 1, "$schema": "x", "scenarios": [{"model": "gpt-3", "inputs": {"chips": 64}}]})
    whole = dump(walk, catalogue)
    for path, value in (
        (("carbontui",), 2), (("metric",), "gros"), (("scenarios", 0, "modell"), "x"), (("sources", 0, "title"), 7),
        (("scenarios", 0, "inputs", "power"), 1), (("scenarios", 0, "inputs", "chips"), 1.5),
        (("scenarios", 0, "inputs", "pue"), 0.9), (("scenarios", 0, "basis", "power_w"), "guess"),
        (("scenarios", 0, "inputs", "period"), "last"), (("scenarios", 0, "interval90", "energy_kwh"), [1]),
    ):  # fmt: skip
        document: Any = copy.deepcopy(whole)
        place = document
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value
        assert not validator.is_valid(document), path

"""Reports of BoAmps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from imported import SAMPLES, Importer, values


def test_a_real_report_of_boamps(importer: Importer) -> None:
    (one,) = importer.filled("boamps", SAMPLES["boamps"].read_bytes())
    assert values(one).pop("energy") == (1.2068028099177106e-05, "measured")
    assert values(one).pop("duration") == (2.008483239000043 / 3600, "measured")
    assert "pue" not in one.inputs
    assert "chips" not in one.inputs
    assert one.region is not None
    assert one.region.id == "grid:fr"


def test_a_report_with_gpus(importer: Importer) -> None:
    report: dict[str, Any] = json.loads(SAMPLES["boamps"].read_text())
    gpu = {"componentName": "NVIDIA H100 80GB HBM3", "componentType": "gpu", "nbComponent": 8}
    report["infrastructure"]["components"].append(gpu)
    report["environment"]["country"] = "Atlantis"
    report["measures"].append({"measurementMethod": "other", "powerConsumption": 1})
    first, second = importer.filled("boamps", json.dumps(report))
    assert values(first)["chips"] == (8, "published")
    assert first.hardware is not None
    assert first.hardware.id == "h100-sxm5-80"
    assert first.region is None
    assert [first.name, second.name] == ["f0 codecarbon", "f0 other"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ", line 1: is not a BoAmps report"),
        ("[]", ", line 1: is not a BoAmps report"),
        ("{", ", line 1: is not JSON: '{': Expecting property name"),
        ("{}", ": measures: is missing or empty"),
        ('{\n"measures": 1}', ", line 2: measures: 1 must be a list of tables"),
        ('{"measures": [\n{"powerConsumption": "1"}]}', ", line 2: measures[1].powerConsumption: '1' must be a number"),
        ('{"measures": [{"powerConsumption": -1}]}', ", line 1: measures[1].powerConsumption: -1 must be a number"),
        ('{"measures": [{"measurementDuration": true}]}', ", line 1: measures[1].measurementDuration: true must"),
        ('{"measures": [{}], "environment": {"country": 1}}', ", line 1: environment.country: 1 must be text"),
        ('{"measures": [{}], "environment": []}', ", line 1: environment: a list must be a table"),
    ],
)
def test_a_wrong_report_is_refused_by_key(importer: Importer, text: str, said: str) -> None:
    assert importer.error("boamps", text).startswith(said)

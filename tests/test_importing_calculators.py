"""Exports of calculators: LLMCarbon, Green Algorithms, ML CO2 Impact."""

from __future__ import annotations

import pytest
from imported import SAMPLES, Importer, values


def test_llmcarbons_database(importer: Importer) -> None:
    t5, gpt3 = importer.filled("llmcarbon", SAMPLES["llmcarbon"].read_bytes())
    assert values(gpt3) == {
        "compute": (314e21, "published"),
        "chips": (10_000, "published"),
        "duration": (14.8 * 24, "published"),
        "power": (330, "published"),
        "throughput": (24.6e12, "published"),
        "pue": (1.1, "published"),
        "gross": (429, "published"),
    }
    assert {key: figure.value for key, figure in gpt3.published.items()} == {
        "energy_kwh": 1_287_000,
        "gross_kgco2e": pytest.approx(552_100),
    }
    assert [one.hardware and one.hardware.id for one in (t5, gpt3)] == ["tpu-v3", "v100-sxm2-32"]
    assert t5.region is None
    assert "net" not in t5.inputs


def test_an_export_of_green_algorithms(importer: Importer) -> None:
    (one,) = importer.filled("green-algorithms", SAMPLES["green-algorithms"].read_bytes())
    assert values(one) == {
        "chips": (4, "published"),
        "duration": (25, "published"),
        "power": (150, "assumed"),
        "pue": (1.5, "published"),
        "gross": (50, "published"),
    }
    assert one.region is not None
    assert one.region.id == "grid:fr"
    assert "duration x" not in one.scenario.note
    assert "run time x 2" in one.scenario.note


def test_hours_and_hardware(importer: Importer) -> None:
    first, second = importer.filled("mlco2", SAMPLES["mlco2"].read_bytes())
    assert first.hardware is not None
    assert first.hardware.id == "v100-sxm2-32"
    assert first.region is not None
    assert first.region.id == "gcp:europe-west1"
    assert values(first)["chips"] == (8, "published")
    assert first.result("duration_h") == 100
    assert second.missing["gross"] == ("chips", "region")

"""Names in logs: of hardware, of places, of what a report states of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tool_logs import filled, written

from carbontui.importers.names import Named, Names
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("8 x NVIDIA A100-SXM4-80GB", Named("a100-sxm4-80")),
        ("NVIDIA H200", Named("h200-sxm")),
        ("Tesla T4", Named("t4")),
        ("nvidia_a100-sxm4-40gb", Named("a100-sxm4-40")),
        ("Tesla K80", Named("k80", 0.5)),
        ("p4d.24xlarge", Named("a100-sxm4-40", 8)),
        ("tpu-v3-8", Named("tpu-v3", 4)),
        ("tpu-v5litepod-8", Named("tpu-v5e", 8)),
        ("H100 SXM", Named("h100-sxm5-80")),
        ("TPUv3 Chip", Named("tpu-v3")),
        ("RTX 8000", Named("quadro-rtx-8000")),
        ("A100 PCIe 40/80GB", None),
        ("NVIDIA GeForce RTX 3060 Laptop GPU", None),
        ("NVIDIA GeForce GTX 1650 Ti", None),
        ("RX 480", None),
    ],
)
def test_names_that_tools_print_are_hardware(catalogue: Catalogue, name: str, means: Named | None) -> None:
    assert Names(catalogue).hardware(name) == means


# The menus of ML CO2 Impact and Green Algorithms whose chip is registered, but for those that may be several.
MENUS = """H100 SXM|H100 NVL|A100 SXM4 80 GB|A10G|AGX Xavier|GTX 1080 Ti|GTX 1080|GTX TITAN X|Quadro P6000|RTX 2080 Ti|
RTX 2080|RTX 8000|T4|Tesla K80|Tesla M40 24GB|Tesla P100|Tesla P40|Tesla V100-PCIE-16GB|Tesla V100-SXM2-16GB|
Tesla V100-SXM2-32GB|Titan RTX|Titan V|Titan Xp|TPUv2 Chip|TPUv3 Chip|RTX 3080|RTX 3080 TI|RTX 3090|RTX 4090|RTX A5000|
RTX A6000|L4|L40S|NVIDIA A100 40GB PCIe|NVIDIA A100 80GB PCIe|NVIDIA Jetson AGX Xavier|NVIDIA GTX 1080|NVIDIA RTX 2080|
NVIDIA Tesla K80|NVIDIA Tesla P100|NVIDIA Tesla P4|NVIDIA Tesla T4|NVIDIA Tesla V100|NVIDIA Tesla V100S|NVIDIA Titan V|
TPU v2|TPU v3|TPU v4"""


def test_the_menus_of_other_calculators_are_known(catalogue: Catalogue) -> None:
    names = Names(catalogue)
    menu = [name.strip() for name in MENUS.replace("\n", "").split("|")]
    assert [name for name in menu if names.hardware(name) is None] == []


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("1 x NVIDIA A100-SXM4-80GB1 x Tesla T4", [(1, "NVIDIA A100-SXM4-80GB"), (1, "Tesla T4")]),
        ("2 x NVIDIA GeForce RTX 409012 x Tesla T4", [(2, "NVIDIA GeForce RTX 4090"), (12, "Tesla T4")]),
        ("4 x Tesla V100-SXM2-16GB, 1 x Tesla T4", [(4, "Tesla V100-SXM2-16GB"), (1, "Tesla T4")]),
        ("Tesla T4", [(1, "Tesla T4")]),
        ("", []),
    ],
)
def test_names_that_codecarbon_joins_are_taken_apart(
    catalogue: Catalogue, text: str, models: list[tuple[int, str]]
) -> None:
    assert Names(catalogue).models(text) == models


@pytest.mark.parametrize(
    ("asked", "region"),
    [
        ({"country": "Turkey"}, "grid:tr"),
        ({"country": "Vietnam"}, "grid:vn"),
        ({"country": "Côte d'Ivoire"}, "grid:ci"),
        ({"country": "Cote d'Ivoire"}, "grid:ci"),
        ({"country": "Georgia"}, "grid:ge"),
        ({"code": "USA", "part": "georgia"}, "grid:us-ga"),
        ({"code": "GEO"}, "grid:ge"),
        ({"provider": "google", "zone": "us-central1-a"}, "gcp:us-central1"),
        ({"provider": "aws", "zone": "us-east-1b"}, "aws:us-east-1"),
        ({"code": "DEU", "part": "bavaria"}, "grid:de"),
        ({"code": "QQQ", "country": "France"}, None),
    ],
)
def test_places_that_tools_print_are_regions(catalogue: Catalogue, asked: dict[str, str], region: str | None) -> None:
    assert Names(catalogue).region(**asked) == region


def test_regions_of_one_country_are_that_country_with_a_note(reading: Reading, tmp_path: Path) -> None:
    header = "project_name,run_id,duration,emissions,energy_consumed,country_iso_code,region\n"
    rows = "".join(f"p,r{n},600,0.3,1.0,USA,{part}\n" for n, part in enumerate(("california", "", "texas")))
    (one,) = filled("codecarbon", written(tmp_path / "e.csv", header + rows), reading)
    assert one.region is not None
    assert one.region.id == "grid:us"
    assert "the country, because the runs" in one.scenario.note


def test_the_carbon_intensity_that_a_report_states_is_taken(reading: Reading, tmp_path: Path) -> None:
    text = """{"measures": [{"measurementMethod": "codecarbon", "powerConsumption": 4.2, "measurementDuration": 3600}],
 "infrastructure": {"components": [
  {"componentName": "8 x NVIDIA A100-SXM4-80GB", "componentType": "gpu", "nbComponent": 8}]},
 "environment": {"country": "Poland", "powerSourceCarbonIntensity": 56}}
"""
    (one,) = filled(None, written(tmp_path / "r.json", text), reading)
    assert one.hardware is not None
    assert (one.hardware.id, one.value("chips"), one.result("energy_kwh")) == ("a100-sxm4-80", 8, 4.2)
    assert one.result("gross_kgco2e") == pytest.approx(0.2352)


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_name_with_hundreds_of_digits_is_unknown_hardware(digits: int, reading: Reading) -> None:
    assert reading.names.models(f"{'9' * digits} x A100")
    assert reading.names.hardware(f"tpu-v4-{'9' * digits}") is None

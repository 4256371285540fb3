"""Hardware by what tools print for it."""

from __future__ import annotations

import pytest

from carbontui.cli import main
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return open_catalogue(only_first_party=True)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("NVIDIA A100-SXM4-80GB", "a100-sxm4-80"),
        ("nvidia a100 sxm4 80gb", "a100-sxm4-80"),
        ("8 x NVIDIA H100 80GB HBM3", "h100-sxm5-80"),
        ("2xTesla T4", None),  # no separator: not a whole word
        ("Tesla T4 (UUID: GPU-0)", "t4"),
        ("NVIDIA A100-SXM4-80GB MIG 1g.10gb", None),
        ("NVIDIA GeForce RTX 4090", "rtx-4090"),
        ("NVIDIA GeForce RTX 4080 Laptop GPU", None),
        ("NVIDIA GeForce GTX 1080 Ti", "gtx-1080-ti"),
        ("NVIDIA GeForce RTX 4080 SUPER", "rtx-4080-super"),
        ("NVIDIA GeForce RTX 5070 SUPER", None),
        ("NVIDIA A100-SXM4-80GB1 x Tesla T4", None),
        ("", None),
    ],
)
def test_a_name_means_one_product(printed: str, found: str | None, shipped: Catalogue) -> None:
    one = shipped.hardware_by_tool_name(printed)
    assert (one and one.id) == found


def test_every_registered_name_finds_its_own_hardware(shipped: Catalogue) -> None:
    for one in shipped.all("hardware"):
        for name in one.record.names:
            found = shipped.hardware_by_tool_name(name)
            assert found is not None
            assert found.id == one.id


def test_show_has_the_names_that_tools_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "h100"]) == 0
    assert "\n  reported by tools as NVIDIA H100 80GB HBM3\n" in capsys.readouterr().out

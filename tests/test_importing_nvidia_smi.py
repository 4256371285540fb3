"""Power logs of nvidia-smi: gaps, units, and what is refused by line."""

from __future__ import annotations

import pytest
from imported import SAMPLES, Importer, values


def test_a_log_of_two_gpus_with_a_gap(importer: Importer) -> None:
    (one,) = importer.filled("nvidia-smi", SAMPLES["nvidia-smi"].read_bytes())
    means = [(60 + 380 + 380) / 3, (62 + 340 + 340) / 3]
    power = one.inputs["power"]
    assert power.value == pytest.approx(sum(means) / 2)
    assert power.basis == "measured"
    assert power.spread == pytest.approx((means[0] - means[1]) / 2**0.5 / (sum(means) / 2))
    assert values(one)["chips"] == (2, "measured")
    assert values(one)["duration"] == (pytest.approx(630.001 / 3600), "measured")
    assert one.texts["boundary"] == "accelerator"
    assert one.hardware is not None
    assert one.hardware.id == "a100-sxm4-80"
    for said in ("idle 60 W", "600 s before line 10", "without a power, left out: 1", "one in 10 s"):
        assert said in one.scenario.note
    assert len(importer.warnings) == 1


@pytest.mark.parametrize("cell", ["100", "100.00 W", "100 W"])
@pytest.mark.parametrize("title", ["power.draw [W]", "power.draw", "power.draw.average [W]", "power.draw.instant [W]"])
def test_units_in_the_header_or_in_the_cells(importer: Importer, title: str, cell: str) -> None:
    rows = "".join(f"2026/01/31 12:00:0{n}.5, {cell}\n" for n in range(5))
    (one,) = importer.filled("nvidia-smi", f"timestamp, {title}\n{rows}")
    assert values(one)["power"] == (100, "measured")
    assert one.inputs["power"].spread is None
    assert one.result("duration_h") == 4 / 3600


@pytest.mark.parametrize("unit", [" W", ""])
@pytest.mark.parametrize("told_by", ["", "GPU-8f2a-0, ", "00000000:3B:00.0, "])
def test_a_log_without_header_or_units(importer: Importer, unit: str, told_by: str) -> None:
    rows = "".join(
        f"2026/01/31 12:00:0{n}.{gpu}, {told_by[:-3] + str(gpu) + ', ' if told_by else ''}{100 + 10 * gpu}.50{unit}\n"
        for n in range(5)
        for gpu in ((0, 1) if told_by else (0,))
    )
    (one,) = importer.filled("nvidia-smi", rows)
    assert values(one)["power"] == ((105.5, "measured") if told_by else (100.5, "measured"))
    assert values(one)["chips"] == (2 if told_by else 1, "measured")


def test_an_index_without_header_needs_units(importer: Importer) -> None:
    def rows(unit: str, first: int = 0) -> str:
        gpus = (first, first + 1)
        return "".join(
            f"2026/01/31 12:00:0{n}.00{gpu}, {gpu}, Tesla T4, 60.50{unit}\n" for n in range(5) for gpu in gpus
        )

    (one,) = importer.filled("nvidia-smi", rows(" W"))
    assert values(one)["chips"] == (2, "measured")
    assert one.hardware
    assert one.hardware.id == "t4"
    for text in (rows(""), rows(" W", 34)):
        said = importer.error("nvidia-smi", text)
        assert said.startswith(", line 2, column timestamp: '2026/01/31 12:00:00.00")
        assert "so there are several GPUs; log them with nvidia-smi --query-gpu=timestamp,index,name" in said


def test_a_log_without_any_power(importer: Importer) -> None:
    (one,) = importer.filled("nvidia-smi", "timestamp,power.draw [W]\n2026/01/31 12:00:00.5,[N/A]\n")
    assert "power" not in one.inputs
    assert importer.warnings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("timestamp,a\n", ", line 1: has no column power.draw [W]"),
        ("power.draw [W]\n1\n", ", line 1: has no column 'timestamp'"),
        ("timestamp,power.draw [mW]\n", ", line 1: has no column power.draw [W]"),
        *(
            (
                f"2026/01/31 12:00:00.5, {cells}\n",
                ", line 1: has no header, and not exactly one column that can only be a power",
            )
            for cells in ("60.50 W, 400.00 W", "60.50, 400.00", "[N/A]", "60", "60.50 kW")
        ),
        ("timestamp,power.draw [W]\n", ": has no rows below its header"),
        ("timestamp,power.draw [W]\nnoon,1\n", ", line 2, column timestamp: 'noon' is not a time"),
        ("timestamp,power.draw [W]\n2026-01-31,1\n", ", line 2, column timestamp: '2026-01-31' is not a time"),
        ("timestamp,power.draw [W]\n2026/01/31 12:00:00,1 kW\n", ", line 2, column power.draw: '1 kW' must be"),
        ("timestamp,power.draw [W]\n2026/01/31 12:00:00,20000 W\n", ", line 2, column power.draw: '20000 W' is more"),
        ("timestamp,power.draw [W]\n2026/01/31 12:00:00\n", ", line 2: has 1 cells but the header has 2"),
        (
            "timestamp,power.draw [W]\n2026/01/31 12:00:00,1\n2026/01/31 12:00:00.002,1\n",
            ", line 3, column timestamp: '2026/01/31 12:00:00.002' is the same as in the row before",
        ),
        (
            "timestamp,power.draw [W]\n2026/01/31 12:00:01,1\n2026/01/31 12:00:00,1\n",
            ", line 3, column timestamp: '2026/01/31 12:00:00' is earlier than the row before",
        ),
    ],
)
def test_a_wrong_power_log_is_refused_by_line(importer: Importer, text: str, said: str) -> None:
    assert importer.error("nvidia-smi", text).startswith(said)

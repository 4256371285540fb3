"""DCGM: energies by hand, with and without times, counters that began again, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbontui.engine.ledger.entry import Entry
from carbontui.errors import FileError
from carbontui.importers import kind_of, read_entries
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
DMON = (DATA / "dcgm_dmon.txt").read_text(encoding="utf-8")
EXPORTER = (DATA / "dcgm_exporter.prom").read_text(encoding="utf-8")


class Log:
    """Reads a text as a log of DCGM."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.path, self.catalogue = folder / "log", catalogue
        self.warnings: list[str] = []

    def entries(self, text: str, interval: float | None = None) -> list[Entry]:
        self.path.write_text(text, encoding="utf-8")
        assert kind_of(str(self.path)) == "dcgm"
        reading = Reading(self.catalogue, interval=interval)
        found = list(read_entries("dcgm", str(self.path), reading))
        self.warnings = [said.removeprefix(f"{self.path}") for said in reading.warnings]
        return found

    def error(self, text: str) -> str:
        with pytest.raises(FileError) as caught:
            self.entries(text)
        return str(caught.value).removeprefix(str(self.path))


@pytest.fixture
def log(tmp_path: Path, catalogue: Catalogue) -> Log:
    return Log(tmp_path, catalogue)


def test_what_dcgmi_prints_is_the_difference_of_its_counters(log: Log) -> None:
    (one,) = log.entries(DMON)
    # 7.2 MJ of each of two GPUs, in mJ: 2 Wh each.
    assert one.energy == pytest.approx(0.004)
    assert (one.units, one.hours, one.setting.energy_of) == (2, None, "accelerator")
    assert log.warnings == [": has no times, so its duration is unknown; use carbontui import --interval SECONDS"]
    (one,) = log.entries(DMON, interval=36.0)
    assert one.hours == pytest.approx(0.02)
    assert one.energy == pytest.approx(0.004)


def test_scrapes_of_the_exporter_have_times_names_and_hosts(log: Log) -> None:
    (one,) = log.entries(EXPORTER)
    # 1.8 MJ, in mJ 1.8e9, of each of two GPUs in an hour: 0.5 kWh each.
    assert one.energy == pytest.approx(1.0)
    assert one.hours == pytest.approx(1.0)
    assert one.start == 1767254400
    assert (one.setting.hardware, one.units, one.labels.node) == ("h100-sxm5-80", 2, "node-1")
    assert log.warnings == []
    two = log.entries(EXPORTER + EXPORTER.replace("node-1", "node-2"))
    assert [entry.labels.node for entry in two] == ["node-1", "node-2"]


def test_a_power_alone_needs_times(log: Log) -> None:
    header = "# Entity  POWER\n      Id      W\n"
    rows = "    GPU 0  300.0\n    GPU 0  400.0\n    GPU 0  500.0\n"
    assert log.error(header + rows).startswith(": has no times, which a power needs; if it was logged")
    (one,) = log.entries(header + rows, interval=1800.0)
    # A mean of 400 W for an hour.
    assert one.energy == pytest.approx(0.4)
    times = (f"2026-01-05T0{hour}:00:00 GPU 0  {watts}\n" for hour, watts in ((8, 100.0), (9, 300.0), (9, 300.0)))
    (one,) = log.entries(header + "".join(times))
    assert one.energy == pytest.approx(0.2)
    assert one.hours == pytest.approx(1.0)


def test_a_counter_that_began_again_counts_from_there(log: Log) -> None:
    counters = (1_000_000_000, 4_600_000_000, 1_800_000_000)
    (one,) = log.entries("#Entity  TOTEC\nID  mJ\n" + "".join(f"GPU 0  {value}\n" for value in counters))
    assert one.energy == pytest.approx(1.0 + 0.5)
    assert "counters were reset 1 time (" in log.warnings[-1]


def test_instances_of_a_gpu_are_not_added_up(log: Log) -> None:
    lines = EXPORTER.splitlines(keepends=True)
    marked = ((line, f'gpu="0",GPU_I_ID="{n}",') for line in lines for n in (1, 2) if n == 1 or 'gpu="0"' in line)
    (one,) = log.entries("".join(line.replace('gpu="0",', label) for line, label in marked))
    assert one.units == 2
    assert one.energy == pytest.approx(log.entries(EXPORTER)[0].energy)
    (one,) = log.entries(DMON + "GPU-I 0   100.0  1  1\n")
    assert one.energy == pytest.approx(0.004)
    assert "left out rows of GPU-I" in " ".join(log.warnings)


def test_what_dcgm_does_not_know_is_unknown(log: Log) -> None:
    blank = EXPORTER.replace(" 1996764132 ", " 9223372036854775794 ")
    (one,) = log.entries(blank)
    assert one.energy is None
    assert ": 1 of 2 GPUs reports neither energy nor power" in log.warnings


# By dcgm_structs.h: blank, not found, not supported and not permitted, of 32 and 64 bits and of doubles, as they are
# printed as integers, with decimals, and by Prometheus.
INT64 = [str(9223372036854775792 + n) for n in range(4)] + ["9.223372036854776e+18", "9223372036854775808"]
FP64 = [f"{140737488355328 + n}{end}" for n in range(4) for end in ("", ".000")] + ["1.40737488355328e+14"]
INT32 = [str(2147483632 + n) for n in range(4)]
TEXTS = ["<<<NULL>>>", "<<<NOT_FOUND>>>", "<<<NOT_SUPPORTED>>>", "<<<NOT_PERM>>>", "N/A", "-"]


@pytest.mark.parametrize("blank", [*INT64, *FP64, *TEXTS])
def test_no_blank_of_a_counter_is_a_figure(log: Log, blank: str) -> None:
    (one,) = log.entries(f"#Entity  TOTEC\nID  mJ\nGPU 0  1000\nGPU 0  {blank}\nGPU 0  3600001000\n")
    assert one.energy == pytest.approx(1.0)
    assert log.error(f"#Entity  TOTEC\nID  mJ\nGPU 0  {blank}\nGPU 0  {blank}\n")
    # Of two GPUs with one that has no figure the energy of all is unknown, not that of one.
    (two,) = log.entries(
        "#Entity  TOTEC\nID  mJ\n" + "".join(f"GPU 0  {n}\nGPU 1  {blank}\n" for n in (1000, 3600001000))
    )
    assert two.energy is None


@pytest.mark.parametrize("blank", [*INT64, *FP64, *INT32, *TEXTS])
def test_no_blank_of_a_power_is_a_figure(log: Log, blank: str) -> None:
    rows = "".join(f"GPU 0  {watts}\n" for watts in ("300.0", blank, "500.0"))
    (one,) = log.entries("#Entity  POWER\nID  W\n" + rows, interval=3600.0)
    # A mean of 400 W from the first figure to the last.
    assert one.energy == pytest.approx(0.4)


@pytest.mark.parametrize("value", [2147483631, 2147483632, 2147483700, 140737488355327, 140737488355332])
def test_a_counter_may_pass_what_is_blank_in_fewer_bits(log: Log, value: int) -> None:
    (one,) = log.entries(f"#Entity  TOTEC\nID  mJ\nGPU 0  {value - 1_000_000}\nGPU 0  {value}\n")
    assert one.energy == pytest.approx(1_000_000 / 3.6e9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#Entity  SMCLK\nGPU 0  1980\n", ", line 1: has neither POWER (field 155) nor TOTEC (156)"),
        ("#Entity  TOTEC\nID  J\nGPU 0  1\n", ", line 2: TOTEC must be in mJ, not J"),
        ("#Entity  TOTEC\nGPU 0  1  2\n", ", line 2: has 2 figures but the header has 1"),
        (
            "#Entity  TOTEC\nGPU 0  -1\n",
            ", line 2, TOTEC: '-1' must be a number with a decimal point, and not negative",
        ),
        ("#Entity  TOTEC\nError: lost connection\n", ", line 2: is not a row of dcgmi dmon, such as GPU 0  71.5"),
        ("#Entity  TOTEC\nGPU 0  1\n", ": has one reading of each GPU; an energy needs two"),
        ("#Entity  TOTEC\n", ": has no rows below its header"),
        ('DCGM_FI_DEV_POWER_USAGE{gpu="0"} 71\n', ": has one reading of each GPU; an energy needs two"),
        ('DCGM_FI_DEV_POWER_USAGE{gpu="0"} 71\n<html>\n', ", line 2: is not a line of Prometheus' text format"),
        ('DCGM_FI_DEV_GPU_TEMP{gpu="0"} 71\n', ": has neither the power (field 155) nor the energy (156) of a GPU"),
    ],
)
def test_a_wrong_log_is_refused(log: Log, text: str, said: str) -> None:
    assert log.error(text) == said

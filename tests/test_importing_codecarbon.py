"""Logs of CodeCarbon: what their energy holds, which rows count, and what is refused where."""

from __future__ import annotations

import csv
import io
import random
import tracemalloc

import pytest
from imported import SAMPLES, Importer, values

from carbontui.importers import read_files
from carbontui.importers.reading import Reading

HEADER, ROW = SAMPLES["codecarbon"].read_text(encoding="utf-8").splitlines()
SAMPLE = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
GPU = {
    "project_name": "train",
    "run_id": "r1",
    "duration": "3600",
    "emissions": "0.5",
    "energy_consumed": "10",
    "gpu_energy": "6",
    "gpu_count": "8",
    "gpu_model": "8 x NVIDIA A100-SXM4-80GB",
    "pue": "1.25",
    "country_iso_code": "USA",
    "region": "california",
}


def log(*changes: dict[str, str], columns: tuple[str, ...] = tuple(SAMPLE)) -> str:
    """An emissions.csv with rows like those of the sample but for these cells."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**SAMPLE, **change} for change in changes)
    return out.getvalue()


def test_a_real_log_of_codecarbon(importer: Importer) -> None:
    (one,) = importer.filled("codecarbon", SAMPLES["codecarbon"].read_bytes())
    assert (one.name, one.region and one.region.id) == ("carbontui-peer-sample", "grid:fr")
    assert one.hardware is None
    assert one.model is None
    assert values(one) == {
        "duration": (6.016261993000057 / 3600, "measured"),
        "energy": (4.66575383223716e-05, "measured"),
        "pue": (1.0, "assumed"),
        "gross": (2.6146417900473823e-06 * 1000 / 4.66575383223716e-05, "derived"),
    }
    assert one.result("gross_kgco2e") == pytest.approx(2.6146417900473823e-06, rel=1e-15)
    assert one.result("net_kgco2e") is None
    source = one.inputs["energy"].source
    assert source is not None
    assert (source.title, source.year) == ("CodeCarbon 3.3.2, log of carbontui-peer-sample", 2026)


def test_energy_has_the_pue_in_it_already(importer: Importer) -> None:
    (one,) = importer.filled("codecarbon", log(GPU))
    assert one.result("energy_kwh") == 10
    assert one.result("it_energy_kwh") == 8
    assert one.result("gross_kgco2e") == pytest.approx(0.5)
    assert values(one)["gross"] == (50, "derived")
    assert values(one)["power"] == (1000, "derived")
    assert values(one)["chips"] == (8, "published")
    assert one.texts["boundary"] == "node"
    assert one.hardware is not None
    assert one.hardware.id == "a100-sxm4-80"
    assert one.region is not None
    assert one.region.id == "grid:us-ca"


def test_the_last_row_of_a_run_counts_and_a_project_adds_its_runs_up(importer: Importer) -> None:
    early = {**GPU, "energy_consumed": "4", "emissions": "0.2", "duration": "1200"}
    second = {**GPU, "run_id": "r2"}
    text = log(early, second, GPU, {**GPU, "project_name": "other"})
    train, other = importer.filled("codecarbon", text)
    assert [train.name, other.name] == ["train", "other"]
    assert train.result("energy_kwh") == 20
    assert train.result("duration_h") == 2
    assert train.result("gross_kgco2e") == pytest.approx(1.0)
    assert "2 runs" in train.scenario.note
    assert [one.name for one in importer.filled("codecarbon", text, each=True)] == ["train r2", "train r1", "other r1"]


def test_rows_of_tasks_are_added_up(importer: Importer) -> None:
    text = log({**GPU, "task_name": "a"}, {**GPU, "task_name": "b"}, columns=("task_name", *SAMPLE))
    assert [one.result("energy_kwh") for one in importer.filled("codecarbon", text)] == [20]


def test_what_differs_from_run_to_run_is_unknown(importer: Importer) -> None:
    other = {"run_id": "r2", "gpu_count": "4", "pue": "2", "gpu_model": "4 x Tesla T4", "country_iso_code": "FRA"}
    (one,) = importer.filled("codecarbon", log(GPU, {**GPU, **other}))
    assert one.region is None
    assert one.hardware is None
    assert values(one)["chip_hours"] == (12, "derived")
    assert values(one)["pue"] == (pytest.approx(20 / 13), "derived")
    assert one.result("it_energy_kwh") == pytest.approx(13)
    assert one.result("duration_h") is None


def test_missing_and_extra_columns_in_any_order(importer: Importer) -> None:
    (one,) = importer.filled("codecarbon", "extra,energy_consumed\r\nx,2\r\n\r\n")
    assert values(one) == {"energy": (2.0, "measured"), "pue": (1.0, "assumed")}
    assert one.name == "f0"
    assert one.result("gross_kgco2e") is None
    bom = b"\xef\xbb\xbf" + log(GPU).encode()
    assert importer.filled("codecarbon", bom)[0].result("energy_kwh") == 10


def test_no_energy_gives_no_factor(importer: Importer) -> None:
    (one,) = importer.scenarios("codecarbon", log({**GPU, "energy_consumed": "0", "emissions": "0"}))
    assert "gross" not in dict(one.carried)
    (one,) = importer.scenarios("codecarbon", log({**GPU, "energy_consumed": ""}))
    assert {"gross", "energy", "pue", "power"}.isdisjoint(dict(one.carried))
    (one,) = importer.scenarios("codecarbon", log({**GPU, "energy_consumed": "1e-300", "emissions": "1e15"}))
    assert "gross" not in dict(one.carried)


def test_gpus_without_energy_are_warned_of(importer: Importer) -> None:
    importer.scenarios("codecarbon", log({**GPU, "gpu_energy": "0.0"}))
    assert len(importer.warnings) == 1
    assert "line 2" in importer.warnings[0]


def test_unknown_hardware_and_place_stay_unknown(importer: Importer) -> None:
    (one,) = importer.filled("codecarbon", log({**GPU, "gpu_model": "1 x Acme Z9", "country_iso_code": "QQQ"}))
    assert one.hardware is None
    assert one.region is None
    assert "Acme Z9" in one.scenario.note
    assert "QQQ" in one.scenario.note


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ": is empty"),
        (HEADER, ": has no rows below its header"),
        ("a,b\n1,2\n", ", line 1: has no column 'energy_consumed'"),
        ("energy_consumed,energy_consumed\n1,2\n", ", line 1: has the column 'energy_consumed' twice"),
        (f"{HEADER}\n{ROW}\n{ROW},1\n", ", line 3: has 39 cells but the header has 38"),
        (f"{HEADER}\n{ROW}\n{ROW[:100]}\n", ", line 3: has"),
        (f'{HEADER}\n"a\n', ", line 2: is not CSV"),
        (f"{HEADER}\n{ROW}\n".encode() + b"\xff\n", ", line 3: the byte 0xFF is not UTF-8"),
        (f"{HEADER}\n{ROW}".encode("utf-16"), ", line 1: is in UTF-16; save it as UTF-8 text"),
        (b"x" * 2**21, ", line 1: is longer than 1 MiB"),
        (log(GPU, {"energy_consumed": "1,5"}), ", line 3, column energy_consumed: '1,5' must be a number"),
        (log({"energy_consumed": "nan"}), ", line 2, column energy_consumed: 'nan' must be a number"),
        (log({"energy_consumed": "-1"}), ", line 2, column energy_consumed: '-1' must be"),
        (log({"energy_consumed": "1_0"}), ", line 2, column energy_consumed: '1_0' must be"),
        (log({"emissions": "1e300"}), ", line 2, column emissions: '1e300' must be at most 1e+15"),
        (log({"gpu_count": "1.5"}), ", line 2, column gpu_count: '1.5' must be a whole number"),
        (log({"pue": "0.9"}), ", line 2, column pue: '0.9' is below 1"),
        (log({"duration": "\x1b[31m"}), ", line 2, column duration: '[31m' must be"),
    ],
)
def test_a_wrong_log_of_codecarbon_is_refused_by_line(importer: Importer, text: str | bytes, said: str) -> None:
    assert importer.error("codecarbon", text).startswith(said)


def test_a_long_log_needs_little_memory(importer: Importer) -> None:
    chance = random.Random(1)
    path = importer.folder / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for n in range(20_000):
            cells = {**SAMPLE, "run_id": f"{chance.getrandbits(128):032x}", "project_name": f"p{n % 7}"}
            file.write(",".join({**cells, "energy_consumed": "0.5", "emissions": "0.1"}.values()) + "\n")
    told: list[int] = []
    reading = Reading(importer.catalogue, progress=lambda _path, done, total: told.append(100 * done // total))
    importer.catalogue.all("region")
    tracemalloc.start()
    try:
        scenarios = read_files("codecarbon", [str(path)], reading)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(scenarios) == 7
    assert sum(dict(one.carried)["energy"].value for one in scenarios) == pytest.approx(10_000)
    assert peak < path.stat().st_size / 4
    assert told == sorted(told)
    assert told[-1] > 90

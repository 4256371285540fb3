"""What other tools write, as scenarios: figures, bases, what stays unknown, and what is refused where."""

from __future__ import annotations

import csv
import io
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.engine.comparison import Question, compare
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.errors import FileError
from carbontui.formats import write_format
from carbontui.formats.files import read
from carbontui.importers import IMPORTERS as KINDS
from carbontui.importers import read_entries, read_files
from carbontui.importers.countries import ALPHA_2
from carbontui.importers.names import hardware_key
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure

DATA = Path(__file__).parent / "data"
SAMPLES = {
    "codecarbon": DATA / "codecarbon_emissions_sample.csv",
    "boamps": DATA / "codecarbon_boamps_sample.json",
    "nvidia-smi": DATA / "nvidia_smi.csv",
    "llmcarbon": DATA / "llmcarbon_database.csv",
    "green-algorithms": DATA / "green_algorithms.csv",
    "mlco2": DATA / "mlco2.csv",
    "slurm": DATA / "slurm_sacct.txt",
    "eco2ai": DATA / "eco2ai.csv",
    "carbontracker": DATA / "carbontracker.log",
    "zeus": DATA / "zeus.csv",
    "dcgm": DATA / "dcgm_exporter.prom",
}
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


class Importer:
    """Reads texts as files of a kind."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.warnings: list[str] = []

    def scenarios(self, kind: str, *texts: str | bytes, each: bool = False) -> tuple[Scenario, ...]:
        paths = []
        for number, text in enumerate(texts):
            path = self.folder / f"f{number}.txt"
            path.write_bytes(text.encode() if isinstance(text, str) else text)
            paths.append(str(path))
        reading = Reading(self.catalogue, each=each)
        found = read_files(kind, paths, reading)
        self.warnings = reading.warnings
        return found

    def filled(self, kind: str, *texts: str | bytes, each: bool = False) -> tuple[Filled, ...]:
        return compare(Question(self.scenarios(kind, *texts, each=each)), self.catalogue).scenarios

    def error(self, kind: str, text: str | bytes) -> str:
        with pytest.raises(FileError) as caught:
            self.scenarios(kind, text)
        return str(caught.value).removeprefix(str(self.folder / "f0.txt"))


@pytest.fixture
def importer(tmp_path: Path, catalogue: Catalogue) -> Importer:
    return Importer(tmp_path, catalogue)


def values(one: Filled) -> dict[str, tuple[float, str]]:
    return {key: (i.value, i.basis) for key, i in one.inputs.items()}


# CodeCarbon


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


# BoAmps


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


# nvidia-smi


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
            ", line 3, column timestamp: '2026/01/31 12:00:00.002' equals that of the row before",
        ),
        (
            "timestamp,power.draw [W]\n2026/01/31 12:00:01,1\n2026/01/31 12:00:00,1\n",
            ", line 3, column timestamp: '2026/01/31 12:00:00' is earlier than the row before",
        ),
    ],
)
def test_a_wrong_power_log_is_refused_by_line(importer: Importer, text: str, said: str) -> None:
    assert importer.error("nvidia-smi", text).startswith(said)


# Calculators


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


# All


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_read_opens_again_to_the_same_figures(kind: str, catalogue: Catalogue, tmp_path: Path) -> None:
    scenarios = read_files(kind, [str(SAMPLES[kind])], Reading(catalogue))
    before = compare(Question(scenarios), catalogue)
    for form in ("toml", "json"):
        path = tmp_path / f"c.{form}"
        path.write_text(write_format(form, before, catalogue, width=None, colour=False), encoding="utf-8")
        after = compare(read(str(path))[0], catalogue)
        for old, new in zip(before.scenarios, after.scenarios, strict=True):
            assert (old.name, old.texts, old.scenario.note) == (new.name, new.texts, new.scenario.note)
            assert values(old) == values(new)
            assert {k: r.value for k, r in old.results.items()} == {k: r.value for k, r in new.results.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["json", "toml", "csv", "markdown", "latex", "modelcard", "statement", "svg"])
def test_every_format_takes_what_was_read(kind: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", kind, str(SAMPLES[kind]), "--format", form]) == 0
    assert capsys.readouterr().out


def test_every_country_of_the_registry_has_three_letters(catalogue: Catalogue) -> None:
    two = {one.record.country for one in catalogue.all("region") if one.first_party and one.record.country}
    assert two <= set(ALPHA_2.values())
    assert len(set(ALPHA_2.values())) == len(ALPHA_2)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Tesla V100-SXM2-16GB", "v100-sxm2-16"),
        ("Tesla T4", "t4"),
        ("NVIDIA H100 PCIe", "h100-pcie"),
        ("NVIDIA GeForce RTX 3090", "rtx-3090"),
        ("NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80"),
        ("AMD Instinct MI300X", "mi300x"),
        ("NVIDIA A100-SXM4-80GB MIG 1g.10gb", None),
        ("", None),
    ],
)
def test_names_of_hardware(catalogue: Catalogue, name: str, known: str | None) -> None:
    found = Reading(catalogue).names.hardware(name)
    assert (found.id if found else None) == known
    assert hardware_key("NVIDIA A100-SXM4-80GB") == "a100sxm480gb"


def test_kinds_are_the_command_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "codecarbn", "x"]) == 2
    said = capsys.readouterr().err
    assert "did you mean codecarbon?" in said
    assert all(kind in said for kind in KINDS)


def test_the_command_says_what_is_unknown_and_what_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["import", "codecarbon", str(SAMPLES["codecarbon"]), str(SAMPLES["codecarbon"])]) == 0
    assert "carbontui-peer-sample (2)" in capsys.readouterr().out
    assert main(["import", "boamps", str(tmp_path / "none.json")]) == 2
    assert "none.json: No such file" in capsys.readouterr().err
    out = tmp_path / "out.toml"
    assert main(["import", "mlco2", str(SAMPLES["mlco2"]), "--format", "toml", "-o", str(out)]) == 0
    capsys.readouterr()
    assert main(["compare", str(out)]) == 0  # the second row has no chips
    assert "no chips; add chips=" in " ".join(capsys.readouterr().out.split())


def test_interrupting_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("carbontui.commands.import_files.read_files", interrupted)
    assert main(["import", "boamps", "x"]) == 130
    assert capsys.readouterr().err == ""


CELL = st.one_of(
    st.text(max_size=8), st.floats().map(str), st.sampled_from(["0", "1", "1e308", "2 x T4", "FRA", "[N/A]"])
)


def survives(kind: str, raw: bytes, catalogue: Catalogue, path: Path) -> None:
    """Reads or refuses, and what was read can be compared or is refused in words, and be written."""
    path.write_bytes(raw)
    try:
        runs = Runs()
        runs.add(read_entries(kind, str(path), Reading(catalogue)))
        assert Ledger(runs, catalogue).account(("month", "hardware")).total.runs == len(runs)
        comparison = compare(Question(read_files(kind, [str(path)], Reading(catalogue))), catalogue)
    except (FileError, ScenarioError) as refused:
        said = str(refused)
    else:
        path.write_text(write_format("toml", comparison, catalogue, width=None, colour=False), encoding="utf-8")
        read(str(path))
        return
    assert said.isprintable()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150)
@given(data=st.data())
def test_random_bytes_never_give_a_traceback(
    kind: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    sample = SAMPLES[kind].read_bytes()
    at = data.draw(st.integers(0, len(sample)))
    noise = data.draw(st.binary(max_size=40))
    raw = data.draw(st.sampled_from([noise, sample[:at] + noise + sample[at:], sample[:at] + noise]))
    survives(kind, raw, catalogue, tmp_path_factory.getbasetemp() / f"noise-{kind}")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "boamps"])
@settings(max_examples=200)
@given(data=st.data())
def test_random_rows_never_give_a_traceback(
    kind: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    delimiter = ";" if kind == "green-algorithms" else ","
    first, *rows = csv.reader(SAMPLES[kind].read_text(encoding="utf-8").splitlines(), delimiter=delimiter)
    made = [list(row) for row in rows]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(made))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELL)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([first, *made])
    raw = out.getvalue().encode("utf-8", "surrogatepass")
    survives(kind, raw, catalogue, tmp_path_factory.getbasetemp() / f"rows-{kind}")


def test_another_place_keeps_what_the_machine_drew(catalogue: Catalogue) -> None:
    """A log's energy holds PUE; elsewhere the PUE is another one, and the machine is the same."""
    figure = Figure(103.0, "measured"), Figure(1.03, "measured")
    logged = Scenario(
        name="run",
        hardware="h100-sxm5-80",
        region="aws:us-east-1",
        carried=(
            ("chips", Figure(8.0, "measured")),
            ("duration", Figure(24.0, "measured")),
            ("energy", figure[0]),
            ("pue", figure[1]),
        ),
    )
    moved = fill(logged.choose("region", "aws:eu-north-1"), catalogue)
    assert moved.result("it_energy_kwh") == pytest.approx(100.0)
    assert moved.result("energy_kwh") == pytest.approx(100.0 * moved.inputs["pue"].value)

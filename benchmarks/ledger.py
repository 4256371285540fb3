"""A ledger against what it takes to read its file at all: `csv.reader` over the same lines."""

from __future__ import annotations

import csv
import random
import runpy
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.engine import seconds

ROOT = Path(__file__).parent.parent
JOBS, QUICK, MANY = 100_000, 20_000, 1_000_000
HEADER = (
    "timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,"
    "cpu_energy,gpu_energy,ram_energy,energy_consumed,water_consumed,country_name,country_iso_code,region,"
    "cloud_provider,cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,"
    "longitude,latitude,ram_total_size,tracking_mode,on_cloud,pue,wue"
)
CLUSTER = """region = "grid:de"
pue = 1.3
watts_per_core = "4 W"
[gres]
a100 = "a100-sxm4-80"
h100 = "h100-sxm5-80"
v100 = "v100-sxm2-32"
"""
MEMORY = """
import sys
from carbontui.engine.ledger.runs import Runs
from carbontui.importers import read_entries
from carbontui.importers.reading import Reading
from carbontui_registry.cache import open_catalogue

def peak():
    # The kernel's own mark of this program; getrusage would give that of the process which it was forked from.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024

runs, reading = Runs(), Reading(open_catalogue())
reading.names.hardware("a100")
before = peak()
runs.add(read_entries(sys.argv[1], sys.argv[2], reading))
print((peak() - before) / len(runs))
"""


def codecarbon(path: Path, count: int) -> None:
    """An `emissions.csv` of so many runs of one machine each after the other."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for number in range(count):
            gpus, taken = chance.choice((1, 2, 4, 8)), chance.uniform(60, 7200)
            energy = taken / 3600 * gpus * 0.4
            when = f"2025-{number * 12 // count + 1:02}-{number % 28 + 1:02}T12:00:00"
            run = uuid.UUID(int=chance.getrandbits(128))
            file.write(
                f"{when},p{number % 30},{run},,{taken},{energy * 0.06},1e-6,60.0,300.0,20.0,{energy * 0.15},"
                f"{energy * 0.8},{energy * 0.05},{energy},0.0,France,FRA,,,,Linux-6.8,3.11.7,3.3.2,64,AMD EPYC,{gpus},"
                f"{gpus} x NVIDIA A100-SXM4-80GB,2.35,48.85,{512 + number % 8},machine,N,1.0,0.0\n"
            )


def csv_seconds(path: Path, delimiter: str) -> float:
    """Seconds that `csv.reader` takes for the file."""

    def read() -> None:
        with path.open(encoding="utf-8", newline="") as file:
            for _ in csv.reader(file, delimiter=delimiter):
                pass

    return seconds(read)


def account(kind: str, path: Path, cluster: Path, by: tuple[str, ...]) -> Callable[[], object]:
    """Reads a file and groups its runs."""
    from carbontui.engine.ledger.account import Ledger
    from carbontui.engine.ledger.runs import Runs
    from carbontui.importers import read_entries
    from carbontui.importers.cluster import read_cluster
    from carbontui.importers.reading import Reading
    from carbontui_registry.cache import open_catalogue

    catalogue = open_catalogue()

    def made() -> object:
        runs = Runs()
        runs.add(read_entries(kind, str(path), Reading(catalogue, cluster=read_cluster(str(cluster), catalogue))))
        return Ledger(runs, catalogue).account(by)

    return made


def ranges() -> float:
    """What the ranges of a thousand groups take, over that of one."""
    from carbontui.engine.ledger.account import Ledger
    from carbontui.engine.ledger.entry import Entry, Labels, Setting
    from carbontui.engine.ledger.runs import Runs
    from carbontui_registry.cache import open_catalogue

    chance, runs = random.Random(1), Runs()
    hardware = ("a100-sxm4-80", "h100-sxm5-80", "v100-sxm2-32", "l40s")
    regions = ("grid:de", "grid:fr", "gcp:us-central1")
    runs.add(
        Entry(
            f"{number}",
            Setting(chance.choice(hardware), chance.choice(regions), float(chance.choice((1, 2, 4, 8))), pue=1.3),
            Labels(user=f"u{number % 1000}"),
            1.735e9 + chance.uniform(0, 3e7),
            chance.uniform(0, 10),
            8.0,
        )
        for number in range(50_000)
    )
    ledger = Ledger(runs, open_catalogue())
    ledger.account()
    return seconds(lambda: ledger.account(("user",))) / seconds(ledger.account)


def ledger_rows(folder: Path, *, quick: bool) -> Iterator[tuple[str, str, float, str]]:
    """Reading and grouping against `csv.reader`, and the bytes that a run takes."""
    count, times = (QUICK, 1) if quick else (JOBS, 3)
    cluster, jobs, rows = folder / "cluster.toml", folder / "jobs.txt", folder / "emissions.csv"
    cluster.write_text(CLUSTER, encoding="utf-8")
    year = runpy.run_path(str(ROOT / "docs" / "examples" / "lab_year.py"))["write"]
    year(str(jobs), count)
    codecarbon(rows, count)
    for what, kind, path, delimiter, by in (
        ("Slurm jobs with two steps each, by month and account", "slurm", jobs, "|", ("month", "account")),
        ("CodeCarbon rows, by month and group", "codecarbon", rows, ",", ("month", "group")),
    ):
        made = account(kind, path, cluster, by)
        pairs = [(seconds(made), csv_seconds(path, delimiter)) for _ in range(times)]
        ratio = statistics.median(one / floor for one, floor in pairs)
        yield f"a ledger of {count:,} {what}", "csv.reader over the file", ratio, "x"
    yield "ranges of 1,000 groups of 50,000 runs", "the range of all of them", ranges(), "x"
    many = MANY // 10 if quick else MANY
    year(str(jobs), many)
    codecarbon(rows, many)
    for kind, path in (("slurm", jobs), ("codecarbon", rows)):
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, kind, str(path)], capture_output=True, text=True, check=True
        )
        yield f"memory of {many:,} runs of {kind}", "the count of runs", float(done.stdout), "bytes a run"

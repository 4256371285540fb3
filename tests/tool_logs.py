"""What the tests of logs share: reading one, and what it says."""

from __future__ import annotations

from pathlib import Path

from carbontui.engine.comparison import Question, compare
from carbontui.engine.ledger.entry import Entry
from carbontui.engine.scenario import Filled
from carbontui.importers import read_entries, read_files
from carbontui.importers.reading import Reading

DATA = Path(__file__).parent / "data"
SACCT, CLUSTER = DATA / "slurm_sacct.txt", DATA / "cluster.toml"
LOGS = {"slurm": SACCT, "eco2ai": DATA / "eco2ai.csv", "carbontracker": DATA / "carbontracker.log"}
LOGS |= {"zeus": DATA / "zeus.csv", "codecarbon": DATA / "codecarbon_emissions_sample.csv"}
SMI = "timestamp, index, name, power.draw [W]\n"


def entries(kind: str, path: Path, reading: Reading) -> list[Entry]:
    return list(read_entries(kind, str(path), reading))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def filled(kind: str | None, path: Path, reading: Reading) -> tuple[Filled, ...]:
    return compare(Question(read_files(kind, [str(path)], reading)), reading.catalogue).scenarios

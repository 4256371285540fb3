"""What the tests of importing share: samples of other tools, and reading them."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbontui.engine.comparison import Question, compare
from carbontui.engine.scenario import Filled, Scenario
from carbontui.errors import FileError
from carbontui.importers import read_files
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue

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


def values(one: Filled) -> dict[str, tuple[float, str]]:
    return {key: (i.value, i.basis) for key, i in one.inputs.items()}

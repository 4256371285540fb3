"""Round trips against the real thing, where it is installed: what others write is read, what we write others read."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from carbontui.engine.comparison import Question, compare
from carbontui.formats import write_format
from carbontui.importers import kind_of, read_files
from carbontui.importers.reading import Reading
from carbontui.spec import parse_spec
from carbontui_registry.catalogue import Catalogue

TRACKED = """
import json, sys, time
from codecarbon import OfflineEmissionsTracker

tracker = OfflineEmissionsTracker(
    country_iso_code="FRA", project_name="real", pue=1.25, measure_power_secs=1, log_level="error",
    output_dir=sys.argv[1], allow_multiple_runs=True,
)
tracker.start()
end = time.monotonic() + 1.5
while time.monotonic() < end:
    sum(i * i for i in range(10_000))
tracker.stop()
"""


def test_a_run_of_codecarbon(tmp_path: Path, catalogue: Catalogue) -> None:
    pytest.importorskip("codecarbon")
    path = tmp_path / "emissions.csv"
    # Twice: the second run is added to the file of the first.
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", TRACKED, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
    runs = list(csv.DictReader(path.open(encoding="utf-8")))
    assert len(runs) == 2
    assert kind_of(str(path)) == "codecarbon"
    for each in (True, False):
        scenarios = read_files("codecarbon", [str(path)], Reading(catalogue, each=each))
        made = compare(Question(scenarios), catalogue)
        groups = [[run] for run in runs] if each else [runs]
        assert len(made.scenarios) == len(groups)
        for one, rows in zip(made.scenarios, groups, strict=True):
            total = {key: sum(float(row[key]) for row in rows) for key in ("energy_consumed", "emissions", "duration")}
            assert one.result("energy_kwh") == total["energy_consumed"] > 0
            assert one.result("it_energy_kwh") == pytest.approx(total["energy_consumed"] / 1.25)
            assert one.result("gross_kgco2e") == pytest.approx(total["emissions"])
            assert one.result("duration_h") == pytest.approx(total["duration"] / 3600)
            assert one.region is not None
            assert one.region.id == "grid:fr"
            assert (one.inputs["energy"].basis, one.inputs["pue"].value) == ("measured", 1.25)
            assert one.inputs["energy"].source is not None
            assert one.inputs["energy"].source.title.startswith(f"CodeCarbon {runs[0]['codecarbon_version']}, ")
            # The parts have the PUE in them too, and add up to the whole.
            parts = [float(row[f"{part}_energy"]) for row in rows for part in ("cpu", "gpu", "ram")]
            assert sum(parts) == pytest.approx(total["energy_consumed"])


def test_a_model_card_in_the_hands_of_the_hub(tmp_path: Path, catalogue: Catalogue) -> None:
    hub = pytest.importorskip("huggingface_hub")
    for spec in ("gpt-3", "gpt-3@a100@gcp:europe-north1,chips=1024", "bloom-176b,gross=0 gCO2e/kWh"):
        made = compare(Question((parse_spec(spec).replace(name='a: "b" # c'),)), catalogue)
        path = tmp_path / "README.md"
        text = write_format("modelcard", made, catalogue, width=None, colour=False)
        path.write_text(text, encoding="utf-8")
        emissions = hub.metadata_load(path)["co2_eq_emissions"]
        grams = made.scenarios[0].results["gross_kgco2e"].value * 1000
        assert emissions["emissions"] == pytest.approx(grams, rel=5e-4)
        card = hub.ModelCard.load(path)
        assert card.data.to_dict()["co2_eq_emissions"] == emissions
        assert {type(value) for key, value in emissions.items() if key != "emissions"} == {str}
        # Written back by the hub the figures are the same.
        card.save(path)
        assert hub.metadata_load(path)["co2_eq_emissions"] == emissions


def test_front_matter_in_the_hands_of_yaml(catalogue: Catalogue) -> None:
    yaml = pytest.importorskip("yaml")
    made = compare(Question((parse_spec("gpt-3").replace(name="yes: [#"),)), catalogue)
    text = write_format("modelcard", made, catalogue, width=None, colour=False)
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["co2_eq_emissions"]["emissions"] == pytest.approx(
        made.scenarios[0].results["gross_kgco2e"].value * 1000, rel=5e-4
    )

"""The figures that come with carbontui: all there, all with a source, all through the same door as anybody's."""

from __future__ import annotations

import ast
import csv
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from carbontui_registry import CarbonFactor, Figure, PowerProfile, TrainingRun
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.plugin import KINDS

FIRST_PARTY = {
    entry_point.name: entry_point.value
    for entry_point in metadata.entry_points(group="carbontui")
    if entry_point.dist and entry_point.dist.name == "carbontui"
}


def figures_of(value: Any, at: str = "") -> list[tuple[str, Figure]]:
    """Every figure in a record, with its place."""
    if isinstance(value, Figure):
        return [(at, value)]
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in figures_of(inner, f"{at}.{key}")]
    if isinstance(value, tuple):
        return [found for n, inner in enumerate(value) for found in figures_of(inner, f"{at}[{n}]")]
    if hasattr(type(value), "_fields") and (isinstance(value, (PowerProfile, CarbonFactor)) or not at):
        return [found for f in type(value)._fields for found in figures_of(getattr(value, f), f"{at}.{f}".strip("."))]
    return []


def test_no_plugin_has_a_problem(catalogue: Catalogue) -> None:
    plugins = catalogue.plugins()
    assert {p.origin for p in plugins} == {f"carbontui:{name}" for name in FIRST_PARTY}
    assert [(p.origin, p.problems) for p in plugins if p.problems] == []
    assert all(p.first_party and not p.off and p.version for p in plugins)


def test_how_many_there_are(catalogue: Catalogue) -> None:
    numbers = {"hardware": 158, "region": 481, "model": 143, "run": 67, "offer": 2032, "measurement": 78}
    assert catalogue.counts() == numbers
    assert {kind: len(catalogue.all(kind)) for kind in KINDS} == catalogue.counts()


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_has_a_source(catalogue: Catalogue, kind: str) -> None:
    found = [(r.id, at, figure) for r in catalogue.all(kind) for at, figure in figures_of(r.record)]
    assert len(found) >= len(catalogue.all(kind)) // 2
    assert [(id, at) for id, at, figure in found if figure.source is None or not figure.source.title] == []


def test_a_figure_of_epoch_ai_is_in_its_table(catalogue: Catalogue) -> None:
    # Cells of Epoch AI, Machine Learning Hardware (CC-BY-4.0), copy of April 2026; some chips have two rows there.
    listed: dict[tuple[str, str], list[float]] = {}
    with (Path(__file__).parent / "data" / "epoch_hardware.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for key, cell in row.items():
                if cell and key not in ("id", "row"):
                    cells = [float(cell), float(cell) / 1.024**3] if key == "memory" else [float(cell)]
                    listed.setdefault((row["id"], key), []).extend(cells)
    units = {"tdp": 1, "memory": 1} | dict.fromkeys(("fp32", "tf32", "16-bit", "fp8", "int8"), 1e12)
    checked, wrong = 0, []
    for one in catalogue.all("hardware"):
        for at, figure in figures_of(one.record):
            if figure.source is None or figure.source.id != "epoch-hardware-2026" or figure.basis != "published":
                continue
            key = {"fp16": "16-bit", "bf16": "16-bit"}.get(name := at.rpartition(".")[2], name)
            cells = listed.get((one.id, key), [])
            checked += 1
            # Rates of three digits are rounded.
            if not any(abs(figure.value / units[key] - cell) < 0.005 * cell for cell in cells):
                wrong.append((one.id, at, figure.value / units[key], cells))
    assert checked > 300
    assert wrong == []


def test_a_figure_that_a_source_lists_otherwise_is_not_of_that_source(catalogue: Catalogue) -> None:
    names = {"Epoch AI lists": "Epoch AI", "gpumap lists": "gpumap", "mlco2 lists": "mlco2"}
    noted = [(one.id, at, f) for one in catalogue.all("hardware") for at, f in figures_of(one.record) if f.note]
    assert len(noted) > 50
    # What was assumed or computed from other figures of a source may differ from what it lists.
    stated = [one for one in noted if one[2].basis in ("published", "measured")]
    found = [
        (id, at)
        for id, at, f in stated
        if any(said in f.note and f.source.title.startswith(title) for said, title in names.items())
    ]
    assert found == []
    # A note on one figure is that figure's, and so is said only where it is used.
    records = [one for one in catalogue.all("hardware") if one.record.note]
    told = ("gpumap", "mlco2", "Epoch AI", "accumulate", "partly checked")
    assert [(one.id, one.record.note) for one in records if any(word in one.record.note for word in told)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_records_share_a_name(catalogue: Catalogue, kind: str) -> None:
    names = [name for r in catalogue.all(kind) for name in {r.record.id, *getattr(r.record, "aliases", ())}]
    assert sorted(names) == sorted(set(names))


def test_everything_that_is_named_is_there(catalogue: Catalogue) -> None:
    for one in catalogue.all("measurement"):
        assert one in catalogue.measurements(catalogue.hardware(one.record.hardware))
    for run in catalogue.all("run"):
        record = run.record
        assert run in catalogue.runs(catalogue.model(record.model))
        assert catalogue.hardware(record.hardware).first_party
        if record.region is not None:
            assert catalogue.region(record.region).first_party
    for region in catalogue.all("region"):
        if region.record.grid is not None:
            assert catalogue.region(region.record.grid).record.factors, region.id


@pytest.mark.parametrize(
    ("alias", "id"),
    [("v100", "v100-sxm2-32"), ("a100", "a100-sxm4-80"), ("h100", "h100-sxm5-80"), ("p100", "p100-sxm2")],
)
def test_short_names(catalogue: Catalogue, alias: str, id: str) -> None:
    assert catalogue.hardware(alias).id == id


MODELS = "t5 meena gshard-600b switch-transformer gpt-3 evolved-transformer-nas transformer-big"
MODELS += " evolved-transformer-medium"


@pytest.mark.parametrize("model", MODELS.split())
def test_the_papers_models(catalogue: Catalogue, model: str) -> None:
    found = catalogue.model(model)
    assert (found.id, found.origin) == (model, "carbontui:paper")
    assert "carbontui:paper" in {run.origin for run in catalogue.runs(found)}


def test_a_run_and_a_measurement_of_one_power_agree(catalogue: Catalogue) -> None:
    measured = {(one.record.hardware, one.record.power.value) for one in catalogue.all("measurement")}
    runs = [run for run in catalogue.all("run") if run.record.power and run.record.power.basis == "measured"]
    assert len(runs) > 15
    assert [run.id for run in runs if (run.record.hardware, run.record.power.value) not in measured] == []


# Table 4 of the paper: PUE, gross and net factor in gCO2e/kWh.
SITES: dict[tuple[str, str], tuple[float, float, float]] = {
    ("google-georgia", "2018-12"): (1.10, 431, 431),
    ("google-georgia", "2019-12"): (1.09, 415, 415),
    ("google-georgia", "2020-10"): (1.10, 403, 330),
    ("google-taiwan", "2019-09"): (1.12, 545, 545),
    ("google-north-carolina", "2020-04"): (1.09, 201, 177),
    ("microsoft-azure", "2020"): (1.10, 429, 429),
}


@pytest.mark.parametrize(("site", "period"), SITES)
def test_the_papers_sites(catalogue: Catalogue, site: str, period: str) -> None:
    region = catalogue.region(f"paper:{site}").record
    (factor,) = [f for f in region.factors if f.period == period]
    pue = factor.pue or region.pue
    assert (pue.value, factor.gross.value, factor.net.value) == SITES[site, period]


def test_georgias_pue_is_that_of_each_period(catalogue: Catalogue) -> None:
    assert all(factor.pue for factor in catalogue.region("paper:google-georgia").record.factors)


def test_gpt_3s_duration_was_not_published(catalogue: Catalogue) -> None:
    (run,) = catalogue.runs(catalogue.model("gpt-3"))
    record = run.record
    assert isinstance(record, TrainingRun)
    assert record.duration is None
    assert (record.hardware, record.region, record.period) == ("v100-sxm2-32", "paper:microsoft-azure", "2020")


@pytest.mark.parametrize("name", FIRST_PARTY)
def test_a_plugin_imports_nothing_but_the_registry(name: str) -> None:
    module = FIRST_PARTY[name]
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    allowed = {"carbontui_registry", module, *sys.stdlib_module_names}
    for path in Path(spec.origin).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [node.module if node.module and not node.level else module]
            else:
                continue
            assert {name.split(".")[0] for name in imported} <= allowed
            assert not [name for name in imported if name.startswith("carbontui_registry.")], "the public door only"


def test_the_plugins_come_through_the_same_door_as_anybodys() -> None:
    assert all(":" not in value for value in FIRST_PARTY.values())
    assert len(FIRST_PARTY) >= 7

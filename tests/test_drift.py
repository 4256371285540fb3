"""Drift: what the registry has otherwise than a file, its effect, and taking over what is picked."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from carbontui.cli import main
from carbontui.engine.comparison import Question, compare
from carbontui.engine.drift import Drift, drift, stored, update
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.formats.document import dump, stored_results
from carbontui.formats.reader import load
from carbontui.quantities import ACCOUNTINGS
from carbontui.spec import PAPER_RUNS, parse_spec
from carbontui.text.drift import as_data, as_table
from carbontui_registry import Figure, Source
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.indexing import build
from carbontui_registry.plugin import Loaded

FINLAND = "gpt-3@a100@gcp:europe-north1,chips=1024"


def document_of(catalogue: Catalogue, *specs: str, **how: Any) -> dict[str, Any]:
    return dump(compare(Question(tuple(map(parse_spec, specs)), **how), catalogue), catalogue)


def changed(document: dict[str, Any], **inputs: Any) -> Question:
    """The document with other inputs of its first scenario, as a registry of other days would have given them."""
    document["scenarios"][0]["inputs"] |= inputs
    return load(document)


# Nothing drifts that was just written


@pytest.mark.parametrize("accounting", ACCOUNTINGS)
def test_what_was_just_written_has_no_drift(accounting: str, catalogue: Catalogue) -> None:
    models = [run.record.model for run in catalogue.all("run") if run.first_party]
    specs = [
        *PAPER_RUNS,
        FINLAND,
        "gpt-3@@grid:fr",
        "pythia-70m@v100",
        "t5,duration=9 d",
        "t5,power=250 W,boundary=node",
    ]
    specs += [
        "gpt-3@v100@gcp:us-central1,pue=1.2",
        "meena,run=meena/tpu-v3/2019-12",
        "t5,energy=80 MWh",
        "t5,utilisation=30 %",
        "t5,serving=grid:fr,queries=1e9,energy_per_query=0.3 Wh",
    ]
    done = 0
    for spec in dict.fromkeys([*specs, *models]):
        try:
            document = document_of(catalogue, spec, accounting=accounting)
        except (ScenarioError, UnknownName):
            continue
        done += 1
        assert drift(load(document), catalogue) == [], spec
    assert done > 30


def test_a_period_that_was_asked_for_is_no_drift(catalogue: Catalogue) -> None:
    for region in catalogue.all("region"):
        for period in {factor.period for factor in region.record.factors}:
            asked = Scenario(model="gpt-3", hardware="a100", region=region.id, period=period)
            document = dump(compare(Question((asked,)), catalogue), catalogue)
            assert drift(load(document), catalogue) == [], (region.id, period)


# What drifts


def test_a_figure_that_the_registry_has_otherwise(catalogue: Catalogue) -> None:
    question = changed(document_of(catalogue, "gpt-3", "t5"), power_w=300.0)
    (found,) = drift(question, catalogue)
    assert (found.number, found.scenario, found.key, found.file_key) == (0, "GPT-3", "power", "power_w")
    assert isinstance(found.was, Figure)
    assert isinstance(found.now, Figure)
    assert (found.was.value, found.now.value, found.now.basis) == (300.0, 330.0, "measured")
    assert [key for key, _, _ in found.effects] == ["energy_kwh", "gross_kgco2e", "net_kgco2e"]
    for _, was, now in found.effects:
        assert was
        assert now == pytest.approx(was * 1.1)


def test_effects_are_those_of_one_field_alone(catalogue: Catalogue) -> None:
    found = drift(changed(document_of(catalogue, FINLAND), pue=1.2, gross_gco2e_per_kwh=50.0), catalogue)
    effects = {one.key: [key for key, _, _ in one.effects] for one in found}
    assert effects == {"pue": ["energy_kwh", "gross_kgco2e"], "gross": ["gross_kgco2e"]}


def test_a_basis_a_text_and_what_a_file_lacks(catalogue: Catalogue) -> None:
    document = document_of(catalogue, FINLAND)
    one = document["scenarios"][0]
    one["basis"]["pue"] = "measured"
    one["inputs"]["coverage"] = "direct"
    del one["inputs"]["gross_gco2e_per_kwh"], one["sources"]["gross_gco2e_per_kwh"]
    found = {drifted.key: drifted for drifted in drift(load(document), catalogue)}
    assert set(found) == {"pue", "coverage", "gross"}
    assert (found["coverage"].was, found["coverage"].now) == ("direct", "lifecycle")
    assert found["pue"].effects == ()
    assert found["gross"].was is None
    assert found["gross"].effects == (("gross_kgco2e", None, pytest.approx(63890.5409, rel=1e-6)),)


def test_entered_figures_and_those_of_logs_do_not_drift(catalogue: Catalogue) -> None:
    document = document_of(catalogue, "gpt-3,power=300 W")
    assert drift(load(document), catalogue) == []
    own = Figure(300.0, "measured", None, Source("nvidia-smi, of rack 7", None, 2025))
    carried = Question((Scenario(model="gpt-3", carried=(("power", own), ("chips", Figure(64.0, "measured")))),))
    assert drift(carried, catalogue) == []
    assert drift(load(dump(compare(carried, catalogue), catalogue)), catalogue) == []
    next_year = Figure(300.0, "measured", None, Source("Patterson et al. 2019, an edition that is gone"))
    found = drift(Question((Scenario(model="gpt-3", carried=(("power", next_year),)),)), catalogue)
    assert [one.key for one in found] == ["power"]


def test_records_that_are_gone(catalogue: Catalogue) -> None:
    connection = sqlite3.connect(":memory:")
    build(Loaded((), (), (), (), {}), connection)
    empty = Catalogue(connection)
    question = load(document_of(catalogue, FINLAND))
    found = drift(question, empty)
    assert [(one.key, one.was, one.now) for one in found] == [
        ("model", "gpt-3", None), ("hardware", "a100-sxm4-80", None), ("region", "gcp:europe-north1", None),
        ("run", "gpt-3/v100-sxm2-32/2020", None),
    ]  # fmt: skip
    assert update(question, found, range(len(found))) == question


def test_a_period_that_is_gone(catalogue: Catalogue) -> None:
    found = drift(changed(document_of(catalogue, FINLAND), period="2011"), catalogue)
    assert [(one.key, one.was, one.now) for one in found] == [("period", "2011", "2020")]


# Taking over


def test_only_what_is_picked_is_taken_over(catalogue: Catalogue) -> None:
    question = changed(document_of(catalogue, "gpt-3", "t5"), power_w=300.0, pue=1.3, gross_gco2e_per_kwh=400.0)
    found = drift(question, catalogue)
    assert [one.key for one in found] == ["power", "pue", "gross"]
    assert update(question, found, []) == question
    some = update(question, found, [1])
    assert [one.key for one in drift(some, catalogue)] == ["power", "gross"]
    assert some.scenarios[1] == question.scenarios[1]
    one = compare(some, catalogue).scenarios[0]
    assert (one.inputs["pue"].value, one.inputs["power"].value) == (1.1, 300.0)
    assert one.published == {}
    every = update(question, found, range(3))
    assert drift(every, catalogue) == []
    results = compare(every, catalogue).scenarios[0].results
    expected = compare(Question((parse_spec("gpt-3"),)), catalogue).scenarios[0].results
    assert {key: result.value for key, result in results.items()} == {k: r.value for k, r in expected.items()}


def test_effects_are_what_taking_over_gives(catalogue: Catalogue) -> None:
    for inputs in ({"chips": 256}, {"throughput_flop_per_s": 4e13}, {"duration_h": 400.0}, {"period": "2011"}):
        question = changed(document_of(catalogue, "t5"), **inputs)
        found = drift(question, catalogue)
        assert found
        for n, one in enumerate(found):
            after = compare(update(question, found, [n]), catalogue).scenarios[0]
            for key, _, now in one.effects:
                assert after.result(key) == now


def test_a_runs_duration_goes_with_its_chips(catalogue: Catalogue) -> None:
    question = changed(document_of(catalogue, "t5"), chips=256)
    (found,) = drift(question, catalogue)
    after = compare(update(question, [found], [0]), catalogue).scenarios[0]
    assert "duration" not in dict(update(question, [found], [0]).scenarios[0].carried)
    assert after.inputs["chips"].value == 512
    assert after.result("duration_h") != question.scenarios[0]


# Shown


def test_table_and_data(catalogue: Catalogue) -> None:
    document = document_of(catalogue, "gpt-3", "t5")
    document["scenarios"][1]["results"]["energy_kwh"] = 5.0
    question = changed(document, power_w=300.0, net_basis="annual")
    found = [*drift(question, catalogue), *stored(question, stored_results(document), catalogue)]
    lines = as_table([("a.toml", found)], None).splitlines()
    assert lines[0].split() == ["scenario", "field", "was", "is", "energy", "gross", "CO2e", "net", "CO2e"]
    assert lines[1].split() == ["GPT-3", "power", "300", "W", "330", "W", "+10", "%", "+10", "%", "+10", "%"]
    assert lines[2].split() == ["GPT-3", "net_basis", "annual", "hourly"]
    data = as_data([("a.toml", found)])
    assert json.loads(json.dumps(data)) == data
    assert data[0]["key"] == "power_w"
    assert (data[0]["was"], data[0]["now"], data[0]["file"]) == (300.0, 330.0, "a.toml")
    assert set(data[0]["effects"]["energy_kwh"]) == {"was", "now"}
    assert {("T5", "energy_kwh"), ("GPT-3", "it_energy_kwh")} <= {(row["scenario"], row["key"]) for row in data}
    close = Drift(0, "x", "power", Figure(300.0), Figure(300.00001))
    assert "300.00001" in as_table([("a", [close]), ("b", [])], None)


@pytest.fixture
def file(tmp_path: Path, catalogue: Catalogue) -> Path:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document_of(catalogue, "gpt-3", "t5")))
    return path


def test_the_command_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(file), "--drift"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"carbontui: {file}: no drift\n")
    assert main(["compare", str(file), "--drift", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    document = json.loads(file.read_text())
    document["scenarios"][1]["inputs"]["pue"] = 1.5
    file.write_text(json.dumps(document))
    assert main(["compare", str(file), "--drift"]) == 1
    said = capsys.readouterr()
    assert "PUE" in said.out
    assert said.err == ""
    assert main(["compare", str(file), "--drift", "--format", "json"]) == 1
    keys = [(row["scenario"], row["key"]) for row in json.loads(capsys.readouterr().out)]
    assert ("T5", "pue") in keys
    assert ("T5", "energy_kwh") in keys
    document = json.loads(file.read_text())
    for arguments, says in (
        (["compare", "gpt-3", "--drift"], "--drift needs a saved file"),
        (["compare", "--drift"], "--drift needs a saved file"),
        (["compare", str(file), "--drift", "--format", "csv"], "--drift does not work with --format csv"),
        (["compare", "nowhere.toml", "--drift"], "No such file"),
    ):
        assert main(arguments) == 2
        assert says in capsys.readouterr().err

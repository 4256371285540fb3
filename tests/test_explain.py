"""How a figure came about: every result and input of a few scenarios, down to its sources."""

from __future__ import annotations

import json
import re
from math import log
from pathlib import Path
from typing import Any

import pytest
from scenarios import catalogue_of, filled

from carbontui.cli import main
from carbontui.engine.comparison import Question, side_by_side
from carbontui.engine.explanation import explain
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.uncertainty import interval90, log_variance
from carbontui.quantities import FILE_KEYS, METRICS, RESULTS
from carbontui.spec import parse_spec
from carbontui.text.explain import as_data, as_text, figure_key
from carbontui.text.status import one_line
from carbontui_registry import Figure, Hardware, Model, PowerProfile, Source
from carbontui_registry.catalogue import Catalogue

SHEET = Source("Sheet", year=2020)
SPECS = [
    "gpt-3",
    "t5",
    "gpt-3@a100@gcp:europe-north1",
    "gpt-3@a100@grid:fi,chips=64,duration=9 d",
    "llama-2-7b@@grid:fr",
    "bloom-176b",
    "pythia-70m,compute=1e21 FLOP",
    "t5,energy=90 MWh",
    "t5,utilisation=40 %,queries=1000,energy_per_query=1 Wh",
    "opt-175b",
]


@pytest.mark.parametrize("spec", SPECS)
def test_every_figure_can_be_explained(spec: str, catalogue: Catalogue) -> None:
    one = filled(spec, catalogue)
    assert one.results
    for key in (*one.results, *one.inputs):
        explanation = explain(one, key)
        text, data = as_text(explanation), as_data(explanation)
        assert explanation.leaves
        for leaf in explanation.leaves:
            # A leaf says where it is from: a source, or that it was entered.
            assert leaf.figure.source is not None or leaf.figure.basis == "entered"
        assert str(data["shown"]) in text.splitlines()[0]
        assert json.loads(json.dumps(data, allow_nan=False))["value"] == explanation.value
        assert "None" not in text
        # In the lines with numbers no word of the formula is left.
        for step in data["steps"]:  # type: ignore[attr-defined]
            assert not re.search(r"power|PUE|chips|factor|IT energy", step["numbers"]), step


@pytest.mark.parametrize("spec", SPECS)
def test_leaves_are_the_inputs_and_their_terms(spec: str, catalogue: Catalogue) -> None:
    one = filled(spec, catalogue)
    for key, result in one.results.items():
        expected = sum(len(one.inputs[name].terms) or 1 for name in result.exponents)
        assert len(explain(one, key).leaves) == expected


def test_a_duration_that_was_given_is_what_it_was_given_as(catalogue: Catalogue) -> None:
    for spec, basis in (("@8xh100@germany,duration=3 d", "entered"), ("t5", "published"), ("t5@a100", "assumed")):
        one = filled(spec, catalogue)
        assert explain(one, "duration_h").basis == explain(one, "duration").basis == basis
        comparison = side_by_side(Question((one.scenario,)), [one])
        assert "derived" not in one_line(one, "duration_h", comparison)


def test_gpt_3_in_full(catalogue: Catalogue) -> None:
    explanation = explain(filled("gpt-3", catalogue), "gross_kgco2e")
    data: dict[str, Any] = as_data(explanation)
    assert [(step["label"], step["formula"]) for step in data["steps"]] == [
        ("gross CO2e", "IT energy x (PUE x gross factor)"),
        ("IT energy", "duration x chips x power"),
        ("duration", "compute / (chips x throughput)"),
    ]
    assert data["steps"][0]["numbers"] == "1,170 MWh x (1.10 x 429 gCO2e/kWh)"
    assert data["steps"][2]["numbers"] == "3.14e23 FLOP / (10,000 x 24.6 TFLOP/s)"
    assert {leaf["label"]: leaf["basis"] for leaf in data["leaves"]} == {
        "compute": "measured",
        "chips": "assumed",
        "throughput": "measured",
        "power": "measured",
        "PUE": "measured",
        "gross factor": "assumed",
    }
    assert {leaf.origin for leaf in explanation.leaves} == {"carbontui:paper"}


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        *((key, key) for key in RESULTS),
        *(pair for pair in FILE_KEYS.items() if pair[0] not in RESULTS),
        ("energy", "energy_kwh"),
        ("it_energy", "it_energy_kwh"),
        ("IT-energy", "it_energy_kwh"),
        ("gross", "gross_kgco2e"),
        ("net", "net_kgco2e"),
        ("duration", "duration_h"),
        ("chip_hours", "chip_hours"),
        ("power", "power"),
        ("throughput", "throughput"),
        ("compute", "compute"),
        ("PUE", "pue"),
        ("energy_per_query", "energy_per_query"),
        ("gross factor", "gross"),
        ("Power over TDP", "power"),
        ("place-to-grid ratio", "gross"),
        ("coverage conversion", "gross"),
        ("FLOP per token", "compute"),
        ("IT energy", "it_energy_kwh"),
    ],
)
def test_figures_by_key_with_or_without_unit(wanted: str, key: str) -> None:
    assert figure_key(wanted) == key


@pytest.mark.parametrize(
    ("spec", "figure", "says"),
    [
        ("gpt-3", "enrgy", "did you mean"),
        ("gpt-3", "zzz", "'zzz' is not a figure"),
        ("gpt-3@a100@gcp:europe-north1", "net", "net CO2e of GPT-3 A100 GCP Finland is unknown"),
        ("gemma-1-family", "energy", "energy of Gemma 1 (2B + 7B) is unknown"),
    ],
)
def test_what_cannot_be_explained(spec: str, figure: str, says: str, catalogue: Catalogue) -> None:
    with pytest.raises(ScenarioError, match=re.escape(says)):
        explain(filled(spec, catalogue), figure_key(figure))


@pytest.mark.parametrize(
    ("spec", "figure", "says"),
    [
        ("@1xrtx-4070@DE,duration=20 h", "tdp", "TDP of RTX 4070 Germany: 200 W  (published)"),
        ("@1xrtx-4070@DE,duration=20 h", "peak", "peak of RTX 4070 Germany: 58 TFLOP/s  (published)"),
        ("llama-3.1-8b@8xh100", "params", "parameters of Llama 3.1 8B: 8,030,000,000  (published)"),
        ("@8xh100@DE,duration=20 h", "embodied", "embodied of H100 Germany: 164 kg  (derived)"),
        ("@8xh100@DE,duration=20 h", "power over TDP", "power of H100 Germany: 861 W ~"),
    ],
)
def test_what_a_record_states_is_known(spec: str, figure: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", spec, figure]) == 0
    assert capsys.readouterr().out.startswith(says)


def test_what_nobody_states_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "@8xh100@DE,duration=20 h", "tokens"]) == 2
    assert capsys.readouterr().err == "carbontui: tokens of H100 Germany are unknown\n"


def test_each_scenario_of_a_file_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "two.toml")
    assert main(["compare", "gpt-3", "t5", "--accounting", "lifecycle", "-o", path]) == 0
    capsys.readouterr()
    assert main(["explain", path]) == 0
    out = capsys.readouterr().out
    assert "gross CO2e of GPT-3" in out
    assert "gross CO2e of T5" in out
    assert main(["explain", path, "gross factor", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["scenario"] for one in found] == ["GPT-3", "T5"]


def test_one_of_a_file_that_is_unknown_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "two.toml")
    assert main(["compare", "gpt-3", "@8xh100@aws:us-east-1,duration=3 d", "-o", path]) == 0
    capsys.readouterr()
    assert main(["explain", path, "water", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert [one["scenario"] for one in json.loads(out)] == ["H100 AWS N. Virginia"]
    assert err == "carbontui: water of GPT-3 is unknown: no water figure; add wue=\n"


def test_an_unknown_figure_says_what_to_add(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "gpt-3", "water"]) == 2
    assert capsys.readouterr().err == "carbontui: water of GPT-3 is unknown: no water figure; add wue=\n"


def test_explain_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "gpt-3"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("gross CO2e of GPT-3: 552 t ~  (assumed, 90 % range 254 to 1,201 t)")
    assert "Patterson et al. 2021" in text
    assert main(["explain", "gpt-3@a100@gcp:europe-north1", "energy", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["figure"], data["basis"], data["shown"]) == ("energy_kwh", "assumed", "480 MWh")
    assert data["interval90"] == pytest.approx([273_640.11, 843_315.51])
    assert main(["explain", "gpt-3", "nonsense"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_an_input_says_its_interval(catalogue: Catalogue) -> None:
    one = filled("gpt-3@a100@grid:fi", catalogue)
    power, pue = explain(one, "power"), explain(one, "pue")
    text = as_text(power)
    assert text.startswith("power of GPT-3 A100 Finland: 536 W ~  (assumed, 90 % range 413 to 696 W)\n")
    assert "power over TDP  1.34  assumed, sd 16 %" in text
    assert "from 10 measurements of GPU servers of 2020 and later at the wall, by 4 sources" in text
    assert as_data(power)["interval90"] == list(interval90(536, 0.16))
    assert "90 % range 1.2 to 2.1)" in as_text(pue)
    assert explain(one, "chips").interval == interval90(10_000, 0.2)
    assert explain(filled("t5", catalogue), "chips").interval is None


def test_two_spreads_of_one_input_are_told_apart_by_their_term() -> None:
    """A compute of 6 x parameters x tokens errs with both; which of them matters is to be seen."""
    loose = Model(
        "loose", "Loose", SHEET, params=Figure(1e9, "assumed", "30 %"), tokens=Figure(1e11, "assumed", "20 %")
    )
    x1 = Hardware("x1", "X1", SHEET, power=PowerProfile("400 W"), peak={"bf16": "100 TFLOP/s"})
    one = filled("loose@x1,chips=8,power=300 W,throughput=40 TFLOP/s,pue=1.1", catalogue_of(loose, x1))
    explanation = explain(one, "energy_kwh")
    assert [(matter.input, matter.term) for matter in explanation.matters] == [
        ("compute", "active_params"),
        ("compute", "tokens"),
    ]
    assert sum(matter.share for matter in explanation.matters) == pytest.approx(1)
    assert explanation.matters[0].share == pytest.approx(log(1.09) / (log(1.09) + log(1.04)))
    assert [matter["term"] for matter in as_data(explanation)["matters"]] == ["active parameters", "tokens"]  # type: ignore[attr-defined]
    text = as_text(explanation)
    assert "compute (active parameters)" in text
    assert "compute (tokens)" in text


@pytest.mark.parametrize(
    ("spec", "key", "input", "entered"),
    [
        ("gpt-3@h100@gcp:us-east4", "gross_kgco2e", "throughput", "100 TFLOP/s"),
        ("@h100@gcp:us-east4,chips=8,duration=3 d", "energy_kwh", "power", "900 W"),
        ("@h100@DE,chips=8,duration=3 d,power=900 W", "energy_kwh", "pue", "1.2"),
    ],
)
def test_what_to_measure_first_and_what_that_would_do(
    spec: str, key: str, input: str, entered: str, catalogue: Catalogue
) -> None:
    before = filled(spec, catalogue).results[key]
    found = explain(filled(spec, catalogue), key)
    assert found.narrow is not None
    assert found.narrow.input == input
    after = filled(f"{spec},{input}={entered}", catalogue).results[key]
    assert found.narrow.share == pytest.approx(1 - log_variance(after.spread or 0) / log_variance(before.spread or 0))
    ends = found.narrow.interval
    assert (ends is None) == (after.interval is None)
    if ends is not None and after.interval is not None:
        assert ends[1] / ends[0] == pytest.approx(after.interval[1] / after.interval[0])
    assert f"measure first: {'PUE' if input == 'pue' else input}; with {input}=" in as_text(found)
    assert as_data(found)["narrow_first"]["input"] == input  # type: ignore[index]


def test_a_result_without_a_range_has_nothing_to_narrow(catalogue: Catalogue) -> None:
    found = explain(filled("t5", catalogue), "energy_kwh")
    assert (found.interval, found.narrow) == (None, None)
    assert "measure first" not in as_text(found)


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
@pytest.mark.parametrize("figure", sorted(METRICS))
def test_a_figure_of_nothing_is_explained_without_a_range(
    figure: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # The net factor that AWS claims is 0.
    assert main(["explain", "@8xh100@aws:us-east-1,duration=3 d", figure, "--format", form]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "spec",
    [
        "transformer-base-strubell@rtx-4060-ti-16@gcp:africa-south1,pue=1,power=300 W,it_energy=4 kWh",
        "pythia-70m@b300@grid:ge,power=300 W,energy=4 kWh,tokens=2B,count=3",
    ],
)
@pytest.mark.parametrize("metric", sorted(METRICS))
def test_an_energy_entered_beside_what_leads_to_another_is_explained(
    spec: str, metric: str, catalogue: Catalogue
) -> None:
    one = fill(parse_spec(spec), catalogue)
    if METRICS[metric] in one.results:
        assert as_text(explain(one, METRICS[metric]))


def test_a_file_of_which_nothing_is_known_is_an_error_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, made = tmp_path / "two.toml", tmp_path / "made.txt"
    assert main(["compare", "@h100@france", "@a100@france", "-o", str(path)]) == 0
    capsys.readouterr()
    assert main(["explain", str(path), "gross", "-o", str(made)]) == 2
    one, other = capsys.readouterr().err.splitlines()
    assert one.startswith("carbontui: gross CO2e of H100 France is unknown: no time")
    assert other.startswith("carbontui: gross CO2e of A100 France is unknown: no time")
    assert not made.exists()


def test_the_range_of_a_share_is_in_its_unit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "gpt-3@a100@gcp:europe-north1,chips=1024", "utilisation"]) == 0
    assert re.search(r": 34 % ~  \(assumed, 90 % range 21 to 56 %\)", capsys.readouterr().out)

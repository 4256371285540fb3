"""Statements: each item that a text asks for is answered or not known, and the figures in it are right."""

from __future__ import annotations

import importlib.util
import json
import random
from math import exp, log, sqrt
from pathlib import Path

import pytest
from anything import ANY_SPEC
from hypothesis import given
from scenarios import filled

from carbontui.cli import main
from carbontui.engine import disclosure
from carbontui.engine.comparison import Comparison, Question, compare
from carbontui.engine.intensity import intensity
from carbontui.engine.lifetime import of_one_query
from carbontui.engine.scenario import Filled, ScenarioError
from carbontui.engine.solver import fill
from carbontui.formats import PRESETS
from carbontui.formats.modelcard import front_matter
from carbontui.formats.statement import statement
from carbontui.formats.statements import Unknown, items_of, lines_of
from carbontui.spec import parse_spec
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName

ROOT = Path(__file__).parent.parent
LORA = "llama-3.1-8b@8xh100@gcp:europe-west1,tokens=2B,trainable=40M"


def compared(catalogue: Catalogue, *specs: str) -> Comparison:
    return compare(Question(tuple(map(parse_spec, specs))), catalogue)


def answer(preset: str, asked: str, one: Filled) -> str:
    (item,) = (item for item in items_of(preset) if item.asked == asked)
    return str(item.answer(one))


def test_the_page_is_what_its_maker_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_statements", ROOT / "docs" / "make_statements.py")
    assert spec
    assert spec.loader
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    text = maker.PAGE.read_text(encoding="utf-8")
    assert {match["preset"] for match in maker.TABLE.finditer(text)} == {*PRESETS, "modelcard"}
    assert maker.page(text) == text, "python docs/make_statements.py"


@given(spec=ANY_SPEC)
def test_every_item_is_answered_or_not_known(spec: str, catalogue: Catalogue) -> None:
    try:
        one = filled(spec, catalogue)
    except (ScenarioError, UnknownName):
        return
    for preset in PRESETS:
        for item in items_of(preset):
            said = item.answer(one)
            assert isinstance(said, Unknown) or said or item.asked == "What its authors published"
            assert "None" not in str(said)
            assert "nan" not in str(said)
        assert lines_of(one, preset)


def test_patterson_answers_what_authors_are_asked(catalogue: Catalogue) -> None:
    text = statement(compared(catalogue, "gpt-3", "gpt-3@a100@gcp:europe-north1,chips=1024"))
    for said in (
        "Training GPT-3 on 10,000 x V100 SXM2 32 GB takes 14.8 d, 3,546,000 accelerator-hours,",
        "at a mean power of 330 W (of the whole system, per accelerator and before PUE)",
        "in Microsoft, US",
        "The PUE is 1.10",
        "the gross (location-based) carbon factor is 429 gCO2e/kWh",
        "Energy is 1,287 MWh",
        "gross CO2e is 552 tCO2e",
        "Measured: compute, power, throughput and PUE [1].",
        "Assumed: chips, gross factor and net factor [1].",
        "net CO2e is unknown",
        "power (1.34 x TDP of a100-sxm4-80)",
        "[1] Patterson et al. 2021",
    ):
        assert said in text
    assert statement(compared(catalogue, "t5")).count("No input was assumed.") == 1


@pytest.mark.parametrize("entered", ["duration=3 d", "chip_hours=576"])
def test_accelerator_hours_are_of_all_the_runs(catalogue: Catalogue, entered: str) -> None:
    text = statement(compared(catalogue, f"@8xh100@aws:us-east-1,{entered},count=10"))
    assert "takes 3.00 d each time, 10 times, 5,760 accelerator-hours," in text


# EU AI Act


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("gpt-3", "1,300 MWh"),
        ("t5,energy=80.04 MWh", "80 MWh"),
        ("t5,energy=996 MWh", "1,000 MWh"),
        ("t5,energy=0.996 MWh", "1.0 MWh"),
        ("t5,energy=83.4 kWh", "0.083 MWh"),
    ],
)
def test_energy_has_two_significant_digits(spec: str, said: str, catalogue: Catalogue) -> None:
    assert answer("eu-ai-act", "Amount of energy used for training", filled(spec, catalogue)) == said


def test_how_the_energy_is_known_is_said(catalogue: Catalogue) -> None:
    def method(spec: str) -> str:
        return answer("eu-ai-act", "Measurement methodology, energy", filled(spec, catalogue))

    assert method("gpt-3").startswith("estimated from the computational resources")
    assert "330 W (measured)" in method("gpt-3")
    assert method("t5,energy=80 MWh").startswith("not estimated here: energy as entered")
    assert method("@h100@france,chips=8,duration=3 d,it_energy=412 kWh,pue=1.2").startswith(
        "not estimated here: energy before PUE"
    )
    assert method("@h100@france").startswith("not known")


def test_a_fine_tune_is_told_from_a_pretraining(catalogue: Catalogue) -> None:
    def dependencies(spec: str) -> str:
        return answer("eu-ai-act", "Model dependencies", filled(spec, catalogue))

    assert dependencies(LORA).startswith("Llama 3.1 8B; this statement covers this job only")
    assert dependencies("gpt-3") == dependencies("gpt-3@a100") == "N/A, the model is trained from scratch"
    unsaid = "llama-3.1-8b@8xh100@gcp:europe-west1,tokens=2B"
    assert dependencies(unsaid).startswith("not known")
    assert dependencies(f"{unsaid},work=fine-tuning").startswith("Llama 3.1 8B")
    assert dependencies(f"{unsaid},work=pre-training").startswith("N/A")
    assert dependencies("bert-base-finetune-dodge") == "not known: which model is trained further"
    # The compute is that of the job, never that of the model's pretraining.
    compute = answer("eu-ai-act", "Amount of computation used for training", filled(LORA, catalogue))
    assert compute == "6.4e19 FLOP"
    assert (
        answer("eu-ai-act", "Total model size", filled(LORA, catalogue)) == "8.03B parameters, of which 40M are trained"
    )


def test_inference_is_known_only_where_it_was_given(catalogue: Catalogue) -> None:
    asked = "Benchmarked amount of computation used for inference"
    assert answer("eu-ai-act", asked, filled("gpt-3", catalogue)) == "not known: give it as inference_compute="
    assert answer("eu-ai-act", asked, filled("gpt-3,inference_compute=5.1e17 FLOP", catalogue)) == "5.1e17 FLOP"


def test_the_kind_of_training_stays_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "a.json")
    assert main(["compare", "gpt-3", LORA, "-o", path]) == 0
    capsys.readouterr()
    assert main(["compare", path, "--format", "json"]) == 0
    kinds = [one["inputs"]["training"] for one in json.loads(capsys.readouterr().out)["scenarios"]]
    assert kinds == ["pre-training", "fine-tuning"]


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("gpt-3", '"pre-training"'),
        (LORA, '"fine-tuning"'),
        ("bert-base-finetune-dodge", '"fine-tuning"'),
        ("llama-3.1-8b@8xh100,tokens=2B", None),
        ("@h100@france,chips=8,duration=3 d", None),
    ],
)
def test_a_model_card_says_which_training_it_is(spec: str, kind: str | None, catalogue: Catalogue) -> None:
    assert front_matter(filled(spec, catalogue), "gross")["training_type"] == kind


# GHG Protocol


@pytest.mark.parametrize(
    ("region", "losses", "upstream"),
    [
        ("grid:us-ca", "not in the factors", "not in these figures"),
        ("gcp:europe-west1", "not in the factors", "not in these figures"),
        ("france", "not in the factors", "in these figures"),
    ],
)
def test_what_the_factors_hold_is_as_their_source_says(
    region: str, losses: str, upstream: str, catalogue: Catalogue
) -> None:
    one = filled(f"@h100@{region},chips=8,duration=3 d", catalogue)
    assert answer("ghg", "Grid losses", one).startswith(losses)
    assert answer("ghg", "Upstream of the power plants", one).startswith(upstream)


def test_no_shipped_factor_with_grid_losses_is_said_to_be_without(catalogue: Catalogue) -> None:
    holding = [r for r in catalogue.all("region") if any(factor.includes_td for factor in r.record.factors)]
    assert len(holding) > 20
    for region in holding:
        for factor in (factor for factor in region.record.factors if factor.includes_td):
            spec = f"@h100@{region.id},chips=8,duration=3 d,period={factor.period}"
            one = fill(parse_spec(spec), catalogue, f"strict-{factor.coverage}")
            assert answer("ghg", "Grid losses", one).startswith("in the factors")


def test_an_unknown_net_is_no_market_based_total(catalogue: Catalogue) -> None:
    one = filled(LORA, catalogue)
    assert answer("ghg", "Scope 2, location-based", one).startswith("13.8 kgCO2e")
    assert answer("ghg", "Scope 2, market-based", one) == "not known"
    assert answer("ghg", "Residual mix", one).startswith("not known")


# Software carbon intensity, against calculations by hand


def test_the_score_of_the_page_by_hand(catalogue: Catalogue) -> None:
    spec = f"{LORA},queries=1e9,energy_per_query=0.3 Wh,serving=gcp:europe-north1"
    one = filled(spec, catalogue)
    made = intensity(one)
    flop = (4 * 8.03e9 + 2 * 40e6) * 2e9
    chip_hours = flop / one.inputs["throughput"].value / 3600
    operational = chip_hours * 1.34 * 700 / 1000 * 1.09 * 103.4 / 1000
    embodied = chip_hours * 164 / (6 * 8766 * 0.85)
    assert made.operational is not None
    assert made.embodied is not None
    assert made.total is not None
    assert made.operational.value == pytest.approx(operational, rel=1e-3)
    assert made.embodied.value == pytest.approx(embodied, rel=1e-3)
    assert made.total.value == pytest.approx(operational + embodied, rel=1e-3)
    assert made.amounts == pytest.approx({"run": 1, "flop": flop / 1e18, "token": 2000, "parameter": 8.03}, rel=1e-3)
    query = of_one_query(one)
    assert query is not None
    assert query.value == pytest.approx(0.3e-3 * 1.09 * 39.32 / 1000, rel=1e-3)
    assert "0.0129 gCO2e per query (0.300 Wh x PUE 1.09 x 39.32 gCO2e/kWh)" in statement(
        compared(catalogue, spec), "sci"
    )


def test_the_score_of_gpt_3_by_hand(catalogue: Catalogue) -> None:
    """The example of the page on sweeps: served in Finland, 150 kgCO2e a chip."""
    spec = "gpt-3,queries=1e9,energy_per_query=0.3 Wh,serving=gcp:europe-north1,embodied=150 kgCO2e,idle=59 %"
    made = intensity(filled(spec, catalogue))
    chip_hours = 3.14e23 / 24.6e12 / 3600
    operational = chip_hours * 0.330 * 1.1 * 0.429
    embodied = chip_hours * 150 / (6 * 8766 * 0.85)
    assert made.total is not None
    assert made.total.value == pytest.approx(operational + embodied)
    assert made.amounts == pytest.approx({"run": 1, "flop": 314_000, "token": 300_000, "parameter": 175})
    text = statement(compared(catalogue, spec), "sci")
    assert "564 tCO2e per run, 1.80 kgCO2e per 1e18 FLOP" in text
    assert "0.0129 gCO2e per query" in text


def test_the_place_of_serving_is_its_own(catalogue: Catalogue) -> None:
    def grams(spec: str) -> float:
        query = of_one_query(filled(f"gpt-3,energy_per_query=0.3 Wh{spec}", catalogue))
        assert query is not None
        return query.value * 1000

    assert grams("") == pytest.approx(0.3e-3 * 1.1 * 429)
    assert grams(",serving_pue=1.2,serving_gross=100 gCO2e/kWh") == pytest.approx(0.3e-3 * 1.2 * 100)


def test_without_m_there_is_no_score(catalogue: Catalogue) -> None:
    one = filled("gpt-3", catalogue)
    assert intensity(one).total is None
    said = answer("sci", "Score of the training, (E x I + M) per R", one)
    assert said.startswith("not known: M is not known; E x I alone is 552 tCO2e per run, 1.76 kgCO2e per 1e18 FLOP")


def test_the_score_counts_every_run(catalogue: Catalogue) -> None:
    spec = "@t4@gcp:us-west1,chips=1,duration=2 h,embodied=10 kgCO2e"
    single, many = (intensity(filled(f"{spec}{count}", catalogue)) for count in ("", ",count=1000"))
    assert single.total is not None
    assert many.total is not None
    assert many.total.value == pytest.approx(1000 * single.total.value)
    assert many.total.spread == pytest.approx(single.total.spread)
    assert many.amounts == {"run": 1000}


@pytest.mark.parametrize("work", ["params=7B,tokens=2T", "compute=1e21 FLOP"])
def test_intensities_do_not_depend_on_the_number_of_runs(work: str, catalogue: Catalogue) -> None:
    single, many = (filled(f"@8xh100@germany,{work}{count}", catalogue) for count in ("", ",count=3"))
    for unit in ("flop", "token"):
        assert (unit in intensity(single).amounts) == (unit in intensity(many).amounts)
        if unit in intensity(single).amounts:
            assert intensity(many).amounts[unit] == pytest.approx(3 * intensity(single).amounts[unit])
    hours = disclosure.of_all(single, "chip_hours")
    assert hours is not None
    assert disclosure.of_all(many, "chip_hours") == pytest.approx(3 * hours)


def test_the_interval_of_a_sum_is_that_of_a_monte_carlo(catalogue: Catalogue) -> None:
    """Of embodied emissions as large as the operational ones, whose errors they share in part."""
    made = intensity(filled("llama-3.1-8b@8xh100@gcp:europe-west1,tokens=2B,embodied=3000 kgCO2e", catalogue))
    assert made.operational is not None
    assert made.embodied is not None
    assert made.total is not None
    assert made.total.interval is not None
    dice, sums = random.Random(1), []
    identities = {**made.operational.factors, **made.embodied.factors}
    for _ in range(40_000):
        drawn = {key: dice.gauss(0, sqrt(variance)) for key, (_, variance) in identities.items()}
        parts = (
            part.value * exp(sum(power * drawn[key] for key, (power, _) in part.factors.items()))
            for part in (made.operational, made.embodied)
        )
        sums.append(sum(parts))
    sums.sort()
    for found, share in zip(made.total.interval, (0.05, 0.95), strict=True):
        assert log(found / sums[int(share * len(sums))]) == pytest.approx(0, abs=0.1)


# What is outside the training


def test_what_is_outside_training_and_intensities_are_in_statements(
    catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "gpt-3,queries=1e9,energy_per_query=0.3 Wh,serving=gcp:europe-north1,idle=59 %"
    assert main(["compare", spec, "--lifetime", "--rates", "--format", "statement"]) == 0
    out = capsys.readouterr().out
    assert "Outside training, serving: gross 12.9 tCO2e, net unknown; queries x energy per query" in out
    assert "Outside training, idle and reserved capacity: gross 326 tCO2e" in out
    assert "Intensities: gross/1e21 FLOP 1.76 t; gross/1e9 tokens 1.84 t; FLOP per joule" in out
    assert "Outside training" not in statement(compared(catalogue, spec))


def test_making_is_counted_once_however_the_hours_are_known(catalogue: Catalogue) -> None:
    """`count` multiplies what making the chips comes to once, whether hours were given or follow from tokens."""
    from carbontui.engine.lifetime import embodied

    for spec in (
        "llama-3.1-8b@8xh100@gcp:europe-west1,tokens=2B,trainable=40M,embodied=150 kgCO2e",
        "@8xh100@gcp:europe-west1,duration=3 d,embodied=150 kgCO2e",
        "@h100@gcp:europe-west1,chip_hours=500,embodied=150 kgCO2e",
    ):
        once, often = (embodied(filled(f"{spec}{more}", catalogue)).gross for more in ("", ",count=40"))
        assert once is not None
        assert often is not None
        assert often.value == pytest.approx(40 * once.value)


def test_a_factor_entered_leaves_the_place_and_takes_no_year(catalogue: Catalogue) -> None:
    comparison = compared(catalogue, "@8xh100@france,duration=3 d,gross=50 gCO2e/kWh")
    assert "the carbon factors are of" not in statement(comparison, "ghg")
    assert "in France, with a carbon factor entered" in statement(comparison)
    net = compared(catalogue, "@8xh100@france,duration=3 d,net=5 gCO2e/kWh")
    assert "The gross factor counts the whole life cycle" in statement(net)


def test_days_of_one_run_are_not_those_of_all(catalogue: Catalogue) -> None:
    text = statement(compared(catalogue, "@8xh100@france,duration=3 d,count=40"), "eu-ai-act")
    assert "3.00 wall-clock days of one run; 960 H100 SXM5 80 GB days (23,040 accelerator-hours), of 40 runs" in text

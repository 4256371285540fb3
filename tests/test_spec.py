"""SPEC: what a word of the command line asks for, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.quantities import QUANTITIES
from carbontui.spec import KEYS, parse_spec
from carbontui_registry.figures import Figure


def asked(spec: str) -> tuple[dict[str, str], dict[str, float]]:
    """What a SPEC asks for: its texts and its quantities."""
    scenario = parse_spec(spec)
    assert {figure.basis for _, figure in scenario.given} <= {"entered"}
    texts = {part: getattr(scenario, part) for part in ("model", "hardware", "region", "run", "period", "boundary")}
    texts["name"] = scenario.name
    return {k: v for k, v in texts.items() if v}, {key: figure.value for key, figure in scenario.given}


GPT_3, AZURE = {"model": "gpt-3"}, "paper:microsoft-azure"


@pytest.mark.parametrize(
    ("spec", "texts", "figures"),
    [
        ("gpt-3", GPT_3, {}),
        ("gpt-3@a100", GPT_3 | {"hardware": "a100"}, {}),
        ("gpt-3@@gcp:europe-north1", GPT_3 | {"region": "gcp:europe-north1"}, {}),
        (
            f"gpt-3@v100@{AZURE},chips=10000,duration=14.8 d",
            GPT_3 | {"hardware": "v100", "region": AZURE},
            {"chips": 10000, "duration": 355.2},
        ),
        (
            "GPT-3@A100@GCP:Europe-North1",
            {"model": "GPT-3", "hardware": "A100", "region": "GCP:Europe-North1"},
            {},
        ),
        ("gpt-3@,chips=1_024", GPT_3, {"chips": 1024}),
        ("gpt-3, chips = 8 , power = 300 W", GPT_3, {"chips": 8, "power": 300}),
        ("gpt-3,Chips=8", GPT_3, {"chips": 8}),
        ("acme/gpt-3@acme/x1", {"model": "acme/gpt-3", "hardware": "acme/x1"}, {}),
        ("", {}, {}),
        ("@a100,chips=8", {"hardware": "a100"}, {"chips": 8}),
        (",tdp=450 W,pue=1", {}, {"tdp": 450, "pue": 1}),
        (",run=gpt-3/v100-sxm2-32/2020", {"run": "gpt-3/v100-sxm2-32/2020"}, {}),
        ("gpt-3,name=Big, red, round,chips=8", GPT_3 | {"name": "Big, red, round"}, {"chips": 8}),
        ("gpt-3,name=a@b=c,chips=8", GPT_3 | {"name": "a@b=c"}, {"chips": 8}),
        ("gpt-3,name=big, x=1", GPT_3 | {"name": "big, x=1"}, {}),
        ("gpt-3,name=\x1b[31mred", GPT_3 | {"name": "[31mred"}, {}),
        ("gpt-3,period=2020-07,boundary=node", GPT_3 | {"period": "2020-07", "boundary": "node"}, {}),
        ("gpt-3,utilisation=37 %,pue=1.1", GPT_3, {"utilisation": 0.37, "pue": 1.1}),
        ("gpt-3,gross=0.429 kgCO2e/kWh,net=0 gCO2e/kWh", GPT_3, {"gross": 429, "net": 0}),
        ("gpt-3,energy=1287 MWh", GPT_3, {"energy": 1_287_000}),
        ("gpt-3,energy_per_query=0.3 Wh,queries=1e9", GPT_3, {"energy_per_query": 0.0003, "queries": 1e9}),
        ("gpt-3,chip_hours=3e6 h,compute=3.14e23 FLOP", GPT_3, {"chip_hours": 3e6, "compute": 3.14e23}),
        ("gpt-3,throughput=24.6 TFLOP/s", GPT_3, {"throughput": 24.6e12}),
    ],
)
def test_what_is_asked_for(spec: str, texts: dict[str, str], figures: dict[str, float]) -> None:
    found, numbers = asked(spec)
    assert found == texts
    assert numbers == pytest.approx(figures, rel=1e-15)


def test_every_key_of_the_contract_is_known() -> None:
    keys = (
        "name group count run work form chips duration chip_hours compute params active_params trainable tokens config"
        " tdp peak power boundary throughput utilisation precision pue period gross net it_energy energy price wue"
        " queries energy_per_query"
    )
    assert set(KEYS) >= set(keys.split())
    # What is outside training, which the contract leaves open.
    outside = "inference_compute serving serving_pue serving_gross serving_net embodied hardware_life fleet_use"
    outside += " development idle"
    assert set(KEYS) - set(keys.split()) == set(outside.split())


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("gpt-3,chip=8", "'chip' is not a key; did you mean chips?"),
        ("gpt-3,name=big,chip=8", "'chip' is not a key; did you mean chips?"),
        ("gpt-3,chips=8,hours=3 h", "'hours' is not a key; did you mean duration?"),
        ("@8xh100,region=aws:us-east-1", "'region' is not a key; model, hardware and region come first"),
        ("gpt-3,chips", "'chips' is not key=value"),
        ("gpt-3=1", "ids hold no"),
        ("gpt-3@a@b@c", "write MODEL@HARDWARE@REGION"),
        ("gpt 3", "an id holds no space"),
        ("gpt-3,name=", "name: is empty"),
        ("gpt-3,period=last", "write a year '2025'"),
        ("gpt-3,period=2020-13", "is not a period"),
        ("gpt-3,boundary=rack", "is not allowed; use accelerator, node or system"),
        ("gpt-3,chips=0", "not a whole number of at least 1"),
        ("gpt-3,chips=1.5", "not a whole number of at least 1"),
        ("gpt-3,chips=-8", "chips:"),
        ("gpt-3,chips=8 W", "chips:"),
        ("gpt-3,chips=", "chips:"),
        ("gpt-3,chips=nan", "chips:"),
        ("gpt-3,chips=1e999", "chips:"),
        ("gpt-3,power=300", "power:"),
        ("gpt-3,power=300 Wh", "power:"),
        ("gpt-3,power=0 W", "more than 0"),
        ("gpt-3,power=1,5 W", "power:"),
        ("gpt-3,duration=0 d", "more than 0"),
        ("gpt-3,throughput=312 TFLOP", "throughput:"),
        ("gpt-3,throughput=312 TFLOPS", "throughput:"),
        ("gpt-3,gross=429 g/kWh", "gCO2e/kWh"),
        ("gpt-3,gross=-1 gCO2e/kWh", "gross:"),
        ("gpt-3,pue=0.9", "below 1"),
        ("gpt-3,utilisation=101 %", "more than 100 %"),
        ("gpt-3,energy=1 287 kWh", "energy:"),
    ],
)
def test_what_is_refused_says_why(spec: str, says: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_spec(spec)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    for spec in (text, f"gpt-3,{text}", f"gpt-3,name={text},chips=8"):
        try:
            scenario = parse_spec(spec)
        except ScenarioError:
            continue
        assert isinstance(scenario, Scenario)


def test_a_key_that_is_given_twice_is_refused() -> None:
    with pytest.raises(ScenarioError, match="'chips' is given twice"):
        asked("gpt-3,chips=8,chips=9")


@pytest.mark.parametrize(
    ("part", "gone"),
    [
        ("model", {"compute", "power", "chips", "duration"}),
        # As many chips of another kind are a default like those of a run.
        ("hardware", {"power", "duration"}),
        ("region", {"pue", "gross"}),
        ("period", {"pue", "gross"}),
    ],
)
def test_another_part_takes_what_belonged_to_the_old_one(part: str, gone: set[str]) -> None:
    keys = ("compute", "power", "chips", "duration", "pue", "gross")
    scenario = Scenario(
        model="m", run="r", carried=tuple((key, Figure(1.0)) for key in keys), published=(("energy_kwh", Figure(1.0)),)
    )
    chosen = scenario.choose(part, "2020")
    assert {key for key, _ in chosen.carried} == set(keys) - gone
    assert chosen.published == ()
    assert (chosen.run is None) == (part in ("model", "hardware"))
    assert set(QUANTITIES) > set(keys)

"""What people write of a job: quantities, places, names, and what has no effect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from carbontui.cli import main
from carbontui.engine.lookup import named
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.text.notes import notes_of
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [("3d", "duration", 72.0), ("72h", "duration", 72.0), ("7B", "params", 7e9), ("2T", "tokens", 2e12),
     ("1.7M", "chip_hours", 1.7e6), ("5000", "chip_hours", 5000.0), ("0.4", "utilisation", 0.4)],
)  # fmt: skip
def test_quantities_as_people_write_them(text: str, key: str, value: float) -> None:
    assert dict(parse_spec(f"@h100,{key}={text}").given)[key].value == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("option", "readings"),
    [("tokens=1,024", ("1024", "1.024")), ("tokens=1.000", ("1000", "1.000")), ("utilisation=40", ("40 %", "4000 %"))],
)
def test_what_could_mean_two_is_refused_with_both(option: str, readings: tuple[str, str]) -> None:
    with pytest.raises(ScenarioError) as error:
        parse_spec(f"@h100,{option}")
    assert all(reading in str(error.value) for reading in readings)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("gpus", "chips"), ("mfu", "utilisation"), ("hours", "duration"), ("chip", "chips"), ("toknes", "tokens")],
)
def test_hints_help(word: str, meant: str) -> None:
    with pytest.raises(ScenarioError, match=f"did you mean {meant}"):
        parse_spec(f"@h100,{word}=8")


@pytest.mark.parametrize(
    ("name", "grid"),
    [("UK", "gb"), ("usa", "us"), ("great britain", "gb"), ("England", "gb"), ("turkey", "tr"), ("Türkiye", "tr"),
     ("czech republic", "cz"), ("Czechia", "cz"), ("California", "us-ca"), ("new-york", "us-ny")],
)  # fmt: skip
def test_places_by_the_names_that_people_use(name: str, grid: str, catalogue: Catalogue) -> None:
    one = fill(parse_spec(f"@h100@{name},chips=8,duration=3d"), catalogue)
    assert one.region is not None
    assert one.region.id == f"grid:{grid}"


def test_a_name_of_several_places_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["compare", "@h100@georgia,chips=8,duration=3d"],
        ["sweep", "--model", "gpt-3", "--region", "georgia"],
    ):
        assert main(words) == 2
        assert "georgia could be grid:ge or grid:us-ga" in capsys.readouterr().err
    assert main(["compare", "@h100@Germny,chips=8,duration=3d"]) == 2
    assert "did you mean germany?" in capsys.readouterr().err


@pytest.mark.parametrize("country", ["germany", "DE", "Germany"])
def test_every_command_takes_countries(country: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--model", "gpt-3", "--hardware", "h100", "--region", country, "--format", "json"]) == 0
    assert "grid:de" in capsys.readouterr().out
    job = f"@h100@{country},chips=8,duration=3d"
    assert main(["budget", job, "--gross", "1 tCO2e", "--region", country, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["regions"]["within"][0]["region"] == "grid:de"
    assert main(["when", job]) == 0


@pytest.mark.parametrize(
    ("spec", "accounting", "said"),
    [
        ("@h100@FR,chips=8,duration=3d,power=1 kW,work=serving", "as-published", "work=serving: no result depends"),
        ("@h100@FR,chips=8,duration=3d,serving=FR", "as-published", "serving: entered, but no result depends on it"),
        ("@h100,chips=3", "as-published", "chips: entered; no result uses it yet"),
        ("@v100@FR,chips=8,duration=3d,precision=fp8", "as-published", "no fp8 peak of v100-sxm2-32 is registered"),
        ("@h100@XK,chips=8,duration=3d", "direct", "grid:xk has no direct gross factor; add gross=, or use another"),
        ("@h100@XK,chips=8,duration=3d", "direct", "Kosovo only has carbon factors of lifecycle coverage"),
        ("@h100@BR,chips=8,duration=3d", "direct", "converted to direct from the lifecycle"),
        ("@h100@BR,chips=8,duration=3d", "strict-direct", "grid:br has no direct gross factor"),
        ("@foo@DE,tdp=450 W,params=7B,tokens=1B,chips=2", "as-published", "or the time: duration= or chip_hours="),
        (
            "@h100@DE,tokens=2B,trainable=40M,chips=8",
            "as-published",
            "no parameters; add params=, or the time: duration=",
        ),
    ],
)
def test_what_has_no_effect_or_is_missing_is_said(
    spec: str, accounting: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", spec, "--accounting", accounting]) == 0
    assert said in capsys.readouterr().out


def test_an_entered_factor_needs_none_of_another_coverage(catalogue: Catalogue) -> None:
    one = fill(parse_spec("@h100@FR,chips=8,duration=3d,gross=50 gCO2e/kWh"), catalogue, "direct")
    assert not any("lifecycle ones only" in note for note in notes_of(one))


@pytest.mark.parametrize("more", ["duration=10 h", "params=7B,tokens=1B"])
def test_a_tdp_that_gives_the_power_has_an_effect(
    more: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "a.json")
    assert main(["compare", f"@foo@DE,tdp=450 W,chips=2,{more}", "--format", "json", "-o", path]) == 0
    for words in (f"@foo@DE,tdp=450 W,chips=2,{more}", path):
        assert main(["compare", words]) == 0
        assert "TDP: entered" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("form", "named"), [("laptop", "a laptop"), ("workstation", "a workstation"), ("consumer", "a consumer machine")]
)
def test_a_machine_outside_a_data_center_is_called_what_it_is(
    form: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = f"@foo@DE,tdp=115 W,chips=1,duration=20 h,form={form}"
    assert main(["explain", spec, "energy"]) == 0
    out = capsys.readouterr().out
    assert f"PUE is 1: {named} is not in a data center" in out
    assert "+ 100 W for the rest of the machine\n" in out


def test_names_of_ones_own_stay_as_written_and_do_not_drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "own.json")
    spec = "my-job@foo@Nowhere,tdp=450 W,chips=2,duration=10 h,gross=300 gCO2e/kWh"
    assert main(["compare", spec, "--format", "json", "-o", path]) == 0
    assert json.loads(Path(path).read_text())["scenarios"][0]["region"] == "Nowhere"
    assert main(["compare", path, "--drift"]) == 0
    assert "no drift" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("region", "meant", "but_not"),
    [
        ("gcp:netherlands", "did you mean gcp:europe-west4?", "see:"),
        ("google:nl", "did you mean gcp:europe-west4?", "see:"),
        ("amazon:ireland", "did you mean aws:eu-west-1?", "see:"),
        ("gcp:narnia", "see: carbontui list regions gcp", "did you mean"),
        ("gcp", "gcp is a provider; write one of its regions, such as gcp:", "did you mean"),
        ("Microsoft", "microsoft is a provider; write one of its regions, such as azure:", "did you mean"),
        ("google", "see: carbontui list regions gcp", "did you mean"),
        ("eemshaven", "did you mean gcp:europe-west4?", "see:"),
        ("groningen", "did you mean gcp:europe-west4?", "see:"),
        ("frankfurt", "did you mean gcp:europe-west3 or aws:eu-central-1 or azure:germanywestcentral?", "see:"),
        ("us-east", "aws:us-east-1 or gcp:us-east1?", "azure"),
        ("narnia", "see: carbontui list regions", "did you mean"),
        (":", "see: carbontui list regions", "provider"),
        (":narnia", "see: carbontui list regions\n", "nebius"),
    ],
)
def test_a_place_of_a_provider_is_suggested_by_the_words_for_it(
    region: str, meant: str, but_not: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", f"@h100@{region},duration=1 h"]) == 2
    said = capsys.readouterr().err
    assert f"no region is called '{region.lower()}'" in said
    assert meant in said
    assert but_not not in said


def test_every_town_of_a_region_leads_to_it(catalogue: Catalogue) -> None:
    for line in catalogue.briefs("region"):
        if not line.location or not line.id.startswith(f"{line.maker}:"):
            continue
        town = line.location.partition(",")[0]
        with pytest.raises((UnknownName, ScenarioError)) as error:
            named(catalogue, "region", f"{line.maker}:{town}")
        assert any(one.startswith(f"{line.maker}:") for one in error.value.nearest), line


OTHER_HARDWARE = "to describe other hardware, give its TDP or power (tdp=, power=)"


@pytest.mark.parametrize(
    ("hardware", "near", "described"),
    [
        ("rtx-4090-mobile", "rtx-4090", True),
        ("Acme GeForce RTX 4090 Mobile GPU", "rtx-4090", True),
        ("rtx-4070-ti-mobile", "rtx-4070-ti", True),
        ("foo-bar", "", True),
        ("h10", "h100", False),
        ("rtx-409", "rtx-4090", False),
    ],
)
def test_hardware_of_another_name_can_be_described(
    hardware: str, near: str, described: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", f"@{hardware}@grid:de,duration=1 h"]) == 2
    said = capsys.readouterr().err.strip()
    assert said.endswith(f"; did you mean {near}?" if near else f"see: carbontui list hardware; {OTHER_HARDWARE}")
    assert (OTHER_HARDWARE in said) == described
    if described and " " not in hardware:
        assert main(["compare", f"@{hardware}@grid:de,duration=1 h,tdp=100 W"]) == 0

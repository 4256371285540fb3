"""How a scenario is filled in: which run, hardware, region and period, and what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from scenarios import LONG_AGO, THIS_YEAR, filled

from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui.text.notes import missing_text, notes_of
from carbontui_registry import Figure
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("m", "m/first"),
        ("m,run=m/third", "m/third"),
        (",run=m/third", "m/third"),
        ("m@x1@other", "m/second"),
        ("m@@other", "m/second"),
        ("m@x2", "m/third"),
        ("m,period=2020", "m/first"),
        ("m@x1@other,period=2021", "m/first"),  # none agrees: the first with the hardware
        ("m@@new", "m/first"),  # none agrees and no hardware was asked: the first
        ("m@bare", "m/first"),  # of no other hardware: the first, whose compute and chips hold
        ("bare-model", None),
    ],
)
def test_which_run(spec: str, expected: str | None, own: Catalogue) -> None:
    found = filled(spec, own).run
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("spec", "hardware", "region", "chips"),
    [
        ("m", "x1", "site", 100),
        ("m@x2", "x2", "other", 300),
        ("m@bare", "bare", "site", 100),  # of the model's first run
        ("m,run=m/second", "x1", "other", 200),
        ("m@@new,chips=7", "x1", "new", 7),
        ("bare-model@x1@new", "x1", "new", None),
    ],
)
def test_hardware_region_and_chips(spec: str, hardware: str, region: str, chips: int | None, own: Catalogue) -> None:
    one = filled(spec, own)
    assert (one.hardware and one.hardware.id, one.region and one.region.id) == (hardware, region)
    assert (one.inputs["chips"].value if "chips" in one.inputs else None) == chips


@pytest.mark.parametrize(
    ("spec", "period", "note"),
    [
        ("m@x1@site,period=2024", "2024", ""),
        ("m", "2020", ""),
        ("m@x1@other,run=m/second", "2021", "the nearest period to 2022"),
        ("m@x2@other", "2021", "the nearest period to 2020"),
        ("m@x1@new", THIS_YEAR, ""),
        ("m@@two", "2018", "the nearest period to 2020"),
        ("m@@three", THIS_YEAR, ""),
        ("m@x1@old", LONG_AGO, "more than three years old"),
        ("bare-model@x1@new", THIS_YEAR, ""),
        ("bare-model@x1@old", LONG_AGO, "more than three years old"),
        ("m@@empty,gross=5 gCO2e/kWh", None, ""),
    ],
)
def test_period(spec: str, period: str | None, note: str, own: Catalogue) -> None:
    one = filled(spec, own)
    assert one.texts.get("period") == period
    assert len(one.notes) == bool(note)
    assert note in "".join(notes_of(one))


def test_a_period_that_the_region_lacks_names_those_it_has(own: Catalogue) -> None:
    with pytest.raises(ScenarioError, match="other has no period 2019; it has 2018, 2021 and 2023"):
        filled("m@@other,period=2019", own)
    with pytest.raises(ScenarioError, match="empty has no period 2019; it has no carbon factors"):
        filled("m@@empty,period=2019", own)


@pytest.mark.parametrize(
    ("spec", "missing"),
    [
        ("m", {}),
        ("bare-model", {"duration": "hardware-speed", "energy": "hardware", "gross": "hardware region",
                        "net": "hardware region-net"}),
        # Its work is known: what is lacking is a speed, which work entered once more would not give.
        ("bare-model@bare@new", {"duration": "throughput", "energy": "throughput", "gross": "throughput",
                                 "net": "throughput net"}),
        ("bare-model@bare@new,peak=100 TFLOP/s", {"duration": "chips", "net": "net"}),
        ("@x1@new,tokens=1e9", {"duration": "params", "energy": "params", "gross": "params", "net": "params net"}),
        ("bare-model@x1", {"duration": "chips", "gross": "region", "net": "region-net"}),
        ("bare-model@x1,gross=1 gCO2e/kWh", {"duration": "chips", "net": "net-of-entered"}),
        ("hours@bare@new", {"duration": "time", "energy": "time", "gross": "time", "net": "time net"}),
        ("nowhere@x2,duration=3 h", {"energy": "chips", "gross": "chips region", "net": "chips region-net"}),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_by_metric(spec: str, missing: dict[str, str], own: Catalogue) -> None:
    one = filled(spec, own)
    found = {metric: codes for metric, codes in one.missing.items() if metric not in ("water", "cost")}
    assert found == {metric: tuple(codes.split()) for metric, codes in missing.items()}
    # What is missing is named for each unknown metric, in words, and for no known one.
    assert {metric for metric, key in METRICS.items() if key not in one.results} == set(one.missing)
    assert all(missing_text(one, metric).count("; add ") >= 1 for metric in one.missing)


def test_an_assumption_goes_all_the_way(own: Catalogue) -> None:
    assert {key: r.basis for key, r in filled("m@@cloud,power=300 W", own).results.items()} == {
        "duration_h": "derived", "it_energy_kwh": "derived", "energy_kwh": "derived", "gross_kgco2e": "derived",
        "net_kgco2e": "derived", "chip_hours_h": "derived",
    }  # fmt: skip
    assumed = filled("m@@new,power=300 W", own).results
    assert {key: r.basis for key, r in assumed.items()} == {
        "duration_h": "derived", "it_energy_kwh": "derived", "energy_kwh": "assumed", "gross_kgco2e": "assumed",
        "chip_hours_h": "derived",
    }  # fmt: skip


@pytest.mark.parametrize("given", ["throughput=101 TFLOP/s", "throughput=1000 TFLOP/s"])
def test_more_than_the_peak_is_refused(given: str, own: Catalogue) -> None:
    with pytest.raises(ScenarioError, match="more than the hardware can do"):
        filled(f"m,{given}", own)


@pytest.mark.parametrize(
    ("spec", "said"),
    [("@1xrtx-4090@grid:de,duration=20 h", set()),
     ("@1xrtx-4090@grid:de,params=1B,tokens=1B", {"peak"}),
     ("@1xrtx-4070@grid:de,duration=20 h", {"TDP"}),
     ("@1xrtx-4070@grid:de,duration=20 h,power=200 W", set()),
     ("@8xv100@grid:de,duration=20 h", {"power"})],
)  # fmt: skip
def test_what_a_figure_of_hardware_says_is_said_where_it_is_used(
    spec: str, said: set[str], catalogue: Catalogue
) -> None:
    notes = notes_of(fill(parse_spec(spec), catalogue))
    assert {label for label in ("TDP", "peak", "power") if any(note.startswith(f"{label}: ") for note in notes)} == said


@pytest.mark.parametrize(("share", "noted"), [("59 %", False), ("60 %", False), ("61 %", True), ("100 %", True)])
def test_an_unlikely_utilisation_is_noted(share: str, noted: bool, own: Catalogue) -> None:
    assert any("unlikely" in note for note in notes_of(filled(f"m,utilisation={share}", own))) == noted


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("chips=100_000,duration=3 d", ""),
        ("chips=1e12,duration=3 d", "the chips would draw 938,000 GW, which is unlikely"),
        ("chips=8,energy=400 TWh", ""),
        ("chips=8,energy=1000 TWh", "an energy of 1,000 TWh is unlikely"),
        ("chips=8,it_energy=1000 TWh", "an energy of 1,000 TWh is unlikely"),
    ],
)
def test_more_than_all_data_centers_use_is_noted(more: str, said: str, catalogue: Catalogue) -> None:
    notes = notes_of(fill(parse_spec(f"@h100@aws:us-east-1,{more}"), catalogue))
    assert [note.partition(":")[0] for note in notes if "world's data centers" in note] == ([said] if said else [])


@pytest.mark.parametrize(("key", "label"), [("energy", "energy"), ("it_energy", "IT energy")])
def test_a_meter_that_reads_nothing_is_noted(key: str, label: str, catalogue: Catalogue) -> None:
    notes = notes_of(fill(parse_spec(f"@8xh100@aws:us-east-1,duration=3 d,{key}=0 kWh"), catalogue))
    assert f"{label}: no energy at all is unlikely; the meter may not have worked" in notes


def test_figures_too_large_are_refused(own: Catalogue) -> None:
    with pytest.raises(ScenarioError, match="too large"):
        fill(Scenario(model="m", given=tuple((key, Figure(1e200)) for key in ("chips", "power", "duration"))), own)


@pytest.mark.parametrize("why", [{"ambiguous": ("a/tray", "b/tray")}, {"switched_off": "a:a"}])
def test_a_name_that_plugins_claim_is_no_new_one(
    why: dict[str, Any], own: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = parse_spec("@tray,tdp=300 W,chips=8,duration=3 h")
    assert fill(asked, own).hardware is None

    def claimed(kind: str, name: str) -> Registered:
        raise UnknownName(kind, name, **why)

    monkeypatch.setattr(own, "find", claimed)
    with pytest.raises(UnknownName):
        fill(asked, own)

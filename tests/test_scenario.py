"""How a scenario fills itself in: one table of registered things, one test per rule."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

import pytest

from carbontui.engine.calibration import SAME_PAIR_THROUGHPUT
from carbontui.engine.comparison import Question, compare
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS, QUANTITIES
from carbontui.spec import parse_spec
from carbontui.text.notes import missing_text, note_text, notes_of
from carbontui_registry import CarbonFactor, Figure, Hardware, Model, PowerProfile, Region, Source, TrainingRun
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName
from carbontui_registry.indexing import build
from carbontui_registry.plugin import Loaded, Plugin
from carbontui_registry.records import Record

SHEET = Source("Sheet", year=2020)
THIS_YEAR, LONG_AGO = str(date.today().year), "2015"


def factor(period: str, gross: float, net: float | None = None, **more: Any) -> CarbonFactor:
    return CarbonFactor(period, f"{gross} gCO2e/kWh", None if net is None else f"{net} gCO2e/kWh", **more)


def run(
    model: str, hardware: str, period: str | None = "2020", region: str | None = "site", **more: Any
) -> TrainingRun:
    return TrainingRun(model, hardware, SHEET, region, period, **more)


MEAN = Figure("300 W", "measured", "10 %")
OWN: list[Record] = [
    Hardware("x1", "X1", SHEET, power=PowerProfile("400 W", MEAN, None, "system"), peak={"bf16": "100 TFLOP/s"}),
    Hardware("x2", "X2", SHEET, power=PowerProfile("500 W"), peak={"fp32": "50 TFLOP/s", "fp16": "200 TFLOP/s"}),
    Hardware("bare", "Bare", SHEET, power=PowerProfile("200 W")),
    Region("site", "Site", SHEET, factors=[factor("2020", 400, 300, pue=1.1, pue_kind="site"), factor("2024", 200)]),
    Region("other", "Other", SHEET, pue=1.2, factors=[factor("2018", 180), factor("2021", 210), factor("2023", 230)]),
    Region("two", "Two years away", SHEET, factors=[factor("2018", 1), factor(THIS_YEAR, 2)]),
    Region("three", "Three", SHEET, factors=[factor("2017", 1), factor(THIS_YEAR, 2)]),
    Region("old", "Old", SHEET, factors=[factor(LONG_AGO, 500)]),
    Region("new", "New", SHEET, factors=[factor(THIS_YEAR, 50)]),
    Region("empty", "Empty", SHEET),
    Region("grid", "Grid", SHEET, factors=[factor("2024", 90, coverage="lifecycle")]),
    Region("cloud", "Cloud", SHEET, grid="grid", factors=[factor("2024", 60, 20, coverage="direct", pue=1.15)]),
    Region(
        "both",
        "Both",
        SHEET,
        factors=[
            factor("2024", 61, coverage="direct", net_basis="annual"),
            factor("2024", 62, coverage="lifecycle"),
            factor("2024", 63, coverage="lifecycle"),
        ],
    ),
    Region("green", "Green", SHEET, factors=[factor("2024", 0, 0)]),
    Model("m", "M", SHEET, compute="1e21 FLOP"),
    Model("six", "Six", SHEET, params=2e9, active_params=1e9, tokens=1e10),
    Model("dense", "Dense", SHEET, params=2e9, tokens=1e10),
    Model("hours", "Hours", SHEET),
    Model("worked", "Worked", SHEET),
    Model("timed", "Timed", SHEET, params=1e9, tokens=1e10),
    Model("nowhere", "Nowhere", SHEET),
    Model("bare-model", "Bare", SHEET, compute="1e21 FLOP"),
    run(
        "m", "x1", id="m/first", chips=100, duration="250000 s", power=Figure("350 W", "assumed"), boundary="node",
        throughput="40 TFLOP/s", pue=1.3, gross_factor="111 gCO2e/kWh", energy="10 MWh", gross_co2e="1 tCO2e",
    ),
    run("m", "x1", "2022", "other", id="m/second", chips=200, throughput="30 TFLOP/s"),
    run("m", "x2", "2020", "other", id="m/third", chips=300, throughput="50 TFLOP/s", compute="2e21 FLOP"),
    run("hours", "x1", chip_hours="5000 h"),
    run("timed", "x1", chip_hours="1000 h"),
    run("worked", "x1", chip_hours="5000 h", throughput="20 TFLOP/s"),
    run("nowhere", "x1", "2022", None, chips=8, duration="9 h", pue=1.07, gross_factor="231 gCO2e/kWh"),
]  # fmt: skip


def catalogue_of(*others: Record, distribution: str = "acme") -> Catalogue:
    origins = {"carbontui:own": OWN, f"{distribution}:p": others}
    plugins = tuple(Plugin(o, "1", o.partition(":")[0], o.startswith("carbontui:")) for o in origins)
    records = tuple((origin, record) for origin, those in origins.items() for record in those)
    connection = sqlite3.connect(":memory:")
    build(Loaded(plugins, records, (), (), {}), connection)
    return Catalogue(connection)


@pytest.fixture(scope="module")
def own() -> Catalogue:
    return catalogue_of()


def filled(spec: str, catalogue: Catalogue, accounting: str = "as-published") -> Filled:
    return fill(parse_spec(spec), catalogue, accounting)


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


# Figures of the machine: (spec, key, value, basis)
MACHINE = [
    ("m,power=123 W", "power", 123, "entered"),
    ("m", "power", 350, "assumed"),  # the run's, with the run's basis
    ("m@x2", "power", 670, "assumed"),  # 1.34 x TDP
    ("m@bare", "power", 268, "assumed"),
    ("six@x1", "power", 300, "assumed"),  # the mean of its runs, as that of another one
    ("m,throughput=12 TFLOP/s", "throughput", 12e12, "entered"),
    ("m,utilisation=50 %", "throughput", 50e12, "derived"),
    ("m", "throughput", 40e12, "published"),
    ("six@x2", "throughput", 52e12, "assumed"),  # 26 % of the 16-bit peak, not of fp32
    ("m,compute=5e20 FLOP", "compute", 5e20, "entered"),
    ("m@x2", "compute", 2e21, "published"),  # the run's before the model's
    ("m", "compute", 1e21, "published"),
    ("six@x1", "compute", 6e19, "derived"),  # 6ND of what is active
    ("dense@x1", "compute", 1.2e20, "derived"),
    ("worked", "compute", 5000 * 3600 * 20e12, "derived"),
]


@pytest.mark.parametrize(("spec", "key", "value", "basis"), MACHINE)
def test_figures_of_the_machine(spec: str, key: str, value: float, basis: str, own: Catalogue) -> None:
    one = filled(spec, own)
    found = one.inputs[key] if key in one.inputs else one.results[QUANTITIES[key].file_key]
    assert (found.value, found.basis) == (pytest.approx(value, rel=1e-15), basis)


# Chips, compute, throughput and hours of m/first agree, as a run's do.
HOURS = 250_000 / 3600


@pytest.mark.parametrize(
    ("spec", "hours"),
    [
        ("m", HOURS),
        ("m,power=1 W", HOURS),
        ("m,duration=50 h", 50),
        ("m,duration=50 h,chips=20,throughput=1 TFLOP/s", 50),
        ("m@bare", None),  # no speed is known of it
        ("m,chips=200", 1e21 / (200 * 40e12) / 3600),
        ("m,throughput=20 TFLOP/s", 1e21 / (100 * 20e12) / 3600),
        ("m,utilisation=20 %", 1e21 / (100 * 20e12) / 3600),
        # A job of one's own takes no chips from a run, but the speed of the pair.
        ("m,compute=1e20 FLOP", None),
        ("m,compute=1e20 FLOP,chips=50", 1e20 / (50 * 40e12) / 3600),
        ("m,chip_hours=300 h", None),
        ("m,chip_hours=300 h,chips=50", 6),
        ("hours", None),
        ("hours,chips=50", 100),
        ("nowhere,chips=16", 4.5),  # its work is not known: the same chip-hours on more chips
        ("nowhere,chips=16,compute=1e20 FLOP", 1e20 / (16 * 26e12) / 3600),
    ],
)
def test_duration(spec: str, hours: float | None, own: Catalogue) -> None:
    found = filled(spec, own).result("duration_h")
    assert found == (None if hours is None else pytest.approx(hours, rel=1e-14))


def test_chip_hours_alone_give_energy_and_no_duration(own: Catalogue) -> None:
    one = filled("hours", own)
    assert one.result("it_energy_kwh") == 5000 * 300 / 1000
    assert one.result("duration_h") is None
    assert one.missing == {"duration": ("chips",), "water": ("wue",), "cost": ("price",)}


def test_a_changed_compute_scales_a_run_of_which_only_hours_are_known(own: Catalogue) -> None:
    assert filled("timed", own).result("it_energy_kwh") == 1000 * 300 / 1000
    half = filled("timed,compute=3e19 FLOP", own)
    assert half.result("it_energy_kwh") == pytest.approx(150, rel=1e-14)
    assert (half.inputs["throughput"].basis, half.inputs["compute"].basis) == ("assumed", "entered")
    assert half.inputs["throughput"].spread == SAME_PAIR_THROUGHPUT.spread


def test_a_given_energy_beats_everything(own: Catalogue) -> None:
    one = filled("m,energy=50 MWh,chips=7,power=1 W", own)
    assert one.result("energy_kwh") == 50_000
    assert one.result("it_energy_kwh") == pytest.approx(50_000 / 1.3, rel=1e-15)
    assert one.result("gross_kgco2e") == pytest.approx(50_000 * 0.111, rel=1e-14)
    assert "pue" not in filled("bare-model@x1,energy=50 MWh,gross=1 gCO2e/kWh", own).inputs


@pytest.mark.parametrize(
    "spec",
    [
        "m@@new,energy=50 MWh",
        "m@@new,energy=0 kWh",
        "m@@new,chips=1,energy=1 kWh,compute=1e15 FLOP",
        "@x1,chips=8,duration=9 h,energy=20 kWh",
    ],
)
def test_no_pue_follows_from_an_energy_over_an_estimated_power(spec: str, own: Catalogue) -> None:
    one = filled(spec, own)
    assert one.value("pue") is None
    assert one.value("power") is None
    assert one.result("it_energy_kwh") is None
    assert "boundary" not in one.texts


# Figures of the place: (spec, accounting, PUE, gross, net, coverage)
PLACE = [
    ("m", "as-published", 1.3, 111, 300, None),  # the run's own, and what it lacks from its region and period
    ("m@@site,period=2024", "as-published", 1.56, 200, None, None),  # not in another period
    ("m@x1@other", "as-published", 1.2, 210, None, None),
    ("m@x2@site", "as-published", 1.1, 400, 300, None),
    ("m@@new", "as-published", 1.56, 50, None, None),
    ("m@@cloud", "as-published", 1.15, 60, 20, "direct"),
    ("m@@cloud", "direct", 1.15, 60, 20, "direct"),
    ("m@@cloud", "lifecycle", 1.15, 90, None, "lifecycle"),  # the grid's, with the place's own PUE
    ("m@@both", "as-published", 1.56, 61, None, "direct"),
    ("m@@both", "lifecycle", 1.56, 62, None, "lifecycle"),  # the first that the accounting admits
    ("m@@grid", "direct", 1.56, None, None, None),
    ("m", "lifecycle", 1.3, 400, 300, None),  # never the run's own factor; one of unknown coverage as it is
    ("m", "strict-lifecycle", 1.3, None, None, None),
    ("m@@cloud,gross=7 gCO2e/kWh,net=3 gCO2e/kWh", "lifecycle", 1.15, 7, 3, None),
    ("m@@cloud,pue=1.02", "as-published", 1.02, 60, 20, "direct"),
    ("nowhere", "as-published", 1.07, 231, None, None),  # where the run was, wherever that is
    ("nowhere@@new", "as-published", 1.56, 50, None, None),
]


@pytest.mark.parametrize(("spec", "accounting", "pue", "gross", "net", "coverage"), PLACE)
def test_figures_of_the_place(
    spec: str, accounting: str, pue: float, gross: float | None, net: float | None, coverage: str | None, own: Catalogue
) -> None:
    one = filled(spec, own, accounting)
    found = [one.inputs[key].value if key in one.inputs else None for key in ("pue", "gross", "net")]
    assert found == [pue, gross, net]
    assert one.texts.get("coverage") == coverage
    assert (one.result("gross_kgco2e") is None) == (gross is None)
    assert (one.result("net_kgco2e") is None) == (net is None)


def test_what_a_factor_says_of_its_mix_and_of_grid_losses_is_known() -> None:
    known = catalogue_of(
        Region("lossy", "Lossy", SHEET, factors=[factor("2024", 5, mix="generation", includes_td=True)]),
        Region("silent", "Silent", SHEET, factors=[factor("2024", 6, mix="consumption")]),
        Region("without", "Without", SHEET, factors=[factor("2024", 7, includes_td=False)]),
    )

    def said(spec: str) -> tuple[str | None, str | None]:
        texts = filled(spec, known).texts
        return texts.get("mix"), texts.get("grid_losses")

    assert said("m@@lossy") == ("generation", "included")
    assert said("m@@silent") == ("consumption", None)
    assert said("m@@without") == (None, "excluded")
    assert said("m@@lossy,gross=5 gCO2e/kWh") == (None, None)


def test_a_missing_pue_is_assumed_with_the_spread_of_the_survey(own: Catalogue) -> None:
    found = filled("m@@new", own).inputs["pue"]
    assert (found.value, found.basis, found.spread) == (1.56, "assumed", 0.17)
    assert found.source is not None
    assert "Uptime" in found.source.title


def test_the_period_of_a_grid_that_lacks_the_one_asked_for_is_said() -> None:
    grown = catalogue_of(Region("far", "Far", SHEET, grid="grid", factors=[factor("2023", 1, coverage="direct")]))
    one = filled("m@@far,period=2023", grown, "lifecycle")
    assert one.texts["period"] == "2024"
    assert "carbon factors are from 2024, the nearest period to 2023" in notes_of(one)


def test_an_unknown_net_stays_unknown_and_a_net_of_0_is_a_figure(own: Catalogue, catalogue: Catalogue) -> None:
    finland = filled("gpt-3@a100@gcp:europe-north1,chips=1024", catalogue)
    assert "net" not in finland.inputs
    assert finland.result("net_kgco2e") is None
    assert finland.result("gross_kgco2e") is not None
    assert filled("gpt-3@a100@aws:us-east-1,period=2024", catalogue).result("net_kgco2e") == 0
    question = Question((parse_spec("m@@green"), parse_spec("m")))
    assert [sorted(ratios) for ratios in compare(question, own).ratios] == [["duration", "energy"]] * 2
    turned = compare(question.replace(baseline=1), own)
    assert (turned.ratios[0]["gross"].value, turned.ratios[0]["net"].value) == (0, 0)


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


@pytest.mark.parametrize(("share", "noted"), [("59 %", False), ("60 %", False), ("61 %", True), ("100 %", True)])
def test_an_unlikely_utilisation_is_noted(share: str, noted: bool, own: Catalogue) -> None:
    assert any("unlikely" in note for note in notes_of(filled(f"m,utilisation={share}", own))) == noted


def test_figures_too_large_are_refused(own: Catalogue) -> None:
    with pytest.raises(ScenarioError, match="too large"):
        fill(Scenario(model="m", given=tuple((key, Figure(1e200)) for key in ("chips", "power", "duration"))), own)


@pytest.mark.parametrize(
    ("spec", "published"),
    [
        ("m", True),
        ("m,name=Mine", True),
        ("m,run=m/first", True),
        ("m@x1@site,period=2020", True),
        # What was entered and is the run's within 1 % changes nothing.
        ("m,chips=100", True),
        ("m,power=353 W", True),
        ("m,power=354 W", False),
        ("m,chips=102", False),
        ("m,count=2", False),
        ("m@x2", False),
        ("m@x1@new", False),
        ("m@@site,period=2024", False),
        ("m,run=m/second", False),  # it published nothing
    ],
)
def test_published_figures_hold_for_the_run_as_it_was(spec: str, published: bool, own: Catalogue) -> None:
    found = {key: figure.value for key, figure in filled(spec, own).published.items()}
    assert found == ({"energy_kwh": 10_000, "gross_kgco2e": 1000} if published else {})


SPECS = ["m", "m@x2", "m@@other", "bare-model@x1,gross=400 gCO2e/kWh", "bare-model@x2@new,chips=8", "hours", "nowhere"]
ACME = [
    Hardware("acme", "Acme", SHEET, power=PowerProfile("1 W"), peak={"bf16": "900 TFLOP/s"}),
    Hardware("x1", "Mine", SHEET, power=PowerProfile("1 W")),
    Region("lulea", "Lulea", SHEET, pue=1.01, factors=[factor("2020", 1)]),
    *(run(m, h, "2020", "lulea", id=f"{m}/{h}/acme", chips=1, duration="1 h", power="2 W", compute="1e15 FLOP")
      for m in ("m", "bare-model", "hours", "nowhere") for h in ("x1", "x2", "acme")),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS)
def test_installing_a_plugin_changes_no_figure(spec: str, own: Catalogue) -> None:
    before, after = filled(spec, own), filled(spec, catalogue_of(*ACME))
    assert {k: i.value for k, i in after.inputs.items()} == {k: i.value for k, i in before.inputs.items()}
    assert {k: r.value for k, r in after.results.items()} == {k: r.value for k, r in before.results.items()}


def test_a_third_partys_run_comes_to_bear_where_it_is_chosen_or_about_its_own() -> None:
    grown = catalogue_of(*ACME)
    assert filled("m,run=m/x1/acme", grown).inputs["power"].value == 2
    assert filled("m@acme", grown).inputs["power"].value == 2
    with pytest.raises(UnknownName):
        filled("m,run=m/x9/acme", grown)
    with pytest.raises(ScenarioError, match="is of m, not of hours"):
        filled("hours,run=m/first", grown)


def test_a_printed_figure_that_does_not_follow_is_said(own: Catalogue) -> None:  # noqa: ARG001
    printed = {"chips": 100, "duration": "10 h", "chip_hours": "1100 h", "compute": "1e20 FLOP"}
    catalogue = catalogue_of(Model("odd", "Odd", SHEET), run("odd", "x1", id="odd/one", **printed))
    one = filled("odd", catalogue)
    assert [note_text(note) for note in one.notes] == [
        "chip-hours: the published 1,100 h is not used; the run's other figures give 1,000 h"
    ]
    # Another duration was entered, so nobody expects the run's chip-hours.
    assert not [note for note in filled("odd,chips=50", catalogue).notes if note.code == "published-not-taken"]
    near = run("odd", "x1", id="odd/one", **(printed | {"chip_hours": "1010 h"}))
    assert filled("odd", catalogue_of(Model("odd", "Odd", SHEET), near)).notes == ()


def test_a_mean_measured_at_another_boundary_is_said() -> None:
    power = PowerProfile("400 W", Figure("371 W", "measured", "4 %"), None, "node")
    catalogue = catalogue_of(Hardware("lab", "Lab", SHEET, power=power))
    one = filled("@lab,chips=8,duration=3 h", catalogue)
    assert one.inputs["power"].value == 400 * 1.34
    assert [note_text(note) for note in one.notes if note.key == "power"] == [
        "power: the measured 371 W is of the node, not of the system, and is not used; add boundary=node to use it"
    ]
    asked = filled("@lab,chips=8,duration=3 h,boundary=node", catalogue)
    assert asked.inputs["power"].value == 371
    assert not asked.notes


def test_nothing_assumed_is_exact(own: Catalogue) -> None:
    assert filled("m", own).inputs["power"].spread == 0.3
    assumed = {"chips": (64, 0.2), "duration": ("3 h", 0.2), "pue": (1.2, 0.076), "power": ("300 W", 0.3)}
    factors = {"gross_factor": Figure("100 gCO2e/kWh", "assumed"), "net_factor": Figure("9 gCO2e/kWh", "assumed")}
    figures = {key: Figure(value, "assumed") for key, (value, _) in assumed.items()}
    for country, wide in (("DE", 0.25), ("US", 0.5)):
        catalogue = catalogue_of(
            Model("odd", "Odd", SHEET),
            Region("there", "There", SHEET, country=country),
            run("odd", "x1", region="there", **figures, **factors),
        )
        one = filled("odd", catalogue)
        spreads = {key: round(found.spread or 0, 3) for key, found in one.inputs.items()}
        assert spreads == {key: spread for key, (_, spread) in assumed.items()} | {"gross": wide, "net": wide}
        assert all(result.interval for result in one.results.values() if result.basis == "assumed")


def test_what_cancels_is_not_rested_on(catalogue: Catalogue) -> None:
    one = filled("gpt-3", catalogue)
    assert (one.inputs["chips"].basis, one.inputs["chips"].spread) == ("assumed", 0.2)
    assert (one.results["duration_h"].basis, one.results["energy_kwh"].basis) == ("assumed", "derived")
    assert one.results["energy_kwh"].interval is None


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

"""The figures of a scenario: of the machine, of its hours, of the place."""

from __future__ import annotations

import pytest
from scenarios import SHEET, catalogue_of, factor, filled, run

from carbontui.engine.calibration import ANY_MODEL, SAME_PAIR_THROUGHPUT
from carbontui.engine.comparison import Question, compare
from carbontui.quantities import QUANTITIES
from carbontui.spec import parse_spec
from carbontui.text.notes import note_text, notes_of
from carbontui_registry import Figure, Hardware, Model, PowerProfile, Region
from carbontui_registry.catalogue import Catalogue

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


def test_a_mean_measured_at_another_boundary_is_said() -> None:
    power = PowerProfile("400 W", Figure("371 W", "measured", "4 %"), None, "node")
    catalogue = catalogue_of(Hardware("lab", "Lab", SHEET, power=power))
    one = filled("@lab,chips=8,duration=3 h", catalogue)
    assert one.inputs["power"].value == 400 * ANY_MODEL.median
    assert [note_text(note) for note in one.notes if note.code == "measured-elsewhere"] == [
        "power: the measured 371 W is for the node, not the system, and is not used; add boundary=node to use it"
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

"""A published run in a scenario, and what a plugin's runs change: no figure that was there."""

from __future__ import annotations

import pytest
from scenarios import SHEET, catalogue_of, factor, filled, run

from carbontui.engine.scenario import ScenarioError
from carbontui.text.notes import note_text
from carbontui_registry import Hardware, Model, PowerProfile, Region
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName


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

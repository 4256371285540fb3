"""The release of the figures: packs made from tables, chains of grids, series of years, both coverages, prices."""

from __future__ import annotations

import csv
import importlib.util
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from carbontui.cli import main
from carbontui.engine.place import grids
from carbontui.engine.scenario import Scenario
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.verification.conversions import conversions
from carbontui_registry import load_pack
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent.parent / "data"
CLOUDS = ("gcp", "aws", "azure")
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def script() -> Any:
    """The script that makes the packs."""
    spec = importlib.util.spec_from_file_location("make_packs", DATA / "make_packs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_packs_are_what_the_tables_give(script: Any) -> None:
    assert script.main(["--check"]) == 0


def test_tables_that_cannot_be_right_are_refused(script: Any) -> None:
    tables = script.Tables()
    assert script.problems(tables) == []
    tables.regions["aws:us-east-2"]["grid"] = "grid:nowhere"
    tables.regions["grid:us"]["grid"] = "grid:us-or"
    tables.offers[0]["hardware"] = "h10"
    tables.offers[1]["region"] = "gcp:mars"
    tables.factors["grid:de"][0]["gross"] = "900"
    tables.factors["grid:fr"][0]["source"] = "nobody"
    said = "\n".join(script.problems(tables))
    assert "aws:us-east-2: its chain aws:us-east-2 -> grid:nowhere ends nowhere" in said
    assert "grid:us: its chain grid:us -> grid:us-or -> grid:us is a cycle" in said
    assert "offers.csv: hardware h10 is not registered" in said
    assert "offers.csv: region gcp:mars is not in regions.csv" in said
    assert "jumps.csv: no line explains grid:de,lifecycle,2019,900," in said
    assert "source nobody: not in sources.csv" in said


def test_every_factor_of_the_tables_is_registered(catalogue: Catalogue) -> None:
    for row in rows("factors"):
        factors = catalogue.region(row["region"]).record.factors
        found = [f for f in factors if f.period == row["period"] and (f.coverage or "") == row["coverage"]]
        assert len(found) == 1, row
        for key in ("gross", "net"):
            figure = getattr(found[0], key)
            assert (None if figure is None else figure.value) == (float(row[key]) if row[key] else None)


def test_no_region_of_the_clouds_is_unknown_under_either_coverage(catalogue: Catalogue) -> None:
    for region in catalogue.all("region"):
        if region.record.provider not in CLOUDS:
            continue
        chain = [one.id for one in grids(region, catalogue)]
        assert len(chain) == len(set(chain))
        for accounting in ("as-published", "direct", "lifecycle"):
            one = fill(Scenario(region=region.id), catalogue, accounting)
            assert "gross" in one.inputs, (region.id, accounting)
            if accounting != "as-published":
                assert one.texts["coverage"] == accounting


def test_places_within_one_country_differ_by_default(catalogue: Catalogue) -> None:
    places = [r.id for r in catalogue.all("region") if r.id.startswith("gcp:us-")]
    found = [fill(Scenario(region=id), catalogue, "lifecycle").inputs["gross"].value for id in places]
    assert max(found) > 5 * min(found)


def test_a_converted_factor_says_so_and_strict_takes_none(catalogue: Catalogue) -> None:
    made = fill(Scenario(region="gcp:europe-west4"), catalogue, "lifecycle")
    gross = made.inputs["gross"]
    assert (gross.basis, gross.spread) == ("derived", pytest.approx(0.18, abs=0.01))
    assert [term.key for term in gross.terms] == ["conversion", "factor"]
    assert any(note.code == "coverage-converted" for note in made.notes)
    strict = fill(Scenario(region="gcp:europe-west4"), catalogue, "strict-lifecycle")
    assert strict.inputs["gross"].basis == "published"
    assert strict.texts["period"] == "2020"


def test_a_grids_factor_is_assumed_for_a_place_in_it(catalogue: Catalogue) -> None:
    for region, owner, spread in (
        ("aws:us-east-2", "gcp:us-east5", 0.15),
        ("aws:us-west-2", "grid:us-or", 0.45),
        ("aws:eu-north-1", "grid:se", 0.25),
        ("aws:cn-north-1", "grid:cn", 0.50),
    ):
        gross = fill(Scenario(region=region), catalogue).inputs["gross"]
        assert (gross.way.of, gross.basis, gross.spread) == (owner, "assumed", pytest.approx(spread))


@pytest.mark.parametrize(
    ("spec", "period", "gross", "net"),
    [
        ("@h100@gcp:europe-north1,period=2021", "2021", 127, None),
        ("@h100@gcp:europe-north1,period=2019", "2019", 181, None),
        ("t5@v100@gcp:europe-north1", "2019", 181, None),  # its run is of September 2019
        ("@h100@aws:us-east-1,period=2024", "2024", 323.05, 0),
        ("@h100@aws:us-east-1,period=2021", "2021", 309, None),  # no claim was made for that year
    ],
)
def test_a_run_takes_the_factors_of_its_year(
    spec: str, period: str, gross: float, net: float | None, catalogue: Catalogue
) -> None:
    one = fill(parse_spec(spec), catalogue)
    found = one.inputs.get("net")
    assert (one.texts["period"], one.inputs["gross"].value) == (period, gross)
    assert (found.value if found is not None else None) == net


def test_the_conversions_are_as_far_off_as_is_said(catalogue: Catalogue, capsys: Capture) -> None:
    rules = conversions(catalogue)
    assert [rule.holds for rule in rules] == [True, True, True]
    for name in {rule.rule for rule in rules}:
        worst = max(rule.off(0.9) for rule in rules if rule.rule == name)
        assert next(rule.said for rule in rules if rule.rule == name) == pytest.approx(worst, abs=0.01)
    assert main(["verify", "--estimates", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)["conversions"]
    assert [one["name"] for one in data] == [rule.name for rule in rules]
    assert len(data[0]["cases"]) == 26
    assert main(["verify", "--estimates"]) == 0
    assert "lifecycle from direct, places" in capsys.readouterr().out


def test_a_region_shows_its_years(capsys: Capture) -> None:
    assert main(["show", "grid:fi"]) == 0
    own = capsys.readouterr().out
    assert "gross factor in gCO2e/kWh, 2018 to 2025\n" in own
    assert "lifecycle  ██▆▆▆▄▃▃  193 172 130 136 130 81.2 66.6 57.5" in own
    assert "direct     ·····▂▂·  33.0 27.0" in own
    assert "generated from nuclear" in own
    assert main(["show", "aws:us-east-2"]) == 0
    assert "2021 to 2024, of gcp:us-east5" in capsys.readouterr().out
    assert main(["list", "regions", "aws:us-east-2", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["gross_gco2e_per_kwh"], row["net_gco2e_per_kwh"], row["pue"]) == (323.05, 0, 1.13)


def test_a_price_is_that_of_the_cheapest_offer_that_holds_the_chips(catalogue: Catalogue, capsys: Capture) -> None:
    spec = "@h100@gcp:us-central1,chips=8,duration=10 h"
    one = fill(parse_spec(spec), catalogue)
    price = one.inputs["price"]
    offers = [catalogue.offer(o.number).record for o in catalogue.offers(catalogue.region("gcp:us-central1"))]
    holding = [o for o in offers if o.hardware == "h100-sxm5-80" and o.accelerators.value >= 8 and o.price is not None]
    assert price.value == min(o.price.value for o in holding)
    assert one.result("cost_usd") == 80 * price.value
    assert main(["compare", spec, "--metric", "cost"]) == 0
    assert "cost: on-demand list prices of 2026-08" in capsys.readouterr().out
    assert main(["explain", spec, "price"]) == 0
    assert "list price on demand, h100-sxm5-80/gcp:us-central1/" in capsys.readouterr().out
    given = fill(parse_spec(f"{spec},price=1 USD/h"), catalogue)
    assert given.result("cost_usd") == 80


def test_what_is_best_can_be_rented(capsys: Capture) -> None:
    assert main(["sweep", "--model", "t5", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["sweep"]
    assert len(found["best"]) == 10
    assert all(cell["instance"] for cell in found["best"])
    assert main(["sweep", "--model", "t5", "--objective", "cost", "--max-cost", "120000 USD", "--pareto", "gross"]) == 0
    said = capsys.readouterr().out
    assert "at most 120,000 USD" in said
    assert "Pareto front of gross against cost" in said


def test_hardware_that_nobody_offers_is_out_unless_it_is_named(capsys: Capture) -> None:
    assert main(["sweep", "--model", "t5", "--hardware", "b1*0", "--region", "gcp:*"]) == 1
    assert main(["sweep", "--model", "t5", "--hardware", "b100", "--region", "gcp:*"]) == 0
    assert "no provider offers B100" in capsys.readouterr().out


def test_old_figures_are_found_with_who_takes_them_and_how_they_moved(tmp_path: Path) -> None:
    script = runpy.run_path(str(DATA / "old_figures.py"))
    path = tmp_path / "grids.toml"
    path.write_text(
        """pack = 1
source = {title = "Made up", year = 2019}

[[region]]
id = "acme:grid"
name = "Acme grid"
factors = [
    {period = "2018", gross = "400 gCO2e/kWh", coverage = "direct"},
    {period = "2021", gross = "200 gCO2e/kWh", coverage = "direct"},
    {period = "2025", gross = "300 gCO2e/kWh", coverage = "lifecycle"},
]

[[region]]
id = "acme:lulea"
name = "Acme Lulea"
grid = "acme:grid"
pue = 1.1
""",
        encoding="utf-8",
    )
    found = script["old_figures"]([load_pack(path)], now=2027)
    assert [(old.of, old.what, old.year, old.taken_by) for old in found] == [
        ("acme:grid", "direct factor", 2021, 2),
        ("acme:lulea", "PUE", 2019, 1),
    ]
    # Half in three years is 0.794 a year, and a quarter in six.
    assert found[0].moved == "direct: -20.6 % a year, 2018 to 2021; -75 % by 2027"
    assert script["old_figures"]([load_pack(path)], now=2024) == found[1:]

"""The runs of a ledger in another region: the same energy before PUE, with that place's PUE and carbon factors."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import ledger_of
from ledgers import runs as any_runs

from carbontui.cli import main
from carbontui.engine.comparison import Question, compare
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.elsewhere import elsewhere, groups_elsewhere
from carbontui.engine.ledger.entry import FACILITY, Entry, Setting
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.lookup import named
from carbontui.engine.scenario import Scenario
from carbontui.engine.solver import fill
from carbontui.formats import write_format
from carbontui.formats.files import read
from carbontui.importers.cluster import read_cluster
from carbontui.importers.logs import add_log
from carbontui.importers.pair import pair_of
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
SACCT, CLUSTER = str(DATA / "slurm_sacct.txt"), str(DATA / "cluster.toml")
STOCKHOLM = "aws:eu-north-1"


def data(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["ledger", *words, "--elsewhere", STOCKHOLM, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_energy_of_a_month_by_the_figures_of_another_place(
    catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, SACCT, "--cluster", CLUSTER)
    january = found["elsewhere"]["groups"][0]
    assert january["group"] == {"month": "2026-01"}
    there = fill(Scenario(region=STOCKHOLM, period=None), catalogue, "lifecycle")
    # 72.028 kWh by the meter, and 6 hours of an accelerator at 344 W: before PUE the same energy.
    energy = 72.028 + 6 * 0.344
    gross = energy * there.inputs["pue"].value * there.inputs["gross"].value / 1000
    assert january["results"]["gross_kgco2e"] == pytest.approx(gross)
    was = found["groups"][0]["results"]["gross_kgco2e"]
    assert january["was"]["gross_kgco2e"] == pytest.approx(was)
    assert january["ratio"] == pytest.approx(gross / was)
    assert found["elsewhere"]["region"] == STOCKHOLM
    total = found["elsewhere"]["total"]
    groups = found["elsewhere"]["groups"]
    assert total["results"]["gross_kgco2e"] == pytest.approx(sum(one["results"]["gross_kgco2e"] for one in groups))


def test_text_csv_and_markdown_have_the_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["ledger", SACCT, "--cluster", CLUSTER, "--by", "account", "--elsewhere", "sweden"]
    assert main(asked) == 0
    text = capsys.readouterr().out
    assert "the same energy before PUE in Sweden (grid:se)" in text
    assert main([*asked, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["account"] for row in rows] == ["nlp", "vision", "total"]
    for row in rows:
        ratio = float(row["gross_kgco2e_elsewhere"]) / float(row["gross_kgco2e_was"])
        assert float(row["elsewhere_to_was"]) == pytest.approx(ratio)
    assert main([*asked, "--format", "markdown"]) == 0
    assert "in Sweden |" in capsys.readouterr().out


def test_a_place_that_nobody_registered_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", SACCT, "--elsewhere", "aws:eu-north-9"]) == 2
    assert "aws:eu-north-1" in capsys.readouterr().err


def test_an_energy_with_an_unknown_pue_in_it_is_unknown_elsewhere(catalogue: Catalogue) -> None:
    setting = Setting("a100-sxm4-80", "grid:de", 8.0, boundary="node", energy_of=FACILITY)
    entries = [
        Entry("of a tool with a PUE of its own", setting, hours=1, units=8, energy=10.0),
        Entry("told none", setting._replace(tool_pue=1.0), hours=1, units=8, energy=10.0),
        Entry("told one", setting._replace(pue=1.25), hours=1, units=8, energy=10.0),
    ]
    ledger = ledger_of(catalogue, *entries)
    there = elsewhere(ledger, named(catalogue, "region", STOCKHOLM), catalogue)
    assert there.values("it_energy_kwh").tolist() == [pytest.approx(float("nan"), nan_ok=True), 10.0, 8.0]
    total = groups_elsewhere(ledger, there, (), "energy")[()]
    # What is unknown there is in neither of the two.
    assert (total.runs, total.unknown) == (3, 1)
    assert total.was is not None
    assert total.was.value == 20


def test_what_is_unknown_as_it_was_has_no_ratio(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Without a cluster file no place is known; elsewhere it is.
    total = data(capsys, shutil.copy(SACCT, tmp_path))["elsewhere"]["total"]
    assert "was" not in total
    assert "ratio" not in total
    assert total["results"]["gross_kgco2e"] > 0
    # One job has no accelerators, and those of another have no name.
    assert (total["runs"], total["unknown"]) == (8, 2)


def test_a_run_that_is_known_in_one_place_only_is_in_no_group_and_in_no_total(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cluster, log = tmp_path / "mix.toml", tmp_path / "mix.txt"
    cluster.write_text('[partitions.a]\nregion="grid:de"\npue=1.25\n[partitions.b]\npue=1.25\n', encoding="utf-8")
    rows = (f"{n}|{of}|2026-01-01T00:00:00|3600|360000000" for n, of in ((1, "a"), (2, "b")))
    head = "JobID|Partition|Start|ElapsedRaw|ConsumedEnergyRaw"
    log.write_text("\n".join((head, *rows, "")), encoding="utf-8")
    found = data(capsys, str(log), "--cluster", str(cluster), "--by", "partition")["elsewhere"]
    placed, nowhere = found["groups"]
    assert (placed["unknown"], nowhere["unknown"], found["total"]["unknown"]) == (0, 1, 1)
    assert found["total"]["results"] == placed["results"]
    assert "results" not in nowhere


@settings(max_examples=60, deadline=None)
@given(entries=st.lists(any_runs(), min_size=1, max_size=12), by=st.sampled_from(["hardware", "region", "user"]))
def test_groups_elsewhere_add_up_to_the_total(catalogue: Catalogue, entries: list[Entry], by: str) -> None:
    ledger = ledger_of(catalogue, *entries)
    there = elsewhere(ledger, named(catalogue, "region", STOCKHOLM), catalogue)
    found = groups_elsewhere(ledger, there, (by,), "gross")
    total = found.pop(())
    assert sum(one.unknown for one in found.values()) == total.unknown
    for side in ("was", "there"):
        sums = [one.value for group in found.values() if (one := getattr(group, side)) is not None]
        whole = getattr(total, side)
        assert (whole is None) == (not sums)
        assert whole is None or sum(sums) == pytest.approx(whole.value, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(entries=st.lists(any_runs(), min_size=1, max_size=12))
def test_moving_changes_no_energy_before_pue(catalogue: Catalogue, entries: list[Entry]) -> None:
    ledger = ledger_of(catalogue, *entries)
    there = elsewhere(ledger, named(catalogue, "region", STOCKHOLM), catalogue)
    here, moved = ledger.values("it_energy_kwh"), there.values("it_energy_kwh")
    for number, entry in enumerate(entries):
        if moved[number] == moved[number] and entry.setting.energy_of != FACILITY:
            assert moved[number] == pytest.approx(here[number], rel=1e-12)
    # There and back again at one place is one place.
    again = elsewhere(there, named(catalogue, "region", STOCKHOLM), catalogue)
    assert again.values("gross_kgco2e").tolist() == pytest.approx(there.values("gross_kgco2e").tolist(), nan_ok=True)


@pytest.mark.parametrize("pue", [True, False])
@pytest.mark.parametrize("logs", [("slurm_sacct.txt",), ("eco2ai.csv",), ("slurm_sacct.txt", "eco2ai.csv")])
def test_a_pair_for_a_comparison_has_the_ledgers_figures_and_opens_again(
    catalogue: Catalogue, tmp_path: Path, logs: tuple[str, ...], pue: bool
) -> None:
    lines = Path(CLUSTER).read_text(encoding="utf-8").splitlines()
    cluster = tmp_path / "cluster.toml"
    # Where no file says the PUE, the ledger assumes one.
    cluster.write_text("\n".join(line for line in lines if pue or not line.startswith("pue")), encoding="utf-8")
    runs = Runs()
    for name in logs:
        add_log(runs, str(DATA / name), Reading(catalogue, cluster=read_cluster(str(cluster), catalogue)), ())
    region = named(catalogue, "region", STOCKHOLM)
    ledger = Ledger(runs, catalogue)
    there = elsewhere(ledger, region, catalogue)
    pair = pair_of(ledger, there, np.arange(len(runs)), "all runs", region, "gross")
    made = compare(Question((pair.was, pair.there), accounting=ledger.accounting), catalogue)
    total = groups_elsewhere(ledger, there, (), "gross")[()]
    assert total.was is not None
    assert total.there is not None
    found = [one.results["gross_kgco2e"].value for one in made.scenarios]
    assert found == pytest.approx([total.was.value, total.there.value], rel=1e-12)
    # One sum has one range, in the account and in the comparison.
    for one, of in zip(made.scenarios, (total.was, total.there), strict=True):
        assert one.results["gross_kgco2e"].interval == pytest.approx(of.interval, rel=0.02)
    # One energy with one error, which cancels: what is left is of the places.
    ratio = made.ratios[1]["gross"]
    assert ratio.value == pytest.approx(total.ratio, rel=1e-12)
    path = tmp_path / "pair.toml"
    path.write_text(write_format("toml", made, catalogue, width=None, colour=False), encoding="utf-8")
    again = compare(read(str(path))[0], catalogue)
    assert [one.results["gross_kgco2e"].value for one in again.scenarios] == found
    assert again.ratios[1]["gross"].spread == ratio.spread


def test_a_pair_of_runs_of_which_nothing_is_known_is_refused(catalogue: Catalogue) -> None:
    setting = Setting("a100-sxm4-80", "grid:de", 8.0, boundary="node", energy_of=FACILITY)
    ledger = ledger_of(catalogue, Entry("with a PUE of the tool's own", setting, hours=1, units=8, energy=10.0))
    region = named(catalogue, "region", STOCKHOLM)
    with pytest.raises(ValueError, match="no run has an energy that is known before PUE"):
        pair_of(ledger, elsewhere(ledger, region, catalogue), np.arange(1), "all runs", region, "gross")


def test_one_sum_has_one_range_in_the_account_and_in_the_comparison(catalogue: Catalogue) -> None:
    told = Setting("a100-sxm4-80", "grid:fr", 2.0, boundary="node", pue=1.0, energy_of=FACILITY)
    # Neither its power nor the PUE of its place is known.
    asked = Setting("a100-sxm4-80", "grid:fr", 8.0)
    ledger = ledger_of(
        catalogue, Entry("metered", told, hours=20, units=2, energy=16.3), Entry("estimated", asked, hours=300, units=8)
    )
    region = named(catalogue, "region", STOCKHOLM)
    there = elsewhere(ledger, region, catalogue)
    pair = pair_of(ledger, there, np.arange(2), "all runs", region, "gross")
    made = compare(Question((pair.was, pair.there), accounting=ledger.accounting), catalogue)
    total = groups_elsewhere(ledger, there, (), "gross")[()]
    for one, of in zip(made.scenarios, (total.was, total.there), strict=True):
        assert of is not None
        assert one.results["gross_kgco2e"].value == pytest.approx(of.value, rel=1e-12)
        assert one.results["gross_kgco2e"].interval == pytest.approx(of.interval, rel=0.05)

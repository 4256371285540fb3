"""The mean of a group of a ledger, and its pair elsewhere: the chip-hours that logs state are theirs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import ledger_of
from ledgers import runs as any_run

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.elsewhere import elsewhere
from carbontui.engine.ledger.entry import FACILITY, Entry, Setting
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.lookup import named
from carbontui.engine.scenario import Filled
from carbontui.engine.solver import fill
from carbontui.importers.means import means_of
from carbontui.importers.pair import pair_of
from carbontui_registry.catalogue import Catalogue

NODE = Setting("a100-sxm4-80", "grid:de", 8.0, pue=1.25, energy_of="node", tool="Slurm")
PLANNED = NODE._replace(energy_of="")


def entry(hours: float | None, energy: float | None, chips: float = 8.0, setting: Setting = NODE) -> Entry:
    return Entry("run", setting._replace(chips=chips), hours=hours, units=chips, energy=energy)


def mean(catalogue: Catalogue, *entries: Entry) -> Filled:
    (one,) = taken(catalogue, ledger_of(catalogue, *entries))
    return one


def taken(catalogue: Catalogue, ledger: Ledger) -> list[Filled]:
    return [fill(one, catalogue, "lifecycle") for one in means_of(ledger, np.arange(len(ledger.runs)), "group")]


def chip_hours(filled: Filled) -> float:
    """Of all its runs, entered or followed."""
    if "chip_hours" in filled.inputs:
        return filled.inputs["chip_hours"].value * filled.inputs["count"].value
    return filled.results["chip_hours_h"].value


@pytest.mark.parametrize("of", ["node", FACILITY])
@settings(max_examples=40, deadline=None)
@given(runs=st.lists(st.tuples(st.sampled_from([0.5, 2.0, 70.0]), st.sampled_from([4.0, 8.0])), min_size=2, max_size=9))
def test_chip_hours_of_a_mean_are_those_of_its_runs(
    catalogue: Catalogue, of: str, runs: list[tuple[float, float]]
) -> None:
    setting = NODE._replace(energy_of=of)
    filled = mean(catalogue, *(entry(hours, hours * chips * 0.4, chips, setting) for hours, chips in runs))
    whole = float(sum(Fraction(hours) * Fraction(chips) for hours, chips in runs))
    assert chip_hours(filled) == pytest.approx(whole, rel=1e-12)
    assert filled.results["energy_kwh"].value == pytest.approx(whole * 0.4 * (1.25 if of == "node" else 1))


@pytest.mark.parametrize("of", ["node", FACILITY])
def test_of_runs_that_do_not_all_state_a_time_those_count_that_do(catalogue: Catalogue, of: str) -> None:
    setting = NODE._replace(energy_of=of)
    filled = mean(catalogue, entry(2, 10.0, 8, setting), entry(4, 20.0, 8, setting), entry(None, 30.0, 8, setting))
    # Three runs of 3 h on eight chips, and the energy of all three.
    assert filled.results["chip_hours_h"].value == pytest.approx(72)
    assert filled.results["energy_kwh"].value == pytest.approx(60 * (1.25 if of == "node" else 1))
    assert filled.results["power_w"].basis == "derived"
    assert "chip-hours are the mean of those that state their time, 2 of 3 runs" in filled.scenario.note
    assert filled.inputs["duration"].basis == "measured"
    mixed = mean(catalogue, entry(2, 10.0, 8), entry(4, 20.0, 4), entry(None, 30.0, 2))
    assert mixed.inputs["chip_hours"].value == 16


def test_chip_hours_that_no_log_states_say_that_they_are_derived(catalogue: Catalogue) -> None:
    filled = mean(catalogue, entry(None, 10.0), entry(None, 20.0))
    assert "no time is stated, so that chip-hours follow from energy and power" in filled.scenario.note
    assert filled.results["chip_hours_h"].basis == "assumed"


def test_a_run_of_which_nothing_is_known_is_in_no_mean(catalogue: Catalogue) -> None:
    filled = mean(catalogue, entry(2, None, 8, PLANNED), entry(4, None, 8, PLANNED), entry(None, None, 8, PLANNED))
    assert filled.inputs["count"].value == 2
    assert filled.results["chip_hours_h"].value == 48
    assert filled.scenario.note == "the mean of 2 runs; 1 run states neither time nor energy and is left out"


def test_a_pair_has_the_chip_hours_of_its_runs_or_says_why_not(catalogue: Catalogue) -> None:
    region = named(catalogue, "region", "aws:eu-north-1")

    def pair(*entries: Entry) -> tuple[Filled, Filled]:
        runs = Runs()
        runs.add(entries)
        ledger = Ledger(runs, catalogue)
        there = elsewhere(ledger, region, catalogue)
        found = pair_of(ledger, there, np.arange(len(entries)), "all runs", region, "gross")
        return fill(found.was, catalogue, "lifecycle"), fill(found.there, catalogue, "lifecycle")

    for filled in pair(entry(2, 10.0), entry(4, 10.0, 4)):
        assert filled.inputs["chip_hours"].value == 32
        assert filled.results["power_w"].value == pytest.approx(20_000 / 32)
    for filled in pair(entry(2, 10.0), entry(None, 10.0)):
        assert "chip_hours" not in filled.inputs
        assert "not every run states accelerators and a time: chip-hours are derived" in filled.scenario.note


def test_a_metered_run_on_cores_alone_has_the_figure_that_its_ledger_has(catalogue: Catalogue) -> None:
    setting = Setting("", "grid:de", None, energy_of="node", tool="Slurm")
    run = Entry("run", setting, hours=2.0, units=32.0, energy=1.5)
    runs = Runs()
    runs.add([run])
    ledger = Ledger(runs, catalogue, "lifecycle")
    filled = mean(catalogue, run)
    for key in ("energy_kwh", "gross_kgco2e"):
        (known,) = ledger.values(key).tolist()
        assert filled.results[key].value == pytest.approx(known, rel=1e-12)


MONTHS = st.sampled_from([None, 1.58e9, 1.70e9, 1.7365e9, 1.7699e9])
NOT_TYPED = NODE._replace(pue=None, energy_of="")


def same_as_counted(catalogue: Catalogue, ledger: Ledger) -> None:
    total = ledger.account().total.sums
    made = taken(catalogue, ledger)
    for key in ("energy_kwh", "gross_kgco2e"):
        parts = [one.results[key].value for one in made if key in one.results]
        assert bool(parts) is (key in total)
        assert sum(parts) == pytest.approx(total[key].value if key in total else 0.0, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(runs=st.lists(st.tuples(any_run(), MONTHS), min_size=1, max_size=12))
def test_what_is_taken_adds_up_to_what_the_ledger_counted(
    catalogue: Catalogue, runs: list[tuple[Entry, float | None]]
) -> None:
    same_as_counted(catalogue, ledger_of(catalogue, *(one._replace(start=start) for one, start in runs)))


def test_runs_with_and_without_a_logged_co2e_are_told_apart_where_nothing_else_does(catalogue: Catalogue) -> None:
    own = NODE._replace(energy_of=FACILITY)
    runs = [Entry("run", own, hours=2.0, units=8.0, energy=9.0, gross=gross) for gross in (None, 3.0)]
    names = [one.name for one in taken(catalogue, ledger_of(catalogue, *runs))]
    assert names == ["group", "group, CO2e as logged"]
    names = [one.name for one in taken(catalogue, ledger_of(catalogue, runs[1], entry(2.0, 9.0)))]
    assert names == ["group, metered", "group, node metered"]


def test_estimates_of_jobs_on_several_numbers_of_chips_keep_their_power_and_range(catalogue: Catalogue) -> None:
    jobs = [entry(hours, None, chips, NOT_TYPED) for hours in (2.0, 9.0) for chips in (1.0, 4.0, 8.0)]
    ledger = ledger_of(catalogue, *jobs, entry(5.0, 20.0), entry(None, 20.0, 4.0, NODE._replace(pue=None)))
    same_as_counted(catalogue, ledger)
    estimated = ledger_of(catalogue, *jobs)
    (one,) = taken(catalogue, estimated)
    counted = estimated.account().total.sums["energy_kwh"]
    assert one.results["energy_kwh"].interval == pytest.approx(counted.interval, rel=0.03)
    assert one.inputs["power"].basis == "assumed"
    assert "the power is the mean of the estimates for jobs on 1, 4 and 8 chips" in one.scenario.note

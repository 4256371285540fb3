"""Runs that overlap: what two meters saw of one machine counts once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import DAY, ledger_of

from carbontui.cli import main
from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui_registry.catalogue import Catalogue


def rank(number: int, start: float, hours: float, energy: float, node: str = "n1") -> Entry:
    setting = Setting("a100-sxm4-80", "grid:de", 8.0, boundary="node", energy_of=FACILITY)
    return Entry(f"r{number}", setting, Labels(node=node), start, hours, 8.0, energy, key=f"r{number}")


def test_eight_ranks_that_each_meter_the_machine_are_one(catalogue: Catalogue) -> None:
    ranks = [rank(n, 0.0, 10.0, 30.0) for n in range(8)]
    ledger = ledger_of(catalogue, *ranks)
    assert ledger.overlap is not None
    assert (ledger.overlap.runs, ledger.overlap.machines) == (8, 1)
    assert ledger.overlap.summed == 240
    assert ledger.overlap.once == pytest.approx(30)
    assert ledger.account().total.sums["energy_kwh"].value == 240
    once = ledger_of(catalogue, *ranks, as_one=True).account().total.sums["energy_kwh"].value
    assert once == pytest.approx(30)


def test_runs_one_after_the_other_or_on_other_machines_do_not_overlap(catalogue: Catalogue) -> None:
    after = [rank(n, n * 3600.0, 1.0, 3.0) for n in range(5)]
    beside = [rank(n, 0.0, 1.0, 3.0, f"n{n}") for n in range(10, 15)]
    assert ledger_of(catalogue, *after, *beside).overlap is None


def test_half_an_overlap_counts_the_shared_time_once(catalogue: Catalogue) -> None:
    # 1 kW each, from 0 to 2 h and from 1 to 3 h: three hours of one machine.
    ledger = ledger_of(catalogue, rank(1, 0.0, 2.0, 2.0), rank(2, 3600.0, 2.0, 2.0), as_one=True)
    assert ledger.account().total.sums["energy_kwh"].value == pytest.approx(3)


@settings(max_examples=100, deadline=None)
@given(
    times=st.lists(
        st.tuples(st.integers(0, 50), st.integers(1, 20), st.sampled_from(["n1", "n2"])), min_size=1, max_size=12
    )
)
def test_machines_of_one_power_use_it_for_the_hours_somebody_was_there(
    catalogue: Catalogue, times: list[tuple[int, int, str]]
) -> None:
    entries = [
        rank(n, start * 3600.0, float(hours), float(hours), node) for n, (start, hours, node) in enumerate(times)
    ]
    ledger = ledger_of(catalogue, *entries)
    there = {(node, hour) for start, hours, node in times for hour in range(start, start + hours)}
    if ledger.overlap is None:
        assert len(there) <= sum(hours for _, hours, _ in times)
        return
    alone = sum(e.energy or 0 for e, share in zip(entries, ledger.overlap.shares, strict=True) if share == 1)
    # What is below the threshold is left as it stands.
    assert ledger.overlap.once + alone == pytest.approx(len(there), rel=0.1)


def test_overlap_is_warned_of_until_somebody_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_iso_code,os,ram_total_size\n"
    row = "2026-01-02T10:00:00,p,r{},36000,3.0,30.0,FRA,Linux,512\n"
    path = tmp_path / "emissions.csv"
    path.write_text(header + "".join(row.format(n) for n in range(8)), encoding="utf-8")
    assert main(["ledger", str(path), "--metric", "energy"]) == 0
    assert "240 kWh if added up, 30.0 kWh if counted once" in capsys.readouterr().err
    for how, energy in (("sum", 240), ("one", 30)):
        assert main(["ledger", str(path), "--overlap", how, "--format", "json"]) == 0
        out = capsys.readouterr()
        assert out.err == ""
        assert json.loads(out.out)["total"]["results"]["energy_kwh"] == pytest.approx(energy)
        # What the file states of its emissions is scaled alike: 3 kg for 30 kWh.
        assert json.loads(out.out)["total"]["results"]["gross_kgco2e"] == pytest.approx(energy / 10)


def test_later_rows_of_a_run_take_the_place_of_earlier_ones(catalogue: Catalogue) -> None:
    ledger = ledger_of(catalogue, rank(1, 0.0, 1.0, 3.0), rank(2, DAY, 1.0, 4.0), rank(1, 0.0, 2.0, 6.0))
    assert len(ledger.runs) == 2
    assert ledger.account().total.sums["energy_kwh"].value == 10

"""What the totals of a ledger are of: which runs, which hours, which energy, where they are not of all runs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.engine.ledger.runs import Runs
from carbontui.text.ledger import notes
from carbontui_registry.catalogue import Catalogue

CLUSTER = """pue = 1.25
[gres]
a100 = "a100-sxm4-80"
[partitions.gpu]
region = "grid:de"
"""
# By their meters 72, 36 and 0 (no hardware, so unknown) kWh before PUE; the second is in no known place.
JOBS = """JobID|Account|Partition|State|Start|ElapsedRaw|AllocTRES|ConsumedEnergyRaw
1|nlp|gpu|COMPLETED|2026-01-05T08:00:00|86400|gres/gpu:a100=8,node=1|259200000
2|nlp|far|COMPLETED|2026-01-06T08:00:00|86400|gres/gpu:a100=8,node=1|129600000
3|nlp|gpu|COMPLETED|2026-01-07T08:00:00|86400|gres/gpu:odd=8,node=1|
4|cv|gpu|COMPLETED|2026-01-08T08:00:00|3600|gres/gpu:a100=8,node=1|3600000
"""


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "jobs.txt").write_text(JOBS, encoding="utf-8")
    (tmp_path / "cluster.toml").write_text(CLUSTER, encoding="utf-8")
    return ["ledger", str(tmp_path / "jobs.txt"), "--cluster", str(tmp_path / "cluster.toml"), "--by", "account"]


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_a_total_says_of_which_runs_hours_and_energy_it_is(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    found = json.loads(printed(capsys, *words, "--format", "json"))
    nlp, total = found["groups"][0], found["total"]
    assert nlp["group"] == {"account": "nlp"}
    assert (nlp["runs"], nlp["unknown"], nlp["chip_hours_h"]) == (3, 2, 576)
    # 72 + 36 kWh times a PUE of 1.25, of two runs; the emissions of one of them, with 90 kWh.
    assert nlp["covered"]["energy_kwh"] == {"runs": 2, "chip_hours_h": 384, "core_hours_h": 0, "energy_kwh": 135}
    assert nlp["covered"]["gross_kgco2e"] == {"runs": 1, "chip_hours_h": 192, "core_hours_h": 0, "energy_kwh": 90}
    assert total["covered"]["gross_kgco2e"]["runs"] == 2
    # So the carbon factor follows from what belongs together, and only from that.
    of = total["results"]["gross_kgco2e"] / total["covered"]["gross_kgco2e"]["energy_kwh"]
    cv = found["groups"][1]
    assert of == pytest.approx(cv["results"]["gross_kgco2e"] / cv["results"]["energy_kwh"])


def test_csv_has_it_in_columns(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    nlp, cv, total = csv.DictReader(io.StringIO(printed(capsys, *words, "--format", "csv")))
    assert [nlp["energy_kwh_runs"], nlp["gross_kgco2e_runs"]] == ["2", "1"]
    assert float(nlp["covered_energy_kwh"]) == 90
    assert float(nlp["covered_chip_hours_h"]) == 192
    assert (cv["covered_energy_kwh"], total["unknown_time"]) == (cv["energy_kwh"], "0")


def test_a_table_says_it_beside_the_figures_and_below(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    for form in ("table", "markdown"):
        text = printed(capsys, *words, "--format", form)
        (nlp,) = (line for line in text.splitlines() if line.strip("| ").startswith("nlp"))
        assert "135 kWh of 2 runs" in nlp
        assert " of 1 run " in nlp
        # Of the time of its three runs, that of the one that has a place and an energy.
        assert "33 % of chip-hours" in nlp
        said = " ".join(text.split())
        assert (
            "energy of 1 of 4 runs is unknown and left out of the sums; the other 3 runs have 67 % of the chip-hours"
            in said
        )
        assert "gross CO2e of 2 of 4 runs is unknown and left out of the sums" in said
        assert "some energy is unknown because a cluster file does not say: type of GPU (1 run)" in said
        assert "the other 2 runs have 34 % of the chip-hours and 67 % of the known energy, 91.2 kWh" in said


def test_a_table_of_runs_that_are_all_known_has_nothing_to_say(
    capsys: pytest.CaptureFixture[str], words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "jobs.txt").write_text("".join(JOBS.splitlines(True)[n] for n in (0, 1, 4)), encoding="utf-8")
    text = printed(capsys, *words)
    assert "covered" not in text
    assert " runs is unknown" not in text


def ledger_of(catalogue: Catalogue, *entries: Entry) -> Ledger:
    runs = Runs()
    runs.add(entries)
    return Ledger(runs, catalogue)


def test_hours_that_no_run_has_are_unknown_and_those_of_some_are_counted(catalogue: Catalogue) -> None:
    setting = Setting("a100-sxm4-80", "grid:de", 8.0, energy_of=FACILITY)
    timeless = Entry("a", setting, Labels(account="x"), units=8, energy=10.0)
    timed = Entry("b", setting, Labels(account="y"), hours=2, units=8, energy=10.0)
    total = ledger_of(catalogue, timeless, timed).account(("account",)).total
    assert (total.timeless, total.chip_hours, total.core_hours) == (1, 16, 0)
    only = ledger_of(catalogue, timeless).account().total
    assert (only.timeless, only.chip_hours) == (1, None)


@pytest.mark.parametrize(
    ("chips", "energies", "says"),
    [
        (8.0, [10.0], "chip-hours of 1 of 2 runs are unknown and left out of the hours; its energy counts"),
        (None, [10.0], "core-hours of 1 of 2 runs are unknown and left out of the hours; its energy counts"),
        (8.0, [10.0, 5.0], "chip-hours of 2 of 3 runs are unknown and left out of the hours; their energy counts"),
        (
            8.0,
            [10.0, None],
            "chip-hours of 2 of 3 runs are unknown and left out of the hours; the energy of 1 of these",
        ),
        (8.0, [None], "chip-hours of 1 of 2 runs are unknown and left out of the hours"),
    ],
)
def test_runs_without_hours_are_left_out_of_the_hours_alone(
    catalogue: Catalogue, chips: float | None, energies: list[float | None], says: str
) -> None:
    setting = Setting("", "grid:de", chips, energy_of=FACILITY)
    timed = Entry("timed", setting, hours=2, units=8, energy=10.0)
    runs = [Entry("run", setting, hours=0.1, energy=energy) for energy in energies]
    account = ledger_of(catalogue, timed, *runs).account()
    (line,) = (note for note in notes(account) if "left out of the hours" in note)
    assert line.startswith(says)
    assert ("count" in line) is any(energies)


def test_emissions_that_a_file_states_without_an_energy_are_counted_apart(catalogue: Catalogue) -> None:
    stated = Entry("a", Setting("", "grid:de", 1.0, energy_of=FACILITY), gross=5.0)
    metered = Entry("b", Setting("", "grid:de", 1.0, energy_of=FACILITY), energy=10.0)
    covered = ledger_of(catalogue, stated, metered).account().total.covered["gross_kgco2e"]
    assert (covered.runs, covered.energy, covered.without_energy) == (2, 10, 1)


def test_a_group_of_all_runs_has_the_range_of_the_total(catalogue: Catalogue) -> None:
    def job(hardware: str, region: str, hours: float) -> Entry:
        return Entry("run", Setting(hardware, region, 8.0), Labels(account="nlp"), hours=hours, units=8.0)

    places = ("grid:de", "grid:fr", "gcp:us-central1")
    jobs = [job(one, place, n + 1.0) for n, one in enumerate(("a100-sxm4-80", "rtx-4090")) for place in places]
    account = ledger_of(catalogue, *jobs).account(("account",))
    (group,) = account.groups
    for key, summed in group.sums.items():
        assert summed.interval is not None
        assert summed == account.total.sums[key]


ENTRIES = st.lists(
    st.builds(
        lambda hardware, region, energy, hours, account: Entry(
            "run", Setting(hardware, region, 8.0, energy_of=FACILITY if energy else ""), Labels(account=account),
            hours=hours, units=8.0, energy=energy,
        ),
        hardware=st.sampled_from(["a100-sxm4-80", ""]),
        region=st.sampled_from(["grid:de", ""]),
        energy=st.sampled_from([None, 1.0, 7.5]),
        hours=st.sampled_from([None, 0.5, 24.0]),
        account=st.sampled_from(["nlp", "cv"]),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(entries=ENTRIES)
def test_what_groups_cover_adds_up_to_what_the_total_covers(catalogue: Catalogue, entries: list[Entry]) -> None:
    account = ledger_of(catalogue, *entries).account(("account",))

    def summed(read: Any) -> float:
        return sum(read(part.covered["gross_kgco2e"]) or 0 for part in account.groups if "gross_kgco2e" in part.covered)

    whole = account.total.covered.get("gross_kgco2e")
    assert (whole.runs if whole else 0) == summed(lambda one: one.runs) == account.total.runs - account.total.unknown
    assert (whole.energy or 0 if whole else 0) == pytest.approx(summed(lambda one: one.energy))
    assert (whole.chip_hours if whole else 0) == pytest.approx(summed(lambda one: one.chip_hours))
    assert account.total.timeless == sum(part.timeless for part in account.groups)

"""Sweeps: every cell is the single scenario to the last bit, and what is found agrees with looking at each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carbontui import DATA_RELEASE
from carbontui.cli import main
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.sweep import CODES, MARKS, Block, Limits, Part, Sweep, SweepQuestion, blocks
from carbontui.formats.cells import COLUMNS, csv_lines
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui.text.notes import note_text
from carbontui_registry.catalogue import Catalogue

MODELS = ("gpt-3", "t5", "transformer-big", "gshard-600b", "llama-2-70b", "bloom-176b", "evolved-transformer-nas")
REGIONS = ("gcp:*", "paper:*", "aws:eu-*", "grid:s*")
HARDWARE = ("v100", "a100", "h100", "p100", "tpu-v2", "tpu-v3", "trainium2", "mi300x")


def sweep_of(catalogue: Catalogue, *specs: str, **how: object) -> Sweep:
    return Sweep(SweepQuestion(tuple(map(parse_spec, specs)), **how), catalogue)  # type: ignore[arg-type]


def cells(sweep: Sweep) -> Iterator[tuple[int, int, float | None, float | None, str]]:
    """Every cell by filling it in: machine, place, the objective, hours, and its mark."""
    values, codes = sweep.values(slice(0, len(sweep.machines)))
    for m in range(len(sweep.machines)):
        for p in range(len(sweep.places)):
            one = sweep.filled(m, p)
            value = one.result(METRICS[sweep.question.objective])
            yield m, p, value, one.result("duration_h"), CODES[codes[m, p]]
            assert (value is None and np.isnan(values[m, p])) or value == values[m, p]


QUESTIONS = st.fixed_dictionaries(
    {
        "hardware": st.lists(st.sampled_from(HARDWARE), min_size=1, max_size=3).map(tuple),
        "regions": st.lists(st.sampled_from(REGIONS), min_size=1, max_size=2).map(tuple),
        "periods": st.sampled_from([(), ("2024",), ("2020", "2024")]),
        "chips": st.sampled_from([(), (1.0,), (8.0, 512.0, 12345.0)]),
        "objective": st.sampled_from(["gross", "energy", "duration", "water", "cost"]),
        "accounting": st.sampled_from(["lifecycle", "direct", "as-published"]),
        "marked": st.booleans(),
        "limits": st.builds(
            Limits,
            max_days=st.none() | st.floats(0.1, 400),
            max_gross=st.none() | st.floats(0, 1000),
            max_energy=st.none() | st.floats(0, 5000),
            max_cost=st.none() | st.floats(0, 1e7),
        ),
    }
)


@settings(max_examples=25)
@given(models=st.lists(st.sampled_from(MODELS), min_size=1, max_size=2, unique=True), how=QUESTIONS)
@example(
    # Cells that nobody can rent keep to the limits too, and a place without factors is no worse for a duration.
    models=["gpt-3"],
    how={
        "hardware": ("tpu-v2",),
        "regions": ("paper:*",),
        "objective": "duration",
        "accounting": "lifecycle",
        "marked": True,
        "limits": Limits(max_energy=0.0),
        "periods": (),
    },
)
@example(
    # A record gives the TDP as its run's power: that holds for the run as it was, not in another place.
    models=["gpt-3", "llama-2-70b"],
    how={
        "hardware": ("a100",),
        "regions": ("gcp:*",),
        "objective": "gross",
        "accounting": "as-published",
        "marked": False,
        "limits": Limits(),
        "periods": (),
        "chips": (),
    },
)
def test_cells_are_single_scenarios_and_what_is_best_agrees_with_looking_at_each(
    models: list[str], how: dict[str, object], catalogue: Catalogue
) -> None:
    try:
        sweep = sweep_of(catalogue, *models, **how)
    except ScenarioError as error:
        assert how["periods"]
        assert str(error).startswith("none of the regions has")  # noqa: PT017
        return
    survey = sweep.survey(best=7)
    everything = list(cells(sweep))
    limits = sweep.question.limits
    free = []
    tally = dict.fromkeys(CODES, 0)
    for m, p, value, hours, mark in everything:
        tally[mark] += 1
        one = sweep.filled(m, p)
        over = any(
            most is not None and not ((result := one.result(key)) is not None and result <= most * size)
            for key, most, size in (
                ("duration_h", limits.max_days, 24),
                ("gross_kgco2e", limits.max_gross, 1000),
                ("energy_kwh", limits.max_energy, 1000),
                ("cost_usd", limits.max_cost, 1),
            )
        )
        assert mark != "unknown" or value is None
        # What is not offered has no price.
        assert value is not None or mark == "unknown" or (mark == "elsewhere" and sweep.question.objective == "cost")
        assert mark != "" or not over
        assert mark != "over" or over
        if value is not None and (mark == "" or (sweep.question.marked and mark in MARKS)):
            assert not over
            free.append((value, hours, m, p))
    assert survey.cells == len(everything)
    assert (survey.possible, survey.unknown, survey.over) == (tally[""], tally["unknown"], tally["over"])
    assert survey.marked == {name: tally[name] for name in MARKS}
    assert survey.worst == max((value for value, *_ in free), default=None)
    found = [cell.value for cell in survey.best]
    if sweep.question.objective == "duration":
        # No place changes it: each machine stands once, beside what published runs say of theirs.
        assert found == sorted(found)
        assert found[:1] == sorted(value for value, *_ in free)[:1]
    else:
        assert found == sorted(value for value, *_ in free)[:7]
    assert len({cell[1:] for cell in survey.best}) == len(survey.best)
    timed = [(hours, value) for value, hours, *_ in free if hours is not None]
    # Figures that differ in their last bits only are the same.
    near = 1 + 1e-9
    undominated = {
        (h, v)
        for h, v in timed
        if not any(a <= h * near and b <= v * near and (a * near < h or b * near < v) for a, b in timed)
    }
    assert {(sweep.duration(*cell[1:]), cell.value) for cell in survey.front} == undominated
    if free and not sweep.question.marked:
        middle = free[len(free) // 2][0]
        assert sweep.rank(middle) == (sum(value < middle for value, *_ in free), len(free))


@pytest.mark.parametrize("accounting", ["lifecycle", "direct", "as-published"])
@pytest.mark.parametrize(("objective", "text"), [("net", "net_basis"), ("net", "coverage"), ("gross", "coverage")])
def test_factors_of_one_kind_alone_are_ranked(objective: str, text: str, accounting: str, catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, "gpt-3", objective=objective, accounting=accounting, regions=("*",), hardware=("v100",))
    values, codes = sweep.values(slice(0, 1))
    ranked, apart = set(), set()
    for p, (value, code) in enumerate(zip(values[0], codes[0], strict=True)):
        one = sweep.filled(0, p)
        assert one.result(METRICS[objective]) == value or (one.result(METRICS[objective]) is None and np.isnan(value))
        if text in one.texts and CODES[code] in ("", "unlike"):
            (ranked if CODES[code] == "" else apart).add(one.texts[text])
    assert len(ranked) <= 1
    survey = sweep.survey(best=10_000)
    assert survey.possible == len(survey.best)
    # What the clouds claim over a year is no net of the paper's kind, whatever the coverage.
    assert bool(survey.unlike) == (accounting == "as-published" or objective == "net")
    assert survey.possible + survey.unlike + survey.unknown + sum(survey.marked.values()) == survey.cells
    said = [note_text(note) for note in sweep.notes if note.key == text]
    assert bool(said) == bool(apart - ranked)


def test_a_cell_becomes_a_scenario_of_its_own(catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, "gpt-3", hardware=("a100",), regions=("gcp:europe-north1",), chips=(1024.0,))
    one = sweep.filled(0, 0)
    alone = fill(
        parse_spec(f"gpt-3@a100@gcp:europe-north1,chips=1024,period={one.texts['period']}"), catalogue, "lifecycle"
    )
    assert {k: r.value for k, r in one.results.items()} == {k: r.value for k, r in alone.results.items()}


@given(
    chips=st.lists(st.integers(1, 10**6), min_size=2, max_size=6, unique=True),
    model=st.sampled_from(["gpt-3", "t5", "llama-2-70b"]),
)
@settings(max_examples=20)
def test_more_chips_never_take_longer_nor_other_energy(chips: list[int], model: str, catalogue: Catalogue) -> None:
    counts = tuple(float(n) for n in sorted(chips))
    sweep = sweep_of(catalogue, model, hardware=("h100",), regions=("gcp:europe-north1",), chips=counts)
    hours = sweep.part.duration.tolist()
    assert hours == sorted(hours, reverse=True)
    assert sweep.part.it_energy == pytest.approx([sweep.part.it_energy[0]] * len(counts), rel=1e-12)


@given(
    machines=st.lists(st.floats(1e-6, 1e12), min_size=1, max_size=40),
    places=st.lists(st.tuples(st.floats(1, 3), st.floats(0, 2000), st.floats(0, 2000)), min_size=1, max_size=20),
    chunk=st.integers(1, 200),
)
def test_blocks_hold_each_product_once_whatever_the_chunk(
    machines: list[float], places: list[tuple[float, float, float]], chunk: int
) -> None:
    it_energy = np.array(machines)
    pue, gross, net = np.array(places).T
    part = Part(np.ones(len(machines)), it_energy, pue, gross, net)
    seen = 0
    for block in blocks(part, chunk):
        assert isinstance(block, Block)
        for n, e in enumerate(machines[block.machines]):
            for p, (u, g, t) in enumerate(places):
                assert block.energy[n, p] == e * u
                assert block.gross[n, p] == e * (u * g / 1000)
                assert block.net[n, p] == e * (u * t / 1000)
        seen += len(block.energy)
    assert seen == len(machines)


def test_twice_the_devices_for_twice_the_hours_is_four_times_the_energy(catalogue: Catalogue) -> None:
    once, twice = (
        fill(parse_spec(f"gpt-3@v100,chips={n},duration={d} d"), catalogue).result("energy_kwh")
        for n, d in ((100, 10), (200, 20))
    )
    assert once
    assert twice == pytest.approx(4 * once, rel=1e-12)


@pytest.mark.parametrize(
    ("hardware", "region", "chips", "mark"),
    [
        ("tpu-v3", "aws:eu-north-*", 1024.0, "elsewhere"),
        ("tpu-v3", "aws:eu-north-1", 10000.0, ""),  # a pair that was named is computed
        ("tpu-v3", "gcp:europe-north1", 10000.0, ""),
        ("trainium2", "gcp:europe-north*", 1024.0, "elsewhere"),
        ("b1*0", "gcp:europe-north1", 1024.0, "nobody"),
        ("b100", "gcp:europe-north*", 1024.0, ""),
        ("trainium2", "aws:us-east-*", 1024.0, ""),
        ("a100", "gcp:europe-north1", 1024.0, ""),
        # 175e9 x 16 bytes are 2,608 GiB: 33 of 80 GiB hold them, 32 do not.
        ("a100", "gcp:europe-north1", 32.0, "memory"),
        ("a100", "gcp:europe-north1", 33.0, "time"),
    ],
)
def test_what_cannot_be_is_marked(hardware: str, region: str, chips: float, mark: str, catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, "gpt-3", hardware=(hardware,), regions=(region,), chips=(chips,))
    assert CODES[sweep.values(slice(0, 1))[1][0, 0]] == mark
    survey = sweep.survey()
    assert bool(survey.best) == (mark == "")
    asked = sweep_of(catalogue, "gpt-3", hardware=(hardware,), regions=(region,), chips=(chips,), marked=True)
    assert asked.survey().best


def test_of_equal_figures_the_fastest_alone_is_pareto_best(catalogue: Catalogue) -> None:
    chips = (100.0, 1000.0, 10_000.0, 100_000.0)
    sweep = sweep_of(catalogue, "gpt-3", hardware=("h100",), regions=("gcp:europe-north1",), chips=chips)
    assert [sweep.chips(cell.machine) for cell in sweep.survey().front] == [100_000.0]


@pytest.mark.parametrize("spec", ["gpt-3", "gpt-3,chips=1024", "llama-2-7b"])
def test_more_chips_than_are_allowed_or_unknown_ones_are_over_the_limit(spec: str, catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, spec, regions=("gcp:europe-north1",), limits=Limits(max_chips=100.0))
    survey = sweep.survey()
    assert not survey.best
    assert survey.over > 0


def test_the_fastest_stands_in_its_best_place_in_the_front_too(catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, "gpt-3", objective="duration")
    survey = sweep.survey(1)
    assert survey.front[0][1:] == survey.best[0][1:]


def test_limits_narrow_the_axes(catalogue: Catalogue) -> None:
    limits = Limits(within=("EU",), min_memory=80.0, max_chips=1000.0)
    sweep = sweep_of(catalogue, "t5", limits=limits, chips=(512.0, 1024.0))
    assert {place.region.record.country for place in sweep.places} <= {"FI", "BE", "DE", "FR", "IE", "IT", "NL", "PL",
                                                                       "ES", "SE", "AT", "DK", "GR"}  # fmt: skip
    assert all(machine.hardware.record.memory.value >= 80 for machine in sweep.machines)
    assert {machine.chips for machine in sweep.machines} == {512.0}


@pytest.mark.parametrize("words", [("DE",), ("de",), ("Germany",), ("germany", "DE")])
def test_a_country_is_called_by_its_letters_or_its_name(catalogue: Catalogue, words: tuple[str, ...]) -> None:
    sweep = sweep_of(catalogue, "t5", limits=Limits(within=words))
    assert {place.region.record.country for place in sweep.places} == {"DE"}


def test_what_was_entered_for_one_machine_or_place_is_left_out_and_said(catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, "gpt-3,power=100 W,pue=1.01,utilisation=40 %")
    assert [note_text(note) for note in sweep.notes] == [
        "GPT-3: power and pue left out: entered for one machine and place"
    ]
    assert all(dict(machine.scenario.given)["utilisation"].value == 0.4 for machine in sweep.machines)


BY_HOURS = "@8xh100@aws:us-east-1,duration=3 d"


@pytest.mark.parametrize("objective", METRICS)
@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize(
    "spec", [BY_HOURS, "@8xh100@aws:us-east-1,chip_hours=576 h", "llama-3.1-8b@8xh100,duration=3 d"]
)
def test_hours_are_those_of_the_jobs_own_hardware_alone(
    spec: str, objective: str, marked: bool, catalogue: Catalogue
) -> None:
    own = "h100-sxm5-80"
    everywhere = sweep_of(catalogue, spec, objective=objective, marked=marked)
    assert {machine.hardware.id for machine in everywhere.machines} == {own}
    assert everywhere.survey().best
    named = sweep_of(catalogue, spec, hardware=("h100", "t4", "tpu-v5e"), objective=objective, marked=marked)
    for against in METRICS:
        survey = named.asked(objective, Limits(), marked=marked, against=against).survey()
        assert {named.machines[cell.machine].hardware.id for cell in (*survey.best, *survey.front)} == {own}
        assert survey.hours == 2 * len(named.places)
        counted = (survey.possible, survey.unknown, survey.over, survey.unlike, survey.hours, *survey.marked.values())
        assert sum(counted) == survey.cells
    for m, _, value, hours, code in cells(named):
        elsewhere = named.machines[m].hardware.id != own
        assert (code == "hours") == elsewhere
        assert not elsewhere or value is hours is None


def test_with_other_chips_the_chip_hours_of_a_job_by_hours_stay(catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, f"{BY_HOURS},count=5", regions=("gcp:us-east4",), chips=(4.0, 8.0, 16.0))
    assert sweep.part.duration.tolist() == pytest.approx([144, 72, 36])
    assert sweep.part.it_energy == pytest.approx([sweep.part.it_energy[0]] * 3, rel=1e-12)


def test_hours_at_a_known_utilisation_are_work_that_other_hardware_can_do(catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, f"{BY_HOURS},utilisation=40 %,count=5", hardware=("h100", "t4"), regions=("gcp:*",))
    of = {machine.hardware.id: n for n, machine in enumerate(sweep.machines)}
    own, other = (sweep.filled(of[name], 0) for name in ("h100-sxm5-80", "t4"))
    assert own.result("duration_h") == pytest.approx(72)
    # 8 x 989.4 TFLOP/s against 8 x 65 TFLOP/s.
    assert other.result("duration_h") == pytest.approx(72 * 989.4 / 65, rel=0.01)
    assert sweep.survey().hours == 0


@pytest.mark.parametrize(
    ("spec", "hardware", "status", "said"),
    [
        (
            ",chips=8,duration=3 d",
            [],
            2,
            "hours alone do not show how long it would take on each hardware: name its hardware",
        ),
        (",chips=8,duration=3 d", ["h100"], 0, "job x 1 hardware x 152 regions"),
        (
            BY_HOURS,
            [],
            0,
            "only its own hardware is compared: hours alone do not show how long other hardware would take",
        ),
        (
            BY_HOURS,
            ["h100", "t4"],
            0,
            "152 are unknown: hours alone do not show how long other hardware would take; add tokens=",
        ),
        (
            BY_HOURS,
            ["t4", "l4"],
            1,
            "304 are unknown: hours alone do not show how long other hardware would take; add tokens=",
        ),
        (BY_HOURS, ["tpu*"], 2, "hours alone do not show how long other hardware would take, and its own is left out"),
    ],
)
def test_the_command_says_that_hours_do_not_rank_hardware(
    spec: str, hardware: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--model", spec, *(["--hardware", *hardware] if hardware else [])]) == status
    out = capsys.readouterr()
    assert said in " ".join((out.out + out.err).split())


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"hardware": ("vv100*",)}, "no hardware matches 'vv100*'"),
        ({"regions": ("gpc:*",)}, "no region matches 'gpc:*'"),
        ({"limits": Limits(within=("Europe",))}, "'Europe' is not EU, a country such as Sweden, or its code"),
        ({"limits": Limits(min_memory=1e6)}, "no hardware has 1e+06 GiB"),
        ({"periods": ("1999",)}, "none of the regions has 1999"),
        ({"chips": (64.0,), "limits": Limits(max_chips=8.0)}, "every number of chips asked for is more than 8"),
    ],
)
def test_what_leaves_nothing_to_sweep_is_said(how: dict[str, object], said: str, catalogue: Catalogue) -> None:
    with pytest.raises(ScenarioError, match=said.replace("*", r"\*").replace("+", r"\+")):
        sweep_of(catalogue, "t5", **how)


def test_every_cell_goes_to_csv(catalogue: Catalogue) -> None:
    hardware, regions = ("v100", "a100", "tpu-v3", "rtx-4090"), ("gcp:eu*", "paper:*", "grid:pl")
    sweep = sweep_of(catalogue, "gpt-3", "t5", hardware=hardware, regions=regions)
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines(sweep)))))
    assert list(rows[0]) == list(COLUMNS)
    for row, (m, p, _, hours, mark) in zip(rows, cells(sweep), strict=True):
        one = sweep.filled(m, p)
        for key in ("energy_kwh", "gross_kgco2e", "net_kgco2e"):
            assert (float(row[key]) if row[key] else None) == one.result(key)
        assert (float(row["duration_h"]) if row["duration_h"] else None) == hours
        assert row["mark"] == mark
        gross = one.results.get("gross_kgco2e")
        assert row["basis"] == (gross.basis if gross is not None else "")
        assert (row["accounting"], row["data"]) == (sweep.question.accounting, f"'{DATA_RELEASE}")
        assert (row["model"], row["hardware"], row["region"]) == (one.model.id, one.hardware.id, one.region.id)  # type: ignore[union-attr]


def test_every_cell_goes_to_parquet(catalogue: Catalogue, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    from carbontui.formats.cells import write_cells

    sweep = sweep_of(catalogue, "gpt-3", "t5", hardware=("v100", "a100", "tpu-v3"), regions=("gcp:eu*", "paper:*"))
    write_cells(str(tmp_path / "cells.parquet"), sweep)
    write_cells(str(tmp_path / "cells.csv"), sweep)
    rows = list(csv.DictReader((tmp_path / "cells.csv").open()))
    table = pq.read_table(tmp_path / "cells.parquet").to_pylist()
    unguarded = [{key: text.removeprefix("'") for key, text in row.items()} for row in rows]
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in table] == unguarded


# The command line


@pytest.mark.parametrize("how", [[], ["--format", "parquet"]])
def test_the_ending_parquet_is_every_cell(how: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    given, every = tmp_path / "given.parquet", tmp_path / "every.parquet"
    arguments = ["sweep", "--model", "t5", "--hardware", "a100", "--region", "gcp:europe-*", "--top", "1"]
    assert main([*arguments, *how, "-o", str(given)]) == 0
    assert (said := capsys.readouterr()).out == ""
    assert said.err == f"wrote {given}\n"
    assert main([*arguments, "--all", str(every)]) == 0
    assert pq.read_table(given).equals(pq.read_table(every))
    assert pq.read_table(given).num_rows > 1
    assert main([*arguments, "-o", str(given)]) == 2
    assert "already exists" in capsys.readouterr().err


def test_only_a_sweep_has_parquet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "t5", "-o", str(tmp_path / "a.parquet")]) == 2
    assert ".parquet: no format has this ending" in capsys.readouterr().err


def test_the_command_finds_what_the_engine_finds(catalogue: Catalogue, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sweep", "--model", "gpt-3", "--hardware", "a100", "h100", "--region", "gcp:europe-*", "--top", "3"]
    assert main([*arguments, "--max-days", "30", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    limits = Limits(max_days=30.0)
    survey = sweep_of(catalogue, "gpt-3", hardware=("a100", "h100"), regions=("gcp:europe-*",), limits=limits).survey(3)
    assert [row["gross_kgco2e"] for row in data["sweep"]["best"]] == [cell.value for cell in survey.best]
    assert [one["results"]["gross_kgco2e"] for one in data["scenarios"]] == [cell.value for cell in survey.best]
    assert data["accounting"] == "lifecycle"
    assert data["sweep"]["limits"] == ["at most 30 d"]


def test_models_are_named_by_globs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--model", "t5*", "meena", "--hardware", "a100", "--format", "json"]) == 0
    best = json.loads(capsys.readouterr().out)["sweep"]["best"]
    assert {cell["model"] for cell in best} <= {"t5", "meena"}
    assert main(["sweep", "--model", "nothing*"]) == 2


def test_where_a_scenario_stands_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--model", "gpt-3@a100@gcp:europe-north1,chips=1024", "--top", "2"]) == 0
    out = capsys.readouterr().out
    assert "GPT-3 A100 GCP Finland unchanged" in out
    assert "are better" in out
    assert "◆" in out


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--max-gross", "1 kgCO2e"], 1, "nothing fits the limits"),
        (["--max-gross", "5 kWh"], 2, "--max-gross"),
        (["--max-days", "-3"], 2, "--max-days"),
        (["--within", "Narnia"], 2, "'Narnia' is not EU, a country such as Sweden"),
        (["--hardware", "tpv-*"], 2, "no hardware matches 'tpv-*'"),
        (["--top", "0"], 2, "--top 0: must be at least 1"),
        (["--chips", "0"], 2, "chips: '0' is not a whole number of at least 1"),
        (["--format", "parquet"], 2, "--format parquet needs -o FILE.parquet"),
        (["--format", "parquet", "-o", "cells.csv"], 2, "--format parquet needs -o FILE.parquet"),
        (["-o", "cells.xyz"], 2, "cells.xyz: no format has this ending; known endings are"),
        (["--all", "cells.txt"], 2, "cells.txt: combinations can only be written to a .csv or .parquet file"),
    ],
)
def test_limits_that_cannot_be_met_and_wrong_ones(
    options: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--model", "t5", "--region", "gcp:europe-*", *options]) == status
    both = capsys.readouterr()
    assert said in both.out + both.err


def test_the_best_cells_open_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "best.toml")
    arguments = ["--region", "gcp:europe-*", "--top", "3", "--format"]
    assert main(["sweep", "--model", "t5", *arguments, "toml", "-o", path]) == 0
    assert main(["sweep", "--model", "t5", *arguments, "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert main(["compare", path, "--format", "json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert [one["results"] for one in again["scenarios"]] == [one["results"] for one in data["scenarios"]]


def test_the_sweeps_json_opens_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "sweep.json")
    assert main(["sweep", "--model", "t5", "--region", "gcp:europe-*", "--format", "json", "-o", path]) == 0
    assert main(["compare", path]) == 0
    assert "T5" in capsys.readouterr().out


def test_a_notebook_sweeps_through_the_package(catalogue: Catalogue) -> None:
    import carbontui

    question = carbontui.engine.sweep.SweepQuestion((carbontui.scenario("gpt-3"),), regions=("gcp:europe-*",))
    found = carbontui.engine.sweep.Sweep(question, catalogue).survey(3)
    assert [cell.value for cell in found.best] == [
        cell.value for cell in sweep_of(catalogue, "gpt-3", regions=("gcp:europe-*",)).survey(3).best
    ]

"""Sweeps: every cell is a scenario of its own, and what is best agrees with looking at each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sweeps import cells, sweep_of

from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.sweep import CODES, MARKS, Block, Limits, Part, blocks
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui.text.notes import note_text
from carbontui_registry.catalogue import Catalogue

MODELS = ("gpt-3", "t5", "transformer-big", "gshard-600b", "llama-2-70b", "bloom-176b", "evolved-transformer-nas")
REGIONS = ("gcp:*", "paper:*", "aws:eu-*", "grid:s*")
HARDWARE = ("v100", "a100", "h100", "p100", "tpu-v2", "tpu-v3", "trainium2", "mi300x")
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
        "GPT-3: the sweep does not use power and pue, entered for one machine and place"
    ]
    assert all(dict(machine.scenario.given)["utilisation"].value == 0.4 for machine in sweep.machines)


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

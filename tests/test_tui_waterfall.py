"""Why as a waterfall: steps in kg and factors from one footprint to the other, in the direction of its title."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui import app_of, on_screen, press

from carbontui.engine.advice import PLACE, START, advise
from carbontui.engine.four_ms import why
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.tui.views.waterfall import factor_text, falling, lines, of_change, relation, waterfall
from carbontui_registry.catalogue import Catalogue

TEN_HOURS = "@h100@gcp:europe-west3,chips=8,duration=10 h"
FACTORS = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=4)


@given(st.floats(1e-3, 1e9), FACTORS, st.integers(8, 120))
def test_each_step_starts_where_the_one_before_ended(first: float, factors: list[float], width: int) -> None:
    last = first * prod(factors)
    steps = [(f"step {n}", "", factor) for n, factor in enumerate(factors)]
    fall = falling(("a", first), ("b", last), steps, "co2e")
    assert [bar.start for bar in fall.bars[1:-1]] == [bar.end for bar in fall.bars[:-2]]
    assert fall.bars[-2].end == fall.bars[-1].end == last
    assert sum(bar.end - bar.start for bar in fall.bars[1:-1]) == pytest.approx(
        last - first, rel=1e-9, abs=1e-9 * max(bar.end for bar in fall.bars)
    )
    assert all(0 <= left <= right <= width for left, right in fall.spans(width))
    assert max(right for _, right in fall.spans(width)) == width


@pytest.mark.parametrize(
    ("ratio", "words", "factor"),
    [(115.0, "115x as high as", "×115"), (1 / 56.5, "56.5x lower than", "÷56.5"), (1.0, "the same as", "×1")],
)
def test_no_factor_is_below_1(ratio: float, words: str, factor: str) -> None:
    assert relation(ratio) == words
    assert factor_text(ratio) == factor


def test_both_ends_are_named_and_the_steps_go_the_way_of_the_title(catalogue: Catalogue) -> None:
    small, large = (fill(parse_spec(spec), catalogue) for spec in ("t5@tpu-v3@gcp:us-central1", "gpt-3"))
    for old, new, words in ((small, large, "as high as"), (large, small, "lower than")):
        found = why(old, new, "gross", catalogue)
        assert found is not None
        fall = waterfall(found, old, new)
        assert fall.title(fall.old, fall.new).startswith(f"{new.name} is ")
        assert f"{words} {old.name}" in fall.title(fall.old, fall.new)
        assert (fall.bars[0].end, fall.bars[-1].end) == (old.result("gross_kgco2e"), new.result("gross_kgco2e"))
        assert prod(bar.factor for bar in fall.bars if bar.factor) == pytest.approx(fall.ratio)
        assert all(len(line) <= 90 for line in lines(fall, 70))


def test_from_a_job_to_its_advice(catalogue: Catalogue) -> None:
    advice = advise(parse_spec(TEN_HOURS), catalogue)
    by_kind = {change.kind: change for change in (*advice.changes, *advice.doubtful)}
    for kind in (PLACE, START):
        fall = of_change(advice, by_kind[kind], catalogue)
        assert fall is not None
        saved = fall.bars[0].end - fall.bars[-1].end
        assert saved == pytest.approx(by_kind[kind].saves)
        assert fall.bars[0].name == advice.own.name


def test_what_changes_is_named_also_on_the_same_hardware(catalogue: Catalogue) -> None:
    old, new = (
        fill(parse_spec(f"@t4@gcp:us-west1,chips=1,duration=2 h,count={count}"), catalogue) for count in (10, 5)
    )
    found = why(old, new, "gross", catalogue)
    assert found is not None
    changes = {bar.name: bar.change for bar in waterfall(found, old, new).bars}
    assert changes["machine"] == "10 → 5 runs"
    assert changes["carbon factor"] == "same carbon factor"


async def test_the_sweep_says_why_a_cell_differs_from_the_scenario(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@a100@gcp:europe-north1,chips=1024")
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("sweep")
        await press(pilot, "w")
        text = on_screen(app)
        assert "lower than GPT-3 A100 GCP Finland: 43.7 t to" in text
        assert "PUE" in text
        await press(pilot, "escape", *["m"] * 3, "w")
        assert "does not split" in on_screen(app)


async def test_advice_is_drawn_as_a_waterfall(catalogue: Catalogue) -> None:
    app = app_of(catalogue, TEN_HOURS)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "A")
        text = on_screen(app)
        assert "lower than H100 GCP Frankfurt" in text
        assert "carbon factor " in text
        assert "█" in text

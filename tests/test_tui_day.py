"""The mean day of a region: drawn by local hours, with the best start marked, on every screen that shows a region."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui import app_of, go_to, on_screen, press, said

from carbontui.engine.best_start import Start, mean_over
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.tui.views.braille import BLANK
from carbontui.tui.views.day import BARS, Day, axis, curve, day_lines, day_of, sparkline, start_text
from carbontui_registry.catalogue import Catalogue

TEN_HOURS = "@h100@gcp:europe-west3,chips=8,duration=10 h"
SHAPES = st.lists(st.floats(0.2, 2.0), min_size=24, max_size=24).map(tuple)


def day(shape: tuple[float, ...], best: Start | None = None, worst: Start | None = None) -> Day:
    return Day("Acme", "2024", "Europe/Berlin", shape, "", best, worst)


@given(SHAPES)
def test_a_bar_an_hour_from_the_lowest_to_the_highest(shape: tuple[float, ...]) -> None:
    bars = sparkline(day(shape))
    assert len(bars) == 24
    assert bars[shape.index(min(shape))] == BARS[0]
    ranks = [BARS.index(bar) for bar in bars]
    assert [rank for _, rank in sorted(zip(shape, ranks, strict=True))] == sorted(ranks)


@given(SHAPES, st.integers(20, 120), st.integers(1, 12))
def test_a_curve_keeps_to_its_width_and_height_and_has_no_gap(
    shape: tuple[float, ...], width: int, height: int
) -> None:
    lines = curve(day(shape), width, height)
    assert len(lines) == height
    assert all(len(line) <= width for line in lines)
    drawn = {x for line in lines for x, char in enumerate(line) if ord(char) > BLANK}
    assert drawn == set(range(min(drawn), max(drawn) + 1))
    assert max(drawn) == width - 1


def test_the_mark_stands_under_the_hour_and_the_hours_under_theirs() -> None:
    shape = tuple(1.0 + (hour == 5) * -0.5 + (hour == 20) * 0.5 for hour in range(24))
    hours, mark = axis(day(shape), 24)
    assert [hours.index(text) for text in ("00", "06", "12", "18")] == [0, 6, 12, 18]
    assert mark.index("▲") == 5
    started = day(shape, Start(3, 0.9), Start(18, 1.1))
    assert axis(started, 24)[1].index("▲") == 3
    assert axis(started, 48)[1].index("▲") in (6, 7)


@pytest.mark.parametrize(
    ("best", "worst", "said"),
    [
        (Start(3, 0.9), Start(18, 1.1), "best start 03:00 saves 10 % compared with an average start; worst 18:00"),
        (Start(3, 0.998), Start(18, 1.001), "next to nothing, because the job is long"),
        (Start(3, 1 - 7.6e-7), Start(18, 1.001), "no start is better: the best saves less than 0.1 %"),
        (Start(3, 1.0), Start(18, 1.0), "no start is better: the job takes whole days"),
        (None, None, "lowest at 05:00, -50 %; highest at 20:00, +50 % relative to the day's mean"),
    ],
)
def test_what_a_start_saves_in_words(best: Start | None, worst: Start | None, said: str) -> None:
    shape = tuple(1.0 + (hour == 5) * -0.5 + (hour == 20) * 0.5 for hour in range(24))
    assert said in start_text(day(shape, best, worst))


def test_the_best_start_is_that_of_the_job_in_its_region(catalogue: Catalogue) -> None:
    one = fill(parse_spec(TEN_HOURS), catalogue, "lifecycle")
    found = day_of(one.region, catalogue, one)
    assert found is not None
    assert found.best is not None
    by_hand = min(range(24), key=lambda hour: sum(found.shape[(hour + n) % 24] for n in range(10)))
    assert found.best.hour == by_hand
    assert found.best.relative == pytest.approx(mean_over(found.shape, by_hand, 10))
    texts = [line.text for line in day_lines(one.region, catalogue, one, width=40, height=5)]
    assert texts[0] == f"mean day of Germany in {found.period}, Europe/Berlin"
    assert any("not a forecast" in text for text in texts)
    assert day_lines(catalogue.find("region", "aws:ap-south-1"), catalogue) == []
    assert day_lines(None, catalogue) == []


async def test_when_is_asked_on_every_screen(catalogue: Catalogue) -> None:
    app = app_of(catalogue, TEN_HOURS, "@h100@aws:ap-south-1,chips=8,duration=10 h")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "H")
        text = on_screen(app)
        assert "mean day of Germany" in text
        assert "best start" in text
        await press(pilot, "escape", "right", "H")
        text = " ".join(on_screen(app).split())
        assert "no mean day is known for aws:ap-south-1 or its grid" in text
        assert "48 regions have a mean day" in text
        assert "Germany" in text
        await press(pilot, "escape", "left")
        await app.action_go("sweep")
        await press(pilot, "H")
        assert "When: " in on_screen(app)
        await press(pilot, "escape")
        await app.action_go("registry")
        await press(pilot, "H")
        assert "only regions have a mean day" in said(app)
        await press(pilot, "tab", "slash", "'grid:de", "enter")
        assert "mean day of Germany" in on_screen(app)
        assert "lowest at" in on_screen(app)
        await press(pilot, "H")
        assert "waiting for the best start saves" in " ".join(on_screen(app).split())


async def test_the_picker_of_regions_shows_the_day_of_each(catalogue: Catalogue) -> None:
    app = app_of(catalogue, TEN_HOURS)
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, 0, "region")
        await press(pilot, "enter", "'grid:de")
        assert any(bar in on_screen(app) for bar in BARS[1:])
        assert "lowest at" in on_screen(app)
        await press(pilot, *["backspace"] * 7, "'aws:ap-south-1")
        assert "no mean day is known" in on_screen(app)


def test_where_no_start_is_better_none_is_marked(catalogue: Catalogue) -> None:
    one = fill(parse_spec("@h100@aws:us-east-1,chips=8,duration=3 d"), catalogue)
    of_job = day_of(one.region, catalogue, one)
    assert of_job is not None
    assert start_text(of_job) == "no start is better: the job takes whole days"
    assert axis(of_job, 24)[1] == ""
    of_region = day_of(one.region, catalogue)
    assert of_region is not None
    assert "▲" in axis(of_region, 24)[1]

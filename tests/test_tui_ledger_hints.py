"""What the ledger says first: who says where jobs ran, which column sorts, which jobs an estimate is for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ledger_screen import details, opened, rows, screen_of, settled
from tui import SIZES, app_of, on_screen, press, rest, said, type_in, until

from carbontui.tui.widgets.picker import ChoiceList
from carbontui.tui.widgets.table import Table
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize("size", SIZES)
async def test_where_nobody_says_where_jobs_ran_the_key_that_does_is_named(
    catalogue: Catalogue, here: Path, size: tuple[int, int]
) -> None:
    cluster = (here / "cluster.toml").read_text()
    (here / "cluster.toml").unlink()
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        says = "8 runs have no region: [C] says where the jobs ran"
        assert said(app).startswith(says)
        assert [row[0] for row in rows(app)][-2:] == ["total", says]
        assert says in on_screen(app)
        assert on_screen(app).splitlines()[-1].startswith(" C where jobs ran  enter compare")
        await press(pilot, "end", "z")
        assert said(app).startswith(says)
        # The line below the total is of all runs, as the total is.
        some = screen_of(app).some()
        assert some is not None
        assert len(some.rows) == 8
        await press(pilot, "question_mark")
        assert "Say where and on what jobs ran: a cluster file" in " ".join(on_screen(app).split())
        await press(pilot, "escape")
        # Energy needs no place.
        await press(pilot, "m", "m")
        await settled(app, pilot)
        assert "where the jobs ran" not in on_screen(app)
        assert rows(app)[-1] == ("[C] adds what is missing: W per CPU core (1 run), type of GPU (1 run)",)
        assert on_screen(app).splitlines()[-1].startswith(" C what is missing  enter compare")
        await press(pilot, "m", "m", "m")
        await settled(app, pilot)
        (here / "lab.toml").write_text(cluster)
        await press(pilot, "C")
        await type_in(pilot, "lab.toml")
        await settled(app, pilot)
        assert [row[0] for row in rows(app)][-1] == "total"
        assert "where the jobs ran" not in on_screen(app)
        assert on_screen(app).splitlines()[-1].startswith(" enter compare")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES)
async def test_the_column_that_sorts_has_an_arrow(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)

        async def marked(times: int) -> list[str]:
            found = []
            for _ in range(times):
                titles = [column.title for column in app.screen.query_one(Table).columns]
                (sorts,) = [title for title in titles if title[-1:] in "▲▼" and title]
                assert f"{sorts} " in on_screen(app).splitlines()[3]
                found.append(sorts)
                await press(pilot, "z")
            return found

        assert await marked(3) == ["month▲", "chip-hours▼", "gross CO2e▼"]
        await press(pilot, "T")
        assert await marked(4) == ["gross CO2e▼", "run▲", "began▲", "time▼"]


@pytest.mark.usefixtures("here")
async def test_estimates_beside_meters_say_which_jobs_they_are_for(catalogue: Catalogue) -> None:
    for size in SIZES:
        app = app_of(catalogue, "t5")
        async with app.run_test(size=size) as pilot:
            await opened(app, pilot)
            await press(pilot, "z")
            words = " ".join(" ".join(details(app)).split())
            assert "these estimates are for jobs on 4 to 8 chips + CPU, at the meter's boundary; runs without" in words
            assert "estimated at the wall, which adds the rest of the server" in words
            assert "these estimates are for jobs" in on_screen(app)
            if size[0] > 100:
                assert re.search(
                    r"estimate for\nA100 SXM4 80 GB .* 1\.07x  jobs on 4 to 8 chips \+ CPU", "\n".join(details(app))
                )


@pytest.mark.usefixtures("here")
async def test_a_country_is_found_by_its_name_before_datacenters_in_it(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "p", "'germany")
        await until(pilot, lambda: bool(app.screen.query(ChoiceList)))
        listed = app.screen.query_one(ChoiceList)
        await until(pilot, lambda: bool(listed.choices) and listed.choices[0].name == "Germany")
        await press(pilot, *["backspace"] * 7, "'nowhere at all")
        await rest(pilot)
        assert not listed.choices


async def test_who_types_a_country_at_once_is_still_asked_where_jobs_ran(catalogue: Catalogue, here: Path) -> None:
    (here / "cluster.toml").unlink()
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "C", "'germany")
        await rest(pilot)
        assert "new: choose where the jobs ran" in on_screen(app)
        await press(pilot, "enter")
        await rest(pilot)
        assert "Where did these jobs run?" in on_screen(app)

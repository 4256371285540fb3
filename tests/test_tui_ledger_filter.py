"""The filter of the ledger in the app: what is shown is what is added up."""

from __future__ import annotations

import shutil

import pytest
from ledger_screen import DATA, details, opened, rows, screen_of, settled
from textual.pilot import Pilot
from tui import app_of, names, press, said, type_in, until

from carbontui.tui.app import CarbonApp
from carbontui_registry.catalogue import Catalogue

FILTERED = "filter 'ben': total of 5 of 8 runs, 2.76 kg of 33.3 kg gross CO2e (8.3 %)"


async def filtered(app: CarbonApp, pilot: Pilot[int], word: str) -> None:
    await press(pilot, "slash", *(f"'{letter}" for letter in word), "enter")
    await settled(app, pilot)


@pytest.mark.usefixtures("here")
async def test_the_total_is_of_what_the_filter_shows(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(app, pilot)
        while screen_of(app).by != "user":
            await press(pilot, "g")
            await settled(app, pilot)
        whole = {row[0]: row for row in rows(app)}
        assert whole["total"][1] == "8"
        await filtered(app, pilot, "ben")
        one, total = rows(app)
        assert (one[0], total[0]) == ("ben", "total shown")
        assert (one[1], total[1]) == ("5", "5 of 8")
        # Energy, CO2e and its range are those of the one group; its share and its bar are of what is shown.
        assert one[2:6] == total[2:6]
        assert one[6] == "100 %"
        assert "█" * 20 in one[-1]
        assert any(line.startswith(FILTERED) for line in details(app))
        assert "1 of 2 groups, 5 of 8 runs" in said(app)
        assert not any("is from metered runs" in line for line in details(app))
        # What is taken from the total is of what is shown, too.
        await press(pilot, "down", "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert names(app) == ["T5", "runs with ben, Jan to Feb 2026"]
        assert app.comparison.scenarios[1].inputs["count"].value == 5
        await press(pilot, "7", "slash", "delete", "enter")
        await settled(app, pilot)
        assert {row[0]: row for row in rows(app)} == whole
        assert not any(line.startswith("filter") for line in details(app))


@pytest.mark.usefixtures("here")
async def test_the_filter_of_runs_says_what_they_come_to(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "T")
        await filtered(app, pilot, "ben")
        assert len(rows(app)) == 5
        assert any(line.startswith(FILTERED) for line in details(app))
        # No month is called so.
        await press(pilot, "T")
        await settled(app, pilot)
        assert [row[:2] for row in rows(app)] == [("total shown", "0 of 8")]
        assert "0 of 2 groups, 0 of 8 runs" in said(app)
        await press(pilot, "enter")
        assert app.tab == "ledger"


@pytest.mark.usefixtures("here")
async def test_a_filter_stays_with_another_metric_and_more_logs(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await filtered(app, pilot, "2026-01")
        await press(pilot, "m", "m")
        await settled(app, pilot)
        assert any(line.startswith("filter '2026-01': total of 3 of 8 runs, 92.6 kWh of") for line in details(app))
        shutil.copy(DATA / "eco2ai.csv", ".")
        await press(pilot, "o")
        await type_in(pilot, "eco2ai.csv")
        await settled(app, pilot)
        assert "of 11 runs" in details(app)[0]
        assert rows(app)[-1][0] == "total shown"

"""What the ledger in the app gives to Compare and to Map: jobs that are taken, and a month planned elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ledger_screen import DATA, opened, rows, screen_ledger, screen_of, settled
from tui import SIZES, app_of, cell, names, press, said, sheet, type_in, until

from carbontui.engine.ledger.elsewhere import elsewhere, groups_elsewhere
from carbontui.text import display
from carbontui_registry.catalogue import Catalogue


@pytest.mark.usefixtures("here")
async def test_what_is_in_compare_is_not_added_again(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for key in ("end", ""):
            await press(pilot, *([key] if key else []), "enter")
            await until(pilot, lambda: app.tab == "compare")
            await press(pilot, "7")
            if key:
                taken = names(app)
        assert names(app) == taken
        assert len(taken) == len(set(taken)) > 2
        assert all(name.startswith("all runs, Jan to Feb 2026") for name in taken[1:])
        await press(pilot, "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert said(app) == "already in Compare ([d] duplicate)"


async def test_what_was_taken_is_brought_up_to_date(catalogue: Catalogue, here: Path) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        while screen_of(app).by != "account":
            await press(pilot, "g")
            await settled(app, pilot)
        await press(pilot, "down", "enter")
        await until(pilot, lambda: app.tab == "compare")
        header, *lines = (here / "jobs.txt").read_text(encoding="utf-8").splitlines()
        last = dict(zip(header.split("|"), lines[0].split("|"), strict=True))
        last |= {"JobID": "2000", "Account": "vision", "Start": "2026-02-20T08:00:00", "ConsumedEnergyRaw": ""}
        (here / "more.txt").write_text(f"{header}\n{'|'.join(last.values())}\n", encoding="utf-8")
        await press(pilot, "7", "o")
        await type_in(pilot, "more.txt")
        await settled(app, pilot)
        await press(pilot, *["down"] * [row[0] for row in rows(app)].index("vision"), "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert names(app) == ["T5", "vision, Jan to Feb 2026"]
        assert app.comparison.scenarios[1].inputs["count"].value == 6
        assert said(app).startswith("Updated 1 scenario ([u] undo)")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("key", "label"), [("T", "Metered IT"), ("down", "IT energy")])
async def test_only_an_energy_of_a_meter_is_called_metered(catalogue: Catalogue, key: str, label: str) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(app, pilot)
        while screen_of(app).by != "account":
            await press(pilot, "g")
            await settled(app, pilot)
        await press(pilot, key, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: len(names(app)) == 3)
        row = next(row for row in sheet(app).rows if row.key == "it_energy")
        assert row.label == label
        assert cell(app, "it_energy", 2).endswith("~") is (label == "IT energy")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES)
async def test_a_month_is_planned_elsewhere(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare" and "the baseline is now" in said(app))
        assert names(app) == ["all runs, Jan 2026", "AWS Stockholm: all runs, Jan 2026"]
        assert "replaced the paper's six runs" in said(app)
        was, there = app.comparison.scenarios
        energy = 72.028 + 6 * 0.344
        for one in (was, there):
            assert one.results["it_energy_kwh"].value == pytest.approx(energy)
        assert was.results["energy_kwh"].value == pytest.approx(energy * 1.25)
        assert there.region is not None
        assert there.region.id == "aws:eu-north-1"
        # As the ledger has them, and as the command line does.
        ledger = screen_ledger(app)
        account = ledger.account(("month",))
        assert was.results["gross_kgco2e"].value == pytest.approx(account.groups[0].sums["gross_kgco2e"].value)
        found = groups_elsewhere(ledger, elsewhere(ledger, there.region, catalogue), ("month",), "gross")["2026-01",]
        ratio = app.comparison.ratios[1]["gross"]
        assert ratio.value == pytest.approx(found.ratio)
        assert app.workspace.question.baseline == 0
        assert app.workspace.question.accounting == "lifecycle"
        # The power that the two share cancels: what is left is of the places.
        assert ratio.spread is not None
        kg = [display.shown(one.results["gross_kgco2e"].value, "co2e") for one in (was, there)]
        assert said(app) == (
            f"all runs, Jan 2026 in AWS Stockholm: {kg[0]} → {kg[1]} gross CO2e"
            f" ({display.times(ratio.value)}); added 2 scenarios ([u] undo);"
            " replaced the paper's six runs; the baseline is now the original runs"
        )
        await press(pilot, "u")
        assert len(names(app)) == 6
        assert app.workspace.question.accounting == "as-published"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("keys", [("down", "p"), ("g", "g", "p"), ("T", "down", "p"), ("end", "p")])
async def test_elsewhere_is_of_the_row_under_the_cursor(catalogue: Catalogue, keys: tuple[str, ...]) -> None:
    app = app_of(catalogue, "t5", "gpt-3")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for key in keys[:-1]:
            await press(pilot, key)
            await settled(app, pilot)
        row = rows(app)[screen_of(app).table.cursor]
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        was, there = app.workspace.question.scenarios[1:3]
        words = {"2026-02": "all runs, Feb 2026", "total": "all runs, Jan to Feb 2026"}
        assert was.name.startswith(words.get(row[0], row[0]))
        assert there.name == f"AWS Stockholm: {was.name}"
        # The same once more changes nothing, and says so.
        before = app.workspace.question
        await press(pilot, "7")
        await settled(app, pilot)
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert app.workspace.question == before
        assert said(app).endswith("; already in Compare ([d] duplicate)")
        # A person's own comparison keeps its baseline and its accounting.
        assert "baseline" not in said(app)
        assert f"{was.name} in AWS Stockholm: " in said(app)
        assert (before.baseline, before.accounting) == (0, "as-published")


async def test_what_rests_on_an_assumed_pue_is_marked_in_compare(catalogue: Catalogue, here: Path) -> None:
    text = (here / "cluster.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("pue")]
    (here / "cluster.toml").write_text("\n".join(kept), encoding="utf-8")
    shutil.copy(DATA / "codecarbon_emissions_sample.csv", here / "tracked.csv")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "o")
        await type_in(pilot, "tracked.csv")
        await settled(app, pilot)
        await press(pilot, "end", "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        was = app.comparison.scenarios[1]
        for key in ("pue", "gross"):
            assert was.inputs[key].basis == "assumed", key
            assert was.inputs[key].spread, key
        # The range is that of the ledger's sum, with or without the mark.
        ledger = screen_ledger(app)
        summed = ledger.account(("month",)).total.sums["gross_kgco2e"]
        assert summed.interval is not None
        assert was.results["gross_kgco2e"].interval == pytest.approx(summed.interval, rel=0.03)


async def test_a_sum_asks_for_no_one_machine_or_place(catalogue: Catalogue, here: Path) -> None:
    shutil.copy(DATA / "codecarbon_emissions_sample.csv", here / "tracked.csv")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "o")
        await type_in(pilot, "tracked.csv")
        await settled(app, pilot)
        await press(pilot, "end", "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert (cell(app, "hardware", 1), cell(app, "region", 1)) == ("–", "–")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES)
async def test_what_is_planned_elsewhere_is_in_sight_beside_ones_own(
    catalogue: Catalogue, size: tuple[int, int]
) -> None:
    app = app_of(catalogue, "t5", "gpt-3", "meena", "gshard-600b", "switch-transformer")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "end")
        await opened(app, pilot)
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare" and "in AWS Stockholm" in said(app))
        assert {5, 6} <= set(sheet(app).columns_shown)
        assert sheet(app).column == 5

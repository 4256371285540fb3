"""One run in the ledger on the screen: what is said of it, and the way back from it, step by step."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_screen import details, opened, rows, screen_of, settled
from tui import SIZES, app_of, offered, on_screen, press, said, until

from carbontui.tui.screens.file_kinds import Picker
from carbontui.tui.screens.reader import Reader
from carbontui_registry.catalogue import Catalogue


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES)
async def test_the_details_are_of_the_run_under_the_cursor(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        whole = details(app)
        if whole[0].endswith("largest first"):
            whole = whole[whole.index("") + 1 :]
        assert "[O] counts" not in " ".join(whole)
        await press(pilot, "T")
        assert details(app)[0] == rows(app)[0][0] == "1001 pretrain"
        assert any("by its own meter (node)" in line for line in details(app))
        assert details(app)[-len(whole) :] == whole
        # What is looked up for a run without a meter is an estimate, and is marked.
        at = next(n for n, row in enumerate(rows(app)) if "estimated" in row)
        await press(pilot, *["down"] * at)
        assert details(app)[0] == rows(app)[at][0]
        assert rows(app)[at][-1].endswith(" ~")
        assert any("~" in line and "by an estimate (system)" in line for line in details(app))
        assert any("90 % range" in line for line in details(app)[:5])
        assert details(app)[0] in on_screen(app).split("─" * 20)[-1]
        assert "gross CO2e of each run" in said(app)
        assert "sorted by value" not in said(app)


@pytest.mark.usefixtures("here")
async def test_escape_goes_back_one_step_at_a_time(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "T", "slash", "'ben", "enter")
        await settled(app, pilot)
        assert len(rows(app)) == 5
        await press(pilot, "escape")
        await settled(app, pilot)
        assert (app.tab, len(rows(app)), screen_of(app).each) == ("ledger", 8, True)
        await press(pilot, "escape")
        await settled(app, pilot)
        assert (app.tab, screen_of(app).each) == ("ledger", False)
        assert [row[0] for row in rows(app)] == ["2026-01", "2026-02", "total"]
        await press(pilot, "escape")
        assert app.tab == "compare"


@pytest.mark.usefixtures("here")
async def test_notes_are_read_in_full(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "7", "n")
        assert "no logs yet" in said(app)
        await opened(app, pilot)
        await press(pilot, "n")
        reader = app.screen
        assert isinstance(reader, Reader)
        assert "uses cluster file cluster.toml" in reader.text
        assert max(map(len, reader.text.splitlines()[:3])) <= 68


@pytest.mark.usefixtures("here")
async def test_hardware_and_regions_have_their_names(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for by, id_ in (("hardware", "a100-sxm4-80"), ("region", "grid:de")):
            while screen_of(app).by != by:
                await press(pilot, "g")
                await settled(app, pilot)
            record = getattr(catalogue, by)(id_).record
            assert record.name in [row[0] for row in rows(app)]
            assert id_ not in on_screen(app)
            # Either finds it, as it is written.
            for words in (id_, record.name.lower()):
                await press(pilot, "slash", *("space" if one == " " else f"'{one}" for one in words))
                await press(pilot, "enter")
                await settled(app, pilot)
                assert [row[0] for row in rows(app)][:-1] == [record.name]
                await press(pilot, "escape")
                await settled(app, pilot)


@pytest.mark.usefixtures("here")
async def test_what_is_taken_is_looked_at_by_the_metric_of_the_ledger(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5", metric="cost")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert app.workspace.question.metric == "gross"
        await press(pilot, "u")
        assert app.workspace.question.metric == "cost"
        await press(pilot, "7", "m", "m")
        await settled(app, pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert app.workspace.question.metric == "energy"


async def test_of_a_log_that_does_not_say_what_it_is_the_kind_is_asked(catalogue: Catalogue, here: Path) -> None:
    # A table without the line that names its columns.
    text = (here / "jobs.txt").read_text(encoding="utf-8")
    (here / "odd.csv").write_text(f"# from the cluster\n{text}", encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "7", "o", "'odd.csv", "enter")
        await until(pilot, lambda: isinstance(app.screen, Picker))
        await press(pilot)
        assert {"slurm", "codecarbon"} <= set(offered(app))
        await press(pilot, "escape")
        assert app.workspace.logs.paths == ()
        await press(pilot, "o", "'odd.csv", "enter")
        await until(pilot, lambda: isinstance(app.screen, Picker))
        await press(pilot, "'slurm", "enter")
        await settled(app, pilot)
        # Whether it can be read is another question, whose answer is about this kind.
        assert "KIND must be given" not in said(app)

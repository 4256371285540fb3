"""The work of the app is kept for its next start, and none takes another's."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui import app_of, names, on_screen, press, rest, type_in, until

from carbontui import cli
from carbontui.engine.comparison import Question
from carbontui.engine.scenario import Scenario
from carbontui.spec import parse_spec
from carbontui.tui import autosave, recent, sessions
from carbontui.tui.app import CarbonApp
from carbontui.tui.workspace import Workspace
from carbontui_registry.catalogue import Catalogue


async def test_work_is_kept_for_the_next_start(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d", "r")
        await type_in(pilot, "mine")
        await press(pilot, "m")
    left = autosave.load(None)
    assert left is not None
    again = CarbonApp(catalogue, left)
    async with again.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert names(again) == names(app)
        assert again.comparison.question.metric == "net"
        assert "paper-2021 *" in on_screen(again)


async def test_how_the_work_is_looked_at_is_kept_too(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "T", "l", "v")
    left = autosave.load(None)
    assert left is not None
    again = CarbonApp(catalogue, left)
    async with again.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert again.home.has_class("transposed")
        assert again.workspace.looks == {"rows": True, "log_scale": True, "unit": "tonnes"}
        await press(pilot, "T", "l", "v", "v", *["v"] * 9)
        assert "6 scenarios" not in on_screen(again)


async def test_the_last_key_before_leaving_is_kept(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        app.home.action_duplicate()
        app.action_leave()
        await pilot.pause()
    left = autosave.load(None)
    assert left is not None
    assert len(left.question.scenarios) == 7


async def test_work_that_cannot_be_kept_is_said_and_goes_on(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path / "file"))
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: "cannot be saved" in on_screen(app))
        assert len(names(app)) == 7


def test_the_work_of_another_session_becomes_a_file_that_is_named(
    catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was kept as the second one, which is not open any more."""
    left = Workspace(Question((parse_spec("t5"),)), Scenario(hardware="h100", region="grid:fr"))
    autosave._numbers[None] = 2
    try:
        assert autosave.save(left, None) is None
        path = Path(autosave.path_of(None))
    finally:
        autosave.release(None)
    try:
        told = sessions.begin(None, catalogue)
        where = path.with_name("work-2-of-another-session.toml")
        assert told == f"the work of another session is in {where}"
        assert not path.exists()
        assert recent.latest("file") == [str(where)]
        assert cli.main(["compare", str(where)]) == 0
        shown = capsys.readouterr().out
        assert "T5" in shown
        assert "H100" in shown
        assert sessions.begin(None, catalogue) == ""
    finally:
        autosave.release(None)

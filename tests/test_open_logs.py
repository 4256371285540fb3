"""`carbontui LOG...`: the app on the ledger, or its account where there is no terminal."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tui import said, until

from carbontui.cli import main
from carbontui.tui import autosave
from carbontui.tui.app import CarbonApp
from carbontui.tui.start import run
from carbontui.tui.workspace import Logs, beside, first_start
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
SACCT, ECO2AI, CLUSTER = (str(DATA / name) for name in ("slurm_sacct.txt", "eco2ai.csv", "cluster.toml"))


def test_logs_without_a_terminal_are_an_account(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    budget = tmp_path / "budget.toml"
    budget.write_text('metric = "energy"\nlimit = "90 kWh"\nfrom = 2026-01-01\nto = 2026-12-31\n', encoding="utf-8")
    assert main([SACCT, ECO2AI, "--cluster", CLUSTER, "--budget", str(budget)]) == 1
    opened = capsys.readouterr()
    assert main(["ledger", SACCT, ECO2AI, "--cluster", CLUSTER, "--budget", str(budget)]) == 1
    assert opened == capsys.readouterr()
    assert "exceeded by" in opened.out


def test_one_comparison_and_no_word_for_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    comparison = tmp_path / "one.toml"
    assert main(["compare", "t5", "-o", str(comparison)]) == 0
    other = shutil.copy(comparison, tmp_path / "other.toml")
    unknown = tmp_path / "notes.txt"
    unknown.write_text("to do\n", encoding="utf-8")
    capsys.readouterr()
    for words, right in (
        ([str(comparison), str(other)], "the app opens one comparison; carbontui compare takes several"),
        ([str(comparison), SACCT], "is a log, but"),
        ([str(comparison), "--cluster", CLUSTER], "--cluster: only applies to logs, and no log was given"),
        ([str(unknown)], "its KIND must be given"),
    ):
        assert main(["open", *words]) == 2
        assert right in capsys.readouterr().err


def test_logs_are_opened_beside_those_that_were_open() -> None:
    kept = Logs(("/logs/a.csv",), "/etc/cluster.toml", "/etc/budget.toml", as_one=True)
    both = beside(kept, Logs(("/logs/b.csv", "/logs/a.csv", "/logs/b.csv"), budgets="/etc/other.toml"))
    assert both == Logs(("/logs/a.csv", "/logs/b.csv"), "/etc/cluster.toml", "/etc/other.toml", as_one=True)
    assert beside(kept, Logs()) == kept


def test_the_kind_that_was_said_of_a_log_is_kept_with_it() -> None:
    logs = Logs(("/logs/a.csv",), kinds=(("/logs/a.csv", "slurm"),))
    assert autosave.save(first_start().replace(logs=logs), None) is None
    kept = autosave.load(None)
    assert kept is not None
    assert kept.logs == logs


@pytest.mark.parametrize("named", ["-", ""])
def test_of_a_pipe_one_says_what_wrote_it(capsys: pytest.CaptureFixture[str], tmp_path: Path, named: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert main(["ledger", named or str(pipe)]) == 2
    assert "can only be read once; kinds are" in capsys.readouterr().err


@pytest.mark.parametrize("named", [[], [SACCT]])
def test_what_is_wrong_in_the_configuration_is_what_the_app_says_first(
    monkeypatch: pytest.MonkeyPatch, named: list[str]
) -> None:
    folder = Path(os.environ["CARBONTUI_CONFIG"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text('[app]\ntheme = "nosuch"\n', encoding="utf-8")
    seen: list[str] = []
    monkeypatch.setattr(CarbonApp, "run", lambda app: seen.append(app.greeting) or 0)
    monkeypatch.setattr("carbontui.tui.start.signal.signal", lambda *_: None)
    assert run(None, open_catalogue, open_catalogue, Logs(tuple(named))) == 0
    assert seen[0].startswith("app.theme: nosuch is not known; carbontui's themes are")
    # What else there is to say at a first start follows.
    assert seen[0].endswith("the six runs of Patterson et al. 2021, shown here") == (not named)


async def test_the_first_line_is_said_with_what_logs_brought(catalogue: Catalogue) -> None:
    app = CarbonApp(catalogue, first_start(), logs=Logs((SACCT,)))
    app.greeting = "app.theme: nosuch is not known"
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "opened" in said(app))
        assert said(app) == "app.theme: nosuch is not known; opened slurm_sacct.txt: 8 runs"

"""What the ledger looks like, at three sizes, dark and light; `pytest --snapshot-update` makes new pictures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui import SIZES, app_of, press, rest, until

from carbontui.tui.screens.ledger.screen import LedgerScreen
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
# Two months of two accounts: a job without a place, one of GPUs that nobody knows, one that failed.
JOBS = """JobID|JobName|User|Account|Partition|State|Start|ElapsedRaw|AllocTRES|ConsumedEnergyRaw
1|train|ana|nlp|gpu|COMPLETED|2026-01-05T08:00:00|86400|gres/gpu:a100=8,node=1|259200000
2|train|ana|nlp|far|COMPLETED|2026-01-06T08:00:00|86400|gres/gpu:a100=8,node=1|129600000
3|odd|ben|nlp|gpu|COMPLETED|2026-02-07T08:00:00|86400|gres/gpu:odd=8,node=1|
4|sweep|ben|vision|gpu|FAILED|2026-02-08T08:00:00|36000|gres/gpu:a100=8,node=1|
5|sweep|ben|vision|gpu|COMPLETED|2026-02-09T08:00:00|36000|gres/gpu:a100=4,node=1|18000000
"""
CLUSTER = """pue = 1.25
[gres]
a100 = "a100-sxm4-80"
[partitions.gpu]
region = "grid:de"
"""
BUDGET = '[[budget]]\nname = "2026"\nmetric = "gross"\nlimit = "150 kgCO2e"\nfrom = 2026-01-01\nto = 2026-12-31\n'
# Keys after a log was opened.
SHOWN: dict[str, tuple[str, ...]] = {
    "all-known": ("'jobs.txt", "enter"),
    "some-known": ("'some.txt", "enter", "g", "g", "down"),
    "budget": ("'some.txt", "enter", "B", "'budget.toml", "enter"),
    "runs": ("'some.txt", "enter", "T", "down"),
}


@pytest.mark.parametrize("theme", ["carbon-dark", "carbon-light"])
@pytest.mark.parametrize("size", [*SIZES, (200, 60)], ids=["80x24", "120x40", "200x60"])
@pytest.mark.parametrize("name", SHOWN)
def test_snapshot(
    first_party: Catalogue,
    snap_compare: Callable[..., bool],
    name: str,
    size: tuple[int, int],
    theme: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARBONTUI_CONFIG", "config")
    shutil.copy(DATA / "slurm_sacct.txt", "jobs.txt")
    for file, text in (("some.txt", JOBS), ("budget.toml", BUDGET), ("cluster.toml", CLUSTER)):
        Path(file).write_text(text, encoding="utf-8")
    if name == "all-known":
        shutil.copy(DATA / "cluster.toml", "cluster.toml")
    app = app_of(first_party)
    app.animation_level = "none"

    async def before(pilot: Pilot[int]) -> None:
        await rest(pilot)
        app.theme = theme
        for key in ("7", "o", *SHOWN[name]):
            await press(pilot, key)
            await rest(pilot)
            await until(pilot, lambda: not isinstance(app.screen, LedgerScreen) or not app.screen.busy)
        await press(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)

"""What the tests of the ledger on the screen share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from tui import press, rest, type_in, until

from carbontui.engine.ledger.account import Ledger
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.ledger.screen import LedgerScreen
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table

DATA = Path(__file__).parent / "data"
BUDGET = 'metric = "energy"\nlimit = "90 kWh"\nfrom = 2026-01-01\nto = 2026-12-31\n'


def screen_of(app: CarbonApp) -> LedgerScreen:
    screen = app.screen
    assert isinstance(screen, LedgerScreen)
    return screen


def rows(app: CarbonApp) -> list[tuple[str, ...]]:
    return [row.cells for row in app.screen.query_one(Table).rows]


def details(app: CarbonApp) -> list[str]:
    return [line.text for line in app.screen.query_one(Pane).shown]


async def opened(app: CarbonApp, pilot: Pilot[int], path: str = "jobs.txt") -> None:
    await press(pilot, "7", "o")
    await type_in(pilot, path)
    await settled(app, pilot)


def screen_ledger(app: CarbonApp) -> Ledger:
    screen: Any = app.get_screen("ledger")
    ledger: Ledger = screen.ledger
    return ledger


async def settled(app: CarbonApp, pilot: Pilot[int]) -> None:
    await until(pilot, lambda: isinstance(app.screen, LedgerScreen))
    await rest(pilot)
    await until(pilot, lambda: not screen_of(app).busy)
    await press(pilot)

"""What a budget affords of a scenario: typed, read as it is typed, and answered in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbontui.engine.scenario import ScenarioError
from carbontui.quantities import METRICS
from carbontui.text import display
from carbontui.typed import limit_of_any
from carbontui_registry import units

if TYPE_CHECKING:
    from textual.geometry import Region as Place

    from carbontui.engine.scenario import Filled
    from carbontui.tui.screens.frame import CarbonScreen

# What a budget may be of: kind of unit, and the metric that it limits.
BUDGETS = {"co2e": "gross", "energy": "energy", "duration": "duration"}
EXAMPLE = "5 tCO2e, 100 MWh or 30 d"


def ask_budget(screen: CarbonScreen, own: Filled, accounting: str, at: Place) -> None:
    """Let somebody type a budget over `at`, and show what it affords of the scenario, and where."""
    from carbontui.tui.widgets.editor import Editor

    def read(text: str) -> tuple[bool, str]:
        if not text.strip():
            return True, f"such as {EXAMPLE}"
        try:
            metric, most = budget_of(text)
        except units.UnitError as error:
            return False, str(error)
        shown = display.shown(most, display.kind_of(METRICS[metric]))
        return True, f"= {shown}{' gross' if metric == 'gross' else ''}"

    def typed(text: str | None) -> None:
        if text is not None and text.strip():
            _answer(screen, own, accounting, *budget_of(text))

    screen.app.push_screen(Editor("Budget: CO2e, energy or time", "", read, at), typed)


def budget_of(text: str) -> tuple[str, float]:
    """The metric and engine value of what was typed as a budget. Raises `UnitError`."""
    kind, value = limit_of_any(text, tuple(BUDGETS), "a budget", EXAMPLE, "tCO2e")
    if value <= 0:
        raise units.UnitError("must be more than 0", given=text.strip())
    return BUDGETS[kind], value


def _answer(screen: CarbonScreen, own: Filled, accounting: str, metric: str, most: float) -> None:
    from carbontui.engine.budget import afford, held_to
    from carbontui.engine.selection import chosen
    from carbontui.text.budget import as_text
    from carbontui.tui.screens.reader import Reader

    catalogue = screen.carbon.catalogue
    try:
        one, by = held_to(own.scenario, metric, catalogue, accounting)
        one = one.replace(name=own.name)
        budget = afford(one, metric, most, catalogue, chosen(catalogue, "region", ()), accounting, by)
    except ScenarioError as error:
        screen.say(str(error), error=True)
        return
    width = min(108, screen.app.size.width - 8)

    def called(region: str) -> str:
        return str(catalogue.region(region).record.name)

    screen.app.push_screen(Reader(f"Budget of {own.name}", as_text(budget, width, called)))

"""The screens by the names of their tabs, each imported when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.screen import Screen


def made(name: str) -> Screen[None]:
    """A screen of its tab's name."""
    if name == "plan":
        from carbontui.tui.screens.plan.screen import PlanScreen

        return PlanScreen(name=name)
    if name == "registry":
        from carbontui.tui.screens.registry import RegistryScreen

        return RegistryScreen(name=name)
    if name == "sweep":
        from carbontui.tui.screens.sweep.screen import SweepScreen

        return SweepScreen(name=name)
    if name == "map":
        from carbontui.tui.screens.world.screen import WorldScreen

        return WorldScreen(name=name)
    if name == "ledger":
        from carbontui.tui.screens.ledger.screen import LedgerScreen

        return LedgerScreen(name=name)
    from carbontui.tui.screens.plugins import PluginsScreen

    return PluginsScreen(name=name)

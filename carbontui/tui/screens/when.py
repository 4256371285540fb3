"""When to start a job: the mean day of its region, and where a mean day is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbontui.engine.best_start import profiles, when
from carbontui.text.best_start import lines
from carbontui.tui.screens.reader import Reader
from carbontui.tui.views.day import day_lines
from carbontui_registry.text import count_of

if TYPE_CHECKING:
    from carbontui.engine.scenario import Filled
    from carbontui.tui.screens.frame import CarbonScreen
    from carbontui_registry.catalogue import Catalogue

WIDTH, HEIGHT = 66, 8


def read_when(screen: CarbonScreen, one: Filled) -> None:
    """The best start of a job in its region, to read."""
    screen.app.push_screen(Reader(f"When: {one.name}", when_text(one, screen.carbon.catalogue)))


def when_text(one: Filled, catalogue: Catalogue) -> str:
    """The mean day as a curve, then what it says of the job; where none is known, which regions have one."""
    day = "\n".join(line.text for line in day_lines(one.region, catalogue, one, width=WIDTH, height=HEIGHT)[:-2])
    said = lines(one, when(one, catalogue), app=True)
    if not day:
        said.append(where_known(catalogue))
    return "\n\n".join(part for part in (day, *said) if part)


def where_known(catalogue: Catalogue) -> str:
    """The regions that have a mean hourly profile, by name."""
    names = sorted(region.record.name for region, _ in profiles(catalogue))
    if not names:
        return "no mean day is known for any registered region"
    some = f"{count_of(len(names), 'region')} {'has' if len(names) == 1 else 'have'}"
    return f"{some} a mean day, and every region in one of their grids: {', '.join(names)}"

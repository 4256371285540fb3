"""The regions of the map as a list, best first: what the job comes to in each, and against the job as it is."""

from __future__ import annotations

from carbontui.text.table import cells_of, clipped
from carbontui.tui.views.atlas import Atlas, Spot
from carbontui.tui.views.signs import BARRED, BEST, OWN
from carbontui_registry.text import count_of, drawable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui.tui.views.footprint_lines import Pieces

# Columns of the cursor, a rank and a sign, with a blank on each side of that; the least of what follows a name.
_RANK, _FIGURE, _CHANGE = 7, 10, 9


def ranking(atlas: Atlas, cursor: Spot | None, width: int, height: int) -> list[Pieces]:
    """The title and as many regions around the cursor as there are lines for, with the signs of the map."""
    order = atlas.order
    first, shown = _shown(atlas, cursor, height)
    figures = [atlas.text(spot) for spot in shown]
    changes = ["unchanged" if atlas.unchanged(spot) else atlas.against_own(spot) for spot in shown]
    figure = max([_FIGURE, *map(cells_of, figures)]) + 1
    change = max([_CHANGE, *map(cells_of, changes)]) + 1 if any(changes) else 0
    title, against = f"{count_of(len(order), 'region')}, best first", "vs unchanged" if change else ""
    lines: list[Pieces] = [((title, "dim"), (against.rjust(max(0, width - cells_of(title))), "dim"))]
    for n, spot in enumerate(shown):
        sign = OWN if spot is atlas.own else BARRED if atlas.why(spot) else BEST if spot is atlas.best else " "
        look = "strong" if spot is cursor else "dim" if sign == BARRED else ""
        name = _cell(spot.region.record.name, max(0, width - _RANK - figure - change))
        lines.append(
            (
                (f"{'>' if spot is cursor else ' '}{first + n + 1:>3} ", look),
                (f"{sign} ", "value" if sign in (OWN, BEST) else "dim"),
                (f"{name}{figures[n]:>{figure}}{changes[n]:>{change}}", look),
            )
        )
    return lines


def spot_at(atlas: Atlas, cursor: Spot | None, height: int, y: int) -> Spot | None:
    """The region on a line of that list."""
    _, shown = _shown(atlas, cursor, height)
    return shown[y - 1] if 0 < y <= len(shown) else None


def _shown(atlas: Atlas, cursor: Spot | None, height: int) -> tuple[int, Sequence[Spot]]:
    """The regions that are listed, and the place of the first among all."""
    order = atlas.order
    rows = max(0, height - 1)
    at = order.index(cursor) if cursor in order else 0
    first = max(0, min(at - rows // 2, len(order) - rows))
    return first, order[first : first + rows]


def _cell(text: str, width: int) -> str:
    """The text in exactly `width` cells."""
    text = clipped(drawable(text), width)
    return text + " " * (width - cells_of(text))

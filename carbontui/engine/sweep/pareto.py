"""The cells of a sweep that no other betters in two metrics at once."""

from __future__ import annotations

import numpy as np

from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Figures that differ by less were rounded otherwise and are the same.
_SAME = 1e-9


class Cell(NamedTuple):
    """A machine in a place, by their numbers, with the objective's value there."""

    value: float
    machine: int
    place: int


def front(cells: Iterable[Cell], against: Callable[[int, int], float | None]) -> list[Cell]:
    """The cells that no other betters in both the objective and what it is set against, best objective first."""
    known = [(cell.value, other, cell) for cell in set(cells) if (other := against(*cell[1:])) is not None]
    found: list[Cell] = []
    least = best = float("inf")
    for value, other, cell in sorted(known, key=lambda one: (*one[:2], *one[2][1:])):
        if other >= least * (1 - _SAME):
            continue
        if found and value <= best * (1 + _SAME):
            # As good as the one before to the last bits, and better in the other: it alone stands.
            found.pop()
        found.append(cell)
        least, best = other, value
    return found


def front_of(values: Floats, others: Floats, start: int) -> list[Cell]:
    """The front of a chunk: an objective and another metric of machines from `start` on, in all places."""
    flat, other = values.ravel(), others.ravel()
    known = np.flatnonzero(np.isfinite(flat) & np.isfinite(other))
    known = known[np.lexsort((other[known], flat[known]))]
    # Sorted by the objective, a cell is on the front where the other metric is less than in all before it.
    before = np.minimum.accumulate(np.concatenate(([np.inf], other[known])))[:-1]
    places = values.shape[1]
    return [Cell(float(flat[n]), start + int(n) // places, int(n) % places) for n in known[other[known] < before]]

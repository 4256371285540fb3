"""Runs of one machine at one time, each of which metered all of it: ranks of one job count its energy several times."""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.runs import Runs
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from numpy.typing import NDArray

# Times are written in whole seconds and trackers take some to start: a run that shares less than this overlaps none.
_LEAST = 0.1


class Overlap(NamedTuple):
    """How many runs overlap on how many machines, their energy in kWh as it stands, and if it is that of each machine
    once; `shares` is each run's part of its own energy then, 1 where it overlaps none."""

    runs: int
    machines: int
    summed: float
    once: float
    shares: NDArray[np.float64]


def overlap(runs: Runs) -> Overlap | None:
    """The runs that overlap, or None where none does.

    At each moment the machine draws the mean of what the runs on it say, so a run keeps its power for its share of the
    time: 1 / n where n of them are on the machine.
    """
    start, hours, energy = (runs.numbers(key) for key in ("start", "hours", "energy"))
    node = runs.label("node")
    whole = np.array([setting.energy_of not in ("", "accelerator") for setting in runs.settings], dtype=bool)
    named = np.array([bool(word) for word in node.words], dtype=bool)
    if not whole.any() or not named.any():
        return None
    with np.errstate(invalid="ignore"):
        taken = np.flatnonzero(
            whole[runs.setting_numbers] & named[node.codes] & (energy > 0) & (hours > 0) & ~np.isnan(start)
        )
    if not len(taken):
        return None
    shares = np.ones(len(runs))
    parts = _shares(node.codes[taken], start[taken], start[taken] + hours[taken] * 3600)
    shares[taken] = np.where(parts > 1 - _LEAST, 1.0, parts)
    shared = np.flatnonzero(shares < 1)
    if not len(shared):
        return None
    return Overlap(
        len(shared),
        len(np.unique(node.codes[shared])),
        float(energy[shared].sum()),
        float((energy[shared] * shares[shared]).sum()),
        shares,
    )


def _shares(node: NDArray[np.int32], start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean over each run's time of 1 / the number of runs on its machine."""
    count = len(node)
    times, nodes = np.concatenate([start, end]), np.concatenate([node, node])
    steps = np.repeat([1, -1], count)
    order = np.lexsort((steps, times, nodes))
    there = np.cumsum(steps[order])
    gaps = np.diff(times[order], append=0.0)
    # Between two machines, and between runs of one, nobody is there.
    shared = np.where(there > 0, gaps / np.maximum(there, 1), 0.0)
    so_far = np.concatenate([[0.0], np.cumsum(shared)[:-1]])
    at = np.empty(2 * count)
    at[order] = so_far
    # A run shorter than the clock's digits overlaps nothing.
    lasts = end > start
    return np.where(lasts, (at[count:] - at[:count]) / np.where(lasts, end - start, 1.0), 1.0)

"""A sweep as dots: time across, carbon up, both on log scales."""

from __future__ import annotations

from math import log

import numpy as np

from carbontui.tui.views.heat import Heat


def placed(
    heat: Heat, width: int, height: int, cursor: tuple[int, int]
) -> tuple[dict[tuple[int, int], str], tuple[float, float], tuple[float, float]] | None:
    """Characters by column and line, and the ends of both axes: dense dots are `:`, the front is drawn above them."""
    sweep = heat.sweep
    hours = np.array([[sweep.duration(int(m), int(p)) or np.nan for m in heat.columns] for p in heat.rows[:1]])[0]
    times = np.broadcast_to(hours, heat.values.shape)
    known = (heat.codes == 0) & ~np.isnan(times) & (heat.values > 0)
    if not known.any():
        return None
    t, v = times[known], heat.values[known]
    (left, right), (low, high) = (float(t.min()), float(t.max())), (float(v.min()), float(v.max()))

    def column(value: float) -> int:
        return round(log(value / left) / log(right / left) * (width - 1)) if right > left else width // 2

    def line(value: float) -> int:
        return round((1 - (log(value / low) / log(high / low))) * (height - 1)) if high > low else height // 2

    xs = np.rint(np.log(t / left) / (np.log(right / left) or 1) * (width - 1)).astype(int)
    ys = np.rint((1 - np.log(v / low) / (np.log(high / low) or 1)) * (height - 1)).astype(int)
    count: dict[tuple[int, int], int] = {}
    for at in zip(xs.tolist(), ys.tolist(), strict=True):
        count[at] = count.get(at, 0) + 1
    cells = {at: "·" if number < 3 else ":" if number < 10 else "▪" for at, number in count.items()}
    for machine, place in heat.front:
        hours_ = sweep.duration(machine, place)
        where = heat.where(machine, place)
        if hours_ and where is not None:
            value = float(heat.values[where])
            cells[column(hours_), line(value)] = "◆" if (machine, place) == heat.best else "●"
    cell = heat.cell(*cursor)
    hours_ = sweep.duration(cell.machine, cell.place)
    if hours_ and left <= hours_ <= right and low <= cell.value <= high:
        cells[column(hours_), line(cell.value)] = "◉"
    return cells, (left, right), (low, high)

"""What the tests of sweeps share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from carbontui.engine.sweep import CODES, Sweep, SweepQuestion
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui_registry.catalogue import Catalogue


def sweep_of(catalogue: Catalogue, *specs: str, **how: object) -> Sweep:
    return Sweep(SweepQuestion(tuple(map(parse_spec, specs)), **how), catalogue)  # type: ignore[arg-type]


def cells(sweep: Sweep) -> Iterator[tuple[int, int, float | None, float | None, str]]:
    """Every cell by filling it in: machine, place, the objective, hours, and its mark."""
    values, codes = sweep.values(slice(0, len(sweep.machines)))
    for m in range(len(sweep.machines)):
        for p in range(len(sweep.places)):
            one = sweep.filled(m, p)
            value = one.result(METRICS[sweep.question.objective])
            yield m, p, value, one.result("duration_h"), CODES[codes[m, p]]
            assert (value is None and np.isnan(values[m, p])) or value == values[m, p]

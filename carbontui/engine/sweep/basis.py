"""Which cells of a sweep rest on an assumption."""

from __future__ import annotations

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carbontui.engine.scenario import Filled
    from carbontui.engine.sweep.survey import Sweep


def assumed(sweep: Sweep, machines: slice) -> NDArray[np.bool_]:
    """Whether the gross CO2e of each cell, machines x places, is assumed: as that of the scenario which the cell is."""

    def is_assumed(one: Filled, key: str) -> bool:
        found = one.inputs.get(key)
        return found is not None and found.basis == "assumed"

    chosen = sweep.machines[machines]
    energy = [m.filled.results.get("it_energy_kwh") for m in chosen]
    by_machine = np.array([one is not None and one.basis == "assumed" for one in energy], dtype=np.bool_)
    pue = np.array([is_assumed(place.filled, "pue") for place in sweep.places], dtype=np.bool_)
    of_a_survey = np.array(
        [(found := p.filled.inputs.get("pue")) is not None and found.way.kind == "survey" for p in sweep.places],
        dtype=np.bool_,
    )
    gross = np.array([is_assumed(place.filled, "gross") for place in sweep.places], dtype=np.bool_)
    desks = np.array([machine.at_a_desk for machine in chosen], dtype=np.bool_)
    # At a desk no PUE of a survey holds.
    of_place = np.where(desks[:, None], pue & ~of_a_survey, pue) | gross
    made = by_machine[:, None] | of_place
    for (m, p), filled in sweep.patched.items():
        if machines.start <= m < machines.stop and (result := filled.results.get("gross_kgco2e")) is not None:
            made[m - machines.start, p] = result.basis == "assumed"
    return made

"""The runs of a ledger in another region: the same energy before PUE, by meter or estimate, with that place's figures.

Each month has the carbon factor of its own period there, or the nearest known, as it has where the runs were.
"""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import FACILITY, Setting
from carbontui.engine.totals import Sum
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Beside(Value):
    """A group's metric as it was and elsewhere, of the runs that have both; of those known elsewhere, and `was` None,
    where no run of the ledger is known as it was. `unknown` of its runs are in neither. All runs where `group` is
    empty."""

    group: tuple[str, ...]
    runs: int
    unknown: int
    was: Sum | None
    there: Sum | None

    @property
    def ratio(self) -> float | None:
        """Elsewhere over as it was; None where one of them is unknown or it was 0."""
        return self.there.value / self.was.value if self.there and self.was and self.was.value else None


def elsewhere(ledger: Ledger, region: Registered, catalogue: Catalogue) -> Ledger:
    """The same runs in a region. An energy that has an unknown PUE in it is unknown there, and no estimate steps in."""
    settings = list(ledger.runs.settings)
    within = np.array([_within(setting) for setting in settings], dtype=np.float64)
    energy = ledger.energy / within[ledger.runs.setting_numbers] if settings else ledger.energy
    moved = [_there(setting, region.id) for setting in settings]
    return Ledger(ledger.runs.other(moved, energy), catalogue, ledger.accounting)


def _within(setting: Setting) -> float:
    """The PUE that a run's own energy has in it, nan where it is not known."""
    if setting.energy_of != FACILITY:
        return 1.0
    return setting.pue or setting.tool_pue or float("nan")


def _there(setting: Setting, region: str) -> Setting:
    there = setting._replace(region=region, pue=None, pue_basis="published", factor=None, tool_pue=None)
    if setting.energy_of != FACILITY:
        return there
    if _within(setting) != _within(setting):
        return there._replace(hardware="", power=None, energy_of="")
    return there._replace(energy_of=setting.boundary or "node")


def known_in_both(ledger: Ledger, there: Ledger, rows: NDArray[np.intp], key: str) -> NDArray[np.bool_]:
    """Of some runs that are added up, which have a result here and there; where none has one here, which have it there.

    Groups that are to add up to their total need one answer for all of them.
    """
    here, known = (~np.isnan(one.values(key)[rows]) for one in (ledger, there))
    return here & known if here.any() else known


def groups_elsewhere(ledger: Ledger, there: Ledger, by: Sequence[str], metric: str) -> dict[tuple[str, ...], Beside]:
    """Each group as it was and elsewhere, by what it is called, and all runs as `()`."""
    key = METRICS[metric]
    everything = np.arange(len(ledger.runs))
    groups = [*ledger.groups(by), ((), everything)]
    known = known_in_both(ledger, there, everything, key)
    used = [rows[known[rows]] for _, rows in groups]
    was, moved = ledger.sums(used, key), there.sums(used, key)
    return {
        group: Beside(group, len(rows), len(rows) - len(some), here, elsewhere)
        for (group, rows), some, here, elsewhere in zip(groups, used, was, moved, strict=True)
    }

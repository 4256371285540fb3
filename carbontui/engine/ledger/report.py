"""All that is reported of a ledger at once: the account, meters beside estimates, budgets, the runs elsewhere."""

from __future__ import annotations

from carbontui.engine.ledger.account import Account, Ledger
from carbontui.engine.ledger.elsewhere import Beside, elsewhere, groups_elsewhere
from carbontui.engine.ledger.limit import Limit, Spent, spent
from carbontui.engine.ledger.measured import Measured, measured
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class Report(Value):
    """A ledger's account with what stands beside it; `elsewhere` has each group in `region`, and all runs as `()`.
    `rows` are the runs that the account is of, by their numbers, None where that is all; the rest is always of all."""

    ledger: Ledger
    account: Account
    measured: tuple[Measured, ...] = ()
    budgets: tuple[Spent, ...] = ()
    region: Registered | None = None
    elsewhere: dict[tuple[str, ...], Beside] = {}
    rows: NDArray[np.intp] | None = None


def report(
    ledger: Ledger, catalogue: Catalogue, by: Sequence[str], metric: str, *, top: int = 10,
    limits: Sequence[Limit] = (), region: Registered | None = None,
) -> Report:  # fmt: skip
    """What is reported of a ledger by some columns; with a region also what its runs come to there."""
    there = elsewhere(ledger, region, catalogue) if region is not None else None
    return Report(
        ledger,
        ledger.account(by, metric, top),
        measured(ledger, catalogue),
        tuple(spent(ledger, limit) for limit in limits),
        region,
        groups_elsewhere(ledger, there, by, metric) if there is not None else {},
    )

"""Which published run a scenario is of, and whose job it is."""

from __future__ import annotations

from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# The run as it was; the run's training with something changed; a job of the user's own.
AS_IT_WAS, CHANGED, OWN = "as it was", "changed", "own"
# What differs by no more than this is the run's.
SAME = 0.01
# What makes a job one's own where it differs from the run's.
OF_ONES_OWN = ("duration", "chip_hours", "compute", "params", "active_params", "tokens", "trainable")


class Parts(NamedTuple):
    """The records of a scenario, None where none is known or what was named is new."""

    model: Registered | None
    hardware: Registered | None
    region: Registered | None


def usable_runs(parts: Parts, catalogue: Catalogue) -> list[Registered]:
    """The model's runs that may be used unasked: first-party ones, and third parties' about their own things.

    So installing a plugin never changes a figure that was there before: a run on its maker's hardware is used only
    where this hardware is asked for.
    """
    model = parts.model
    if model is None:
        return []
    usable = []
    for run in catalogue.runs(model):
        owners = {model.distribution}
        if parts.hardware is not None and on_hardware(run, parts.hardware, catalogue):
            owners.add(parts.hardware.distribution)
        if run.first_party or run.distribution in owners:
            usable.append(run)
    return usable


def named_run(asked: Scenario, model: Registered | None, catalogue: Catalogue) -> Registered:
    """The run that was named. Raises `UnknownName`, and `ScenarioError` where it is of another model."""
    run = catalogue.find("run", asked.run or "")
    if model is not None and all(known.id != run.id for known in catalogue.runs(model)):
        raise ScenarioError(f"the run {run.id} is of {run.record.model}, not of {model.id}")
    return run


def chosen_run(asked: Scenario, parts: Parts, runs: Sequence[Registered], catalogue: Catalogue) -> Registered | None:
    """The first that agrees with what was asked of hardware, region and period, else the first on the hardware asked,
    else the first."""
    same_hardware = list(runs)
    if asked.hardware is not None:
        same_hardware = [r for r in runs if parts.hardware and on_hardware(r, parts.hardware, catalogue)]
    for run in same_hardware:
        same_region = asked.region is None or in_region(run, parts.region, catalogue)
        if same_region and (asked.period is None or run.record.period == asked.period):
            return run
    return same_hardware[0] if same_hardware else runs[0] if runs else None


def on_hardware(run: Registered, hardware: Registered, catalogue: Catalogue) -> bool:
    """Whether the run was on this hardware."""
    found = catalogue.named_by(run, "hardware", run.record.hardware)
    return found is not None and found.id == hardware.id


def in_region(run: Registered, region: Registered | None, catalogue: Catalogue) -> bool:
    """Whether the run was in this region."""
    found = catalogue.named_by(run, "region", run.record.region)
    return found is not None and region is not None and found.id == region.id

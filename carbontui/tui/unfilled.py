"""A scenario that cannot be filled in, as the app shows it: what is wrong with it, and what is known all the same."""

from __future__ import annotations

from carbontui.engine.scenario import Filled, Note, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName


def unfilled(
    scenario: Scenario, error: ScenarioError | UnknownName, catalogue: Catalogue, accounting: str
) -> Filled:  # fmt: skip
    """With the error as its note. A job of one's own keeps what is known of it without hardware or a region that is not
    registered; of a model, other hardware or another region would be taken in place of these."""
    wrong = (Note("energy", "error", (str(error),)),)
    if isinstance(error, UnknownName) and scenario.model is None and error.kind in ("hardware", "region"):
        try:
            known = fill(scenario.replace(**{error.kind: None}), catalogue, accounting)
        except (ScenarioError, UnknownName):
            pass
        else:
            name = scenario.name or f"{known.name} {getattr(scenario, error.kind)}"
            return known.replace(scenario=scenario, name=name, notes=wrong)
    name = scenario.name or scenario.model or "scenario"
    return Filled(scenario, name, None, None, None, None, {}, {}, {}, {}, {}, wrong)

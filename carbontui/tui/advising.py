"""Advice looked for within the limits that a person typed, beside the app: it is a sweep of every place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.tui.views.typed_limits import read_limits
from carbontui_registry.errors import UnknownName

if TYPE_CHECKING:
    from carbontui.engine.advice import Advice
    from carbontui_registry.catalogue import Catalogue


def advice_on(job: Scenario, catalogue: Catalogue, metric: str, accounting: str, limits: str) -> Advice | str:
    """The advice, or why there can be none."""
    from carbontui.engine.advice import advise

    try:
        bounds, keep = read_limits(limits, catalogue)
        return advise(job, catalogue, metric=metric, accounting=accounting, limits=bounds, keep=keep)
    except ModuleNotFoundError as error:
        return f"advice needs {error.name}: pip install {error.name}"
    except (ScenarioError, UnknownName) as error:
        return str(error)

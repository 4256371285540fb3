"""Whether a scenario is in Compare already, however it was asked for: advice and a sweep ask for more than a person."""

from __future__ import annotations

from carbontui.engine.comparison import Question
from carbontui.engine.scenario import Filled, Scenario

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Of more scenarios only one that was asked for in the same way is found: each would have to be filled in.
MOST = 500


def already(question: Question, new: Scenario, filled: Callable[[Scenario, str], Filled]) -> Scenario | None:
    """The scenario of a comparison that is the new one, or equal to it in every figure."""
    if new in question.scenarios:
        return new
    if len(question.scenarios) > MOST:
        return None
    made = filled(new, question.accounting)
    records, figures = _records(made), _figures(made)
    for one in question.scenarios:
        if new.name in ("", one.name) and new.group in ("", one.group):
            known = filled(one, question.accounting)
            if _records(known) == records and _figures(known) == figures:
                return one
    return None


def _records(one: Filled) -> list[str | None]:
    """The ids of its records; what is not registered has no other name than what was asked for."""
    asked = one.scenario.model, one.scenario.hardware, one.scenario.region
    found = one.model, one.hardware, one.region
    return [name if record is None else record.id for record, name in zip(found, asked, strict=True)]


def _figures(one: Filled) -> tuple[object, ...]:
    """What Compare shows of a scenario's figures, to nine digits."""
    return (
        {key: f"{found.value:.9g}" for key, found in one.inputs.items()},
        {key: f"{found.value:.9g}" for key, found in one.results.items()},
        one.texts,
        one.published,
    )

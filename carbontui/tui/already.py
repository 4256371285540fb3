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
    wanted = _figures(filled(new, question.accounting))
    for one in question.scenarios:
        named = new.name in ("", one.name) and new.group in ("", one.group)
        if named and _figures(filled(one, question.accounting)) == wanted:
            return one
    return None


def _figures(one: Filled) -> tuple[object, ...]:
    """What Compare shows of a scenario, by its records and to nine digits."""
    records = [found.id if found is not None else None for found in (one.model, one.hardware, one.region)]
    asked = one.scenario.model, one.scenario.hardware, one.scenario.region
    return (
        # What is not registered has no other name than what was asked for.
        *(record or name for record, name in zip(records, asked, strict=True)),
        {key: f"{found.value:.9g}" for key, found in one.inputs.items()},
        {key: f"{found.value:.9g}" for key, found in one.results.items()},
        one.texts,
        one.published,
    )

"""The best cells of a sweep as a comparison."""

from __future__ import annotations

from carbontui.engine.comparison import Comparison, Question, fill_all, side_by_side
from carbontui.engine.sweep.survey import Survey, Sweep
from carbontui.quantities import METRICS


def best_comparison(sweep: Sweep, survey: Survey, *, with_own: bool = True) -> Comparison:
    """The best cells side by side, and what was asked for as the baseline where it is a scenario of its own."""
    question = sweep.question
    cells = [sweep.scenario(cell.machine, cell.place) for cell in survey.best]
    key = METRICS[question.objective]
    own = [
        base.standing.scenario
        for base in sweep.bases
        if with_own and (base.asked.hardware or base.asked.region or base.asked.given) and key in base.standing.results
    ]
    asked = Question((*own, *cells), 0, question.objective, question.accounting)
    return side_by_side(asked, fill_all(asked, sweep.catalogue))

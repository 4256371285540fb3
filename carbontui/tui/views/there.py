"""What a picker says of the job with each hardware or region: its footprint, and the list price or that it is not
offered."""

from __future__ import annotations

from math import inf

from carbontui.engine.offers import NOBODY, Market, best_offer
from carbontui.engine.planned import planned
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.tui.views.choices import Cell, ChoiceColumn, short_columns
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.engine.scenario import Filled
    from carbontui.tui.views.choices import Choice

_NOBODY, _NOT_HERE = "not for rent", "not offered"


def listed(kind: str, of: Filled, catalogue: Catalogue, accounting: str) -> list[ChoiceColumn]:
    """What the registry lists; of a region, the carbon factors that the job would have there in place of those of
    either coverage."""
    own = short_columns(kind)
    if kind != "region":
        return own
    return [
        one._replace(cell=_factor(one.title, of, catalogue, accounting)) if one.title in ("gross", "net") else one
        for one in own
    ]


def columns(kind: str, of: Filled, catalogue: Catalogue, accounting: str, metric: str) -> list[ChoiceColumn]:
    """The columns beside what is listed: the job's metric there, where it is known here, and what an accelerator-hour
    costs, on demand, as listed, where the job has the other part."""
    made: list[ChoiceColumn] = []
    # A job by its hours would take as long on the weakest chip: on other hardware it says something by its work alone.
    same_job = kind == "region" or (kind == "hardware" and of.value("compute") is not None)
    if same_job and METRICS[metric] in of.results:
        made.append(ChoiceColumn(f"job's {metric}", 11, _footprint(kind, of, catalogue, accounting, metric)))
    other = of.region if kind == "hardware" else of.hardware if kind == "region" else None
    if other is not None:
        made.append(ChoiceColumn("price/chip", 12, _price(kind, of, other, catalogue)))
    return made


def _moved(of: Filled, there: Scenario, catalogue: Catalogue, accounting: str) -> Filled:
    """The job with another part, by factors of the year that it would be shown by."""
    return (fill if of.scenario.period is None else planned)(there, catalogue, accounting)


def _factor(key: str, of: Filled, catalogue: Catalogue, accounting: str) -> Callable[[Choice], Cell]:
    def cell(choice: Choice) -> Cell:
        try:
            found = _moved(of, of.scenario.choose("region", choice.id), catalogue, accounting).inputs.get(key)
        except (ScenarioError, UnknownName):
            return Cell()
        return Cell() if found is None else _cell(found.value, "factor", found.basis)

    return cell


def _footprint(kind: str, of: Filled, catalogue: Catalogue, accounting: str, metric: str) -> Callable[[Choice], Cell]:
    key = METRICS[metric]

    def cell(choice: Choice) -> Cell:
        try:
            found = _moved(of, of.scenario.choose(kind, choice.id), catalogue, accounting).results.get(key)
        except (ScenarioError, UnknownName):
            found = None
        return Cell(display.UNKNOWN) if found is None else _cell(found.value, RESULTS[key].kind, found.basis)

    return cell


def _cell(value: float, kind: str, basis: str) -> Cell:
    return Cell(f"{display.shown(value, kind)}{'~' if basis == 'assumed' else ''}", value)


def _price(kind: str, of: Filled, other: Registered, catalogue: Catalogue) -> Callable[[Choice], Cell]:
    market, chips = Market(catalogue), of.value("chips")

    def cell(choice: Choice) -> Cell:
        try:
            record = catalogue.find(kind, choice.id)
        except UnknownName:
            return Cell()
        hardware, region = (record, other) if kind == "hardware" else (other, record)
        best = best_offer(market.offers(hardware, region), chips)
        if best is not None:
            # What is offered at no known price comes behind what has one, before what is not offered.
            return Cell("offered", inf) if best.price is None else Cell(display.shown(best.price, "price"), best.price)
        barred = market.barred(hardware, region)
        return Cell("" if not barred else _NOBODY if barred == NOBODY else _NOT_HERE)

    return cell

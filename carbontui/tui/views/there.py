"""What a picker says of the job with each hardware or region: its footprint, and the list price or that it is not
offered."""

from __future__ import annotations

from carbontui.engine.offers import NOBODY, Market, best_offer
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.engine.scenario import Filled
    from carbontui.tui.views.choices import Beside

_NOBODY, _NOT_HERE = "not offered", "not here"


def columns(kind: str, of: Filled, catalogue: Catalogue, accounting: str, metric: str) -> list[Beside]:
    """The columns beside each hardware or region by its id: the job's metric there, where it is known here, and what an
    accelerator-hour costs, on demand, as listed, where the job has the other part."""
    made: list[Beside] = []
    # A job by its hours would take as long on the weakest chip: on other hardware it says something by its work alone.
    same_job = kind == "region" or (kind == "hardware" and of.value("compute") is not None)
    if same_job and METRICS[metric] in of.results:
        made.append((f"my {metric}", 10, _footprint(kind, of, catalogue, accounting, metric)))
    other = of.region if kind == "hardware" else of.hardware if kind == "region" else None
    if other is not None:
        made.append(("list price", 12, _price(kind, of, other, catalogue)))
    return made


def factors(kind: str, of: Filled, catalogue: Catalogue, accounting: str) -> dict[str, Callable[[str], str]]:
    """Of a region the carbon factors that the job would have there: the registry lists those of either coverage."""
    if kind != "region":
        return {}
    return {title: _factor(title, of, catalogue, accounting) for title in ("gross", "net")}


def _factor(key: str, of: Filled, catalogue: Catalogue, accounting: str) -> Callable[[str], str]:
    def cell(name: str) -> str:
        try:
            found = fill(of.scenario.choose("region", name), catalogue, accounting).inputs.get(key)
        except (ScenarioError, UnknownName):
            return ""
        if found is None:
            return ""
        return f"{display.shown(found.value, 'factor')}{'~' if found.basis == 'assumed' else ''}"

    return cell


def _footprint(kind: str, of: Filled, catalogue: Catalogue, accounting: str, metric: str) -> Callable[[str], str]:
    key = METRICS[metric]

    def cell(name: str) -> str:
        try:
            found = fill(of.scenario.choose(kind, name), catalogue, accounting).results.get(key)
        except (ScenarioError, UnknownName):
            return display.UNKNOWN
        if found is None:
            return display.UNKNOWN
        return f"{display.shown(found.value, RESULTS[key].kind)}{'~' if found.basis == 'assumed' else ''}"

    return cell


def _price(kind: str, of: Filled, other: Registered, catalogue: Catalogue) -> Callable[[str], str]:
    market, chips = Market(catalogue), of.value("chips")

    def cell(name: str) -> str:
        try:
            record = catalogue.find(kind, name)
        except UnknownName:
            return ""
        hardware, region = (record, other) if kind == "hardware" else (other, record)
        best = best_offer(market.offers(hardware, region), chips)
        if best is not None:
            return "offered" if best.price is None else display.shown(best.price, "price")
        barred = market.barred(hardware, region)
        return "" if not barred else _NOBODY if barred == NOBODY else _NOT_HERE

    return cell

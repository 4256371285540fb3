"""What a picker says of offers beside each hardware or region: its list price on demand, or that it is not offered."""

from __future__ import annotations

from carbontui.engine.offers import NOBODY, Market, best_offer
from carbontui.text import display
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.engine.scenario import Filled

# Title and width of the column.
OFFERED = ("list price", 12)
_NOBODY, _NOT_HERE = "not offered", "not here"


def offered(kind: str, of: Filled, catalogue: Catalogue) -> Callable[[str], str] | None:
    """The cell beside a record by its id: of hardware in the job's region, or of a region with the job's hardware; None
    where the job has no such other part. Prices are USD an accelerator-hour, on demand, as listed."""
    other = of.region if kind == "hardware" else of.hardware if kind == "region" else None
    if other is None:
        return None
    market, chips = Market(catalogue), of.value("chips")

    def cell(name: str) -> str:
        try:
            record = catalogue.find(kind, name)
        except UnknownName:
            return ""
        hardware, region = (record, other) if kind == "hardware" else (other, record)
        return _cell(market, hardware, region, chips)

    return cell


def _cell(market: Market, hardware: Registered, region: Registered, chips: float | None) -> str:
    best = best_offer(market.offers(hardware, region), chips)
    if best is not None:
        return "offered" if best.price is None else display.shown(best.price, "price")
    barred = market.barred(hardware, region)
    return "" if not barred else _NOBODY if barred == NOBODY else _NOT_HERE

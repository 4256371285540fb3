"""What can be had where in a sweep, and its price: by machine and place."""

from __future__ import annotations

import numpy as np

from carbontui.engine.offers import ELSEWHERE, NOBODY, Market, best_offer
from carbontui.engine.selection import named_ids
from carbontui.engine.sweep.feasibility import CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from carbontui.engine.sweep.axes import Base, Machine, Place
    from carbontui.engine.sweep.question import SweepQuestion
    from carbontui_registry.catalogue import Catalogue, Registered


class Offers:
    """For each machine and place what keeps it from being had, and the list price of an accelerator and hour.

    What was named itself is never kept: hardware that nobody offers, and a pair of hardware and region.
    """

    def __init__(
        self,
        question: SweepQuestion,
        bases: Sequence[Base],
        machines: Sequence[Machine],
        places: Sequence[Place],
        catalogue: Catalogue,
    ) -> None:
        self._catalogue, self._market = catalogue, Market(catalogue)
        self._machines, self._places = machines, places
        self._known_prices: dict[tuple[str, float | None], NDArray[np.float64]] = {}
        hardware = {machine.hardware.id: machine.hardware for machine in machines}
        named = named_ids(catalogue, "hardware", question.hardware)
        places_named = named_ids(catalogue, "region", question.regions)
        own = {base.standing.region.record.provider for base in bases if base.standing.region is not None}
        codes = np.zeros((len(hardware), len(places)), dtype=np.uint8)
        for n, one in enumerate(hardware.values()):
            for p, place in enumerate(places):
                code = self._market.barred(one, place.region)
                if question.to_rent:
                    known = place.region.record.provider in own or self._market.offers(one, place.region)
                    codes[n, p] = CODES.index(code or ("" if known else ELSEWHERE))
                    continue
                free = one.id in named and (code == NOBODY or place.region.id in places_named)
                codes[n, p] = 0 if free else CODES.index(code)
        self._codes = codes
        at = {id: n for n, id in enumerate(hardware)}
        self._hardware = np.array([at[machine.hardware.id] for machine in machines], dtype=np.intp)

    def barred(self, rows: slice) -> NDArray[np.uint8]:
        """The code of what keeps some machines from each place, 0 where nothing does."""
        return self._codes[self._hardware[rows]]

    def offer(self, machine: int, place: int) -> Registered | None:
        """The offer that counts for a machine in a place."""
        one = self._machines[machine]
        offers = self._market.offers(one.hardware, self._places[place].region)
        found = best_offer(offers, one.filled.value("chips"))
        return self._catalogue.offer(found.number) if found is not None else None

    def prices(self, rows: slice) -> NDArray[np.float64]:
        """USD for an accelerator and hour, of some machines in each place; unknown is nan."""
        return np.array([self._prices(machine) for machine in self._machines[rows]])

    def _prices(self, machine: Machine) -> NDArray[np.float64]:
        chips = machine.filled.value("chips")
        key = (machine.hardware.id, chips)
        if key not in self._known_prices:
            known = [self._price(machine.hardware, chips, place) for place in self._places]
            self._known_prices[key] = np.array([np.nan if price is None else price for price in known])
        return self._known_prices[key]

    def _price(self, hardware: Registered, chips: float | None, place: Place) -> float | None:
        entered = dict(place.given).get("price")
        if entered is not None:
            return entered.value
        offer = best_offer(self._market.offers(hardware, place.region), chips)
        return offer.price if offer is not None else None

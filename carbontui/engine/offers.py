"""What can be had where, and at which price: of whom all offers are known, and which of several offers counts."""

from __future__ import annotations

from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui_registry.lines import Offered

# What keeps hardware from being had in a region: nobody offers it anywhere, or its provider not there.
NOBODY, ELSEWHERE = "nobody", "elsewhere"
# Google attaches these to machines of its N1 family, and a list of machine types does not show where.
ATTACHED = {"gcp": frozenset(("t4", "p4", "v100-sxm2-16", "p100-pcie-16"))}


class Market:
    """The offers of a catalogue, by region and hardware; each region's are read when it is asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._complete = catalogue.complete_providers()
        self._by_name: dict[str, dict[str, list[Offered]]] = {}

    def offers(self, hardware: Registered, region: Registered) -> list[Offered]:
        """The offers of hardware in a region."""
        if region.id not in self._by_name:
            by_name: dict[str, list[Offered]] = {}
            for offer in self._catalogue.offers(region):
                by_name.setdefault(offer.hardware, []).append(offer)
            self._by_name[region.id] = by_name
        here = self._by_name[region.id]
        return [o for name in _names(hardware) for o in here.get(name, ()) if self._is_meant(o, name, hardware)]

    def barred(self, hardware: Registered, region: Registered) -> str:
        """What keeps hardware from being had in a region; "" where nothing does, or nothing is known.

        Of a provider whose offers are not all known, only what its hardware's record excludes.
        """
        only, provider = hardware.record.offered_by, region.record.provider
        if self.offers(hardware, region):
            return ""
        if only and provider not in only:
            return ELSEWHERE
        if self._nobody_has(hardware):
            return NOBODY
        attached = hardware.id in ATTACHED.get(provider or "", ())
        return ELSEWHERE if provider in self._complete and not attached else ""

    def _nobody_has(self, hardware: Registered) -> bool:
        """Whether nobody offers it; not said of hardware that is one provider's own or comes from another party, whose
        offers are not all known."""
        own = any(provider not in self._complete for provider in hardware.record.offered_by)
        offered = self._catalogue.offered_hardware()
        return bool(self._complete) and hardware.first_party and not own and offered.isdisjoint(_names(hardware))

    def _is_meant(self, offer: Offered, name: str, hardware: Registered) -> bool:
        """Whether an offer means this hardware by a name: one that is contested means its own distribution's."""
        try:
            return self._catalogue.hardware(name).origin == hardware.origin
        except UnknownName:
            return offer.distribution == hardware.distribution


def _names(hardware: Registered) -> dict[str, None]:
    return dict.fromkeys((hardware.id, hardware.record.id, *hardware.record.aliases))


def best_offer(offers: Sequence[Offered], chips: float | None) -> Offered | None:
    """The cheapest offer whose instance holds the chips, else the cheapest of the largest instance; one without a price
    only where none has one."""
    priced = [offer for offer in offers if offer.price is not None] or list(offers)
    holding = [offer for offer in priced if chips is None or (offer.accelerators or 1.0) >= chips]
    if not holding and priced:
        largest = max(offer.accelerators or 1.0 for offer in priced)
        holding = [offer for offer in priced if (offer.accelerators or 1.0) == largest]
    return min(holding, key=lambda offer: (offer.price is None, offer.price, offer.accelerators), default=None)

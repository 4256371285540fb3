"""Datacenter regions of Google, AWS, Microsoft and Nebius with what they offer; countries, and parts of the US, Canada
and Australia.
"""

from importlib.resources import files

from carbontui_registry import Offer, Region, hookimpl, load_pack

PROVIDERS = ("gcp", "aws", "azure", "nebius")
GRIDS = ("countries", "aggregates", "us_states", "egrid", "canada", "australia")
PACKS = [load_pack(files(__name__) / f"{name}.toml") for name in (*PROVIDERS, *GRIDS)]
OFFERS = [load_pack(files(__name__) / f"offers_{name}.toml") for name in PROVIDERS]


@hookimpl
def carbontui_regions() -> list[Region]:
    return [record for pack in PACKS for record in pack.regions]


@hookimpl
def carbontui_offers() -> list[Offer]:
    return [record for pack in OFFERS for record in pack.offers]

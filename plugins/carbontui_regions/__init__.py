"""Datacenter regions of Google, AWS and Microsoft, countries, and parts of the US, Canada and Australia."""

from importlib.resources import files

from carbontui_registry import Region, hookimpl, load_pack

NAMES = ("gcp", "aws", "azure", "countries", "aggregates", "us_states", "egrid", "canada", "australia")
PACKS = [load_pack(files(__name__) / f"{name}.toml") for name in NAMES]


@hookimpl
def carbontui_regions() -> list[Region]:
    return [record for pack in PACKS for record in pack.regions]

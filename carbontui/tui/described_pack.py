"""Hardware or a region that was described in a scenario, written as a pack of the user's own."""

from __future__ import annotations

import os
import re
from time import gmtime

from carbontui.engine.scenario import Filled
from carbontui_registry.catalogue import Registered
from carbontui_registry.figures import CarbonFactor, Figure, PowerProfile, Source
from carbontui_registry.folders import packs_folder
from carbontui_registry.records import Hardware, Region

SOURCE = Source("entered in carbontui")


def can_be_saved(one: Filled, kind: str) -> bool:
    """Whether the part has a name that nobody registers, and figures that were entered."""
    given = dict(one.scenario.given)
    needed = {"hardware": {"tdp", "power"}, "region": {"gross", "net"}}.get(kind, set())
    return getattr(one, kind, None) is None and bool(getattr(one.scenario, kind, None)) and bool(needed & set(given))


def save(one: Filled, kind: str) -> str:
    """Write the pack into the folder of packs; returns its path.

    Raises `FileError` where it cannot be written or there is one already, `InvalidRecord` for what no record can be.
    """
    from carbontui.formats.files import write
    from carbontui.formats.pack import pack_text

    name = str(getattr(one.scenario, kind))
    given = dict(one.scenario.given)
    own_id = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._") or f"my-{kind}"
    record = _hardware(own_id, name, given) if kind == "hardware" else _region(own_id, name, one, given)
    text = pack_text(Registered(kind, own_id, "", "", False, record))
    path = os.path.join(packs_folder(), f"{own_id}.toml")
    os.makedirs(packs_folder(), mode=0o700, exist_ok=True)
    write(path, text)
    return path


def _hardware(own_id: str, name: str, given: dict[str, Figure]) -> Hardware:
    power = PowerProfile(tdp=given.get("tdp"), mean=given.get("power"))
    peak = {"bf16": given["peak"]} if "peak" in given else None
    return Hardware(id=own_id, name=name, power=power, peak=peak, source=SOURCE)


def _region(own_id: str, name: str, one: Filled, given: dict[str, Figure]) -> Region:
    period = one.texts.get("period") or str(gmtime().tm_year)
    factor = CarbonFactor(period, gross=given.get("gross"), net=given.get("net"))
    return Region(id=own_id, name=name, pue=given.get("pue"), factors=[factor], source=SOURCE)

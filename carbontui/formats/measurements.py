"""Means of metered runs as a pack of measurements, which a lab may prefer to estimates."""

from __future__ import annotations

import os

from carbontui.engine.ledger.measured import ENOUGH, Measured
from carbontui.errors import FileError
from carbontui.formats.structured import to_toml
from carbontui_registry.text import LONGEST_TEXT, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def measurements_pack(found: Sequence[Measured], logs: Sequence[str]) -> str:
    """The pack in TOML; hardware with few metered runs is left out. Raises `FileError` where all is."""
    taken = [one for one in found if one.enough]
    if not taken:
        raise FileError(f"no hardware has {ENOUGH} metered runs, so no mean can be taken")
    names = ", ".join(os.path.basename(path) for path in logs)
    tables = [
        {
            "id": f"own-{one.hardware.replace(':', '-')}-{one.boundary}",
            "hardware": one.hardware,
            "power": {"value": f"{one.power:.4g} W", "basis": "measured", "spread": f"{100 * (one.spread or 0):.3g} %"},
            "boundary": one.boundary,
            "workload": f"{one.runs:,} runs of a ledger",
            "accelerators": max(1, round(one.chips)),
            "note": f"Mean over the accelerator-hours of {one.runs:,} metered runs; the spread is from run to run.",
        }
        for one in taken
    ]
    source = {"title": clean(f"Own meters: {names}")[:LONGEST_TEXT]}
    return to_toml({"pack": 1, "source": source, "measurement": tables})

"""Means of metered runs as a pack of the user's own, preferred to estimates."""

from __future__ import annotations

import os

from carbontui.engine.ledger.measured import Measured
from carbontui.formats.files import write
from carbontui.formats.measurements import measurements_pack
from carbontui_registry.folders import packs_folder, set_prefer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "own-measurements"


def save(taken: Sequence[Measured], logs: Sequence[str]) -> str:
    """Write the pack into the folder of packs, over the one before, and prefer it; returns its path.

    Raises `FileError` where it cannot be written, `BadConfig` where the configuration cannot be changed.
    """
    path = os.path.join(packs_folder(), f"{NAME}.toml")
    os.makedirs(packs_folder(), mode=0o700, exist_ok=True)
    write(path, measurements_pack(taken, logs), force=True)
    for one in taken:
        set_prefer(f"measurement:{one.hardware}", NAME)
    return path

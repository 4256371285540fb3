"""Python's garbage collector, kept from delaying keys."""

from __future__ import annotations

import gc

# Of new objects, and of rounds over them before those that stayed are looked at again: about a millisecond, and three.
THRESHOLDS = 2_000, 5, 10


def settle() -> None:
    """Never look again at the objects that are there now, and at new ones more often but shortly."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()

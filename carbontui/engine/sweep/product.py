"""The products of machines and places, taken by NumPy in chunks: memory is bounded whatever their number."""

from __future__ import annotations

import numpy as np

from carbontui.engine import footprint as arithmetic
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Cells of a chunk: three arrays of them stay in a processor's cache.
CHUNK = 1 << 17


class Block(NamedTuple):
    """The results of some machines in all places, an array of machines x places each; unknown is nan."""

    machines: slice
    duration: Floats
    energy: Floats
    gross: Floats
    net: Floats


class Part(NamedTuple):
    """What the products are taken of: hours and kWh before PUE by machine; PUE and both factors by place."""

    duration: Floats
    it_energy: Floats
    pue: Floats
    gross: Floats
    net: Floats


def blocks(part: Part, chunk: int = CHUNK) -> Iterator[Block]:
    """All products of machines and places, some machines at a time; the arrays are used again for the next."""
    places = max(1, len(part.pue))
    rows = max(1, chunk // places)
    out = [np.empty((rows, places)) for _ in range(3)]
    by_kwh = (part.pue, arithmetic.place(part.pue, part.gross), arithmetic.place(part.pue, part.net))
    for start in range(0, len(part.it_energy), rows):
        machines = slice(start, min(start + rows, len(part.it_energy)))
        it_energy = part.it_energy[machines, None]
        yield Block(
            machines,
            np.broadcast_to(part.duration[machines, None], (len(it_energy), places)),
            *(np.multiply(it_energy, f, out=b[: len(it_energy)]) for f, b in zip(by_kwh, out, strict=True)),
        )

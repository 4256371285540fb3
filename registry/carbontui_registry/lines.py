"""Records in a line: to choose from, and what is offered. Most commands need neither."""

from __future__ import annotations

from carbontui_registry.values import NamedTuple


class Brief(NamedTuple):
    """A record as a line to choose from; `figures` is `brief(record)` as JSON, read only where it is shown.

    A named tuple, as a picker makes ten thousand of them at once.
    """

    kind: str
    id: str
    name: str
    maker: str
    aliases: str
    country: str
    location: str
    origin: str
    first_party: bool
    figures: str


class Offered(NamedTuple):
    """An offer in a line: hardware as its record names it, USD for an accelerator and hour, accelerators of the
    instance; `number` finds its record."""

    number: int
    hardware: str
    price: float | None
    accelerators: float | None
    distribution: str
    origin: str

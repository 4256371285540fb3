"""The parts of a record: figures, sources, power profiles, carbon factors.

They never raise: they keep what they were given, and the record that holds them checks it.
"""

from __future__ import annotations

from carbontui_registry.values import Value, set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Literal, Protocol, Self

    class PintQuantity(Protocol):
        """A quantity of anybody's pint registry."""

        @property
        def magnitude(self) -> Any: ...
        @property
        def units(self) -> Any: ...

    Basis = Literal["measured", "published", "derived", "assumed", "entered"]
    Boundary = Literal["accelerator", "node", "system"]
    Training = Literal["pre-training", "fine-tuning"]


class Part(Value):
    """Keeps what it was given, right or wrong, for the record that holds it to check."""

    __slots__ = ("unknown",)
    if TYPE_CHECKING:
        unknown: tuple[str, ...]

    def __init__(self, /, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        for field, value in zip(cls._fields, args, strict=False):
            set_field(self, field, value)
        for field in cls._fields[len(args) :]:
            set_field(self, field, kwargs.pop(field, None))
        surplus = [f"a {len(args)}th value" for _ in args[len(cls._fields) :]] if len(args) > len(cls._fields) else ()
        set_field(self, "unknown", (*surplus, *kwargs))

    def replace(self, **changes: Any) -> Self:
        """The same part with some fields changed; what it was given and does not know stays for the check."""
        new = super().replace(**changes)
        set_field(new, "unknown", getattr(self, "unknown", ()))
        return new


class Source(Part):
    """Where a figure comes from.

    `id` is, unless given, the slug of the title's first word and the year (`patterson-2021`).
    """

    title: str
    url: str | None
    year: int | None
    licence: str | None
    id: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            title: str,
            url: str | None = None,
            year: int | None = None,
            licence: str | None = None,
            id: str | None = None,
        ) -> None: ...


class Figure(Part):
    """A value with its basis, spread and source.

    `value` is in the engine's unit once the record that holds it is made; it may be given as text with a unit
    (`"300 W"`), a pint quantity or a number in the engine's unit. `spread` is the relative standard deviation of the
    figure (`"5 %"` or 0.05), modelled as lognormal with `value` as its median. `note` says what readers must know.
    """

    value: float
    basis: Basis
    spread: float | None
    source: Source | None
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            value: float | str | PintQuantity,
            basis: Basis | None = None,
            spread: str | float | None = None,
            source: Source | None = None,
            note: str | None = None,
        ) -> None: ...


class PowerProfile(Part):
    """Power of one accelerator in W: `tdp`, `mean` (while training, before PUE) and `idle`.

    `boundary` says where `mean` and `idle` were read: at the accelerator, of the node, or of the whole system. What a
    meter says of a whole server is given as `node_mean`; hardware divides it by its `per_node`.
    """

    tdp: Figure | None
    mean: Figure | None
    idle: Figure | None
    boundary: Boundary | None
    node_mean: Figure | None

    if TYPE_CHECKING:

        def __init__(
            self,
            tdp: str | PintQuantity | Figure | None = None,
            mean: str | PintQuantity | Figure | None = None,
            idle: str | PintQuantity | Figure | None = None,
            boundary: Boundary | None = None,
            node_mean: str | PintQuantity | Figure | None = None,
        ) -> None: ...


class Hourly(Part):
    """The shape of a factor over the day: 24 values with mean 1, by the local clock of `time_zone`.

    `source` is its own, where that is not the factor's; `note` says what its reader must know.
    """

    shape: tuple[float, ...]
    time_zone: str
    source: Source | None
    period: str | None
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            shape: tuple[float, ...] | None = None,
            time_zone: str | None = None,
            source: Source | None = None,
            period: str | None = None,
            note: str | None = None,
        ) -> None: ...


class Shares(Part):
    """What a grid's electricity is generated from in one year: shares from 0 to 1."""

    coal: Figure | None
    gas: Figure | None
    oil: Figure | None
    nuclear: Figure | None
    wind: Figure | None
    solar: Figure | None
    hydro: Figure | None
    bioenergy: Figure | None
    period: str | None
    source: Source | None

    if TYPE_CHECKING:

        def __init__(
            self,
            coal: str | float | Figure | None = None,
            gas: str | float | Figure | None = None,
            oil: str | float | Figure | None = None,
            nuclear: str | float | Figure | None = None,
            wind: str | float | Figure | None = None,
            solar: str | float | Figure | None = None,
            hydro: str | float | Figure | None = None,
            bioenergy: str | float | Figure | None = None,
            period: str | None = None,
            source: Source | None = None,
        ) -> None: ...


class CarbonFactor(Part):
    """Carbon factors of a region in one period, in gCO2e/kWh; always an average, never a marginal factor."""

    period: str
    gross: Figure | None
    net: Figure | None
    pue: Figure | None
    pue_kind: str | None
    cfe: Figure | None
    coverage: str | None
    mix: str | None
    includes_td: bool | None
    net_basis: str | None
    hourly: Hourly | None
    source: Source | None
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            period: str,
            gross: str | PintQuantity | Figure | None = None,
            net: str | PintQuantity | Figure | None = None,
            pue: float | Figure | None = None,
            pue_kind: Literal["site", "fleet", "survey"] | None = None,
            cfe: str | Figure | None = None,
            coverage: Literal["direct", "lifecycle", "unknown"] | None = None,
            mix: Literal["generation", "consumption"] | None = None,
            includes_td: bool | None = None,
            net_basis: Literal["hourly", "annual"] | None = None,
            hourly: Mapping[str, Any] | Hourly | None = None,
            source: Source | None = None,
            note: str | None = None,
        ) -> None: ...


def cited(value: Any) -> Iterator[Source]:
    """Every source in a record, its figures' and its factors' among them."""
    if isinstance(value, Source):
        yield value
    elif isinstance(value, Value):
        for field in type(value)._fields:
            yield from cited(getattr(value, field))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from cited(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from cited(item)

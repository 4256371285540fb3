"""The records that a plugin gives, and the check at the door.

A record (`Hardware`, `Region`, `Model`, `TrainingRun`, `Offer`, `Measurement`) is checked whole when it is made and
says everything that is wrong with it at once. Every quantity of a checked record is a `Figure` in the engine's unit, or
None where it is unknown.
"""

from __future__ import annotations

from carbontui_registry.errors import InvalidRecord
from carbontui_registry.figures import PowerProfile
from carbontui_registry.report import Report, noting, place_of_caller
from carbontui_registry.values import Value, set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, ClassVar, Literal, Self

    from carbontui_registry.figures import Boundary, CarbonFactor, Figure, PintQuantity, Shares, Source, Training
    from carbontui_registry.said import Said

# Model FLOP over dense 16-bit peak: no published large run is above this.
UNLIKELY_UTILISATION = 0.6


class Record(Value):
    """Base of the records.

    Raises `InvalidRecord` with everything that is wrong, unless the registry is calling a plugin: then the record
    keeps its `problems`, and the registry sets it aside. `warnings` are of the unlikely but possible, `place` is the
    file and line that it was made in, where the registry is calling a plugin.
    """

    __slots__ = ("place", "problems", "warnings")
    _kind: ClassVar[str] = ""

    if TYPE_CHECKING:
        problems: tuple[Said, ...]
        warnings: tuple[Said, ...]
        place: tuple[str, int] | tuple[()]

    def __init__(self, /, *args: Any, **kwargs: Any) -> None:
        # Only who makes a record needs its table; a start restores what was checked before.
        from carbontui_registry import fields

        cls = type(self)
        given = {**dict(zip(cls._fields, args, strict=False)), **kwargs}
        report = Report()
        report.by_position(len(args), kwargs, cls._fields, cls._kind)
        table = fields.TABLES[cls._kind]
        if given.get("source") is not None:
            report.source = fields.SOURCE_CHECK(given["source"], "source", report)
        report.surplus((n for n in given if n not in cls._fields), cls._fields, "")
        for field in table:
            raw = given.get(field.name)
            if field.name == "source":
                value: Any = report.source
            else:
                value = EMPTY[cls._kind].get(field.name) if raw is None else field.check(raw, field.name, report)
            if raw is None and field.required:
                report.missing(field.name, field.check.like())
            set_field(self, field.name, value)
        for name in Record.__slots__:
            set_field(self, name, ())
        self._complete(report)
        if getattr(self, "id", None) is None:
            from carbontui_registry.ids import derived_id

            set_field(self, "id", derived_id(self))
        set_field(self, "problems", tuple(report.problems))
        set_field(self, "warnings", tuple(report.warnings))
        if report.problems and noting.get() is None:
            raise InvalidRecord(self.subject, report.problems)
        if noting.get() is not None and (place := place_of_caller()):
            set_field(self, "place", place)
            set_field(self, "problems", tuple(problem.at(*place) for problem in report.problems))

    def _complete(self, report: Report) -> None:
        """What needs more than one field: further checks, values that follow."""

    def replace(self, **changes: Any) -> Self:
        """The same with some fields changed, checked as a new one; an id that follows from others follows again."""
        from carbontui_registry.ids import derived_id

        cls = type(self)
        if unknown := set(changes).difference(cls._fields):
            raise TypeError(f"{cls.__name__} has no {', '.join(sorted(unknown))}")
        given = {name: value for name in cls._fields if (value := getattr(self, name)) != EMPTY[cls._kind].get(name)}
        if derived_id(self) is not None and derived_id(self) == given["id"]:
            del given["id"]
        return cls(**{**given, **changes})

    @property
    def subject(self) -> str:
        """What a message calls this record: `hardware acme-x1`."""
        return f"{self._kind} {getattr(self, 'id', None) or '(no id)'}"


class Hardware(Record):
    """One accelerator type as deployed; one package is one accelerator.

    `power` in W, `peak` dense throughput in FLOP/s by precision, `memory` in GiB, `embodied` in kgCO2e.
    `offered_by` are the only providers that have it; by default any provider may. Raises `InvalidRecord`.
    """

    _kind = "hardware"

    id: str
    name: str
    source: Source
    vendor: str | None
    kind: str | None
    year: int | None
    power: PowerProfile
    peak: dict[str, Figure]
    memory: Figure | None
    embodied: Figure | None
    aliases: tuple[str, ...]
    names: tuple[str, ...]
    form: str | None
    offered_by: tuple[str, ...]
    per_node: Figure | None
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            id: str,
            name: str,
            source: Source,
            vendor: str | None = None,
            kind: Literal["gpu", "tpu", "other"] | None = None,
            year: int | None = None,
            power: PowerProfile | None = None,
            peak: Mapping[str, str | PintQuantity | Figure] | None = None,
            memory: str | PintQuantity | Figure | None = None,
            embodied: str | PintQuantity | Figure | None = None,
            aliases: Sequence[str] = (),
            names: Sequence[str] = (),
            form: Literal["server", "workstation", "consumer", "laptop"] | None = None,
            offered_by: Sequence[str] = (),
            per_node: float | Figure | None = None,
            note: str | None = None,
        ) -> None: ...

    def _complete(self, report: Report) -> None:
        if self.power is not None and self.power.node_mean is not None:
            from carbontui_registry.whole_server import of_server

            set_field(self, "power", of_server(self.power, self.power.node_mean, self.per_node, report))

    @property
    def matrix_peak(self) -> Figure | None:
        """The dense 16-bit matrix peak in FLOP/s, else that of TF32, else of fp32: what utilisation refers to."""
        for precision in ("bf16", "fp16", "tf32", "fp32"):
            if precision in self.peak:
                return self.peak[precision]
        return None


class Region(Record):
    """A datacenter or a grid where a run can be placed, with its PUE and its carbon factors by period.

    `grid` is the id of the grid whose factors hold for this place; it may itself have a `grid`.
    `latitude` and `longitude` in degrees, `water` in L for each kWh before PUE. Raises `InvalidRecord`.
    """

    _kind = "region"

    id: str
    name: str
    source: Source
    provider: str | None
    country: str | None
    grid: str | None
    pue: Figure | None
    factors: tuple[CarbonFactor, ...]
    aliases: tuple[str, ...]
    shares: Shares | None
    water: Figure | None
    latitude: float | None
    longitude: float | None
    note: str | None
    location: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            id: str,
            name: str,
            source: Source,
            provider: str | None = None,
            country: str | None = None,
            grid: str | None = None,
            pue: float | Figure | None = None,
            factors: Sequence[CarbonFactor] = (),
            aliases: Sequence[str] = (),
            shares: Shares | Mapping[str, Any] | None = None,
            water: str | PintQuantity | Figure | None = None,
            latitude: float | None = None,
            longitude: float | None = None,
            note: str | None = None,
            location: str | None = None,
        ) -> None: ...


class Model(Record):
    """What is trained: parameters, training compute in FLOP, tokens; energy per query in kWh.

    `compute` is model FLOP without recomputation unless `compute_kind` is `"hardware"`. Raises `InvalidRecord`.
    """

    _kind = "model"

    id: str
    name: str
    source: Source
    params: Figure | None
    active_params: Figure | None
    compute: Figure | None
    compute_kind: str | None
    tokens: Figure | None
    energy_per_query: Figure | None
    aliases: tuple[str, ...]
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            id: str,
            name: str,
            source: Source,
            params: float | Figure | None = None,
            active_params: float | Figure | None = None,
            compute: str | PintQuantity | Figure | None = None,
            compute_kind: Literal["model", "hardware"] | None = None,
            tokens: float | Figure | None = None,
            energy_per_query: str | PintQuantity | Figure | None = None,
            aliases: Sequence[str] = (),
            note: str | None = None,
        ) -> None: ...

    def _complete(self, report: Report) -> None:
        if self.params and self.active_params and self.active_params.value > self.params.value:
            what, most = f"{self.active_params.value:g} is more than params", f"{self.params.value:g}"
            report.problem("active_params", f"{what} {most}", expected=f"at most {most}, or correct params")


class TrainingRun(Record):
    """One published training of a model: what its authors gave, and the figures that they published.

    `model`, `hardware` and `region` are ids or aliases of any plugin's records. `power` is of one accelerator in W,
    `duration` in h, `chip_hours` in h, `energy` in kWh after PUE, `gross_co2e` and `net_co2e` in kgCO2e.
    Raises `InvalidRecord`.
    """

    _kind = "run"

    model: str
    hardware: str
    source: Source
    region: str | None
    period: str | None
    chips: Figure | None
    duration: Figure | None
    chip_hours: Figure | None
    power: Figure | None
    boundary: Boundary | None
    node_power: Figure | None
    throughput: Figure | None
    precision: str | None
    compute: Figure | None
    pue: Figure | None
    gross_factor: Figure | None
    net_factor: Figure | None
    energy: Figure | None
    gross_co2e: Figure | None
    net_co2e: Figure | None
    id: str | None
    training: Training | None
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            model: str,
            hardware: str,
            source: Source,
            region: str | None = None,
            period: str | None = None,
            chips: float | Figure | None = None,
            duration: str | PintQuantity | Figure | None = None,
            chip_hours: str | PintQuantity | Figure | None = None,
            power: str | PintQuantity | Figure | None = None,
            boundary: Boundary | None = None,
            node_power: str | PintQuantity | Figure | None = None,
            throughput: str | PintQuantity | Figure | None = None,
            precision: str | None = None,
            compute: str | PintQuantity | Figure | None = None,
            pue: float | Figure | None = None,
            gross_factor: str | PintQuantity | Figure | None = None,
            net_factor: str | PintQuantity | Figure | None = None,
            energy: str | PintQuantity | Figure | None = None,
            gross_co2e: str | PintQuantity | Figure | None = None,
            net_co2e: str | PintQuantity | Figure | None = None,
            id: str | None = None,
            training: Training | None = None,
            note: str | None = None,
        ) -> None: ...


class Offer(Record):
    """Hardware that can be had in a region: an instance with a number of accelerators, and its list price on demand.

    `price` in USD for an accelerator and hour; absent, it is offered at a price that is not known. Raises
    `InvalidRecord`.
    """

    _kind = "offer"

    hardware: str
    region: str
    source: Source
    instance: str | None
    accelerators: Figure | None
    price: Figure | None
    period: str | None
    id: str | None
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            hardware: str,
            region: str,
            source: Source,
            instance: str | None = None,
            accelerators: float | Figure | None = None,
            price: str | PintQuantity | Figure | None = None,
            period: str | None = None,
            id: str | None = None,
            note: str | None = None,
        ) -> None: ...


class Measurement(Record):
    """What real work drew: the mean power of one accelerator in W, before PUE, read at a boundary.

    `hardware` is an id or alias of any plugin's hardware. Raises `InvalidRecord`.
    """

    _kind = "measurement"

    hardware: str
    power: Figure
    boundary: Boundary
    source: Source
    work: str | None
    workload: str | None
    accelerators: Figure | None
    params: Figure | None
    tdp: Figure | None
    id: str | None
    note: str | None

    if TYPE_CHECKING:

        def __init__(
            self,
            hardware: str,
            power: str | PintQuantity | Figure,
            boundary: Boundary,
            source: Source,
            work: Literal["training", "serving", "requests", "fleet", "limited"] | None = None,
            workload: str | None = None,
            accelerators: float | Figure | None = None,
            params: float | Figure | None = None,
            tdp: str | PintQuantity | Figure | None = None,
            id: str | None = None,
            note: str | None = None,
        ) -> None: ...


RECORDS: dict[str, type[Record]] = {c._kind: c for c in (Hardware, Region, Model, TrainingRun, Offer, Measurement)}
# What fields that hold several hold where nothing is given, and a power profile; all others are None.
EMPTY: dict[str, dict[str, Any]] = {
    kind: {
        name: {} if holds.startswith("dict") else ()
        for name, holds in cls.__annotations__.items()
        if holds.startswith(("dict[", "tuple["))
    }
    for kind, cls in RECORDS.items()
}
EMPTY["hardware"]["power"] = PowerProfile()

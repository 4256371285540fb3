"""The records that a plugin gives, and the checks at the door.

A *record* (`Hardware`, `Region`, `Model`, `TrainingRun`) is checked whole when it is made and says everything that is
wrong with it at once. Its *parts* (`Figure`, `Source`, `PowerProfile`, `CarbonFactor`) never raise: they keep what they
were given, and the record that holds them checks it. Every quantity of a checked record is a `Figure` in the engine's
unit, or None where it is unknown.
"""

from __future__ import annotations

import re
from contextvars import ContextVar

from carbontui_registry import units
from carbontui_registry.text import LONGEST_TEXT, clean, controls, did_you_mean, listed
from carbontui_registry.values import Value, set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, ClassVar, Literal, Protocol

    class PintQuantity(Protocol):
        """A quantity of anybody's pint registry."""

        @property
        def magnitude(self) -> Any: ...
        @property
        def units(self) -> Any: ...

    Basis = Literal["measured", "published", "derived", "assumed", "entered"]
    Boundary = Literal["accelerator", "node", "system"]
    Quantity = "str | PintQuantity | Figure | None"
    Plain = "float | Figure | None"

CONTRACT = 1
BASES = ("measured", "published", "derived", "assumed", "entered")
BOUNDARIES = ("accelerator", "node", "system")
HARDWARE_KINDS = ("gpu", "tpu", "other")
PRECISIONS = ("fp32", "tf32", "fp16", "bf16", "fp8")
COVERAGES = ("direct", "lifecycle", "unknown")
MIXES = ("generation", "consumption")
NET_BASES = ("hourly", "annual")
PUE_KINDS = ("site", "fleet", "survey")
COMPUTE_KINDS = ("model", "hardware")

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*(?::[a-z0-9][a-z0-9._-]*)*\Z")
_REFERENCE = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*(?::[a-z0-9][a-z0-9._-]*)*\Z")
_RUN_ID = re.compile(r"[a-z0-9][a-z0-9._-]*(?:[:/][a-z0-9][a-z0-9._-]*)*\Z")
_PERIOD = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?\Z")
_TIME_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}\Z")


class InvalidRecord(ValueError):
    """A record that cannot be taken: `problems` names each thing that is wrong, and what would be right."""

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__(f"{subject}: " + "; ".join(self.problems))


class LimitPassed(Exception):
    """A text or a table larger than any honest record: what the hook gave is set aside whole."""


# While the registry calls a plugin, records keep their problems instead of raising: a constructor that raises inside a
# generator would end it and lose the records after it. The value tells the contract version that the plugin asks for.
noting: ContextVar[Callable[[], int] | None] = ContextVar("noting", default=None)


def contract_asked() -> int:
    """The version of the contract that whoever makes records just now is written for."""
    asked = noting.get()
    return asked() if asked else CONTRACT


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

    `value` is in the engine's unit once the record that holds it is made; it may be given as a text with a unit
    (`"300 W"`), a pint quantity or a number in the engine's unit. `spread` is the relative standard deviation of the
    figure taken as lognormal (`"5 %"` or 0.05), `value` being its median.
    """

    value: float
    basis: Basis
    spread: float | None
    source: Source | None

    if TYPE_CHECKING:

        def __init__(
            self,
            value: float | str | PintQuantity,
            basis: Basis | None = None,
            spread: str | float | None = None,
            source: Source | None = None,
        ) -> None: ...


class PowerProfile(Part):
    """Power of one accelerator in W: `tdp`, `mean` (while training, before PUE) and `idle`.

    `boundary` says where `mean` and `idle` were read: at the accelerator, of the node, or of the whole system.
    """

    tdp: Figure | None
    mean: Figure | None
    idle: Figure | None
    boundary: Boundary | None

    if TYPE_CHECKING:

        def __init__(
            self,
            tdp: str | PintQuantity | Figure | None = None,
            mean: str | PintQuantity | Figure | None = None,
            idle: str | PintQuantity | Figure | None = None,
            boundary: Boundary | None = None,
        ) -> None: ...


class Hourly(Value):
    """The shape of a factor over the day: 24 values with mean 1, by the local clock of `time_zone`."""

    shape: tuple[float, ...]
    time_zone: str


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
        ) -> None: ...


class Report:
    """Collects what is wrong (`problems`) and what is unlikely (`warnings`) about one record."""

    def __init__(self, source: Source | None = None) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self.source = source

    def problem(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def warning(self, where: str, what: str) -> None:
        self.warnings.append(f"{where}: {what}")

    def surplus(self, names: Iterable[str], known: Iterable[str], where: str) -> None:
        """Unknown keywords: a problem, or a warning where the plugin is written for a newer contract than ours."""
        names = [clean(name[:40]) for name in names]
        if not names:
            return
        known = tuple(known)
        newer = contract_asked() > CONTRACT
        for name in names:
            at = f"{where}.{name}" if where else name
            if newer:
                self.warning(at, "not known to this version of carbontui; left aside")
            else:
                self.problem(at, f"not known{did_you_mean(name, known) or f'; known are {listed(known)}'}")


def _text(raw: Any, where: str, report: Report) -> str | None:
    if not isinstance(raw, str):
        report.problem(where, f"{_brief(raw)} is not a text")
        return None
    if len(raw) > LONGEST_TEXT:
        raise LimitPassed(f"{where}: a text of {len(raw):,} characters; {LONGEST_TEXT} are allowed")
    text = clean(raw)
    if not text.strip():
        report.problem(where, "is empty")
    if text != raw and (taken := controls(raw)):
        report.warning(where, f"{listed(taken[:5])} cannot be shown; it reads {_brief(text)}")
    return text


def _identifier(raw: Any, where: str, report: Report, pattern: re.Pattern[str] = _ID) -> str | None:
    if (text := _text(raw, where, report)) is None:
        return None
    if text != raw or not pattern.match(text):
        report.problem(
            where, f"{_brief(raw)} is not an id; write lower case letters, digits and . _ -, such as 'acme-x1'"
        )
    return text


def _reference(raw: Any, where: str, report: Report) -> str | None:
    return _identifier(raw.lower() if isinstance(raw, str) else raw, where, report, _REFERENCE)


def _run_id(raw: Any, where: str, report: Report) -> str | None:
    return _identifier(raw, where, report, _RUN_ID)


def _identifiers(raw: Any, where: str, report: Report) -> tuple[str, ...]:
    if not isinstance(raw, (list, tuple)):
        report.problem(where, f"{_brief(raw)} is not a list of ids")
        return ()
    return tuple(i for n, item in enumerate(raw) if (i := _identifier(item, f"{where}[{n}]", report)) is not None)


def _whole(raw: Any, where: str, report: Report) -> int | None:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1900 <= raw <= 2200:
        report.problem(where, f"{_brief(raw)} is not a year such as 2026")
        return None
    return raw


def _flag(raw: Any, where: str, report: Report) -> bool | None:
    if not isinstance(raw, bool):
        report.problem(where, f"{_brief(raw)} is neither true nor false")
        return None
    return raw


def _one_of(allowed: tuple[str, ...]) -> Callable[[Any, str, Report], str | None]:
    def check(raw: Any, where: str, report: Report) -> str | None:
        if isinstance(raw, str) and raw in allowed:
            return raw
        report.problem(where, f"{_brief(raw)} is not one of {listed(allowed)}")
        return None

    return check


def _period(raw: Any, where: str, report: Report) -> str | None:
    if isinstance(raw, str) and _PERIOD.match(raw):
        return raw
    report.problem(where, f"{_brief(raw)} is not a period; write a year '2025' or a month '2025-03'")
    return None


def _brief(raw: Any) -> str:
    """What was given, short enough to be read in a message, and never run."""
    if isinstance(raw, str):
        return repr(clean(raw[:60]) + ("..." if len(raw) > 60 else ""))
    if raw is None or isinstance(raw, (bool, int, float)):
        try:
            return repr(raw)[:60]
        except ValueError:
            return "a number of thousands of digits"
    return f"a {type(raw).__name__}"


def _source(raw: Any, where: str, report: Report) -> Source | None:
    if isinstance(raw, dict):
        raw = Source(**{str(k): v for k, v in raw.items()})
    if not isinstance(raw, Source):
        report.problem(where, f"{_brief(raw)} is not a Source(title, url, year, licence)")
        return None
    report.surplus(raw.unknown, Source._fields, where)
    if raw.title is None:
        report.problem(where, "has no title")
        return None
    return Source(
        _text(raw.title, f"{where}.title", report) or "",
        url=None if raw.url is None else _text(raw.url, f"{where}.url", report),
        year=None if raw.year is None else _whole(raw.year, f"{where}.year", report),
        licence=None if raw.licence is None else _text(raw.licence, f"{where}.licence", report),
        id=None if raw.id is None else _identifier(raw.id, f"{where}.id", report),
    )


def _figure(kind: str, low: float = 0.0, *, whole: bool = False) -> Callable[[Any, str, Report], Figure | None]:
    """A check for a quantity of a kind of `units.KINDS`, at least `low` (0 is allowed only for a `low` below 0)."""

    def check(raw: Any, where: str, report: Report) -> Figure | None:
        # A pack's table or text: there a bare number has no unit, where a Figure's number is in the engine's.
        text_only = not isinstance(raw, Figure)
        if isinstance(raw, dict):
            raw = Figure(**{str(k): v for k, v in raw.items()})
        given = raw
        if isinstance(raw, Figure):
            report.surplus(raw.unknown, Figure._fields, where)
            given = raw.value
        value = _number(given, kind, where, report, text_only)
        if value is not None and not (value > low if low >= 0 else value >= 0):
            report.problem(where, f"{_brief(given)} must be more than {low:g}")
        if value is not None and whole and value != int(value):
            report.problem(where, f"{_brief(given)} is not a whole number")
        if not isinstance(raw, Figure):
            return None if value is None else Figure(value, "published", None, report.source)
        basis: Any = raw.basis if raw.basis is not None else "published"
        if not isinstance(basis, str) or basis not in BASES:
            report.problem(f"{where}.basis", f"{_brief(basis)} is not one of {listed(BASES)}")
            basis = "published"
        spread = raw.spread
        if spread is not None:
            spread = _number(spread, "share", f"{where}.spread", report, isinstance(spread, str))
        source = report.source if raw.source is None else _source(raw.source, f"{where}.source", report)
        return None if value is None else Figure(value, basis, spread, source)

    return check


def _number(raw: Any, kind: str, where: str, report: Report, text_only: bool) -> float | None:
    """`raw` in the engine's unit of `kind`; None, and a problem, where it is none."""
    try:
        if isinstance(raw, str):
            return units.parse(raw, kind)
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            if text_only and units.ENGINE_UNIT[kind]:
                example = f"{raw:g} {units.ENGINE_UNIT[kind]}" if abs(raw) < 1e15 else units.ENGINE_UNIT[kind]
                report.problem(where, f"{_brief(raw)} has no unit; write it as a text, such as '{example}'")
                return None
            value = float(raw)
            if value != value or value in (float("inf"), float("-inf")) or value < 0:
                report.problem(where, f"{_brief(raw)} is not a figure: it must be finite and not negative")
                return None
            if kind == "pue" and value < 1:
                report.problem(where, f"a PUE of {value:g} is below 1; it is facility energy over IT energy")
                return None
            return value
        if hasattr(raw, "magnitude") and hasattr(raw, "units"):
            return units.from_pint(raw, kind)
    except units.UnitError as error:
        report.problem(where, str(error))
        return None
    except OverflowError:
        report.problem(where, "is too large a number")
        return None
    report.problem(where, f"{_brief(raw)} is not a quantity")
    return None


_power = _figure("power")
_draw_at_rest = _figure("power", -1)
_pue = _figure("pue")
_factor = _figure("factor", -1)
_share = _figure("share", -1)


def _pue_figure(raw: Any, where: str, report: Report) -> Figure | None:
    figure = _pue(raw, where, report)
    if figure is not None and figure.value > 3:
        report.warning(where, f"a PUE of {figure.value:g} is unlikely; surveys find 1.1 to 2.5")
    return figure


def _factor_figure(raw: Any, where: str, report: Report) -> Figure | None:
    figure = _factor(raw, where, report)
    if figure is not None and figure.value > 1500:
        report.warning(where, f"{figure.value:g} gCO2e/kWh is unlikely; burning lignite gives about 1,100")
    return figure


def _power_profile(raw: Any, where: str, report: Report) -> PowerProfile | None:
    if isinstance(raw, dict):
        raw = PowerProfile(**{str(k): v for k, v in raw.items()})
    if not isinstance(raw, PowerProfile):
        report.problem(where, f"{_brief(raw)} is not a PowerProfile(tdp, mean, idle, boundary)")
        return None
    report.surplus(raw.unknown, PowerProfile._fields, where)
    if raw.tdp is None and raw.mean is None:
        report.problem(where, "has neither tdp nor mean; at least one is needed")
    boundary: Any = None if raw.boundary is None else _one_of(BOUNDARIES)(raw.boundary, f"{where}.boundary", report)
    profile = PowerProfile(
        tdp=None if raw.tdp is None else _power(raw.tdp, f"{where}.tdp", report),
        mean=None if raw.mean is None else _power(raw.mean, f"{where}.mean", report),
        idle=None if raw.idle is None else _draw_at_rest(raw.idle, f"{where}.idle", report),
        boundary=boundary,
    )
    if profile.tdp and profile.mean and boundary:
        limit = 1.05 if boundary == "accelerator" else 2.0
        if boundary != "node" and profile.mean.value > limit * profile.tdp.value:
            report.warning(
                f"{where}.mean",
                f"{profile.mean.value:g} W is more than {limit:g} x the TDP of {profile.tdp.value:g} W,"
                f" which is unlikely at the boundary '{boundary}'",
            )
    return profile


def _peak(raw: Any, where: str, report: Report) -> dict[str, Figure]:
    if not isinstance(raw, dict):
        report.problem(where, f"{_brief(raw)} is not a table of throughputs by precision")
        return {}
    report.surplus((str(k) for k in raw if k not in PRECISIONS), PRECISIONS, where)
    check = _figure("throughput")
    checked = {p: check(raw[p], f"{where}.{p}", report) for p in PRECISIONS if p in raw}
    return {precision: figure for precision, figure in checked.items() if figure is not None}


def _hourly(raw: Any, where: str, report: Report) -> Hourly | None:
    if isinstance(raw, Hourly):
        raw = {"shape": raw.shape, "time_zone": raw.time_zone}
    if not isinstance(raw, dict) or set(raw) != {"shape", "time_zone"}:
        report.problem(where, "is not a table of shape (24 values with mean 1) and time_zone")
        return None
    shape, zone = raw["shape"], raw["time_zone"]
    good = isinstance(shape, (list, tuple)) and len(shape) == 24
    if not good or not all(isinstance(v, (int, float)) and not isinstance(v, bool) and 0 <= v < 24.1 for v in shape):
        report.problem(f"{where}.shape", "is not 24 values of 0 or more, one for each hour of the day")
        return None
    if not abs(sum(shape) / 24 - 1) < 0.002:
        report.problem(f"{where}.shape", f"has the mean {sum(shape) / 24:.4g}; it must be 1, as it scales the factor")
    if not isinstance(zone, str) or not _TIME_ZONE.match(zone):
        report.problem(f"{where}.time_zone", f"{_brief(zone)} is not a time zone such as 'Europe/Helsinki'")
        return None
    return Hourly(tuple(float(v) for v in shape), zone)


def _carbon_factor(raw: Any, where: str, report: Report) -> CarbonFactor | None:
    if isinstance(raw, dict):
        raw = CarbonFactor(**{str(k): v for k, v in raw.items()})
    if not isinstance(raw, CarbonFactor):
        report.problem(where, f"{_brief(raw)} is not a CarbonFactor(period, gross, net, ...)")
        return None
    report.surplus(raw.unknown, CarbonFactor._fields, where)
    if raw.gross is None and raw.net is None:
        report.problem(where, "has neither gross nor net; at least one is needed")
    records_own = report.source
    if raw.source is not None:
        report.source = _source(raw.source, f"{where}.source", report)
    values: dict[str, Any] = {"source": report.source}
    if raw.period is None:
        report.problem(where, "has no period; write a year '2025' or a month '2025-03'")
    for field, check in _FACTOR_CHECKS.items():
        given = getattr(raw, field)
        values[field] = None if given is None else check(given, f"{where}.{field}", report)
    report.source = records_own
    return CarbonFactor(**values)


def _factors(raw: Any, where: str, report: Report) -> tuple[CarbonFactor, ...]:
    if not isinstance(raw, (list, tuple)):
        report.problem(where, f"{_brief(raw)} is not a list of CarbonFactor")
        return ()
    made = (_carbon_factor(item, f"{where}[{n}]", report) for n, item in enumerate(raw))
    return tuple(factor for factor in made if factor is not None)


_FACTOR_CHECKS: dict[str, Callable[[Any, str, Report], Any]] = {
    "period": _period,
    "gross": _factor_figure,
    "net": _factor_figure,
    "pue": _pue_figure,
    "pue_kind": _one_of(PUE_KINDS),
    "cfe": _share,
    "coverage": _one_of(COVERAGES),
    "mix": _one_of(MIXES),
    "includes_td": _flag,
    "net_basis": _one_of(NET_BASES),
    "hourly": _hourly,
}


class Record(Value):
    """Base of the four records.

    Raises `InvalidRecord` with everything that is wrong, unless the registry is calling a plugin: then the record
    keeps its `problems`, and the registry sets it aside. `warnings` are of the unlikely but possible.
    """

    __slots__ = ("problems", "warnings")
    _kind: ClassVar[str] = ""
    _checks: ClassVar[dict[str, Callable[[Any, str, Report], Any]]] = {}
    _required: ClassVar[tuple[str, ...]] = ("id", "name", "source")
    _empty: ClassVar[dict[str, Any]] = {}

    if TYPE_CHECKING:
        problems: tuple[str, ...]
        warnings: tuple[str, ...]

    def __init__(self, /, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        given = {**dict(zip(cls._fields, args, strict=False)), **kwargs}
        report = Report()
        for field in cls._fields[: len(args)]:
            if field in kwargs:
                report.problem(field, "is given twice")
        if len(args) > len(cls._fields):
            report.problem(cls._kind, f"{len(args)} values were given by position; it has {len(cls._fields)} fields")
        if given.get("source") is not None:
            report.source = _source(given["source"], "source", report)
        checks = cls._checks
        report.surplus((name for name in given if name not in cls._fields), cls._fields, "")
        for field in cls._fields:
            raw = given.get(field)
            if field == "source":
                value: Any = report.source
            elif raw is None:
                value = cls._empty.get(field)
            else:
                value = checks[field](raw, field, report)
            if raw is None and field in cls._required:
                report.problem(field, "is missing")
            set_field(self, field, value)
        set_field(self, "problems", ())
        set_field(self, "warnings", ())
        self._check_whole(report)
        set_field(self, "problems", tuple(report.problems))
        set_field(self, "warnings", tuple(report.warnings))
        if report.problems and noting.get() is None:
            raise InvalidRecord(self.subject, report.problems)

    def _check_whole(self, report: Report) -> None:
        """Checks that need more than one field."""

    @property
    def subject(self) -> str:
        """What a message calls this record: `hardware acme-x1`."""
        return f"{self._kind} {getattr(self, 'id', None) or '(no id)'}"


class Hardware(Record):
    """One accelerator type as deployed; one package is one accelerator.

    `power` in W, `peak` dense throughput in FLOP/s by precision, `memory` in GiB, `embodied` in kgCO2e.
    Raises `InvalidRecord`.
    """

    _kind = "hardware"
    _required = ("id", "name", "source", "power")
    _empty: ClassVar[dict[str, Any]] = {"peak": {}, "aliases": ()}

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

    _checks = {
        "id": _identifier,
        "name": _text,
        "vendor": _text,
        "kind": _one_of(HARDWARE_KINDS),
        "year": _whole,
        "power": _power_profile,
        "peak": _peak,
        "memory": _figure("memory"),
        "embodied": _figure("co2e", -1),
        "aliases": _identifiers,
    }

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
        ) -> None: ...

    @property
    def matrix_peak(self) -> Figure | None:
        """The dense 16-bit matrix peak in FLOP/s, else that of TF32, else of fp32: what utilisation refers to."""
        for precision in ("bf16", "fp16", "tf32", "fp32"):
            if precision in self.peak:
                return self.peak[precision]
        return None


class Region(Record):
    """A datacenter or a grid where a run can be placed, with its PUE and its carbon factors by period.

    `grid` is the id of the region whose factors hold for everybody at this place. Raises `InvalidRecord`.
    """

    _kind = "region"
    _empty: ClassVar[dict[str, Any]] = {"factors": (), "aliases": ()}

    id: str
    name: str
    source: Source
    provider: str | None
    country: str | None
    grid: str | None
    pue: Figure | None
    factors: tuple[CarbonFactor, ...]
    aliases: tuple[str, ...]

    _checks = {
        "id": _identifier,
        "name": _text,
        "provider": _text,
        "country": _text,
        "grid": _reference,
        "pue": _pue_figure,
        "factors": _factors,
        "aliases": _identifiers,
    }

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
        ) -> None: ...


class Model(Record):
    """What is trained: parameters, training compute in FLOP, tokens; energy per query in kWh.

    `compute` is model FLOP without recomputation unless `compute_kind` is `"hardware"`. Raises `InvalidRecord`.
    """

    _kind = "model"
    _empty: ClassVar[dict[str, Any]] = {"aliases": ()}

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

    _checks = {
        "id": _identifier,
        "name": _text,
        "params": _figure("number"),
        "active_params": _figure("number"),
        "compute": _figure("compute"),
        "compute_kind": _one_of(COMPUTE_KINDS),
        "tokens": _figure("number"),
        "energy_per_query": _figure("energy"),
        "aliases": _identifiers,
    }

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
        ) -> None: ...

    def _check_whole(self, report: Report) -> None:
        if self.params and self.active_params and self.active_params.value > self.params.value:
            report.problem("active_params", f"{self.active_params.value:g} is more than params {self.params.value:g}")


class TrainingRun(Record):
    """One published training of a model: what its authors gave, and the figures that they published.

    `model`, `hardware` and `region` are ids or aliases of any plugin's records. `power` is of one accelerator in W,
    `duration` in h, `chip_hours` in h, `energy` in kWh after PUE, `gross_co2e` and `net_co2e` in kgCO2e.
    Raises `InvalidRecord`.
    """

    _kind = "run"
    _required = ("model", "hardware", "source")

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

    _checks = {
        "model": _reference,
        "hardware": _reference,
        "region": _reference,
        "period": _period,
        "chips": _figure("number", whole=True),
        "duration": _figure("duration"),
        "chip_hours": _figure("duration"),
        "power": _power,
        "boundary": _one_of(BOUNDARIES),
        "throughput": _figure("throughput"),
        "precision": _one_of(PRECISIONS),
        "compute": _figure("compute"),
        "pue": _pue_figure,
        "gross_factor": _factor_figure,
        "net_factor": _factor_figure,
        "energy": _figure("energy", -1),
        "gross_co2e": _figure("co2e", -1),
        "net_co2e": _figure("co2e", -1),
        "id": _run_id,
    }

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
        ) -> None: ...

    def _check_whole(self, report: Report) -> None:  # noqa: ARG002
        if self.id is None and self.model and self.hardware:
            set_field(self, "id", "/".join(part for part in (self.model, self.hardware, self.period) if part))


RECORDS: dict[str, type[Record]] = {cls._kind: cls for cls in (Hardware, Region, Model, TrainingRun)}

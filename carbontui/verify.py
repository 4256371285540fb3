"""The tables and claims of Patterson et al. 2021 (arXiv:2104.10350), recomputed from what is registered.

"Reproduced" is a theorem, not a tolerance: a printed figure stands for the interval of values that round to it, and a
registered one for itself with the half-width of its printed text. A result *follows* when the interval from its inputs
meets that of its printed text. What the rounding of other inputs can hide, such as GPT-3 at 331 W, cannot be found.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from carbontui import display
from carbontui import footprint as arithmetic
from carbontui.comparison import why
from carbontui.filling import fill
from carbontui.scenario import Filled, Scenario
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import listed
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

TABLE_1, TABLE_4, CLAIMS = "Table 1", "Table 4", "claims"
SAME, FOLLOWS, IN_PART, FOLLOWS_NOT = "same digits", "follows", "follows in part", "does not follow"
# The verdict where an input is not registered; never on record, so that it always differs.
NOT_KNOWN = "unknown"

# Column of a table -> model, hardware and region of its run.
SYSTEMS = {
    "ET-NAS": ("evolved-transformer-nas", "tpu-v2", "paper:google-georgia"),
    "T5": ("t5", "tpu-v3", "paper:google-taiwan"),
    "Meena": ("meena", "tpu-v3", "paper:google-georgia"),
    "GShard-600B": ("gshard-600b", "tpu-v3", "paper:google-north-carolina"),
    "Switch": ("switch-transformer", "tpu-v3", "paper:google-georgia"),
    "GPT-3": ("gpt-3", "v100-sxm2-32", "paper:microsoft-azure"),
    "TBig-P100-US": ("transformer-big", "p100-sxm2", "paper:us-average"),
    "TBig-P100-Iowa": ("transformer-big", "p100-sxm2", "paper:google-iowa"),
    "ET-P100-Iowa": ("evolved-transformer-medium", "p100-sxm2", "paper:google-iowa"),
    "TBig-TPUv2-Iowa": ("transformer-big", "tpu-v2", "paper:google-iowa"),
    "ET-TPUv2-Iowa": ("evolved-transformer-medium", "tpu-v2", "paper:google-iowa"),
}
# Table 4 also has the search that found the Evolved Transformer, which trains no model.
TRAINED = ("T5", "Meena", "GShard-600B", "Switch", "GPT-3")

# Figure of a run -> column of the tables, engine's units in the column's unit.
COLUMNS = {
    "duration": ("days", 24),
    "power": ("measured_system_w", 1),
    "throughput": ("tflops_per_s", 10**12),
    "compute": ("total_flops", 1),
    "pue": ("pue", 1),
    "gross": ("gross_kg_per_kwh", 1000),
    "net": ("net_kg_per_kwh", 1000),
    "gross_kgco2e": ("gross_t", 1000),
    "net_kgco2e": ("net_t", 1000),
}
ENERGY_COLUMNS = {TABLE_1: ("energy_kwh", 1, "kWh"), TABLE_4: ("energy_mwh", 1000, "MWh")}

# What Table 4 compares with: tCO2e of the estimate for the search (Strubell et al. 2019), tCO2e of a jet's round trip
# from San Francisco to New York as Appendix A documents it, TWh that Google used in 2019.
NAS_ESTIMATE, JET, GOOGLE = "284", "180.4", "12.2"

ENERGY, COMPUTE = "energy from the inputs", "compute from throughput, chips and duration"
GROSS, NET = "gross CO2e from the inputs", "net CO2e from the inputs"
GROSS_OF_PRINTED, NET_OF_PRINTED = "gross CO2e from the printed energy", "net CO2e from the printed energy"
OF_NAS = "fraction of the NAS estimate from the printed net CO2e"
OF_JET = "fraction of the jet's round trip from the printed net CO2e"
OF_GOOGLE = "share of Google's energy from the printed energy"

# The verdicts on record; a cell that is not here has the same digits.
RECORDED: dict[str, dict[str, tuple[str, ...]]] = {
    FOLLOWS: {
        "T5": (ENERGY, COMPUTE, GROSS, NET),
        "Meena": (GROSS_OF_PRINTED, NET_OF_PRINTED, OF_NAS),
        "GShard-600B": (ENERGY, COMPUTE, NET),
        "Switch": (GROSS, GROSS_OF_PRINTED, NET, OF_JET),
        "GPT-3": (ENERGY, COMPUTE, GROSS, NET),
        "TBig-P100-US": (COMPUTE,),
        "TBig-P100-Iowa": (COMPUTE,),
        "ET-P100-Iowa": (COMPUTE,),
        "GShard-600B against GPT-3": ("processor-years", "energy", "net CO2e"),
        "accelerators": ("throughput, also per watt",),
        "all choices": ("product of the ranges",),
        "Google's energy": ("T5, Meena, GShard-600B and Switch",),
    },
    IN_PART: {
        "sparse models": ("energy, dense over sparse",),
        "location": ("net factor within one country and operator",),
        "cloud datacenters": ("PUE, US average over Google Iowa",),
        "all choices": ("net CO2e within a table",),
    },
    FOLLOWS_NOT: {"T5": (OF_JET,), "Meena": (OF_JET,), "GPT-3": (OF_JET,)},
}


class Check(Value):
    """A printed figure against the recomputed one; `reason` is a sentence on what keeps it from following whole."""

    table: str
    system: str
    cell: str
    printed: str
    computed: str
    verdict: str
    recorded: str
    reason: str = ""

    @property
    def as_recorded(self) -> bool:
        """Whether the verdict is the one on record."""
        return self.verdict == self.recorded


class Interval(Value):
    """All that a figure, never negative, can be; `mid` is what it is taken for. NaN where it is unknown."""

    low: Decimal
    mid: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def __mul__(self, other: Interval | int) -> Interval:
        by = other if isinstance(other, Interval) else exactly(other)
        return Interval(self.low * by.low, self.mid * by.mid, self.high * by.high)

    def __truediv__(self, other: Interval | int) -> Interval:
        by = other if isinstance(other, Interval) else exactly(other)
        return Interval(self.low / by.high, self.mid / by.mid, self.high / by.low)

    @property
    def unknown(self) -> bool:
        """Whether an input of it is not registered."""
        return not self.mid.is_finite()

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return self.low <= other.high and other.low <= self.high

    def taken_for(self, value: float) -> Interval:
        """The same relative width around another value."""
        scale = Decimal(repr(value)) / self.mid
        return Interval(self.low * scale, self.mid * scale, self.high * scale)


def around(value: Decimal, half: Decimal) -> Interval:
    """`value` give or take `half`."""
    return Interval(max(value - half, Decimal(0)), value, value + half)


def exactly(value: int) -> Interval:
    """An exact number, such as chips."""
    return around(Decimal(value), Decimal(0))


UNKNOWN = Interval(Decimal("nan"), Decimal("nan"), Decimal("nan"))


def half_width(text: str) -> Decimal:
    """Half a unit of the last digit of a printed text."""
    return Decimal(5).scaleb(int(Decimal(text).as_tuple().exponent) - 1)


def printed(text: str) -> Interval:
    """The values that round to a printed text: `1.10` is 1.095 to 1.105, `2.91e21` 2.905e21 to 2.915e21.

    The text's `~45X`, `~55X`, `~115X` and `~130X` (section 3) count in fives: `~45` is 42.5 to 47.5.
    """
    digits = text.lstrip("~")
    return around(Decimal(digits), half_width(digits) * (5 if text.startswith("~") else 1))


def rounded(value: Decimal, text: str) -> str:
    """The value with the digits of a printed text."""
    made = value.quantize(Decimal(text.lstrip("~")), ROUND_HALF_UP)
    if not made.is_finite():
        return display.UNKNOWN
    return str(made).replace("E+", "e") if "e" in text else f"{made:f}"


def verdict(given: Interval, text: str) -> str:
    """How what was computed stands to a printed text."""
    if given.unknown:
        return NOT_KNOWN
    if rounded(given.mid, text) == text.lstrip("~"):
        return SAME
    return FOLLOWS if given.meets(printed(text)) else FOLLOWS_NOT


def verdict_of_range(ratios: Iterable[Interval], low: str, high: str, *, from_low: bool = True) -> str:
    """How ratios stand to a range in the text.

    It follows where the least ratio is at the low end (unless `from_low` is False) and the largest at the high end or
    above, in part where some ratio is in the range.
    """
    found = sorted(ratios, key=lambda ratio: ratio.mid)
    if not found or any(ratio.unknown for ratio in found):
        return NOT_KNOWN
    first, last = printed(low), printed(high)
    if found[-1].high >= last.low and (not from_low or found[0].meets(first)):
        return FOLLOWS
    inside = any(ratio.high >= first.low and ratio.low <= last.high for ratio in found)
    return IN_PART if inside else FOLLOWS_NOT


def recorded(system: str, cell: str) -> str:
    """The verdict on record."""
    return next((known for known, cells in RECORDED.items() if cell in cells.get(system, ())), SAME)


class Row(Value):
    """One column of Table 1 or 4: its printed texts, and the registered run, None where there is none.

    Quantities are intervals in the engine's units. They are typed Any because the functions of `footprint`, which are
    those of every other result of this program, say float and do for whatever multiplies and divides.
    """

    table: str
    system: str
    texts: dict[str, str]
    filled: Filled | None

    def figure(self, key: str) -> Any:
        """A registered input, or published result, with the half-width of its printed text."""
        if self.filled is None:
            return UNKNOWN
        known = self.filled.inputs.get(key) or self.filled.published.get(key)
        if known is None:
            return UNKNOWN
        value = Decimal(repr(float(known.value)))
        if key == "chips":
            return around(value, Decimal(0))
        column, unit = ENERGY_COLUMNS[self.table][:2] if key == "energy_kwh" else COLUMNS[key]
        return around(value, half_width(self.texts[column]) * unit)

    def printed(self, column: str) -> Interval:
        """A cell of the table, in the table's unit."""
        return printed(self.texts[column])

    @property
    def derived_days(self) -> Any:
        """Days from compute, chips and throughput."""
        return arithmetic.duration(self.figure("compute"), self.figure("chips"), self.figure("throughput")) / 24

    @property
    def has_duration(self) -> bool:
        """Whether a duration is registered; that of GPT-3 is derived."""
        return self.filled is not None and "duration" in self.filled.inputs

    @property
    def duration(self) -> Any:
        """Hours. A derived duration enters with the digits that the table prints, 14.8 d for 14.773 d."""
        if self.has_duration:
            return self.figure("duration")
        days = self.derived_days
        return days if days.unknown else printed(rounded(days.mid, self.texts["days"])) * 24

    @property
    def it_energy(self) -> Any:
        """IT energy in kWh from the inputs."""
        return arithmetic.it_energy(self.duration, self.figure("chips"), self.figure("power"))

    @property
    def energy(self) -> Any:
        """Energy in kWh from the inputs."""
        return arithmetic.energy(self.it_energy, self.figure("pue"))

    def co2e(self, key: str) -> Any:
        """Gross or net CO2e in kg from the inputs."""
        return arithmetic.co2e(self.it_energy, self.figure("pue"), self.figure(key))

    @property
    def compute(self) -> Any:
        """FLOP from throughput, chips and duration: the printed one where none is registered."""
        # A duration derived from FLOP would only give the FLOP back.
        hours: Any = self.figure("duration") if self.has_duration else self.printed("days") * 24
        return self.figure("throughput") * self.figure("chips") * hours * arithmetic.SECONDS_PER_HOUR

    @property
    def per_watt(self) -> Any:
        """FLOP/s per W."""
        return self.figure("throughput") / self.figure("power")

    def check(self, cell: str, unit: str, column: str, given: Interval, reason: str = "") -> Check:
        """What was computed, in the table's unit, against the cell's printed text."""
        text = self.texts[column]
        found = verdict(given, text)
        if found == FOLLOWS_NOT and not reason:
            reason = f"the inputs give {_span(given)}, the printed {text} stands for {_span(self.printed(column))}"
        shown = f"{cell} ({unit})" if unit else cell
        known = recorded(self.system, cell)
        return Check(self.table, self.system, shown, text, rounded(given.mid, text), found, known, reason)


def _span(given: Interval) -> str:
    return f"{given.low:.4g} to {given.high:.4g}"


def verify(catalogue: Catalogue) -> list[Check]:
    """Every cell of Tables 1 and 4 that follows from others, and every claim of the text on them.

    Raises `UnknownName` where a model, hardware or region of theirs is not registered.
    """
    # Without traps what is unknown stays unknown through all arithmetic.
    with localcontext(Context(prec=28, traps=[])):
        rows = {row.system: row for row in (*_rows(TABLE_4, catalogue), *_rows(TABLE_1, catalogue))}
        checks = [check for row in rows.values() for check in _cells(row)]
        return [*checks, *_claims(rows, catalogue)]


def _rows(table: str, catalogue: Catalogue) -> Iterator[Row]:
    from csv import DictReader
    from importlib.resources import files

    name = f"{table.replace(' ', '').lower()}.csv"
    for texts in DictReader(files("carbontui_paper").joinpath(name).read_text("utf-8").splitlines()):
        system = texts["model" if table == TABLE_4 else "case"]
        model, hardware, region = SYSTEMS[system]
        filled = fill(Scenario(model=model, hardware=hardware, region=region), catalogue)
        # Without this very run the scenario is filled in from others, and from assumptions.
        yield Row(table, system, texts, filled if filled.published else None)


def _cells(row: Row) -> Iterator[Check]:
    column, unit, name = ENERGY_COLUMNS[row.table]
    yield row.check(ENERGY, name, column, row.energy / unit, _with_unrounded_days(row))
    yield row.check(COMPUTE, "FLOP", "total_flops", row.compute)
    energy = row.printed(column) * unit
    yield row.check(GROSS, "t", "gross_t", row.co2e("gross") / 1000)
    if row.table == TABLE_4:
        yield row.check(GROSS_OF_PRINTED, "t", "gross_t", energy * row.figure("gross") / 10**6)
    yield row.check(NET, "t", "net_t", row.co2e("net") / 1000)
    if row.table == TABLE_1:
        return
    net = row.printed("net_t")
    yield row.check(NET_OF_PRINTED, "t", "net_t", energy * row.figure("net") / 10**6)
    yield row.check(OF_NAS, "", "frac_nas284", net / printed(NAS_ESTIMATE))
    divisor = net / row.printed("frac_jet180")
    reason = f"the table divided by {divisor.low:.2f} to {divisor.high:.2f} t and not by the documented {JET} t"
    reason = "" if divisor.meets(printed(JET)) else reason
    yield row.check(OF_JET, "", "frac_jet180", net / printed(JET), reason)
    yield row.check(OF_GOOGLE, "%", "pct_google2019", _percent_of_google(energy))


def _with_unrounded_days(row: Row) -> str:
    days = row.derived_days
    if row.has_duration or days.unknown:
        return ""
    column, unit, name = ENERGY_COLUMNS[row.table]
    energy = row.energy.mid * days.mid * 24 / row.duration.mid / unit
    return (
        f"the days are derived from compute and printed as {row.texts['days']};"
        f" unrounded, {days.mid:.5g}, they give {rounded(energy, row.texts[column])} {name}"
    )


def _percent_of_google(energy: Interval) -> Interval:
    """Per cent of what Google used in 2019, of an energy in kWh."""
    return energy * 100 / (printed(GOOGLE) * 10**9)


# The claims of the text. Energy and CO2e of Table 4 are the published ones, as the text took them from the table.


def _claims(rows: dict[str, Row], catalogue: Catalogue) -> Iterator[Check]:
    yield _sparse(rows)
    yield from _gshard(rows)
    yield _location(rows)
    yield _datacenters(rows)
    yield _accelerators(rows)
    yield from _evolved_transformer(rows)
    yield from _overall(rows, catalogue)
    given = printed(NAS_ESTIMATE) * 1000 / rows["ET-NAS"].co2e("gross")
    yield _number("NAS estimate", "gross CO2e, estimate over ET-NAS", "88", given)
    yield from _all_choices(rows)
    yield _four_models(rows)


def _claim(claim: str, cell: str, text: str, computed: str, found: str, reason: str = "") -> Check:
    return Check(CLAIMS, claim, cell, text, computed, found, recorded(claim, cell), reason)


def _number(claim: str, cell: str, text: str, given: Interval) -> Check:
    """A claim of one ratio."""
    found = verdict(given, text)
    reason = f"the tables give {_span(given)}" if found == FOLLOWS_NOT else ""
    computed = display.UNKNOWN if given.unknown else f"{rounded(given.mid, text)}x"
    return _claim(claim, cell, f"{text}x", computed, found, reason)


def _range(claim: str, cell: str, low: str, high: str, ratios: list[Interval], missing: str) -> Check:
    """A claim of a range of ratios; `missing` is the reason where it does not follow whole."""
    found = verdict_of_range(ratios, low, high)
    return _claim(claim, cell, f"{low} to {high}x", _extent(ratios), found, missing if found != FOLLOWS else "")


def _up_to(claim: str, cell: str, low: str, high: str, groups: list[dict[str, Interval]]) -> Check:
    """A claim of how far the figures of a group are apart; shown is the largest ratio of two of them."""
    text = f"{low} to {high}x"
    if not groups or any(figure.unknown for group in groups for figure in group.values()):
        return _claim(claim, cell, text, display.UNKNOWN, NOT_KNOWN)
    ratios = {
        f"{more} / {less}": group[more] / group[less]
        for group in groups
        for more in group
        for less in group
        if group[more].mid >= group[less].mid
    }
    found = verdict_of_range(ratios.values(), low, high, from_low=False)
    largest = max(ratios, key=lambda pair: ratios[pair].mid)
    reason = f"the largest ratio is {largest}; {high}x is not in the tables" if found != FOLLOWS else ""
    return _claim(claim, cell, text, f"up to {_extent([ratios[largest]])}", found, reason)


def _extent(ratios: Iterable[Interval]) -> str:
    """The smallest and the largest of some ratios."""
    found = sorted(ratios, key=lambda ratio: ratio.mid)
    if any(ratio.unknown for ratio in found):
        return display.UNKNOWN
    ends = dict.fromkeys(display.significant(float(ratio.mid)) for ratio in (found[0], found[-1]))
    return f"{' to '.join(ends)}x"


def _sparse(rows: dict[str, Row]) -> Check:
    """Sparse DNNs take under 1/10 of the energy of dense ones (abstract)."""
    claim, cell, text = "sparse models", "energy, dense over sparse", "over 10x"
    dense = [name for name in TRAINED if rows[name].texts["activated_pct"] == "100"]
    ratios = {
        f"{one} / {other}": rows[one].figure("energy_kwh") / rows[other].figure("energy_kwh")
        for one in dense
        for other in TRAINED
        if other not in dense
    }
    if any(ratio.unknown for ratio in ratios.values()):
        return _claim(claim, cell, text, display.UNKNOWN, NOT_KNOWN)
    holding = sum(ratio.high > 10 for ratio in ratios.values())
    if holding == len(ratios):
        return _claim(claim, cell, text, _extent(ratios.values()), FOLLOWS)
    falling = sorted(ratios.items(), key=lambda pair: -pair[1].mid)
    each = listed(f"{pair} {display.significant(float(ratio.mid))}" for pair, ratio in falling)
    reason = f"holds for {holding} of {len(ratios)} pairs: {each}"
    return _claim(claim, cell, text, _extent(ratios.values()), IN_PART if holding else FOLLOWS_NOT, reason)


def _gshard(rows: dict[str, Row]) -> Iterator[Check]:
    """GShard-600B against GPT-3: ~45X fewer processor years, ~55X less energy, ~115X, ~130X less CO2e (section 3)."""
    dense, sparse = rows["GPT-3"], rows["GShard-600B"]
    hours = [row.figure("chips") * row.duration for row in (dense, sparse)]
    yield _number("GShard-600B against GPT-3", "processor-years", "~45", hours[0] / hours[1])
    for cell, key, text in (
        ("energy", "energy_kwh", "~55"),
        ("gross CO2e", "gross_kgco2e", "~115"),
        ("net CO2e", "net_kgco2e", "~130"),
    ):
        yield _number("GShard-600B against GPT-3", cell, text, dense.figure(key) / sparse.figure(key))


def _location(rows: dict[str, Row]) -> Check:
    """CO2e varies 5 to 10 times with the location, within one country and operator (abstract)."""
    places: dict[tuple[str, str], dict[str, Interval]] = {}
    for row in rows.values():
        if row.filled is None or row.filled.region is None or row.filled.run is None:
            continue
        region, period = row.filled.region.record, row.filled.run.record.period
        for factor in region.factors:
            if factor.period == period and factor.net is not None and region.provider and region.country:
                half = half_width(row.texts["net_kg_per_kwh"]) * 1000
                net = around(Decimal(repr(factor.net.value)), half)
                places.setdefault((region.country, region.provider), {})[f"{region.name} {period}"] = net
    return _up_to("location", "net factor within one country and operator", "5", "10", list(places.values()))


def _datacenters(rows: dict[str, Row]) -> Check:
    """Cloud datacenters are 1.4 to 2 times as efficient (abstract)."""
    ratio = rows["TBig-P100-US"].figure("pue") / rows["TBig-P100-Iowa"].figure("pue")
    missing = "2x is cited, from server utilisation among others, and not computed from PUE"
    return _range("cloud datacenters", "PUE, US average over Google Iowa", "1.4", "2", [ratio], missing)


def _accelerators(rows: dict[str, Row]) -> Check:
    """Accelerators made for machine learning are 2 to 5 times as effective (abstract; sections 2.2 and 4.3)."""
    ratios: list[Interval] = []
    for model in ("TBig", "ET"):
        tpu, gpu = rows[f"{model}-TPUv2-Iowa"], rows[f"{model}-P100-Iowa"]
        ratios += [tpu.figure("throughput") / gpu.figure("throughput"), tpu.per_watt / gpu.per_watt]
    # TPU v3 / V100: on average, as section 4.3 has it.
    of_google = [name for name in TRAINED if name != "GPT-3"]
    mean = _total(rows[name].per_watt for name in of_google) / len(of_google)
    ratios.append(mean / rows["GPT-3"].per_watt)
    missing = "the tables do not reach both ends"
    return _range("accelerators", "throughput, also per watt", "2", "5", ratios, missing)


def _evolved_transformer(rows: dict[str, Row]) -> Iterator[Check]:
    """Evolved Transformer uses 1.6X fewer FLOPS and 1.1X-1.3X less time than Transformer (Big) (section 2.1)."""
    pairs = {on: (rows[f"TBig-{on}-Iowa"], rows[f"ET-{on}-Iowa"]) for on in ("P100", "TPUv2")}
    big, evolved = pairs["P100"]
    yield _number("Evolved Transformer", "compute", "1.6", big.figure("compute") / evolved.figure("compute"))
    for (on, (big, evolved)), text in zip(pairs.items(), ("1.1", "1.3"), strict=True):
        yield _number("Evolved Transformer", f"duration on {on}", text, big.duration / evolved.duration)


def _overall(rows: dict[str, Row], catalogue: Catalogue) -> Iterator[Check]:
    """Model, processor, datacenter and energy mix together make 57X, in the steps of figure 1 (section 2)."""
    old, between, new = rows["TBig-P100-US"], rows["TBig-TPUv2-Iowa"], rows["ET-TPUv2-Iowa"]
    found = why(old.filled, new.filled, "net", catalogue) if old.filled and new.filled else None
    cumulative = {step.name: step.cumulative for step in found.steps} if found else {}
    widths = {
        "model": between.it_energy / new.it_energy,
        "machine": old.it_energy / new.it_energy,
        "mechanization": old.energy / new.energy,
        "map": old.co2e("net") / new.co2e("net"),
    }
    given = UNKNOWN
    for (step, width), text in zip(widths.items(), ("1.3", "7.4", "10.5", "56.5"), strict=True):
        given = width.taken_for(cumulative[step]) if step in cumulative else UNKNOWN
        yield _number("overall", f"net CO2e, steps to {step}", text, given)
    yield _number("overall", "net CO2e", "57", given)


def _all_choices(rows: dict[str, Row]) -> Iterator[Check]:
    """DNN, datacenter and processor together make up to 100 to 1000 times (abstract)."""
    sparse, claim = exactly(10), "all choices"
    products = [
        sparse * printed("5") * printed("1.4") * printed("2"),
        sparse * printed("10") * printed("2") * printed("5"),
    ]
    missing = "the product of the other ranges does not reach both ends"
    yield _range(claim, "product of the ranges", "100", "1000", products, missing)
    tables = [TRAINED, [row.system for row in rows.values() if row.table == TABLE_1]]
    nets = [{name: rows[name].figure("net_kgco2e") for name in names} for names in tables]
    yield _up_to(claim, "net CO2e within a table", "100", "1000", nets)


def _four_models(rows: dict[str, Row]) -> Check:
    """Google's four models took under 0.005 % of its energy in 2019."""
    names = [name for name in TRAINED if name != "GPT-3"]
    share = _percent_of_google(_total(rows[name].figure("energy_kwh") for name in names))
    found = NOT_KNOWN if share.unknown else FOLLOWS if share.low < Decimal("0.005") else FOLLOWS_NOT
    reason = f"the tables give {_span(share)} %" if found == FOLLOWS_NOT else ""
    computed = display.UNKNOWN if share.unknown else f"{rounded(share.mid, '0.0001')} %"
    return _claim("Google's energy", listed(names), "under 0.005 %", computed, found, reason)


def _total(figures: Iterable[Interval]) -> Interval:
    made = exactly(0)
    for figure in figures:
        made = made + figure
    return made


def summary(checks: list[Check]) -> str:
    """All verdicts in one line, and whether any differs from its record."""
    cells = [check for check in checks if check.table != CLAIMS]
    claims = [check for check in checks if check.table == CLAIMS]
    distinct = len({(check.table, check.system, check.cell.partition(" from ")[0]) for check in cells})
    differing = sum(not check.as_recorded for check in checks)
    on_claims = f"{len(claims)} on {len({check.system for check in claims})} claims: {_counted(claims)}"
    said = "differs from its record" if differing == 1 else "differ from their record"
    end = f"{differing} {said}" if differing else "nothing differs"
    return f"{len(cells)} checks on {distinct} cells: {_counted(cells)}; {on_claims}; {end}"


def _counted(checks: list[Check]) -> str:
    """How many checks have each verdict, in the words for several."""
    several = {FOLLOWS: "follow", IN_PART: "follow in part", FOLLOWS_NOT: "do not follow"}
    counts = {
        several.get(known, known): sum(check.verdict == known for check in checks)
        for known in (SAME, FOLLOWS, IN_PART, FOLLOWS_NOT, NOT_KNOWN)
    }
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)

"""The tables of Patterson et al. 2021 as rows of printed texts beside registered runs, and the verdicts on record."""

from __future__ import annotations

from decimal import Decimal

from carbontui.engine import footprint as arithmetic
from carbontui.engine.scenario import Filled
from carbontui.verification.printed_intervals import (
    FOLLOWS,
    FOLLOWS_NOT,
    IN_PART,
    SAME,
    UNKNOWN,
    Interval,
    around,
    half_width,
    printed,
    rounded,
    verdict,
)
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TABLE_1, TABLE_4, CLAIMS = "Table 1", "Table 4", "claims"

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
            reason = f"the inputs give {span(given)}, the printed {text} stands for {span(self.printed(column))}"
        shown = f"{cell} ({unit})" if unit else cell
        known = recorded(self.system, cell)
        return Check(self.table, self.system, shown, text, rounded(given.mid, text), found, known, reason)


def span(given: Interval) -> str:
    return f"{given.low:.4g} to {given.high:.4g}"


def percent_of_google(energy: Interval) -> Interval:
    """Per cent of what Google used in 2019, of an energy in kWh."""
    return energy * 100 / (printed(GOOGLE) * 10**9)

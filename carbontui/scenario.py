"""A scenario: a model, hardware and a region put together.

`Scenario` is what was asked for, `Filled` what became of it once `filling.fill` had looked up, derived or assumed the
rest; each input says which it was.
"""

from __future__ import annotations

from carbontui import footprint as arithmetic
from carbontui_registry.catalogue import Registered
from carbontui_registry.records import Figure, Hardware, Region, Source
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.footprint import Factors

ACCOUNTINGS = ("as-published", "direct", "lifecycle")

# Key of a quantity in a SPEC -> kind of unit, key in files.
QUANTITIES = {
    "chips": ("number", "chips"),
    "duration": ("duration", "duration_h"),
    "chip_hours": ("duration", "chip_hours_h"),
    "compute": ("compute", "compute_flop"),
    "power": ("power", "power_w"),
    "throughput": ("throughput", "throughput_flop_per_s"),
    "utilisation": ("share", "utilisation"),
    "pue": ("pue", "pue"),
    "gross": ("factor", "gross_gco2e_per_kwh"),
    "net": ("factor", "net_gco2e_per_kwh"),
    "energy": ("energy", "energy_kwh"),
    "queries": ("number", "queries"),
    "energy_per_query": ("energy", "energy_per_query_kwh"),
    "serving_pue": ("pue", "serving_pue"),
    "serving_gross": ("factor", "serving_gross_gco2e_per_kwh"),
    "serving_net": ("factor", "serving_net_gco2e_per_kwh"),
    "embodied": ("co2e", "embodied_kgco2e"),
    "hardware_life": ("duration", "hardware_life_h"),
    "fleet_use": ("share", "fleet_use"),
    "development": ("share", "development"),
    "idle": ("share", "idle"),
}
# Of what comes beside the training (`lifetime`): no result of the training depends on them.
OF_LIFETIME = tuple(QUANTITIES)[list(QUANTITIES).index("queries") :]
# Texts among the inputs, and what they may say.
TEXTS = ("period", "boundary", "coverage", "net_basis", "pue_kind")
RESULTS = ("duration_h", "it_energy_kwh", "energy_kwh", "gross_kgco2e", "net_kgco2e")

# What belongs to the machine, to the place: it is looked up anew when the hardware or the region changes.
OF_MACHINE = ("chips", "duration", "chip_hours", "power", "throughput", "utilisation", "boundary", "energy")
OF_PLACE = ("pue", "gross", "net", "period", "coverage", "net_basis", "pue_kind", "energy")
OF_MODEL = ("compute", "energy_per_query", *OF_MACHINE)

# Far above anything there is; products of five such figures are still finite.
LARGEST_QUANTITY = 1e60

PATTERSON = Source(
    "Patterson et al. 2021, Carbon Emissions and Large Neural Network Training",
    "https://arxiv.org/abs/2104.10350",
    2021,
    None,
    "patterson-2021",
)


def wrong_quantity(key: str, value: float) -> str:
    """What is wrong with a value that is finite and not negative, for the quantity `key` of a scenario, or ""."""
    if value > LARGEST_QUANTITY:
        return f"is more than {LARGEST_QUANTITY:g}, which nothing is"
    if key == "chips" and (value < 1 or value != int(value)):
        return "is not a whole number of at least 1"
    if key in ("duration", "chip_hours", "compute", "throughput", "power", "utilisation") and value <= 0:
        return "must be more than 0"
    if key == "utilisation" and value > 1:
        return "is more than 100 %"
    if key in ("hardware_life", "fleet_use") and value <= 0:
        return "must be more than 0"
    if key == "fleet_use" and value > 1:
        return "is more than 100 %"
    if key in ("pue", "serving_pue") and value < 1:
        return "is below 1; a PUE is facility energy over IT energy"
    return ""


class ScenarioError(ValueError):
    """A scenario cannot be filled in as asked; the message says what was asked and what would be right."""


class Scenario(Value):
    """What is asked for: `given` was entered, `carried` came with a file and holds until what it belongs to changes.

    Ids are as they were written: `fill` looks them up. Quantities are in engine units, by the keys of `QUANTITIES`.
    """

    name: str = ""
    model: str | None = None
    hardware: str | None = None
    region: str | None = None
    run: str | None = None
    period: str | None = None
    boundary: str | None = None
    # Where it is served, if elsewhere than it was trained.
    serving: str | None = None
    given: tuple[tuple[str, Figure], ...] = ()
    carried: tuple[tuple[str, Figure], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    published: tuple[tuple[str, Figure], ...] = ()
    note: str = ""
    # The accounting under which a file carried all inputs there are; "" where the registry fills in what is missing.
    sealed: str = ""
    # Sources that the file lists for what stands behind its figures: of 0.84 x TDP, the TDP's.
    behind: tuple[Source, ...] = ()

    def give(self, key: str, figure: Figure | None) -> Scenario:
        """The same with a quantity entered, or with None left to fill itself in again."""
        rest = tuple(pair for pair in self.given if pair[0] != key)
        given = rest if figure is None else (*rest, (key, figure))
        if key in OF_LIFETIME:
            return self.replace(given=given)
        return self.replace(given=given, published=(), sealed="" if figure is None else self.sealed)

    def choose(self, part: str, name: str | None) -> Scenario:
        """The same with another `model`, `hardware`, `region`, `run` or `period`; what belonged to the old one goes."""
        gone = {"model": OF_MODEL, "hardware": OF_MACHINE, "region": OF_PLACE, "period": OF_PLACE, "run": OF_MODEL}[
            part
        ]
        changes: dict[str, Any] = {
            part: name,
            "carried": tuple(pair for pair in self.carried if pair[0] not in gone),
            "texts": tuple(pair for pair in self.texts if pair[0] not in gone),
            "published": (),
            "sealed": "",
        }
        if part in ("model", "hardware"):
            changes["run"] = None
        if part == "region":
            changes["period"] = None
        return self.replace(**changes)


class Input(Value):
    """One figure that went into a footprint.

    `how` says in words where it was found; `factors` are the independent errors in it; `terms` are the figures that it
    was computed from (label, value, unit kind, figure), if it was.
    """

    value: float
    basis: str
    spread: float | None
    source: Source | None
    origin: str
    how: str
    factors: Factors
    formula: str = ""
    terms: tuple[tuple[str, str, Figure, str], ...] = ()


class Result(Value):
    """One figure of a footprint; `exponents` names the inputs that it is the product of, each with its power."""

    value: float
    basis: str
    spread: float | None
    factors: Factors
    exponents: dict[str, int]
    formula: str

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 90 % interval, where a spread is known."""
        return None if self.spread is None or not self.value else arithmetic.interval90(self.value, self.spread)


class Filled(Value):
    """A scenario filled in: the records it found, its inputs, and its results by the keys of `RESULTS`.

    `missing` names what keeps the energy or the place unknown; `notes` what one should know about how it was filled in.
    """

    scenario: Scenario
    name: str
    model: Registered | None
    hardware: Registered | None
    region: Registered | None
    run: Registered | None
    inputs: dict[str, Input]
    texts: dict[str, str]
    results: dict[str, Result]
    published: dict[str, Figure]
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    def result(self, key: str) -> float | None:
        """The value of a result, or None where it is unknown."""
        return self.results[key].value if key in self.results else None


# Accelerators that are in no other cloud than their maker's (vendor: providers).
OWN_CLOUD = {"Google": ("gcp", "google"), "AWS": ("aws",), "Meta": ("meta",), "Microsoft": ("azure", "microsoft")}


def own_cloud(hardware: Hardware) -> tuple[str, ...] | None:
    """The providers that alone have the hardware, its maker's own; None where anybody may have it."""
    return OWN_CLOUD.get(hardware.vendor or "") if hardware.kind != "gpu" else None


def offered(cloud: tuple[str, ...] | None, region: Region) -> bool:
    """Whether hardware of an `own_cloud` may stand in the region."""
    return cloud is None or region.provider in cloud


def short_hardware_name(hardware: Hardware) -> str:
    """What people call it: the shortest alias in capitals, else its name without the vendor."""
    if hardware.aliases:
        return min(hardware.aliases, key=len).upper()
    name = hardware.name
    if hardware.vendor and name.lower().startswith(hardware.vendor.lower() + " "):
        name = name[len(hardware.vendor) + 1 :]
    return name

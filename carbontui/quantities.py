"""The one list of everything that a scenario holds: its quantities, texts, results and metrics.

SPEC keys, file keys, labels, JSON Schema, CSV columns, the rows of the app and the tables of the docs follow from it.
"""

from __future__ import annotations

from carbontui_registry.values import NamedTuple, Value
from carbontui_registry.vocabulary import BOUNDARIES, COVERAGES, MIXES, NET_BASES, PUE_KINDS, TRAININGS

# Far above anything there is; products of five such figures are still finite.
LARGEST_QUANTITY = 1e60

# What a quantity belongs to: it is looked up again when that changes. What belongs to `lifetime` is outside training.
MODEL, MACHINE, PLACE, JOB, LIFETIME = "model", "machine", "place", "job", "lifetime"


class Quantity(NamedTuple):
    """A number that may be given for a scenario.

    `key` is its name in a SPEC and among the inputs, with an `example` of what is written there; `kind` is that of its
    units, `file_key` its name in files, which ends in the engine's unit. The `description` names no unit: a SPEC takes
    any of the kind. What is `positive` cannot be 0, what is `whole` is a number of things; `least` and `most` bound the
    rest.
    """

    key: str
    kind: str
    file_key: str
    label: str
    description: str
    part: str
    example: str
    positive: bool = False
    whole: bool = False
    least: float = 0.0
    most: float = LARGEST_QUANTITY


class Text(Value):
    """A word that may be given for a scenario; `allowed` are all there are, where they can be listed."""

    key: str
    label: str
    description: str
    part: str
    allowed: tuple[str, ...] = ()
    # Whether it stands among the inputs of a file, as what was looked up may be.
    is_input: bool = True


class Result(Value):
    """A number that follows from the inputs."""

    file_key: str
    kind: str
    label: str
    description: str
    short: str = ""


_QUANTITIES = (
    Quantity("chips", "number", "chips", "chips", "Number of accelerators.", MACHINE, "8", positive=True, whole=True,
             least=1.0),
    Quantity("duration", "duration", "duration_h", "duration", "Duration.", MACHINE, "3 d", positive=True),
    Quantity("chip_hours", "duration", "chip_hours_h", "chip-hours", "Chips times duration.", MACHINE, "1.7M",
             positive=True),
    Quantity("compute", "compute", "compute_flop", "compute",
             "Training compute.", MODEL, "3.14e23 FLOP", positive=True),
    Quantity("power", "power", "power_w", "power", "Mean power of one accelerator before PUE.", MACHINE, "300 W",
             positive=True),
    Quantity("throughput", "throughput", "throughput_flop_per_s", "throughput",
             "Achieved training speed of one accelerator.", MACHINE, "150 TFLOP/s", positive=True),
    Quantity("utilisation", "share", "utilisation", "utilisation", "Model FLOP over dense 16-bit peak.",
             MACHINE, "40 %", positive=True, most=1.0),
    Quantity("pue", "pue", "pue", "PUE", "Facility energy over IT energy.", PLACE, "1.1", least=1.0),
    Quantity("gross", "factor", "gross_gco2e_per_kwh", "gross factor",
             "Location-based carbon factor.", PLACE, "429 gCO2e/kWh"),
    Quantity("net", "factor", "net_gco2e_per_kwh", "net factor",
             "Carbon factor after the operator's carbon-free purchases.", PLACE, "120 gCO2e/kWh"),
    Quantity("energy", "energy", "energy_kwh", "energy", "Energy, PUE included.", JOB, "412 kWh"),
    Quantity("it_energy", "energy", "it_energy_kwh", "IT energy", "Energy before PUE.", JOB, "412 kWh"),
    Quantity("params", "number", "params", "parameters", "Parameters of the model.", MODEL, "7B", positive=True),
    Quantity("active_params", "number", "active_params", "active parameters",
             "Parameters of the model used for each token.", MODEL, "13B", positive=True),
    Quantity("trainable", "number", "trainable", "trainable parameters",
             "Parameters that are trained while all others are frozen, as with LoRA.", MODEL, "40M", positive=True),
    Quantity("tokens", "number", "tokens", "tokens", "Tokens processed in training, all epochs together.", MODEL, "2T",
             positive=True),
    Quantity("tdp", "power", "tdp_w", "TDP",
             "Thermal design power of one accelerator.", MACHINE, "450 W", positive=True),
    Quantity("peak", "throughput", "peak_flop_per_s", "peak", "Dense 16-bit matrix peak of one accelerator.",
             MACHINE, "330 TFLOP/s", positive=True),
    Quantity("count", "number", "count", "count", "How many times the job is run (trials of a search).", JOB, "1000",
             positive=True, whole=True, least=1.0),
    Quantity("wue", "water_per_energy", "wue_l_per_kwh", "water per kWh",
             "On-site water for each kWh of IT energy.", PLACE, "1.8 L/kWh"),
    Quantity("price", "price", "price_usd_per_h", "price",
             "Price of one accelerator for an hour.", PLACE, "2.5 USD/h"),
    Quantity("queries", "number", "queries", "queries", "Number of queries.", LIFETIME, "1e9"),
    Quantity("energy_per_query", "energy", "energy_per_query_kwh", "energy per query", "Energy of one query.",
             LIFETIME, "0.3 Wh"),
    Quantity("inference_compute", "compute", "inference_compute_flop", "inference compute",
             "Compute of an inference benchmark.", LIFETIME, "5.1e17 FLOP", positive=True),
    Quantity("serving_pue", "pue", "serving_pue", "serving PUE",
             "PUE of the place where the model is served.", LIFETIME, "1.1", least=1.0),
    Quantity("serving_gross", "factor", "serving_gross_gco2e_per_kwh", "serving gross factor",
             "Gross factor of the place where the model is served.", LIFETIME, "429 gCO2e/kWh"),
    Quantity("serving_net", "factor", "serving_net_gco2e_per_kwh", "serving net factor",
             "Net factor of the place where the model is served.", LIFETIME, "120 gCO2e/kWh"),
    Quantity("embodied", "co2e", "embodied_kgco2e", "embodied", "CO2e of making one chip.",
             LIFETIME, "150 kgCO2e"),
    Quantity("hardware_life", "duration", "hardware_life_h", "hardware life", "Life of the hardware.",
             LIFETIME, "6 yr", positive=True),
    Quantity("fleet_use", "share", "fleet_use", "fleet use", "Share of its life that the fleet is in use.",
             LIFETIME, "85 %", positive=True, most=1.0),
    Quantity("development", "share", "development", "development and failed runs",
             "Development and failed runs, as a share of the training.", LIFETIME, "30 %"),
    Quantity("idle", "share", "idle", "idle and reserved capacity",
             "Idle and reserved capacity, as a share of the training.", LIFETIME, "59 %"),
)  # fmt: skip
QUANTITIES = {quantity.key: quantity for quantity in _QUANTITIES}
OF_LIFETIME = tuple(quantity.key for quantity in _QUANTITIES if quantity.part == LIFETIME)

_TEXTS = (
    Text("period", "period", "Year or month of the carbon factors.", PLACE),
    Text("boundary", "boundary", "What the power covers.", MACHINE, BOUNDARIES),
    Text("coverage", "coverage", "What the carbon factors cover.", PLACE, COVERAGES),
    Text(
        "mix",
        "factors are of",
        "Whether the carbon factors are for electricity generated or consumed.",
        PLACE,
        MIXES,
    ),
    Text(
        "grid_losses",
        "grid losses",
        "Whether the carbon factors include losses of transmission and distribution.",
        PLACE,
        ("included", "excluded"),
    ),
    Text("net_basis", "net is", "How carbon-free purchases are matched.", PLACE, NET_BASES),
    Text("pue_kind", "PUE of a", "What the PUE is for.", PLACE, PUE_KINDS),
    Text("training", "training is", "Whether the model is trained from scratch or trained further.", MODEL, TRAININGS),
)
TEXTS = {text.key: text for text in _TEXTS}

_RESULTS = (
    Result("duration_h", "duration", "duration", "Duration in h."),
    Result("it_energy_kwh", "energy", "IT energy", "Energy before PUE, in kWh."),
    Result("energy_kwh", "energy", "energy", "Energy in kWh, PUE included."),
    Result("gross_kgco2e", "co2e", "gross CO2e", "Location-based emissions in kgCO2e."),
    Result("net_kgco2e", "co2e", "net CO2e",
           "Emissions after the operator's carbon-free purchases, in kgCO2e."),
    Result("water_l", "water", "water", "Water used on site, in L."),
    Result("cost_usd", "cost", "cost", "List price of the accelerators' time, in USD."),
)  # fmt: skip
RESULTS = {result.file_key: result for result in _RESULTS}
# Scenarios may run at the same time or one after the other, so their durations have no sum.
SUMMED = tuple(key for key in RESULTS if key != "duration_h")
# Inputs that are results where they follow from others.
FOLLOWING = ("chips", "chip_hours", "compute", "throughput", "utilisation", "power", "pue")

# Result by which a comparison is drawn, sorted and rated.
METRICS = {
    "gross": "gross_kgco2e",
    "net": "net_kgco2e",
    "energy": "energy_kwh",
    "duration": "duration_h",
    "water": "water_l",
    "cost": "cost_usd",
}
# Those that have a sum.
ADDED_UP = tuple(metric for metric, key in METRICS.items() if key in SUMMED)
# A comparison takes the factors of each place as published, or holds them to one coverage: those of the other one are
# converted, or strictly left out.
_STRICT = "strict-"
# What a meter says, of the whole site or of its machines; what follows without one is a result.
METERED = ("energy", "it_energy")
# Each scenario by its run's or its region's own factors.
AS_PUBLISHED = "as-published"
ACCOUNTINGS = (AS_PUBLISHED, *COVERAGES[:2], *(f"{_STRICT}{coverage}" for coverage in COVERAGES[:2]))


def coverage_of(accounting: str) -> str | None:
    """The coverage that an accounting holds factors to; None where they are taken as published."""
    return None if accounting == ACCOUNTINGS[0] else accounting.removeprefix(_STRICT)


def of_one_coverage(accounting: str) -> str:
    """The accounting by which places are ranked: lifecycle where factors would be taken as published."""
    return "lifecycle" if accounting == ACCOUNTINGS[0] else accounting


def is_strict(accounting: str) -> bool:
    """Whether an accounting takes published factors only, none that was converted."""
    return accounting.startswith(_STRICT)


def strictly(accounting: str) -> str:
    """The accounting that takes published factors of the same coverage only."""
    return accounting if is_strict(accounting) or coverage_of(accounting) is None else f"{_STRICT}{accounting}"


# Between parameters, tokens and compute: it follows, and is never given by itself.
FLOP_PER_TOKEN = "flop_per_token"

LABELS = {**{key: q.label for key, q in QUANTITIES.items()}, **{key: r.label for key, r in RESULTS.items()}}
LABELS[FLOP_PER_TOKEN] = "FLOP per token"
FILE_KEYS = {q.file_key: key for key, q in QUANTITIES.items()}


def kind_of(key: str) -> str:
    """The kind of unit of an input or a result, by its key or its key in files. Raises `KeyError`."""
    if key in RESULTS:
        return RESULTS[key].kind
    if key == FLOP_PER_TOKEN:
        return "compute"
    return QUANTITIES[key if key in QUANTITIES else FILE_KEYS[key]].kind


def wrong_quantity(key: str, value: float) -> str:
    """What is wrong with a value that is finite and not negative, for the quantity `key` of a scenario, or ""."""
    quantity = QUANTITIES[key]
    if value > LARGEST_QUANTITY:
        return f"is too large (more than {LARGEST_QUANTITY:g})"
    if quantity.whole and (value < quantity.least or value != int(value)):
        return f"is not a whole number of at least {quantity.least:g}"
    if quantity.positive and value <= 0:
        return "must be more than 0"
    if quantity.kind == "share" and value > quantity.most:
        return "is more than 100 %"
    if quantity.kind == "pue" and value < 1:
        return "is below 1; PUE is facility energy / IT energy and cannot be below 1"
    return ""

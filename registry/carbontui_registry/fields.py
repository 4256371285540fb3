"""The fields of every record and part: how each is checked and what it means.

This is the one list of them: the records' checks, the JSON Schema of a pack and the docs' tables are made from it.
"""

from __future__ import annotations

from carbontui_registry.checks import (
    REFERENCE,
    RUN_ID,
    ByName,
    Degrees,
    Field,
    Flag,
    Identifier,
    ListOf,
    OneOf,
    Period,
    Quantity,
    Shape,
    Table,
    Text,
    TimeZone,
    Year,
)
from carbontui_registry.figures import CarbonFactor, Hourly, PowerProfile, Shares, Source
from carbontui_registry.vocabulary import (
    BASES,
    BOUNDARIES,
    COMPUTE_KINDS,
    COVERAGES,
    FORMS,
    HARDWARE_KINDS,
    INTEGERS,
    MIXES,
    NET_BASES,
    PRECISIONS,
    PUE_KINDS,
    SOURCES_OF_ELECTRICITY,
    TRAININGS,
    WORKS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.report import Report

_TEXT = Text()
_ID = Identifier()
_REFERENCE = Identifier(REFERENCE, any_case=True)
_ALIASES = Field("aliases", ListOf(_ID, "ids"), "Other short names.")
_NOTE = Field("note", _TEXT, "A caveat that readers of its figures should know, in one sentence.")
_OWN_SOURCE = "Where its figures come from, if not from the pack's source."

SOURCE = (
    Field("title", _TEXT, "Author, year and title, as in a citation.", required=True),
    Field("url", _TEXT, "Link to it."),
    Field("year", Year(), "Year of publication."),
    Field("licence", _TEXT, "Licence of the figures, such as CC-BY-4.0."),
    Field("id", _ID, "Short name in files; by default the title's first word and the year."),
)
SOURCE_CHECK = Table("source", Source, SOURCE, "Source(title, url, year, licence)", (("title", '"…"'),))


def _quantity(kind: str, *, zero: bool = False, whole: bool = False) -> Quantity:
    return Quantity(kind, SOURCE_CHECK, zero, whole)


_PUE = Quantity("pue", SOURCE_CHECK, likely=3, usual="surveys find 1.1 to 2.5")
_FACTOR = Quantity("factor", SOURCE_CHECK, zero=True, likely=1500, usual="burning lignite gives about 1,100")

FIGURE = (
    Field("value", None, "The figure, as text with its unit; the median if a spread is given.", required=True),
    Field("basis", OneOf(BASES), "How it is known; default: published. Use assumed for an estimate."),
    Field("spread", None, "Relative standard deviation, with the figure modelled as lognormal."),
    Field("source", SOURCE_CHECK, "Where this figure comes from, if not from the record's source."),
    Field("note", _TEXT, "A caveat that readers of this figure should know, in one sentence."),
)

POWER = (
    Field("tdp", _quantity("power"), "Thermal design power of one accelerator."),
    Field("mean", _quantity("power"), "Mean power of one accelerator while training, before PUE."),
    Field("idle", _quantity("power", zero=True), "Power of one accelerator at rest."),
    Field("boundary", OneOf(BOUNDARIES), "Where mean and idle were read: accelerator, node, or system (at the wall)."),
    Field(
        "node_mean", _quantity("power"), "Mean power of a whole server, given instead of mean and divided by per_node."
    ),
)

PEAK = (
    *(Field(name, _quantity("throughput"), f"Dense peak throughput in {name}.") for name in PRECISIONS),
    *(Field(name, _quantity("op_rate"), f"Dense peak rate of operations in {name}.") for name in INTEGERS),
)

SHARES = (
    *(Field(name, _quantity("share", zero=True), f"Share of {name}.") for name in SOURCES_OF_ELECTRICITY),
    Field("period", Period(), "Year of the shares."),
    Field("source", SOURCE_CHECK, "Where the shares come from, if not from the region's source."),
)

HOURLY = (
    Field("shape", Shape(), "24 values with mean 1, one per hour, by which the factor is multiplied.", required=True),
    Field("time_zone", TimeZone(), "Time zone of the hours.", required=True),
    Field("source", SOURCE_CHECK, "Where the shape comes from, if not from the factor's source."),
    Field("period", Period(), "Year or month of the shape, if not the factor's."),
    Field("note", _TEXT, "A caveat that readers of the shape should know, in one sentence."),
)

_HOURLY = Table(
    "hourly",
    Hourly,
    HOURLY,
    "table of shape (24 values with mean 1) and time_zone",
    (("shape", "[24 values with mean 1]"), ("time_zone", '"Europe/Helsinki"')),
)

FACTOR = (
    Field("period", Period(), "Year or month that the factor is for.", required=True),
    Field("gross", _FACTOR, "Location-based carbon factor, an average."),
    Field("net", _FACTOR, "Carbon factor after the operator's purchases of carbon-free energy."),
    Field("pue", _PUE, "PUE of this period; used instead of the region's."),
    Field("pue_kind", OneOf(PUE_KINDS), "Whether that PUE is of one site, of a fleet or from a survey."),
    Field("cfe", _quantity("share", zero=True), "Share of carbon-free energy."),
    Field(
        "coverage",
        OneOf(COVERAGES),
        "Whether the factor counts direct emissions or the whole lifecycle, or whether that is unknown.",
    ),
    Field("mix", OneOf(MIXES), "Whether it is for electricity generated or consumed on the grid."),
    Field("includes_td", Flag(), "Whether it includes losses of transmission and distribution."),
    Field("net_basis", OneOf(NET_BASES), "Whether purchases are matched by the hour or over the year."),
    Field("hourly", _HOURLY, "Shape of the factor over the day."),
    Field("source", SOURCE_CHECK, "Where this factor comes from, if not from the region's source."),
    _NOTE,
)


def whole_power(profile: PowerProfile, where: str, report: Report) -> None:
    """Warn of a mean far above the TDP."""
    tdp, mean, boundary = profile.tdp, profile.mean, profile.boundary
    if tdp and mean and boundary in ("accelerator", "system"):
        limit = 1.05 if boundary == "accelerator" else 2.0
        if mean.value > limit * tdp.value:
            report.warning(
                f"{where}.mean",
                f"{mean.value:g} W is more than {limit:g} x the TDP of {tdp.value:g} W,"
                f" which is unlikely at the boundary '{boundary}'",
                "check both, or give the boundary at which it was read",
                given=f"{mean.value:g} W",
                expected=f"at most {limit * tdp.value:g} W",
            )


_SHARES = Table("shares", Shares, SHARES, "Shares(coal, gas, ...)", (("hydro", '"41 %"'), ("wind", '"25 %"')))
_POWER = Table(
    "power",
    PowerProfile,
    POWER,
    "PowerProfile(tdp, mean, idle, boundary)",
    (("tdp", '"350 W"'),),
    ("tdp", "mean", "node_mean"),
    whole_power,
)
_FACTORS = Table(
    "factor",
    CarbonFactor,
    FACTOR,
    "CarbonFactor(period, gross, net, ...)",
    (("period", '"2025"'), ("gross", '"23 gCO2e/kWh"')),
    ("gross", "net", "pue"),
)

HARDWARE = (
    Field("id", _ID, "Id by which it is looked up; unique among hardware.", required=True),
    Field("name", _TEXT, "Display name.", required=True),
    Field("source", SOURCE_CHECK, _OWN_SOURCE, required=True),
    Field("vendor", _TEXT, "Maker."),
    Field("kind", OneOf(HARDWARE_KINDS), "Kind of accelerator."),
    Field("year", Year(), "Year of its release."),
    Field("power", _POWER, "Power profile of one accelerator; leave it out if no power is published."),
    Field(
        "peak",
        ByName("peak", PEAK, "throughputs by precision", ("bf16", '"400 TFLOP/s"')),
        "Dense peak throughput by precision.",
    ),
    Field("memory", _quantity("memory"), "Memory of one accelerator."),
    Field("embodied", _quantity("co2e", zero=True), "CO2e of making one accelerator."),
    _ALIASES,
    Field("names", ListOf(_TEXT, "names"), "Names that tools print for it, such as NVIDIA A100-SXM4-80GB."),
    Field("form", OneOf(FORMS), "Kind of machine it is in."),
    Field(
        "offered_by",
        ListOf(_TEXT, "providers"),
        "The only providers that have it; by default, any provider may have it.",
    ),
    Field("per_node", _quantity("number", whole=True), "Number of accelerators in its usual server."),
    _NOTE,
)

REGION = (
    Field("id", _ID, "Id by which it is looked up, such as acme:lulea; unique among regions.", required=True),
    Field("name", _TEXT, "Display name.", required=True),
    Field("source", SOURCE_CHECK, _OWN_SOURCE, required=True),
    Field("provider", _TEXT, "Who operates it."),
    Field("country", _TEXT, "Country or state it is in, as a short code."),
    Field("grid", _REFERENCE, "Id of the grid whose factors apply here; a grid may itself be in a larger one."),
    Field("pue", _PUE, "PUE for periods that have none of their own."),
    Field("factors", ListOf(_FACTORS, "factors", "[[region.factors]] for each"), "Carbon factors by period."),
    _ALIASES,
    Field("shares", _SHARES, "What its electricity is generated from."),
    Field("water", _quantity("water_per_energy", zero=True), "Water used on site for each kWh of IT energy (WUE)."),
    Field("latitude", Degrees(90), "Degrees north of the equator."),
    Field("longitude", Degrees(180), "Degrees east of Greenwich."),
    _NOTE,
    Field("location", _TEXT, "Town and state that it is in or near; searches find it by these words."),
)

MODEL = (
    Field("id", _ID, "Id by which it is looked up; unique among models.", required=True),
    Field("name", _TEXT, "Display name.", required=True),
    Field("source", SOURCE_CHECK, _OWN_SOURCE, required=True),
    Field("params", _quantity("number"), "Number of parameters."),
    Field("active_params", _quantity("number"), "Parameters used for each token, in a sparse model."),
    Field("compute", _quantity("compute"), "Compute of the training."),
    Field(
        "compute_kind",
        OneOf(COMPUTE_KINDS),
        "Whether compute is of the model (without recomputation) or of the hardware.",
    ),
    Field("tokens", _quantity("number"), "Number of tokens trained on."),
    Field("energy_per_query", _quantity("energy"), "Energy of one query."),
    _ALIASES,
    _NOTE,
)

RUN = (
    Field("model", _REFERENCE, "Id of the model, from any pack or plugin.", required=True),
    Field("hardware", _REFERENCE, "Id of the hardware, from any pack or plugin.", required=True),
    Field("source", SOURCE_CHECK, _OWN_SOURCE, required=True),
    Field("region", _REFERENCE, "Id of the region."),
    Field("period", Period(), "Year or month of the run."),
    Field("chips", _quantity("number", whole=True), "Number of accelerators."),
    Field("duration", _quantity("duration"), "How long it took."),
    Field("chip_hours", _quantity("duration"), "Number of accelerators times hours."),
    Field("power", _quantity("power"), "Mean power of one accelerator, before PUE."),
    Field("boundary", OneOf(BOUNDARIES), "Where the power was read: accelerator, node, or system (at the wall)."),
    Field("node_power", _quantity("power"), "Mean power of a whole server; divided by the hardware's per_node."),
    Field("throughput", _quantity("throughput"), "Achieved throughput of one accelerator."),
    Field("precision", OneOf(PRECISIONS), "Number format of most of the arithmetic."),
    Field("compute", _quantity("compute"), "Compute of this run."),
    Field("pue", _PUE, "PUE that the authors used."),
    Field("gross_factor", _FACTOR, "Location-based carbon factor that the authors used."),
    Field("net_factor", _FACTOR, "Net carbon factor that the authors used."),
    Field("energy", _quantity("energy", zero=True), "Energy after PUE that the authors published."),
    Field("gross_co2e", _quantity("co2e", zero=True), "Gross CO2e that the authors published."),
    Field("net_co2e", _quantity("co2e", zero=True), "Net CO2e that the authors published."),
    Field("id", Identifier(RUN_ID), "Id by which it is looked up; by default model/hardware/period."),
    Field("training", OneOf(TRAININGS), "Whether the model was trained from scratch or had been trained before."),
    _NOTE,
)

OFFER = (
    Field("hardware", _REFERENCE, "Id of the hardware, from any pack or plugin.", required=True),
    Field("region", _REFERENCE, "Id of the region, from any pack or plugin.", required=True),
    Field("source", SOURCE_CHECK, _OWN_SOURCE, required=True),
    Field("instance", _TEXT, "What the provider calls the machine."),
    Field("accelerators", _quantity("number"), "Accelerators of the instance; half a board of two dies is 0.5."),
    Field("price", _quantity("price", zero=True), "On-demand list price of one accelerator for an hour."),
    Field("period", Period(), "Year or month of the price."),
    Field("id", Identifier(RUN_ID), "Id by which it is looked up; by default hardware/region/instance."),
    _NOTE,
)

MEASUREMENT = (
    Field("hardware", _REFERENCE, "Id of the hardware, from any pack or plugin.", required=True),
    Field("power", _quantity("power"), "Mean power of one accelerator while it worked, before PUE.", required=True),
    Field(
        "boundary", OneOf(BOUNDARIES), "Where it was read: accelerator, node, or system (at the wall).", required=True
    ),
    Field("source", SOURCE_CHECK, _OWN_SOURCE, required=True),
    Field(
        "work",
        OneOf(WORKS),
        "What the machine did: training, serving in large batches, single requests, the mixed work of a fleet, or any"
        " of these under a power limit.",
    ),
    Field("workload", _TEXT, "What was run, such as pretraining of a 7B model."),
    Field(
        "accelerators",
        _quantity("number", whole=True),
        "How many worked together; the lowest number if the source gives a range.",
    ),
    Field("params", _quantity("number"), "Parameters of the model."),
    Field("tdp", _quantity("power"), "TDP of the boards measured, if it differs from the hardware's."),
    Field("id", Identifier(RUN_ID), "Id by which it is looked up; by default hardware/boundary and the workload."),
    _NOTE,
)

# The parts that have a table of their own.
PARTS = (SOURCE_CHECK, _POWER, _FACTORS, _HOURLY, _SHARES)

# Every table of a pack, in the order of the docs.
TABLES: dict[str, tuple[Field, ...]] = {
    "source": SOURCE,
    "figure": FIGURE,
    "power": POWER,
    "peak": PEAK,
    "shares": SHARES,
    "factor": FACTOR,
    "hourly": HOURLY,
    "hardware": HARDWARE,
    "region": REGION,
    "model": MODEL,
    "run": RUN,
    "offer": OFFER,
    "measurement": MEASUREMENT,
}

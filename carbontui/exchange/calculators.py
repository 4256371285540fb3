"""What three calculators write or ask for: LLMCarbon, Green Algorithms, ML CO2 Impact. All of it is `published`."""

from __future__ import annotations

from carbontui.exchange.files import FileError
from carbontui.exchange.importing import (
    MOST_SCENARIOS,
    Reading,
    Row,
    Table,
    figures,
    name_of,
    note_of,
    shown,
    source_of,
    stem,
)
from carbontui.scenario import Scenario
from carbontui_registry.records import Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LLMCARBON = "https://github.com/SotaroKaneda/MLCarbon"
GREEN_ALGORITHMS = "https://www.green-algorithms.org"
MLCO2 = "https://mlco2.github.io/impact"


def read_llmcarbon(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a row of LLMCarbon's `database.csv`. Raises `FileError`."""
    table = Table(path, reading, "LLMCarbon's database.csv", ("name", "computing device", "device #"))
    return _each_row(table, lambda row: _llmcarbon(row, reading))


def _each_row(table: Table, scenario: Callable[[Row], Scenario]) -> tuple[Scenario, ...]:
    made: list[Scenario] = []
    for row in table.rows():
        if len(made) == MOST_SCENARIOS:
            raise row.wrong("", f"is row {MOST_SCENARIOS + 1:,}; import at most {MOST_SCENARIOS:,} at once")
        made.append(scenario(row))
    if not made:
        raise FileError(f"{shown(table.path)}: has no rows below its header")
    return tuple(made)


def _scaled(value: float | None, factor: float) -> float | None:
    """The value in the engine's unit; None, for the unknown, where it is 0 or not known."""
    return value * factor if value else None


def _hardware(reading: Reading, name: str, notes: list[str]) -> str | None:
    found = reading.hardware(name) if name else None
    if found is None:
        notes.append(f"hardware unknown to the registry: {name}" if name else "hardware not named")
    return found


def _llmcarbon(row: Row, reading: Reading) -> Scenario:
    notes: list[str] = []
    name = name_of(row.text("name"), f"line {row.line}")
    source = source_of("LLMCarbon", "database.csv", 2023, LLMCARBON)
    gross = row.number("CO2eq/KWh")
    power = _scaled(row.number("avg. system power (W)"), 1.0)
    hardware = _hardware(reading, row.text("computing device"), notes)
    carried = figures(
        source,
        compute=(_scaled(row.number("total zettaFLOPs"), 1e21), "published"),
        chips=(row.whole("device #") or None, "published"),
        duration=(_scaled(row.number("training days"), 24.0), "published"),
        power=(power, "published"),
        throughput=(_scaled(row.number("achieved TFLOPs/s"), 1e12), "published"),
        pue=(row.pue("PUE"), "published"),
        gross=(None if gross is None else gross * 1000, "published"),
    )
    found = {
        "energy_kwh": _scaled(row.number("energy MWh"), 1000.0),
        "gross_kgco2e": _scaled(row.number("actual tCO2eq"), 1000.0),
    }
    return Scenario(
        name=name,
        hardware=hardware,
        carried=carried,
        texts=(("boundary", "system"),) if power else (),
        published=tuple((key, Figure(value, "published")) for key, value in found.items() if value is not None),
        note=note_of(notes),
    )


def read_green_algorithms(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a row of the calculator's export, whose cells are divided by semicolons. Raises `FileError`."""
    needed = ("runTime_hour", "runTime_min", "carbonIntensity", "PUE")
    table = Table(path, reading, "an export of Green Algorithms", needed, delimiter=";")
    return _each_row(table, lambda row: _green_algorithms(row, reading))


def _green_algorithms(row: Row, reading: Reading) -> Scenario:
    unknown = ("None", "nan", "N/A")
    notes: list[str] = []

    def number(column: str) -> float | None:
        return row.number(column, unknown=unknown)

    core = row.text("coreType")
    with_gpus = core in ("GPU", "Both")
    version = row.text("appVersion")
    tool = f"Green Algorithms {version}" if version not in ("", *unknown) else "Green Algorithms"
    source = source_of(tool, f"export {stem(row.table.path)}", None, GREEN_ALGORITHMS)
    times = number("mult_factor")
    hours, minutes = number("runTime_hour"), number("runTime_min")
    duration = None if hours is None and minutes is None else (hours or 0.0) + (minutes or 0.0) / 60
    if duration is not None and times not in (None, 1.0):
        duration *= times or 0.0
        notes.append(f"run time x {times:g}, as often as it was run")
    energy = number("energy_needed")
    chips = number("numberGPUs") if with_gpus else None
    if chips is not None and chips != int(chips):
        raise row.wrong("numberGPUs", "must be a whole number")
    power = None
    if chips and energy is None:
        tdp, usage = number("tdpGPU"), number("usageGPU")
        power = tdp * usage if tdp and usage else None
        if power is not None:
            notes.append("power is TDP x usage of the GPU, as the calculator takes it; CPU and memory are left out")
    elif energy is None:
        notes.append("energy unknown: the export does not have it, and the calculator's own CPU figures are not here")
    pue = number("PUE")
    if pue is not None and pue < 1:
        raise row.wrong("PUE", "is below 1; a PUE is facility energy over IT energy")
    hardware = None
    if with_gpus:
        model = row.text("GPUmodel")
        hardware = _hardware(reading, "" if model in unknown else model, notes)
    place = row.text("location")
    region = None
    if place and place not in unknown:
        region = reading.known("region", f"grid:{place.lower()}") or reading.country(place)
        if region is None:
            notes.append(f"region unknown to the registry: {place}")
    carried = figures(
        source,
        chips=(chips or None, "published"),
        duration=(duration or None, "published"),
        power=(power, "assumed"),
        energy=(energy, "published"),
        pue=(pue, "published"),
        gross=(number("carbonIntensity"), "published"),
    )
    return Scenario(
        name=stem(row.table.path),
        hardware=hardware,
        region=region,
        carried=carried,
        texts=(("boundary", "accelerator"),) if power is not None else (),
        note=note_of(notes),
    )


def read_mlco2(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a row of hardware, hours, chips and region. Raises `FileError`."""
    table = Table(path, reading, "a CSV of hardware,hours,chips,region", ("hardware", "hours"))
    return _each_row(table, lambda row: _mlco2(row, reading))


def _mlco2(row: Row, reading: Reading) -> Scenario:
    notes: list[str] = []
    hardware = _hardware(reading, row.text("hardware"), notes)
    place, provider = row.text("region"), row.text("provider")
    region = None
    if place:
        full = f"{provider}:{place}".lower() if provider else place.lower()
        region = reading.known("region", full) or reading.country_named(place)
        if region is None:
            notes.append(f"region unknown to the registry: {place}")
    source = source_of("ML CO2 Impact", f"form {stem(row.table.path)}", None, MLCO2)
    carried = figures(
        source,
        chips=(row.whole("chips") or None, "published"),
        duration=(_scaled(row.number("hours"), 1.0), "published"),
    )
    name = name_of(row.text("name"), f"{stem(row.table.path)} line {row.line}")
    return Scenario(name=name, hardware=hardware, region=region, carried=carried, note=note_of(notes))

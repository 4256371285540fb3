"""The CSV that the Green Algorithms calculator exports, all of it `published`."""

from __future__ import annotations

from carbontui.engine.scenario import Scenario
from carbontui.importers.reading import Reading, figures, note_of, source_of, stem
from carbontui.importers.table import Row, Table, each_row, named_hardware

URL = "https://www.green-algorithms.org"


def read(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a row of the calculator's export, whose cells are divided by semicolons. Raises `FileError`."""
    needed = ("runTime_hour", "runTime_min", "carbonIntensity", "PUE")
    table = Table(path, reading, "an export of Green Algorithms", needed, delimiter=";")
    return each_row(table, lambda row: _green_algorithms(row, reading))


def _green_algorithms(row: Row, reading: Reading) -> Scenario:
    unknown = ("None", "nan", "N/A")
    notes: list[str] = []

    def number(column: str) -> float | None:
        return row.number(column, unknown=unknown)

    core = row.text("coreType")
    with_gpus = core in ("GPU", "Both")
    version = row.text("appVersion")
    tool = f"Green Algorithms {version}" if version not in ("", *unknown) else "Green Algorithms"
    source = source_of(tool, f"export {stem(row.table.path)}", None, URL)
    times = number("mult_factor")
    hours, minutes = number("runTime_hour"), number("runTime_min")
    duration = None if hours is None and minutes is None else (hours or 0.0) + (minutes or 0.0) / 60
    if duration is not None and times not in (None, 1.0):
        duration *= times or 0.0
        notes.append(f"run time x {times:g}, the number of times it was run")
    energy = number("energy_needed")
    chips = number("numberGPUs") if with_gpus else None
    if chips is not None and chips != int(chips):
        raise row.wrong("numberGPUs", "must be a whole number")
    power = None
    if chips and energy is None:
        tdp, usage = number("tdpGPU"), number("usageGPU")
        power = tdp * usage if tdp and usage else None
        if power is not None:
            notes.append("power is TDP x usage of the GPU, as in the calculator; CPU and memory are left out")
    elif energy is None:
        notes.append("energy unknown: it is not in the export, and the calculator's CPU figures are not available here")
    pue = number("PUE")
    if pue is not None and pue < 1:
        raise row.wrong("PUE", "is below 1; PUE is facility energy / IT energy and cannot be below 1")
    hardware = None
    if with_gpus:
        model = row.text("GPUmodel")
        hardware = named_hardware(reading, "" if model in unknown else model, notes)
    place = row.text("location")
    region = None
    if place and place not in unknown:
        region = reading.names.known("region", f"grid:{place.lower()}") or reading.names.country(place)
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

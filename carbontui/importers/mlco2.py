"""A CSV of hardware and hours, as the ML CO2 Impact form asks for, all of it `published`."""

from __future__ import annotations

from carbontui.engine.scenario import Scenario
from carbontui.importers.reading import Reading, figures, name_of, note_of, source_of, stem
from carbontui.importers.table import Row, Table, each_row, named_hardware, scaled

URL = "https://mlco2.github.io/impact"


def read(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a row of hardware, hours, chips and region. Raises `FileError`."""
    table = Table(path, reading, "a CSV of hardware,hours,chips,region", ("hardware", "hours"))
    return each_row(table, lambda row: _mlco2(row, reading))


def _mlco2(row: Row, reading: Reading) -> Scenario:
    notes: list[str] = []
    hardware = named_hardware(reading, row.text("hardware"), notes)
    place, provider = row.text("region"), row.text("provider")
    region = None
    if place:
        region = reading.names.region(provider=provider, zone=place, country=place)
        if region is None:
            notes.append(f"region unknown to the registry: {place}")
    source = source_of("ML CO2 Impact", f"form {stem(row.table.path)}", None, URL)
    carried = figures(
        source,
        chips=(row.whole("chips") or None, "published"),
        duration=(scaled(row.number("hours"), 1.0), "published"),
    )
    name = name_of(row.text("name"), f"{stem(row.table.path)} line {row.line}")
    return Scenario(name=name, hardware=hardware, region=region, carried=carried, note=note_of(notes))

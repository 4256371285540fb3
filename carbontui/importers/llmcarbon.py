"""LLMCarbon's `database.csv`, all of it `published`."""

from __future__ import annotations

from carbontui.engine.scenario import Scenario
from carbontui.importers.reading import Reading, figures, name_of, note_of, source_of
from carbontui.importers.table import Row, Table, each_row, named_hardware, scaled
from carbontui_registry.figures import Figure

URL = "https://github.com/SotaroKaneda/MLCarbon"


def read(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a row of LLMCarbon's `database.csv`. Raises `FileError`."""
    table = Table(path, reading, "LLMCarbon's database.csv", ("name", "computing device", "device #"))
    return each_row(table, lambda row: _llmcarbon(row, reading))


def _llmcarbon(row: Row, reading: Reading) -> Scenario:
    notes: list[str] = []
    name = name_of(row.text("name"), f"line {row.line}")
    source = source_of("LLMCarbon", "database.csv", 2023, URL)
    gross = row.number("CO2eq/KWh")
    power = scaled(row.number("avg. system power (W)"), 1.0)
    hardware = named_hardware(reading, row.text("computing device"), notes)
    carried = figures(
        source,
        compute=(scaled(row.number("total zettaFLOPs"), 1e21), "published"),
        chips=(row.whole("device #") or None, "published"),
        duration=(scaled(row.number("training days"), 24.0), "published"),
        power=(power, "published"),
        throughput=(scaled(row.number("achieved TFLOPs/s"), 1e12), "published"),
        pue=(row.pue("PUE"), "published"),
        gross=(None if gross is None else gross * 1000, "published"),
    )
    found = {
        "energy_kwh": scaled(row.number("energy MWh"), 1000.0),
        "gross_kgco2e": scaled(row.number("actual tCO2eq"), 1000.0),
    }
    return Scenario(
        name=name,
        hardware=hardware,
        carried=carried,
        texts=(("boundary", "system"),) if power else (),
        published=tuple((key, Figure(value, "published")) for key, value in found.items() if value is not None),
        note=note_of(notes),
    )

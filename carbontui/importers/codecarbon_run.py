"""A row of CodeCarbon's `emissions.csv`."""

from __future__ import annotations

from carbontui_registry.values import NamedTuple

# In the order in which a run has them.
NUMBERS = ("duration", "emissions", "energy_consumed", "cpu_energy", "gpu_energy", "ram_energy")
TEXTS = (
    *("codecarbon_version", "country_iso_code", "country_name", "region", "cloud_provider", "cloud_region"),
    *("gpu_model", "cpu_model"),
)
# What tells one machine from another, as the file does not name it.
MACHINE = ("os", "cpu_count", "cpu_model", "gpu_count", "gpu_model", "longitude", "latitude", "ram_total_size")


class Run(NamedTuple):
    """One run of a tracker: energy in kWh, emissions in kgCO2e, duration in s."""

    key: str
    line: int
    run: str
    duration: float | None
    emissions: float | None
    energy_consumed: float | None
    # Parts may be below 0 by a fault of the meter, which is odd and no reason to refuse the rest.
    cpu_energy: float | None
    gpu_energy: float | None
    ram_energy: float | None
    project: str
    gpu_count: int | None
    pue: float | None
    # TEXTS
    codecarbon_version: str
    country_iso_code: str
    country_name: str
    region: str
    cloud_provider: str
    cloud_region: str
    gpu_model: str
    cpu_model: str
    machine: str
    end: str


COLUMNS = Run._fields
# The places of what several runs have in common: all from the project to the machine.
COMMON = slice(COLUMNS.index("project"), COLUMNS.index("end"))

"""A row of CodeCarbon's `emissions.csv`."""

from __future__ import annotations

NUMBERS = ("duration", "emissions", "energy_consumed")
# What may be below 0 by a fault of the meter, which is odd and no reason to refuse the rest.
PARTS = ("cpu_energy", "gpu_energy", "ram_energy")
TEXTS = (
    *("codecarbon_version", "country_iso_code", "country_name", "region", "cloud_provider", "cloud_region"),
    *("gpu_model", "cpu_model"),
)
# What tells one machine from another, as the file does not name it.
MACHINE = ("os", "cpu_count", "cpu_model", "gpu_count", "gpu_model", "longitude", "latitude", "ram_total_size")
COLUMNS = (
    *("key", "line", "project", "run", "year", *NUMBERS, *PARTS, "gpu_count", "pue", *TEXTS),
    *("end", "machine"),
)


class Run:
    """One run of a tracker: energy in kWh, emissions in kgCO2e, duration in s."""

    __slots__ = (*COLUMNS, "values")

    values: tuple[object, ...]

    key: str
    line: int
    project: str
    run: str
    year: int | None
    duration: float | None
    emissions: float | None
    energy_consumed: float | None
    cpu_energy: float | None
    gpu_energy: float | None
    ram_energy: float | None
    gpu_count: int | None
    pue: float | None
    codecarbon_version: str
    country_iso_code: str
    country_name: str
    region: str
    cloud_provider: str
    cloud_region: str
    gpu_model: str
    cpu_model: str
    end: str
    machine: str

    def __init__(self, values: tuple[object, ...]) -> None:
        self.values = values
        for name, value in zip(COLUMNS, values, strict=True):
            setattr(self, name, value)

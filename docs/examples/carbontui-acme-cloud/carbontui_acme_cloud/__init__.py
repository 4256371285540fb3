"""Acme's cloud: a plugin in code with all hooks, for figures that are computed or read from elsewhere."""

from collections.abc import Iterator

from carbontui_registry import (
    CarbonFactor,
    Figure,
    Hardware,
    Measurement,
    Model,
    Offer,
    PowerProfile,
    Region,
    Source,
    TrainingRun,
    hookimpl,
)

# The version of the contract that this is written for: a newer carbontui keeps reading it.
CARBONTUI_CONTRACT = 1

SHEET = Source("Acme X2 datasheet, rev. 1", url="https://acme.example/x2.pdf", year=2026)
REPORT = Source("Acme sustainability report 2026", url="https://acme.example/sustainability-2026.pdf", year=2026)

# Gross factor in gCO2e/kWh by year, as the report tabulates it.
LULEA = {"2023": 27, "2024": 25, "2025": 23}


@hookimpl
def carbontui_hardware() -> Iterator[Hardware]:
    for memory, tdp in ((96, 450), (192, 600)):
        yield Hardware(
            id=f"acme-x2-{memory}",
            name=f"Acme X2 {memory} GB",
            source=SHEET,
            vendor="Acme",
            kind="gpu",
            year=2026,
            power=PowerProfile(
                tdp=f"{tdp} W",
                mean=Figure(f"{0.8 * tdp} W", basis="derived", spread="10 %"),
                boundary="accelerator",
            ),
            peak={"bf16": "900 TFLOP/s", "fp8": "1800 TFLOP/s"},
            memory=f"{memory} GB",
        )


@hookimpl
def carbontui_regions() -> Iterator[Region]:
    factors = [CarbonFactor(year, gross=f"{gross} gCO2e/kWh", coverage="direct") for year, gross in LULEA.items()]
    yield Region(
        id="acme-cloud:lulea",
        name="Acme Cloud Lulea",
        source=REPORT,
        provider="acme",
        country="SE",
        grid="grid:se",
        pue=1.07,
        factors=factors,
    )


@hookimpl
def carbontui_models() -> Iterator[Model]:
    source = Source("Acme LM 2 report", url="https://acme.example/lm2.pdf", year=2026)
    yield Model(id="acme-lm-2", name="Acme LM 2", source=source, params=13e9, tokens=4e12)


@hookimpl
def carbontui_runs() -> Iterator[TrainingRun]:
    yield TrainingRun(
        model="acme-lm-2",
        hardware="acme-x2-96",
        source=SHEET,
        region="acme-cloud:lulea",
        period="2025",
        chips=512,
        power="370 W",
        boundary="accelerator",
        throughput="310 TFLOP/s",
    )


@hookimpl
def carbontui_offers() -> Iterator[Offer]:
    source = Source("Acme Cloud price list", url="https://acme.example/prices", year=2026)
    for chips, price in ((1, 2.1), (8, 1.9)):
        yield Offer(
            hardware="acme-x2-96",
            region="acme-cloud:lulea",
            source=source,
            instance=f"x2.{chips}",
            accelerators=chips,
            price=f"{price} USD/h",
            period="2026-11",
        )


@hookimpl
def carbontui_measurements() -> Iterator[Measurement]:
    for boundary, power in (("accelerator", "365 W"), ("system", "540 W")):
        yield Measurement(
            hardware="acme-x2-96",
            power=Figure(power, basis="measured"),
            boundary=boundary,
            source=SHEET,
            work="training",
            workload="pretraining of Acme LM 2",
            accelerators=512,
        )

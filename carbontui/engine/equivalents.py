"""CO2e in everyday measures, each with its source."""

from __future__ import annotations

from carbontui.engine.assumptions import PATTERSON
from carbontui_registry.figures import Source
from carbontui_registry.values import Value

EPA = Source(
    "US EPA, Greenhouse Gas Equivalencies Calculator: Calculations and References",
    "https://www.epa.gov/energy/greenhouse-gases-equivalencies-calculator-calculations-and-references",
    2021,
    "US public domain",
    "epa-equivalencies",
)


class Equivalent(Value):
    """One everyday measure: `kgco2e` of one of it, how a figure of it reads, and what it is exactly."""

    unit: str
    kgco2e: float
    meaning: str
    source: Source


EQUIVALENTS = {
    "flights": Equivalent(
        "passengers SF-NY", 1200.0, "one passenger's round trip San Francisco - New York, 1.2 tCO2e", PATTERSON
    ),
    "jets": Equivalent(
        "full jets SF-NY", 180_400.0, "the whole jet's round trip San Francisco - New York, 180.4 tCO2e", PATTERSON
    ),
    # 8.89 kg of CO2 a gallon at 22.0 miles a gallon, over the 0.988 of a car's emissions that are CO2.
    "car": Equivalent("km by car", 8.89 / 22.0 / 0.988 / 1.609344, "an average US car, 0.409 kgCO2e a mile", EPA),
    "household": Equivalent("home-years", 8350.0, "the energy of an average US home for a year, 8.35 tCO2", EPA),
}

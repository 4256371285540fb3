"""What is taken where nothing is known, each with its source and its spread."""

from __future__ import annotations

from math import log, sqrt

from carbontui.engine.uncertainty import Z90, spread_of
from carbontui_registry.figures import Figure, Source

UPTIME = Source(
    "Uptime Institute Global Data Center Survey 2024",
    "https://uptimeinstitute.com/resources/research-and-reports/uptime-institute-global-data-center-survey-results-2024",
    2024,
    None,
    "uptime-2024",
)
KAPLAN = Source(
    "Kaplan et al. 2020, Scaling Laws for Neural Language Models; Hoffmann et al. 2022 (arXiv:2203.15556)",
    "https://arxiv.org/abs/2001.08361",
    2020,
    None,
    "kaplan-2020",
)
PATTERSON = Source(
    "Patterson et al. 2021, Carbon Emissions and Large Neural Network Training",
    "https://arxiv.org/abs/2104.10350",
    2021,
    None,
    "patterson-2021",
)
OWN_ESTIMATE = Source("carbontui's estimate from measurements and published runs", None, 2026, None, "carbontui-2026")

# Where nothing is known of the place: 90 % of sites lie between 1.1 and 1.9.
ASSUMED_PUE = Figure(1.56, "assumed", 0.17, UPTIME)
# A machine at a desk has no facility around it: this follows from its form and is no estimate.
DESK_PUE = Figure(1.0, "derived", None, OWN_ESTIMATE)
DESK_FORMS = ("workstation", "consumer", "laptop")

# FLOP per active parameter and token: forward pass, and twice that backward.
TRAINED, FROZEN, UPDATED = 6.0, 4.0, 2.0

# Relative spread of what is assumed and states none, each from the page "How far off an estimate is" of the docs.
DEFAULT_SPREADS = {
    # Power that was borrowed from other hardware, or a TDP.
    "power": 0.30,
    "tdp": 0.30,
    # Counts and times that somebody inferred.
    **dict.fromkeys(("chips", "duration", "chip_hours"), 0.20),
    "compute": 0.10,
    **dict.fromkeys(("params", "active_params", "trainable", "tokens"), 0.05),
    **dict.fromkeys(("throughput", "utilisation", "peak"), 0.32),
    # A country's factor, taken for a place in it.
    **dict.fromkeys(("gross", "net", "serving_gross", "serving_net"), 0.25),
    "embodied": 0.60,
    "hardware_life": 0.25,
    "fleet_use": 0.10,
}
# Countries with many grids of very different factors.
WIDE_COUNTRIES, WIDE_FACTOR = ("US", "CA", "AU", "IN", "CN"), 0.50
# Of a PUE it is the overhead above 1 that is uncertain: 90 % of sites within this factor of it.
PUE_OVERHEAD = 1.8


def ranged(key: str, figure: Figure, country: str | None = None) -> Figure:
    """The figure with a spread, the default of its kind where it is assumed and states none."""
    if figure.basis != "assumed" or figure.spread is not None:
        return figure
    if key in ("pue", "serving_pue"):
        spread = spread_of((log((1 + PUE_OVERHEAD * (figure.value - 1)) / figure.value) / Z90) ** 2)
    elif key in ("gross", "net") and country in WIDE_COUNTRIES:
        spread = WIDE_FACTOR
    else:
        spread = DEFAULT_SPREADS.get(key, 0.0)
    return figure.replace(spread=spread) if spread else figure


def stands_in(figure: Figure) -> Figure:
    """A figure of a larger whole, such as a fleet or a country, taken for one place in it."""
    return figure if figure.spread is not None else figure.replace(basis="assumed")


# Student's t that is exceeded, in size, in one case of ten, by degrees of freedom.
_T90 = {3: 2.353, 4: 2.132, 5: 2.015, 6: 1.943, 7: 1.895, 8: 1.860, 9: 1.833}
_RUN_TO_RUN, _SOURCE_TO_SOURCE = 0.10, 0.08


def prediction_spread(sources: int = 1) -> float:
    """Relative spread of one more run's power, predicted by the mean of those that `sources` sources measured.

    The runs of one hardware differ by 10 % and what sources measure by 8 % (standard deviations of the logarithm), so
    the variance is 0.10^2 (1 + 1 / sources) + 0.08^2, with Student's t for the few sources that there are.
    """
    freedom = min(max(3, sources - 1), max(_T90))
    half = _T90[freedom] * sqrt(_RUN_TO_RUN**2 * (1 + 1 / sources) + _SOURCE_TO_SOURCE**2)
    return spread_of((half / Z90) ** 2)

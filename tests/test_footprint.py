"""The arithmetic: spreads, intervals, proportions, and the paper's systems against a calculation of their own."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log, prod, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import filled

from carbontui.engine import footprint, uncertainty
from carbontui.engine.comparison import Question, compare
from carbontui.spec import parse_spec
from carbontui_registry.catalogue import Catalogue

SPREADS = st.floats(min_value=0.01, max_value=5)
POSITIVE = st.floats(min_value=1e-6, max_value=1e24)


# Spreads


@given(st.lists(SPREADS, min_size=1, max_size=6))
def test_spread_of_a_product_is_that_of_the_contract(spreads: list[float]) -> None:
    expected = sqrt(prod(1 + s * s for s in spreads) - 1)
    assert uncertainty.product_spread(spreads) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("spreads", "expected"),
    [([], 0.0), ([0.1], 0.1), ([0.39, 0.33], 0.5268431360471538), ([0.1, 0.1, 0.17], 0.22266766716342065)],
)
def test_spread_of_known_products(spreads: list[float], expected: float) -> None:
    assert uncertainty.product_spread(spreads) == pytest.approx(expected, rel=1e-11)


@given(POSITIVE, SPREADS)
def test_interval_is_that_of_the_contract(value: float, spread: float) -> None:
    low, high = uncertainty.interval90(value, spread)
    width = exp(1.645 * sqrt(log(1 + spread**2)))
    assert (low, high) == pytest.approx((value / width, value * width), rel=1e-14)
    assert low < value < high


@given(SPREADS)
def test_a_reciprocal_has_the_same_spread_and_a_quotient_by_oneself_none(spread: float) -> None:
    factors = {"f": (1.0, uncertainty.log_variance(spread))}
    inverse = uncertainty.combined((-1.0, factors))
    assert uncertainty.factors_spread(inverse) == uncertainty.factors_spread(factors)
    assert uncertainty.combined((1.0, factors), (-1.0, factors)) == {}
    assert uncertainty.factors_spread({}) is None


def test_a_factor_that_enters_twice_counts_twice_in_logarithms() -> None:
    factors = {"f": (1.0, uncertainty.log_variance(0.2))}
    squared = uncertainty.factors_spread(uncertainty.combined((1.0, factors), (1.0, factors)))
    assert squared == pytest.approx(sqrt(1.04**4 - 1), rel=1e-14)


@pytest.mark.parametrize(
    ("one", "other", "metric", "spread"),
    [
        # The same assumed power and utilisation, published PUEs without spread: nothing is left.
        ("gpt-3@a100@gcp:europe-north1", "gpt-3@a100@gcp:us-central1", "gross", 0.0),
        # Only the PUE of the place without one is uncertain.
        ("gpt-3@a100@gcp:europe-north1", "gpt-3@a100@grid:fi", "gross", 0.17),
        ("gpt-3@a100@grid:fi", "gpt-3@a100@grid:fr", "energy", sqrt(1.0289**2 - 1)),
        ("gpt-3@a100@grid:fi,chips=64", "gpt-3@a100@grid:fi,chips=128", "gross", 0.0),
        # Another run's measured figures have no spread: what is left is the one's own power and utilisation.
        ("gpt-3@a100@gcp:europe-north1", "gpt-3", "energy", sqrt((1 + 0.16**2) * (1 + 0.31**2) - 1)),
        # Utilisation belongs to the pair, power to the hardware.
        ("gpt-3@a100@gcp:europe-north1", "t5@a100@gcp:europe-north1", "energy", sqrt((1 + 0.31**2) ** 2 - 1)),
    ],
)
def test_what_two_scenarios_share_cancels_in_their_ratio(
    one: str, other: str, metric: str, spread: float, catalogue: Catalogue
) -> None:
    for pair in ((one, other), (other, one)):
        made = compare(Question(tuple(map(parse_spec, pair)), metric=metric), catalogue)
        assert made.ratios[1][metric].spread == pytest.approx(spread, abs=1e-12)
        assert made.ratios[0][metric].value == 1
        assert not made.ratios[0][metric].spread


def test_a_ratio_without_any_spread_has_none(catalogue: Catalogue) -> None:
    made = compare(Question(tuple(map(parse_spec, ("meena", "t5")))), catalogue)
    assert made.ratios[1]["gross"].spread is None


# Proportions


@given(POSITIVE, POSITIVE, POSITIVE)
def test_twice_the_chips_or_hours_is_exactly_twice_the_energy(hours: float, chips: float, watts: float) -> None:
    once = footprint.it_energy(hours, chips, watts)
    assert footprint.it_energy(2 * hours, chips, watts) == 2 * once
    assert footprint.it_energy(hours, 2 * chips, watts) == 2 * once
    assert footprint.duration(hours, 2 * chips, watts) == footprint.duration(hours, chips, watts) / 2


@given(POSITIVE, st.floats(1, 3), st.floats(0, 2000))
def test_one_order_of_operations(it_energy: float, pue: float, factor: float) -> None:
    # Another order gives another last bit for about half of all figures.
    assert footprint.co2e(it_energy, pue, factor) == it_energy * (pue * factor / 1000)
    assert footprint.duration(it_energy, pue, factor + 1) == it_energy / (pue * (factor + 1)) / 3600


@given(st.tuples(POSITIVE, POSITIVE), POSITIVE, st.floats(1, 3), st.floats(0, 2000))
def test_more_is_never_less(hours: tuple[float, float], chips: float, pue: float, factor: float) -> None:
    less, more = (footprint.it_energy(h, chips, 300.0) for h in sorted(hours))
    assert less <= more <= footprint.energy(more, pue)
    assert footprint.co2e(less, pue, factor) <= footprint.co2e(more, pue, factor) <= footprint.co2e(more, 3.0, factor)


@given(chips=st.integers(1, 10**6), hours=st.integers(1, 10**5))
def test_a_scenario_doubles_with_its_chips_and_hours(chips: int, hours: int, catalogue: Catalogue) -> None:
    def energy(chips: int, hours: int) -> tuple[float | None, float | None]:
        one = filled(f"gpt-3@a100@gcp:europe-north1,chips={chips},duration={hours} h,period=2024", catalogue)
        return one.result("energy_kwh"), one.result("gross_kgco2e")

    once = energy(chips, hours)
    assert None not in once
    assert energy(2 * chips, hours) == energy(chips, 2 * hours) == tuple(2 * (part or 0.0) for part in once)


# The paper, from its printed tables

KEYS = ("chips", "days", "watts", "pue", "gross", "net")
SYSTEMS = {
    "evolved-transformer-nas": ("200", "6.8", "208", "1.10", "0.431", "0.431"),
    "t5": ("512", "20", "310", "1.12", "0.545", "0.545"),
    "meena": ("1024", "30", "289", "1.09", "0.415", "0.415"),
    "gshard-600b": ("1024", "3.1", "288", "1.09", "0.201", "0.177"),
    "switch-transformer": ("1024", "27", "245", "1.10", "0.403", "0.330"),
    "gpt-3": ("10000", "3.14e23/(10000*24.6e12)", "330", "1.10", "0.429", "0.429"),
    "transformer-big,run=transformer-big/p100-sxm2/us-average": ("8", "3.5", "296", "1.59", "0.429", "0.429"),
    "transformer-big,run=transformer-big/p100-sxm2/google-iowa": ("8", "3.5", "296", "1.11", "0.478", "0.080"),
    "evolved-transformer-medium@p100": ("8", "3.2", "271", "1.11", "0.478", "0.080"),
    "transformer-big@tpu-v2": ("8", "0.81", "229", "1.11", "0.478", "0.080"),
    "evolved-transformer-medium@tpu-v2": ("8", "0.62", "227", "1.11", "0.478", "0.080"),
}
# MWh, gross t, net t as they follow from the inputs, and kWh for Table 1.
RECOMPUTED = {
    "evolved-transformer-nas": ("7.468", "3.219", "3.219"),
    "t5": ("85.33", "46.50", "46.50"),
    "meena": ("232.25", "96.38", "96.38"),
    "gshard-600b": ("23.92", "4.807", "4.233"),
    "switch-transformer": ("178.83", "72.07", "59.01"),
    "gpt-3": ("1287.06", "552.15", "552.15"),
    "transformer-big,run=transformer-big/p100-sxm2/us-average": ("0.316", "0.1357", "0.1357"),
    "transformer-big,run=transformer-big/p100-sxm2/google-iowa": ("0.221", "0.1055", "0.0177"),
    "evolved-transformer-medium@p100": ("0.185", "0.0883", "0.0148"),
    "transformer-big@tpu-v2": ("0.040", "0.0189", "0.0032"),
    "evolved-transformer-medium@tpu-v2": ("0.030", "0.0143", "0.0024"),
}


def days_of(text: str) -> Fraction:
    if text.replace(".", "").isdigit():
        return Fraction(text)
    return Fraction("3.14e23") / (10000 * Fraction("24.6e12")) / 86400


@pytest.mark.parametrize("spec", SYSTEMS)
def test_a_system_of_the_paper_follows_from_its_printed_inputs(spec: str, catalogue: Catalogue) -> None:
    printed = dict(zip(KEYS, SYSTEMS[spec], strict=True))
    kwh = Fraction(printed["chips"]) * days_of(printed["days"]) * 24 * Fraction(printed["watts"]) / 1000
    kwh *= Fraction(printed["pue"])
    kilograms = [kwh * Fraction(printed[key]) for key in ("gross", "net")]
    one = filled(spec, catalogue)
    found = [one.result(key) for key in ("energy_kwh", "gross_kgco2e", "net_kgco2e")]
    assert found == pytest.approx([float(kwh), *map(float, kilograms)], rel=1e-14)
    for value, text in zip(found, RECOMPUTED[spec], strict=True):
        assert value is not None
        assert f"{value / 1000:.{len(text.partition('.')[2])}f}" == text


def test_gpt_3_to_the_last_bit(catalogue: Catalogue) -> None:
    one = filled("gpt-3", catalogue)
    assert {key: result.value for key, result in one.results.items()} == {
        "duration_h": 354.5618789521228,
        "it_energy_kwh": 1170054.2005420052,
        "energy_kwh": 1287059.6205962058,
        "gross_kgco2e": 552148.5772357723,
        "net_kgco2e": 552148.5772357723,
        "chip_hours_h": 3545618.7895212285,
    }

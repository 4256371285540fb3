"""Figures as people read them, where two digits would mislead."""

from __future__ import annotations

import pytest

from carbontui.text import display


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (5.4, 26.0, "5.4 to 26"),
        (0.4301, 0.4339, "0.430 to 0.434"),
        (0.43001, 0.43002, "0.43"),
        (0.43, 0.43, "0.43"),
    ],
)
def test_ends_that_read_alike_are_told_apart_or_written_once(low: float, high: float, said: str) -> None:
    assert display.between(low, high) == said
    assert display.interval(low, high, "power") == f"{said} W"


@pytest.mark.parametrize(
    ("share", "said"), [(7.9e-9, "< 0.01 %"), (1e-4, "0.010 %"), (0.0, "0 %"), (0.25, "25 %"), (-1e-6, "-0.00010 %")]
)
def test_a_tiny_share_has_no_digits(share: float, said: str) -> None:
    assert display.shown(share, "share") == said

"""What Plan says of a limit, of what is still needed, and of a result without a range."""

from __future__ import annotations

import pytest

from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.tui.views import footprint_lines, plan_fields
from carbontui.tui.views.typed_limits import read_limits
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 parsecs", "not a limit"),
        ("keep price", "keep is followed by"),
        ("30 chips, Narnia", "not EU, a country such as Sweden"),
    ],
)
def test_a_limit_that_cannot_be_read_says_what_would_be_right(catalogue: Catalogue, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        read_limits(text, catalogue)


def test_limits_are_told_apart_by_their_units(catalogue: Catalogue) -> None:
    limits, keep = read_limits("EU, US, 30 d, 5000 USD, 2 tCO2e, 10 MWh, 64 chips, 80 GiB, keep region", catalogue)
    assert (limits.max_days, limits.max_cost, limits.max_gross, limits.max_energy) == (30, 5000, 2, 10)
    assert (limits.max_chips, limits.min_memory, limits.within, keep) == (64, 80, ("EU", "US"), ("region",))


def test_a_scenario_without_anything_asks_for_all_that_is_needed(catalogue: Catalogue) -> None:
    shown = plan_fields.fields(fill(Scenario(), catalogue, "lifecycle"))
    assert [field.key for field in shown if field.mark == "missing"] == ["hardware", "chips", "duration", "region"]


@pytest.mark.parametrize(
    ("spec", "metric", "reason"),
    [
        ("@8xh100@aws:us-east-1,duration=3 d", "net", "0, whatever the energy"),
        ("@8xh100@aws:us-east-1,duration=3 d", "duration", "it was entered"),
        ("gpt-3", "energy", "every input was measured, published or entered"),
        ("@8xh100@aws:us-east-1,duration=3 d", "gross", ""),
    ],
)
def test_what_has_no_range_says_why(catalogue: Catalogue, spec: str, metric: str, reason: str) -> None:
    one = fill(parse_spec(spec), catalogue, "lifecycle")
    lines = footprint_lines.lines(one, metric, (), 38, 20)
    text = " ".join(piece for line in lines for piece, _ in line)
    assert ("no range" in text) == bool(reason)
    assert reason in " ".join(text.split())


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("@64xh100@germany,params=7e9,tokens=2e12", "90,705 chip-hours ~"),
        ("@64xh100@germany,chip_hours=90705", "90,705 chip-hours"),
    ],
)
def test_chip_hours_of_an_assumed_duration_are_assumed(catalogue: Catalogue, spec: str, said: str) -> None:
    lines = footprint_lines.lines(fill(parse_spec(spec), catalogue, "lifecycle"), "gross", (), 100, 20)
    pieces = [piece for line in lines for piece, _ in line]
    assert said in pieces


@pytest.mark.parametrize(
    ("before", "now", "changed", "said"),
    [
        ("@8xh100,duration=3 d", "@8xh100@aws:us-east-1,duration=3 d", "region", ["PUE 1.56 ~ → 1.15"]),
        ("@8xh100@germany,duration=3 d", "@8xa100@germany,duration=3 d", "hardware", ["Power/chip 861 W ~ → 492 W ~"]),
        ("@8xh100@germany,duration=3 d", "@8xh100@germany,duration=3 d,power=500 W", "power", []),
        ("@8xh100@germany,duration=3 d", "@8xh100@germany,duration=4 d", "duration", []),
    ],
)
def test_an_entry_says_what_was_looked_up_anew(
    catalogue: Catalogue, before: str, now: str, changed: str, said: list[str]
) -> None:
    old, new = (plan_fields.fields(fill(parse_spec(spec), catalogue, "lifecycle")) for spec in (before, now))
    assert plan_fields.aftermath(old, new, changed) == said


def test_a_job_by_its_time_is_said_not_to_be_the_published_training(catalogue: Catalogue) -> None:
    for spec, said in (("gpt-3@8xh100@DE,duration=3 d", True), ("gpt-3@8xh100@DE", False), ("gpt-3", False)):
        lines = footprint_lines.lines(fill(parse_spec(spec), catalogue, "lifecycle"), "gross", (), 38, 11)
        text = " ".join(piece for line in lines for piece, _ in line)
        assert ("this is not the published training of GPT-3" in " ".join(text.split())) == said

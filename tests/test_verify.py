"""The paper's tables and claims: what is recorded comes out, and a wrong registered figure does not stay unseen."""

from __future__ import annotations

import copy
import sqlite3
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui.verification.paper import summary, verify
from carbontui.verification.printed_intervals import Interval, printed, rounded
from carbontui.verification.tables import CLAIMS, SYSTEMS, Check
from carbontui_registry import load_pack
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.indexing import build
from carbontui_registry.packs import records_of
from carbontui_registry.plugin import Loaded, Plugin
from carbontui_registry.records import Record
from carbontui_registry.serialise import dump, restore

PLUGINS = ("paper", "tpu", "nvidia")
Change = Callable[[str, dict[str, Any]], bool | None]


def bundled() -> list[tuple[str, Record]]:
    """The records of the plugins that verify needs, with their origins."""
    found = []
    for name in PLUGINS:
        packs = [file for file in files(f"carbontui_{name}").iterdir() if file.name.endswith(".toml")]
        found += [(f"carbontui:{name}", record) for pack in packs for record in records_of(load_pack(pack))]
    return found


BUNDLED = bundled()


def catalogue_of(change: Change | None = None) -> Catalogue:
    """What is bundled; `change` alters the data of a record, or leaves it out by returning False."""
    records = []
    for origin, record in BUNDLED:
        if change is not None:
            data = copy.deepcopy(dump(record))
            if change(record._kind, data) is False:
                continue
            record = restore(record._kind, data)
        records.append((origin, record))
    connection = sqlite3.connect(":memory:")
    plugins = tuple(Plugin(f"carbontui:{name}", "0", "carbontui", True) for name in PLUGINS)
    build(Loaded(plugins, tuple(records), (), (), {}), connection)
    return Catalogue(connection)


@pytest.fixture(scope="module")
def checks() -> list[Check]:
    return verify(catalogue_of())


def run_of(system: str, data: dict[str, Any]) -> bool:
    return (data["model"], data["hardware"], data["region"]) == SYSTEMS[system]


def with_run(system: str, field: str, factor: float) -> list[Check]:
    """All checks, with one figure of a system's registered run multiplied."""
    changed = []

    def change(kind: str, data: dict[str, Any]) -> None:
        if kind == "run" and run_of(system, data):
            data[field]["value"] *= factor
            changed.append(data)

    found = verify(catalogue_of(change))
    assert len(changed) == 1
    return found


def differing(checks: list[Check]) -> set[str]:
    return {check.system for check in checks if not check.as_recorded}


def test_every_verdict_is_as_recorded(checks: list[Check]) -> None:
    assert [check for check in checks if not check.as_recorded] == []


def test_counts_of_the_tables(checks: list[Check]) -> None:
    of_tables = [check for check in checks if check.table != CLAIMS]
    assert len(of_tables) == 74
    assert len({(check.table, check.system, check.cell.partition(" from ")[0]) for check in of_tables}) == 62
    assert Counter(check.verdict for check in of_tables) == {"same digits": 50, "follows": 21, "does not follow": 3}
    assert len({(check.table, check.system, check.cell) for check in checks}) == len(checks)


def test_what_does_not_follow_is_the_jet(checks: list[Check]) -> None:
    found = {check.system: check for check in checks if check.verdict == "does not follow"}
    assert {name: (check.printed, check.computed) for name, check in found.items()} == {
        "T5": ("0.258", "0.259"),
        "Meena": ("0.533", "0.534"),
        "GPT-3": ("3.054", "3.060"),
    }
    assert all("180.4 t" in check.reason and "jet" in check.cell for check in found.values())


def test_same_digits_are_the_same_text(checks: list[Check]) -> None:
    for check in checks:
        if check.table != CLAIMS:
            assert (check.printed == check.computed) == (check.verdict == "same digits"), check


def test_days_of_gpt_3_are_derived_and_enter_as_printed(checks: list[Check]) -> None:
    energy = next(check for check in checks if check.system == "GPT-3" and check.cell.startswith("energy"))
    assert (energy.printed, energy.computed, energy.verdict) == ("1287", "1289", "follows")
    assert "14.773" in energy.reason
    assert "1287 MWh" in energy.reason


def test_claims(checks: list[Check]) -> None:
    claims = {(check.system, check.cell): check for check in checks if check.table == CLAIMS}
    steps = ["steps to model", "steps to machine", "steps to mechanization", "steps to map"]
    assert [claims["overall", f"net CO2e, {step}"].computed for step in steps] == ["1.3x", "7.4x", "10.5x", "56.5x"]
    assert {check.system for check in claims.values() if check.verdict == "follows in part"} == {
        "sparse models",
        "location",
        "cloud datacenters",
        "all choices",
    }
    for check in claims.values():
        assert check.verdict in ("same digits", "follows", "follows in part")
        assert bool(check.reason) == (check.verdict == "follows in part")


def test_summary(checks: list[Check]) -> None:
    assert summary(checks) == (
        "74 checks on 62 cells: 50 same digits, 21 follow, 3 do not follow;"
        " 20 on 10 claims: 10 same digits, 6 follow, 4 follow in part; nothing differs"
    )
    wrong = [checks[0].replace(verdict="does not follow"), *checks[1:]]
    assert summary(wrong).endswith("; 1 differs from its record")
    wrong[1] = checks[1].replace(verdict="unknown")
    assert summary(wrong).endswith("; 2 differ from their record")


INPUTS = ("chips", "duration", "throughput", "power", "pue", "gross_factor", "net_factor")


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize(
    ("system", "field"),
    [
        (system, "compute" if (system, field) == ("GPT-3", "duration") else field)
        for system in SYSTEMS
        for field in INPUTS
    ],
)
def test_an_input_off_by_a_fifth_is_found(system: str, field: str, factor: float) -> None:
    assert system in differing(with_run(system, field, factor))


@pytest.mark.parametrize("field", ["energy", "gross_co2e", "net_co2e"])
@pytest.mark.parametrize("system", ["GPT-3", "GShard-600B"])
def test_a_published_result_off_by_a_fifth_is_found_by_the_claims_on_it(system: str, field: str) -> None:
    assert "GShard-600B against GPT-3" in differing(with_run(system, field, 1.2))


def test_what_rounding_hides_is_not_found() -> None:
    assert differing(with_run("GPT-3", "power", 331 / 330)) == set()


@pytest.mark.parametrize(
    ("system", "field", "factor", "claim"),
    [
        ("GPT-3", "compute", 1.2, "GShard-600B against GPT-3"),
        ("Meena", "energy", 1.4, "Google's energy"),
        ("GShard-600B", "energy", 6, "sparse models"),
        ("TBig-P100-US", "pue", 0.8, "cloud datacenters"),
        ("TBig-P100-US", "power", 1.1, "overall"),
        ("GPT-3", "power", 0.3, "accelerators"),
        ("ET-P100-Iowa", "compute", 1.2, "Evolved Transformer"),
        ("ET-P100-Iowa", "duration", 1.2, "Evolved Transformer"),
        ("ET-NAS", "power", 1.2, "NAS estimate"),
        ("GShard-600B", "net_co2e", 0.1, "all choices"),
    ],
)
def test_claims_follow_their_figures(system: str, field: str, factor: float, claim: str) -> None:
    assert claim in differing(with_run(system, field, factor))


@pytest.mark.parametrize(("factor", "verdict"), [(0.5, "follows"), (1.0, "follows in part"), (2.0, "does not follow")])
def test_location_follows_the_factors_of_the_regions(factor: float, verdict: str) -> None:
    def change(kind: str, data: dict[str, Any]) -> None:
        if kind == "region" and data["id"] == "paper:google-iowa":
            data["factors"][0]["net"]["value"] *= factor

    found = next(check for check in verify(catalogue_of(change)) if check.system == "location")
    assert (found.verdict, found.recorded) == (verdict, "follows in part")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_run_that_is_not_registered_is_unknown_and_differs(system: str) -> None:
    def change(kind: str, data: dict[str, Any]) -> bool | None:
        return False if kind == "run" and run_of(system, data) else None

    found = verify(catalogue_of(change))
    assert system in differing(found)
    energy = next(check for check in found if check.system == system)
    assert (energy.verdict, energy.computed) == ("unknown", "–")
    assert len(found) == 94
    assert {check.computed for check in found if check.verdict == "unknown"} == {"–"}


NUMBERS = st.decimals(min_value=Decimal("1e-9"), max_value=Decimal("1e25"), allow_nan=False, allow_infinity=False)
DIGITS = st.sampled_from(["1", "0.1", "0.01", "0.00001", "1e3", "1.00e21"])


@given(NUMBERS.filter(lambda v: v < Decimal("1e12")), DIGITS)
def test_a_value_lies_in_the_interval_of_its_own_text(value: Decimal, digits: str) -> None:
    interval = printed(rounded(value, digits))
    assert interval.low <= value <= interval.high
    assert interval.low <= interval.mid <= interval.high


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1.10", "1.095", "1.105"),
        ("20", "19.5", "20.5"),
        ("2.91e21", "2.905e21", "2.915e21"),
        ("0.00006", "0.000055", "0.000065"),
        ("10000", "9999.5", "10000.5"),
        ("~45", "42.5", "47.5"),
    ],
)
def test_what_a_printed_text_stands_for(text: str, low: str, high: str) -> None:
    assert (printed(text).low, printed(text).high) == (Decimal(low), Decimal(high))


PARTS = st.floats(min_value=0, max_value=1).map(Decimal)
INTERVALS = st.tuples(
    st.integers(min_value=1, max_value=10**6), st.integers(min_value=0, max_value=10**3), st.integers(0, 10**3)
).map(lambda t: Interval(Decimal(t[0]), Decimal(t[0] + t[1]), Decimal(t[0] + t[1] + t[2])))


@given(INTERVALS, INTERVALS, PARTS, PARTS)
def test_products_quotients_and_sums_hold_all_that_their_parts_can_be(
    one: Interval, other: Interval, part: Decimal, rest: Decimal
) -> None:
    x = one.low + part * (one.high - one.low)
    y = other.low + rest * (other.high - other.low)
    # Decimals of 28 digits round as well.
    least = Decimal(1).scaleb(-20)
    for interval, value in ((one * other, x * y), (one / other, x / y), (one + other, x + y)):
        assert interval.low * (1 - least) <= value <= interval.high * (1 + least)

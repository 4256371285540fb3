"""Records that are refused or warned of: all that is wrong at once, and what would be right."""

from __future__ import annotations

from typing import Any

import pytest
from made_records import DAY, SHEET, make, problems_of

from carbontui_registry import (
    CarbonFactor,
    Figure,
    Hardware,
    InvalidRecord,
    PowerProfile,
    Source,
)
from carbontui_registry.records import RECORDS


def factor(**changes: Any) -> list[CarbonFactor]:
    return [CarbonFactor(**{"period": "2025", "gross": "23 gCO2e/kWh", **changes})]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidRecord) as caught:
        Hardware(  # type: ignore[call-arg]
            id="Acme X1",
            powr="1 W",
            power=PowerProfile(tdp="350 Wh", mean="1,5 W", boundary="rack"),  # type: ignore[arg-type]
            peak={"bf17": "1 TFLOP/s", "bf16": "400 TFLOPS"},
            year="2026",
            memory=96,
            source=SHEET,
        )
    where = sorted(problem.split(":")[0] for problem in caught.value.problems)
    expected = ["id", "memory", "name", "peak.bf16", "peak.bf17", "power.boundary", "power.mean", "power.tdp"]
    assert where == sorted([*expected, "powr", "year"])
    assert all(problem in str(caught.value) for problem in caught.value.problems)
    assert "did you mean power?" in str(caught.value)
    assert "did you mean bf16?" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("hardware", "id name source"),
        ("region", "id name source"),
        ("model", "id name source"),
        ("run", "hardware model source"),
    ],
)
def test_what_is_missing_is_said(kind: str, missing: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        RECORDS[kind]()
    assert sorted(caught.value.problems) == [f"{name}: is missing" for name in missing.split()]


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("hardware", {"power": PowerProfile(tdp="350 Wh")}, "power.tdp: '350 Wh' is an energy"),
        ("hardware", {"power": PowerProfile(tdp=350)}, "power.tdp: 350 has no unit; write it as text, such as '350"),
        ("hardware", {"power": PowerProfile(tdp="350")}, "power.tdp: '350' has no unit"),
        ("hardware", {"power": PowerProfile(tdp="0 W")}, "power.tdp: '0 W' must be more than 0"),
        ("hardware", {"power": PowerProfile(idle="30 W")}, "power: has neither tdp nor mean"),
        ("hardware", {"power": "350 W"}, "power: '350 W' is not a PowerProfile"),
        ("hardware", {"power": PowerProfile("1 W", "2 W", "3 W", "node", None, "x")}, "power.a 6th value: unknown key"),
        ("hardware", {"power": PowerProfile(tdp="1 W", tpd="1 W")}, "power.tpd: unknown key; did you mean tdp?"),
        ("hardware", {"peak": {"bf16": "312 TFLOP"}}, "peak.bf16: '312 TFLOP' is an amount of compute"),
        ("hardware", {"peak": {"bf16": "312 TFLOPS"}}, "TFLOPS can mean two things"),
        ("hardware", {"kind": "cpu"}, "kind: 'cpu' is not allowed; use gpu, tpu or other"),
        ("hardware", {"aliases": "x1"}, "aliases: 'x1' is not a list; write a list of ids"),
        ("hardware", {"aliases": ["X1"]}, "aliases[1]: 'X1' is not an id"),
        ("hardware", {"year": 26}, "year: 26 is not a year"),
        ("hardware", {"embodied": "150 kg"}, "embodied: '150 kg' does not say which gas is meant"),
        ("hardware", {"name": ""}, "name: is empty"),
        ("hardware", {"name": "\x1b\x07"}, "name: is empty"),
        ("hardware", {"name": 7}, "name: 7 is not text"),
        ("hardware", {"source": "a datasheet"}, "source: 'a datasheet' is not a Source"),
        ("hardware", {"source": Source()}, "source: has no title"),  # type: ignore[call-arg]
        ("hardware", {"source": Source("x", yaer=1)}, "source.yaer: unknown key; did you mean year?"),  # type: ignore[call-arg]
        ("region", {"pue": 0.9}, "pue: a PUE of 0.9 is below 1"),
        ("region", {"pue": Figure("0.9")}, "pue: '0.9' is below 1"),
        ("region", {"pue": float("nan")}, "pue: nan is not a figure"),
        ("region", {"pue": True}, "pue: True is not a quantity"),
        ("region", {"factors": factor(gross=None)}, "factors[1]: has neither gross nor net"),
        ("region", {"factors": factor(period=None)}, "factors[1]: has no period"),
        *(
            ("region", {"factors": factor(period=period)}, f"factors[1].period: {period!r} is not a period")
            for period in ("25", "2025-13", "2025-3", "2025-03-01", "", 2025, "２０２５")
        ),
        *(
            ("region", {"factors": factor(gross=gross)}, f"factors[1].gross: {gross!r}")
            for gross in ("23 g/kWh", "23 gC/kWh", "23 gCO2/kWh", "nan gCO2e/kWh", "-1 gCO2e/kWh", "1e999 gCO2e/kWh")
        ),
        ("region", {"factors": factor(coverage="scope2")}, "factors[1].coverage: 'scope2' is not allowed; use"),
        ("region", {"factors": factor(mix="residual")}, "factors[1].mix: 'residual' is not allowed; use"),
        ("region", {"factors": factor(net_basis="monthly")}, "factors[1].net_basis: 'monthly' is not allowed; use"),
        ("region", {"factors": factor(pue_kind="guess")}, "factors[1].pue_kind: 'guess' is not allowed; use"),
        ("region", {"factors": factor(includes_td="yes")}, "factors[1].includes_td: 'yes' is neither true nor false"),
        ("region", {"factors": factor(gros="1 gCO2e/kWh")}, "factors[1].gros: unknown key; did you mean gross?"),
        ("region", {"factors": factor(hourly={**DAY, "shape": [1.0] * 23})}, "hourly.shape: is not 24 values"),
        ("region", {"factors": factor(hourly={**DAY, "shape": [1.1] * 24})}, "hourly.shape: has a mean of 1.1"),
        ("region", {"factors": factor(hourly={**DAY, "shape": [2.0, -1.0] + [1.0] * 22})}, "is not 24 values of 0 or"),
        ("region", {"factors": factor(hourly={**DAY, "time_zone": "no zone"})}, "hourly.time_zone: 'no zone' is not"),
        ("region", {"factors": factor(hourly={"shape": [1.0] * 24})}, "factors[1].hourly: has no time_zone"),
        ("region", {"factors": CarbonFactor("2025", "1 gCO2e/kWh")}, "factors: a CarbonFactor is not a list"),
        ("model", {"params": Figure(7e9, basis="guess")}, "params.basis: 'guess' is not allowed; use measured"),
        ("model", {"params": Figure(7e9, spread="5")}, "params.spread: '5' has no unit"),
        ("model", {"params": Figure(7e9, spread=-0.1)}, "params.spread: -0.1 is not a figure"),
        ("model", {"params": 0}, "params: 0 must be more than 0"),
        ("model", {"params": "7 B"}, "params: '7 B' has a unit"),
        ("model", {"params": 1e9, "active_params": 2e9}, "active_params: 2e+09 is more than params 1e+09"),
        ("model", {"compute": 8.4e22}, "compute: 8.4e+22 has no unit"),
        ("model", {"compute_kind": "gross"}, "compute_kind: 'gross' is not allowed; use model or hardware"),
        ("run", {"chips": 2.5}, "chips: 2.5 is not a whole number"),
        ("run", {"chips": 10**400}, "chips: is too large a number"),
        ("run", {"power": "1 287 W"}, "power: '1 287 W' has a space in its number"),
        ("run", {"precision": "int8"}, "precision: 'int8' is not allowed; use"),
        ("run", {"boundary": "rack"}, "boundary: 'rack' is not allowed; use accelerator, node or system"),
        ("run", {"duration": "0 d"}, "duration: '0 d' must be more than 0"),
        ("run", {"id": "my run"}, "id: 'my run' is not an id"),
        ("run", {"id": "a@b,c=d"}, "id: 'a@b,c=d' is not an id"),
    ],
)
def test_refused_with_what_would_be_right(kind: str, changes: dict[str, Any], said: str) -> None:
    problems = problems_of(kind, **changes)
    assert len(problems) == 1
    assert said in problems[0]


BAD_IDS = ["Acme", "-x1", ".x1", "", "a b", "a@b", "a,b", "a=b", "a/b", "a\n", "a\x00b", "a\u202eb", "a::b", ":a", "a:"]
HOMOGLYPHS = ["\u0430cme", "acme\u2010x1", "\uff41cme", "acm\u00e9", "x\u0661"]


@pytest.mark.parametrize("bad", [*BAD_IDS, *HOMOGLYPHS, 7, None, ["a"]])
@pytest.mark.parametrize("kind", ["hardware", "region", "model"])
def test_an_id_is_plain(kind: str, bad: object) -> None:
    assert {problem.split(":")[0] for problem in problems_of(kind, id=bad)} == {"id"}


@pytest.mark.parametrize("good", ["x1", "1x", "a.b_c-d", "ns:a", "a:b:c"])
def test_a_good_id_is_kept(good: str) -> None:
    assert make("region", id=good).id == good


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("region", {"pue": 3.1}, "pue: a PUE of 3.1 is unlikely"),
        ("run", {"pue": 3.1}, "pue: a PUE of 3.1 is unlikely"),
        ("region", {"factors": factor(gross="1501 gCO2e/kWh")}, "factors[1].gross: 1501 gCO2e/kWh is unlikely"),
        ("run", {"net_factor": "1501 gCO2e/kWh"}, "net_factor: 1501 gCO2e/kWh is unlikely"),
        (
            "hardware",
            {"power": PowerProfile("100 W", "201 W", boundary="system")},
            "power.mean: 201 W is more than 2 x",
        ),
        (
            "hardware",
            {"power": PowerProfile("100 W", "106 W", boundary="accelerator")},
            "power.mean: 106 W is more than 1.05 x",
        ),
    ],
)
def test_the_unlikely_is_warned_of_and_taken(kind: str, changes: dict[str, Any], said: str) -> None:
    (warning,) = make(kind, **changes).warnings
    assert said in warning


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("region", {"pue": 3.0}),
        ("region", {"pue": 1}),
        ("region", {"factors": factor(gross="1500 gCO2e/kWh")}),
        ("hardware", {"power": PowerProfile("100 W", "200 W", boundary="system")}),
        ("hardware", {"power": PowerProfile("100 W", "105 W", boundary="accelerator")}),
        ("hardware", {"power": PowerProfile("100 W", "300 W", boundary="node")}),
        ("hardware", {"power": PowerProfile(mean="300 W")}),
    ],
)
def test_the_likely_is_not_warned_of(kind: str, changes: dict[str, Any]) -> None:
    assert make(kind, **changes).warnings == ()


@pytest.mark.parametrize("part", [Figure, Source, PowerProfile, CarbonFactor])
@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((), {}), (tuple("abcdefghijklmnop"), {}), ((object(),), {"self": 1, "unknown": 2}), ((None,), {"value": "x"})],
)
def test_parts_never_raise(part: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    made = part(*args, **kwargs)
    record = {Figure: ("model", "params"), Source: ("model", "source"), PowerProfile: ("hardware", "power")}
    kind, field = record.get(part, ("region", "factors"))
    assert problems_of(kind, **{field: [made] if part is CarbonFactor else made})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"power": PowerProfile(node_mean="2 kW")}, "needs the number of accelerators of the server; give per_node"),
        ({"power": PowerProfile(mean="250 W", node_mean="2 kW"), "per_node": 8}, "mean is given too; give one of them"),
    ],
)
def test_a_servers_power_that_cannot_be_divided(changes: dict[str, Any], said: str) -> None:
    assert problems_of("hardware", **changes) == (f"power.node_mean: {said}",)

"""Records: checked whole at the door, each refusal with what would have been right."""

from __future__ import annotations

import json
from typing import Any

import pint
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carbontui_registry import (
    CarbonFactor,
    Figure,
    Hardware,
    InvalidRecord,
    Model,
    Offer,
    PowerProfile,
    Region,
    Source,
    TrainingRun,
)
from carbontui_registry.records import RECORDS, Record
from carbontui_registry.report import LimitPassed
from carbontui_registry.serialise import check, dump, restore

SHEET = Source("Acme X1 datasheet, rev. 3", url="https://acme.example/x1.pdf", year=2026)
STEERING = {chr(n) for n in [*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)]} | set(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
DAY = {"shape": [1.0] * 24, "time_zone": "Europe/Stockholm"}

MAKE: dict[str, dict[str, Any]] = {
    "hardware": {"id": "acme-x1", "name": "Acme X1", "power": PowerProfile(tdp="350 W"), "source": SHEET},
    "region": {"id": "acme:lulea", "name": "Acme Lulea", "source": SHEET},
    "model": {"id": "acme-lm", "name": "Acme LM", "source": SHEET},
    "run": {"model": "acme-lm", "hardware": "acme-x1", "source": SHEET},
    "offer": {"hardware": "acme-x1", "region": "acme:lulea", "source": SHEET},
    "measurement": {"hardware": "acme-x1", "power": "290 W", "boundary": "system", "source": SHEET},
}


def make(kind: str, /, **changes: Any) -> Any:
    return RECORDS[kind](**{**MAKE[kind], **changes})


def problems_of(kind: str, /, **changes: Any) -> tuple[str, ...]:
    with pytest.raises(InvalidRecord) as caught:
        make(kind, **changes)
    return caught.value.problems


def factor(**changes: Any) -> list[CarbonFactor]:
    return [CarbonFactor(**{"period": "2025", "gross": "23 gCO2e/kWh", **changes})]


def full_records() -> list[Record]:
    """The contract's example, with every other field filled in too."""
    other = Source("Another sheet", licence="CC-BY-4.0", id="other-2020")
    return [
        Hardware(
            id="acme-x1",
            name="Acme X1",
            vendor="Acme",
            kind="gpu",
            year=2026,
            aliases=["x1"],
            power=PowerProfile(
                tdp="350 W", mean=Figure("280 W", basis="measured", spread="5 %"), idle="0 W", boundary="system"
            ),
            peak={"bf16": "400 TFLOP/s", "fp32": Figure("50 TFLOP/s", source=other), "int8": "800 TOP/s"},
            names=["ACME X1-96GB"],
            form="workstation",
            note="A board of two dies.",
            memory="96 GiB",
            embodied="150 kgCO2e",
            source=SHEET,
        ),
        Region(
            id="acme:lulea",
            name="Acme Luleå",
            provider="acme",
            country="SE",
            grid="grid:SE",
            pue=1.07,
            source=SHEET,
            aliases=("lulea",),
            water="0.1 L/kWh",
            factors=[
                CarbonFactor("2025", gross="23 gCO2e/kWh", net="5 gCO2e/kWh", coverage="direct", net_basis="annual"),
                CarbonFactor(
                    "2024-03",
                    gross="0 gCO2e/kWh",
                    pue=Figure(1.1, basis="measured"),
                    pue_kind="site",
                    cfe="97 %",
                    coverage="lifecycle",
                    mix="consumption",
                    includes_td=False,
                    hourly=DAY,
                    source=other,
                ),
            ],
        ),
        Model(
            id="acme-lm",
            name="Acme LM",
            params=7e9,
            active_params=Figure(2e9, basis="assumed"),
            compute="8.4e22 FLOP",
            compute_kind="hardware",
            tokens=2e12,
            energy_per_query="3 Wh",
            aliases=["lm"],
            source=SHEET,
        ),
        TrainingRun(
            model="acme-lm",
            hardware="acme-x1",
            region="acme:lulea",
            period="2025",
            chips=256,
            duration="24 d",
            chip_hours="147456 h",
            power="290 W",
            boundary="system",
            throughput="158 TFLOP/s",
            precision="bf16",
            compute="8.4e22 FLOP",
            pue=1.07,
            gross_factor="23 gCO2e/kWh",
            net_factor="5 gCO2e/kWh",
            energy="45.8 MWh",
            gross_co2e="1.05 tCO2e",
            net_co2e="0.2 tCO2e",
            source=SHEET,
        ),
        Offer(
            hardware="acme-x1",
            region="acme:lulea",
            instance="X1 large_8",
            accelerators=8,
            price=Figure("2.5 USD/h", note="without tax"),
            period="2026-11",
            source=SHEET,
        ),
    ]


def test_the_contracts_example_is_taken_in_the_engines_units() -> None:
    x1, lulea, lm, run, offer = full_records()
    assert isinstance(x1, Hardware)
    assert isinstance(lulea, Region)
    assert isinstance(lm, Model)
    assert isinstance(run, TrainingRun)
    assert isinstance(offer, Offer)
    assert offer.id == "acme-x1/acme:lulea/x1-large_8"
    assert offer.price == Figure(2.5, "published", None, SHEET, "without tax")
    mean = x1.power.mean
    assert mean == Figure(280.0, "measured", 0.05, SHEET)
    assert x1.peak["bf16"].value == 400e12
    assert x1.aliases == ("x1",)
    assert lulea.pue == Figure(1.07, "published", None, SHEET)
    assert lulea.grid == "grid:se"
    assert lulea.factors[1].gross is not None
    assert lulea.factors[1].gross.value == 0
    assert lm.energy_per_query is not None
    assert lm.energy_per_query.value == 0.003
    assert (run.id, run.duration and run.duration.value) == ("acme-lm/acme-x1/2025", 576.0)
    assert (run.energy and run.energy.value, run.gross_co2e and run.gross_co2e.value) == (45800.0, 1050.0)
    assert not any(record.warnings or record.problems for record in full_records())


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
        ("hardware", {"kind": "cpu"}, "kind: 'cpu' is not one of gpu, tpu and other"),
        ("hardware", {"aliases": "x1"}, "aliases: 'x1' is not a list of ids"),
        ("hardware", {"aliases": ["X1"]}, "aliases[0]: 'X1' is not an id"),
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
        ("region", {"factors": factor(gross=None)}, "factors[0]: has neither gross nor net"),
        ("region", {"factors": factor(period=None)}, "factors[0]: has no period"),
        *(
            ("region", {"factors": factor(period=period)}, f"factors[0].period: {period!r} is not a period")
            for period in ("25", "2025-13", "2025-3", "2025-03-01", "", 2025, "２０２５")
        ),
        *(
            ("region", {"factors": factor(gross=gross)}, f"factors[0].gross: {gross!r}")
            for gross in ("23 g/kWh", "23 gC/kWh", "23 gCO2/kWh", "nan gCO2e/kWh", "-1 gCO2e/kWh", "1e999 gCO2e/kWh")
        ),
        ("region", {"factors": factor(coverage="scope2")}, "factors[0].coverage: 'scope2' is not one of"),
        ("region", {"factors": factor(mix="residual")}, "factors[0].mix: 'residual' is not one of"),
        ("region", {"factors": factor(net_basis="monthly")}, "factors[0].net_basis: 'monthly' is not one of"),
        ("region", {"factors": factor(pue_kind="guess")}, "factors[0].pue_kind: 'guess' is not one of"),
        ("region", {"factors": factor(includes_td="yes")}, "factors[0].includes_td: 'yes' is neither true nor false"),
        ("region", {"factors": factor(gros="1 gCO2e/kWh")}, "factors[0].gros: unknown key; did you mean gross?"),
        ("region", {"factors": factor(hourly={**DAY, "shape": [1.0] * 23})}, "hourly.shape: is not 24 values"),
        ("region", {"factors": factor(hourly={**DAY, "shape": [1.1] * 24})}, "hourly.shape: has a mean of 1.1"),
        ("region", {"factors": factor(hourly={**DAY, "shape": [2.0, -1.0] + [1.0] * 22})}, "is not 24 values of 0 or"),
        ("region", {"factors": factor(hourly={**DAY, "time_zone": "no zone"})}, "hourly.time_zone: 'no zone' is not"),
        ("region", {"factors": factor(hourly={"shape": [1.0] * 24})}, "factors[0].hourly: has no time_zone"),
        ("region", {"factors": CarbonFactor("2025", "1 gCO2e/kWh")}, "factors: a CarbonFactor is not a list"),
        ("model", {"params": Figure(7e9, basis="guess")}, "params.basis: 'guess' is not one of measured, published"),
        ("model", {"params": Figure(7e9, spread="5")}, "params.spread: '5' has no unit"),
        ("model", {"params": Figure(7e9, spread=-0.1)}, "params.spread: -0.1 is not a figure"),
        ("model", {"params": 0}, "params: 0 must be more than 0"),
        ("model", {"params": "7 B"}, "params: '7 B' has a unit"),
        ("model", {"params": 1e9, "active_params": 2e9}, "active_params: 2e+09 is more than params 1e+09"),
        ("model", {"compute": 8.4e22}, "compute: 8.4e+22 has no unit"),
        ("model", {"compute_kind": "gross"}, "compute_kind: 'gross' is not one of model and hardware"),
        ("run", {"chips": 2.5}, "chips: 2.5 is not a whole number"),
        ("run", {"chips": 10**400}, "chips: is too large a number"),
        ("run", {"power": "1 287 W"}, "power: '1 287 W' has a gap in its number"),
        ("run", {"precision": "int8"}, "precision: 'int8' is not one of"),
        ("run", {"boundary": "rack"}, "boundary: 'rack' is not one of accelerator, node and system"),
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
        ("region", {"factors": factor(gross="1501 gCO2e/kWh")}, "factors[0].gross: 1501 gCO2e/kWh is unlikely"),
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


def test_text_quantity_and_figure_give_the_same_record() -> None:
    registry = pint.UnitRegistry()
    given = ["350 W", registry.Quantity(0.35, "kilowatt"), Figure("350 W"), Figure(350), Figure(350.0, "published")]
    records = [make("hardware", power=PowerProfile(tdp=tdp)) for tdp in given]
    assert all(record == records[0] for record in records)


def test_a_full_float_goes_through_a_figure_unchanged() -> None:
    value = 0.1 + 0.2
    assert make("run", energy=Figure(value, basis="derived")).energy == Figure(value, "derived", None, SHEET)


def test_figures_take_the_nearest_source() -> None:
    own, factors = Source("Own"), Source("Factor's")
    region = make(
        "region",
        pue=1.1,
        factors=[
            CarbonFactor("2025", "1 gCO2e/kWh", Figure("1 gCO2e/kWh", source=own), source=factors),
            CarbonFactor("2024", "1 gCO2e/kWh"),
        ],
    )
    first, second = region.factors
    assert region.pue.source == SHEET
    assert (first.source, first.gross.source, first.net.source) == (factors, factors, own)
    assert (second.source, second.gross.source) == (SHEET, SHEET)


def test_records_and_parts_cannot_be_changed() -> None:
    x1 = full_records()[0]
    assert isinstance(x1, Hardware)
    for value, field in ((x1, "name"), (x1.power, "tdp"), (x1.power.tdp, "value"), (x1.source, "title")):
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(value, field, None)
        with pytest.raises(AttributeError, match="cannot be changed"):
            delattr(value, field)
    with pytest.raises(AttributeError):
        x1.note = "new"  # type: ignore[attr-defined]
    assert x1.replace(name="Acme X2").name == "Acme X2"
    assert x1.name == "Acme X1"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Acme\x1b[31m X1\x07", "Acme[31m X1"),
        ("Acme\u202eX1\u2066\u200f", "AcmeX1"),
        ("Acme\n\tX1\r", "Acme X1"),
        ("Acme\x9b\x85X1", "Acme X1"),
        ("Acme \ud800X1", "Acme X1"),
        ("Luleå 中文 ½", "Luleå 中文 ½"),
    ],
)
def test_text_cannot_steer_a_terminal(raw: str, text: str) -> None:
    record = make("model", name=raw, source=Source(raw))
    assert record.name == text
    assert record.source.title == text


def test_messages_cannot_steer_a_terminal_either() -> None:
    said = " ".join(problems_of("model", **{"id": "\x1b[2J", "\x1b[31mkey": 1, "compute": "\u202e5"}))
    assert not STEERING.intersection(said)


def test_a_text_has_at_most_200_characters() -> None:
    assert make("model", name="x" * 200).name == "x" * 200
    with pytest.raises(LimitPassed, match="201 characters; at most 200 are allowed"):
        make("model", name="x" * 201)


def test_a_value_given_twice_or_too_often_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="id: is given twice"):
        Model("a", "A", SHEET, id="b")  # type: ignore[misc]
    most = len(Model._fields)
    with pytest.raises(InvalidRecord, match=f"{most + 1} values were given by position; it has {most}"):
        Model("a", "A", SHEET, *[None] * (most - 2))  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize("record", full_records(), ids=lambda record: record._kind)
def test_a_record_comes_back_from_json_as_it_was(record: Record) -> None:
    plain = json.loads(json.dumps(dump(record)))
    assert check(record._kind, plain) == record
    assert restore(record._kind, plain) == record


# Made-up records

SOURCES = st.builds(
    Source,
    title=st.text("abc é中,.", min_size=1).filter(str.strip),
    url=st.none() | st.just("https://acme.example"),
    year=st.none() | st.integers(1900, 2200),
)
IDS = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}(:[a-z0-9]{1,4})?", fullmatch=True)


def figures(low: float = 1e-6, high: float = 1e30) -> st.SearchStrategy[Figure]:
    return st.builds(
        Figure,
        value=st.floats(low, high),
        basis=st.none() | st.sampled_from(["measured", "published", "derived", "assumed", "entered"]),
        spread=st.none() | st.floats(0, 2),
        source=st.none() | SOURCES,
    )


FACTORS = st.builds(
    CarbonFactor,
    period=st.from_regex(r"[0-9]{4}(-0[1-9])?", fullmatch=True),
    gross=figures(0),
    net=st.none() | figures(0),
    pue=st.none() | figures(1),
    cfe=st.none() | figures(0, 1),
    coverage=st.none() | st.sampled_from(["direct", "lifecycle", "unknown"]),
    includes_td=st.none() | st.booleans(),
    hourly=st.none() | st.just(DAY),
    source=st.none() | SOURCES,
)
GENERATED = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("hardware"),
            "id": IDS,
            "name": IDS,
            "source": SOURCES,
            "power": st.builds(PowerProfile, tdp=figures(), mean=st.none() | figures(), idle=st.none() | figures(0)),
        },
        optional={
            "peak": st.dictionaries(st.sampled_from(["fp32", "tf32", "bf16"]), figures()),
            "aliases": st.lists(IDS, max_size=3),
            "memory": figures(),
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.just("region"), "id": IDS, "name": IDS, "source": SOURCES},
        optional={"factors": st.lists(FACTORS, max_size=3), "pue": figures(1), "country": IDS},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("model"), "id": IDS, "name": IDS, "source": SOURCES},
        optional={"params": figures(), "tokens": figures(), "compute": figures()},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("run"), "model": IDS, "hardware": IDS, "source": SOURCES},
        optional={"chips": st.integers(1, 10**6), "duration": figures(), "energy": figures(0), "region": IDS},
    ),
)


@given(GENERATED)
def test_any_record_comes_back_from_json_as_it_was(given_: dict[str, Any]) -> None:
    kind = given_.pop("kind")
    record = RECORDS[kind](**given_)
    plain = json.loads(json.dumps(dump(record)))
    for again in (check(kind, plain), restore(kind, plain)):
        assert again == record
        assert dump(again) == plain


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=210),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({field for record in RECORDS.values() for field in record._fields} | {"self", "value", "problems"})


@example("region", {"shares": {}})
@example("region", {"shares": {"source": {"title": "Acme X1 datasheet", "year": 2026}}})
@given(st.sampled_from(sorted(RECORDS)), st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=9), GARBAGE))
def test_garbage_raises_nothing_else_than_a_refusal(kind: str, garbage: dict[str, Any]) -> None:
    try:
        record = RECORDS[kind](**{**MAKE[kind], **garbage})
    except (InvalidRecord, LimitPassed) as error:
        said = str(error)
    else:
        said = ""
        assert restore(kind, json.loads(json.dumps(dump(record)))) == record
    assert not STEERING.intersection(said)


def test_what_a_meter_says_of_a_server_is_divided_by_its_accelerators() -> None:
    node = Figure("2 kW", basis="measured", spread="5 %")
    made = make("hardware", power=PowerProfile(tdp="350 W", node_mean=node), per_node=8)
    assert (made.power.mean.value, made.power.mean.basis, made.power.mean.spread) == (250.0, "measured", 0.05)
    assert (made.power.boundary, made.power.node_mean) == ("system", None)
    unlikely = make("hardware", power=PowerProfile(tdp="350 W", node_mean="8 kW"), per_node=8)
    assert "2 x the TDP" in unlikely.warnings[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"power": PowerProfile(node_mean="2 kW")}, "needs the number of accelerators of the server; give per_node"),
        ({"power": PowerProfile(mean="250 W", node_mean="2 kW"), "per_node": 8}, "mean is given too; give one of them"),
    ],
)
def test_a_servers_power_that_cannot_be_divided(changes: dict[str, Any], said: str) -> None:
    assert problems_of("hardware", **changes) == (f"power.node_mean: {said}",)


def test_a_measurement_is_called_by_what_was_run() -> None:
    assert make("measurement").id == "acme-x1/system"
    assert make("measurement", workload="LoRA, 8B (ours)").id == "acme-x1/system/lora-8b-ours"


# A family of records made from one


def test_a_record_with_some_fields_changed_is_a_checked_record() -> None:
    whole = {"X": ("350 W", {}), "Y": ("700 W", {"note": "two dies", "aliases": ["y"]})}
    one = Hardware("x", "X", Source("Sheet"), power=PowerProfile(tdp="350 W", idle="50 W"), peak={"bf16": "1 TFLOP/s"})
    for name, (tdp, more) in whole.items():
        made = one.replace(id=name.lower(), name=name, power=PowerProfile(tdp=tdp, idle="50 W"), **more)
        assert made == Hardware(
            name.lower(),
            name,
            Source("Sheet"),
            power=PowerProfile(tdp=tdp, idle="50 W"),
            peak={"bf16": "1 TFLOP/s"},
            **more,
        )
        assert (made.problems, made.warnings) == ((), ())
    assert one.replace() == one
    faster = one.replace(
        peak={"bf16": one.peak["bf16"].replace(basis="measured")}, power=one.power.replace(idle="60 W")
    )
    assert (faster.peak["bf16"].basis, faster.power.idle) == ("measured", Figure(60.0, "published", None, one.source))
    with pytest.raises(InvalidRecord, match="is an energy"):
        one.replace(power=PowerProfile(tdp="350 Wh"))
    with pytest.raises(TypeError, match="has no nmae"):
        one.replace(nmae="Z")
    assert one.replace(power=PowerProfile(tdp="350 W", idle="50 W", mean="900 W", boundary="system")).warnings
    run = TrainingRun("gpt-3", "x", Source("Sheet"), period="2020", chips=8)
    assert run.replace(period="2021").id == "gpt-3/x/2021"
    assert run.replace(id="own").replace(period="2021").id == "own"

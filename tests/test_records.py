"""Records: their figures in the engine's units, their sources, their way to JSON and back."""

from __future__ import annotations

import json

import pint
import pytest
from made_records import DAY, SHEET, STEERING, make, problems_of

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
from carbontui_registry.records import Record
from carbontui_registry.report import LimitPassed
from carbontui_registry.serialise import check, dump, restore


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


def test_what_a_meter_says_of_a_server_is_divided_by_its_accelerators() -> None:
    node = Figure("2 kW", basis="measured", spread="5 %")
    made = make("hardware", power=PowerProfile(tdp="350 W", node_mean=node), per_node=8)
    assert (made.power.mean.value, made.power.mean.basis, made.power.mean.spread) == (250.0, "measured", 0.05)
    assert (made.power.boundary, made.power.node_mean) == ("system", None)
    unlikely = make("hardware", power=PowerProfile(tdp="350 W", node_mean="8 kW"), per_node=8)
    assert "2 x the TDP" in unlikely.warnings[0]


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

"""What the tests of scenarios share: one that is filled in, and a registry of made-up records."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

from carbontui.engine.scenario import Filled
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui_registry import CarbonFactor, Figure, Hardware, Model, PowerProfile, Region, Source, TrainingRun
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.indexing import build
from carbontui_registry.plugin import Loaded, Plugin
from carbontui_registry.records import Record

SHEET = Source("Sheet", year=2020)
THIS_YEAR, LONG_AGO = str(date.today().year), "2015"


def factor(period: str, gross: float, net: float | None = None, **more: Any) -> CarbonFactor:
    return CarbonFactor(period, f"{gross} gCO2e/kWh", None if net is None else f"{net} gCO2e/kWh", **more)


def run(
    model: str, hardware: str, period: str | None = "2020", region: str | None = "site", **more: Any
) -> TrainingRun:
    return TrainingRun(model, hardware, SHEET, region, period, **more)


MEAN = Figure("300 W", "measured", "10 %")
OWN: list[Record] = [
    Hardware("x1", "X1", SHEET, power=PowerProfile("400 W", MEAN, None, "system"), peak={"bf16": "100 TFLOP/s"}),
    Hardware("x2", "X2", SHEET, power=PowerProfile("500 W"), peak={"fp32": "50 TFLOP/s", "fp16": "200 TFLOP/s"}),
    Hardware("bare", "Bare", SHEET, power=PowerProfile("200 W")),
    Region("site", "Site", SHEET, factors=[factor("2020", 400, 300, pue=1.1, pue_kind="site"), factor("2024", 200)]),
    Region("other", "Other", SHEET, pue=1.2, factors=[factor("2018", 180), factor("2021", 210), factor("2023", 230)]),
    Region("two", "Two years away", SHEET, factors=[factor("2018", 1), factor(THIS_YEAR, 2)]),
    Region("three", "Three", SHEET, factors=[factor("2017", 1), factor(THIS_YEAR, 2)]),
    Region("old", "Old", SHEET, factors=[factor(LONG_AGO, 500)]),
    Region("new", "New", SHEET, factors=[factor(THIS_YEAR, 50)]),
    Region("empty", "Empty", SHEET),
    Region("grid", "Grid", SHEET, factors=[factor("2024", 90, coverage="lifecycle")]),
    Region("cloud", "Cloud", SHEET, grid="grid", factors=[factor("2024", 60, 20, coverage="direct", pue=1.15)]),
    Region(
        "both",
        "Both",
        SHEET,
        factors=[
            factor("2024", 61, coverage="direct", net_basis="annual"),
            factor("2024", 62, coverage="lifecycle"),
            factor("2024", 63, coverage="lifecycle"),
        ],
    ),
    Region("green", "Green", SHEET, factors=[factor("2024", 0, 0)]),
    Model("m", "M", SHEET, compute="1e21 FLOP"),
    Model("six", "Six", SHEET, params=2e9, active_params=1e9, tokens=1e10),
    Model("dense", "Dense", SHEET, params=2e9, tokens=1e10),
    Model("hours", "Hours", SHEET),
    Model("worked", "Worked", SHEET),
    Model("timed", "Timed", SHEET, params=1e9, tokens=1e10),
    Model("nowhere", "Nowhere", SHEET),
    Model("bare-model", "Bare", SHEET, compute="1e21 FLOP"),
    run(
        "m", "x1", id="m/first", chips=100, duration="250000 s", power=Figure("350 W", "assumed"), boundary="node",
        throughput="40 TFLOP/s", pue=1.3, gross_factor="111 gCO2e/kWh", energy="10 MWh", gross_co2e="1 tCO2e",
    ),
    run("m", "x1", "2022", "other", id="m/second", chips=200, throughput="30 TFLOP/s"),
    run("m", "x2", "2020", "other", id="m/third", chips=300, throughput="50 TFLOP/s", compute="2e21 FLOP"),
    run("hours", "x1", chip_hours="5000 h"),
    run("timed", "x1", chip_hours="1000 h"),
    run("worked", "x1", chip_hours="5000 h", throughput="20 TFLOP/s"),
    run("nowhere", "x1", "2022", None, chips=8, duration="9 h", pue=1.07, gross_factor="231 gCO2e/kWh"),
]  # fmt: skip


def catalogue_of(*others: Record, distribution: str = "acme") -> Catalogue:
    origins = {"carbontui:own": OWN, f"{distribution}:p": others}
    plugins = tuple(Plugin(o, "1", o.partition(":")[0], o.startswith("carbontui:")) for o in origins)
    records = tuple((origin, record) for origin, those in origins.items() for record in those)
    connection = sqlite3.connect(":memory:")
    build(Loaded(plugins, records, (), (), {}), connection)
    return Catalogue(connection)


def filled(spec: str, catalogue: Catalogue, accounting: str = "as-published") -> Filled:
    return fill(parse_spec(spec), catalogue, accounting)

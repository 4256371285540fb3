"""Lists and comparisons take the same carbon factor and PUE of a region: one function chooses."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from carbontui.engine.scenario import Scenario
from carbontui.engine.solver import fill
from carbontui.text.records import in_line, list_row
from carbontui_registry import CarbonFactor, Region, Source
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.indexing import build
from carbontui_registry.plugin import Loaded, Plugin

LISTED = {"gross_gco2e_per_kwh": "gross", "net_gco2e_per_kwh": "net", "pue": "pue"}


def agrees(catalogue: Catalogue, name: str) -> None:
    """A region's row in a list against what a comparison takes there."""
    found = catalogue.region(name)
    row = list_row(in_line(found, catalogue))
    taken = fill(Scenario(region=name), catalogue)
    for listed, key in LISTED.items():
        figure = taken.inputs.get(key)
        if key == "pue" and figure is not None and figure.way.kind == "survey":
            figure = None
        assert row.get(listed) == (figure.value if figure is not None else None), (name, key)
    for text in ("period", "coverage") if "gross" in taken.inputs else ():
        assert row.get(text) == taken.texts.get(text), (name, text)


def test_of_every_region_that_is_registered(catalogue: Catalogue) -> None:
    for line in catalogue.briefs("region"):
        agrees(catalogue, line.id)


SHEETS = st.sampled_from([Source("One"), Source("Two")])
AMOUNTS = st.none() | st.integers(0, 900).map(lambda n: f"{n} gCO2e/kWh")
FACTORS = st.builds(
    lambda period, gross, net, pue, coverage, source: CarbonFactor(
        period,
        gross=gross,
        net=net if net or gross else "7 gCO2e/kWh",
        pue=pue,
        coverage=coverage,
        net_basis="annual",
        source=source,
    ),
    st.sampled_from(["2019", "2022", "2024", "2024-03", "2025"]),
    AMOUNTS,
    AMOUNTS,
    st.none() | st.sampled_from([1.1, 1.2, 1.3]),
    st.sampled_from(["direct", "lifecycle", "unknown"]),
    SHEETS,
)


@given(st.lists(FACTORS, max_size=4), st.lists(FACTORS, max_size=4), st.none() | st.just(1.4))
def test_of_any_region_and_its_grid(own: list[CarbonFactor], above: list[CarbonFactor], pue: float | None) -> None:
    source = Source("Sheet")
    grid = Region("g", "Grid", source, factors=above)
    place = Region("p", "Place", source, provider="acme", pue=pue, grid="g", factors=own)
    connection = sqlite3.connect(":memory:")
    plugin = Plugin("acme:acme", "1", "acme", False)
    build(Loaded((plugin,), (("acme:acme", grid), ("acme:acme", place)), (), (), {}), connection)
    catalogue = Catalogue(connection)
    agrees(catalogue, "g")
    agrees(catalogue, "p")

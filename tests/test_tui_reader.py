"""A text to read: what follows a long line hangs below it, addresses stay whole, and two figures are told apart."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.widgets import Static
from tui import app_of, press

from carbontui.engine.explanation import explain
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.text.explain import as_markdown, as_text
from carbontui.text.part import part_text
from carbontui.tui.views.hanging import hanging
from carbontui_registry.catalogue import Catalogue

word = st.text(st.characters(codec="ascii", exclude_categories=("Cc", "Zs")), min_size=1, max_size=60)


@given(st.integers(0, 30), st.lists(word, max_size=12), st.integers(8, 90))
@example(22, ["https://github.com/Green-Software-Foundation/real-time-cloud", "[x]"], 70)
def test_nothing_is_lost_and_every_line_fits(lead: int, words: list[str], width: int) -> None:
    made = hanging(" " * lead + " ".join(words), width)
    assert all(len(line) <= width for line in made) or not words
    assert "".join(made).replace(" ", "") == "".join(words)
    # What fits in a line is in one.
    assert all(any(one in line for line in made) for one in words if len(one) <= width)


def test_what_follows_hangs_below_what_it_belongs_to() -> None:
    column = "    net factor   0 gCO2e/kWh  published; made anywhere, and none are matched by the hour"
    assert all(line.startswith(" " * 17) for line in hanging(column, 48)[1:])
    assert hanging("    deep and long enough to go on", 20)[1].startswith(" " * 6)
    assert not hanging("a sentence at the margin that goes on", 20)[1].startswith(" ")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
async def test_an_explanation_keeps_its_indents_and_its_addresses(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "@8xh100@aws:us-west-2,duration=3 d")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "p", "end", "x")
        text = str(app.screen.query_one(Static).content)
        lines = [line for line in text.splitlines() if "sources" in line]
        assert lines
        assert all(line.startswith(" " * 20) for line in lines)
        longest = "https://github.com/Green-Software-Foundation/real-time-cloud"
        assert longest in text or size[0] == 60
        # Nothing is broken once more by the window.
        room = app.screen.query_one(Static).size.width
        assert all(len(line) <= room for line in text.splitlines())


@pytest.mark.parametrize(
    ("spec", "accounting", "of", "total"),
    [
        (
            "@8xh100@aws:ap-south-1,duration=3 d",
            "lifecycle",
            "lifecycle factor = direct factor + upstream of fuels",
            "739",
        ),
        ("@8xh100@aws:ca-central-1,duration=3 d", "lifecycle", "lifecycle factor = direct factor + ", "22.82"),
        ("@8xh100@grid:br,duration=3 d", "direct", "direct factor = lifecycle factor - upstream of fuels", ""),
    ],
)
def test_how_a_factor_is_converted_is_said_where_its_region_and_the_figure_are_explained(
    catalogue: Catalogue, spec: str, accounting: str, of: str, total: str
) -> None:
    one = fill(parse_spec(spec), catalogue, accounting)
    for text in (
        part_text(one, "region", catalogue),
        as_text(explain(one, "gross")),
        as_markdown(explain(one, "gross")),
    ):
        text = text.replace("\\", "")
        assert of in text
        assert f"= {total}" in text
        assert "upstream of other generation, by the mix of" in text
    made = next(term.made for term in one.inputs["gross"].terms if term.made is not None)
    sign = 1 if accounting == "lifecycle" else -1
    assert made.fuel is not None
    assert made.rest is not None
    # What is shown adds up to the factor.
    assert made.factor + sign * (made.fuel + made.rest) == pytest.approx(one.inputs["gross"].value)


def test_two_pues_of_a_region_are_told_apart(catalogue: Catalogue) -> None:
    one = fill(parse_spec("@8xh100@aws:us-west-2,duration=3 d,period=2023"), catalogue, "lifecycle")
    text = part_text(one, "region", catalogue)
    assert "PUE: 1.13 in 2023 (periods without one: 1.12)" in text

"""The registry's filter across kinds, what Escape leaves in turn, and what a list says of a figure."""

from __future__ import annotations

import re

import pytest
from tui import app_of, on_screen, press, rest, said

from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.registry import RegistryScreen
from carbontui.tui.views.choices import Finder, choices
from carbontui.tui.widgets.kinds import Kinds
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import FilterLine
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.plugin import KINDS


def screen_of(app: CarbonApp) -> RegistryScreen:
    screen = app.screen
    assert isinstance(screen, RegistryScreen)
    return screen


async def filter_by(pilot: object, app: CarbonApp, text: str) -> None:
    await press(pilot, "slash")  # type: ignore[arg-type]
    app.screen.query_one(FilterLine).value = text
    await press(pilot, "escape")  # type: ignore[arg-type]


async def test_escape_closes_the_details_then_clears_the_filter_then_goes_back(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        await filter_by(pilot, app, "h100")
        await press(pilot, "enter")
        assert screen_of(app).query_one(Pane).display
        await press(pilot, "escape")
        assert not screen_of(app).query_one(Pane).display
        assert screen_of(app).query_text == "h100"
        await press(pilot, "escape")
        assert screen_of(app).query_text == ""
        assert len(screen_of(app).records.choices) > 100
        await press(pilot, "escape")
        assert app.tab == "compare"


async def test_a_condition_of_another_kind_is_passed_over_and_said(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5")
        await filter_by(pilot, app, "tdp>500")
        assert "left out as unknown" in said(app)
        for kind in KINDS[1:]:
            await press(pilot, "tab")
            assert screen_of(app).kind == kind
            # A measurement has a TDP of its own, which is less.
            assert bool(screen_of(app).records.choices) == (kind != "measurement")
            assert ("no field here: tdp>500" in said(app)) == (kind != "measurement")


def test_what_is_left_out_as_unknown_is_counted(catalogue: Catalogue) -> None:
    finder, offered = Finder("hardware", catalogue), choices("hardware", catalogue)
    more, less = finder.find(offered, "tdp>500"), finder.find(offered, "tdp<=500")
    left_out = len(offered) - len(more) - len(less)
    assert left_out > 0
    assert finder.said == f"{left_out} left out as unknown"


@pytest.mark.parametrize("sign", [":", ">"])
def test_a_field_that_no_record_has_is_named_whatever_the_sign(catalogue: Catalogue, sign: str) -> None:
    finder = Finder("hardware", catalogue)
    assert finder.find(choices("hardware", catalogue), f"colour{sign}3") == []
    assert finder.trouble.startswith(f"colour{sign}3: colour is not a field")
    # What works is offered.
    assert "power" in finder.trouble.partition("fields are ")[2]


def test_the_start_of_an_id_is_no_condition(catalogue: Catalogue) -> None:
    finder = Finder("region", catalogue)
    assert finder.find(choices("region", catalogue), "aws:us-e")
    assert not finder.trouble


@pytest.mark.parametrize("marked", [0, 3])
@pytest.mark.parametrize("width", [60, 80, 120])
async def test_every_kind_is_named_in_full(catalogue: Catalogue, width: int, marked: int) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(width, 24)) as pilot:
        await press(pilot, "5", *["space", "down"] * marked)
        line = on_screen(app).splitlines()[2]
        assert all(f" {text} " in line for _, text in Kinds.KINDS)
        assert ("● 3" in line) == bool(marked)
        for n, (kind, text) in enumerate(Kinds.KINDS):
            await pilot.click(Kinds, offset=(on_screen(app).splitlines()[2].index(f" {text} ") + 1, 0))
            await rest(pilot)
            assert screen_of(app).kind == kind, n


async def test_a_peak_that_is_not_of_16_bits_says_of_what(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        await filter_by(pilot, app, "mi308x")
        assert "fp32 81.72 TFLOP/s" in on_screen(app)
        await filter_by(pilot, app, "h100-sxm")
        assert "fp32" not in on_screen(app)


def test_hardware_of_one_line_is_together_whatever_its_name_begins_with(catalogue: Catalogue) -> None:
    found = [choice.name.replace("AMD ", "") for choice in choices("hardware", catalogue)]
    instinct = [n for n, name in enumerate(found) if name.startswith("Instinct MI")]
    assert instinct == list(range(instinct[0], instinct[0] + len(instinct)))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (120, 40)])
async def test_no_name_ends_in_a_stub(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "5", "tab", "shift+tab")
        records = screen_of(app).records
        for y, choice in enumerate(records.choices[: records.size.height]):
            text = "".join(segment.text for segment in records.render_line(y)).rstrip()
            figure = records._cell(choice, records.columns[-1]).text
            assert text.endswith((choice.id, choice.group, "…", figure))


async def test_a_picker_has_room_for_the_format_of_a_peak_beside_the_job(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "llama-3.1-8b@8xh100@aws:us-east-1,tokens=2B")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "down", "enter", "'mi3")
        assert "fp32 81.72 TF/s" in on_screen(app)
        assert "1,307 TFLOP/s" in on_screen(app)
        assert "job's gross" in on_screen(app)


@pytest.mark.parametrize(
    "keys",
    [("5", "slash"), ("5", "tab", "slash"), ("3", "slash"), ("2", "a")],
    ids=["hardware", "kind", "map", "picker"],
)
async def test_what_is_wrong_with_a_condition_is_said_to_its_end(catalogue: Catalogue, keys: tuple[str, ...]) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *keys, "'yaer>2020")
        shown = on_screen(app)
        words = " ".join(line.strip(" │") for line in shown.splitlines())
        assert "yaer is not a field" in words
        # The last of the fields that there are.
        assert re.search(r"fields are .* and (year|water|tokens)\b", words)


async def test_the_filter_of_a_sweep_says_that_it_takes_words_only(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "slash", "'since>2020")
        assert "words of regions and hardware only, no conditions" in on_screen(app)


async def test_conditions_with_blanks_and_the_word_and(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5")
        await filter_by(pilot, app, "power>500 W year>=2023")
        found = [one.id for one in screen_of(app).records.choices]
        await filter_by(pilot, app, "power > 500 W and year >= 2023")
        assert [one.id for one in screen_of(app).records.choices] == found != []


async def test_what_is_wrong_with_a_condition_is_said_once(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5")
        await filter_by(pilot, app, "power >")
        assert on_screen(app).count("power> is not a complete") == 1
        await filter_by(pilot, app, "nothing is called so")
        assert on_screen(app).count("none of 158") == 1
